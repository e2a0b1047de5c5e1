package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/roster/tally"
	"dailyroster/store"
)

const (
	// comingDays is how far ahead to look for a person's shifts; countedDays is how far back
	// to count them.
	comingDays  = 183
	countedDays = 365
	// MaxFairnessDays is the longest range to count at once.
	MaxFairnessDays = 5 * 366
	// clusterTime is how long to wait for dead or frozen nodes.
	clusterTime = 700 * time.Millisecond
)

// Answer is who is on call for a team at an instant.
// Its times are those of the team's zone.
type Answer struct {
	Duties []oncall.Duty // of the team's roles, in their order
	// Call is who gets called. It is nil where no role has hours: then it is who holds the
	// first role.
	Call *oncall.Call
}

func answer(team *roster.Team, at time.Time, dayOn func(roster.Date) roster.Day) Answer {
	a := Answer{Duties: oncall.Duties(team, at, dayOn)}
	if len(team.Hours) == 0 {
		return a
	}
	call := oncall.Called(team, at, dayOn)
	a.Call = &call
	here := func(t *time.Time) { *t = t.In(team.SettingsOn(roster.DateOf(t.UTC())).Zone.Location()) }
	here(&call.Until)
	for i := range a.Duties {
		here(&a.Duties[i].Until)
		here(&a.Duties[i].NextFrom)
	}
	return a
}

// Called is who gets called; "" is nobody.
func (a Answer) Called() roster.PersonID {
	if a.Call != nil {
		return a.Call.Person
	}
	return a.Duties[0].Person
}

// OnCall asks the resolver who is on call for the teams at an instant, and gives everybody's
// names. It reads the days of all of them at once.
func (k *Desk) OnCall(ctx context.Context, teams []roster.Team, at time.Time) ([]Answer, roster.Names, error) {
	spans := make([]store.Range, len(teams))
	for i := range teams {
		spans[i].Team = teams[i].ID
		spans[i].From, spans[i].To = oncall.Span(&teams[i], at)
	}
	sight, err := k.look(ctx, spans...)
	if err != nil {
		return nil, sight.People, err
	}
	answers := make([]Answer, len(teams))
	for i := range teams {
		answers[i] = answer(&teams[i], at, roster.ByDate(sight.Days[i]))
	}
	return answers, sight.People, nil
}

// Coverage says how each team's roles are covered in the coming weeks, from the day that is
// on call now.
func (k *Desk) Coverage(ctx context.Context, weeks int) ([]tally.TeamCoverage, error) {
	teams, err := k.ListedTeams(ctx)
	if err != nil {
		return nil, err
	}
	all, ranges := make([]tally.TeamCoverage, len(teams)), make([]store.Range, len(teams))
	for i := range teams {
		from := teams[i].DayAt(k.Now())
		all[i] = tally.TeamCoverage{Team: &teams[i], From: from, To: from.AddDays(7*weeks - 1)}
		ranges[i] = store.Range{Team: teams[i].ID, From: from.AddDays(-lead(&teams[i])), To: all[i].To}
	}
	days, err := k.daysOf(ctx, ranges...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		before := lead(&teams[i])
		all[i].Roles = tally.CoverageOf(&teams[i], days[i][before:])
		if before > 0 {
			byTime := tally.TimeCoverageOf(&teams[i], days[i][:before], days[i][before:])
			all[i].Time = &byTime
		}
	}
	return all, nil
}

// lead is how many days before a day to read, as hours of theirs can last into it.
func lead(team *roster.Team) int {
	if len(team.Hours) == 0 {
		return 0
	}
	return roster.HoursReach
}

// TeamsOf returns the listed teams in whose rosters a person has ever been, and perhaps others,
// ordered by id.
func (k *Desk) TeamsOf(ctx context.Context, id roster.PersonID) ([]roster.Team, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, Of: id})
	if err != nil {
		return nil, err
	}
	listed := k.listed(ctx, sight.Teams)
	var teams []roster.Team
	for _, of := range sight.Of {
		if i, found := slices.BinarySearchFunc(listed, of, func(t roster.Team, id roster.TeamID) int { return cmp.Compare(t.ID, id) }); found {
			teams = append(teams, listed[i])
		}
	}
	return teams, nil
}

