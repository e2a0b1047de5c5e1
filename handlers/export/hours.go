package export

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"dailyroster/roster/worked"
)

// hoursHead names the columns of hoursCells.
func hoursHead() []string {
	return []string{"hours", "night hours", "weekend hours", "holiday hours"}
}

// hoursCells are hours of each kind.
func hoursCells(h worked.Hours) []string {
	return []string{hoursText(h.Total), hoursText(h.Night), hoursText(h.Weekend), hoursText(h.Holidays)}
}

// hoursText is a number of hours, to the hundredth.
func hoursText(d time.Duration) string {
	return strconv.FormatFloat(d.Hours(), 'f', 2, 64)
}

// PayCSV answers GET /teams/{team}/pay.csv?from=&to=, of the page and of the API: a line for
// each person and month.
func (s *Site) PayCSV(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.PayRequest(r)
	if err != nil {
		return err
	}
	table := [][]string{append(append([]string{"person", "name", "from", "to"}, hoursHead()...), "amount", "currency")}
	for _, row := range asked.Pay.Rows {
		for i, p := range asked.Pay.Periods {
			line := append([]string{string(row.Person), asked.Names.Of(row.Person), p.From.String(), p.To.String()}, hoursCells(row.Hours[i])...)
			table = append(table, append(line, row.Amounts[i].String(), asked.Pay.Currency))
		}
	}
	return answerCSV(w, fmt.Sprintf("pay-%s-%s-%s", asked.Team.ID, asked.From, asked.To), table)
}
