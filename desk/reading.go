package desk

import (
	"context"
	"slices"
	"time"

	"dailyroster/roster"
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

// OnCall asks the resolver who is on call for the team at an instant.
func (k *Desk) OnCall(ctx context.Context, team *roster.Team, at time.Time) ([]roster.Duty, error) {
	from, to := team.Span(at)
	days, err := k.Store.Days(ctx, team.ID, from, to)
	if err != nil {
		return nil, err
	}
	return team.OnCall(at, roster.ByDate(days)), nil
}

// Coverage says how each team's roles are covered in the coming weeks, from the day that is
// on call now.
func (k *Desk) Coverage(ctx context.Context, weeks int) ([]roster.TeamCoverage, error) {
	teams, err := k.ListedTeams(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]roster.TeamCoverage, len(teams))
	for i := range teams {
		t := roster.TeamCoverage{Team: &teams[i], From: teams[i].DayAt(k.Now())}
		t.To = t.From.AddDays(7*weeks - 1)
		days, err := k.Store.Days(ctx, teams[i].ID, t.From, t.To)
		if err != nil {
			return nil, err
		}
		t.Roles = roster.CoverageOf(&teams[i], days)
		all[i] = t
	}
	return all, nil
}

// DutiesOf returns a person's coming shifts in all teams, and how many they had and will
// have.
func (k *Desk) DutiesOf(ctx context.Context, id roster.PersonID) (roster.PersonDuties, error) {
	var all roster.PersonDuties
	teams, err := k.ListedTeams(ctx)
	if err != nil {
		return all, err
	}
	now := k.Now()
	for i := range teams {
		team := &teams[i]
		today := team.Today(now)
		from, to := today.AddDays(-countedDays), today.AddDays(comingDays-1)
		days, err := k.Store.Days(ctx, team.ID, from, to)
		if err != nil {
			return all, err
		}
		coming := roster.Earlier(team.DayAt(now), today)
		all.Shifts = append(all.Shifts, roster.ShiftsOf(team, id, days[from.DaysUntil(coming):])...)
		fairness := roster.FairnessOf(team, days, []roster.Period{{From: from, To: today.AddDays(-1)}, {From: today, To: to}})
		for _, row := range fairness.Rows {
			if row.Person == id {
				all.Counts = append(all.Counts, roster.PersonCount{Team: team, Role: row.Role, Past: row.Counts[0], Coming: row.Counts[1]})
			}
		}
	}
	slices.SortStableFunc(all.Shifts, func(a, b roster.PersonShift) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// FairnessQuery is what to count.
type FairnessQuery struct {
	By       roster.Grain
	From, To roster.Date   // at most MaxFairnessDays
	Role     roster.RoleID // "": all
}

// Fairness counts what is asked for. It reads all months at once.
func (k *Desk) Fairness(ctx context.Context, team *roster.Team, asked FairnessQuery) (roster.Fairness, error) {
	days, err := k.Store.Days(ctx, team.ID, asked.From, asked.To)
	if err != nil {
		return roster.Fairness{}, err
	}
	return roster.FairnessOf(team, days, asked.By.Periods(asked.From, asked.To)), nil
}

// InRole has a row for each person who served or takes turns in the role that was asked for,
// or in any role.
func (asked FairnessQuery) InRole(team *roster.Team, counted roster.Fairness) roster.Fairness {
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
	var days []roster.Day
	for _, d := range dates {
		part, err := k.Store.Days(ctx, team, d, d)
		if err != nil {
			return nil, err
		}
		days = append(days, part...)
	}
	return roster.ByDate(days), nil
}

// SingleMachine says what a store on one machine means for its users.
const SingleMachine = "This roster is kept on one machine. While that machine is down, there is no roster. If its disk is lost, everything since the last backup is lost."
