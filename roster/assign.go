package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Assignment is who shall hold a seat.
type Assignment struct {
	Seat
	Person PersonID // "" is nobody
	// BasedOn is the revision of the day that whoever asks for it saw; nil where they say
	// nothing of it.
	BasedOn *Revision
}

// AssignInput is what a plan of assignments is made from.
type AssignInput struct {
	Assignments []Assignment // each seat once
	// Days gives the days as they are, see ByDate.
	Days func(Date) Day
	// Careful does not take a seat from anybody on a day of which no revision is stated.
	Careful bool
	Why     Why
}

// StaleAssignment is an assignment that was asked for in view of another day than there
// is, or in view of none.
type StaleAssignment struct {
	Assignment
	Now Day // the day as it is
}

// AssignEdit is the part of the assignments that is of one month.
type AssignEdit struct {
	Edit
	// Stale are the month's assignments that must not be made: their days have changed
	// since. An edit that has any is refused by the store as a conflict, unless it took
	// effect before, when the act was first asked for.
	Stale []StaleAssignment
}

// Assign makes assignments the edits of an act, one for each month. A day whose seats are
// as they shall be is never stale, whatever else changed.
//
// Save the edits in the order given. Those with stale assignments come first, so that
// nothing is begun when something is in the way: save them all, and go on only if each
// turned out to be a repeat. An edit's id comes from the group and from what is asked for
// in its month, so that an act that was cut off goes on when it is asked for again, and
// what is done is not done twice.
func Assign(in AssignInput, act Act) []AssignEdit {
	asked := slices.Clone(in.Assignments)
	slices.SortFunc(asked, func(a, b Assignment) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Role, b.Role))
	})
	says := map[Month]*strings.Builder{}
	stale := map[Date][]StaleAssignment{}
	edits := editsOf(in.Days)
	for _, a := range asked {
		if says[a.Date.InMonth()] == nil {
			says[a.Date.InMonth()] = &strings.Builder{}
		}
		a.say(says[a.Date.InMonth()])
		now := in.Days(a.Date)
		edits.day(a.Date).assign(a.Role, a.Person)
		switch holder := now.Assignments[a.Role]; {
		case holder == a.Person:
		case a.BasedOn == nil && in.Careful && holder != "", a.BasedOn != nil && *a.BasedOn != now.Revision:
			stale[a.Date] = append(stale[a.Date], StaleAssignment{a, now})
		}
	}
	id := func(m Month, _ []DayEdit) ChangeID { return DeriveChangeID(string(act.Group), says[m].String()) }
	var plan []AssignEdit
	for _, e := range act.edits(in.Why, edits.list(), id) {
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

// say writes all that the assignment asks for.
func (a Assignment) say(b *strings.Builder) {
	basedOn := "*"
	if a.BasedOn != nil {
		basedOn = string(*a.BasedOn)
	}
	fmt.Fprintf(b, "%s %s %s %s\n", a.Date, a.Role, a.Person, basedOn)
}
