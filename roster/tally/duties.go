package tally

import "dailyroster/roster"

// PersonDuties is what a person does in all teams.
type PersonDuties struct {
	Shifts []PersonShift // to come, in order
	Counts []PersonCount // by team and role
}

// PersonShift is consecutive days of one role, which a person has as one.
type PersonShift struct {
	Team         *roster.Team
	Role         roster.Role
	From, To     roster.Date // both included
	roster.Shift             // from the first day's hand-off to the end of the last day's shift
}

// PersonCount is how often somebody had a role, and will.
type PersonCount struct {
	Team         *roster.Team
	Role         roster.RoleID
	Past, Coming Count
}

// ShiftsOf are a person's shifts in the days, which come in order; what they have on
// consecutive days in one role is one.
func ShiftsOf(team *roster.Team, id roster.PersonID, days []roster.Day) []PersonShift {
	var shifts []PersonShift
	for _, role := range team.Roles {
		open := false // the last of shifts goes on
		for _, d := range days {
			if d.Assignments[role.ID] != id {
				open = false
				continue
			}
			shift := team.ShiftOf(d.Date)
			if !open {
				shifts = append(shifts, PersonShift{Team: team, Role: role, From: d.Date, Shift: shift})
				open = true
			}
			last := &shifts[len(shifts)-1]
			last.To, last.End = d.Date, shift.End
		}
	}
	return shifts
}
