package api

import (
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"encoding/json"
	"errors"
	"net/http"
)

// teamBody is what POST and PUT take: what GET gives, so that an answer can be sent
// back.
type teamBody struct {
	ID        string             `json:"id"` // POST: made from the name if missing; PUT: if there, that of the path
	Name      string             `json:"name"`
	Roles     []json.RawMessage  `json:"roles"`     // see parseRole; POST: the default roles if missing; PUT: as they are
	Settings  []settingsBody     `json:"settings"`  // POST: the site's zone if missing; PUT: as they are
	Rotations *[]roster.Rotation `json:"rotations"` // PUT: as they are if missing
	Holidays  *[]roster.Holiday  `json:"holidays"`  // likewise
	// OpenEditing and Editors stay as they are too. A token cannot change them.
	OpenEditing *bool     `json:"openEditing"`
	Editors     *[]string `json:"editors"`
	// KeepFilled is roster.Team.KeepFilled; PUT: as it is if missing.
	KeepFilled *int            `json:"keepFilled"`
	Agree      *bool           `json:"agreeFirst"` // likewise
	Revision   *string         `json:"revision"`   // PUT: if there, what the edit is based on
	Removed    json.RawMessage `json:"removed"`    // not looked at
}

// parseRole reads a role: its name as a string, or {"id", "name"}.
func parseRole(data json.RawMessage) (roster.Role, error) {
	var name string
	if json.Unmarshal(data, &name) == nil {
		return roster.Role{ID: roster.RoleID(roster.Slug(name)), Name: name}, nil
	}
	var role roster.Role
	if json.Unmarshal(data, &role) != nil || role.Name == "" && role.ID == "" {
		return role, errors.New(`not a role; give a name, or {"id": …, "name": …}`)
	}
	if role.ID == "" {
		role.ID = roster.RoleID(roster.Slug(role.Name))
	}
	if role.Name == "" {
		role.Name = string(role.ID)
	}
	return role, nil
}

// settingsBody is roster.Settings as JSON. A missing hand-off is the default one.
type settingsBody struct {
	From    string  `json:"from"`
	Zone    string  `json:"zone"`
	HandOff *string `json:"handOff"`
}

// apply puts what the body says into the team; what it leaves out stays.
func (b teamBody) apply(team *roster.Team) error {
	var errs roster.FieldErrors
	team.Name = b.Name
	if b.Roles != nil {
		team.Roles = make([]roster.Role, len(b.Roles))
		for i, data := range b.Roles {
			var err error
			if team.Roles[i], err = parseRole(data); err != nil {
				errs.Add(web.FieldAt("roles", i), err)
			}
		}
	}
	if b.Rotations != nil {
		team.Rotations = *b.Rotations
	}
	if b.Holidays != nil {
		team.Holidays = *b.Holidays
	}
	if b.OpenEditing != nil {
		team.OpenEditing = *b.OpenEditing
	}
	if b.Editors != nil {
		team.Editors = *b.Editors
	}
	if b.KeepFilled != nil {
		team.KeepFilled = *b.KeepFilled
	}
	if b.Agree != nil {
		team.AgreeFirst = *b.Agree
	}
	if b.Settings != nil {
		team.Settings = make([]roster.Settings, len(b.Settings))
		for i, s := range b.Settings {
			team.Settings[i] = s.settings(web.FieldAt("settings", i), &errs)
		}
	}
	return errs.Err()
}

func (b settingsBody) settings(field string, errs *roster.FieldErrors) roster.Settings {
	s := roster.Settings{HandOff: roster.DefaultHandOff}
	var err error
	if b.From != "" {
		if s.From, err = roster.ParseDate(b.From); err != nil {
			errs.Add(field+".from", err)
		}
	}
	if s.Zone, err = roster.ParseZone(b.Zone); err != nil {
		errs.Add(field+".zone", err)
	}
	if b.HandOff != nil {
		if s.HandOff, err = roster.ParseClockTime(*b.HandOff); err != nil {
			errs.Add(field+".handOff", err)
		}
	}
	return s
}

