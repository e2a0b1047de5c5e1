package api

import (
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// payJSON is what a team's people are paid.
type payJSON struct {
	Team    teamRef      `json:"team"`
	From    roster.Date  `json:"from"`
	To      roster.Date  `json:"to"`
	Rates   *ratesJSON   `json:"rates"`
	Periods []periodJSON `json:"periods"`
	Rows    []payRowJSON `json:"rows"`
	// Totals are those of all people together.
	Totals []roster.Amount `json:"totals"`
}

// payRowJSON is a tally.PayRow.
type payRowJSON struct {
	Person      *personRef       `json:"person"`
	Hours       []hoursCountJSON `json:"hours"`
	Amounts     []roster.Amount  `json:"amounts"`
	TotalHours  hoursCountJSON   `json:"totalHours"`
	TotalAmount roster.Amount    `json:"totalAmount"`
}

func newPayJSON(p web.Paid) payJSON {
	j := payJSON{
		Team: refToTeam(p.Team), From: p.From, To: p.To, Rates: newRatesJSON(p.Team.Rates), Periods: each(p.Pay.Periods, newPeriodJSON),
		Rows: make([]payRowJSON, len(p.Pay.Rows)), Totals: p.Pay.Totals,
	}
	for i, row := range p.Pay.Rows {
		j.Rows[i] = payRowJSON{
			Person: refTo(row.Person, p.Names), Hours: each(row.Hours, newHoursCountJSON), Amounts: row.Amounts,
			TotalHours: newHoursCountJSON(row.TotalHours), TotalAmount: row.TotalAmount,
		}
	}
	return j
}

// pay answers GET /api/v1/teams/{team}/pay?from=&to=.
func (s *Site) pay(w http.ResponseWriter, r *http.Request) error {
	paid, err := s.PayRequest(r)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, newPayJSON(paid))
}

func describePay(d *describer) {
	openapi.Answered[payRowJSON](&d.Types, "PayRow", "What one person is paid, for all roles together.", openapi.Notes{
		"person":      {Text: "The person.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"hours":       {Text: "The hours of each period, in order."},
		"amounts":     {Text: "What they are paid for each period, in order. Half a hundredth is rounded up, once for each period."},
		"totalHours":  {Text: "The hours of all periods together."},
		"totalAmount": {Text: "The sum of the amounts."},
	})
	openapi.Answered[payJSON](&d.Types, "Pay", "What a team's people are paid for their hours on call.", openapi.Notes{
		"from":    {Text: "The first day."},
		"to":      {Text: "The last day, inclusive."},
		"rates":   {Text: "The team's rates. Null if it has none: then every amount is 0.", Schema: openapi.OrNull(openapi.SchemaAt("Rates"))},
		"periods": {Text: "The months, in order. The first and the last are cut to the range."},
		"rows":    {Text: "A row for each person who was on call, in order of ids."},
		"totals":  {Text: "What all people together are paid for each period, in order."},
	})
	d.add(Operation{
		ID: "getPay", Method: "GET", Path: "/teams/{team}/pay", Summary: "Read what people are paid for their hours on call", Query: payParameters(),
		Text:     "A shift is paid with the month of its day. An hour of several kinds, such as a night on a holiday, is paid once, at the highest rate.",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The hours and amounts.", Value: payJSON{}}},
		Examples: []Example{{Summary: "A month", Target: "/teams/ops/pay?from=2026-11-01&to=2026-11-30"}},
	})
}

func payParameters() []parameter {
	return []parameter{
		{"from", "The first day. The default is the start of the last month.", openapi.SchemaAt("Date")},
		{"to", "The last day, inclusive. The default is the end of the last month or, with `from`, of its month.", openapi.SchemaAt("Date")},
	}
}