// DutiesOf returns a person's coming shifts in all teams, and how many they had and will
// have.
func (k *Desk) DutiesOf(ctx context.Context, id roster.PersonID) (tally.PersonDuties, error) {
	var all tally.PersonDuties
	teams, err := k.TeamsOf(ctx, id)
	if err != nil {
		return all, err
	}
	now := k.Now()
	ranges := make([]store.Range, len(teams))
	for i := range teams {
		today := teams[i].Today(now)
		ranges[i] = store.Range{Team: teams[i].ID, From: today.AddDays(-countedDays), To: today.AddDays(comingDays - 1)}
	}
	daysOf, err := k.daysOf(ctx, ranges...)
	if err != nil {
		return all, err
	}
	for i, days := range daysOf {
		team, from, to, today := &teams[i], ranges[i].From, ranges[i].To, teams[i].Today(now)
		coming := roster.Earlier(team.DayAt(now), team.Present(now))
		shifts := tally.ShiftsOf(team, id, days[from.DaysUntil(coming):])
		if len(team.Hours) > 0 { // hours of the first days may be over
			shifts = slices.DeleteFunc(shifts, func(s tally.PersonShift) bool { return !s.End.After(now) })
		}
		all.Shifts = append(all.Shifts, shifts...)
		fairness := tally.FairnessOf(team, days, []tally.Period{{From: from, To: today.AddDays(-1)}, {From: today, To: to}})
		for _, row := range fairness.Rows {
			if row.Person == id {
				all.Counts = append(all.Counts, tally.PersonCount{Team: team, Role: row.Role, Past: row.Counts[0], Coming: row.Counts[1]})
			}
		}
	}
	slices.SortStableFunc(all.Shifts, func(a, b tally.PersonShift) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// FairnessQuery is what to count.
type FairnessQuery struct {
	By       tally.Grain
	From, To roster.Date   // at most MaxFairnessDays
	Role     roster.RoleID // "": all
}

// Fairness counts what is asked for. It reads all months at once.
func (k *Desk) Fairness(ctx context.Context, team *roster.Team, asked FairnessQuery) (tally.Fairness, error) {
	sight, err := k.Store.Look(ctx, store.Look{People: team.CountsHours(), Days: []store.Range{{Team: team.ID, From: asked.From, To: asked.To}}})
	if err != nil {
		return tally.Fairness{}, err
	}
	periods := asked.By.Periods(asked.From, asked.To)
	if team.CountsHours() {
		return tally.FairnessByHour(team, sight.Days[0], periods, tally.HomesOf(sight.People)), nil
	}
	return tally.FairnessOf(team, sight.Days[0], periods), nil
}

// Pay adds up what the team's rates pay for the days from–to, at most MaxFairnessDays, a month
// at a time. Without rates it counts the hours alone. It reads all months at once.
func (k *Desk) Pay(ctx context.Context, team *roster.Team, from, to roster.Date) (tally.Pay, roster.Names, error) {
	sight, err := k.Store.Look(ctx, store.Look{People: true, Days: []store.Range{{Team: team.ID, From: from, To: to}}})
	if err != nil {
		return tally.Pay{}, sight.People, err
	}
	return tally.PayOf(team, sight.Days[0], tally.MonthPeriods(from, to), tally.HomesOf(sight.People)), sight.People, nil
}

// InRole has a row for each person who served or takes turns in the role that was asked for,
// or in any role.
func (asked FairnessQuery) InRole(team *roster.Team, counted tally.Fairness) tally.Fairness {
	return counted.InRole(asked.Role, team.TakingTurns(asked.Role, asked.From, asked.To))
}

// ClusterStatus is the state of the machines behind the store; known is false for a store on
// one machine.
func (k *Desk) ClusterStatus(ctx context.Context) (status store.ClusterStatus, known bool) {
	if k.Cluster == nil {
		return status, false
	}
	ctx, cancel := context.WithTimeout(ctx, clusterTime)
	defer cancel()
	return k.Cluster.Cluster(ctx), true
}

// daysOn reads single days.
func (k *Desk) daysOn(ctx context.Context, team roster.TeamID, dates []roster.Date) (func(roster.Date) roster.Day, error) {
	ranges := make([]store.Range, len(dates))
	for i, d := range dates {
		ranges[i] = store.Range{Team: team, From: d, To: d}
	}
	days, err := k.daysOf(ctx, ranges...)
	return roster.ByDate(slices.Concat(days...)), err
}

// SingleMachine says what a store on one machine means for its users.
const SingleMachine = "This roster is kept on one machine. While that machine is down, there is no roster. If its disk is lost, everything since the last backup is lost."
