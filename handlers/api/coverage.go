package api

import (
	"fmt"
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// coverageJSON is how much of a team's roster is filled.
type coverageJSON struct {
	Team  teamRef            `json:"team"`
	From  roster.Date        `json:"from"`
	To    roster.Date        `json:"to"`
	Roles []roleCoverageJSON `json:"roles"`
}

// roleCoverageJSON is tally.Coverage; a null NextGap is that there is none.
type roleCoverageJSON struct {
	Role    roleJSON      `json:"role"`
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

// coverage answers GET /api/v1/coverage?weeks=.
func (s *Site) coverage(w http.ResponseWriter, r *http.Request) error {
	weeks, all, err := s.CoverageOf(r)
	if err != nil {
		return err
	}
	teams := make([]coverageJSON, len(all))
	for i, t := range all {
		teams[i] = coverageJSON{refToTeam(t.Team), t.From, t.To, make([]roleCoverageJSON, len(t.Roles))}
		for j, c := range t.Roles {
			teams[i].Roles[j] = roleCoverageJSON{newRoleJSON(c.Role), c.Days, c.Covered(), c.Percent(), emptyNotNull(c.Gaps), nil}
			if len(c.Gaps) > 0 {
				teams[i].Roles[j].NextGap = &c.Gaps[0]
			}
		}
	}
	return answerJSON(w, http.StatusOK, allCoverageJSON{weeks, teams})
}

func describeCoverage(d *describer) {
	openapi.Answered[roleCoverageJSON](&d.Types, "RoleCoverage", "How far ahead a role is filled.", openapi.Notes{
		"days":    {Text: "How many days were checked."},
		"covered": {Text: "On how many of them somebody holds the role."},
		"percent": {Text: "The same as a percentage, rounded down. 100 means no gap."},
		"gaps":    {Text: "The days on which nobody holds the role."},
		"nextGap": {Text: "The first gap. Null if there is none.", Schema: openapi.OrNull(openapi.SchemaAt("Date"))},
	})
	openapi.Answered[coverageJSON](&d.Types, "Coverage", "How far ahead a team's roster is filled.", openapi.Notes{
		"from":  {Text: "The first day: the one whose shift is running now."},
		"to":    {Text: "The last day, inclusive."},
		"roles": {Text: "One entry for each role, in the team's order."},
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
