package handlers

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/views"
)

// right is what a caller must have for a route. Each line of the route table names one.
type right int

// The rights. Without a sign-in whoever comes has all of them.
const (
	_                  right = iota
	open                     // anybody, signed in or not
	read                     // everybody who is signed in, and every token
	readInPerson             // everybody who is signed in, but no token
	edit                     // editors of the team in the path
	editInPerson             // the same, but no token
	editPeople               // editors of some team
	editPerson               // editors of some team, and the person in the path themself
	editPersonInPerson       // the same, but no token
	administer               // admins, and never a token
)

// Access says who has which rights, as far as the settings and not the teams do.
type Access struct {
	Admins      []string // subjects or emails
	AdminGroups []string
	// GroupTeams are the teams that a group's people edit. Whatever stands here, a group
	// that is called like a team's id edits that team.
	GroupTeams map[string][]roster.TeamID
}

func (a Access) isAdmin(i signin.Identity) bool {
	return slices.ContainsFunc(a.Admins, i.Is) ||
		slices.ContainsFunc(i.Groups, func(g string) bool { return slices.Contains(a.AdminGroups, g) })
}

// isMember reports whether a group makes the person one of the team's.
func (a Access) isMember(i signin.Identity, team roster.TeamID) bool {
	return slices.ContainsFunc(i.Groups, func(g string) bool {
		return g == string(team) || slices.Contains(a.GroupTeams[g], team)
	})
}

// matters reports whether it makes a difference to be in the group.
func (a Access) matters(group string, teams []roster.Team) bool {
	return slices.Contains(a.AdminGroups, group) || len(a.GroupTeams[group]) > 0 ||
		slices.ContainsFunc(teams, func(t roster.Team) bool { return string(t.ID) == group })
}

// caller is who sends a request: a person, a token, or nobody known.
type caller struct {
	anyone bool // there is no sign-in, so that whoever it is may do everything
	person *signin.Identity
	token  *roster.Token // if the request came with one; person is then its owner, if it has one
	access *Access
}

// known reports whether the caller may read.
func (c *caller) known() bool { return c.anyone || c.person != nil || c.token != nil }

// inPerson reports whether a person calls, and no program with a token.
func (c *caller) inPerson() bool { return c.token == nil && c.known() }

func (c *caller) isAdmin() bool {
	return c.inPerson() && (c.anyone || c.access.isAdmin(*c.person))
}

func (c *caller) mayEdit(team *roster.Team) bool {
	switch {
	case c.token != nil && c.token.Scope != roster.ScopeEdit:
		return false
	case c.token != nil && c.token.Team != "":
		return c.token.Team == team.ID
	case c.anyone:
		return true
	case c.person == nil:
		return false
	}
	return team.OpenEditing || c.isAdmin() || c.access.isMember(*c.person, team.ID) ||
		slices.ContainsFunc(team.Editors, c.person.Is)
}

func (c *caller) mayEditSome(teams []roster.Team) bool {
	return c.isAdmin() || slices.ContainsFunc(teams, func(t roster.Team) bool { return !t.Removed && c.mayEdit(&t) })
}

// is reports whether the caller is this person of the roster, told by their email.
func (c *caller) is(p *roster.Person) bool {
	if c.token != nil && c.token.Scope != roster.ScopeEdit {
		return false
	}
	return c.person != nil && c.person.Email != "" && strings.EqualFold(c.person.Email, p.Email)
}

// name is what the history calls the caller. door says through which door a caller came
// who has no name.
func (c *caller) name(door string) string {
	var name string
	switch {
	case c.person != nil:
		name = nameOf(*c.person)
	case c.token != nil:
		name = "team " + string(c.token.Team)
	default:
		return door
	}
	if c.token != nil {
		name += ", token " + c.token.Name
	}
	return name
}

// logName tells callers apart in the log: a person by what the sign-in calls them, a token
// by its id. Neither is a secret.
func (c *caller) logName() string {
	switch {
	case c.token != nil:
		return "token " + string(c.token.ID)
	case c.person != nil:
		return c.person.Subject
	default:
		return ""
	}
}

// nameOf is a person's name in one readable line; where there is none, what the sign-in
// calls them.
func nameOf(i signin.Identity) string {
	if name, err := roster.ParseName(i.Name); err == nil {
		return name
	}
	return i.Subject
}

// asking is what is found out about a request on its way. It hangs in the context, so that
// who answers an error knows it too.
type asking struct {
	caller *caller
	team   *roster.Team // of the path, if it was read already; for who asks for it next
}

type askingKey struct{}

