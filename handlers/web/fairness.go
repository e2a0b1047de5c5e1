package web

import (
	"net/http"
	"net/url"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/words/said"
)

// ParseFairnessQuery reads ?by=, ?from=, ?to= and ?role=. The default is the last four
// quarters and all roles. What it refuses is a roster.FieldErrors.
func ParseFairnessQuery(q url.Values, team *roster.Team, today roster.Date) (desk.FairnessQuery, error) {
	year := today
	for range 3 { // the first day of the quarter three before this one
		year = tally.ByQuarter.Contains(year).From.AddDays(-1)
	}
	asked := desk.FairnessQuery{By: tally.ByQuarter, From: tally.ByQuarter.Contains(year).From, To: tally.ByQuarter.Contains(today).To}
	var errs roster.FieldErrors
	if text := q.Get("by"); text != "" {
		by, err := tally.ParseGrain(text)
		if err != nil {
			errs.Add("by", err)
		}
		asked.By = by
	}
	for _, bound := range []struct {
		name string
		date *roster.Date
	}{{"from", &asked.From}, {"to", &asked.To}} {
		if text := q.Get(bound.name); text != "" {
			d, err := roster.ParseDate(text)
			if err != nil {
				errs.Add(bound.name, err)
			}
			*bound.date = d
		}
	}
	if asked.Role = roster.RoleID(q.Get("role")); asked.Role != "" && !team.HasRole(asked.Role) {
		errs.Add("role", said.New("the team has no such role"))
	}
	if len(errs) == 0 {
		switch days := asked.From.DaysUntil(asked.To); {
		case days < 0:
			errs.Add("to", said.New("the last day comes before the first"))
		case days >= desk.MaxFairnessDays:
			errs.Add("to", said.New("at most five years are counted at once"))
		}
	}
	return asked, errs.Err()
}

// FairnessRequest reads and counts what a program asks for.
func (s *Gate) FairnessRequest(r *http.Request) (team *roster.Team, asked desk.FairnessQuery, counted tally.Fairness, names roster.Names, err error) {
	if team, err = s.TeamOf(r); err != nil {
		return
	}
	if asked, err = ParseFairnessQuery(r.URL.Query(), team, team.Today(s.Now())); err != nil {
		err = BadRequest("%v", err)
		return
	}
	if names, err = s.Desk.Names(r.Context()); err != nil {
		return
	}
	counted, err = s.Desk.Fairness(r.Context(), team, asked)
	return
}
