// Package rotations is a team's rotations as pages: their editor with what it would bring, and
// filling the roster from them.
package rotations

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// Site serves the pages of rotations.
type Site struct {
	*shell.Shell
}

// Routes are the routes of rotations.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/teams/{team}/rotations", web.Read, s.rotationsPage).Costs(web.Heavy),
		web.Post("/teams/{team}/rotations", web.Edit, s.saveRotation).Costs(web.Heavy),
		web.Post("/teams/{team}/rotations/preview", web.Edit, s.previewRotation).Costs(web.Heavy),
		web.Post("/teams/{team}/fill", web.Edit, s.fillTeam).Costs(web.Heavy),
	}
}

// rotationsPage answers GET /teams/{team}/rotations: the rotations and, with fill-from= and
// fill-to=, what filling these days would do.
func (s *Site) rotationsPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showRotations(w, r, http.StatusOK, team, nil, r.URL.Query())
}

// showRotations draws the page. sent replaces the form of its rotation, and fill has the
// fields of the fill's form, if that was sent.
func (s *Site) showRotations(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, sent *views.RotationForm, fill url.Values) error {
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	today := team.Today(s.Now())
	page := views.Rotations{
		Team: team, Names: names, New: views.RotationForm{Days: roster.MonToFri, Values: map[string]string{
			"name": "", "role": string(team.Roles[0].ID), "daysPerTurn": "1", "from": today.String(),
		}},
		Fill: views.FillForm{Values: map[string]string{"fill-from": today.String(), "fill-to": today.AddDays(fillDays - 1).String()}},
	}
	for i := range team.Rotations {
		page.Forms = append(page.Forms, rotationForm(r.Context(), team, &team.Rotations[i], names, today))
	}
	if sent != nil {
		page.Refused, sent.Open = true, true
		if i := slices.IndexFunc(page.Forms, func(f views.RotationForm) bool { return f.ID == sent.ID }); i >= 0 {
			sent.Title, sent.Says = page.Forms[i].Title, page.Forms[i].Says
			page.Forms[i] = *sent
		} else {
			page.New = *sent
		}
	}
	if fill.Has("fill-from") {
		page.Fill = views.FillForm{Values: shell.FirstValues(fill)}
		if page.Fill.Errors, err = s.previewFill(r.Context(), &page, names, fill); err != nil {
			return err
		}
		if len(page.Fill.Errors) > 0 {
			status = http.StatusUnprocessableEntity
		}
	}
	page.Own = tally.Own(team, []roster.Day{{Date: today}})
	page.Today = today
	frame := s.Frame(r, words.T(r.Context(), "Rotations"), team)
	if r.URL.Query().Has("saved") {
		s.Saved(r, &frame, words.T(r.Context(), "Saved. The roster does not change until you fill it."), views.TeamURL(team.ID), team.Base())
	}
	return shell.Render(w, r, status, views.RotationsPage(frame, page))
}

// rotationForm is a rotation as it is today, or as it will begin, in a form.
func rotationForm(ctx context.Context, team *roster.Team, r *roster.Rotation, names roster.Names, today roster.Date) views.RotationForm {
	v, running := r.On(today)
	if !running {
		v = r.Versions[0]
	}
	texts := make([]string, len(v.People))
	for i, p := range v.People {
		texts[i] = names.Text(p)
	}
	says := []string{words.T(ctx, "%s on %s", team.RoleName(r.Role), versionText(ctx, v, names))}
	if !running {
		says[0] += ", " + words.T(ctx, "from %s", views.LongDate(ctx, v.From))
	}
	for _, planned := range r.Versions {
		if v.From.Before(planned.From) {
			says = append(says, words.T(ctx, "From %s, on %s", views.LongDate(ctx, planned.From), versionText(ctx, planned, names)))
		}
	}
	return views.RotationForm{
		ID: r.ID, Title: r.Name, Says: says, Days: v.Weekdays, People: v.People, Past: r.Versions,
		Values: map[string]string{
			"name": r.Name, "role": string(r.Role), "daysPerTurn": strconv.Itoa(v.DaysPerTurn), "handOver": v.HandOver.String(),
			"people": strings.Join(texts, ", "), "from": roster.Later(today, v.From).String(),
		},
	}
}

// versionText is what a rotation is at a time: "Mon–Fri, a day each: Ana Ruiz, Bo Chen".
func versionText(ctx context.Context, v roster.RotationVersion, names roster.Names) string {
	people := make([]string, len(v.People))
	for i, p := range v.People {
		people[i] = names.Of(p)
	}
	return fmt.Sprintf("%s, %s: %s", views.WeekdaysText(ctx, v.Weekdays), turnText(ctx, v), cmp.Or(strings.Join(people, ", "), words.T(ctx, "nobody")))
}

func turnText(ctx context.Context, v roster.RotationVersion) string {
	if v.HandOver == 0 {
		return words.N(ctx, v.DaysPerTurn, "a day each", "%d days each")
	}
	return words.N(ctx, v.DaysPerTurn/7, "a week each", "%d weeks each") + ", " + words.T(ctx, "handed over on %s", views.WeekdayName(ctx, v.HandOver))
}

