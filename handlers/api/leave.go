package api

import (
	"net/http"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// deactivateBody is what deactivating takes.
type deactivateBody struct {
	From     string  `json:"from"`    // the first day without the person
	Preview  bool    `json:"preview"` // say what it would do, and do nothing
	Why      string  `json:"why"`     // for the history
	Revision *string `json:"revision"`
}

// leavingJSON is what becomes of the rosters.
type leavingJSON struct {
	Person personJSON  `json:"person"`
	From   roster.Date `json:"from"`
	// Group is what activate takes to take all of it back, and each team's fill to fill
	// just these gaps; null in a preview.
	Group *roster.ChangeID `json:"group"`
	Teams []teamLeftJSON   `json:"teams"`
}

// teamLeftJSON is one team's part: the rotations that the person leaves, and the gaps.
type teamLeftJSON struct {
	Team      teamRef             `json:"team"`
	From      roster.Date         `json:"from"`
	Rotations []roster.RotationID `json:"rotations"`
	Gaps      []seatJSON          `json:"gaps"`
}

func newLeavingJSON(l desk.Leaving, reach web.Reach) leavingJSON {
	j := leavingJSON{Person: newPersonJSON(l.Person, reach), From: l.From, Teams: make([]teamLeftJSON, len(l.Teams))}
	for i, t := range l.Teams {
		part := teamLeftJSON{refToTeam(&t.Team), t.From, []roster.RotationID{}, each(t.Departure.Seats, newSeatJSON)}
		for _, r := range t.Rotations {
			part.Rotations = append(part.Rotations, r.ID)
		}
		j.Teams[i] = part
	}
	return j
}

// deactivate answers POST /api/v1/people/{person}/deactivate: what becomes of the
// rosters. One that was cut off goes on when it is sent again with the same
// Idempotency-Key.
func (s *Site) deactivate(w http.ResponseWriter, r *http.Request) error {
	var body deactivateBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	var errs roster.FieldErrors
	from, err := roster.ParseDate(body.From)
	if err != nil {
		errs.Add("from", err)
	}
	reason, err := roster.ParseReason(body.Why)
	if err != nil {
		errs.Add(roster.ReasonField, err)
	}
	if err := errs.Err(); err != nil {
		return err
	}
	if reason == "" {
		reason = desk.LeaveReason(p, false)
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	if body.Preview {
		l, err := s.Desk.PlanLeave(r.Context(), p, from)
		if err != nil {
			return err
		}
		return answerJSON(w, http.StatusOK, newLeavingJSON(l, reach))
	}
	if err := s.HoldOrRefuse(r, body.Revision, "person "+string(p.ID), p.Revision); err != nil {
		return err
	}
	group, err := s.Desk.ChangeID(r.Context(), "leaving")
	if err != nil {
		return err
	}
	l, err := s.Desk.Leave(r.Context(), p, p.Revision, from, false, roster.Act{Group: group, Actor: web.Actor(r), Time: s.Now(), Reason: reason}, web.CallerOf(r.Context()).MayEdit)
	if err != nil {
		return err
	}
	answer := newLeavingJSON(l, reach)
	answer.Group = &group
	return answerJSON(w, http.StatusOK, answer)
}

// activateBody is what activating takes.
type activateBody struct {
	Group string `json:"group"` // of the deactivation that is taken back too; "" for none
}

// backJSON is somebody who is active again.
type backJSON struct {
	Person personJSON `json:"person"`
	Kept   int        `json:"kept"`
}

// activate answers POST /api/v1/people/{person}/activate: the person, active again,
// and how many of their days somebody else has by now.
func (s *Site) activate(w http.ResponseWriter, r *http.Request) error {
	var body activateBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	p, err := s.AnyPersonOf(r)
	if err != nil {
		return err
	}
	var group roster.ChangeID
	if body.Group != "" {
		if group, err = roster.ParseChangeID(body.Group); err != nil {
			return roster.FieldErrors{{Field: "group", Err: err}}
		}
	}
	if p.Removed && group == "" {
		return desk.NotFound("There is no such person.")
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	p, kept, err := s.Desk.ComeBack(r.Context(), p, p.Revision, group, web.Actor(r), web.CallerOf(r.Context()).MayEdit)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, backJSON{newPersonJSON(p, reach), kept})
}

// personShiftJSON is a shift, or several on consecutive days.
type personShiftJSON struct {
	Team  teamRef     `json:"team"`
	Role  roleRef     `json:"role"`
	From  roster.Date `json:"from"`
	To    roster.Date `json:"to"`
	Start time.Time   `json:"start"`
	End   time.Time   `json:"end"`
}

// personCountJSON is how often a person had a role in the last year, and will have it in
// the next half.
type personCountJSON struct {
	Team   teamRef       `json:"team"`
	Role   roster.RoleID `json:"role"`
	Past   countJSON     `json:"past"`
	Coming countJSON     `json:"coming"`
}

// personShiftsJSON are somebody's shifts.
type personShiftsJSON struct {
	Person personRef         `json:"person"`
	Shifts []personShiftJSON `json:"shifts"`
	Counts []personCountJSON `json:"counts"`
}

// shifts answers GET /api/v1/people/{person}/shifts: the coming shifts in all teams,
// and the counts.
func (s *Site) shifts(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	duties, err := s.Desk.DutiesOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	shifts, counts := []personShiftJSON{}, []personCountJSON{}
	for _, d := range duties.Shifts {
		shifts = append(shifts, personShiftJSON{refToTeam(d.Team), refToRole(d.Role), d.From, d.To, d.Start, d.End})
	}
	for _, c := range duties.Counts {
		counts = append(counts, personCountJSON{refToTeam(c.Team), c.Role, newCountJSON(c.Past), newCountJSON(c.Coming)})
	}
	return answerJSON(w, http.StatusOK, personShiftsJSON{personRef{p.ID, p.Name}, shifts, counts})
}

func describeLeave(d *describer) {
	openapi.Answered[teamLeftJSON](&d.Types, "TeamLeft", "What happens to a team's roster when a person leaves.", openapi.Notes{
		"from":      {Text: "The first day without the person."},
		"rotations": {Text: "The rotations that the person leaves."},
		"gaps":      {Text: "The roles and days that become gaps."},
	})
	openapi.Answered[leavingJSON](&d.Types, "Leaving", "What happens to the rosters when a person leaves.", openapi.Notes{
		"from":  {Text: "The first day without the person."},
		"group": {Text: "The group of these changes. Pass it to activate to undo all of them, or to a team's fill to fill only these gaps. Null in a preview."},
		"teams": {Text: "The teams whose rosters or rotations the person is in."},
	})
	openapi.Answered[backJSON](&d.Types, "Back", "A person who is active again.", openapi.Notes{
		"kept": {Text: "How many of the person's former days other people hold now, and keep."},
	})
	openapi.Answered[personShiftJSON](&d.Types, "PersonShift", "A shift, or several on consecutive days.", openapi.Notes{
		"from":  {Text: "The first day."},
		"to":    {Text: "The last day, inclusive."},
		"start": {Text: "When the first shift starts."},
		"end":   {Text: "When the last shift ends."},
	})
	openapi.Answered[personCountJSON](&d.Types, "PersonCount", "How often a person has a role.", openapi.Notes{
		"past":   {Text: "In the last year."},
		"coming": {Text: "In the next half year."},
	})
	openapi.Answered[personShiftsJSON](&d.Types, "PersonShifts", "A person's shifts.", openapi.Notes{
		"shifts": {Text: "The upcoming shifts in all teams, in order."},
		"counts": {Text: "A count for each role in each team."},
	})
	openapi.Sent[deactivateBody](&d.Types, "DeactivationInput", "From when a person is no longer on call.", openapi.Notes{
		"from":     {Text: "The first day without the person.", Must: true, Schema: openapi.SchemaAt("Date")},
		"preview":  {Text: "Whether to only show what would change."},
		"why":      {Text: "The reason, for the history."},
		"revision": {Text: "The person's revision that this is based on. Optional. If-Match takes precedence.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Sent[activateBody](&d.Types, "ActivationInput", "What to undo when a person becomes active again.", openapi.Notes{
		"group": {Text: "The group of the deactivation to undo. Empty to change no roster."},
	})
	d.add(Operation{
		ID: "listShifts", Method: "GET", Path: "/people/{person}/shifts", Summary: "Read a person's upcoming shifts",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The person's shifts and counts.", Value: personShiftsJSON{}}},
		Examples: []Example{{Summary: "Bo's shifts", Target: "/people/bo-chen/shifts"}},
	}, Operation{
		ID: "deactivate", Method: "POST", Path: "/people/{person}/deactivate", Summary: "Deactivate a person",
		Text:  "From the given day, the person leaves all rotations and their days become gaps. If a deactivation is interrupted, send it again with the same `Idempotency-Key` to finish it.",
		Takes: deactivateBody{}, IfMatch: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "What happens to the rosters.", Value: leavingJSON{}}},
		Examples: []Example{{Summary: "Bo leaves in December", Target: "/people/bo-chen/deactivate", Body: `{"from":"2026-12-01"}`}},
	}, Operation{
		ID: "activate", Method: "POST", Path: "/people/{person}/activate", Summary: "Reactivate a person",
		Takes: activateBody{}, Refuses: []int{http.StatusPreconditionFailed},
		Answers: []Answered{{Status: http.StatusOK, Text: "The person.", Value: backJSON{}}},
		Examples: []Example{{
			Summary: "Bo is back", Target: "/people/bo-chen/activate", Body: `{}`,
			After: []Example{{Target: "/people/bo-chen/deactivate", Body: `{"from":"2026-12-01"}`}},
		}},
	})
}
