package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// teamsPage answers GET /teams?q=&cursor=: the teams with who is on call, and a form for a new
// one.
func (s *Site) teamsPage(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	return s.showTeams(w, r, http.StatusOK, all, s.newTeamForm())
}

func (s *Site) showTeams(w http.ResponseWriter, r *http.Request, status int, all []roster.Team, form views.TeamForm) error {
	asked, err := web.QueryListing(r.URL.Query(), web.MaxListed)
	if err != nil {
		return err
	}
	teams, next := desk.TeamsPart(all, asked)
	now := s.Now()
	answers, names, err := s.Desk.OnCall(r.Context(), teams, now)
	if err != nil {
		return err
	}
	reach, err := s.contacts(r.Context(), names)
	if err != nil {
		return err
	}
	banners := make([]views.Banner, len(teams))
	for i := range teams {
		banners[i] = views.Banner{Team: &teams[i], Duties: answers[i].Duties, Call: answers[i].Call, Names: names, Now: now, Reach: reach}
	}
	return shell.Render(w, r, status, views.TeamsPage(s.Frame(r, words.T(r.Context(), "Teams"), nil), banners, views.Part{Path: "/teams", Search: asked.Search, After: asked.After, Next: next}, form))
}

func (s *Site) newTeamForm() views.TeamForm {
	return views.TeamForm{Values: map[string]string{
		"zone": s.Zone.String(), "handOff": roster.DefaultHandOff.String(), "roles": rolesText(roster.DefaultRoles()),
	}}
}

// makeTeam answers POST /teams: 303 to the new team's roster.
func (s *Site) makeTeam(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	team, err := s.createTeam(r, fields)
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		all, err := s.Desk.ListedTeams(r.Context())
		if err != nil {
			return err
		}
		return s.showTeams(w, r, http.StatusUnprocessableEntity, all, views.TeamForm{Values: shell.FirstValues(fields), Errors: refused})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.TeamURL(team.ID), http.StatusSeeOther)
	return nil
}

func (s *Site) createTeam(r *http.Request, fields url.Values) (roster.Team, error) {
	team := roster.Team{Name: fields.Get("name")}
	settings, errs := teamFields(&team, fields)
	team.Settings = []roster.Settings{settings}
	team.ID = roster.TeamID(roster.Slug(team.Name))
	if err := errs.Err(); err != nil {
		return team, err
	}
	return s.Desk.AddTeam(r.Context(), team, "name")
}

// teamFields reads the fields that the forms of new and existing teams share into the team,
// and returns its zone and hand-off.
func teamFields(team *roster.Team, fields url.Values) (roster.Settings, roster.FieldErrors) {
	var errs roster.FieldErrors
	name, err := roster.ParseName(fields.Get("name"))
	if err != nil {
		errs.Add("name", err)
	}
	team.Name = name
	if team.Roles, err = parseRoles(fields.Get("roles")); err != nil {
		errs.Add("roles", err)
	}
	var s roster.Settings
	if s.Zone, err = roster.ParseZone(fields.Get("zone")); err != nil {
		errs.Add("zone", err)
	}
	if s.HandOff, err = roster.ParseClockTime(fields.Get("handOff")); err != nil {
		errs.Add("handOff", err)
	}
	return s, errs
}

// parseRoles reads a list of the roles' names, separated by commas.
func parseRoles(text string) ([]roster.Role, error) {
	var roles []roster.Role
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, err := roster.ParseName(part)
		if err != nil {
			return nil, err
		}
		roles = append(roles, roster.Role{ID: roster.RoleID(roster.Slug(name)), Name: name})
	}
	if len(roles) == 0 {
		return nil, said.New("a team has at least one role")
	}
	return roles, nil
}

func rolesText(roles []roster.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// removeTeam answers POST /teams/{team}/remove: 303 to the list.
func (s *Site) removeTeam(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	team.Removed = true
	if _, err := s.Desk.PutTeam(r.Context(), *team, roster.Revision(fields.Get("revision"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/teams", http.StatusSeeOther)
	return nil
}
