package handlers

import (
	"context"
	"errors"

	"dailyroster/roster"
	"dailyroster/store"
)

// addPersonNamed writes a new person under the first free id that the name gives. A
// removed person of that name comes back. With share, a person of that name who is
// there already is the answer, so that two requests that add one at once end with one.
func (s *Server) addPersonNamed(ctx context.Context, p roster.Person, share bool) (roster.Person, error) {
	slug := roster.Slug(p.Name)
	for n := 1; ; n++ {
		p.ID = roster.PersonID(roster.NumberedSlug(slug, n))
		made, err := s.updatePerson(ctx, p, "")
		conflict, taken := errors.AsType[*store.ConflictError[roster.Person]](err)
		if !taken {
			return made, err
		}
		current := conflict.Current
		if roster.FoldName(current.Name) != roster.FoldName(p.Name) {
			continue
		}
		if current.Removed {
			return s.updatePerson(ctx, p, current.Revision)
		}
		if share {
			return current, nil
		}
	}
}

// updatePerson writes a person in the place of the revision that the caller saw, ""
// for a new one, and gives it with its new revision.
func (s *Server) updatePerson(ctx context.Context, p roster.Person, basedOn roster.Revision) (roster.Person, error) {
	err := p.Validate()
	if err == nil && basedOn == "" {
		err = roomFor(s.Limits.People, "people", func(q roster.Person) bool { return q.ID == p.ID }, func() ([]roster.Person, error) { return s.Store.People(ctx) })
	}
	if err != nil {
		return p, err
	}
	if p.Revision, err = s.changeID(ctx, "person "+string(p.ID)); err != nil {
		return p, err
	}
	return p, s.Store.PutPerson(ctx, p, basedOn)
}

// addTeam writes a new team. A taken id is refused at the field, by which the caller
// chose it.
func (s *Server) addTeam(ctx context.Context, team roster.Team, field string) (roster.Team, error) {
	team, err := s.updateTeam(ctx, team, "")
	conflict, taken := errors.AsType[*store.ConflictError[roster.Team]](err)
	if !taken {
		return team, err
	}
	owner := "a team"
	if conflict.Current.Removed {
		owner = "a removed team"
	}
	return team, roster.FieldErrors{{
		Field: field, Message: "the id " + string(team.ID) + " belongs to " + owner + " already; choose another",
	}}
}

// updateTeam is to teams what updatePerson is to people. Whoever saw the team before
// offers came or went, which t has as they are, saw all that such a write changes.
func (s *Server) updateTeam(ctx context.Context, t roster.Team, basedOn roster.Revision) (roster.Team, error) {
	err := t.Validate()
	if err == nil && basedOn == "" {
		err = roomFor(s.Limits.Teams, "teams", func(u roster.Team) bool { return u.ID == t.ID }, func() ([]roster.Team, error) { return s.Store.Teams(ctx) })
	}
	if err != nil {
		return t, err
	}
	if basedOn == t.Base() {
		basedOn = t.Revision
	}
	t.Settled = ""
	if t.Revision, err = s.changeID(ctx, "team "+string(t.ID)); err != nil {
		return t, err
	}
	return t, s.Store.PutTeam(ctx, t, basedOn)
}
