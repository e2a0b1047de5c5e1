package export

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

// CoverageCSV answers GET /coverage.csv?weeks=: a line for each team and role.
func (s *Site) CoverageCSV(w http.ResponseWriter, r *http.Request) error {
	weeks, all, err := s.CoverageOf(r)
	if err != nil {
		return err
	}
	byHour := slices.ContainsFunc(all, func(t tally.TeamCoverage) bool { return t.Time != nil })
	table := [][]string{{"team", "name", "role", "from", "to", "days", "covered", "gaps", "percent", "next gap", "all gaps"}}
	if byHour {
		table[0] = append(table[0], "hours", "covered hours", "percent of hours", "percent of time called")
	}
	for _, t := range all {
		for n, c := range t.Roles {
			gaps, next := make([]string, len(c.Gaps)), ""
			for i, d := range c.Gaps {
				gaps[i] = d.String()
			}
			if len(gaps) > 0 {
				next = gaps[0]
			}
			row := []string{
				string(t.Team.ID), t.Team.Name, string(c.Role.ID), t.From.String(), t.To.String(), strconv.Itoa(c.Days),
				strconv.Itoa(c.Covered()), strconv.Itoa(len(c.Gaps)), strconv.Itoa(c.Percent()), next, strings.Join(gaps, " "),
			}
			switch {
			case byHour && t.Time == nil:
				row = append(row, "", "", "", "")
			case byHour:
				by := t.Time.Roles[n]
				row = append(row, hoursText(by.OnDuty), hoursText(by.Held), strconv.Itoa(by.Percent()), strconv.Itoa(t.Time.Team.Percent()))
			}
			table = append(table, row)
		}
	}
	return answerCSV(w, fmt.Sprintf("coverage-%s-%d-weeks", roster.DateOf(s.Now().UTC()), weeks), table)
}
