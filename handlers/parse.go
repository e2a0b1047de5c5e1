package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"dailyroster/roster"
	"dailyroster/views"
)

const (
	defaultDays = 35
)

// queryView is the range of days that ?from= and ?days= ask for, start and
// defaultDays where they don't.
func queryView(q url.Values, start roster.Date) (views.View, error) {
	v := views.View{From: start, Days: defaultDays}
	if from := q.Get("from"); from != "" {
		d, err := roster.ParseDate(from)
		if err != nil {
			return v, BadRequest("from: %v", err)
		}
		v.From = d
	}
	if days := q.Get("days"); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > MaxDays {
			return v, BadRequest("days: %q is not a number from 1 to %d", days, MaxDays)
		}
		v.Days = n
	}
	if v.To().Year > roster.MaxYear {
		return v, BadRequest("the range ends after the year %d", roster.MaxYear)
	}
	return v, nil
}

// queryRange is the range of days that ?from= and ?to= ask for, both included.
func queryRange(q url.Values, today roster.Date) (from, to roster.Date, err error) {
	from = today
	if text := q.Get("from"); text != "" {
		if from, err = roster.ParseDate(text); err != nil {
			return from, to, BadRequest("from: %v", err)
		}
	}
	to = from.AddDays(defaultDays - 1)
	if text := q.Get("to"); text != "" {
		if to, err = roster.ParseDate(text); err != nil {
			return from, to, BadRequest("to: %v", err)
		}
	}
	switch {
	case to.Before(from):
		return from, to, BadRequest("the range is reversed: %s comes before %s", to, from)
	case from.DaysUntil(to) >= MaxDays:
		return from, to, BadRequest("the range %s to %s is longer than %d days", from, to, MaxDays)
	case to.Year > roster.MaxYear:
		return from, to, BadRequest("the range ends after the year %d", roster.MaxYear)
	}
	return from, to, nil
}

// queryInstant is the instant that ?at= names (RFC 3339), now where it doesn't.
func queryInstant(q url.Values, now time.Time) (time.Time, error) {
	text := q.Get("at")
	if text == "" {
		return now, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.UTC().Year() <= roster.MinYear || t.UTC().Year() >= roster.MaxYear {
		return t, BadRequest("at: %q is not an instant; write it like 2026-11-23T09:00:00Z (and + as %%2B)", text)
	}
	return t, nil
}

// queryNumber is a number from 1 to most, or the fallback where none is given.
func queryNumber(q url.Values, name string, fallback, most int) (int, error) {
	text := q.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, BadRequest("%s: %q is not a number from 1 to %d", name, text, most)
	}
	return n, nil
}

// parseForm reads a form's fields, from the body and the query.
func parseForm(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, err
		}
		return nil, BadRequest("the form cannot be read")
	}
	return r.Form, nil
}

// parseJSON reads the body into v. A body that is not JSON is a 400, one with an
// unknown field or a value of the wrong kind a 422 at that field.
func parseJSON(r *http.Request, v any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return err
		}
		return BadRequest("the body cannot be read")
	}
	if !utf8.Valid(body) || !json.Valid(body) {
		return BadRequest("the body is not JSON")
	}
	if string(bytes.TrimSpace(body)) == "null" { // which Go would take for {}
		return roster.FieldErrors{{Message: "a JSON null does not fit here"}}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(v)
	if err == nil {
		return nil
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return roster.FieldErrors{{Field: kind.Field, Message: "a JSON " + kind.Value + " does not fit here"}}
	}
	if fields, ok := errors.AsType[roster.FieldErrors](err); ok {
		return fields
	}
	const unknown = "json: unknown field "
	if text := err.Error(); len(text) > len(unknown) && text[:len(unknown)] == unknown {
		name, err := strconv.Unquote(text[len(unknown):])
		if err != nil {
			name = text[len(unknown):]
		}
		return roster.FieldErrors{{Field: name, Message: "there is no such field"}}
	}
	return roster.FieldErrors{{Message: err.Error()}}
}

// fieldAt names an element of a list as messages do: settings.0.
func fieldAt(list string, i int) string { return list + "." + strconv.Itoa(i) }

// ParseFill reads a fill as it is written, from the first day to the last; of is the act that
// emptied the seats to be filled, "" for any seat. What is refused is a roster.FieldErrors.
func ParseFill(from, to, of, reason string) (w FillWish, err error) {
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
