package handlers

import (
	"context"
	"errors"
	"net/http"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// undoChanges answers POST /teams/{team}/undo: the act that the field change names is
// taken back, all of it or, with partly, what nothing stands in the way of; 303 to the history or, with
// month, to the grid, 422 a form that asks why, as the
// past is not changed without a reason.
func (s *Server) undoChanges(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.teamForm(r)
	if err != nil {
		return err
	}
	id, err := roster.ParseChangeID(fields.Get("change"))
	if err != nil {
		return badRequest("change: %v", err)
	}
	reason, err := roster.ParseReason(fields.Get(roster.ReasonField))
	var plan roster.UndoPlan
	if err == nil {
		how := undoHow{partly: fields.Get("partly") != ""}
		plan, _, err = s.undo(r.Context(), team, id, roster.Act{Actor: actor(r), Reason: reason}, how)
	} else {
		err = roster.FieldErrors{{Field: roster.ReasonField, Message: err.Error()}}
	}
	if refused, ok := errors.AsType[*refusal](err); ok && refused.kind == undoBlocked && !wantsFragment(r) {
		return s.showBlocked(w, r, team, id, plan.Blocked, firstValues(fields))
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.render(w, r, http.StatusUnprocessableEntity, views.UndoPage(s.frame(r, "Undo", team), views.UndoForm{
			Team: team, Change: id, Values: firstValues(fields), Errors: refused,
		}))
	}
	if err != nil {
		return stalePage(err)
	}
	back := views.HistoryURL(team.ID, roster.Date{}, "") + "?undone"
	if month, err := roster.ParseMonth(fields.Get("month")); err == nil { // it was pressed in the grid
		back = views.GridURL(team.ID, month, "undone", string(id))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// showBlocked tells what stands in the way of an undo, and how to go on.
func (s *Server) showBlocked(w http.ResponseWriter, r *http.Request, team *roster.Team, id roster.ChangeID, blocked []roster.BlockedUndo, values map[string]string) error {
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	zone := team.SettingsOn(team.Today(s.Now())).Zone.Location()
	return s.render(w, r, http.StatusConflict, views.UndoBlockedPage(s.frame(r, "Undo", team), views.UndoBlocked{
		Team: team, Change: id, Names: names, Zone: zone, Blocked: blocked, Values: values,
	}))
}

// undoBlocked is the kind of the refusal of an undo that something stands in the way of.
const undoBlocked = "undo-blocked"

// undoHow is how much of an act is taken back; the zero value is all or nothing.
type undoHow struct {
	partly  bool // what nothing stands in the way of, instead of all or nothing
	preview bool // just say what would be
}

// undo takes back the act with the id: a group, or a change on its own. done is the act
// of doing so. It reads the act's changes and, of the days that they changed, the history
// since.
func (s *Server) undo(ctx context.Context, team *roster.Team, id roster.ChangeID, act roster.Act, how undoHow) (plan roster.UndoPlan, done roster.Act, err error) {
	in, err := s.undoInput(ctx, team, id)
	if err != nil {
		return plan, act, err
	}
	in.Partly = how.partly
	plan = roster.Undo(in)
	if err := plan.Err(); err != nil && !how.partly && !how.preview {
		return plan, act, &refusal{http.StatusConflict, undoBlocked, "This cannot be undone as a whole", roster.Sentence(err.Error()), nil}
	}
	if act.Group, err = s.changeID(ctx, "undo of "+string(id)); err != nil {
		return plan, act, err
	}
	act.Time = s.Now()
	if how.preview {
		return plan, act, nil
	}
	return plan, act, s.saveAll(ctx, team, plan.Edits(act))
}

// undoInput reads what an undo is made from. An act that is not there is a refusal.
func (s *Server) undoInput(ctx context.Context, team *roster.Team, id roster.ChangeID) (in roster.UndoInput, err error) {
	in.Changes, err = s.changesUntil(ctx, team.ID, store.ChangeQuery{Group: id, Limit: store.MaxChanges}, func([]roster.Change) bool { return false })
	if err != nil {
		return in, err
	}
	if len(in.Changes) == 0 {
		return in, notFound("change")
	}
	mine := map[roster.ChangeID]bool{}
	q := store.ChangeQuery{From: in.Changes[0].Date, To: in.Changes[0].Date, Limit: store.MaxChanges}
	for _, c := range in.Changes {
		mine[c.ID] = true
		q.From, q.To = earlier(q.From, c.Date), later(q.To, c.Date)
	}
	seen := 0
	in.History, err = s.changesUntil(ctx, team.ID, q, func(read []roster.Change) bool {
		for ; seen < len(read); seen++ {
			delete(mine, read[seen].ID)
		}
		return len(mine) == 0
	})
	if err != nil {
		return in, err
	}
	days, err := s.daysOf(ctx, team.ID, in.Changes, q.From, q.To)
	in.Days = roster.ByDate(days)
	return in, err
}

// daysOf reads the days that the changes are of: all between the first and the last at
// once or, where these are far apart, the months concerned.
func (s *Server) daysOf(ctx context.Context, team roster.TeamID, changes []roster.Change, from, to roster.Date) ([]roster.Day, error) {
	if from.DaysUntil(to) < 2*maxFillDays {
		return s.Store.Days(ctx, team, from, to)
	}
	var days []roster.Day
	read := map[roster.Month]bool{}
	for _, c := range changes {
		m := c.Date.InMonth()
		if read[m] {
			continue
		}
		read[m] = true
		part, err := s.Store.Days(ctx, team, m.First(), m.Next().First().AddDays(-1))
		if err != nil {
			return nil, err
		}
		days = append(days, part...)
	}
	return days, nil
}
