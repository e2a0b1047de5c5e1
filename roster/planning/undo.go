package planning

import (
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// UndoInput is what an undo is made from.
type UndoInput struct {
	// Changes are what is undone: those of one edit, or of a whole group.
	Changes []roster.Change
	// History is, newest first, of the days of Changes, and reaches down to them.
	History []roster.Change
	// Days gives the days as they are, see ByDate.
	Days func(roster.Date) roster.Day
	// Partly undoes what nothing prevents, instead of all or nothing.
	Partly bool
}

// UndoPlan is what an undo does.
type UndoPlan struct {
	// Blocked are the changes that cannot be undone. If there are any, nothing is undone,
	// unless Partly is set.
	Blocked []BlockedUndo
	days    []roster.DayEdit
}

// BlockedUndo is a change that cannot be undone.
type BlockedUndo struct {
	Change roster.Change // the one to be undone
	Later  roster.Change // the newest change of that role or note, which stands in the way
}

// Error says what stands in the way; pages have the fields to say it with names.
func (b *BlockedUndo) Error() string { return b.Text().Error() }

// Text is Error as a text for people.
func (b *BlockedUndo) Text() error {
	var what any = string(b.Change.Role)
	if what == "" {
		what = said.New("the note")
	}
	return said.New("%s of %s was changed later, by %s at %s", what, b.Change.Date, b.Later.Actor, b.Later.Time.Format("2006-01-02 15:04 MST"))
}

// Err is the first thing in the way of an undo that was refused, as a *BlockedUndo.
func (p UndoPlan) Err() error {
	if len(p.Blocked) == 0 || p.Changes() {
		return nil
	}
	return &p.Blocked[0]
}

// Changes reports whether applying the plan changes anything.
func (p UndoPlan) Changes() bool { return len(p.days) > 0 }

// Dates are the days that the plan changes, in order.
func (p UndoPlan) Dates() []roster.Date {
	dates := make([]roster.Date, len(p.days))
	for i, d := range p.days {
		dates[i] = d.Day.Date
	}
	slices.SortFunc(dates, roster.Date.Compare)
	return dates
}

// Edits are the plan as edits, a month each, in order; saving them all applies it. Undo
// with the same group again plans only the rest.
func (p UndoPlan) Edits(act roster.Act) []roster.Edit {
	return act.Edits(roster.WhyUndo, p.days, nil)
}

// Undo takes changes back by making new ones: every role and note that they changed is
// again what it was before the first of them. A later change of the same role or note of
// a day prevents that, unless it was undone itself; changes of the day's other roles do
// not. What is already as it was needs nothing.
func Undo(in UndoInput) UndoPlan {
	mine := map[roster.ChangeID]bool{}
	for _, c := range in.Changes {
		mine[c.ID] = true
	}
	of := map[roster.Seat][]roster.Change{} // the role "" is the note
	var seats []roster.Seat
	for _, c := range in.History {
		seat := c.Seat()
		if of[seat] == nil {
			seats = append(seats, seat)
		}
		of[seat] = append(of[seat], c)
	}
	var plan UndoPlan
	edits := roster.EditsOf(in.Days)
	for _, seat := range seats {
		changes := of[seat]
		last := slices.IndexFunc(changes, func(c roster.Change) bool { return mine[c.ID] })
		if last < 0 {
			continue
		}
		first := last
		for i, c := range changes {
			if mine[c.ID] {
				first = i
			}
		}
		now := in.Days(seat.Date)
		asBefore := now.Clone()
		asBefore.TakeBack(changes[first])
		if asBefore.Same(now) {
			continue
		}
		if later, blocked := inTheWay(changes, last, first, now, mine); blocked {
			plan.Blocked = append(plan.Blocked, BlockedUndo{changes[last], later})
			continue
		}
		edits.Day(seat.Date).TakeBack(changes[first])
	}
	if in.Partly || len(plan.Blocked) == 0 {
		plan.days = edits.List()
	}
	return plan
}

// inTheWay finds a change of a seat that prevents an undo of changes[last] down to
// changes[first]. changes are the seat's, newest first.
func inTheWay(changes []roster.Change, last, first int, now roster.Day, mine map[roster.ChangeID]bool) (roster.Change, bool) {
	if newest := changes[0]; last > 0 {
		asLeft := now.Clone()
		asLeft.Redo(changes[last])
		if newest.Why != roster.WhyUndo || !asLeft.Same(now) {
			return newest, true
		}
	}
	for _, c := range changes[last:first] {
		if !mine[c.ID] {
			return c, true
		}
	}
	return roster.Change{}, false
}
