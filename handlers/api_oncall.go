package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/views"
)

// onCallJSON is who is on call for a team at an instant.
type onCallJSON struct {
	Team  teamRef    `json:"team"`
	At    time.Time  `json:"at"`
	Roles []dutyJSON `json:"roles"`
}

type teamRef struct {
	ID   roster.TeamID `json:"id"`
	Name string        `json:"name"`
}

// dutyJSON is a roster.Duty. Until is null, and so is Next, where no end is planned
// within roster.LookAhead days.
type dutyJSON struct {
	Role   roster.Role `json:"role"`
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

func newOnCallJSON(team *roster.Team, at time.Time, duties []roster.Duty, names views.Names) onCallJSON {
	j := onCallJSON{teamRef{team.ID, team.Name}, at.UTC(), make([]dutyJSON, len(duties))}
	for i, d := range duties {
		j.Roles[i] = dutyJSON{Role: d.Role, Person: refTo(d.Person, names), Date: d.Date}
		if !d.Open {
			j.Roles[i].Until = &d.Until
			j.Roles[i].Next = &nextJSON{refTo(d.Next, names), d.Until}
		}
	}
	return j
}

// apiOnCall answers GET /api/v1/teams/{team}/oncall?at=. As text/plain it is the name
// of who holds the first role, an empty line if nobody does.
func (s *Server) apiOnCall(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	at, err := queryInstant(r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	answers, err := s.onCall(r, []roster.Team{*team}, at)
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	if wantsText(r) {
		return answerText(w, http.StatusOK, answers[0].called()+"\n")
	}
	return answerJSON(w, http.StatusOK, answers[0])
}

// apiOnCallAll answers GET /api/v1/oncall?at= for every team. As text/plain it is a
// line for each team, its id, a tab and the name; with a single team the name alone.
func (s *Server) apiOnCallAll(w http.ResponseWriter, r *http.Request) error {
	at, err := queryInstant(r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	teams, err := s.listedTeams(r.Context())
	if err != nil {
		return err
	}
	answers, err := s.onCall(r, teams, at)
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	if !wantsText(r) {
		return answerJSON(w, http.StatusOK, map[string]any{"at": at.UTC(), "teams": answers})
	}
	var text strings.Builder
	for _, a := range answers {
		if len(answers) > 1 {
			fmt.Fprintf(&text, "%s\t", a.Team.ID)
		}
		fmt.Fprintln(&text, a.called())
	}
	return answerText(w, http.StatusOK, text.String())
}

func (s *Server) onCall(r *http.Request, teams []roster.Team, at time.Time) ([]onCallJSON, error) {
	names, _, err := s.names(r.Context())
	if err != nil {
		return nil, err
	}
	answers := make([]onCallJSON, len(teams))
	for i := range teams {
		duties, err := s.duties(r.Context(), &teams[i], at)
		if err != nil {
			return nil, err
		}
		answers[i] = newOnCallJSON(&teams[i], at, duties, names)
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
