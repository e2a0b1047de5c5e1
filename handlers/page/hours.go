package page

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/written"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// hoursPage answers GET /teams/{team}/hours?start=: when each role is on duty, or the form
// filled in with a starting point.
func (s *Site) hoursPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	form := s.hoursForm(team)
	if start := r.URL.Query().Get("start"); start != "" {
		if form.Roles, err = hoursStart(r.Context(), team, start); err != nil {
			return err
		}
	}
	changed, errs := s.hoursWanted(team, form)
	return s.showHours(w, r, http.StatusOK, team, &changed, form, errs)
}

// hoursForm is the form of the hours that hold last, and from when a change holds.
func (s *Site) hoursForm(team *roster.Team) views.HoursForm {
	from := team.DayAt(s.Now()).AddDays(1) // the first day that has not begun
	for _, of := range team.Hours {
		from = roster.Later(from, of.Versions[len(of.Versions)-1].From)
	}
	form := views.HoursForm{From: from.String(), Revision: string(team.Base())}
	for _, role := range team.Roles {
		row := views.HoursRole{ID: string(role.ID), Name: role.Name}
		if versions := team.HoursOf(role.ID); len(versions) > 0 {
			last := versions[len(versions)-1]
			row.Zone, row.Hours = last.Zone.String(), written.HourSpansText(last.Spans)
		}
		form.Roles = append(form.Roles, row)
	}
	return form
}

// hoursStart are the roles of a starting point: the team's own, as many as it takes, with the
// names and hours of the starting point.
func hoursStart(ctx context.Context, team *roster.Team, id string) ([]views.HoursRole, error) {
	var roles []views.HoursRole
	switch id {
	case "whole-day":
	case "day-night":
		roles = []views.HoursRole{{Name: words.T(ctx, "Day"), Hours: "08:00-20:00"}, {Name: words.T(ctx, "Night"), Hours: "20:00-08:00"}}
	case "sun":
		// The last hours overlap the first: they still meet when one zone changes its clocks and
		// another does not.
		roles = []views.HoursRole{
			{Name: words.T(ctx, "Asia-Pacific"), Zone: "Asia/Singapore", Hours: "08:00-16:00"},
			{Name: words.T(ctx, "Europe"), Zone: "Europe/Berlin", Hours: "09:00-17:00"},
			{Name: words.T(ctx, "Americas"), Zone: "America/New_York", Hours: "11:00-20:00"},
		}
	case "business":
		roles = []views.HoursRole{{Name: team.Roles[0].Name, Hours: "mon-fri 09:00-17:00"}}
	default:
		return nil, web.BadRequest("start: %q is not a starting point", id)
	}
	for i, role := range team.Roles {
		if i < len(roles) {
			roles[i].ID = string(role.ID)
			continue
		}
		roles = append(roles, views.HoursRole{ID: string(role.ID), Name: role.Name})
	}
	return roles, nil
}

