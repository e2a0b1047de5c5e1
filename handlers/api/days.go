package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// personRef is a person as the API names one; nobody is null.
type personRef struct {
	ID   roster.PersonID `json:"id"`
	Name string          `json:"name"`
}

func refTo(id roster.PersonID, names roster.Names) *personRef {
	if id == "" {
		return nil
	}
	return new(personRef).of(id, names)
}

// of makes the reference one to a person and returns it, nil for nobody.
func (p *personRef) of(id roster.PersonID, names roster.Names) *personRef {
	if id == "" {
		return nil
	}
	*p = personRef{id, names.Of(id)}
	return p
}

// dayJSON is a day as the API gives it. Every role of the team is there.
type dayJSON struct {
	Date  roster.Date `json:"date"`
	Shift shiftJSON   `json:"shift"`
	// Hours are those of the roles that have hours.
	Hours       map[roster.RoleID][]shiftJSON `json:"hours,omitempty"`
	Assignments map[roster.RoleID]*personRef  `json:"assignments"`
	Note        string                        `json:"note"`
	Revision    roster.Revision               `json:"revision"`
}

// shiftJSON is the time that belongs to a day, with the offsets of the team's zone.
type shiftJSON struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// newShiftJSON is the shift of a day. The last day of the last year ends in a year that
// RFC 3339 cannot write: said is the last second before.
func newShiftJSON(s roster.Shift) shiftJSON {
	if s.End.Year() > roster.MaxYear {
		s.End = time.Date(roster.MaxYear, time.December, 31, 23, 59, 59, 0, s.End.Location())
	}
	return shiftJSON{s.Start, s.End}
}

func newDayJSON(team *roster.Team, d roster.Day, names roster.Names) dayJSON {
	j := dayJSON{Date: d.Date, Shift: newShiftJSON(team.ShiftOf(d.Date)), Assignments: map[roster.RoleID]*personRef{}, Note: d.Note, Revision: d.Revision}
	for _, h := range team.Hours {
		if j.Hours == nil {
			j.Hours = map[roster.RoleID][]shiftJSON{}
		}
		j.Hours[h.Role] = each(team.OnDuty(h.Role, d.Date), newShiftJSON)
	}
	for _, role := range team.Roles {
		j.Assignments[role.ID] = refTo(d.Assignments[role.ID], names)
	}
	return j
}

// daysJSON is a range of days, both ends included.
type daysJSON struct {
	Team roster.TeamID `json:"team"`
	From roster.Date   `json:"from"`
	To   roster.Date   `json:"to"`
	Days []dayJSON     `json:"days"`
}

// days answers GET /api/v1/teams/{team}/days?from=&to=: the days, both included.
func (s *Site) days(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	from, to, err := web.QueryRange(r.URL.Query(), team.Today(s.Now()))
	if err != nil {
		return err
	}
	sheet, err := s.Desk.Sheet(r.Context(), team, from, to)
	if err != nil {
		return err
	}
	answer := daysJSON{Team: team.ID, From: from, To: to}
	for _, d := range desk.DaysFrom(from, from.DaysUntil(to)+1) {
		answer.Days = append(answer.Days, newDayJSON(team, sheet.Day(d), sheet.Names))
	}
	return answerJSON(w, http.StatusOK, answer)
}

// dayRequest is what every request about one day begins with: the team, the day as it is
// and the people.
func (s *Site) dayRequest(r *http.Request) (*desk.Sheet, roster.Date, error) {
	d, err := web.PathDate(r)
	if err != nil {
		return nil, d, err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, d, err
	}
	sheet, err := s.Desk.Sheet(r.Context(), team, d, d)
	return sheet, d, err
}

// day answers GET /api/v1/teams/{team}/days/{date}. The ETag is the revision.
func (s *Site) day(w http.ResponseWriter, r *http.Request) error {
	sheet, d, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	return answerDay(w, r, sheet, sheet.Day(d))
}

func answerDay(w http.ResponseWriter, r *http.Request, sheet *desk.Sheet, day roster.Day) error {
	return answerEntity(w, r, http.StatusOK, newDayJSON(sheet.Team, day, sheet.Names), day.Revision)
}

// dayBody is what PUT takes: what GET gives, so that an answer can be sent back.
type dayBody struct {
	Assignments map[string]json.RawMessage `json:"assignments"` // see parseAssignee
	Note        string                     `json:"note"`
	Date        *string                    `json:"date"`     // if there, that of the path
	Revision    *string                    `json:"revision"` // if there, what the edit is based on
	Shift       json.RawMessage            `json:"shift"`    // ignored
	Hours       json.RawMessage            `json:"hours"`    // ignored
	Why         string                     `json:"why"`      // for the history; a past day needs it
}

