package api

import (
	"context"
	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// personBody is what POST and PUT take: what GET gives, so that an answer can be sent
// back.
type personBody struct {
	ID       string            `json:"id"` // POST: made from the name if missing; PUT: if there, that of the path
	Name     string            `json:"name"`
	Email    string            `json:"email"`
	Phone    string            `json:"phone"`
	Zone     string            `json:"zone"`
	Active   *bool             `json:"active"`   // POST: true if missing; PUT: as it is
	Absences *[]roster.Absence `json:"absences"` // PUT: as they are if missing
	Revision *string           `json:"revision"` // PUT: if there, what the edit is based on
	Removed  json.RawMessage   `json:"removed"`  // not looked at
	// InactiveFrom is changed by deactivating, not by a PUT, which may only repeat it.
	InactiveFrom *roster.Date `json:"inactiveFrom"`
}

// apply puts what the body says into the person.
func (b personBody) apply(p *roster.Person) error {
	p.Name, p.Email, p.Phone, p.Zone = b.Name, b.Email, b.Phone, roster.Zone{}
	if b.Absences != nil {
		p.Absences = *b.Absences
	}
	if b.Active != nil {
		if *b.Active && !p.Active {
			p.InactiveFrom = roster.Date{}
		}
		p.Active = *b.Active
	}
	if b.Zone == "" {
		return nil
	}
	var err error
	if p.Zone, err = roster.ParseZone(b.Zone); err != nil {
		return roster.FieldErrors{{Field: "zone", Message: err.Error()}}
	}
	return nil
}

// peopleJSON is a list of people.
type peopleJSON struct {
	People []roster.Person `json:"people"`
}

// people answers GET /api/v1/people.
func (s *Site) people(w http.ResponseWriter, r *http.Request) error {
	people, err := s.Desk.ListedPeople(r.Context())
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, peopleJSON{emptyNotNull(people)})
}

// person answers GET /api/v1/people/{person}.
func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, p, p.Revision)
}

// makePerson answers POST /api/v1/people: 201 the person.
func (s *Site) makePerson(w http.ResponseWriter, r *http.Request) error {
	var body personBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	p := roster.Person{ID: roster.PersonID(body.ID), Active: true}
	err := body.apply(&p)
	if err != nil {
		return err
	}
	if body.ID == "" {
		if p.Name, err = roster.ParseName(p.Name); err != nil {
			return roster.FieldErrors{{Field: "name", Message: err.Error()}}
		}
		p, err = s.Desk.AddPerson(r.Context(), p, false)
	} else {
		p, err = s.Desk.ReplacePerson(r.Context(), p, "")
	}
	if errors.Is(err, store.ErrConflict) {
		return roster.FieldErrors{{Field: "id", Message: fmt.Sprintf("the id %s belongs to somebody already", p.ID)}}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", web.APIPrefix+"/people/"+string(p.ID))
	return answerEntity(w, r, http.StatusCreated, p, p.Revision)
}

// putPerson answers PUT /api/v1/people/{person}.
func (s *Site) putPerson(w http.ResponseWriter, r *http.Request) error {
	var body personBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	if body.ID != "" && body.ID != string(p.ID) {
		return roster.FieldErrors{{Field: "id", Message: "a person's id never changes"}}
	}
	seen, was := p.Revision, p
	if err := body.apply(&p); err != nil {
		return err
	}
	if err := s.MaySetActive(r.Context(), &was, &p); err != nil {
		return err
	}
	if err := s.checkActive(r.Context(), was, p, body); err != nil {
		return err
	}
	if err := s.HoldOrRefuse(r, body.Revision, "person "+string(p.ID), seen); err != nil {
		return err
	}
	if p, err = s.Desk.ReplacePerson(r.Context(), p, seen); err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, p, p.Revision)
}

// checkActive refuses a PUT by which a roster or rotation would go on with somebody who
// is not active any more: deactivating takes them off. A person who is active again has
// no day from which they are not.
func (s *Site) checkActive(ctx context.Context, was, is roster.Person, body personBody) error {
	if body.InactiveFrom != nil && *body.InactiveFrom != was.InactiveFrom {
		return roster.FieldErrors{{Field: "inactiveFrom", Message: "this changes by POST to the person's deactivate and activate"}}
	}
	if was.Active == is.Active || is.Active {
		return nil
	}
	today, err := s.Desk.EarliestToday(ctx)
	if err != nil {
		return err
	}
	l, err := s.Desk.PlanLeave(ctx, was, today)
	if err == nil && len(l.Teams) > 0 {
		return roster.FieldErrors{{Field: "active", Message: fmt.Sprintf(
			"%s is on call or in a rotation from %s on; POST to the person's deactivate takes them off", was.Name, today)}}
	}
	return err
}

