package planning

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dailyroster/roster"
)

// Assignment is who is to hold a seat.
type Assignment struct {
	roster.Seat
	Person roster.PersonID // "" is nobody
	// BasedOn is the revision of the day that the caller saw; nil if the caller does not
	// state one.
	BasedOn *roster.Revision
}

// AssignInput is what a plan of assignments is made from.
type AssignInput struct {
	Assignments []Assignment // each seat once
	// Days gives the days as they are, see ByDate.
	Days func(roster.Date) roster.Day
	// Careful takes no seat from anybody on a day for which no revision is stated.
	Careful bool
	Why     roster.Why
}

// StaleAssignment is an assignment based on a revision of the day that is not the current
// one, or on none.
type StaleAssignment struct {
	Assignment
	Now roster.Day // the day as it is
}

// AssignEdit is the part of the assignments that belongs to one month.
type AssignEdit struct {
	roster.Edit
	// Stale are the month's assignments that must not be made: their days have changed
	// since. An edit that has any is refused by the store as a conflict, unless it took
	// effect before, when the act was first asked for.
	Stale []StaleAssignment
}

// Assign turns assignments into the edits of an act, one for each month. A day whose seats
// are already as wanted is never stale, whatever else changed.
//
// Save the edits in the order given. Those with stale assignments come first, so nothing
// begins while something is in the way: save them all, and continue only if each turned
// out to be a repeat. An edit's id comes from the group and from what its month asks for.
// So an interrupted act continues when it is asked for again, and nothing is done twice.
func Assign(in AssignInput, act roster.Act) []AssignEdit {
	asked := slices.Clone(in.Assignments)
	slices.SortFunc(asked, func(a, b Assignment) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Role, b.Role))
	})
	says := map[roster.Month]*strings.Builder{}
	stale := map[roster.Date][]StaleAssignment{}
	edits := roster.EditsOf(in.Days)
	for _, a := range asked {
		if says[a.Date.InMonth()] == nil {
			says[a.Date.InMonth()] = &strings.Builder{}
		}
		a.say(says[a.Date.InMonth()])
		now := in.Days(a.Date)
		edits.Day(a.Date).Assign(a.Role, a.Person)
		switch holder := now.Assignments[a.Role]; {
		case holder == a.Person:
		case a.BasedOn == nil && in.Careful && holder != "", a.BasedOn != nil && *a.BasedOn != now.Revision:
			stale[a.Date] = append(stale[a.Date], StaleAssignment{a, now})
		}
	}
	id := func(m roster.Month, _ []roster.DayEdit) roster.ChangeID {
		return roster.DeriveChangeID(string(act.Group), says[m].String())
	}
	var plan []AssignEdit
	for _, e := range act.Edits(in.Why, edits.List(), id) {
		part := AssignEdit{Edit: e}
		for i := range e.Days {
			if old := stale[e.Days[i].Day.Date]; len(old) > 0 {
				part.Stale = append(part.Stale, old...)
				e.Days[i].BasedOn = e.Change // which no day can be at before the edit
			}
		}
		plan = append(plan, part)
	}
	slices.SortStableFunc(plan, func(a, b AssignEdit) int { return cmp.Compare(min(len(b.Stale), 1), min(len(a.Stale), 1)) })
	return plan
}

// say writes everything that the assignment asks for.
func (a Assignment) say(b *strings.Builder) {
	basedOn := "*"
	if a.BasedOn != nil {
		basedOn = string(*a.BasedOn)
	}
	fmt.Fprintf(b, "%s %s %s %s\n", a.Date, a.Role, a.Person, basedOn)
}
