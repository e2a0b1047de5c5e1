package handlers

import (
	"net/http"

	"dailyroster/roster"
	"dailyroster/views"
)

// undoBody is what an undo by a program takes.
type undoBody struct {
	Change  string `json:"change"`  // the group, or the id of a change that has none
	Partly  bool   `json:"partly"`  // what nothing stands in the way of, instead of all or nothing
	Preview bool   `json:"preview"` // say what it would do, and do nothing
	Why     string `json:"why"`     // for the history; an undo of past days needs it
}

// undoJSON is what an undo does, or would.
type undoJSON struct {
	// Group is that of the undo itself, by which it can be undone; null in a preview, and
	// where there was nothing to do.
	Group *roster.ChangeID `json:"group"`
	Days  []roster.Date    `json:"days"` // that it changes
	// Blocked are the changes that it leaves, each with the later one that is in the way.
	Blocked []blockedJSON `json:"blocked"`
}

type blockedJSON struct {
	Change changeJSON `json:"change"`
	Later  changeJSON `json:"later"`
}

func newUndoJSON(plan roster.UndoPlan, names views.Names) undoJSON {
	j := undoJSON{Days: emptyNotNull(plan.Dates()), Blocked: []blockedJSON{}}
	for _, b := range plan.Blocked {
		j.Blocked = append(j.Blocked, blockedJSON{newChangeJSON(b.Change, names), newChangeJSON(b.Later, names)})
	}
	return j
}

// apiUndo answers POST /api/v1/teams/{team}/undo: what was taken back; 409 where
// something stands in the way of all of it.
func (s *Server) apiUndo(w http.ResponseWriter, r *http.Request) error {
	var body undoBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, err := s.team(r)
	if err != nil {
		return err
	}
	var errs roster.FieldErrors
	id, err := roster.ParseChangeID(body.Change)
	if err != nil {
		errs.Add("change", err)
	}
	reason, err := roster.ParseReason(body.Why)
	if err != nil {
		errs.Add(roster.ReasonField, err)
	}
	if err := errs.Err(); err != nil {
		return err
	}
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	plan, act, err := s.undo(r.Context(), team, id, roster.Act{Actor: actor(r), Reason: reason}, undoHow{partly: body.Partly, preview: body.Preview})
	if err != nil {
		return err
	}
	answer := newUndoJSON(plan, names)
	if !body.Preview {
		if answer.Group, err = s.madeGroup(r.Context(), team.ID, act.Group, plan.Changes()); err != nil {
			return err
		}
	}
	return answerJSON(w, http.StatusOK, answer)
}
