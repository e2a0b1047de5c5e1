package handlers

import (
	"context"
	"slices"

	"dailyroster/roster"
)

const (
	// comingDays is how far ahead a person's page looks for their shifts; countedDays how
	// far back it counts them.
	comingDays  = 183
	countedDays = 365
)

// dutiesOf is what a person does in all teams: the shifts to come, and how many there
// were and will be.
func (s *Server) dutiesOf(ctx context.Context, id roster.PersonID) (roster.PersonDuties, error) {
	var all roster.PersonDuties
	teams, err := s.listedTeams(ctx)
	if err != nil {
		return all, err
	}
	now := s.Now()
	for i := range teams {
		team := &teams[i]
		today := team.Today(now)
		from, to := today.AddDays(-countedDays), today.AddDays(comingDays-1)
		days, err := s.Store.Days(ctx, team.ID, from, to)
		if err != nil {
			return all, err
		}
		coming := earlier(team.DayAt(now), today)
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
