package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/store"
)

// expected are the days of a team that a request will probably ask for, so that they are read
// together with the team: those that say who is on call now, in whatever time zone, and those
// that its path and query name. Where it is mistaken, the request reads what it needs.
func expected(r *http.Request, team roster.TeamID, now time.Time) []store.Range {
	var q url.Values // most have none
	if r.URL.RawQuery != "" {
		q = r.URL.Query()
	}
	if at, err := QueryInstant(q, now); err == nil {
		now = at
	}
	around := func(d roster.Date) store.Range {
		return store.Range{Team: team, From: d.AddDays(-1), To: d.AddDays(oncall.LookAhead + 2)}
	}
	onCall := around(roster.DateOf(now.UTC()))
	text := mux.Vars(r)["date"]
	if text == "" {
		text = q.Get("from")
	}
	first := onCall.From
	if d, err := parseDate(text); err == nil {
		first = d
	}
	asked := store.Range{Team: team, From: first, To: first.AddDays(roster.DefaultDays)}
	if n, err := strconv.Atoi(q.Get("days")); err == nil && n > 0 && n <= desk.MaxDays {
		asked.To = first.AddDays(n)
	}
	if to, err := parseDate(q.Get("to")); err == nil && !to.Before(first) && desk.Within(first, to) {
		asked.To = to
	}
	if asked.To.Year > roster.MaxYear || onCall.From.Year < roster.MinYear || onCall.To.Year > roster.MaxYear {
		return nil
	}
	from, to := roster.Earlier(asked.From, onCall.From), roster.Later(asked.To, onCall.To)
	if from.DaysUntil(to) <= asked.From.DaysUntil(asked.To)+3*oncall.LookAhead {
		return []store.Range{{Team: team, From: from, To: to}}
	}
	return []store.Range{onCall, asked}
}

var errNoDate = errors.New("there is no date")

// parseDate is roster.ParseDate, which makes more of a message than is wanted here.
func parseDate(text string) (roster.Date, error) {
	if text == "" {
		return roster.Date{}, errNoDate
	}
	return roster.ParseDate(text)
}
