package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/words/said"
)

// assignmentBody is who gets a role on a day.
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

// assign answers POST /api/v1/teams/{team}/days: the seats of the list pass to whom it
// says, all other roles and notes stay. It is one group of changes, which can be undone
// as a whole. With a revision that is stale it is 412 and nothing is changed, or, where
// somebody was faster between two months, the months that the answer names.
func (s *Site) assign(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	var body assignmentsBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	wish, what, err := readSeats(team, body.Days)
	if err != nil {
		return err
	}
	wish.Act.Actor = web.Actor(r)
	if wish.Act.Reason, err = roster.ParseReason(body.Why); err != nil {
		return roster.FieldErrors{{Field: roster.ReasonField, Err: err}}
	}
	if wish.Act.Group, err = s.Desk.ChangeID(r.Context(), what); err != nil {
		return err
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	done, err := s.Desk.Assign(r.Context(), team, names, wish)
	if err != nil {
		return err
	}
	if len(done.Stale) > 0 {
		return staleSeats(done)
	}
	answer := assignedJSON{wish.Act.Group, []dayJSON{}}
	if len(done.Added) > 0 {
		names = names.With(done.Added)
	}
	for _, d := range done.Days {
		answer.Days = append(answer.Days, newDayJSON(team, d, names))
	}
	return answerJSON(w, http.StatusOK, answer)
}

// readSeats reads the list as far as that goes without the people. what tells it from
// another list under the same key. What is refused is a roster.FieldErrors.
func readSeats(team *roster.Team, list []assignmentBody) (wish desk.AssignWish, what string, err error) {
	var errs roster.FieldErrors
	wish.Why = roster.WhyEdit
	if len(list) == 0 {
		errs.Add("days", errors.New("give at least one day with its role and person"))
	}
	seen := map[roster.Seat]bool{}
	what = "days"
	for i, body := range list {
		field := web.FieldAt("days", i)
		seat := desk.SeatWish{}
		if seat.Date, err = roster.ParseDate(body.Date); err != nil {
			errs.Add(field+".date", err)
		} else if i > 0 && !wish.Seats[0].Date.IsZero() && !desk.Within(wish.Seats[0].Date, seat.Date) {
			errs.Add(field+".date", desk.ErrTooFar)
		}
		role := roster.RoleID(body.Role)
		if !team.HasRole(role) {
			errs.Add(field+".role", errors.New("the team has no such role"))
		}
		if at := (roster.Seat{Date: seat.Date, Role: role}); seen[at] {
			errs.Add(field, fmt.Errorf("%s of %s is in the list twice", role, seat.Date))
		} else {
			seen[at] = true
		}
		seat.Wish, err = parseAssignee(role, body.Person)
		if len(body.Person) == 0 {
			err = errors.New("say who; null is nobody")
		}
		if err != nil {
			errs.Add(field+".person", err)
		}
		seat.Field = field + ".person"
		if body.Revision != nil {
			seat.BasedOn = new(roster.Revision(*body.Revision))
		}
		wish.Seats = append(wish.Seats, seat)
		what += fmt.Sprintf(" %s %s %s", seat.Date, role, seat.Text)
	}
	return wish, what, errs.Err()
}

// staleSeats is a 412 that names each seat whose day has changed.
func staleSeats(done desk.Assigned) error {
	answer := desk.Stale()
	if len(done.Months) > 0 {
		answer.Detail = said.Whole("Saved are %s; the other months are as they were. Read them again and send the rest.", roster.MonthsText(done.Months))
	}
	for _, old := range done.Stale {
		i := slices.IndexFunc(done.Asked, func(a planning.Assignment) bool { return a.Seat == old.Seat })
		answer.Fields = append(answer.Fields, roster.FieldError{
			Field: web.FieldAt("days", i) + ".revision", Err: fmt.Errorf("%s is at revision %q now", old.Date, old.Now.Revision),
		})
	}
	return answer
}

func describeAssign(d *describer) {
	openapi.Sent[assignmentBody](&d.Types, "AssignmentInput", "Who gets a role on a day.", openapi.Notes{
		"date":     {Must: true, Schema: openapi.SchemaAt("Date")},
		"role":     {Must: true, Schema: openapi.SchemaAt("RoleID")},
		"person":   {Must: true, Schema: openapi.SchemaAt("AssigneeInput")},
		"revision": {Text: "The revision of the day that this is based on. Optional.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Sent[assignmentsBody](&d.Types, "AssignmentsInput", "Who gets which roles on which days.", openapi.Notes{
		"days": {Text: fmt.Sprintf("All dates are within 366 days. Each role of a day appears at most once. At most %d of the people are new.", desk.MaxNewcomers), Must: true},
		"why":  {Text: "The reason, for the history. Required for days whose shifts are over."},
	})
	openapi.Answered[assignedJSON](&d.Types, "Assigned", "The result of assigning roles.", openapi.Notes{
		"group": {Text: "The group of these changes. Pass it to undo to undo all of them."},
		"days":  {Text: "The days after the change, in order."},
	})
	d.add(Operation{
		ID: "assignDays", Method: "POST", Path: "/teams/{team}/days", Summary: "Assign roles on several days",
		Text:  "Other roles and notes stay as they are. If a revision is stale, the answer is 412: nothing has changed, or only the months that the answer names.",
		Takes: assignmentsBody{}, Refuses: []int{http.StatusPreconditionFailed},
		Answers: []Answered{{Status: http.StatusOK, Text: "The days are assigned.", Value: assignedJSON{}}},
		Examples: []Example{{
			Summary: "Bo takes two days", Target: "/teams/ops/days",
			Body: `{"days":[{"date":"2026-11-28","role":"primary","person":"bo-chen"},{"date":"2026-11-29","role":"primary","person":"bo-chen"}]}`,
		}},
	})
}