// saveHours answers POST /teams/{team}/hours: with preview, the week that the form makes (422
// with what is wrong); else 303 to the hours, 409 or 422 the form with what the person typed.
func (s *Site) saveHours(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	form := typedHours(fields)
	changed, errs := s.hoursWanted(team, form)
	if fields.Get("preview") != "" || r.URL.Query().Has("preview") {
		status := http.StatusOK
		if len(errs) > 0 {
			status = http.StatusUnprocessableEntity
		}
		return s.showHours(w, r, status, team, &changed, form, errs)
	}
	err = errs.Err()
	if err == nil {
		err = changed.KeepsServed(team, s.Now())
	}
	if err == nil {
		err = s.PutTeam(w, r, team, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(hoursErrors(err), *team, said.New("the settings")); ok {
		form.Revision = string(back.Now.Revision)
		return s.showHours(w, r, back.Status, &back.Now, &changed, form, back.Errors)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.HoursURL(team.ID, "saved", "yes"), http.StatusSeeOther)
	return nil
}

// typedHours is the form as somebody sent it.
func typedHours(fields url.Values) views.HoursForm {
	form := views.HoursForm{From: fields.Get("from"), Revision: fields.Get("revision")}
	for i := 0; i < roster.MaxRoles && fields.Has(views.HoursField(i, "name")); i++ {
		form.Roles = append(form.Roles, views.HoursRole{
			ID: fields.Get(views.HoursField(i, "id")), Name: fields.Get(views.HoursField(i, "name")),
			Zone: fields.Get(views.HoursField(i, "zone")), Hours: fields.Get(views.HoursField(i, "hours")),
		})
	}
	return form
}

// showHours draws the page, or for htmx the week. changed is the team as the form makes it.
func (s *Site) showHours(w http.ResponseWriter, r *http.Request, status int, team, changed *roster.Team, form views.HoursForm, errs roster.FieldErrors) error {
	p := views.HoursPage{Team: team, Form: form, May: web.CallerOf(r.Context()).MayEdit(team)}
	p.Form.Errors = errs
	if from, err := roster.ParseDate(form.From); err == nil && len(errs) == 0 {
		week := views.WeekStrip(r.Context(), changed, from.AddDays(7)) // the first whole week: on its first day begins no shift of before
		p.Week = &week
	}
	if shell.WantsFragment(r) {
		return shell.Render(w, r, status, views.HoursWeek(p))
	}
	if last := len(p.Form.Roles) - 1; p.May && len(p.Form.Roles) < roster.MaxRoles && (last < 0 || p.Form.Roles[last].Name != "") {
		p.Form.Roles = append(p.Form.Roles, views.HoursRole{})
	}
	frame := s.Frame(r, words.T(r.Context(), "Hours of %s", team.Name), team)
	if r.URL.Query().Has("saved") && status == http.StatusOK {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.TeamURL(team.ID), team.Base())
	}
	return shell.Render(w, r, status, views.Hours(frame, p))
}

// hoursWanted is the team as the form asks for it. Roles keep their ids whatever their names.
func (s *Site) hoursWanted(team *roster.Team, form views.HoursForm) (roster.Team, roster.FieldErrors) {
	var (
		errs    roster.FieldErrors
		changed = *team
		wanted  = map[roster.RoleID]roster.Hours{}
	)
	changed.Roles = nil
	from, err := roster.ParseDate(form.From)
	today := team.Today(s.Now())
	switch {
	case err != nil:
		errs.Add("from", err)
	case from.Before(today):
		errs.Add("from", said.New("a change never rewrites the past; give today or a later day"))
	}
	for i, row := range form.Roles {
		if row.ID == "" && strings.TrimSpace(row.Name+row.Zone+row.Hours) == "" {
			continue // the empty row for another role
		}
		role, hours := roleWanted(team, row, func(name string, err error) { errs.Add(views.HoursField(i, name), err) })
		hours.From = from
		changed.Roles = append(changed.Roles, role)
		wanted[role.ID] = hours
	}
	if len(errs) > 0 {
		return changed, errs
	}
	for _, role := range changed.Roles {
		now, want := team.HoursOn(role.ID, from), wanted[role.ID]
		if want.Zone == (roster.Zone{}) {
			now.Zone = zoneOfHours(team, role.ID, from)
		}
		if len(want.Spans) == 0 && len(now.Spans) == 0 || written.HourSpansText(now.Spans) == written.HourSpansText(want.Spans) && now.Zone.String() == want.Zone.String() {
			continue
		}
		with, err := changed.WithHours(role.ID, want, today)
		if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
			return changed, append(errs, refused...)
		}
		changed = with
	}
	valid := changed
	if refused, ok := errors.AsType[roster.FieldErrors](hoursErrors(valid.Validate())); ok {
		errs = append(errs, refused...)
	}
	return changed, errs
}

// zoneOfHours is the zone that a role's hours name on a day, if they name one.
func zoneOfHours(team *roster.Team, role roster.RoleID, on roster.Date) (zone roster.Zone) {
	for _, h := range team.HoursOf(role) {
		if !on.Before(h.From) {
			zone = h.Zone
		}
	}
	return zone
}

// roleWanted reads one role of the form. wrong is told of each field that cannot be read.
func roleWanted(team *roster.Team, row views.HoursRole, wrong func(field string, err error)) (role roster.Role, hours roster.Hours) {
	name, err := roster.ParseName(row.Name)
	if err != nil {
		wrong("name", err)
	}
	role = roster.Role{ID: roster.RoleID(row.ID), Name: name}
	switch {
	case row.ID == "":
		role.ID = roster.RoleID(roster.Slug(name))
	case !team.HasRole(role.ID):
		wrong("name", said.New("the team no longer has this role"))
	}
	if row.Zone = strings.TrimSpace(row.Zone); row.Zone != "" {
		if hours.Zone, err = roster.ParseZone(row.Zone); err != nil {
			wrong("zone", err)
		}
	}
	if hours.Spans, err = written.HourSpans(row.Hours); err != nil {
		wrong("hours", err)
	}
	return role, hours
}

// hoursErrors renames the refused fields of a team to those of the form of hours.
func hoursErrors(err error) error {
	return shell.AtFields(err, func(field string) string {
		switch list, rest, _ := strings.Cut(field, "."); list {
		case "from":
			return field
		case "roles":
			if parts := strings.SplitN(rest, ".", 3); len(parts) > 1 { // the form has one field for a role's hours
				return "roles." + parts[0] + "." + parts[1]
			}
			return field + ".name"
		default:
			return "" // at the top
		}
	})
}
