package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"dailyroster/desk"
	"dailyroster/roster"
)

// ParseForm reads a form's fields, from the body and the query.
func ParseForm(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, err
		}
		return nil, BadRequest("the form cannot be read")
	}
	return r.Form, nil
}

// FieldAt names an element of a list as messages do: settings.0.
func FieldAt(list string, i int) string { return list + "." + strconv.Itoa(i) }

// ParseFill reads a fill from its first to its last day; of is the act that emptied the seats
// to fill, "" for any seat. What it refuses is a roster.FieldErrors.
func ParseFill(from, to, of, reason string) (w desk.FillWish, err error) {
	var errs roster.FieldErrors
	if w.From, err = roster.ParseDate(from); err != nil {
		errs.Add("from", err)
	}
	if w.To, err = roster.ParseDate(to); err != nil {
		errs.Add("to", err)
	}
	if of != "" {
		if w.Of, err = roster.ParseChangeID(of); err != nil {
			errs.Add("of", err)
		}
	}
	if w.Reason, err = roster.ParseReason(reason); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	return w, errs.Err()
}
