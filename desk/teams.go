package desk

import (
	"context"
	"errors"

	"dailyroster/roster"
	"dailyroster/store"
)

// Team returns a team that is listed, with no exchange half made, or a refusal of
// KindNotFound.
func (k *Desk) Team(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := k.anyTeam(ctx, id)
	if err == nil && team.Removed {
		return nil, NotFound("team")
	}
	return team, err
}

// TeamToRemove is Team, but also returns a team that this same request removed when it was
// sent before, as the revision shows.
func (k *Desk) TeamToRemove(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := k.anyTeam(ctx, id)
	if err != nil || !team.Removed {
		return team, err
	}
	made, err := k.ChangeID(ctx, "team "+string(id))
	if err == nil && team.Base() != made {
		err = NotFound("team")
	}
	return team, err
}

// anyTeam is Team for removed teams too.
func (k *Desk) anyTeam(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := k.Store.Team(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, NotFound("team")
	}
	if err != nil {
		return nil, err
	}
	if !team.Removed {
		team = k.settled(ctx, team)
	}
	return &team, nil
}

// ListedTeams returns the teams that are not removed, ordered by id.
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

// AddTeam writes a new team. It refuses a taken id at the field from which the id comes.
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
		Field: field, Message: "the id " + string(team.ID) + " already belongs to " + owner + "; choose another",
	}}
}

// FirstTeam makes a team if there is none, so that a visitor can type a name at once. It is
// no error if another instance was faster.
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

// PutTeam is PutPerson for teams. t has the offers as they are now. A caller who saw the team
// before offers came or went has seen everything that this write changes.
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

// MergeTeam changes a team, and tries again if somebody else was faster.
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
