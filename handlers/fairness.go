package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"dailyroster/views"
)

// parseFairnessQuery reads ?by=, ?from=, ?to= and ?role=: the last four quarters, all
// roles, where they are not there. What is refused is a roster.FieldErrors.
func parseFairnessQuery(q url.Values, team *roster.Team, today roster.Date) (FairnessQuery, error) {
	year := today
	for range 3 { // the first day of the quarter three before this one
		year = roster.ByQuarter.Contains(year).From.AddDays(-1)
	}
	asked := FairnessQuery{roster.ByQuarter, roster.ByQuarter.Contains(year).From, roster.ByQuarter.Contains(today).To, ""}
	var errs roster.FieldErrors
	if text := q.Get("by"); text != "" {
		by, err := roster.ParseGrain(text)
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
		errs.Add("role", errors.New("the team has no such role"))
	}
	if len(errs) == 0 {
		switch days := asked.From.DaysUntil(asked.To); {
		case days < 0:
			errs.Add("to", errors.New("the last day comes before the first"))
		case days >= MaxFairnessDays:
			errs.Add("to", errors.New("at most five years are counted at once"))
		}
	}
	return asked, errs.Err()
}

// fairnessPage answers GET /teams/{team}/fairness?by=&from=&to=&role=.
func (s *Server) fairnessPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	asked, refused := parseFairnessQuery(q, team, team.Today(s.Now()))
	page := views.FairnessPage{Team: team, By: asked.By, Role: asked.Role, Today: team.Today(s.Now()), From: q.Get("from"), To: q.Get("to")}
	if refused != nil {
		if page.Errors, _ = errors.AsType[roster.FieldErrors](refused); page.Errors == nil {
			return refused
		}
		return s.render(w, r, http.StatusBadRequest, views.Fairness(s.frame(r, "Fairness of "+team.Name, team), page))
	}
	page.From, page.To = asked.From.String(), asked.To.String()
	if page.Names, _, err = s.Names(r.Context()); err != nil {
		return err
	}
	counted, err := s.Fairness(r.Context(), team, asked)
	if err != nil {
		return err
	}
	page.Table = asked.InRole(team, counted)
	return s.render(w, r, http.StatusOK, views.Fairness(s.frame(r, "Fairness of "+team.Name, team), page))
}

// fairnessRequest is what the programs' ways to the counts begin with.
func (s *Server) fairnessRequest(r *http.Request) (team *roster.Team, asked FairnessQuery, counted roster.Fairness, names roster.Names, err error) {
	if team, err = s.TeamOf(r); err != nil {
		return
	}
	if asked, err = parseFairnessQuery(r.URL.Query(), team, team.Today(s.Now())); err != nil {
		err = BadRequest("%v", err)
		return
	}
	if names, _, err = s.Names(r.Context()); err != nil {
		return
	}
	counted, err = s.Fairness(r.Context(), team, asked)
	return
}

// fairnessCSV answers GET /teams/{team}/fairness.csv, with the query of the page: a line
// for each person, role and period.
func (s *Server) fairnessCSV(w http.ResponseWriter, r *http.Request) error {
	team, asked, counted, names, err := s.fairnessRequest(r)
	if err != nil {
		return err
	}
	table := [][]string{{"person", "name", "role", "from", "to", "days", "weekend days", "holidays"}}
	for _, row := range counted.Rows {
		if asked.Role != "" && row.Role != asked.Role {
			continue
		}
		for i, c := range row.Counts {
			p := counted.Periods[i]
			table = append(table, []string{
				string(row.Person), names.Of(row.Person), string(row.Role), p.From.String(), p.To.String(),
				strconv.Itoa(c.Days), strconv.Itoa(c.Weekend), strconv.Itoa(c.Holidays),
			})
		}
	}
	return answerCSV(w, fmt.Sprintf("fairness-%s-%s-%s", team.ID, asked.From, asked.To), table)
}

