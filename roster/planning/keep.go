package planning

import (
	"cmp"
	"fmt"
	"time"

	"dailyroster/roster"
)

// Keep is the fill by which a roster keeps itself filled. It gives the rotations' answer
// for missing seats: those that never had a holder, or whose holder left (see Depart). It
// changes nothing else. So a seat that somebody emptied by hand, or by undoing a fill,
// stays empty until somebody fills it.
//
// history is, newest first, of the days in the range that have a revision.
func Keep(in FillInput, history []roster.Change) FillPlan {
	last := map[roster.Seat]roster.Why{}
	for _, c := range history {
		seat := c.Seat()
		last[seat] = cmp.Or(last[seat], c.Why)
	}
	in.Overwrite, in.SetBy = false, SetBy(history)
	in.Only = func(s roster.Seat) bool {
		why := last[s]
		return in.Days(s.Date).Assignments[s.Role] == "" && (why == "" || why == roster.WhyLeave)
	}
	return Fill(in)
}

// KeepAct is the act of a plan of Keep. The same plan on the same day gives the same act,
// so several copies of the program that keep one roster make each edit once.
func (p FillPlan) KeepAct(t *roster.Team, today roster.Date, actor roster.Actor, now time.Time) (roster.Act, error) {
	key := string(t.Base())
	for _, d := range p.days {
		key += fmt.Sprintf("\n%s %s %v", d.Day.Date, d.BasedOn, d.Day.Assignments)
	}
	// A day earlier than any clock can show while it is today here.
	group, err := roster.DeriveChangeIDAt(roster.UTC().Instant(today.AddDays(-1), 0), "keep "+string(t.ID), key)
	weeks := "weeks"
	if t.KeepFilled == 1 {
		weeks = "week"
	}
	return roster.Act{Group: group, Actor: actor, Time: now, Reason: fmt.Sprintf("kept filled %d %s ahead", t.KeepFilled, weeks)}, err
}