// saveRotation answers POST /teams/{team}/rotations: a new rotation, or a new version of
// one: 303 to the page, 409 or 422 the form with what the person typed.
func (s *Site) saveRotation(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	form := &views.RotationForm{ID: roster.RotationID(fields.Get("id")), Values: shell.FirstValues(fields)}
	changed, err := s.rotationWanted(r, team, fields, form)
	if err == nil {
		err = s.PutTeam(w, r, team, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(err, *team, said.New("the team")); ok {
		form.Errors = back.Errors
		return s.showRotations(w, r, back.Status, &back.Now, form, nil)
	}
	if err != nil {
		return err
	}
	// The next step is to fill the roster from it: the page shows at once what that would do.
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		return err
	}
	today := team.Today(s.Now())
	last := roster.Later(today, from).AddDays(fillDays - 1)
	q := url.Values{"saved": {""}, "fill-from": {today.String()}, "fill-to": {last.String()}}
	http.Redirect(w, r, views.RotationsURL(team.ID)+"?"+q.Encode()+"#fill", http.StatusSeeOther)
	return nil
}

// fillDays is how many days a fill is offered for at first: eight weeks.
const fillDays = 8 * 7

// rotationWanted is the team with the rotation that the form asks for. What it refuses is a
// roster.FieldErrors with the form's fields.
func (s *Site) rotationWanted(r *http.Request, team *roster.Team, fields url.Values, form *views.RotationForm) (roster.Team, error) {
	version, err := rotationVersion(fields, team.Today(s.Now()))
	form.Days = version.Weekdays
	if err != nil {
		return *team, err
	}
	if version.People, err = s.peopleNamed(r.Context(), fields.Get("people")); err != nil {
		return *team, err
	}
	return withVersion(team, fields, form, version)
}

// withVersion is the team with a version of the rotation that the form is about.
func withVersion(team *roster.Team, fields url.Values, form *views.RotationForm, version roster.RotationVersion) (roster.Team, error) {
	changed := *team
	changed.Rotations = slices.Clone(team.Rotations)
	i := slices.IndexFunc(changed.Rotations, func(x roster.Rotation) bool { return x.ID == form.ID })
	if i < 0 {
		i = len(changed.Rotations)
		changed.Rotations = append(changed.Rotations, roster.Rotation{ID: freeRotationID(team, fields.Get("name"))})
	}
	rotation := changed.Rotations[i].With(version)
	rotation.Name, rotation.Role = fields.Get("name"), roster.RoleID(fields.Get("role"))
	changed.Rotations[i] = rotation
	if err := changed.Validate(); err != nil {
		return changed, rotationErrors(err, i)
	}
	return changed, nil
}

// rotationVersion reads the form's rotation, except the people.
func rotationVersion(fields url.Values, today roster.Date) (v roster.RotationVersion, err error) {
	var errs roster.FieldErrors
	var days []roster.Weekday
	for _, text := range fields["weekday"] {
		day, err := roster.ParseWeekday(text)
		if err != nil {
			errs.Add("weekdays", err)
		}
		days = append(days, day)
	}
	v.Weekdays = roster.WeekdaysOf(days...)
	if v.DaysPerTurn, err = strconv.Atoi(fields.Get("daysPerTurn")); err != nil {
		errs.Add("daysPerTurn", said.New("give a number of days"))
	}
	if text := fields.Get("handOver"); text != "" {
		if v.HandOver, err = roster.ParseWeekday(text); err != nil {
			errs.Add("handOver", err)
		}
	}
	if v.From, err = roster.ParseDate(fields.Get("from")); err != nil {
		errs.Add("from", err)
	} else if v.From.Before(today) {
		errs.Add("from", said.New("a change never rewrites the past; give today or a later day"))
	}
	if _, err := roster.ParseName(fields.Get("name")); err != nil {
		errs.Add("name", err)
	}
	return v, errs.Err()
}

// peopleNamed finds the people in a list of names separated by commas, and adds those who are
// new.
func (s *Site) peopleNamed(ctx context.Context, text string) ([]roster.PersonID, error) {
	known, err := s.Desk.Names(ctx)
	if err != nil {
		return nil, err
	}
	ids, newNames, err := listed(known, text)
	if err != nil {
		return nil, err
	}
	added, _, err := s.Desk.AddNewcomers(ctx, newNames, func(int) string { return "people" })
	if err != nil {
		return nil, err
	}
	for i, id := range added {
		ids[i] = cmp.Or(ids[i], id)
	}
	return ids, nil
}

// listed finds the people in a list of names separated by commas. Of somebody who is new, the id
// is "" and newNames has the name; of everybody else newNames has "". What it refuses is a
// roster.FieldErrors at people: a list of nobody, or of too many, too.
func listed(known roster.Names, text string) (ids []roster.PersonID, newNames []string, err error) {
	var errs roster.FieldErrors
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name := ""
		p, found := known.Find(part)
		if !found {
			if name, err = roster.ParseName(part); err != nil {
				errs.Add("people", err)
			}
		}
		ids, newNames = append(ids, p.ID), append(newNames, name)
	}
	switch n := len(ids); {
	case n == 0:
		errs.Add("people", said.New("a rotation has at least one person"))
	case n > roster.MaxRotationPeople:
		errs.Add("people", said.New("a rotation has at most %d people, not %d", roster.MaxRotationPeople, n))
	}
	return ids, newNames, errs.Err()
}

func freeRotationID(team *roster.Team, name string) roster.RotationID {
	for n := 1; ; n++ {
		id := roster.RotationID(roster.NumberedSlug(roster.Slug(name), n))
		if !slices.ContainsFunc(team.Rotations, func(r roster.Rotation) bool { return r.ID == id }) {
			return id
		}
	}
}

// rotationErrors renames the fields of the team's i-th rotation to those of the form. Messages
// about anything else stand at the top.
func rotationErrors(err error, i int) error {
	return shell.AtFields(err, func(field string) string {
		rest, mine := strings.CutPrefix(field, web.FieldAt("rotations", i)+".")
		if parts := strings.Split(rest, "."); mine && parts[0] == "versions" && len(parts) > 2 {
			return parts[2] // a message about versions.0.people.3 stands at people
		}
		if !mine {
			return ""
		}
		return rest
	})
}
