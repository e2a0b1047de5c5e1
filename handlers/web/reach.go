package web

import (
	"context"
	"strings"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/words/said"
)

// Contacts says who may read how to reach a person: their email, phone and chat handle.
type Contacts string

// Who may read it.
const (
	ContactsEveryone Contacts = "everyone" // every reader
	// ContactsTeams is readers who are in a team of the person, the person and admins. Who edits
	// a team in their own right is in it, and so is whoever takes turns in it or is in its roster.
	ContactsTeams Contacts = "teams"
)

// Reach says of whom a caller may read how to reach them. The zero Reach is nobody.
type Reach struct {
	all    bool
	email  string // of the caller
	people map[roster.PersonID]bool
}

// ReachAll is everybody.
func ReachAll() Reach { return Reach{all: true} }

// Sees reports whether the caller may read how to reach the person.
func (r Reach) Sees(p *roster.Person) bool {
	return r.all || r.people[p.ID] || r.email != "" && strings.EqualFold(r.email, p.Email)
}

// Shown is the person as the caller may see them.
func (r Reach) Shown(p roster.Person) roster.Person {
	if !r.Sees(&p) {
		p.Email, p.Phone, p.Chat = "", "", ""
	}
	return p
}

// Searchable is whose emails the caller may search, for roster.Search; nil is everybody's.
func (r Reach) Searchable() func(*roster.Person) bool {
	if r.all {
		return nil
	}
	return r.Sees
}

// Reach finds out whom the caller may know how to reach. With ContactsEveryone it reads
// nothing, and later answers to the same request need no further read.
func (s *Gate) Reach(ctx context.Context) (Reach, error) {
	asking := AskingOf(ctx)
	c := asking.Caller
	if s.Contacts != ContactsTeams || c.IsAdmin() {
		return ReachAll(), nil
	}
	if asking.reach != nil {
		return *asking.reach, nil
	}
	r := Reach{}
	if c.Person != nil {
		r.email = c.Person.Email
	}
	var err error
	if c.Known() {
		r.people, err = s.Desk.Colleagues(ctx, r.email, c.readsFor)
	}
	if err == nil {
		asking.reach = &r
	}
	return r, err
}

// ReadsEditors reports whether the caller may read who edits the team, which says emails.
func (s *Gate) ReadsEditors(ctx context.Context, team *roster.Team) bool {
	c := CallerOf(ctx)
	return s.Contacts != ContactsTeams || c.IsAdmin() || c.readsFor(team)
}

// readsFor reports whether the caller is in the team as one who edits it, or whose token does
// or reads for it. It takes more than that everybody may edit it.
func (c *Caller) readsFor(team *roster.Team) bool {
	switch {
	case c.Token != nil && c.Token.Team != "":
		return c.Token.Team == team.ID && !team.OpenEditing
	case c.Token != nil && c.Token.Scope != credential.ScopeEdit && c.Token.Scope != credential.ScopeRead:
		return false
	case c.Person == nil:
		return false
	}
	return c.Access.edits(*c.Person, team)
}

// KeepContact leaves the contact of the person as it was if the caller may not read it, and
// refuses one that they sent in its place: it could replace what they do not know, and an
// email could make them the person.
func (s *Gate) KeepContact(ctx context.Context, was, is *roster.Person) error {
	reach, err := s.Reach(ctx)
	if err != nil || reach.Sees(was) {
		return err
	}
	var errs roster.FieldErrors
	for _, f := range []struct {
		name     string
		was, now *string
	}{{"email", &was.Email, &is.Email}, {"phone", &was.Phone, &is.Phone}, {"chat", &was.Chat, &is.Chat}} {
		if *f.now != "" && *f.now != *f.was {
			errs.Add(f.name, said.New("only people in a team of %s may change this", was.Name))
		}
		*f.now = *f.was
	}
	return errs.Err()
}
