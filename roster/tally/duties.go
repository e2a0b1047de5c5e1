package tally

import "dailyroster/roster"

// PersonDuties is what a person does in all teams.
type PersonDuties struct {
	Shifts []PersonShift // to come, in order
	Counts []PersonCount // by team and role
}

// PersonShift is consecutive days of one role, which a person has as one. Of a role with hours
// it is hours that follow each other without a break.
type PersonShift struct {
	Team         *roster.Team
	Role         roster.Role
	From, To     roster.Date // both included
	roster.Shift             // from the first day's hand-off, or hours, to the end of the last day's
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
		if len(team.HoursOf(role.ID)) > 0 {
			shifts = append(shifts, hoursOf(team, role, id, days)...)
			continue
		}
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

// hoursOf is ShiftsOf for one role that has hours.
func hoursOf(team *roster.Team, role roster.Role, id roster.PersonID, days []roster.Day) []PersonShift {
	var shifts []PersonShift
	for _, d := range days {
		if d.Assignments[role.ID] != id {
			continue
		}
		for _, on := range team.OnDuty(role.ID, d.Date) {
			if last := len(shifts) - 1; last >= 0 && shifts[last].End.Equal(on.Start) {
				shifts[last].To, shifts[last].End = d.Date, on.End
				continue
			}
			shifts = append(shifts, PersonShift{Team: team, Role: role, From: d.Date, To: d.Date, Shift: on})
		}
	}
	return shifts
}
