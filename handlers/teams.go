package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// Team is a team that is listed, with no exchange half made, or a refusal of KindNotFound.
func (s *Server) Team(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := s.Store.Team(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && team.Removed {
		return nil, NotFound("team")
	}
	if err != nil {
		return nil, err
	}
	team = s.settled(ctx, team)
	return &team, nil
}

// ListedTeams are the teams that are not removed, in order of ids.
func (s *Server) ListedTeams(ctx context.Context) ([]roster.Team, error) {
	all, err := s.Store.Teams(ctx)
	var listed []roster.Team
	for _, t := range all {
		if !t.Removed {
			listed = append(listed, s.settled(ctx, t))
		}
	}
	return listed, err
}

// AddTeam writes a new team. A taken id is refused at the field, by which the caller
// chose it.
func (s *Server) AddTeam(ctx context.Context, team roster.Team, field string) (roster.Team, error) {
	team, err := s.PutTeam(ctx, team, "")
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

// FirstTeam makes a team where there is none. That another instance was faster is no error.
func (s *Server) FirstTeam(ctx context.Context, team roster.Team) error {
	teams, err := s.Store.Teams(ctx)
	if err != nil || len(teams) > 0 {
		return err
	}
	if _, err = s.PutTeam(ctx, team, ""); errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// PutTeam is to teams what PutPerson is to people. Whoever saw the team before offers came
// or went, which t has as they are, saw all that such a write changes.
func (s *Server) PutTeam(ctx context.Context, t roster.Team, basedOn roster.Revision) (roster.Team, error) {
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
	if t.Revision, err = s.ChangeID(ctx, "team "+string(t.ID)); err != nil {
		return t, err
	}
	return t, s.Store.PutTeam(ctx, t, basedOn)
}

// MergeTeam changes a team, again if somebody else was faster.
func (s *Server) MergeTeam(ctx context.Context, id roster.TeamID, change func(*roster.Team) (roster.Team, error)) (roster.Team, error) {
	return again(ctx, func() (roster.Team, error) {
		team, err := s.Team(ctx, id)
		if err != nil {
			return roster.Team{}, err
		}
		changed, err := change(team)
		if err != nil {
			return changed, err
		}
		return s.PutTeam(ctx, changed, team.Revision)
	})
}

// roomFor refuses another team or person where there are as many as there may be; 0 is no
// limit. what is what they are called. One that is there already, told by is, needs no room.
func roomFor[T any](most int, what string, is func(T) bool, list func() ([]T, error)) error {
	if most == 0 {
		return nil
	}
	all, err := list()
	if err != nil {
		return err
	}
	if len(all) >= most && !slices.ContainsFunc(all, is) {
		return roster.FieldErrors{{Field: "name", Message: fmt.Sprintf("there are %d %s already, with those that were removed; no more can be made", len(all), what)}}
	}
	return nil
}
