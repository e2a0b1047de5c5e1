package web

import (
	"context"
	"dailyroster/roster"
	"dailyroster/signin"
	"net/http"
	"slices"
	"strings"
)

// Owner is the caller as the Owner of a token; nil where nobody is known.
func (c *Caller) Owner() *roster.TokenOwner {
	if c.Person == nil {
		return nil
	}
	owner := ownerOf(*c.Person)
	return &owner
}

// Caller is who sends a request: a person, a token, or nobody known.
type Caller struct {
	anyone bool // there is no sign-in, so that whoever it is may do everything
	Person *signin.Identity
	Token  *roster.Token // if the request came with one; person is then its owner, if it has one
	Access *Access
}

// Known reports whether the caller may read.
func (c *Caller) Known() bool { return c.anyone || c.Person != nil || c.Token != nil }

// InPerson reports whether a person calls, and no program with a token.
func (c *Caller) InPerson() bool { return c.Token == nil && c.Known() }

func (c *Caller) IsAdmin() bool {
	return c.InPerson() && (c.anyone || c.Access.isAdmin(*c.Person))
}

// MayEdit reports whether the caller may edit the team's roster and settings.
func (c *Caller) MayEdit(team *roster.Team) bool {
	switch {
	case c.Token != nil && c.Token.Scope != roster.ScopeEdit:
		return false
	case c.Token != nil && c.Token.Team != "":
		return c.Token.Team == team.ID
	case c.anyone:
		return true
	case c.Person == nil:
		return false
	}
	return team.OpenEditing || c.IsMember(team)
}

// IsMember reports whether the caller may edit the team whoever else may: as an admin, by a
// group, or as one of its editors by name. A team that lets everybody edit its roster does
// not make everybody an editor of people; nor does a token of such a team, which anybody can
// have made.
func (c *Caller) IsMember(team *roster.Team) bool {
	switch {
	case c.Token != nil && (c.Token.Scope != roster.ScopeEdit || c.Token.Team != ""):
		return c.MayEdit(team) && !team.OpenEditing
	case c.anyone:
		return true
	case c.Person == nil:
		return false
	}
	return c.IsAdmin() || c.Access.isMember(*c.Person, team.ID) || slices.ContainsFunc(team.Editors, c.Person.Is)
}

func (c *Caller) isMemberOfSome(teams []roster.Team) bool {
	return c.IsAdmin() || slices.ContainsFunc(teams, func(t roster.Team) bool { return !t.Removed && c.IsMember(&t) })
}

// Is reports whether the caller Is this person of the roster, told by their email.
func (c *Caller) Is(p *roster.Person) bool {
	if c.Token != nil && c.Token.Scope != roster.ScopeEdit {
		return false
	}
	return c.Person != nil && c.Person.Email != "" && strings.EqualFold(c.Person.Email, p.Email)
}

// name is what the history calls the caller. door says through which door a caller came
// who has no name.
func (c *Caller) name(door string) string {
	var name string
	switch {
	case c.Person != nil:
		name = NameOf(*c.Person)
	case c.Token != nil:
		name = "team " + string(c.Token.Team)
	default:
		return door
	}
	if c.Token != nil {
		name += ", token " + c.Token.Name
	}
	return name
}

// id identifies the caller in the history, "" where nobody is known.
func (c *Caller) id() string {
	switch {
	case c.Token != nil:
		return roster.TokenActor(c.Token)
	case c.Person != nil:
		return roster.PersonActor(c.Person.Subject)
	default:
		return ""
	}
}

// LogName tells callers apart in the log: a person by what the sign-in calls them, a token
// by its id. Neither is a secret.
func (c *Caller) LogName() string {
	switch {
	case c.Token != nil:
		return "token " + string(c.Token.ID)
	case c.Person != nil:
		return c.Person.Subject
	default:
		return ""
	}
}

// NameOf is a person's name in one readable line; where there is none, what the sign-in
// calls them.
func NameOf(i signin.Identity) string {
	if name, err := roster.ParseName(i.Name); err == nil {
		return name
	}
	return i.Subject
}

// asking is what is found out about a request on its way. It hangs in the context, so that
// who answers an error knows it too.
type asking struct {
	Caller *Caller
	team   *roster.Team // of the path, if it was read already; for who asks for it next
}

type askingKey struct{}

// WithAsking gives a context that has room for what is found out.
func WithAsking(ctx context.Context) (context.Context, *asking) {
	a := &asking{Caller: &Caller{Access: &Access{}}}
	return context.WithValue(ctx, askingKey{}, a), a
}

func AskingOf(ctx context.Context) *asking {
	if a, ok := ctx.Value(askingKey{}).(*asking); ok {
		return a
	}
	_, a := WithAsking(ctx)
	return a
}

// CallerOf is who sent the request of the context.
func CallerOf(ctx context.Context) *Caller { return AskingOf(ctx).Caller }

// The doors through which callers come.
const (
	doorPage = "page"
	doorAPI  = "api"
)

// Actor is who makes a change, as the history says it. Without a sign-in it is the door
// through which the change came: "page" or "api".
func Actor(r *http.Request) roster.Actor {
	c, door := CallerOf(r.Context()), doorPage
	if strings.HasPrefix(r.URL.Path, APIPrefix) {
		door = doorAPI
	}
	return roster.Actor{Name: c.name(door), ID: c.id()}
}
