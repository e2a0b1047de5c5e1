package api

import (
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
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

func newUndoJSON(plan planning.UndoPlan, names roster.Names) undoJSON {
	j := undoJSON{Days: emptyNotNull(plan.Dates()), Blocked: []blockedJSON{}}
	for _, b := range plan.Blocked {
		j.Blocked = append(j.Blocked, blockedJSON{newChangeJSON(b.Change, names), newChangeJSON(b.Later, names)})
	}
	return j
}

// undo answers POST /api/v1/teams/{team}/undo: what was taken back; 409 where
// something stands in the way of all of it.
func (s *Site) undo(w http.ResponseWriter, r *http.Request) error {
	var body undoBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, err := s.TeamOf(r)
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
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	plan, act, err := s.Desk.Undo(r.Context(), team, id, roster.Act{Actor: web.Actor(r), Reason: reason}, desk.UndoHow{Partly: body.Partly, Preview: body.Preview})
	if err != nil {
		return err
	}
	answer := newUndoJSON(plan, names)
	if !body.Preview {
		if answer.Group, err = s.Desk.MadeGroup(r.Context(), team.ID, act.Group, plan.Changes()); err != nil {
			return err
		}
	}
	return answerJSON(w, http.StatusOK, answer)
}

func describeUndo(d *describer) {
	openapi.Answered[blockedJSON](&d.Types, "Blocked", "A change that cannot be undone.", openapi.Notes{
		"later": {Text: "The later change that prevents this."},
	})
	openapi.Answered[undoJSON](&d.Types, "Undo", "What an undo did, or would do.", openapi.Notes{
		"group":   {Text: "The group of the undo itself. Pass it to undo to undo the undo. Null in a preview, and if nothing changed."},
		"days":    {Text: "The days that changed, or would change."},
		"blocked": {Text: "The changes that cannot be undone."},
	})
	openapi.Sent[undoBody](&d.Types, "UndoInput", "A request to undo changes.", openapi.Notes{
		"change":  {Text: "The group of the changes to undo, or the id of a single change.", Must: true, Schema: openapi.SchemaAt("ChangeID")},
		"partly":  {Text: "Whether to undo what can be undone. Otherwise, all or nothing."},
		"preview": {Text: "Whether to only show what would change."},
		"why":     {Text: "The reason, for the history. Required for days whose shifts are over."},
	})
	d.add(Operation{
		ID: "undo", Method: "POST", Path: "/teams/{team}/undo", Summary: "Undo a change or a group of changes",
		Takes: undoBody{}, Refuses: []int{http.StatusConflict, http.StatusPreconditionFailed},
		Answers:  []Answered{{Status: http.StatusOK, Text: "What the undo did, or would do.", Value: undoJSON{}}},
		Examples: []Example{{Summary: "The last change", Target: "/teams/ops/undo", Body: `{"change":"{change}"}`}},
	})
}
