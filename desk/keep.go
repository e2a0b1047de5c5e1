package desk

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
)

const (
	// keepEvery is how often an instance looks for gaps in rosters that keep themselves
	// filled.
	keepEvery = time.Minute
	// keepTime is how long one look at all teams may take.
	keepTime = 30 * time.Second
)

// Keep keeps the rosters of teams that ask for it filled, until the context ends. Any number
// of instances may do so at once; see planning.FillPlan.KeepAct.
func (k *Desk) Keep(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	keeper := k.NewKeeper()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		round, cancel := context.WithTimeout(ctx, keepTime)
		err := keeper.Round(round)
		cancel()
		if err != nil && !failing && ctx.Err() == nil {
			k.Log.Warn("keeping rosters filled waits for the store", "error", err)
		}
		failing = err != nil
	}
}

// Keeper fills gaps, round by round. It is for one goroutine.
type Keeper struct {
	desk *Desk
	done map[roster.TeamID]keptState
}

// keptState is a digest of everything that a plan depends on. While it is the same as when
// nothing was left to do, nothing is left to do.
type keptState struct {
	team   roster.Revision
	today  roster.Date
	people uint64
	months map[roster.Month]int64
}

func (k keptState) equal(l keptState) bool {
	return k.team == l.team && k.today == l.today && k.people == l.people && maps.Equal(k.months, l.months)
}

// NewKeeper makes a Keeper that has not looked yet.
func (k *Desk) NewKeeper() *Keeper { return &Keeper{k, map[roster.TeamID]keptState{}} }

// Round looks once at every team: at all teams and people, and then at the versions of all
// months that may need something. A team that fails, for
// instance because the store does not answer, is tried again in the next round; the others
// continue.
func (k *Keeper) Round(ctx context.Context) error {
	ctx, age := store.WithAge(ctx)
	teams, err := k.desk.ListedTeams(ctx)
	if err != nil {
		return err
	}
	look := store.Look{People: true}
	var wanted []*roster.Team
	for i := range teams {
		team := &teams[i]
		from, to, wants := team.KeepRange(team.Today(k.desk.Now()))
		if !wants {
			delete(k.done, team.ID)
			continue
		}
		wanted = append(wanted, team)
		look.Versions = append(look.Versions, store.TeamMonths{Team: team.ID, Months: roster.MonthsOf(from, to)})
	}
	if len(wanted) == 0 {
		return nil
	}
	sight, err := k.desk.Store.Look(ctx, look)
	if err != nil {
		return err
	}
	if !age.Oldest().IsZero() {
		return errRemembered
	}
	sum := sumOf(sight.People.People())
	var errs error
	for i, team := range wanted {
		if err := k.team(ctx, age, team, sight.People, sum, sight.Versions[i]); err != nil {
			errs = errors.Join(errs, fmt.Errorf("team %s: %w", team.ID, err))
		}
	}
	return errs
}

// errRemembered says that the store does not answer, so that there is only remembered data.
// No change is based on that.
var errRemembered = errors.New("the store gives only what it gave before")

// sumOf is equal for people at equal revisions.
func sumOf(people []roster.Person) uint64 {
	h := fnv.New64a()
	for i := range people {
		_, _ = fmt.Fprintln(h, people[i].ID, people[i].Revision) // a hash never fails to take
	}
	return h.Sum64()
}

// team fills the gaps of one team, month by month. A month that somebody edits in the
// meantime is planned again in the next round.
func (k *Keeper) team(ctx context.Context, age *store.Age, team *roster.Team, names roster.Names, sum uint64, versions map[roster.Month]int64) error {
	s := k.desk
	today := team.Today(s.Now())
	from, to, _ := team.KeepRange(today)
	state := keptState{team.Revision, today, sum, versions}
	if k.done[team.ID].equal(state) {
		return nil
	}
	days, err := s.days(ctx, team.ID, from, to)
	if err != nil {
		return err
	}
	history, err := s.HistoryOf(ctx, team.ID, days)
	if err != nil {
		return err
	}
	if !age.Oldest().IsZero() {
		return errRemembered
	}
	plan := planning.Keep(planning.FillInput{Team: team, People: names, From: from, To: to, Days: roster.ByDate(days), Ended: ended(ctx)}, history)
	if err := store.Alive(ctx); err != nil {
		return err
	}
	if !plan.Changes() {
		k.done[team.ID] = state
		return nil
	}
	act, err := plan.KeepAct(team, today, roster.Actor{Name: "roster", ID: roster.ProgramActor}, s.Now())
	if err != nil {
		return err
	}
	if err := s.saveAll(ctx, team, plan.Edits(act)); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	s.Log.Info("kept the roster filled", "team", team.ID, "from", from, "to", to, "filled", plan.Count(planning.FillFilled))
	return nil
}
