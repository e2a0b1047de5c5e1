package export

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"dailyroster/roster"
)

// CoverageCSV answers GET /coverage.csv?weeks=: a line for each team and role.
func (s *Site) CoverageCSV(w http.ResponseWriter, r *http.Request) error {
	weeks, all, err := s.CoverageOf(r)
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
