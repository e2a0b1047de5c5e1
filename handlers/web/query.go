package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/store"
)

// DefaultChanges is how many changes a page of the history has if the query does not say.
const DefaultChanges = 50

// History is the part of a team's history that a request asks for.
type History struct {
	Team  *roster.Team
	Query store.ChangeQuery
	store.ChangePage
	Names roster.Names // of everybody
}

// HistoryOf reads what date=, or from= and to=, person=, group=, since=, limit= and cursor= of a
// query ask for of the history of the {team} of the path.
func (s *Gate) HistoryOf(r *http.Request, q url.Values) (h History, err error) {
	if h.Team, err = s.TeamOf(r); err != nil {
		return h, err
	}
	if h.Query, err = changeQuery(q); err != nil {
		return h, err
	}
	h.ChangePage, err = s.Store.Changes(r.Context(), h.Team.ID, h.Query)
	if errors.Is(err, store.ErrNotFound) {
		return h, desk.NotFound("There is no such change.")
	}
	if err != nil {
		return h, err
	}
	h.Names, err = s.Desk.Names(r.Context())
	return h, err
}

// changeQuery reads which part of a history a query asks for.
func changeQuery(q url.Values) (store.ChangeQuery, error) {
	query := store.ChangeQuery{Cursor: q.Get("cursor")}
	var err error
	if query.Limit, err = queryNumber(q, "limit", DefaultChanges, store.MaxChanges); err != nil {
		return query, err
	}
	if text := q.Get("since"); text != "" {
		if query.Since, err = roster.ParseChangeID(text); err != nil {
			return query, BadRequest("since: %v", err)
		}
	}
	if text := q.Get("group"); text != "" {
		if query.Group, err = roster.ParseChangeID(text); err != nil {
			return query, BadRequest("group: %v", err)
		}
	}
	if text := q.Get("person"); text != "" {
		if query.Person, err = roster.ParsePersonID(text); err != nil {
			return query, BadRequest("person: %v", err)
		}
	}
	return query, changeDates(q, &query)
}

// changeDates reads the days whose changes the query asks for: date= for one day, or from=
// and to= for a range.
func changeDates(q url.Values, query *store.ChangeQuery) error {
	if text := q.Get("date"); text != "" {
		d, err := roster.ParseDate(text)
		if err != nil {
			return BadRequest("date: %v", err)
		}
		if q.Has("from") || q.Has("to") {
			return BadRequest("give either date, or from and to")
		}
		query.From, query.To = d, d
		return nil
	}
	if !q.Has("from") && !q.Has("to") {
		return nil
	}
	if q.Get("from") == "" || q.Get("to") == "" {
		return BadRequest("a range of days has a first, from, and a last, to")
	}
	var err error
	query.From, query.To, err = QueryRange(q, roster.Date{})
	return err
}

// DefaultWeeks is how many weeks of coverage there are if the query does not say, MaxWeeks
// how many it can ask for, and MaxTeamWeeks how many of all teams together: those are read in
// less than a second.
const (
	DefaultWeeks = 4
	MaxWeeks     = 52
	MaxTeamWeeks = 100 * MaxWeeks
)

// MostWeeks is how many weeks of coverage a query can ask for where there are so many teams. The
// usual ones it always can.
func MostWeeks(teams int) int { return min(MaxWeeks, max(DefaultWeeks, MaxTeamWeeks/max(1, teams))) }

// CoverageOf says how every team is covered in the weeks that ?weeks= asks for.
func (s *Gate) CoverageOf(r *http.Request) (weeks int, teams []tally.TeamCoverage, err error) {
	listed, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return 0, nil, err
	}
	if weeks, err = queryNumber(r.URL.Query(), "weeks", DefaultWeeks, MostWeeks(len(listed))); err != nil {
		return 0, nil, err
	}
	teams, err = s.Desk.Coverage(r.Context(), weeks)
	return weeks, teams, err
}

// UsualDays is the most days that do not make a range long: two months.
const UsualDays = 62

// IsLongRange reports whether a request may ask for a range that is long, by ?from= and ?to=.
func IsLongRange(r *http.Request) bool {
	q := r.URL.Query()
	if !q.Has("to") {
		return false
	}
	from, noFrom := roster.ParseDate(q.Get("from"))
	to, noTo := roster.ParseDate(q.Get("to"))
	return noFrom != nil || noTo != nil || from.DaysUntil(to) >= UsualDays
}

// QueryRange is the range of days that ?from= and ?to= ask for, both included.
func QueryRange(q url.Values, today roster.Date) (from, to roster.Date, err error) {
	from = today
	if text := q.Get("from"); text != "" {
		if from, err = roster.ParseDate(text); err != nil {
			return from, to, BadRequest("from: %v", err)
		}
	}
	to = from.AddDays(roster.DefaultDays - 1)
	if text := q.Get("to"); text != "" {
		if to, err = roster.ParseDate(text); err != nil {
			return from, to, BadRequest("to: %v", err)
		}
	}
	switch {
	case to.Before(from):
		return from, to, BadRequest("the range is reversed: %s comes before %s", to, from)
	case from.DaysUntil(to) >= desk.MaxDays:
		return from, to, BadRequest("the range %s to %s is longer than %d days", from, to, desk.MaxDays)
	case to.Year > roster.MaxYear:
		return from, to, BadRequest("the range ends after the year %d", roster.MaxYear)
	}
	return from, to, nil
}

// QueryInstant is the instant that ?at= names (RFC 3339), now by default.
func QueryInstant(q url.Values, now time.Time) (time.Time, error) {
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

// queryNumber is a number from 1 to most, or the fallback if none is given.
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
