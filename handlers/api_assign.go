package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
)

// assignmentBody is who shall hold a role on a day.
type assignmentBody struct {
	Date     string          `json:"date"`
	Role     string          `json:"role"`
	Person   json.RawMessage `json:"person"`   // see parseAssignee; must be there
	Revision *string         `json:"revision"` // if there, the day's that this is based on
}

// assignmentsBody is what POST takes.
type assignmentsBody struct {
	Days []assignmentBody `json:"days"`
	Why  string           `json:"why"` // the reason; days whose shifts are over need one
}

// assignedJSON is what was done: the days as they are now.
type assignedJSON struct {
	Group roster.ChangeID `json:"group"`
	Days  []dayJSON       `json:"days"`
}

// apiAssign answers POST /api/v1/teams/{team}/days: the seats of the list pass to whom it
// says, all other roles and notes stay. It is one group of changes, which can be undone
// as a whole. With a revision that is stale it is 412 and nothing is changed, or, where
// somebody was faster between two months, the months that the answer names.
func (s *Server) apiAssign(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	var body assignmentsBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	in, wishes, err := readSeats(team, body.Days)
	if err != nil {
		return err
	}
	reason, err := roster.ParseReason(body.Why)
	if err != nil {
		return roster.FieldErrors{{Field: roster.ReasonField, Message: err.Error()}}
	}
	today := team.Present(s.Now())
	past := func(a roster.Assignment) bool { return a.Date.Before(today) }
	if i := slices.IndexFunc(in.Assignments, past); i >= 0 && reason == "" {
		return roster.NeedsReason(in.Assignments[i].Date)
	}
	people, err := s.Store.People(r.Context())
	if err != nil {
		return err
	}
	ids, added, err := s.whoIsMeant(r.Context(), people, wishes)
	if err != nil {
		return err
	}
	what := "days"
	for i, id := range ids {
		a := &in.Assignments[i]
		a.Person = id
		what += fmt.Sprintf(" %s %s %s", a.Date, a.Role, id)
	}
	act := roster.Act{Actor: actor(r), Time: s.Now(), Reason: reason}
	if act.Group, err = s.changeID(r.Context(), what); err != nil {
		return err
	}
	done, err := s.saveAssignments(r.Context(), team.ID, in, act)
	if err != nil {
		return err
	}
	if len(done.stale) > 0 {
		return staleSeats(in, done)
	}
	answer := assignedJSON{act.Group, []dayJSON{}}
	names := roster.NewNames(append(people, added...))
	slices.SortFunc(done.days, func(a, b roster.Day) int { return a.Date.Compare(b.Date) })
	for _, d := range done.days {
		answer.Days = append(answer.Days, newDayJSON(team, d, names))
	}
	return answerJSON(w, http.StatusOK, answer)
}

// readSeats reads the list as far as that goes without the people. What is refused is a
// roster.FieldErrors.
func readSeats(team *roster.Team, list []assignmentBody) (in roster.AssignInput, wishes []wish, err error) {
	var errs roster.FieldErrors
	in.Why = roster.WhyEdit
	if len(list) == 0 {
		errs.Add("days", errors.New("give at least one day with its role and person"))
	}
	seen := map[roster.Seat]bool{}
	for i, seat := range list {
		field := fieldAt("days", i)
		a := roster.Assignment{Seat: roster.Seat{Role: roster.RoleID(seat.Role)}}
		if a.Date, err = roster.ParseDate(seat.Date); err != nil {
			errs.Add(field+".date", err)
		} else if i > 0 && !in.Assignments[0].Date.IsZero() && !within(in.Assignments[0].Date, a.Date) {
			errs.Add(field+".date", errTooFar)
		}
		if !team.HasRole(a.Role) {
			errs.Add(field+".role", errors.New("the team has no such role"))
		}
		if seen[a.Seat] {
			errs.Add(field, fmt.Errorf("%s of %s is in the list twice", a.Role, a.Date))
		}
		seen[a.Seat] = true
		w, err := parseAssignee(a.Role, seat.Person)
		if len(seat.Person) == 0 {
			err = errors.New("say who; null is nobody")
		}
		if err != nil {
			errs.Add(field+".person", err)
		}
		w.on, w.field = a.Date, field+".person"
		if seat.Revision != nil {
			a.BasedOn = new(roster.Revision(*seat.Revision))
		}
		in.Assignments, wishes = append(in.Assignments, a), append(wishes, w)
	}
	return in, wishes, errs.Err()
}

var errTooFar = fmt.Errorf("one request is about at most %d days", maxDays)

// within reports whether two dates fit into one request.
func within(a, b roster.Date) bool {
	n := a.DaysUntil(b)
	return -maxDays < n && n < maxDays
}

// staleSeats is a 412 that names each seat whose day has changed.
func staleSeats(in roster.AssignInput, done assigned) error {
	answer := *errStale
	if len(done.months) > 0 {
		answer.detail = fmt.Sprintf("Saved are %s; the other months are as they were. Read them again and send the rest.", listOf(done.months))
	}
	for _, old := range done.stale {
		i := slices.IndexFunc(in.Assignments, func(a roster.Assignment) bool { return a.Seat == old.Seat })
		answer.fields = append(answer.fields, roster.FieldError{
			Field: fieldAt("days", i) + ".revision", Message: fmt.Sprintf("%s is at revision %q now", old.Date, old.Now.Revision),
		})
	}
	return &answer
}

func listOf(months []roster.Month) string {
	texts := make([]string, len(months))
	for i, m := range months {
		texts[i] = m.First().Format("January 2006")
	}
	return strings.Join(texts, ", ")
}

func describeAssign(d *describer) {
	openapi.Sent[assignmentBody](&d.Types, "AssignmentToBe", "Who shall hold a role on a day.", openapi.Notes{
		"date":     {Must: true, Schema: openapi.SchemaAt("Date")},
		"role":     {Must: true, Schema: openapi.SchemaAt("RoleID")},
		"person":   {Must: true, Schema: openapi.SchemaAt("Assignee")},
		"revision": {Text: "If there, the revision of the day that this is based on.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Sent[assignmentsBody](&d.Types, "AssignmentsToBe", "Who shall hold which roles on which days.", openapi.Notes{
		"days": {Text: "All within 366 days, each role of a day once.", Must: true},
		"why":  {Text: "The reason, for the history. Days whose shifts are over need one."},
	})
	openapi.Answered[assignedJSON](&d.Types, "Assigned", "What was done.", openapi.Notes{
		"group": {Text: "What undo takes to take all of it back."},
		"days":  {Text: "The days as they are now, in order."},
	})
	d.add(operation{
		id: "assignDays", method: "POST", path: "/teams/{team}/days", summary: "Assign seats on several days",
		text:  "Other roles and notes stay as they are. Where a revision is stale it is 412, and nothing is changed, or only the months that the answer names.",
		takes: assignmentsBody{}, refuses: []int{http.StatusPreconditionFailed},
		answers: []answered{{status: http.StatusOK, text: "What was done.", value: assignedJSON{}}},
		examples: []example{{
			summary: "Bo takes two days", target: "/teams/ops/days",
			body: `{"days":[{"date":"2026-11-28","role":"primary","person":"bo-chen"},{"date":"2026-11-29","role":"primary","person":"bo-chen"}]}`,
		}},
	})
}
