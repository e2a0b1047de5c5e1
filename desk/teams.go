package desk

import (
	"context"
	"dailyroster/roster"
	"dailyroster/store"
	"errors"
)

// Team is a team that is listed, with no exchange half made, or a refusal of KindNotFound.
func (k *Desk) Team(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := k.Store.Team(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && team.Removed {
		return nil, NotFound("team")
	}
	if err != nil {
		return nil, err
	}
	team = k.settled(ctx, team)
	return &team, nil
}

// ListedTeams are the teams that are not removed, in order of ids.
func (k *Desk) ListedTeams(ctx context.Context) ([]roster.Team, error) {
	all, err := k.Store.Teams(ctx)
	var listed []roster.Team
	for _, t := range all {
		if !t.Removed {
			listed = append(listed, k.settled(ctx, t))
		}
	}
	return listed, err
}

// AddTeam writes a new team. A taken id is refused at the field, by which the caller
// chose it.
func (k *Desk) AddTeam(ctx context.Context, team roster.Team, field string) (roster.Team, error) {
	team, err := k.ReplaceTeam(ctx, team, "")
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

// FirstTeam makes a team where there is none, so that a visitor can type a name at once.
// That another instance was faster is no error.
func (k *Desk) FirstTeam(ctx context.Context) error {
	teams, err := k.Store.Teams(ctx)
	if err != nil || len(teams) > 0 {
		return err
	}
	_, err = k.PutTeam(ctx, roster.Team{
		ID: "daily-roster", Name: "Daily Roster", Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: k.Zone, HandOff: roster.DefaultHandOff}},
	}, "")
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// PutTeam is to teams what PutPerson is to people. Whoever saw the team before offers came
// or went, which t has as they are, saw all that such a write changes.
func (k *Desk) PutTeam(ctx context.Context, t roster.Team, basedOn roster.Revision) (roster.Team, error) {
	err := t.Validate()
	if err == nil && basedOn == "" {
		err = roomFor(k.Limits.Teams, "teams", func(u roster.Team) bool { return u.ID == t.ID }, func() ([]roster.Team, error) { return k.Store.Teams(ctx) })
	}
	if err != nil {
		return t, err
	}
	if basedOn == t.Base() {
		basedOn = t.Revision
	}
	t.Settled = ""
	if t.Revision, err = k.ChangeID(ctx, "team "+string(t.ID)); err != nil {
		return t, err
	}
	return t, k.Store.PutTeam(ctx, t, basedOn)
}

// MergeTeam changes a team, again if somebody else was faster.
func (k *Desk) MergeTeam(ctx context.Context, id roster.TeamID, change func(*roster.Team) (roster.Team, error)) (roster.Team, error) {
	return again(ctx, func() (roster.Team, error) {
		team, err := k.Team(ctx, id)
		if err != nil {
			return roster.Team{}, err
		}
		changed, err := change(team)
		if err != nil {
			return changed, err
		}
		return k.ReplaceTeam(ctx, changed, team.Revision)
	})
}
