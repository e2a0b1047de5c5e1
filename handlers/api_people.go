package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"dailyroster/store"
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

// apiPeople answers GET /api/v1/people.
func (s *Server) apiPeople(w http.ResponseWriter, r *http.Request) error {
	people, err := s.ListedPeople(r.Context())
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, peopleJSON{emptyNotNull(people)})
}

// apiPerson answers GET /api/v1/people/{person}.
func (s *Server) apiPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, p, p.Revision)
}

// apiMakePerson answers POST /api/v1/people: 201 the person.
func (s *Server) apiMakePerson(w http.ResponseWriter, r *http.Request) error {
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
		p, err = s.AddPerson(r.Context(), p, false)
	} else {
		p, err = s.PutPerson(r.Context(), p, "")
	}
	if errors.Is(err, store.ErrConflict) {
		return roster.FieldErrors{{Field: "id", Message: fmt.Sprintf("the id %s belongs to somebody already", p.ID)}}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", apiPrefix+"/people/"+string(p.ID))
	return answerEntity(w, r, http.StatusCreated, p, p.Revision)
}

// apiPutPerson answers PUT /api/v1/people/{person}.
func (s *Server) apiPutPerson(w http.ResponseWriter, r *http.Request) error {
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
	if err := s.checkActive(r.Context(), was, p, body); err != nil {
		return err
	}
	if err := s.holdOrRefuse(r, body.Revision, "person "+string(p.ID), seen); err != nil {
		return err
	}
	if p, err = s.PutPerson(r.Context(), p, seen); err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, p, p.Revision)
}

// checkActive refuses a PUT by which a roster or rotation would go on with somebody who
// is not active any more: deactivating takes them off. A person who is active again has
// no day from which they are not.
func (s *Server) checkActive(ctx context.Context, was, is roster.Person, body personBody) error {
	if body.InactiveFrom != nil && *body.InactiveFrom != was.InactiveFrom {
		return roster.FieldErrors{{Field: "inactiveFrom", Message: "this changes by POST to the person's deactivate and activate"}}
	}
	if was.Active == is.Active || is.Active {
		return nil
	}
	today, err := s.EarliestToday(ctx)
	if err != nil {
		return err
	}
	l, err := s.PlanLeave(ctx, was, today)
	if err == nil && len(l.Teams) > 0 {
		return roster.FieldErrors{{Field: "active", Message: fmt.Sprintf(
			"%s is on call or in a rotation from %s on; POST to the person's deactivate takes them off", was.Name, today)}}
	}
	return err
}

// apiRemovePerson answers DELETE /api/v1/people/{person}: 204. The person leaves all
// rotations, and their days from today on become gaps, as when they are deactivated.
func (s *Server) apiRemovePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	if err := s.holdOrRefuse(r, nil, "person "+string(p.ID), p.Revision); err != nil {
		return err
	}
	today, err := s.EarliestToday(r.Context())
	if err != nil {
		return err
	}
	group, err := s.ChangeID(r.Context(), "leaving")
	if err != nil {
		return err
	}
	act := roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: LeaveReason(p, true)}
	if _, err := s.Leave(r.Context(), p, p.Revision, today, true, act, callerOf(r.Context()).mayEdit); err != nil {
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
	d.add(operation{
		id: "listPeople", method: "GET", path: "/people", summary: "List the people",
		answers:  []answered{{status: http.StatusOK, text: "The people.", value: peopleJSON{}}},
		examples: []example{{summary: "Everybody", target: "/people"}},
	}, operation{
		id: "makePerson", method: "POST", path: "/people", summary: "Add a person", takes: personBody{}, tagged: true,
		answers:  []answered{{status: http.StatusCreated, text: "The new person.", value: roster.Person{}, located: true}},
		examples: []example{{summary: "A new colleague", target: "/people", body: `{"name":"Cleo Varga","email":"cleo@example.org","zone":"Europe/Budapest"}`}},
	}, operation{
		id: "getPerson", method: "GET", path: "/people/{person}", summary: "Read a person", tagged: true,
		answers:  []answered{{status: http.StatusOK, text: "The person.", value: roster.Person{}}},
		examples: []example{{summary: "A person", target: "/people/ana-ruiz"}},
	}, operation{
		id: "putPerson", method: "PUT", path: "/people/{person}", summary: "Change a person", takes: personBody{}, tagged: true,
		text:    "E-mail, phone and zone become what the body says, or empty.",
		answers: []answered{{status: http.StatusOK, text: "The person as it is now.", value: roster.Person{}}},
		examples: []example{{
			summary: "Ana is away for a week", target: "/people/ana-ruiz", header: []string{"If-Match", `"{etag}"`},
			body: `{"name":"Ana Ruiz","email":"ana@example.org","absences":[{"from":"2026-12-07","to":"2026-12-13","note":"Holiday"}]}`,
		}},
	}, operation{
		id: "removePerson", method: "DELETE", path: "/people/{person}", summary: "Remove a person", tagged: true,
		text:     "The person leaves all rotations and all days from today on, which become gaps, as with deactivating. The past still names the person.",
		answers:  []answered{{status: http.StatusNoContent, text: "The person is removed."}},
		examples: []example{{summary: "Remove a person", target: "/people/bo-chen"}},
	})
}
