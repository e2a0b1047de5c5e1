package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"dailyroster/store"
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
	return &personRef{id, names.Of(id)}
}

// dayJSON is a day as the API gives it. Every role of the team is there.
type dayJSON struct {
	Date        roster.Date                  `json:"date"`
	Shift       shiftJSON                    `json:"shift"`
	Assignments map[roster.RoleID]*personRef `json:"assignments"`
	Note        string                       `json:"note"`
	Revision    roster.Revision              `json:"revision"`
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
	j := dayJSON{d.Date, newShiftJSON(team.ShiftOf(d.Date)), map[roster.RoleID]*personRef{}, d.Note, d.Revision}
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

// apiDays answers GET /api/v1/teams/{team}/days?from=&to=: the days, both included.
func (s *Server) apiDays(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	from, to, err := queryRange(r.URL.Query(), team.Today(s.Now()))
	if err != nil {
		return err
	}
	days, err := s.Store.Days(r.Context(), team.ID, from, to)
	if err != nil {
		return err
	}
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	answer := daysJSON{team.ID, from, to, make([]dayJSON, len(days))}
	for i, d := range days {
		answer.Days[i] = newDayJSON(team, d, names)
	}
	return answerJSON(w, http.StatusOK, answer)
}

// apiDayRequest is what every request about one day begins with: the team and the
// day as it is.
func (s *Server) apiDayRequest(r *http.Request) (*roster.Team, roster.Day, error) {
	d, err := pathDate(r)
	if err != nil {
		return nil, roster.Day{}, err
	}
	team, err := s.team(r)
	if err != nil {
		return nil, roster.Day{}, err
	}
	days, err := s.Store.Days(r.Context(), team.ID, d, d)
	if err != nil {
		return nil, roster.Day{}, err
	}
	return team, days[0], nil
}

// apiDay answers GET /api/v1/teams/{team}/days/{date}. The ETag is the revision.
func (s *Server) apiDay(w http.ResponseWriter, r *http.Request) error {
	team, day, err := s.apiDayRequest(r)
	if err != nil {
		return err
	}
	if tags := r.Header.Get("If-None-Match"); tags != "" && parseTags(tags).match(day.Revision, true) {
		setTag(w, day.Revision)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	return answerDay(w, team, day, names)
}

func answerDay(w http.ResponseWriter, team *roster.Team, day roster.Day, names roster.Names) error {
	setTag(w, day.Revision)
	return answerJSON(w, http.StatusOK, newDayJSON(team, day, names))
}

// dayBody is what PUT takes: what GET gives, so that an answer can be sent back.
type dayBody struct {
	Assignments map[string]json.RawMessage `json:"assignments"` // see parseAssignee
	Note        string                     `json:"note"`
	Date        *string                    `json:"date"`     // if there, that of the path
	Revision    *string                    `json:"revision"` // if there, what the edit is based on
	Shift       json.RawMessage            `json:"shift"`    // not looked at
	Why         string                     `json:"why"`      // for the history; a past day needs it
}

// parseAssignee reads who shall hold a role: null or nothing for nobody, the id or
// name of a person as a string, or {"id": …}, which must be somebody's.
func parseAssignee(role roster.RoleID, data json.RawMessage) (wish, error) {
	if len(data) == 0 || string(data) == "null" {
		return wish{role: role}, nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		if text == "" {
			return wish{}, errors.New("the name is empty; null means nobody")
		}
		return wish{role: role, text: text}, nil
	}
	var ref struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &ref) != nil || ref.ID == "" {
		return wish{}, errors.New(`not a person; give an id or a name, {"id": …}, or null for nobody`)
	}
	return wish{role: role, text: ref.ID, known: true}, nil
}

// apiPutDay answers PUT /api/v1/teams/{team}/days/{date}: the day becomes what the
// body says; a role that is not there becomes nobody's.
func (s *Server) apiPutDay(w http.ResponseWriter, r *http.Request) error {
	team, now, err := s.apiDayRequest(r)
	if err != nil {
		return err
	}
	wanted, wishes, body, err := readDayBody(r, team, now.Date)
	if err != nil {
		return err
	}
	if err := s.checkPast(team, now.Date, body.Why); err != nil {
		return err
	}
	people, err := s.Store.People(r.Context())
	if err != nil {
		return err
	}
	var added []roster.Person
	wanted.Assignments, added, err = s.assign(r.Context(), team, people, now, wishes, assignmentField)
	if err != nil {
		return err
	}
	return s.apiEditDay(w, r, team, now, wanted, body, roster.NewNames(append(people, added...)))
}

// checkPast refuses an edit of a past day without a reason before anything else is done.
func (s *Server) checkPast(team *roster.Team, d roster.Date, reason string) error {
	return roster.Edit{Reason: reason, Days: []roster.DayEdit{{Day: roster.Day{Date: d}}}}.CheckPast(team.Present(s.Now()))
}

// apiClearDay answers DELETE /api/v1/teams/{team}/days/{date}?why=: the day, empty.
func (s *Server) apiClearDay(w http.ResponseWriter, r *http.Request) error {
	team, now, err := s.apiDayRequest(r)
	if err != nil {
		return err
	}
	reason, err := roster.ParseReason(r.URL.Query().Get(roster.ReasonField))
	if err != nil {
		return roster.FieldErrors{{Field: roster.ReasonField, Message: err.Error()}}
	}
	wanted := roster.Day{Date: now.Date, Assignments: map[roster.RoleID]roster.PersonID{}}
	for role, person := range now.Assignments {
		if !team.HasRole(role) {
			wanted.Assignments[role] = person
		}
	}
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	return s.apiEditDay(w, r, team, now, wanted, dayBody{Why: reason}, names)
}

func assignmentField(role roster.RoleID) string { return "assignments." + string(role) }

// readDayBody reads the day that is wanted, as far as that goes without the people,
// and the body, its reason tidied.
func readDayBody(r *http.Request, team *roster.Team, d roster.Date) (wanted roster.Day, wishes []wish, body dayBody, err error) {
	if err := parseJSON(r, &body); err != nil {
		return wanted, nil, body, err
	}
	var errs roster.FieldErrors
	for _, role := range slices.Sorted(maps.Keys(body.Assignments)) {
		if !team.HasRole(roster.RoleID(role)) {
			errs.Add("assignments."+role, errors.New("the team has no such role"))
		}
	}
	for _, role := range team.Roles {
		w, err := parseAssignee(role.ID, body.Assignments[string(role.ID)])
		if err != nil {
			errs.Add(assignmentField(role.ID), err)
		}
		wishes = append(wishes, w)
	}
	wanted.Date = d
	if wanted.Note, err = roster.ParseNote(body.Note); err != nil {
		errs.Add("note", err)
	}
	if body.Date != nil && *body.Date != d.String() {
		errs.Add("date", errors.New("the date is not that of the address"))
	}
	if body.Why, err = roster.ParseReason(body.Why); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	return wanted, wishes, body, errs.Err()
}

// apiEditDay saves what is wanted under the request's preconditions and answers with
// the day as the edit left it.
func (s *Server) apiEditDay(w http.ResponseWriter, r *http.Request, team *roster.Team, now, wanted roster.Day, body dayBody, names roster.Names) error {
	id, err := s.changeID(r.Context(), "day")
	if err != nil {
		return err
	}
	pre, err := parsePreconditions(r, body.Revision)
	if err != nil {
		return err
	}
	for {
		edit := roster.Edit{
			Change: id, Actor: actor(r), Why: roster.WhyEdit, Reason: body.Why, Time: s.Now(),
			Days: []roster.DayEdit{{BasedOn: pre.basedOn(now, id), Day: wanted}},
		}
		saved, err := s.save(r.Context(), team, edit)
		if conflict, ok := errors.AsType[*store.ConflictError[[]roster.Day]](err); ok {
			if now = conflict.Current[0]; !pre.hold(now) {
				return pre.refusal()
			}
			if err := r.Context().Err(); err != nil {
				return &store.UnavailableError{Err: err}
			}
			continue // nothing was stated about a revision: the last edit wins
		}
		if err != nil {
			return err
		}
		day := saved.Days[0]
		if saved.Repeated {
			if day, err = s.asFirstAnswered(r.Context(), team.ID, day, wanted, id); err != nil {
				return err
			}
		}
		return answerDay(w, team, day, names)
	}
}

// asFirstAnswered is the day as a repeated edit left it the first time. A key that
// comes with something else than then is refused.
func (s *Server) asFirstAnswered(ctx context.Context, team roster.TeamID, now, wanted roster.Day, id roster.ChangeID) (roster.Day, error) {
	var history []roster.Change
	q := store.OfDay(now.Date)
	for {
		page, err := s.Store.Changes(ctx, team, q)
		if err != nil {
			return now, err
		}
		history = append(history, page.Changes...)
		day, found := roster.AsOf(now, history, id)
		switch {
		case found && day.Same(wanted):
			return day, nil
		case found:
			return now, &refusal{http.StatusUnprocessableEntity, "idempotency-key-reused", "The key was used for another edit",
				"This Idempotency-Key came with another body before. Use a new key for a new edit.", nil}
		case page.Next == "":
			return now, nil // its history is not kept here; what is said now is all there is
		}
		q.Cursor = page.Next
	}
}

func describeDays(d *describer) {
	d.group("Days", "Who holds which role on which day. A day always exists, if only empty.")
	openapi.Answered[personRef](&d.Types, "PersonRef", "Somebody, in short.", openapi.Notes{
		"name": {Text: "The name as it is now."},
	})
	assignments := openapi.MapOf(openapi.SchemaAt("RoleID"), openapi.OrNull(openapi.SchemaAt("PersonRef")))
	openapi.Answered[shiftJSON](&d.Types, "Shift", "The time that belongs to a day, with the offsets of the team's zone.", openapi.Notes{
		"start": {Text: "The hand-off on the date."},
		"end":   {Text: "The hand-off on the next date; it belongs to the next day."},
	})
	openapi.Answered[dayJSON](&d.Types, "Day", "One day of a team's roster.", openapi.Notes{
		"assignments": {Text: "Who holds each role of the team, by the role's id; null is nobody.", Schema: assignments},
		"note":        {Text: "What else is to be known of the day.", Schema: textSchema(roster.MaxNote)},
		"revision":    {Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Answered[daysJSON](&d.Types, "Days", "A range of days.", openapi.Notes{
		"to":   {Text: "The last date, included."},
		"days": {Text: "One for each date, in order."},
	})
	d.Add("Assignee", &openapi.Schema{
		Description: "Who shall hold a role: the id or the name of a person, of whom a new one is made if nobody has it; an object with the id of somebody who must be known; null for nobody.",
		OneOf: []*openapi.Schema{
			{Type: "string", MinLength: 1},
			{Type: "object", Required: []string{"id"}, Properties: openapi.Properties{
				{Name: "id", Schema: openapi.SchemaAt("PersonID")}, {Name: "name", Schema: &openapi.Schema{Description: "Not looked at."}},
			}},
			{Type: "null"},
		},
		Examples: []any{"Ana Ruiz", map[string]string{"id": "ana-ruiz"}, nil},
	})
	openapi.Sent[dayBody](&d.Types, "DayToBe", "A day as it shall be. What GET gives can be sent back.", openapi.Notes{
		"assignments": {
			Text:   "Who shall hold each role, by the role's id. A role that is not there becomes nobody's.",
			Schema: openapi.MapOf(openapi.SchemaAt("RoleID"), openapi.SchemaAt("Assignee")),
		},
		"note":     {Text: "At most 280 characters."},
		"date":     {Text: "If there, that of the path.", Schema: openapi.SchemaAt("Date")},
		"revision": {Text: "If there, and without If-Match, the revision that the edit is based on.", Schema: openapi.SchemaAt("Revision")},
		"shift":    {Text: "Not looked at.", Schema: &openapi.Schema{}},
		"why":      {Text: "The reason, for the history. A day whose shift is over needs one."},
	})
	d.add(operation{
		id: "listDays", method: "GET", path: "/teams/{team}/days", summary: "Read a range of days",
		query:    rangeParameters(),
		answers:  []answered{{status: http.StatusOK, text: "The days.", value: daysJSON{}}},
		examples: []example{{summary: "Two days", target: "/teams/ops/days?from=2026-11-23&to=2026-11-24"}},
	}, operation{
		id: "getDay", method: "GET", path: "/teams/{team}/days/{date}", summary: "Read a day", tagged: true,
		answers:  []answered{{status: http.StatusOK, text: "The day.", value: dayJSON{}}},
		examples: []example{{summary: "A day", target: "/teams/ops/days/2026-11-23"}},
	}, operation{
		id: "putDay", method: "PUT", path: "/teams/{team}/days/{date}", summary: "Replace a day",
		text:  "The whole day becomes what the body says, note included. An unknown name makes a new person.",
		takes: dayBody{}, tagged: true, onlyNew: true,
		answers: []answered{{status: http.StatusOK, text: "The day as it is now.", value: dayJSON{}}},
		examples: []example{
			{
				summary: "Ana takes Thursday, Bo is her second", target: "/teams/ops/days/2026-11-26",
				body: `{"assignments":{"primary":"Ana Ruiz","secondary":{"id":"bo-chen"}},"note":"Release day"}`,
			},
			{
				summary: "Change a day only if nobody else has", target: "/teams/ops/days/2026-11-23",
				header: []string{"If-Match", `"{etag}"`, "Idempotency-Key", "5f0c3c2e"},
				body:   `{"assignments":{"primary":"bo-chen"}}`,
			},
		},
	}, operation{
		id: "clearDay", method: "DELETE", path: "/teams/{team}/days/{date}", summary: "Empty a day",
		tagged: true, onlyNew: true, refuses: []int{http.StatusUnprocessableEntity},
		query:    []parameter{{roster.ReasonField, "The reason, for the history. A day whose shift is over needs one.", &openapi.Schema{Type: "string"}}},
		answers:  []answered{{status: http.StatusOK, text: "The day, empty.", value: dayJSON{}}},
		examples: []example{{summary: "Nobody on Tuesday", target: "/teams/ops/days/2026-11-24"}},
	})
}

// rangeParameters are those that queryRange reads.
func rangeParameters() []parameter {
	return []parameter{
		{"from", "The first date; today if not given.", openapi.SchemaAt("Date")},
		{"to", "The last date, included; 34 days after the first if not given. A range has at most 366 days.", openapi.SchemaAt("Date")},
	}
}
