package desk

import (
	"context"
	"errors"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/words/said"
)

// Team returns a team that is listed, with no exchange half made, or a refusal of
// KindNotFound.
func (k *Desk) Team(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	team, err := k.anyTeam(ctx, id)
	if err == nil && team.Removed {
		return nil, NotFound("There is no such team.")
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
		err = NotFound("There is no such team.")
	}
	return team, err
}

// anyTeam is Team for removed teams too.
func (k *Desk) anyTeam(ctx context.Context, id roster.TeamID) (*roster.Team, error) {
	return k.anyTeamAhead(ctx, id)
}

// anyTeamAhead is anyTeam, and reads everybody's names and the days too if there is room for
// what is read ahead, see WithAhead.
func (k *Desk) anyTeamAhead(ctx context.Context, id roster.TeamID, days ...store.Range) (*roster.Team, error) {
	a := aheadOf(ctx)
	look := store.Look{Team: id}
	if a != nil && len(days) > 0 {
		look.People, look.Days = true, days
	}
	sight, err := k.Store.Look(ctx, look)
	if look.People && errors.Is(err, store.ErrUnavailable) { // the team alone may still be known
		look = store.Look{Team: id}
		sight, err = k.Store.Look(ctx, look)
	}
	if err != nil {
		return nil, err
	}
	if sight.Team == nil {
		return nil, NotFound("There is no such team.")
	}
	team := *sight.Team
	if !team.Removed && team.UnderWay() {
		team = k.settled(ctx, team)
		return &team, nil
	}
	if look.People {
		a.put(k.Now(), days, sight)
	}
	return &team, nil
}

// TeamAhead is Team, and reads at the same time everybody's names and the days, which the
// request will probably ask for.
func (k *Desk) TeamAhead(ctx context.Context, id roster.TeamID, days []store.Range) (*roster.Team, error) {
	team, err := k.anyTeamAhead(ctx, id, days...)
	if err == nil && team.Removed {
		return nil, NotFound("There is no such team.")
	}
	return team, err
}

// ListedTeams returns the teams that are not removed, ordered by id.
func (k *Desk) ListedTeams(ctx context.Context) ([]roster.Team, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true})
	return k.listed(ctx, sight.Teams), err
}

// listed are the teams that are not removed, with no exchange half made. The list is not to be
// changed.
func (k *Desk) listed(ctx context.Context, teams roster.Teams) []roster.Team {
	listed := teams.Listed()
	own := false
	for i := range listed {
		if !listed[i].UnderWay() {
			continue
		}
		if !own {
			listed, own = slices.Clone(listed), true
		}
		listed[i] = k.settled(ctx, listed[i])
	}
	return listed
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
		Field: field, Err: said.New("the id %s already belongs to %s; choose another", team.ID, owner),
	}}
}

// FirstTeam makes a team if there is none, so that a visitor can type a name at once. It is
// no error if another instance was faster.
func (k *Desk) FirstTeam(ctx context.Context) error {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true})
	if err != nil || len(sight.Teams.All()) > 0 {
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
		err = roomFor(k.Limits.Teams, "teams", func(u roster.Team) bool { return u.ID == t.ID }, func() ([]roster.Team, error) {
			sight, err := k.Store.Look(ctx, store.Look{Teams: true})
			return sight.Teams.All(), err
		})
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
	wrote(ctx)
	return t, k.Store.PutTeam(ctx, t, basedOn)
}

// MergeTeam changes a team, and tries again if somebody else was faster.
func (k *Desk) MergeTeam(ctx context.Context, id roster.TeamID, change func(*roster.Team) (roster.Team, error)) (roster.Team, error) {
	return store.Again(ctx, func() (roster.Team, error) {
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
