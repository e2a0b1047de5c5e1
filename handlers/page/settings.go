package page

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// settingsPage answers GET /teams/{team}/settings.
func (s *Site) settingsPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showSettings(w, r, http.StatusOK, team, views.TeamForm{Values: s.settingsValues(team)})
}

// settingsValues are the form's fields as they are. If settings are planned for later, the
// form shows these, with their date.
func (s *Site) settingsValues(team *roster.Team) map[string]string {
	shown := team.Settings[len(team.Settings)-1]
	from := roster.Later(shown.From, team.DayAt(s.Now()).AddDays(1)) // the first day that has not begun
	values := map[string]string{
		"name": team.Name, "roles": rolesText(team.Roles), "zone": shown.Zone.String(), "handOff": shown.HandOff.String(),
		"from": from.String(), "revision": string(team.Base()), "keepFilled": strconv.Itoa(team.KeepFilled),
		"editors": strings.Join(team.Editors, ", "), "openEditing": yes(team.OpenEditing),
	}
	if team.AgreeFirst {
		values["agreeFirst"] = "yes"
	}
	return values
}

// yes is a ticked box's value.
func yes(ticked bool) string {
	if ticked {
		return "yes"
	}
	return ""
}

// namesIn returns the names in a list separated by commas.
func namesIn(text string) []string {
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (s *Site) showSettings(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, form views.TeamForm) error {
	frame := s.Frame(r, words.T(r.Context(), "Settings of %s", team.Name), team)
	if r.URL.Query().Has("saved") && status == http.StatusOK {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.TeamURL(team.ID), team.Base())
	}
	return shell.Render(w, r, status, views.SettingsPage(frame, team, form))
}

// saveSettings answers POST /teams/{team}/settings: 303 to the settings, 409 or 422 the form
// with what the person typed.
func (s *Site) saveSettings(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	form := views.TeamForm{Values: shell.FirstValues(fields)}
	changed, err := s.settingsWanted(team, fields)
	if err == nil {
		err = web.CallerOf(r.Context()).MaySetEditors(team, &changed)
	}
	if err == nil {
		err = s.PutTeam(w, r, team, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(settingsErrors(err), *team, said.New("the settings")); ok {
		form.Errors, form.Values["revision"] = back.Errors, string(back.Now.Revision)
		return s.showSettings(w, r, back.Status, &back.Now, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.SettingsURL(team.ID)+"?saved", http.StatusSeeOther)
	return nil
}

// settingsWanted is the team as the form asks for it. A role whose name stays keeps its id.
func (s *Site) settingsWanted(team *roster.Team, fields url.Values) (roster.Team, error) {
	changed := *team
	settings, errs := teamFields(&changed, fields)
	if fields.Has("editors") || fields.Has("openEditing") { // the form asks only those who may change them
		changed.OpenEditing, changed.Editors = fields.Get("openEditing") != "", namesIn(fields.Get("editors"))
	}
	if text := fields.Get("keepFilled"); text != "" {
		weeks, err := strconv.Atoi(text)
		if err != nil {
			errs.Add("keepFilled", said.New("give a number of weeks"))
		}
		changed.KeepFilled = weeks
	}
	changed.AgreeFirst = fields.Get("agreeFirst") != ""
	for i := range changed.Roles {
		for _, old := range team.Roles {
			if roster.FoldName(old.Name) == roster.FoldName(changed.Roles[i].Name) {
				changed.Roles[i].ID = old.ID
			}
		}
	}
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		errs.Add("from", err)
	}
	today := team.Today(s.Now())
	if err == nil && from.Before(today) {
		errs.Add("from", said.New("a change never rewrites the past; give today or a later day"))
	}
	if err := errs.Err(); err != nil {
		return changed, err
	}
	if in := team.SettingsOn(from); in.Zone.String() == settings.Zone.String() && in.HandOff == settings.HandOff {
		return changed, nil // zone and hand-off stay as they are
	}
	settings.From = from
	withSettings, err := changed.WithSettings(settings, today)
	if err == nil {
		err = withSettings.KeepsServed(team, s.Now())
	}
	return withSettings, err
}

// settingsErrors renames the refused fields of a team to those of the settings' form.
func settingsErrors(err error) error {
	return shell.AtFields(err, func(field string) string {
		switch list := shell.FieldOfList(field); list {
		case "settings":
			return "from"
		case "rotations":
			return "roles" // the form has no rotations: the role of one must be gone
		default:
			return list
		}
	})
}
