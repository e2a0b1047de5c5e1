package history

import (
	"errors"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/views"
	"dailyroster/words"
)

// undoChanges answers POST /teams/{team}/undo: it undoes the act that the field change names,
// all of it or, with partly, what nothing stands in the way of. 303 to the history or, with
// month, to the grid; 422 a form that asks for a reason, as a change of past days needs one.
func (s *Site) undoChanges(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	id, err := roster.ParseChangeID(fields.Get("change"))
	if err != nil {
		return web.BadRequest("change: %v", err)
	}
	reason, err := roster.ParseReason(fields.Get(roster.ReasonField))
	var plan planning.UndoPlan
	if err == nil {
		how := desk.UndoHow{Partly: fields.Get("partly") != ""}
		plan, _, err = s.Desk.Undo(r.Context(), team, id, roster.Act{Actor: web.Actor(r), Reason: reason}, how)
	} else {
		err = roster.FieldErrors{{Field: roster.ReasonField, Err: err}}
	}
	if errors.Is(err, desk.KindUndoBlocked) && !shell.WantsFragment(r) {
		return s.showBlocked(w, r, team, id, plan.Blocked, shell.FirstValues(fields))
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return shell.Render(w, r, http.StatusUnprocessableEntity, views.UndoPage(s.Frame(r, words.T(r.Context(), "Undo"), team), views.UndoForm{
			Team: team, Change: id, Values: shell.FirstValues(fields), Errors: refused,
		}))
	}
	if err != nil {
		return err
	}
	back := views.HistoryURL(team.ID, roster.Date{}) + "?undone"
	if month, err := views.ParseGridMonth(fields.Get("month")); err == nil { // the button was in the grid
		back = views.GridURL(team.ID, month, "undone", string(id))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// showBlocked says what stands in the way of an undo, and how to go on.
func (s *Site) showBlocked(w http.ResponseWriter, r *http.Request, team *roster.Team, id roster.ChangeID, blocked []planning.BlockedUndo, values map[string]string) error {
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	return shell.Render(w, r, http.StatusConflict, views.UndoBlockedPage(s.Frame(r, words.T(r.Context(), "Undo"), team), views.UndoBlocked{
		Team: team, Change: id, Names: names, Zone: s.zoneOf(team), Blocked: blocked, Values: values,
	}))
}
