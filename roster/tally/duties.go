package tally

import (
	"iter"
	"slices"

	"dailyroster/roster"
)

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

// Run is a shift of somebody, or of nobody: then it is a gap.
type Run struct {
	Person roster.PersonID
	PersonShift
}

// ShiftsOf are a person's shifts in the days, which come in order; what they have on
// consecutive days in one role is one.
func ShiftsOf(team *roster.Team, id roster.PersonID, days []roster.Day) []PersonShift {
	var shifts []PersonShift
	for run := range runs(team, days, func(p roster.PersonID) bool { return p == id }) {
		shifts = append(shifts, run.PersonShift)
	}
	return shifts
}

// RunsOf are the shifts of everybody in the days, which come in order, and the gaps between
// them: role by role, each in order.
func RunsOf(team *roster.Team, days []roster.Day) []Run {
	return slices.Collect(runs(team, days, func(roster.PersonID) bool { return true }))
}

// runs are the runs of those who are wanted.
func runs(team *roster.Team, days []roster.Day, wanted func(roster.PersonID) bool) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for _, role := range team.Roles {
			of := runsByDay
			if len(team.HoursOf(role.ID)) > 0 {
				of = runsByHour
			}
			for run := range of(team, role, days, wanted) {
				if !yield(run) {
					return
				}
			}
		}
	}
}

// runsByDay are the runs of a role that is on duty from hand-off to hand-off.
func runsByDay(team *roster.Team, role roster.Role, days []roster.Day, wanted func(roster.PersonID) bool) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for first := 0; first < len(days); {
			person, next := days[first].Assignments[role.ID], first+1
			for next < len(days) && days[next].Assignments[role.ID] == person {
				next++
			}
			if wanted(person) {
				from, to := days[first].Date, days[next-1].Date
				shift := roster.Shift{Start: team.ShiftOf(from).Start, End: team.ShiftOf(to).End}
				if !yield(Run{person, PersonShift{team, role, from, to, shift}}) {
					return
				}
			}
			first = next
		}
	}
}

// runsByHour are the runs of a role that has hours.
func runsByHour(team *roster.Team, role roster.Role, days []roster.Day, wanted func(roster.PersonID) bool) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		var open *Run
		for _, d := range days {
			person := d.Assignments[role.ID]
			if !wanted(person) {
				continue
			}
			for _, on := range team.OnDuty(role.ID, d.Date) {
				if open != nil && open.Person == person && open.End.Equal(on.Start) {
					open.To, open.End = d.Date, on.End
					continue
				}
				if open != nil && !yield(*open) {
					return
				}
				open = &Run{person, PersonShift{team, role, d.Date, d.Date, on}}
			}
		}
		if open != nil {
			yield(*open)
		}
	}
}
