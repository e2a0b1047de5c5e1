package desk

import (
	"context"
	"errors"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
	"dailyroster/words/said"
)

// MaxDays is the most days that one request can cover.
const MaxDays = 366

// ErrTooFar refuses a request about days that are further apart.
var ErrTooFar = said.New("one request can cover at most %d days", MaxDays)

// Within reports whether two dates fit into one request.
func Within(a, b roster.Date) bool {
	n := a.DaysUntil(b)
	return -MaxDays < n && n < MaxDays
}

// DaysFrom returns n days in a row.
func DaysFrom(first roster.Date, n int) []roster.Date {
	days := make([]roster.Date, n)
	for i := range days {
		days[i] = first.AddDays(i)
	}
	return days
}

// SeatWish is whom somebody wants in a role on a day.
type SeatWish struct {
	Date roster.Date
	Wish
	BasedOn *roster.Revision // of the day, as they saw it; nil if they do not say
}

// AssignWish is what somebody wants for several seats, each Within one request of the others.
// Other roles and notes stay as they are.
type AssignWish struct {
	Seats []SeatWish
	// Careful: a seat that somebody else holds is stale if it does not say what it is based on.
	Careful bool
	Why     roster.Why
	Act     roster.Act // with the group, chosen before the first attempt; its time is set here
}

// Assigned is what came of an AssignWish.
type Assigned struct {
	Days    []roster.Day   // that were saved, as they are now, in order
	Months  []roster.Month // that say what was asked for
	Changed bool           // something differs from what was there before the act
	// Stale are the seats in the way. They and the months that are not saved are unchanged.
	Stale []planning.StaleAssignment
	Asked []planning.Assignment // one for each seat of the wish, with the person it means
	Added []roster.Person       // new people, for names that nobody had
}

// Assign makes assignments, month by month, as one act. If something is in the way at the
// start, it saves nothing. If somebody is faster between two months, the earlier months stay
// saved. Asking again with the same act continues with what is left. What it refuses is a
// roster.FieldErrors; names has everybody.
func (k *Desk) Assign(ctx context.Context, team *roster.Team, names roster.Names, w AssignWish) (Assigned, error) {
	dates, wishes := make([]roster.Date, len(w.Seats)), make([]Wish, len(w.Seats))
	for i, seat := range w.Seats {
		dates[i], wishes[i] = seat.Date, seat.Wish
		wishes[i].On = seat.Date
	}
	if err := k.checkPast(team, w.Act.Reason, dates...); err != nil {
		return Assigned{}, err
	}
	ids, added, err := k.whoIsMeant(ctx, names, wishes)
	if err != nil || len(w.Seats) == 0 {
		return Assigned{Added: added}, err
	}
	in := planning.AssignInput{Careful: w.Careful, Why: w.Why, Assignments: make([]planning.Assignment, len(w.Seats))}
	from, to := dates[0], dates[0]
	for i, seat := range w.Seats {
		in.Assignments[i] = planning.Assignment{Seat: roster.Seat{Date: seat.Date, Role: seat.Role}, Person: ids[i], BasedOn: seat.BasedOn}
		from, to = roster.Earlier(from, seat.Date), roster.Later(to, seat.Date)
	}
	w.Act.Time = k.Now()
	done, err := store.Again(ctx, func() (Assigned, error) {
		days, err := k.days(ctx, team.ID, from, to)
		if err != nil {
			return Assigned{}, err
		}
		in.Days = roster.ByDate(days)
		return k.saveAssignments(ctx, team.ID, planning.Assign(in, w.Act), in.Days)
	})
	done.Asked, done.Added = in.Assignments, added
	slices.SortFunc(done.Days, func(a, b roster.Day) int { return a.Date.Compare(b.Date) })
	return done, err
}

// saveAssignments saves a plan. A day that changed since the plan was made is a conflict.
func (k *Desk) saveAssignments(ctx context.Context, team roster.TeamID, plan []planning.AssignEdit, before func(roster.Date) roster.Day) (done Assigned, err error) {
	for _, e := range plan {
		if len(done.Stale) > 0 && len(e.Stale) == 0 {
			// Nothing new begins, but this month may be saved already: by an attempt that was
			// cut off, or before somebody was faster.
			if !slices.ContainsFunc(e.Days, func(d roster.DayEdit) bool { return !d.Day.Same(before(d.Day.Date)) }) {
				done.Months = append(done.Months, e.Month())
			}
			continue
		}
		saved, err := k.Store.Save(ctx, team, e.Edit)
		if errors.Is(err, store.ErrConflict) && len(e.Stale) > 0 {
			done.Stale = append(done.Stale, e.Stale...)
			continue
		}
		if err != nil {
			return done, err
		}
		done.Months = append(done.Months, e.Month())
		done.Days = append(done.Days, saved.Days...)
		done.Changed = done.Changed || saved.Repeated
		for _, d := range saved.Days {
			done.Changed = done.Changed || d.Revision != before(d.Date).Revision
		}
	}
	return done, nil
}
