package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

// Caller is who sends a request: a person, a token, or nobody known.
type Caller struct {
	anyone bool // there is no sign-in, so anyone may do everything
	Person *signin.Identity
	Token  *credential.Token // if the request came with one; Person is then its owner, if it has one
	Access *Access
}

// Known reports whether the caller may read.
func (c *Caller) Known() bool { return c.anyone || c.Person != nil || c.Token != nil }

// InPerson reports whether the caller is a person, and not a program with a token.
func (c *Caller) InPerson() bool { return c.Token == nil && c.Known() }

// IsAdmin reports whether the caller is an admin in person.
func (c *Caller) IsAdmin() bool {
	return c.InPerson() && (c.anyone || c.Access.isAdmin(*c.Person))
}

// MayEdit reports whether the caller may edit the team's roster and settings.
func (c *Caller) MayEdit(team *roster.Team) bool {
	switch {
	case c.Token != nil && c.Token.Scope != credential.ScopeEdit:
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

// IsMember reports whether the caller may edit the team in their own right: as an admin, by a
// group, or as one of its listed editors. A team that lets everybody edit its roster does not
// make everybody an editor of people. Neither does a token of such a team, because anybody may
// have made it.
func (c *Caller) IsMember(team *roster.Team) bool {
	switch {
	case c.Token != nil && (c.Token.Scope != credential.ScopeEdit || c.Token.Team != ""):
		return c.MayEdit(team) && !team.OpenEditing
	case c.anyone:
		return true
	case c.Person == nil:
		return false
	}
	return c.IsAdmin() || c.Access.edits(*c.Person, team)
}

func (c *Caller) isMemberOfSome(teams []roster.Team) bool {
	return c.IsAdmin() || slices.ContainsFunc(teams, func(t roster.Team) bool { return !t.Removed && c.IsMember(&t) })
}

// Is reports whether the caller is this person of the roster: their emails are the same.
func (c *Caller) Is(p *roster.Person) bool {
	if c.Token != nil && c.Token.Scope != credential.ScopeEdit {
		return false
	}
	return c.Person != nil && c.Person.Email != "" && strings.EqualFold(c.Person.Email, p.Email)
}

// name is what the history calls the caller: door, where the caller has no name.
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

// Owner is the caller as the owner of a token; nil if nobody is known.
func (c *Caller) Owner() *credential.TokenOwner {
	if c.Person == nil {
		return nil
	}
	owner := ownerOf(*c.Person)
	return &owner
}

// id identifies the caller in the history; "" if nobody is known.
func (c *Caller) id() string {
	switch {
	case c.Token != nil:
		return credential.TokenActor(c.Token)
	case c.Person != nil:
		return roster.PersonActor(c.Person.Subject)
	default:
		return ""
	}
}

// LogName tells callers apart in the log: a person by the subject that the sign-in gives, a
// token by its id. Neither is a secret.
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

// NameOf is a person's name in one readable line or, without one, their subject.
func NameOf(i signin.Identity) string {
	if name, err := roster.ParseName(i.Name); err == nil {
		return name
	}
	return i.Subject
}

// Asking is what becomes known about a request while it is served. It is in the context, so
// that the code that answers an error knows it too.
type Asking struct {
	Caller *Caller
	team   *roster.Team // of the path, if already read; for the next who asks for it
	reach  *Reach       // of the caller, if already read
}

type askingKey struct{}

// WithAsking returns a context with room for what becomes known about a request.
func WithAsking(ctx context.Context) (context.Context, *Asking) {
	var nobody struct {
		asking Asking
		caller Caller
		access Access
	}
	nobody.caller.Access, nobody.asking.Caller = &nobody.access, &nobody.caller
	return context.WithValue(ctx, askingKey{}, &nobody.asking), &nobody.asking
}

// AskingOf returns what is known about the request of the context. For a context without
// room, it is a new one that nothing remembers.
func AskingOf(ctx context.Context) *Asking {
	if a, ok := ctx.Value(askingKey{}).(*Asking); ok {
		return a
	}
	_, a := WithAsking(ctx)
	return a
}

// CallerOf returns who sent the request of the context.
func CallerOf(ctx context.Context) *Caller { return AskingOf(ctx).Caller }

// The doors through which callers come.
const (
	doorPage = "page"
	doorAPI  = "api"
)

// Actor is who makes a change, as the history names them. Without a sign-in it is the door
// that the change came through: "page" or "api".
func Actor(r *http.Request) roster.Actor {
	c, door := CallerOf(r.Context()), doorPage
	if strings.HasPrefix(r.URL.Path, APIPrefix) {
		door = doorAPI
	}
	return roster.Actor{Name: c.name(door), ID: c.id()}
}
