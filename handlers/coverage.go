package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"dailyroster/views"
)

const (
	defaultWeeks = 4
	maxWeeks     = 52
)

// queryWeeks is how many weeks ?weeks= asks for.
func queryWeeks(q url.Values) (int, error) { return queryNumber(q, "weeks", defaultWeeks, maxWeeks) }

// coveragePage answers GET /coverage?weeks=.
func (s *Server) coveragePage(w http.ResponseWriter, r *http.Request) error {
	weeks, err := queryWeeks(r.URL.Query())
	if err != nil {
		return err
	}
	all, err := s.Coverage(r.Context(), weeks)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.Coverage(s.frame(r, "Coverage", nil), views.CoveragePage{Weeks: weeks, Teams: all}))
}

// coverageCSV answers GET /coverage.csv?weeks=: a line for each team and role.
func (s *Server) coverageCSV(w http.ResponseWriter, r *http.Request) error {
	weeks, err := queryWeeks(r.URL.Query())
	if err != nil {
		return err
	}
	all, err := s.Coverage(r.Context(), weeks)
	if err != nil {
		return err
	}
	table := [][]string{{"team", "name", "role", "from", "to", "days", "covered", "gaps", "percent", "next gap", "all gaps"}}
	for _, t := range all {
		for _, c := range t.Roles {
			gaps, next := make([]string, len(c.Gaps)), ""
			for i, d := range c.Gaps {
				gaps[i] = d.String()
			}
			if len(gaps) > 0 {
				next = gaps[0]
			}
			table = append(table, []string{
				string(t.Team.ID), t.Team.Name, string(c.Role.ID), t.From.String(), t.To.String(), strconv.Itoa(c.Days),
				strconv.Itoa(c.Covered()), strconv.Itoa(len(c.Gaps)), strconv.Itoa(c.Percent()), next, strings.Join(gaps, " "),
			})
		}
	}
	return answerCSV(w, fmt.Sprintf("coverage-%s-%d-weeks", roster.DateOf(s.Now().UTC()), weeks), table)
}

// coverageJSON is how much of a team's roster is filled.
type coverageJSON struct {
	Team  teamRef            `json:"team"`
	From  roster.Date        `json:"from"`
	To    roster.Date        `json:"to"`
	Roles []roleCoverageJSON `json:"roles"`
}

// roleCoverageJSON is roster.Coverage; a null NextGap is that there is none.
type roleCoverageJSON struct {
	Role    roster.Role   `json:"role"`
	Days    int           `json:"days"`
	Covered int           `json:"covered"`
	Percent int           `json:"percent"` // rounded down: 100 means no gap
	Gaps    []roster.Date `json:"gaps"`
	NextGap *roster.Date  `json:"nextGap"`
}

// allCoverageJSON is the coverage of every team.
type allCoverageJSON struct {
	Weeks int            `json:"weeks"`
	Teams []coverageJSON `json:"teams"`
}

// apiCoverage answers GET /api/v1/coverage?weeks=.
func (s *Server) apiCoverage(w http.ResponseWriter, r *http.Request) error {
	weeks, err := queryWeeks(r.URL.Query())
	if err != nil {
		return err
	}
	all, err := s.Coverage(r.Context(), weeks)
	if err != nil {
		return err
	}
	teams := make([]coverageJSON, len(all))
	for i, t := range all {
		teams[i] = coverageJSON{teamRef{t.Team.ID, t.Team.Name}, t.From, t.To, make([]roleCoverageJSON, len(t.Roles))}
		for j, c := range t.Roles {
			teams[i].Roles[j] = roleCoverageJSON{c.Role, c.Days, c.Covered(), c.Percent(), emptyNotNull(c.Gaps), nil}
			if len(c.Gaps) > 0 {
				teams[i].Roles[j].NextGap = &c.Gaps[0]
			}
		}
	}
	return answerJSON(w, http.StatusOK, allCoverageJSON{weeks, teams})
}

func describeCoverage(d *describer) {
	openapi.Answered[roleCoverageJSON](&d.Types, "RoleCoverage", "How far ahead a role is filled.", openapi.Notes{
		"days":    {Text: "How many days are looked at."},
		"covered": {Text: "On how many of them somebody holds the role."},
		"percent": {Text: "The same in percent, rounded down: 100 means no gap."},
		"gaps":    {Text: "The days with nobody."},
		"nextGap": {Text: "The first of them; null for none.", Schema: openapi.OrNull(openapi.SchemaAt("Date"))},
	})
	openapi.Answered[coverageJSON](&d.Types, "Coverage", "How far ahead a team's roster is filled.", openapi.Notes{
		"from":  {Text: "The first day, whose shift is on now."},
		"to":    {Text: "The last day, included."},
		"roles": {Text: "In the team's order."},
	})
	openapi.Answered[allCoverageJSON](&d.Types, "AllCoverage", "How far ahead every roster is filled.", openapi.Notes{
		"weeks": {Text: "How many weeks are looked at."},
		"teams": {Text: "Every team."},
	})
	d.add(operation{
		id: "getCoverage", method: "GET", path: "/coverage", summary: "How far ahead every roster is filled",
		query:    []parameter{{"weeks", "How many weeks to look at.", numberSchema(1, maxWeeks, defaultWeeks)}},
		answers:  []answered{{status: http.StatusOK, text: "The coverage.", value: allCoverageJSON{}}},
		examples: []example{{summary: "The coming week", target: "/coverage?weeks=1"}},
	})
}
