package api

import (
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/roster/worked"
)

// fairnessJSON is who was on call how often.
type fairnessJSON struct {
	Team    teamRef           `json:"team"`
	By      tally.Grain       `json:"by"`
	From    roster.Date       `json:"from"`
	To      roster.Date       `json:"to"`
	Periods []periodJSON      `json:"periods"`
	Rows    []fairnessRowJSON `json:"rows"`   // of each person in each role
	People  []fairnessRowJSON `json:"people"` // of each person, and of who takes turns and never served
}

// fairnessRowJSON has a count for each period; a null role is all of them together.
type fairnessRowJSON struct {
	Person *personRef     `json:"person"`
	Role   *roster.RoleID `json:"role"`
	Counts []countJSON    `json:"counts"`
	Total  countJSON      `json:"total"`
	// Hours and TotalHours are there only where the team counts hours.
	Hours      []hoursCountJSON `json:"hours,omitempty"`
	TotalHours *hoursCountJSON  `json:"totalHours,omitempty"`
}

// hoursCountJSON is worked.Hours.
type hoursCountJSON struct {
	Total    hoursNumber `json:"total"`
	Night    hoursNumber `json:"night"`
	Weekend  hoursNumber `json:"weekend"`
	Holidays hoursNumber `json:"holidays"`
}

func newHoursCountJSON(h worked.Hours) hoursCountJSON {
	return hoursCountJSON{hoursNumber(h.Total), hoursNumber(h.Night), hoursNumber(h.Weekend), hoursNumber(h.Holidays)}
}

// periodJSON is a tally.Period.
type periodJSON struct {
	From roster.Date `json:"from"`
	To   roster.Date `json:"to"`
}

func newPeriodJSON(p tally.Period) periodJSON { return periodJSON(p) }

// countJSON is a tally.Count.
type countJSON struct {
	Days     int `json:"days"`
	Weekend  int `json:"weekend"`
	Holidays int `json:"holidays"`
}

func newCountJSON(c tally.Count) countJSON { return countJSON(c) }

func fairnessRows(rows []tally.FairnessRow, names roster.Names, role roster.RoleID) []fairnessRowJSON {
	answer := []fairnessRowJSON{}
	for i := range rows {
		row := fairnessRowJSON{Person: refTo(rows[i].Person, names), Counts: each(rows[i].Counts, newCountJSON), Total: newCountJSON(rows[i].Total)}
		if rows[i].Hours != nil {
			total := newHoursCountJSON(rows[i].TotalHours)
			row.Hours, row.TotalHours = each(rows[i].Hours, newHoursCountJSON), &total
		}
		if rows[i].Role != "" {
			row.Role = &rows[i].Role
		}
		if role == "" || rows[i].Role == role {
			answer = append(answer, row)
		}
	}
	return answer
}

// fairness answers GET /api/v1/teams/{team}/fairness?by=&from=&to=&role=.
func (s *Site) fairness(w http.ResponseWriter, r *http.Request) error {
	team, asked, counted, names, err := s.FairnessRequest(r)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, fairnessJSON{
		Team: refToTeam(team), By: asked.By, From: asked.From, To: asked.To, Periods: each(counted.Periods, newPeriodJSON),
		Rows:   fairnessRows(counted.Rows, names, asked.Role),
		People: fairnessRows(asked.InRole(team, counted).Rows, names, asked.Role),
	})
}

func describeFairness(d *describer) {
	openapi.Name[tally.Grain](&d.Types, "Grain", &openapi.Schema{
		Type: "string", Description: "The length of the periods.",
		Enum: []any{tally.ByMonth, tally.ByQuarter, tally.ByYear, tally.ByRange},
	})
	openapi.Answered[periodJSON](&d.Types, "Period", "A period whose days are counted together.", openapi.Notes{
		"from": {Text: "The first day."}, "to": {Text: "The last day, inclusive."},
	})
	openapi.Answered[countJSON](&d.Types, "Count", "A number of days on call.", openapi.Notes{
		"days": {Text: "All days."}, "weekend": {Text: "How many of them are Saturdays or Sundays."}, "holidays": {Text: "How many of them are holidays of the team."},
	})
	openapi.Answered[hoursCountJSON](&d.Types, "HoursCount", "A number of hours on call. Time is what passes: an hour that clocks show twice counts twice.", openapi.Notes{
		"total":    {Text: "All hours."},
		"night":    {Text: "How many of them are from 22:00 to 06:00 in the person's time zone."},
		"weekend":  {Text: "How many of them are on Saturdays or Sundays in the person's time zone."},
		"holidays": {Text: "How many of them are on holidays of the team."},
	})
	openapi.Answered[fairnessRowJSON](&d.Types, "FairnessRow", "How often one person was on call.", openapi.Notes{
		"person":     {Text: "The person.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"role":       {Text: "The role. Null means all roles together."},
		"counts":     {Text: "The count for each period, in order."},
		"total":      {Text: "The count for all periods together."},
		"hours":      {Text: "The hours of each period, in order. A shift counts in the period of its day. Missing if no role of the team has hours and it has no rates."},
		"totalHours": {Text: "The hours of all periods together. Missing if `hours` is."},
	})
	openapi.Answered[fairnessJSON](&d.Types, "Fairness", "How often each person was on call.", openapi.Notes{
		"from":    {Text: "The first day."},
		"to":      {Text: "The last day, inclusive."},
		"periods": {Text: "The periods, in order."},
		"rows":    {Text: "A row for each person in each role."},
		"people":  {Text: "A row for each person, including people who take turns but have not been on call."},
	})
	d.add(Operation{
		ID: "getFairness", Method: "GET", Path: "/teams/{team}/fairness", Summary: "Count how often each person was on call",
		Query: []parameter{
			{"by", "The length of the periods. The default is a quarter.", openapi.SchemaAt("Grain")},
			{"from", "The first day. The default is the start of the quarter three quarters ago.", openapi.SchemaAt("Date")},
			{"to", "The last day, inclusive. The default is the end of this quarter.", openapi.SchemaAt("Date")},
			{"role", "Only this role.", openapi.SchemaAt("RoleID")},
		},
		Answers:  []Answered{{Status: http.StatusOK, Text: "The counts.", Value: fairnessJSON{}}},
		Examples: []Example{{Summary: "A week as a whole", Target: "/teams/ops/fairness?by=range&from=2026-11-23&to=2026-11-29"}},
	})
}
