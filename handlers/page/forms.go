package page

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
)

// teamForm is what every form of a team's begins with: its fields and the team.
func (s *Site) teamForm(r *http.Request) (*roster.Team, url.Values, error) {
	fields, err := web.ParseForm(r)
	if err != nil {
		return nil, nil, err
	}
	team, err := s.TeamOf(r)
	return team, fields, err
}

// personForm is to people what teamForm is to teams.
func (s *Site) personForm(r *http.Request) (roster.Person, url.Values, error) {
	fields, err := web.ParseForm(r)
	if err != nil {
		return roster.Person{}, nil, err
	}
	p, err := s.PersonOf(r)
	return p, fields, err
}

// sentBack is a form that was not saved and goes back to whoever sent it.
type sentBack[T any] struct {
	status int // 409 or 422
	now    T   // what the form is of, as it is now
	errors roster.FieldErrors
}

// sendBack makes the error of a form's save a form that is sent back; ok is false for
// any other error, and for none. was is what the form is of, as it was read; what says
// in a sentence what that is.
func sendBack[T any](err error, was T, what string) (back sentBack[T], ok bool) {
	if conflict, ok := errors.AsType[*store.ConflictError[T]](err); ok {
		return sentBack[T]{http.StatusConflict, conflict.Current, roster.FieldErrors{{
			Message: "Someone else changed " + what + " meanwhile. What you typed is kept; look at it and save again.",
		}}}, true
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return sentBack[T]{http.StatusUnprocessableEntity, was, refused}, true
	}
	return sentBack[T]{}, false
}

// atFields names the refused fields of an error as a form does; fieldOf gives the
// form's name of each, "" for what belongs to no field and stands at the top.
func atFields(err error, fieldOf func(field string) string) error {
	refused, ok := errors.AsType[roster.FieldErrors](err)
	if !ok {
		return err
	}
	errs := slices.Clone(refused)
	for i := range errs {
		errs[i].Field = fieldOf(errs[i].Field)
	}
	return errs
}

// fieldOfList is a function for atFields: a message about part of a list, as
// roles.0, stands at the form's field for the whole list.
func fieldOfList(field string) string {
	list, _, _ := strings.Cut(field, ".")
	return list
}

// firstValues are a form's fields with one value each.
func firstValues(fields url.Values) map[string]string {
	first := make(map[string]string, len(fields))
	for name := range fields {
		first[name] = fields.Get(name)
	}
	return first
}
