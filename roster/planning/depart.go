package planning

import (
	"slices"

	"dailyroster/roster"
)

// Departure is everything that removes a person from a team's roster.
type Departure struct {
	Seats []roster.Seat // that become gaps, in order of days and then of the team's roles
	days  []roster.DayEdit
}

// Depart removes a person from all of the days; their roles become gaps. Roles that the
// team no longer has stay as they are. For rotations, see Team.WithoutPerson.
func Depart(team *roster.Team, person roster.PersonID, days []roster.Day) Departure {
	var d Departure
	edits := roster.EditsOf(roster.ByDate(days))
	for _, day := range days {
		for _, role := range team.Roles {
			if day.Assignments[role.ID] == person {
				d.Seats = append(d.Seats, roster.Seat{Date: day.Date, Role: role.ID})
				edits.Day(day.Date).Assign(role.ID, "")
			}
		}
	}
	d.days = edits.List()
	return d
}

// Edits are the departure as edits, a month each, in order. If saving them stops half way,
// Depart with the same group plans only the rest.
func (d Departure) Edits(act roster.Act) []roster.Edit {
	return act.Edits(roster.WhyLeave, slices.Clone(d.days), nil)
}