// withAsking gives a context that has room for what is found out.
func withAsking(ctx context.Context) (context.Context, *asking) {
	a := &asking{caller: &caller{access: &Access{}}}
	return context.WithValue(ctx, askingKey{}, a), a
}

func askingOf(ctx context.Context) *asking {
	if a, ok := ctx.Value(askingKey{}).(*asking); ok {
		return a
	}
	_, a := withAsking(ctx)
	return a
}

// callerOf is who sent the request of the context.
func callerOf(ctx context.Context) *caller { return askingOf(ctx).caller }

// The doors through which callers come.
const (
	doorPage = "page"
	doorAPI  = "api"
)

// actor is who makes a change, as the history says it. Without a sign-in it is the door
// through which the change came: "page" or "api".
func actor(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, apiPrefix) {
		return callerOf(r.Context()).name(doorAPI)
	}
	return callerOf(r.Context()).name(doorPage)
}

// guarded lets a caller without the right go no further.
func (s *Server) guarded(needs right, do action) action {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := s.identify(r)
		if err != nil && needs != open {
			return err
		}
		if err == nil {
			askingOf(r.Context()).caller = c
		}
		if err := s.limitEdit(r); err != nil {
			return err
		}
		if err := s.allow(r, needs); err != nil {
			return err
		}
		if err := checkKey(r); err != nil && needs != open {
			return err
		}
		return do(w, r)
	}
}

// bearer is the token that came with the request, if it looks like one of this site. Other
// ones, which a proxy may send along, are not for us.
func bearer(r *http.Request) (string, bool) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	text = strings.TrimSpace(text)
	return text, strings.EqualFold(scheme, "Bearer") && strings.HasPrefix(text, roster.TokenPrefix)
}

// identify finds out who sends the request. A token that is not good is an error.
func (s *Server) identify(r *http.Request) (*caller, error) {
	c := &caller{access: &s.Access, anyone: s.SignIn == nil}
	if text, ok := bearer(r); ok {
		token, err := s.limitedToken(r, text)
		if err != nil {
			return nil, err
		}
		c.token, c.anyone = token, false
		if o := token.Owner; o != nil {
			c.person = &signin.Identity{Subject: o.Subject, Name: o.Name, Email: o.Email, Groups: o.Groups}
		}
		return c, nil
	}
	if s.SignIn == nil {
		return c, nil
	}
	if i, ok := s.SignIn.Who(r); ok {
		c.person = &i
		s.seen(i)
	}
	return c, nil
}

// allow is nil if the request's caller has the right.
func (s *Server) allow(r *http.Request, needs right) error {
	c := callerOf(r.Context())
	switch {
	case needs == open || c.anyone:
		return nil
	case !c.known() && s.door() == nil:
		return notNamed()
	case !c.known():
		return notSignedIn()
	}
	switch needs {
	case read:
		return nil
	case readInPerson, editInPerson, editPersonInPerson, administer:
		if !c.inPerson() {
			return notByToken()
		}
	default:
	}
	switch needs {
	case edit, editInPerson:
		team, err := s.TeamOf(r)
		if err == nil && !c.mayEdit(team) {
			err = Forbidden("Only editors of " + team.Name + " may do this.")
		}
		askingOf(r.Context()).team = team
		return err
	case editPeople:
		return s.allowPeople(r.Context())
	case editPerson, editPersonInPerson:
		p, err := s.PersonOf(r)
		if err != nil || c.is(&p) {
			return err
		}
		return s.allowPeople(r.Context())
	case administer:
		if !c.isAdmin() {
			return Forbidden("Only an admin may do this.")
		}
	default:
	}
	return nil
}

// may is what the caller may do on a page, of a team if it is one's. What a person may
// not do is not offered.
func (s *Server) may(r *http.Request, team *roster.Team) views.May {
	c := callerOf(r.Context())
	return views.May{Edit: team != nil && c.mayEdit(team), Admin: c.isAdmin(), InPerson: c.inPerson()}
}

func (s *Server) allowPeople(ctx context.Context) error {
	may, err := s.mayEditPeople(ctx)
	if err == nil && !may {
		err = Forbidden("Only editors of a team may do this.")
	}
	return err
}

// mayEditPeople reports whether the caller may add and change people.
func (s *Server) mayEditPeople(ctx context.Context) (bool, error) {
	c := callerOf(ctx)
	if c.isAdmin() {
		return true, nil
	}
	if !c.known() {
		return false, nil
	}
	teams, err := s.Store.Teams(ctx)
	return c.mayEditSome(teams), err
}