// parseAssignee reads who gets a role: null or nothing for nobody, the id or
// name of a person as a string, or {"id": …}, which must be somebody's.
func parseAssignee(role roster.RoleID, data json.RawMessage) (desk.Wish, error) {
	if len(data) == 0 || string(data) == "null" {
		return desk.Wish{Role: role}, nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		if text == "" {
			return desk.Wish{}, errors.New("the name is empty; null means nobody")
		}
		return desk.Wish{Role: role, Text: text}, nil
	}
	var ref struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &ref) != nil || ref.ID == "" {
		return desk.Wish{}, errors.New(`not a person; give an id or a name, {"id": …}, or null for nobody`)
	}
	return desk.Wish{Role: role, Text: ref.ID, Known: true}, nil
}

// putDay answers PUT /api/v1/teams/{team}/days/{date}: the day becomes what the
// body says; a role that is not there becomes nobody's.
func (s *Site) putDay(w http.ResponseWriter, r *http.Request) error {
	sheet, d, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	wish, stated, err := readDayWish(r, sheet.Team, d)
	if err != nil {
		return err
	}
	return s.setDay(w, r, sheet, wish, stated)
}

// clearDay answers DELETE /api/v1/teams/{team}/days/{date}?why=: the day, empty.
func (s *Site) clearDay(w http.ResponseWriter, r *http.Request) error {
	sheet, d, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	reason, err := roster.ParseReason(r.URL.Query().Get(roster.ReasonField))
	if err != nil {
		return roster.FieldErrors{{Field: roster.ReasonField, Err: err}}
	}
	return s.setDay(w, r, sheet, desk.DayWish{Date: d, Reason: reason}, nil)
}

// readDayWish reads the day that is wished for, and the revision that the body states, if
// it does.
func readDayWish(r *http.Request, team *roster.Team, d roster.Date) (w desk.DayWish, stated *string, err error) {
	var body dayBody
	if err := parseJSON(r, &body); err != nil {
		return w, nil, err
	}
	w.Date = d
	var errs roster.FieldErrors
	for _, role := range slices.Sorted(maps.Keys(body.Assignments)) {
		if !team.HasRole(roster.RoleID(role)) {
			errs.Add("assignments."+role, errors.New("the team has no such role"))
		}
	}
	for _, role := range team.Roles {
		seat, err := parseAssignee(role.ID, body.Assignments[string(role.ID)])
		seat.Field = "assignments." + string(role.ID)
		if err != nil {
			errs.Add(seat.Field, err)
		}
		w.Seats = append(w.Seats, seat)
	}
	if w.Note, err = roster.ParseNote(body.Note); err != nil {
		errs.Add("note", err)
	}
	if body.Date != nil && *body.Date != d.String() {
		errs.Add("date", errors.New("the date is not that of the address"))
	}
	if w.Reason, err = roster.ParseReason(body.Why); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	return w, body.Revision, errs.Err()
}

// setDay saves what is wished under the request's preconditions and answers with the day
// as the edit left it.
func (s *Site) setDay(w http.ResponseWriter, r *http.Request, sheet *desk.Sheet, wish desk.DayWish, stated *string) error {
	pre, err := web.ParsePreconditions(r, stated)
	if err != nil {
		return err
	}
	if pre.Any() {
		wish.Stands = pre.Hold
	}
	wish.Actor, wish.Why = web.Actor(r), roster.WhyEdit
	if wish.Change, err = s.Desk.ChangeID(r.Context(), "day"); err != nil {
		return err
	}
	set, err := s.Desk.SetDay(r.Context(), sheet, wish)
	if errors.Is(err, desk.KindStale) {
		return pre.Refusal()
	}
	if err != nil {
		return err
	}
	return answerDay(w, r, sheet, set.Day)
}

