package api

import (
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// fillBody is what a fill by a program takes.
type fillBody struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Overwrite bool   `json:"overwrite"` // what was set by hand, too
	Of        string `json:"of"`        // the group that emptied the seats to be filled; "" for any
	Preview   bool   `json:"preview"`   // say what it would do, and do nothing
	Why       string `json:"why"`       // for the history; a fill of past days needs it
}

// fillJSON is what a fill does, or would.
type fillJSON struct {
	Team roster.TeamID `json:"team"`
	From roster.Date   `json:"from"`
	To   roster.Date   `json:"to"`
	// Group is what undo takes to take all of it back; null in a preview, and where there
	// was nothing to do.
	Group  *roster.ChangeID          `json:"group"`
	Counts map[planning.FillKind]int `json:"counts"`
	Seats  []fillSeatJSON            `json:"seats"`
}

// fillSeatJSON is a planning.FillSeat. Reason says why a gap stays one.
type fillSeatJSON struct {
	Date     roster.Date       `json:"date"`
	Role     roster.RoleID     `json:"role"`
	Kind     planning.FillKind `json:"kind"`
	Rotation roster.RotationID `json:"rotation"`
	Was      *personRef        `json:"was"`
	Gives    *personRef        `json:"gives"`
	Will     *personRef        `json:"will"`
	Reason   string            `json:"reason,omitempty"`
}

func newFillJSON(team *roster.Team, asked desk.FillWish, plan planning.FillPlan, names roster.Names) fillJSON {
	j := fillJSON{Team: team.ID, From: asked.From, To: asked.To, Counts: map[planning.FillKind]int{}, Seats: []fillSeatJSON{}}
	for _, kind := range []planning.FillKind{
		planning.FillSame, planning.FillFilled, planning.FillChanged, planning.FillCleared, planning.FillKept, planning.FillGap,
	} {
		j.Counts[kind] = plan.Count(kind)
	}
	for _, seat := range plan.Seats {
		s := fillSeatJSON{
			Date: seat.Date, Role: seat.Role, Kind: seat.Kind, Rotation: seat.Rotation,
			Was: refTo(seat.Was, names), Gives: refTo(seat.Gives, names), Will: refTo(seat.Will, names),
		}
		if seat.Kind == planning.FillGap {
			s.Reason = seat.Text(names.Of, func(id roster.RoleID) string { return team.RoleName(id) }).Error()
		}
		j.Seats = append(j.Seats, s)
	}
	return j
}

// fill answers POST /api/v1/teams/{team}/fill: what the fill does to each seat. One
// that was cut off goes on when it is sent again with the same Idempotency-Key.
func (s *Site) fill(w http.ResponseWriter, r *http.Request) error {
	var body fillBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	asked, err := web.ParseFill(body.From, body.To, body.Of, body.Why)
	if err != nil {
		return err
	}
	asked.Overwrite = body.Overwrite
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	if body.Preview {
		plan, err := s.Desk.PlanFill(r.Context(), team, names, asked)
		if err != nil {
			return err
		}
		return answerJSON(w, http.StatusOK, newFillJSON(team, asked, plan, names))
	}
	group, err := s.Desk.ChangeID(r.Context(), "fill")
	if err != nil {
		return err
	}
	plan, err := s.Desk.Fill(r.Context(), team, asked, group, web.Actor(r))
	if err != nil {
		return err
	}
	answer := newFillJSON(team, asked, plan, names)
	if answer.Group, err = s.Desk.MadeGroup(r.Context(), team.ID, group, plan.Changes()); err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, answer)
}

func describeFill(d *describer) {
	openapi.Name[planning.FillKind](&d.Types, "FillKind", &openapi.Schema{
		Type: "string", Description: "What a fill does to a role of a day. `same`: nothing, because the rotation gives the same person. `filled`, `changed`, `cleared`: it gives the role to somebody, to somebody else, or to nobody. `kept`: nothing, because somebody set it by hand. `gap`: nothing, because nobody is available.",
		Enum: []any{planning.FillSame, planning.FillFilled, planning.FillChanged, planning.FillCleared, planning.FillKept, planning.FillGap},
	})
	somebody := openapi.OrNull(openapi.SchemaAt("PersonRef"))
	openapi.Answered[fillSeatJSON](&d.Types, "FilledSeat", "What a fill does to one role of one day.", openapi.Notes{
		"rotation": {Text: "The rotation that covers it. Empty if there is none.", Schema: orEmpty("RotationID")},
		"was":      {Text: "Who held it before the fill.", Schema: somebody},
		"gives":    {Text: "Whom the rotation gives.", Schema: somebody},
		"will":     {Text: "Who holds it after the fill.", Schema: somebody},
		"reason":   {Text: "For a gap: why nobody is available."},
	})
	openapi.Answered[fillJSON](&d.Types, "Fill", "What a fill did, or would do.", openapi.Notes{
		"group":  {Text: "The group of these changes. Pass it to undo to undo all of them. Null in a preview, and if nothing changed."},
		"counts": {Text: "How many entries of each kind there are."},
		"seats":  {Text: "An entry for each role and day that a rotation covers or has covered."},
	})
	openapi.Sent[fillBody](&d.Types, "FillInput", "A request to fill a roster.", openapi.Notes{
		"from":      {Text: "The first day.", Must: true, Schema: openapi.SchemaAt("Date")},
		"to":        {Text: "The last day, inclusive. At most two years after the first.", Must: true, Schema: openapi.SchemaAt("Date")},
		"overwrite": {Text: "Whether to change what was set by hand, too."},
		"of":        {Text: "Fill only what this group of changes cleared. Empty means everything."},
		"preview":   {Text: "Whether to only show what would change."},
		"why":       {Text: "The reason, for the history. Required for days whose shifts are over."},
	})
	d.add(Operation{
		ID: "fillTeam", Method: "POST", Path: "/teams/{team}/fill", Summary: "Fill a roster from its rotations",
		Text:  "If a fill is interrupted, send it again with the same `Idempotency-Key` to finish it.",
		Takes: fillBody{}, Refuses: []int{http.StatusPreconditionFailed},
		Answers: []Answered{{Status: http.StatusOK, Text: "What the fill did, or would do.", Value: fillJSON{}}},
		Examples: []Example{{
			Summary: "Two days", Target: "/teams/ops/fill", Body: `{"from":"2026-12-06","to":"2026-12-07"}`,
			After: []Example{{Method: "PUT", Target: "/teams/ops", Body: `{"name":"Ops","rotations":[{"id":"week","role":"primary","name":"Week by week","versions":[` +
				`{"from":"2026-11-30","weekdays":["mon","tue","wed","thu","fri","sat","sun"],"daysPerTurn":7,"handOver":"mon","people":["ana-ruiz","bo-chen"]}]}]}`}},
		}},
	})
}
