package web

import (
	"context"
	"net/http"
	"strings"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
	"dailyroster/store"
)

// Guarded runs the action only for callers with the right.
func (s *Gate) Guarded(needs Right, do Action) Action {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := s.Identify(r)
		if needs == ReadByAddress && err == nil {
			c, err = s.identifyByAddress(r, c)
		}
		if err != nil && needs != Open {
			return err
		}
		if err == nil {
			AskingOf(r.Context()).Caller = c
		}
		if err := s.limitEdit(r); err != nil {
			return err
		}
		if err := s.allow(r, needs); err != nil {
			return err
		}
		if err := checkKey(r); err != nil && needs != Open {
			return err
		}
		return do(w, r.WithContext(withSentKey(r)))
	}
}

// bearer is the token that came with the request, if it looks like one of this site. It
// ignores others, which a proxy may add.
func bearer(r *http.Request) (string, bool) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	text = strings.TrimSpace(text)
	return text, strings.EqualFold(scheme, "Bearer") && strings.HasPrefix(text, credential.TokenPrefix)
}

// WallToken is the part of a query that has a token to read, where a route takes one: a screen
// on the wall can send no header.
const WallToken = "token"

// identifyByAddress is who has the token in the query, or the caller if there is none. It takes
// no token that can do more than read: addresses are seen by too many.
func (s *Gate) identifyByAddress(r *http.Request, c *Caller) (*Caller, error) {
	text := r.URL.Query().Get(WallToken)
	if text == "" || c.Token != nil {
		return c, nil
	}
	token, err := s.limitedToken(r, text)
	if err != nil {
		return nil, err
	}
	if token.Scope != credential.ScopeRead {
		return nil, desk.Forbidden("Only a token that can read, and nothing else, may stand in an address.")
	}
	return s.withToken(token), nil
}

// withToken is the caller who has the token.
func (s *Gate) withToken(token *credential.Token) *Caller {
	c := &Caller{Access: &s.Access, Token: token}
	if o := token.Owner; o != nil {
		c.Person = &signin.Identity{Subject: o.Subject, Name: o.Name, Email: o.Email, Groups: o.Groups}
	}
	return c
}

// Identify finds out who sends the request. A token that is not valid is an error.
func (s *Gate) Identify(r *http.Request) (*Caller, error) {
	c := &Caller{Access: &s.Access, anyone: s.SignIn == nil}
	if text, ok := bearer(r); ok {
		token, err := s.limitedToken(r, text)
		if err != nil {
			return nil, err
		}
		return s.withToken(token), nil
	}
	if s.SignIn == nil {
		return c, nil
	}
	if i, ok := s.SignIn.Who(r); ok && !s.sessionOver(r.Context(), i) {
		c.Person = &i
		s.Seen(i)
	}
	return c, nil
}

// allow refuses a request whose caller does not have the right.
func (s *Gate) allow(r *http.Request, needs Right) error {
	c := CallerOf(r.Context())
	switch {
	case needs == Open || c.anyone:
		return nil
	case !c.Known() && s.Door() == nil:
		return notNamed()
	case !c.Known():
		return notSignedIn()
	}
	switch needs {
	case Read, ReadByAddress:
		return nil
	case ReadInPerson, EditInPerson, PersonFeeds, Administer:
		if !c.InPerson() {
			return NotByToken()
		}
	default:
	}
	switch needs {
	case Edit, EditInPerson:
		team, err := s.TeamOf(r)
		if err == nil && !c.MayEdit(team) {
			err = desk.Forbidden("Only editors of %s may do this.", team.Name)
		}
		AskingOf(r.Context()).team = team
		return err
	case AnswerExchange:
		return s.allowAnswer(r)
	case EditPeople:
		return s.allowPeople(r.Context())
	case EditPerson:
		p, err := s.PersonOf(r)
		if err != nil || c.Is(&p) {
			return err
		}
		return s.allowPeople(r.Context())
	case PersonFeeds:
		p, err := s.PersonOf(r)
		if err != nil {
			return err
		}
		may, err := s.MayHandOutFeeds(r.Context(), p)
		if err == nil && !may {
			err = desk.Forbidden("Only %s and editors of their teams may do this.", p.Name)
		}
		return err
	case Administer:
		if !c.IsAdmin() {
			return desk.Forbidden("Only an admin may do this.")
		}
	default:
	}
	return nil
}

func (s *Gate) allowPeople(ctx context.Context) error {
	may, err := s.MayEditPeople(ctx)
	if err == nil && !may {
		err = desk.Forbidden("Only editors of a team may do this.")
	}
	return err
}

// MayEditPeople reports whether the caller may add and change people.
func (s *Gate) MayEditPeople(ctx context.Context) (bool, error) {
	c := CallerOf(ctx)
	if c.IsAdmin() {
		return true, nil
	}
	if !c.Known() {
		return false, nil
	}
	sight, err := s.Store.Look(ctx, store.Look{Teams: true})
	return c.isMemberOfSome(sight.Teams.Listed()), err
}

// MayHandOutFeeds reports whether the caller may see, make and revoke the feeds of a
// person: that person, admins, and editors of a team that the person is in.
func (s *Gate) MayHandOutFeeds(ctx context.Context, p roster.Person) (bool, error) {
	c := CallerOf(ctx)
	switch {
	case !c.InPerson():
		return false, nil
	case c.IsAdmin() || c.Is(&p):
		return true, nil
	}
	return s.Desk.IsIn(ctx, p.ID, c.IsMember)
}

// Door is where people sign in; nil if they do not sign in at this site.
func (s *Gate) Door() signin.Door {
	door, _ := s.SignIn.(signin.Door)
	return door
}
