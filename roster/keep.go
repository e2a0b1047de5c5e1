package roster

import (
	"cmp"
	"fmt"
	"time"
)

// MaxKeepFilled is the most weeks that a roster keeps itself filled ahead.
const MaxKeepFilled = 52

// KeepRange is the days that the team wants filled; ok is false if it wants none.
func (t *Team) KeepRange(today Date) (from, to Date, ok bool) {
	return today, today.AddDays(7*t.KeepFilled - 1), t.KeepFilled > 0 && len(t.Rotations) > 0
}

// Keep is the fill by which a roster keeps itself filled. It gives the rotations' answer
// for missing seats: those that never had a holder, or whose holder left (see Depart). It
// changes nothing else. So a seat that somebody emptied by hand, or by undoing a fill,
// stays empty until somebody fills it.
//
// history is, newest first, of the days in the range that have a revision.
func Keep(in FillInput, history []Change) FillPlan {
	last := map[Seat]Why{}
	for _, c := range history {
		seat := Seat{c.Date, c.Role}
		last[seat] = cmp.Or(last[seat], c.Why)
	}
	in.Overwrite, in.SetBy = false, SetBy(history)
	in.Only = func(s Seat) bool {
		why := last[s]
		return in.Days(s.Date).Assignments[s.Role] == "" && (why == "" || why == WhyLeave)
	}
	return Fill(in)
}

// KeepAct is the act of a plan of Keep. The same plan on the same day gives the same act,
// so several copies of the program that keep one roster make each edit once.
func (t *Team) KeepAct(plan FillPlan, today Date, actor Actor, now time.Time) (Act, error) {
	key := string(t.Base())
	for _, d := range plan.days {
		key += fmt.Sprintf("\n%s %s %v", d.Day.Date, d.BasedOn, d.Day.Assignments)
	}
	// A day earlier than any clock can show while it is today here.
	group, err := DeriveChangeIDAt(today.AddDays(-1).utc(), "keep "+string(t.ID), key)
	weeks := "weeks"
	if t.KeepFilled == 1 {
		weeks = "week"
	}
	return Act{Group: group, Actor: actor, Time: now, Reason: fmt.Sprintf("kept filled %d %s ahead", t.KeepFilled, weeks)}, err
}