func describeDays(d *describer) {
	d.group("Days", "Who holds which role on which day. Every day exists, even if it is empty.")
	openapi.Answered[personRef](&d.Types, "PersonRef", "A person's id and name.", openapi.Notes{
		"name": {Text: "The person's current name."},
	})
	assignments := openapi.MapOf(openapi.SchemaAt("RoleID"), openapi.OrNull(openapi.SchemaAt("PersonRef")))
	openapi.Answered[dayJSON](&d.Types, "Day", "One day of a team's roster.", openapi.Notes{
		"hours":       {Text: "When each role that has hours is on duty, by role id. Empty if not at all on this day. Missing if no role has hours."},
		"assignments": {Text: "Who holds each role of the team, by role id. Null means nobody.", Schema: assignments},
		"note":        {Text: "A note about the day.", Schema: textSchema(roster.MaxNote)},
		"revision":    {Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Answered[daysJSON](&d.Types, "Days", "A range of days.", openapi.Notes{
		"to":   {Text: "The last date, inclusive."},
		"days": {Text: "One day for each date, in order."},
	})
	d.Add("AssigneeInput", &openapi.Schema{
		Description: "Who gets a role. A string is the id or name of a person; an unknown name adds a new person. An object has the id of a person who must exist. Null means nobody.",
		OneOf: []*openapi.Schema{
			{Type: "string", MinLength: 1},
			{Type: "object", Required: []string{"id"}, Properties: openapi.Properties{
				{Name: "id", Schema: openapi.SchemaAt("PersonID")}, {Name: "name", Schema: &openapi.Schema{Description: "Ignored."}},
			}},
			{Type: "null"},
		},
		Examples: []any{"Ana Ruiz", map[string]string{"id": "ana-ruiz"}, nil},
	})
	openapi.Sent[dayBody](&d.Types, "DayInput", "What a day becomes. The answer to GET can be sent back.", openapi.Notes{
		"assignments": {
			Text:   "Who gets each role, by role id. Nobody gets the roles that are missing.",
			Schema: openapi.MapOf(openapi.SchemaAt("RoleID"), openapi.SchemaAt("AssigneeInput")),
		},
		"note":     {Text: "At most 280 characters."},
		"date":     {Text: "Optional. Must be the date of the path.", Schema: openapi.SchemaAt("Date")},
		"revision": {Text: "The revision that the edit is based on. Optional. If-Match takes precedence.", Schema: openapi.SchemaAt("Revision")},
		"shift":    {Text: "Ignored.", Schema: &openapi.Schema{}},
		"hours":    {Text: "Ignored.", Schema: &openapi.Schema{}},
		"why":      {Text: "The reason, for the history. Required for a day whose shift is over."},
	})
	d.add(Operation{
		ID: "listDays", Method: "GET", Path: "/teams/{team}/days", Summary: "Read a range of days",
		Query:    rangeParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The days.", Value: daysJSON{}}},
		Examples: []Example{{Summary: "Two days", Target: "/teams/ops/days?from=2026-11-23&to=2026-11-24"}},
	}, Operation{
		ID: "getDay", Method: "GET", Path: "/teams/{team}/days/{date}", Summary: "Read a day", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The day.", Value: dayJSON{}}},
		Examples: []Example{{Summary: "A day", Target: "/teams/ops/days/2026-11-23"}},
	}, Operation{
		ID: "putDay", Method: "PUT", Path: "/teams/{team}/days/{date}", Summary: "Replace a day",
		Text:  "The body replaces the whole day, including its note. An unknown name adds a new person.",
		Takes: dayBody{}, Tagged: true, OnlyNew: true,
		Answers: []Answered{{Status: http.StatusOK, Text: "The day after the change.", Value: dayJSON{}}},
		Examples: []Example{
			{
				Summary: "Ana takes Thursday, Bo is her second", Target: "/teams/ops/days/2026-11-26",
				Body: `{"assignments":{"primary":"Ana Ruiz","secondary":{"id":"bo-chen"}},"note":"Release day"}`,
			},
			{
				Summary: "Change a day only if nobody else has", Target: "/teams/ops/days/2026-11-23",
				Header: []string{"If-Match", `"{etag}"`, "Idempotency-Key", "5f0c3c2e"},
				Body:   `{"assignments":{"primary":"bo-chen"}}`,
			},
		},
	}, Operation{
		ID: "clearDay", Method: "DELETE", Path: "/teams/{team}/days/{date}", Summary: "Clear a day",
		Tagged: true, OnlyNew: true, Refuses: []int{http.StatusUnprocessableEntity},
		Query:    []parameter{{roster.ReasonField, "The reason, for the history. Required for a day whose shift is over.", &openapi.Schema{Type: "string"}}},
		Answers:  []Answered{{Status: http.StatusOK, Text: "The day, now empty.", Value: dayJSON{}}},
		Examples: []Example{{Summary: "Nobody on Tuesday", Target: "/teams/ops/days/2026-11-24"}},
	})
}

// rangeParameters are those that QueryRange reads.
func rangeParameters() []parameter {
	return []parameter{
		{"from", "The first date. The default is today.", openapi.SchemaAt("Date")},
		{"to", "The last date, inclusive. The default is 34 days after the first. A range has at most 366 days.", openapi.SchemaAt("Date")},
	}
}
