package web

import (
	"net/http"
	"net/url"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/tally"
)

// Paid is what a team's people are paid for the days From–To, both included.
type Paid struct {
	Team     *roster.Team
	From, To roster.Date
	Pay      tally.Pay
	Names    roster.Names
}

// PayRequest reads ?from= and ?to=, which are dates, and adds up what people are paid for these
// days. The default is the last month.
func (s *Gate) PayRequest(r *http.Request) (Paid, error) {
	var p Paid
	var err error
	if p.Team, err = s.TeamOf(r); err != nil {
		return p, err
	}
	if p.From, p.To, err = ParsePayQuery(r.URL.Query(), p.Team.Today(s.Now())); err != nil {
		return p, err
	}
	p.Pay, p.Names, err = s.Desk.Pay(r.Context(), p.Team, p.From, p.To)
	return p, err
}

// ParsePayQuery reads ?from= and ?to= of a pay report.
func ParsePayQuery(q url.Values, today roster.Date) (from, to roster.Date, err error) {
	last := tally.ByMonth.Contains(tally.ByMonth.Contains(today).From.AddDays(-1))
	from, to = last.From, last.To
	for _, bound := range []struct {
		name string
		date *roster.Date
	}{{"from", &from}, {"to", &to}} {
		if text := q.Get(bound.name); text != "" {
			if *bound.date, err = roster.ParseDate(text); err != nil {
				return from, to, BadRequest("%s: %v", bound.name, err)
			}
		}
	}
	if q.Has("from") && !q.Has("to") {
		to = tally.ByMonth.Contains(from).To
	}
	switch days := from.DaysUntil(to); {
	case days < 0:
		return from, to, BadRequest("to: the last day comes before the first")
	case days >= desk.MaxFairnessDays:
		return from, to, BadRequest("to: at most five years are counted at once")
	}
	return from, to, nil
}
