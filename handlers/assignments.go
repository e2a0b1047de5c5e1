package handlers

import (
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// assigned is what came of assignments.
type assigned struct {
	days    []roster.Day   // that were saved, as they are now
	months  []roster.Month // that say what was asked for
	changed bool           // something is other than before the act
	// stale are in the way: they, and the months that are not saved, are as they were.
	stale []roster.StaleAssignment
}

// saveAssignments makes assignments, month after month, as one act; in.Days is not
// looked at. Where something is in the way at the beginning, nothing is saved; where
// somebody is faster between two months, the months before are. Asking for the same in the
// same act again goes on with what is left.
func (s *Server) saveAssignments(ctx context.Context, team roster.TeamID, in roster.AssignInput, act roster.Act) (assigned, error) {
	from, to := in.Assignments[0].Date, in.Assignments[0].Date
	for _, a := range in.Assignments {
		from, to = earlier(from, a.Date), later(to, a.Date)
	}
	for {
		days, err := s.Store.Days(ctx, team, from, to)
		if err != nil {
			return assigned{}, err
		}
		in.Days = roster.ByDate(days)
		done, raced, err := s.tryAssignments(ctx, team, roster.Assign(in, act), in.Days)
		if err != nil || !raced {
			return done, err
		}
		if err := store.Alive(ctx); err != nil {
			return assigned{}, err
		}
	}
}

// tryAssignments saves a plan. raced: a day changed since the plan was made.
func (s *Server) tryAssignments(ctx context.Context, team roster.TeamID, plan []roster.AssignEdit, before func(roster.Date) roster.Day) (done assigned, raced bool, err error) {
	for _, e := range plan {
		if len(done.stale) > 0 && len(e.Stale) == 0 {
			// Nothing is begun, but it may be done: by an attempt that was cut off, or before
			// somebody was faster.
			if !slices.ContainsFunc(e.Days, func(d roster.DayEdit) bool { return !d.Day.Same(before(d.Day.Date)) }) {
				done.months = append(done.months, e.Month())
			}
			continue
		}
		saved, err := s.Store.Save(ctx, team, e.Edit)
		switch {
		case isConflict(err) && len(e.Stale) > 0:
			done.stale = append(done.stale, e.Stale...)
			continue
		case isConflict(err):
			return done, true, nil
		case err != nil:
			return done, false, err
		}
		done.months = append(done.months, e.Month())
		done.days = append(done.days, saved.Days...)
		done.changed = done.changed || saved.Repeated
		for _, d := range saved.Days {
			done.changed = done.changed || d.Revision != before(d.Date).Revision
		}
	}
	return done, false, nil
}
