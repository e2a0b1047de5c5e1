package export

import (
	"fmt"
	"net/http"
	"strconv"
)

// FairnessCSV answers GET /teams/{team}/fairness.csv, with the query of the page: a line
// for each person, role and period.
func (s *Site) FairnessCSV(w http.ResponseWriter, r *http.Request) error {
	team, asked, counted, names, err := s.FairnessRequest(r)
	if err != nil {
		return err
	}
	table := [][]string{{"person", "name", "role", "from", "to", "days", "weekend days", "holidays"}}
	if counted.ByHour {
		table[0] = append(table[0], hoursHead()...)
	}
	for _, row := range counted.Rows {
		if asked.Role != "" && row.Role != asked.Role {
			continue
		}
		for i, c := range row.Counts {
			p := counted.Periods[i]
			line := []string{
				string(row.Person), names.Of(row.Person), string(row.Role), p.From.String(), p.To.String(),
				strconv.Itoa(c.Days), strconv.Itoa(c.Weekend), strconv.Itoa(c.Holidays),
			}
			if counted.ByHour {
				line = append(line, hoursCells(row.Hours[i])...)
			}
			table = append(table, line)
		}
	}
	return answerCSV(w, fmt.Sprintf("fairness-%s-%s-%s", team.ID, asked.From, asked.To), table)
}