// fairnessJSON is who was on call how often.
type fairnessJSON struct {
	Team    teamRef           `json:"team"`
	By      roster.Grain      `json:"by"`
	From    roster.Date       `json:"from"`
	To      roster.Date       `json:"to"`
	Periods []roster.Period   `json:"periods"`
	Rows    []fairnessRowJSON `json:"rows"`   // of each person in each role
	People  []fairnessRowJSON `json:"people"` // of each person, and of who takes turns and never served
}

// fairnessRowJSON has a count for each period; a null role is all of them together.
type fairnessRowJSON struct {
	Person *personRef     `json:"person"`
	Role   *roster.RoleID `json:"role"`
	Counts []roster.Count `json:"counts"`
	Total  roster.Count   `json:"total"`
}

func fairnessRows(rows []roster.FairnessRow, names roster.Names, role roster.RoleID) []fairnessRowJSON {
	answer := []fairnessRowJSON{}
	for i := range rows {
		row := fairnessRowJSON{refTo(rows[i].Person, names), nil, rows[i].Counts, rows[i].Total}
		if rows[i].Role != "" {
			row.Role = &rows[i].Role
		}
		if role == "" || rows[i].Role == role {
			answer = append(answer, row)
		}
	}
	return answer
}

// apiFairness answers GET /api/v1/teams/{team}/fairness?by=&from=&to=&role=.
func (s *Server) apiFairness(w http.ResponseWriter, r *http.Request) error {
	team, asked, counted, names, err := s.fairnessRequest(r)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, fairnessJSON{
		Team: teamRef{team.ID, team.Name}, By: asked.By, From: asked.From, To: asked.To, Periods: counted.Periods,
		Rows:   fairnessRows(counted.Rows, names, asked.Role),
		People: fairnessRows(asked.InRole(team, counted).Rows, names, asked.Role),
	})
}

func describeFairness(d *describer) {
	openapi.Name[roster.Grain](&d.Types, "Grain", &openapi.Schema{
		Type: "string", Description: "How long the periods are that days are counted by.",
		Enum: []any{roster.ByMonth, roster.ByQuarter, roster.ByYear, roster.ByRange},
	})
	openapi.Answered[roster.Period](&d.Types, "Period", "Days that are counted together.", openapi.Notes{
		"from": {Text: "The first day."}, "to": {Text: "The last day, included."},
	})
	openapi.Answered[roster.Count](&d.Types, "Count", "Days on call.", openapi.Notes{
		"days": {Text: "All."}, "weekend": {Text: "Of them, Saturdays and Sundays."}, "holidays": {Text: "Of them, holidays of the team."},
	})
	openapi.Answered[fairnessRowJSON](&d.Types, "FairnessRow", "How often somebody was on call.", openapi.Notes{
		"person": {Text: "Who.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"role":   {Text: "In which role; null is all together."},
		"counts": {Text: "In each period."},
		"total":  {Text: "In all."},
	})
	openapi.Answered[fairnessJSON](&d.Types, "Fairness", "How often who was on call.", openapi.Notes{
		"from":    {Text: "The first day."},
		"to":      {Text: "The last day, included."},
		"periods": {Text: "In order."},
		"rows":    {Text: "Each person in each role."},
		"people":  {Text: "Each person, also who takes turns and never served."},
	})
	d.add(operation{
		id: "getFairness", method: "GET", path: "/teams/{team}/fairness", summary: "How often who was on call",
		query: []parameter{
			{"by", "How to count.", openapi.SchemaAt("Grain")},
			{"from", "The first day.", openapi.SchemaAt("Date")},
			{"to", "The last day, included.", openapi.SchemaAt("Date")},
			{"role", "Only this role.", openapi.SchemaAt("RoleID")},
		},
		answers:  []answered{{status: http.StatusOK, text: "The counts.", value: fairnessJSON{}}},
		examples: []example{{summary: "A week as a whole", target: "/teams/ops/fairness?by=range&from=2026-11-23&to=2026-11-29"}},
	})
}
