package handlers

import (
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
}

// apply puts what the body says into the person.
func (b personBody) apply(p *roster.Person) error {
	p.Name, p.Email, p.Phone, p.Zone = b.Name, b.Email, b.Phone, roster.Zone{}
	if b.Absences != nil {
		p.Absences = *b.Absences
	}
	if b.Active != nil {
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
	seen := p.Revision
	if err := body.apply(&p); err != nil {
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

// apiRemovePerson answers DELETE /api/v1/people/{person}: 204. Where the roster names
// the person, it still does.
func (s *Server) apiRemovePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	if err := s.holdOrRefuse(r, nil, "person "+string(p.ID), p.Revision); err != nil {
		return err
	}
	seen := p.Revision
	p.Removed, p.Active = true, false
	if _, err := s.updatePerson(r.Context(), p, seen); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
