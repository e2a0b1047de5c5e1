package desk

import (
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
)

// UndoHow says how much of an act to undo; the zero value is all or nothing.
type UndoHow struct {
	Partly  bool // undo what nothing stands in the way of, instead of all or nothing
	Preview bool // only say what it would do
}

// Undo undoes the act with the id: a group, or a change on its own. done is the act of the
// undo. It reads the changes of the act and, for the days that they changed, the history
// since.
func (k *Desk) Undo(ctx context.Context, team *roster.Team, id roster.ChangeID, act roster.Act, how UndoHow) (plan planning.UndoPlan, done roster.Act, err error) {
	in, err := k.undoInput(ctx, team, id)
	if err != nil {
		return plan, act, err
	}
	in.Partly = how.Partly
	plan = planning.Undo(in)
	if err := plan.Err(); err != nil && !how.Partly && !how.Preview {
		return plan, act, RefuseFor(KindUndoBlocked, "This cannot be undone as a whole", err)
	}
	if act.Group, err = k.ChangeID(ctx, "undo of "+string(id)); err != nil {
		return plan, act, err
	}
	act.Time = k.Now()
	if how.Preview {
		return plan, act, nil
	}
	return plan, act, k.saveAll(ctx, team, plan.Edits(act))
}

// undoInput reads what an undo is made from. It refuses an act that does not exist.
func (k *Desk) undoInput(ctx context.Context, team *roster.Team, id roster.ChangeID) (in planning.UndoInput, err error) {
	in.Changes, err = k.changesUntil(ctx, team.ID, store.ChangeQuery{Group: id, Limit: store.MaxChanges}, func([]roster.Change) bool { return false })
	if err != nil {
		return in, err
	}
	if len(in.Changes) == 0 {
		return in, NotFound("There is no such change.")
	}
	mine := map[roster.ChangeID]bool{}
	q := store.ChangeQuery{From: in.Changes[0].Date, To: in.Changes[0].Date, Limit: store.MaxChanges}
	for _, c := range in.Changes {
		mine[c.ID] = true
		q.From, q.To = roster.Earlier(q.From, c.Date), roster.Later(q.To, c.Date)
	}
	seen := 0
	in.History, err = k.changesUntil(ctx, team.ID, q, func(read []roster.Change) bool {
		for ; seen < len(read); seen++ {
			delete(mine, read[seen].ID)
		}
		return len(mine) == 0
	})
	if err != nil {
		return in, err
	}
	days, err := k.daysChanged(ctx, team.ID, in.Changes, q.From, q.To)
	in.Days = roster.ByDate(days)
	return in, err
}

// daysChanged reads the days of the changes: everything between the first and the last or, if
// these are far apart, only the months concerned.
func (k *Desk) daysChanged(ctx context.Context, team roster.TeamID, changes []roster.Change, from, to roster.Date) ([]roster.Day, error) {
	ranges := []store.Range{{Team: team, From: from, To: to}}
	if from.DaysUntil(to) >= 2*MaxFillDays {
		ranges = nil
		read := map[roster.Month]bool{}
		for _, c := range changes {
			if m := c.Date.InMonth(); !read[m] {
				read[m] = true
				ranges = append(ranges, store.Range{Team: team, From: m.First(), To: m.Last()})
			}
		}
	}
	days, err := k.daysOf(ctx, ranges...)
	return slices.Concat(days...), err
}