// teamsJSON is a list of teams.
type teamsJSON struct {
	Teams []roster.Team `json:"teams"`
}

// teams answers GET /api/v1/teams.
func (s *Site) teams(w http.ResponseWriter, r *http.Request) error {
	teams, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	for i := range teams {
		teams[i] = teams[i].WithoutOffers()
	}
	return answerJSON(w, http.StatusOK, teamsJSON{emptyNotNull(teams)})
}

// team answers GET /api/v1/teams/{team}.
func (s *Site) team(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, team.WithoutOffers(), team.Base())
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
	return answerEntity(w, r, http.StatusCreated, team, team.Revision)
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
		return roster.FieldErrors{{Field: "id", Message: "a team's id never changes"}}
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
	return answerEntity(w, r, http.StatusOK, changed.WithoutOffers(), changed.Revision)
}

// removeTeam answers DELETE /api/v1/teams/{team}: 204. The roster and its history
// are kept, and the id stays taken.
func (s *Site) removeTeam(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
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

// answerEntity answers with a team or a person; the ETag is its revision.
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
	d.group("Teams", "Teams, their roles and settings, and the rotations from which rosters are filled.")
	openapi.Answered[roster.Settings](&d.Types, "Settings", "What holds from a date on, until the next settings.", openapi.Notes{
		"from":    {Text: "The first date; empty for the first settings, which hold since ever.", Schema: orEmpty("Date")},
		"handOff": {Text: "When, on each date, one shift ends and the next begins."},
	})
	openapi.Answered[roster.RotationVersion](&d.Types, "RotationVersion", "A rotation as it is from a date on.", openapi.Notes{
		"from":        {Text: "The first day, on which the first of the people begins."},
		"weekdays":    {Text: "The days that it covers; the order of people advances on these only."},
		"daysPerTurn": {Text: "How many days in a row are one person's turn.", Schema: &openapi.Schema{Type: "integer"}},
		"handOver":    {Text: "The day of the week on which turns begin; not there if on any."},
		"people":      {Text: "In order of their turns."},
	})
	openapi.Answered[roster.Rotation](&d.Types, "Rotation", "Who takes turns in a role.", openapi.Notes{
		"name":     {Text: "Its name."},
		"versions": {Text: "In order of their dates."},
	})
	openapi.Answered[roster.Holiday](&d.Types, "Holiday", "A date on which the team does not work.", openapi.Notes{"name": {Text: "Its name."}})
	openapi.Answered[roster.Team](&d.Types, "Team", "A group of people who share one roster.", openapi.Notes{
		"name":        {Text: "Its name."},
		"roles":       {Text: "In order of importance: the first is who gets called."},
		"settings":    {Text: "In order of their dates."},
		"rotations":   {Text: "The rotations from which the roster is filled. Those of one role cover different days."},
		"holidays":    {Text: "In order of their dates."},
		"keepFilled":  {Text: "How many weeks ahead, today's included, the roster keeps itself filled; not there for none."},
		"agreeFirst":  {Text: "Whether those whose seats an exchange is about have to agree first."},
		"openEditing": {Text: "Whether everybody who is signed in may edit the roster."},
		"editors":     {Text: "Who else may, by what the sign-in calls them or by e-mail."},
		"offers":      {Text: "Never there: exchanges have an address of their own.", Schema: &openapi.Schema{}},
		"settled":     {Text: "Never there.", Schema: &openapi.Schema{}},
		"removed":     {Text: "Never there: a removed team is not given."},
	})
	openapi.Answered[teamsJSON](&d.Types, "Teams", "A list of teams.", openapi.Notes{"teams": {Text: "In order of ids."}})
	openapi.Sent[settingsBody](&d.Types, "SettingsToBe", "Settings as they shall be.", openapi.Notes{
		"from":    {Text: "The first date; empty for the first settings.", Schema: orEmpty("Date")},
		"zone":    {Must: true, Schema: openapi.SchemaAt("Zone")},
		"handOff": {Text: "09:00 if not given.", Schema: openapi.SchemaAt("ClockTime")},
	})
	openapi.Sent[teamBody](&d.Types, "TeamToBe", "A team as it shall be. What GET gives can be sent back.", openapi.Notes{
		"id":   {Text: "Made from the name if a new team has none; of a team that there is, its own."},
		"name": {Text: "At most 80 characters.", Must: true},
		"roles": {
			Text: "At most 8, in order of importance. If not given, primary and secondary for a new team, as before for another.",
			Schema: openapi.ListOf(&openapi.Schema{OneOf: []*openapi.Schema{
				{Type: "string", Description: "The name; the id is made from it."},
				{Type: "object", Properties: openapi.Properties{{Name: "id", Schema: openapi.SchemaAt("RoleID")}, {Name: "name", Schema: &openapi.Schema{Type: "string"}}}},
			}}),
		},
		"settings":    {Text: "If not given, the server's zone for a new team, as before for another. Those of the past cannot change."},
		"rotations":   {Text: "As before if not given."},
		"holidays":    {Text: "As before if not given."},
		"keepFilled":  {Text: "As before if not given; 0 for none."},
		"agreeFirst":  {Text: "As before if not given."},
		"openEditing": {Text: "As before if not given."},
		"editors":     {Text: "As before if not given."},
		"revision":    {Text: "If there, and without If-Match, the revision that the edit is based on.", Schema: openapi.SchemaAt("Revision")},
		"removed":     {Text: "Not looked at.", Schema: &openapi.Schema{}},
	})
	d.add(Operation{
		ID: "listTeams", Method: "GET", Path: "/teams", Summary: "List the teams",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The teams.", Value: teamsJSON{}}},
		Examples: []Example{{Summary: "Every team", Target: "/teams"}},
	}, Operation{
		ID: "makeTeam", Method: "POST", Path: "/teams", Summary: "Make a team", Takes: teamBody{}, Tagged: true,
		Answers: []Answered{{Status: http.StatusCreated, Text: "The new team.", Value: roster.Team{}, Located: true}},
		Examples: []Example{{
			Summary: "A team with roles of its own", Target: "/teams",
			Body: `{"name":"Web","roles":["Lead","Back-up"],"settings":[{"zone":"Europe/Berlin","handOff":"08:30"}]}`,
		}},
	}, Operation{
		ID: "getTeam", Method: "GET", Path: "/teams/{team}", Summary: "Read a team", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The team.", Value: roster.Team{}}},
		Examples: []Example{{Summary: "A team", Target: "/teams/ops"}},
	}, Operation{
		ID: "putTeam", Method: "PUT", Path: "/teams/{team}", Summary: "Change a team", Takes: teamBody{}, Tagged: true,
		Text:    "What the body leaves out stays as it is, but the name.",
		Answers: []Answered{{Status: http.StatusOK, Text: "The team as it is now.", Value: roster.Team{}}},
		Examples: []Example{{
			Summary: "A rotation of two, a week each", Target: "/teams/ops", Header: []string{"If-Match", `"{etag}"`},
			Body: `{"name":"Ops","rotations":[{"id":"week","role":"primary","name":"Week by week","versions":[` +
				`{"from":"2026-11-30","weekdays":["mon","tue","wed","thu","fri","sat","sun"],"daysPerTurn":7,"handOver":"mon","people":["ana-ruiz","bo-chen"]}]}]}`,
		}},
	}, Operation{
		ID: "removeTeam", Method: "DELETE", Path: "/teams/{team}", Summary: "Remove a team", Tagged: true,
		Text:     "Its roster and history are kept, and its id stays taken.",
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "It is removed."}},
		Examples: []Example{{Summary: "Remove a team", Target: "/teams/ops"}},
	})
}
