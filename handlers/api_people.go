package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

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

// apiPeople answers GET /api/v1/people.
func (s *Server) apiPeople(w http.ResponseWriter, r *http.Request) error {
	people, err := s.listedPeople(r.Context())
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, map[string]any{"people": emptyNotNull(people)})
}

// apiPerson answers GET /api/v1/people/{person}.
func (s *Server) apiPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
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
		p, err = s.addPersonNamed(r.Context(), p, false)
	} else {
		p, err = s.updatePerson(r.Context(), p, "")
	}
	if _, taken := errors.AsType[*store.ConflictError[roster.Person]](err); taken {
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
	p, err := s.person(r)
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
	if p, err = s.updatePerson(r.Context(), p, seen); err != nil {
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
	today, err := s.today(ctx)
	if err != nil {
		return err
	}
	l, err := s.planLeave(ctx, was, today)
	if err == nil && len(l.teams) > 0 {
		return roster.FieldErrors{{Field: "active", Message: fmt.Sprintf(
			"%s is on call or in a rotation from %s on; POST to the person's deactivate takes them off", was.Name, today)}}
	}
	return err
}

// apiRemovePerson answers DELETE /api/v1/people/{person}: 204. The person leaves all
// rotations, and their days from today on become gaps, as when they are deactivated.
func (s *Server) apiRemovePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	if err := s.holdOrRefuse(r, nil, "person "+string(p.ID), p.Revision); err != nil {
		return err
	}
	today, err := s.today(r.Context())
	if err != nil {
		return err
	}
	group, err := s.changeID(r.Context(), "leaving")
	if err != nil {
		return err
	}
	act := roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: leaveReason(p, true)}
	if _, err := s.leave(r.Context(), p, p.Revision, today, true, act); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
