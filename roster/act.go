package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Seat is a role on a day.
type Seat struct {
	Date Date   `json:"date"`
	Role RoleID `json:"role"`
}

// Act is what edits that are made together have in common.
type Act struct {
	// Group is chosen before the first attempt, by the caller who begins the act, and used
	// again to continue it. The ids of the act's edits are derived from it.
	Group ChangeID
	Actor Actor
	Time  time.Time
	// Reason is what the actor says about it, "" for nothing; see Edit.
	Reason string
}

// Edits groups days by their months, in order: each month is one edit, which happens as a
// whole or not at all. If a process dies between two months, asking for the act again
// makes the rest: a month that is done needs no further edit, or gets the same id, which
// the store recognises. Without id, the id of an edit comes from what it says.
func (a Act) Edits(why Why, days []DayEdit, id func(Month, []DayEdit) ChangeID) []Edit {
	if id == nil {
		id = a.byContent
	}
	slices.SortFunc(days, func(a, b DayEdit) int { return a.Day.Date.Compare(b.Day.Date) })
	var edits []Edit
	for len(days) > 0 {
		month := days[0].Day.Date.InMonth()
		n := 1
		for n < len(days) && days[n].Day.Date.InMonth() == month {
			n++
		}
		edits = append(edits, Edit{
			Change: id(month, days[:n]), Group: a.Group, Actor: a.Actor, Why: why, Reason: a.Reason, Time: a.Time, Days: days[:n:n],
		})
		days = days[n:]
	}
	return edits
}

// byContent derives an edit's id from the group and everything that the edit says. So the
// same edit has the same id, and another edit of the month in the same group has another.
func (a Act) byContent(_ Month, days []DayEdit) ChangeID {
	var b strings.Builder
	for _, d := range days {
		// fmt writes a map in order of its keys.
		fmt.Fprintf(&b, "%s %s %v %q\n", d.Day.Date, d.BasedOn, d.Day.Assignments, d.Day.Note)
	}
	return DeriveChangeID(string(a.Group), b.String())
}

// byMonth derives an edit's id from the group and the month alone: for acts that say
// the same each time they are asked for.
func (a Act) byMonth(m Month, _ []DayEdit) ChangeID {
	return DeriveChangeID(string(a.Group), m.String())
}

// DayEdits collects changes of days, each based on the day as it is.
type DayEdits struct {
	now     func(Date) Day
	order   []Date
	changed map[Date]*DayEdit
}

// EditsOf collects changes of the days, which now gives as they are.
func EditsOf(now func(Date) Day) *DayEdits {
	return &DayEdits{now: now, changed: map[Date]*DayEdit{}}
}

// Day is the day as it is to be, for the caller to change.
func (e *DayEdits) Day(d Date) *Day {
	if edit := e.changed[d]; edit != nil {
		return &edit.Day
	}
	now := e.now(d)
	edit := &DayEdit{BasedOn: now.Revision, Day: now.Clone()}
	e.changed[d] = edit
	e.order = append(e.order, d)
	return &edit.Day
}

// exchanged notes which other seat a seat is exchanged for.
func (e *DayEdits) exchanged(seat, with Seat) {
	e.Day(seat.Date)
	edit := e.changed[seat.Date]
	if edit.With == nil {
		edit.With = map[RoleID]Seat{}
	}
	edit.With[seat.Role] = with
}

// List are the days that were asked for, in the order in which they were.
func (e *DayEdits) List() []DayEdit {
	days := make([]DayEdit, len(e.order))
	for i, d := range e.order {
		days[i] = *e.changed[d]
	}
	return days
}
