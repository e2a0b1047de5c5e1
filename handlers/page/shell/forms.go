package shell

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/words/said"
)

// TeamForm reads what every form of a team needs: its fields and the team.
func (s *Shell) TeamForm(r *http.Request) (*roster.Team, url.Values, error) {
	fields, err := web.ParseForm(r)
	if err != nil {
		return nil, nil, err
	}
	team, err := s.TeamOf(r)
	return team, fields, err
}

// PersonForm is TeamForm for people.
func (s *Shell) PersonForm(r *http.Request) (roster.Person, url.Values, error) {
	fields, err := web.ParseForm(r)
	if err != nil {
		return roster.Person{}, nil, err
	}
	p, err := s.PersonOf(r)
	return p, fields, err
}

// SentBack is a form that was not saved and goes back to its sender.
type SentBack[T any] struct {
	Status int // 409 or 422
	Now    T   // what the form changes, as it is now
	Errors roster.FieldErrors
}

// SendBack turns the error of saving a form into a form that goes back to its sender; ok is
// false for any other error, and for none. was is what the form changes, as it was read; what
// names it in a sentence.
func SendBack[T any](err error, was T, what error) (back SentBack[T], ok bool) {
	if conflict, ok := errors.AsType[*store.ConflictError[T]](err); ok {
		return SentBack[T]{http.StatusConflict, conflict.Current, roster.FieldErrors{{
			Err: said.Whole("Someone else changed %s while you were editing. What you typed is still here; check it and save again.", what),
		}}}, true
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return SentBack[T]{http.StatusUnprocessableEntity, was, refused}, true
	}
	return SentBack[T]{}, false
}

// AtFields renames the refused fields of an error to those of a form. fieldOf returns the
// form's name for each, "" for a message that belongs to no field and stands at the top.
func AtFields(err error, fieldOf func(field string) string) error {
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

// FieldOfList is a function for AtFields: a message about an element of a list, such as
// roles.0, stands at the form's field for the whole list.
func FieldOfList(field string) string {
	list, _, _ := strings.Cut(field, ".")
	return list
}

// FirstValues returns a form's fields with one value each.
func FirstValues(fields url.Values) map[string]string {
	first := make(map[string]string, len(fields))
	for name := range fields {
		first[name] = fields.Get(name)
	}
	return first
}
