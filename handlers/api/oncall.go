package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

// onCallJSON is who is on call for a team at an instant.
type onCallJSON struct {
	Team  teamRef    `json:"team"`
	At    time.Time  `json:"at"`
	Roles []dutyJSON `json:"roles"`
}

// onCallAllJSON is who is on call for every team at an instant.
type onCallAllJSON struct {
	At    time.Time    `json:"at"`
	Teams []onCallJSON `json:"teams"`
}

// teamRef is a team, in short.
type teamRef struct {
	ID   roster.TeamID `json:"id"`
	Name string        `json:"name"`
}

func refToTeam(team *roster.Team) teamRef { return teamRef{team.ID, team.Name} }

// roleJSON is a roster.Role.
type roleJSON struct {
	ID   roster.RoleID `json:"id"`
	Name string        `json:"name"`
}

func newRoleJSON(r roster.Role) roleJSON { return roleJSON(r) }

// dutyJSON is a oncall.Duty. Until is null, and so is Next, where no end is planned
// within oncall.LookAhead days.
type dutyJSON struct {
	Role   roleJSON    `json:"role"`
	Person *personRef  `json:"person"`
	Date   roster.Date `json:"date"`
	Until  *time.Time  `json:"until"`
	Next   *nextJSON   `json:"next"`
}

// nextJSON is who takes over; a null person is a gap.
type nextJSON struct {
	Person *personRef `json:"person"`
	From   time.Time  `json:"from"`
}

func newOnCallJSON(team *roster.Team, at time.Time, duties []oncall.Duty, names roster.Names) onCallJSON {
	j := onCallJSON{refToTeam(team), at.UTC(), make([]dutyJSON, len(duties))}
	// What the duties point to, made at once.
	parts := make([]struct {
		person, follows personRef
		next            nextJSON
	}, len(duties))
	for i := range duties {
		d, part := &duties[i], &parts[i]
		j.Roles[i] = dutyJSON{Role: newRoleJSON(d.Role), Person: part.person.of(d.Person, names), Date: d.Date}
		if !d.Open {
			part.next = nextJSON{part.follows.of(d.Next, names), d.Until}
			j.Roles[i].Until, j.Roles[i].Next = &part.next.From, &part.next
		}
	}
	return j
}

// onCall answers GET /api/v1/teams/{team}/oncall?at=. As text/plain it is the name
// of who holds the first role, an empty line if nobody does.
func (s *Site) onCall(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	at, err := web.QueryInstant(r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	answers, err := s.onCallOf(r, []roster.Team{*team}, at)
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	if wantsText(r) {
		return web.AnswerText(w, http.StatusOK, answers[0].called()+"\n")
	}
	return answerJSON(w, http.StatusOK, answers[0])
}

// onCallAll answers GET /api/v1/oncall?at= for every team. As text/plain it is a
// line for each team, its id, a tab and the name; with a single team the name alone.
func (s *Site) onCallAll(w http.ResponseWriter, r *http.Request) error {
	at, err := web.QueryInstant(r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	teams, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	answers, err := s.onCallOf(r, teams, at)
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	if !wantsText(r) {
		return answerJSON(w, http.StatusOK, onCallAllJSON{at.UTC(), answers})
	}
	var text strings.Builder
	for _, a := range answers {
		if len(answers) > 1 {
			fmt.Fprintf(&text, "%s\t", a.Team.ID)
		}
		fmt.Fprintln(&text, a.called())
	}
	return web.AnswerText(w, http.StatusOK, text.String())
}

func (s *Site) onCallOf(r *http.Request, teams []roster.Team, at time.Time) ([]onCallJSON, error) {
	duties, names, err := s.Desk.OnCall(r.Context(), teams, at)
	if err != nil {
		return nil, err
	}
	answers := make([]onCallJSON, len(teams))
	for i := range teams {
		answers[i] = newOnCallJSON(&teams[i], at, duties[i], names)
	}
	return answers, nil
}

// called is the name of who gets called: who holds the team's first role.
func (j onCallJSON) called() string {
	if p := j.Roles[0].Person; p != nil {
		return p.Name
	}
	return ""
}

func describeOnCall(d *describer) {
	d.group("On call", "Who is on call, now or at any instant.")
	openapi.Answered[teamRef](&d.Types, "TeamRef", "A team's id and name.", openapi.Notes{"name": {Text: "The name."}})
	openapi.Answered[roleJSON](&d.Types, "Role", "A role that somebody in the team holds on each day.", openapi.Notes{"name": {Text: "The name."}})
	openapi.Answered[nextJSON](&d.Types, "Next", "Who takes over.", openapi.Notes{
		"person": {Text: "The person. Null means a gap.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"from":   {Text: "When they take over."},
	})
	openapi.Answered[dutyJSON](&d.Types, "Duty", "Who holds a role, and until when.", openapi.Notes{
		"person": {Text: "Who holds it. Null means nobody.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"date":   {Text: "The day that the shift belongs to."},
		"until":  {Text: "Until when. Null if no end is planned in the next " + strconv.Itoa(oncall.LookAhead) + " days."},
		"next":   {Text: "Who is next. Null if `until` is null."},
	})
	openapi.Answered[onCallJSON](&d.Types, "OnCall", "Who is on call for a team at an instant.", openapi.Notes{
		"at":    {Text: "The instant that the answer is about."},
		"roles": {Text: "In the team's order. The first role gets the calls."},
	})
	openapi.Answered[onCallAllJSON](&d.Types, "OnCallAll", "Who is on call for every team at an instant.", openapi.Notes{
		"at":    {Text: "The instant that the answer is about."},
		"teams": {Text: "In order of ids."},
	})
	at := []parameter{{"at", "The instant. The default is now. Write `+` as `%2B`.", openapi.SchemaAt("Instant")}}
	const asText = "For scripts: with `Accept: text/plain`, the answer is the name of the person who gets the calls."
	d.add(Operation{
		ID: "getOnCall", Method: "GET", Path: "/oncall", Summary: "Find out who is on call for every team", Query: at, Text: asText,
		Answers: []Answered{{
			Status: http.StatusOK, Text: "Who is on call.", Value: onCallAllJSON{},
			Plain: "A line for each team: its id, a tab, and the name of the person who holds its first role. If there is only one team, just the name.",
		}},
		Examples: []Example{
			{Summary: "Now", Target: "/oncall"},
			{Summary: "Now, for a script", Target: "/oncall", Header: []string{"Accept", "text/plain"}},
		},
	}, Operation{
		ID: "getTeamOnCall", Method: "GET", Path: "/teams/{team}/oncall", Summary: "Find out who is on call for a team", Query: at, Text: asText,
		Answers: []Answered{{
			Status: http.StatusOK, Text: "Who is on call.", Value: onCallJSON{},
			Plain: "The name of the person who holds the team's first role. An empty line if nobody does.",
		}},
		Examples: []Example{
			{Summary: "At an instant", Target: "/teams/ops/oncall?at=2026-11-25T12:00:00Z"},
			{Summary: "At an instant, for a script", Target: "/teams/ops/oncall?at=2026-11-25T12:00:00Z", Header: []string{"Accept", "text/plain"}},
		},
	})
}
