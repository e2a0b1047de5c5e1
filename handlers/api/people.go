package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
)

// people answers GET /api/v1/people?q=&limit=&cursor=.
func (s *Site) people(w http.ResponseWriter, r *http.Request) error {
	asked, err := web.QueryListing(r.URL.Query(), 0)
	if err != nil {
		return err
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	asked.Sees = reach.Searchable()
	people, next, err := s.Desk.People(r.Context(), asked)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, peopleJSON{each(people, func(p roster.Person) personJSON { return newPersonJSON(p, reach) }), next})
}

// person answers GET /api/v1/people/{person}.
func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.answerPerson(w, r, http.StatusOK, p)
}

func (s *Site) answerPerson(w http.ResponseWriter, r *http.Request, status int, p roster.Person) error {
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	return answerEntity(w, r, status, newPersonJSON(p, reach), p.Revision)
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
			return roster.FieldErrors{{Field: "name", Err: err}}
		}
		p, err = s.Desk.AddPerson(r.Context(), p, false)
	} else {
		p, err = s.Desk.ReplacePerson(r.Context(), p, "")
	}
	if errors.Is(err, store.ErrConflict) {
		return roster.FieldErrors{{Field: "id", Err: fmt.Errorf("the id %s belongs to somebody already", p.ID)}}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", web.APIPrefix+"/people/"+string(p.ID))
	return answerEntity(w, r, http.StatusCreated, newPersonJSON(p, web.ReachAll()), p.Revision) // the caller said all of it
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
		return roster.FieldErrors{{Field: "id", Err: errors.New("a person's id never changes")}}
	}
	seen, was := p.Revision, p
	if err := body.apply(&p); err != nil {
		return err
	}
	if err := s.KeepContact(r.Context(), &was, &p); err != nil {
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
	return s.answerPerson(w, r, http.StatusOK, p)
}

// checkActive refuses a PUT by which a roster or rotation would go on with somebody who
// is not active any more: deactivating takes them off. A person who is active again has
// no day from which they are not.
func (s *Site) checkActive(ctx context.Context, was, is roster.Person, body personBody) error {
	if body.InactiveFrom != nil && *body.InactiveFrom != was.InactiveFrom {
		return roster.FieldErrors{{Field: "inactiveFrom", Err: errors.New("this changes by POST to the person's deactivate and activate")}}
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
		return roster.FieldErrors{{Field: "active", Err: fmt.Errorf(
			"%s is on call or in a rotation from %s on; POST to the person's deactivate takes them off", was.Name, today)}}
	}
	return err
}

// removePerson answers DELETE /api/v1/people/{person}: 204. The person leaves all
// rotations, and their days from today on become gaps, as when they are deactivated.
func (s *Site) removePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonToRemove(r)
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
	d.group("People", "The people who can be on call.")
	describePersonAnswers(&d.Types)
	describePersonBodies(&d.Types)
	d.add(Operation{
		ID: "listPeople", Method: "GET", Path: "/people", Summary: "List the people", Query: listingQuery(), Text: listingText,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The people.", Value: peopleJSON{}}},
		Examples: []Example{{Summary: "Everybody", Target: "/people"}},
	}, Operation{
		ID: "makePerson", Method: "POST", Path: "/people", Summary: "Add a person", Takes: personBody{}, Tagged: true,
		Answers:  []Answered{{Status: http.StatusCreated, Text: "The new person.", Value: personJSON{}, Located: true}},
		Examples: []Example{{Summary: "A new colleague", Target: "/people", Body: `{"name":"Cleo Varga","email":"cleo@example.org","phone":"+36 1 234 5678","chat":"@cleo","zone":"Europe/Budapest"}`}},
	}, Operation{
		ID: "getPerson", Method: "GET", Path: "/people/{person}", Summary: "Read a person", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The person.", Value: personJSON{}}},
		Examples: []Example{{Summary: "A person", Target: "/people/ana-ruiz"}},
	}, Operation{
		ID: "putPerson", Method: "PUT", Path: "/people/{person}", Summary: "Change a person", Takes: personBody{}, Tagged: true,
		Text:    "If the body leaves out email, phone, chat or zone, they become empty.",
		Answers: []Answered{{Status: http.StatusOK, Text: "The person after the change.", Value: personJSON{}}},
		Examples: []Example{{
			Summary: "Ana is away for a week", Target: "/people/ana-ruiz", Header: []string{"If-Match", `"{etag}"`},
			Body: `{"name":"Ana Ruiz","email":"ana@example.org","absences":[{"from":"2026-12-07","to":"2026-12-13","note":"Holiday"}]}`,
		}},
	}, Operation{
		ID: "removePerson", Method: "DELETE", Path: "/people/{person}", Summary: "Remove a person", Tagged: true,
		Text:     "From today, the person leaves all rotations and their days become gaps, as when you deactivate a person. Past days still name the person.",
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "The person is removed."}},
		Examples: []Example{{Summary: "Remove a person", Target: "/people/bo-chen"}},
	})
}