// removePerson answers DELETE /api/v1/people/{person}: 204. The person leaves all
// rotations, and their days from today on become gaps, as when they are deactivated.
func (s *Site) removePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	if err := s.HoldOrRefuse(r, nil, "person "+string(p.ID), p.Revision); err != nil {
		return err
	}
	today, err := s.Desk.EarliestToday(r.Context())
	if err != nil {
		return err
	}
	group, err := s.Desk.ChangeID(r.Context(), "leaving")
	if err != nil {
		return err
	}
	act := roster.Act{Group: group, Actor: web.Actor(r), Time: s.Now(), Reason: desk.LeaveReason(p, true)}
	if _, err := s.Desk.Leave(r.Context(), p, p.Revision, today, true, act, web.CallerOf(r.Context()).MayEdit); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func describePeople(d *describer) {
	d.group("People", "Who can be on call.")
	openapi.Answered[roster.Absence](&d.Types, "Absence", "Days on which somebody is away.", openapi.Notes{
		"from":  {Text: "The first day."},
		"to":    {Text: "The last day, included."},
		"note":  {Text: "Why, or what else is to be known."},
		"event": {Text: "The event of a calendar that it came from; not there if it was entered."},
	})
	openapi.Answered[roster.Person](&d.Types, "Person", "Somebody who can be on call.", openapi.Notes{
		"name":         {Text: "The name."},
		"email":        {Text: "An address of e-mail, or empty."},
		"phone":        {Text: "As people write it, or empty."},
		"zone":         {Text: "Where the person lives, or empty.", Schema: orEmpty("Zone")},
		"active":       {Text: "Whether the person may be newly assigned, and is suggested."},
		"inactiveFrom": {Text: "The first day on which the person is active no more; not there for none."},
		"absences":     {Text: "In order of their first days."},
		"removed":      {Text: "Never there: a removed person is not given."},
	})
	openapi.Answered[peopleJSON](&d.Types, "People", "A list of people.", openapi.Notes{"people": {Text: "In order of ids."}})
	openapi.Sent[personBody](&d.Types, "PersonToBe", "A person as it shall be. What GET gives can be sent back.", openapi.Notes{
		"id":           {Text: "Made from the name if a new person has none; of a person that there is, its own."},
		"name":         {Text: "At most 80 characters.", Must: true},
		"email":        {Text: "One address, or empty."},
		"phone":        {Text: "As people write it, or empty."},
		"zone":         {Text: "The name of a time zone, or empty."},
		"active":       {Text: "If not given, true for a new person, as before for another."},
		"absences":     {Text: "As before if not given."},
		"inactiveFrom": {Text: "If there, as it is: deactivating changes it."},
		"revision":     {Text: "If there, and without If-Match, the revision that the edit is based on.", Schema: openapi.SchemaAt("Revision")},
		"removed":      {Text: "Not looked at.", Schema: &openapi.Schema{}},
	})
	d.add(Operation{
		ID: "listPeople", Method: "GET", Path: "/people", Summary: "List the people",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The people.", Value: peopleJSON{}}},
		Examples: []Example{{Summary: "Everybody", Target: "/people"}},
	}, Operation{
		ID: "makePerson", Method: "POST", Path: "/people", Summary: "Add a person", Takes: personBody{}, Tagged: true,
		Answers:  []Answered{{Status: http.StatusCreated, Text: "The new person.", Value: roster.Person{}, Located: true}},
		Examples: []Example{{Summary: "A new colleague", Target: "/people", Body: `{"name":"Cleo Varga","email":"cleo@example.org","zone":"Europe/Budapest"}`}},
	}, Operation{
		ID: "getPerson", Method: "GET", Path: "/people/{person}", Summary: "Read a person", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The person.", Value: roster.Person{}}},
		Examples: []Example{{Summary: "A person", Target: "/people/ana-ruiz"}},
	}, Operation{
		ID: "putPerson", Method: "PUT", Path: "/people/{person}", Summary: "Change a person", Takes: personBody{}, Tagged: true,
		Text:    "E-mail, phone and zone become what the body says, or empty.",
		Answers: []Answered{{Status: http.StatusOK, Text: "The person as it is now.", Value: roster.Person{}}},
		Examples: []Example{{
			Summary: "Ana is away for a week", Target: "/people/ana-ruiz", Header: []string{"If-Match", `"{etag}"`},
			Body: `{"name":"Ana Ruiz","email":"ana@example.org","absences":[{"from":"2026-12-07","to":"2026-12-13","note":"Holiday"}]}`,
		}},
	}, Operation{
		ID: "removePerson", Method: "DELETE", Path: "/people/{person}", Summary: "Remove a person", Tagged: true,
		Text:     "The person leaves all rotations and all days from today on, which become gaps, as with deactivating. The past still names the person.",
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "The person is removed."}},
		Examples: []Example{{Summary: "Remove a person", Target: "/people/bo-chen"}},
	})
}
