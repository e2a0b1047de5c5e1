package handlers

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// addAbsence answers POST /people/{person}/absences: 303 to the person, 409 or 422 the
// form with what was typed.
func (s *Server) addAbsence(w http.ResponseWriter, r *http.Request) error {
	return s.changeAbsences(w, r, func(p *roster.Person, fields url.Values) error {
		a, err := absenceFields(fields)
		if err == nil {
			p.Absences = append(slices.Clone(p.Absences), a)
		}
		return err
	})
}

// removeAbsence answers POST /people/{person}/absences/remove: 303 to the person. An
// absence that is not there is gone already.
func (s *Server) removeAbsence(w http.ResponseWriter, r *http.Request) error {
	return s.changeAbsences(w, r, func(p *roster.Person, fields url.Values) error {
		a, err := absenceFields(fields)
		p.Absences = slices.DeleteFunc(slices.Clone(p.Absences), func(old roster.Absence) bool {
			return old.From == a.From && old.To == a.To
		})
		return err
	})
}

func absenceFields(fields url.Values) (a roster.Absence, err error) {
	var errs roster.FieldErrors
	if a.From, err = roster.ParseDate(fields.Get("from")); err != nil {
		errs.Add("from", err)
	}
	if a.To, err = roster.ParseDate(fields.Get("to")); err != nil {
		errs.Add("to", err)
	}
	a.Note = fields.Get("note")
	return a, errs.Err()
}

func (s *Server) changeAbsences(w http.ResponseWriter, r *http.Request, change func(*roster.Person, url.Values) error) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.person(r)
	if err != nil {
		return err
	}
	changed := p
	if err = change(&changed, fields); err == nil {
		_, err = s.updatePerson(r.Context(), changed, roster.Revision(fields.Get("revision")))
	}
	values := personValues(p)
	maps.Copy(values, firstValues(fields))
	if conflict, ok := errors.AsType[*store.ConflictError[roster.Person]](err); ok {
		values["revision"] = string(conflict.Current.Revision)
		return s.showPerson(w, r, http.StatusConflict, conflict.Current, views.PersonForm{Values: values, Errors: roster.FieldErrors{
			{Message: "Someone else changed this person meanwhile. What you typed is kept; look at it and save again."},
		}})
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showPerson(w, r, http.StatusUnprocessableEntity, p, views.PersonForm{Values: values, Errors: absenceErrors(refused)})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?saved", http.StatusSeeOther)
	return nil
}

// absenceErrors names the fields of an absence as its form does.
func absenceErrors(refused roster.FieldErrors) roster.FieldErrors {
	errs := slices.Clone(refused)
	for i, e := range errs {
		if strings.HasPrefix(e.Field, "absences") {
			parts := strings.Split(e.Field, ".")
			errs[i].Field = parts[len(parts)-1]
			if len(parts) < 3 {
				errs[i].Field = "from"
			}
		}
	}
	return errs
}
