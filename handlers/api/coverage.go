package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/tally"
)

// coverageJSON is how much of a team's roster is filled.
type coverageJSON struct {
	Team  teamRef            `json:"team"`
	From  roster.Date        `json:"from"`
	To    roster.Date        `json:"to"`
	Roles []roleCoverageJSON `json:"roles"`
	// Called is there only where roles have hours.
	Called *timeCoverageJSON `json:"called,omitempty"`
}

// roleCoverageJSON is tally.Coverage; a null NextGap is that there is none.
type roleCoverageJSON struct {
	Role    roleRef       `json:"role"`
	Days    int           `json:"days"`
	Covered int           `json:"covered"`
	Percent int           `json:"percent"` // rounded down: 100 means no gap
	Gaps    []roster.Date `json:"gaps"`
	NextGap *roster.Date  `json:"nextGap"`
	// Hours is there only where roles have hours.
	Hours *timeCoverageJSON `json:"hours,omitempty"`
}

// timeCoverageJSON is a tally.CoveredTime.
type timeCoverageJSON struct {
	Total   hoursNumber `json:"total"`
	Covered hoursNumber `json:"covered"`
	Percent int         `json:"percent"`
	Gaps    []shiftJSON `json:"gaps"`
}

func newTimeCoverageJSON(c tally.CoveredTime, gaps []roster.Shift) *timeCoverageJSON {
	return &timeCoverageJSON{hoursNumber(c.OnDuty), hoursNumber(c.Held), c.Percent(), each(gaps, newShiftJSON)}
}

// hoursNumber is a time that JSON gives as a number of hours, to the hundredth.
type hoursNumber time.Duration

// MarshalJSON makes a number.
func (h hoursNumber) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Round(100*time.Duration(h).Hours())/100, 'f', -1, 64), nil
}

// allCoverageJSON is the coverage of every team.
type allCoverageJSON struct {
	Weeks int            `json:"weeks"`
	Teams []coverageJSON `json:"teams"`
}

// coverage answers GET /api/v1/coverage?weeks=.
func (s *Site) coverage(w http.ResponseWriter, r *http.Request) error {
	weeks, all, err := s.CoverageOf(r)
	if err != nil {
		return err
	}
	teams := make([]coverageJSON, len(all))
	for i, t := range all {
		teams[i] = coverageJSON{Team: refToTeam(t.Team), From: t.From, To: t.To, Roles: make([]roleCoverageJSON, len(t.Roles))}
		if t.Time != nil {
			teams[i].Called = newTimeCoverageJSON(t.Time.Team, t.Time.Uncovered)
		}
		for j, c := range t.Roles {
			teams[i].Roles[j] = roleCoverageJSON{Role: refToRole(c.Role), Days: c.Days, Covered: c.Covered(), Percent: c.Percent(), Gaps: emptyNotNull(c.Gaps)}
			if t.Time != nil {
				teams[i].Roles[j].Hours = newTimeCoverageJSON(t.Time.Roles[j], t.Time.GapsOf(c.Role.ID))
			}
			if len(c.Gaps) > 0 {
				teams[i].Roles[j].NextGap = &c.Gaps[0]
			}
		}
	}
	return answerJSON(w, http.StatusOK, allCoverageJSON{weeks, teams})
}

func describeCoverage(d *describer) {
	openapi.Name[hoursNumber](&d.Types, "HoursNumber", &openapi.Schema{Type: "number", Description: "A number of hours, to the hundredth."})
	openapi.Answered[timeCoverageJSON](&d.Types, "TimeCoverage", "How much time is covered.", openapi.Notes{
		"total":   {Text: "The time to cover."},
		"covered": {Text: "How much of it is covered."},
		"percent": {Text: "The same as a percentage, rounded down. 100 means that nothing is missing."},
		"gaps":    {Text: "The times that are not covered, in order."},
	})
	openapi.Answered[roleCoverageJSON](&d.Types, "RoleCoverage", "How far ahead a role is filled.", openapi.Notes{
		"days":    {Text: "How many days were checked."},
		"covered": {Text: "On how many of them somebody holds the role."},
		"percent": {Text: "The same as a percentage, rounded down. 100 means no gap."},
		"gaps":    {Text: "The days on which nobody holds the role."},
		"hours":   {Text: "The same by the hour: the time that the role is on duty. Missing if no role of the team has hours."},
		"nextGap": {Text: "The first gap. Null if there is none.", Schema: openapi.OrNull(openapi.SchemaAt("Date"))},
	})
	openapi.Answered[coverageJSON](&d.Types, "Coverage", "How far ahead a team's roster is filled.", openapi.Notes{
		"from":   {Text: "The first day: the one whose shift is running now."},
		"to":     {Text: "The last day, inclusive."},
		"roles":  {Text: "One entry for each role, in the team's order."},
		"called": {Text: "The time in which somebody gets the calls, from the first day's hand-off to the end of the last day's shift. Missing if no role has hours."},
	})
	openapi.Answered[allCoverageJSON](&d.Types, "AllCoverage", "How far ahead the rosters of all teams are filled.", openapi.Notes{
		"weeks": {Text: "How many weeks were checked."},
		"teams": {Text: "One entry for each team, in order of ids."},
	})
	d.add(Operation{
		ID: "getCoverage", Method: "GET", Path: "/coverage", Summary: "Read how far ahead all rosters are filled",
		Query:    []parameter{{"weeks", fmt.Sprintf("How many weeks to check. With more than %d teams, at most %d divided by the number of teams; up to %d always.", web.MaxTeamWeeks/web.MaxWeeks, web.MaxTeamWeeks, web.DefaultWeeks), numberSchema(web.MaxWeeks, web.DefaultWeeks)}},
		Answers:  []Answered{{Status: http.StatusOK, Text: "The coverage.", Value: allCoverageJSON{}}},
		Examples: []Example{{Summary: "The coming week", Target: "/coverage?weeks=1"}},
	})
}
