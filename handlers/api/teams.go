package api

import (
	"errors"
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// teams answers GET /api/v1/teams?q=&limit=&cursor=.
func (s *Site) teams(w http.ResponseWriter, r *http.Request) error {
	asked, err := web.QueryListing(r.URL.Query(), 0)
	if err != nil {
		return err
	}
	teams, next, err := s.Desk.Teams(r.Context(), asked)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, teamsJSON{each(teams, func(t roster.Team) teamJSON { return newTeamJSON(t, s.ReadsEditors(r.Context(), &t)) }), next})
}

// team answers GET /api/v1/teams/{team}.
func (s *Site) team(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.answerTeam(w, r, http.StatusOK, *team)
}

// makeTeam answers POST /api/v1/teams: 201 the team.
func (s *Site) makeTeam(w http.ResponseWriter, r *http.Request) error {
	var body teamBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team := roster.Team{
		ID: roster.TeamID(body.ID), Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: s.Zone, HandOff: roster.DefaultHandOff}},
	}
	if err := body.apply(&team); err != nil {
		return err
	}
	if body.ID == "" {
		team.ID = roster.TeamID(roster.Slug(team.Name))
	}
	team, err := s.Desk.AddTeam(r.Context(), team, "id")
	if err != nil {
		return err
	}
	w.Header().Set("Location", web.APIPrefix+"/teams/"+string(team.ID))
	return s.answerTeam(w, r, http.StatusCreated, team)
}

// putTeam answers PUT /api/v1/teams/{team}. Settings before today must stay as
// they are.
func (s *Site) putTeam(w http.ResponseWriter, r *http.Request) error {
	var body teamBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	if body.ID != "" && body.ID != string(team.ID) {
		return roster.FieldErrors{{Field: "id", Err: errors.New("a team's id never changes")}}
	}
	changed := *team
	if err := body.apply(&changed); err != nil {
		return err
	}
	if err := changed.Validate(); err != nil {
		return err
	}
	if err := web.CallerOf(r.Context()).MaySetEditors(team, &changed); err != nil {
		return err
	}
	if err := changed.KeepsPast(team, team.Today(s.Now())); err != nil {
		return err
	}
	if err := changed.KeepsServed(team, s.Now()); err != nil {
		return err
	}
	if err := s.HoldOrRefuse(r, body.Revision, "team "+string(team.ID), team.Base()); err != nil {
		return err
	}
	changed, err = s.Desk.ReplaceTeam(r.Context(), changed, team.Revision)
	if err != nil {
		return err
	}
	return s.answerTeam(w, r, http.StatusOK, changed)
}

// removeTeam answers DELETE /api/v1/teams/{team}: 204. The roster and its history
// are kept, and the id stays taken.
func (s *Site) removeTeam(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamToRemove(r)
	if err != nil {
		return err
	}
	if err := s.HoldOrRefuse(r, nil, "team "+string(team.ID), team.Base()); err != nil {
		return err
	}
	team.Removed = true
	if _, err := s.Desk.PutTeam(r.Context(), *team, team.Revision); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Site) answerTeam(w http.ResponseWriter, r *http.Request, status int, team roster.Team) error {
	answer := newTeamJSON(team, s.ReadsEditors(r.Context(), &team))
	return answerEntity(w, r, status, answer, answer.Revision)
}

// answerEntity answers with what has a revision, which is its ETag.
func answerEntity(w http.ResponseWriter, r *http.Request, status int, v any, revision roster.Revision) error {
	web.SetTag(w, revision)
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if header := r.Header.Get("If-None-Match"); reads && header != "" && web.ParseTags(header).Match(revision, true) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return answerJSON(w, status, v)
}

func describeTeams(d *describer) {
	d.group("Teams", "Teams, their roles and settings, and the rotations that fill their rosters.")
	describeTeamAnswers(&d.Types)
	describeTeamBodies(&d.Types)
	d.add(Operation{
		ID: "listTeams", Method: "GET", Path: "/teams", Summary: "List the teams", Query: listingQuery(), Text: listingText,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The teams.", Value: teamsJSON{}}},
		Examples: []Example{{Summary: "Every team", Target: "/teams"}},
	}, Operation{
		ID: "makeTeam", Method: "POST", Path: "/teams", Summary: "Add a team", Takes: teamBody{}, Tagged: true,
		Answers: []Answered{{Status: http.StatusCreated, Text: "The new team.", Value: teamJSON{}, Located: true}},
		Examples: []Example{{
			Summary: "A team with roles of its own", Target: "/teams",
			Body: `{"name":"Web","roles":["Lead","Back-up"],"settings":[{"zone":"Europe/Berlin","handOff":"08:30"}]}`,
		}, {
			Summary: "A team of a day crew and a night crew", Target: "/teams",
			Body: `{"name":"Plant","roles":[` +
				`{"name":"Day","hours":[{"spans":[{"days":["mon","tue","wed","thu","fri","sat","sun"],"from":"08:00","to":"20:00"}]}]},` +
				`{"name":"Night","hours":[{"spans":[{"days":["mon","tue","wed","thu","fri","sat","sun"],"from":"20:00","to":"08:00"}]}]}],` +
				`"settings":[{"zone":"Europe/Berlin","handOff":"08:00"}],` +
				`"rates":{"currency":"EUR","hour":"2.50","night":"5","weekend":"4","holiday":"7.50"}}`,
		}},
	}, Operation{
		ID: "getTeam", Method: "GET", Path: "/teams/{team}", Summary: "Read a team", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The team.", Value: teamJSON{}}},
		Examples: []Example{{Summary: "A team", Target: "/teams/ops"}},
	}, Operation{
		ID: "putTeam", Method: "PUT", Path: "/teams/{team}", Summary: "Change a team", Takes: teamBody{}, Tagged: true,
		Text:    "Fields that the body leaves out stay as they are. The name is required.",
		Answers: []Answered{{Status: http.StatusOK, Text: "The team after the change.", Value: teamJSON{}}},
		Examples: []Example{{
			Summary: "A rotation of two, a week each", Target: "/teams/ops", Header: []string{"If-Match", `"{etag}"`},
			Body: `{"name":"Ops","rotations":[{"id":"week","role":"primary","name":"Week by week","versions":[` +
				`{"from":"2026-11-30","weekdays":["mon","tue","wed","thu","fri","sat","sun"],"daysPerTurn":7,"handOver":"mon","people":["ana-ruiz","bo-chen"]}]}]}`,
		}},
	}, Operation{
		ID: "removeTeam", Method: "DELETE", Path: "/teams/{team}", Summary: "Remove a team", Tagged: true,
		Text:     "The roster and history are kept. The id cannot be used again.",
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "The team is removed."}},
		Examples: []Example{{Summary: "Remove a team", Target: "/teams/ops"}},
	})
}
