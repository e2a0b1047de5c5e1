package page

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/intake"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// importPage answers GET /teams/{team}/import: the forms that import and export a roster.
func (s *Site) importPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showImport(w, r, http.StatusOK, team, views.Import{Values: map[string]string{}})
}

func (s *Site) showImport(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, page views.Import) error {
	today := team.Today(s.Now())
	page.Team, page.Hosts = team, s.Pages.Hosts()
	page.From, page.To = today, today.AddDays(365)
	return shell.Render(w, r, status, views.ImportPage(s.Frame(r, words.T(r.Context(), "Import and export of %s", team.Name), team), page))
}

// previewImport answers POST /teams/{team}/import: a preview of a roster that was pasted,
// uploaded or fetched, or of a corrected preview: 200, or 422 with what is wrong. With
// do=import, it does what the preview showed: 303 to the roster, or 409 and a new preview if
// somebody changed the roster in the meantime.
func (s *Site) previewImport(w http.ResponseWriter, r *http.Request) error {
	fields, err := importFields(r)
	if err != nil {
		return err
	}
	team, names, err := s.TeamWithNames(r)
	if err != nil {
		return err
	}
	var in *importForm
	if fields.Has("tables") {
		if in, err = importAgain(fields, team, names); err == nil {
			err = in.checkWhom(names)
		}
	} else {
		in, err = s.importSent(r.Context(), team, names, fields)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showImport(w, r, http.StatusUnprocessableEntity, team, views.Import{Values: shell.FirstValues(fields), Errors: refused})
	}
	if err != nil {
		return err
	}
	return s.answerImport(w, r, team, names, in, fields)
}

// answerImport previews or imports what was read.
func (s *Site) answerImport(w http.ResponseWriter, r *http.Request, team *roster.Team, names roster.Names, in *importForm, fields url.Values) error {
	if err := in.Mapping.Validate(in.Tables[in.Table], team); err != nil {
		refused, _ := errors.AsType[roster.FieldErrors](err)
		return s.showPreview(w, r, http.StatusUnprocessableEntity, team, names, in, desk.ImportPlan{}, refused)
	}
	plan, err := s.Desk.PlanImport(r.Context(), team, names, in.Import)
	if err != nil {
		return err
	}
	switch {
	case fields.Get("do") != "import":
		return s.showPreview(w, r, http.StatusOK, team, names, in, plan, nil)
	case in.shownAs != in.Reads():
		return s.showPreview(w, r, http.StatusOK, team, names, in, plan, roster.FieldErrors{{Err: errReadAnew}})
	case plan.Stale(in.seen):
		return s.showPreview(w, r, http.StatusConflict, team, names, in, plan, roster.FieldErrors{{Err: errRosterChanged}})
	}
	err = s.Desk.RunImport(r.Context(), team, in.Import, plan, web.Actor(r))
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showPreview(w, r, http.StatusUnprocessableEntity, team, names, in, plan, refused)
	}
	if errors.Is(err, store.ErrConflict) { // somebody was faster than this request
		if names, err = s.Desk.Names(r.Context()); err != nil {
			return err
		}
		if plan, err = s.Desk.PlanImport(r.Context(), team, names, in.Import); err != nil {
			return err
		}
		return s.showPreview(w, r, http.StatusConflict, team, names, in, plan, roster.FieldErrors{{Err: errRosterChanged}})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, importDone(team, in, plan), http.StatusSeeOther)
	return nil
}

func (s *Site) showPreview(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, names roster.Names, in *importForm, plan desk.ImportPlan, errs roster.FieldErrors) error {
	preview, err := importPreview(in, plan, names, team.Present(s.Now()))
	if err != nil {
		return err
	}
	if len(plan.Reading.Unknown) > 0 {
		reach, err := s.Reach(r.Context())
		if err != nil {
			return err
		}
		preview.Meant = whoIsMeant(plan.Reading.Unknown, names, in.Whom, reach.Searchable())
	}
	preview.Errors = errs
	return s.showImport(w, r, status, team, views.Import{Preview: preview, Values: map[string]string{}})
}

// importDone is the URL of the roster from the first imported day.
func importDone(team *roster.Team, in *importForm, plan desk.ImportPlan) string {
	view := views.View{From: roster.Date{}, Days: roster.DefaultDays}
	if len(plan.Seats) == 0 {
		return views.ImportURL(team.ID)
	}
	view.From = plan.Seats[0].Date
	return views.RosterURL(team.ID, view, "imported", string(in.Group))
}

// importPreview is what the page shows of a plan.
func importPreview(in *importForm, plan desk.ImportPlan, names roster.Names, today roster.Date) (*views.ImportPreview, error) {
	table := in.Tables[in.Table]
	tables, err := json.Marshal(in.Tables)
	if err != nil {
		return nil, err
	}
	seen, err := json.Marshal(plan.Seen)
	if err != nil {
		return nil, err
	}
	remarks, err := json.Marshal(in.remarks)
	if err != nil {
		return nil, err
	}
	p := &views.ImportPreview{
		Mapping: in.Mapping, Reading: plan.Reading, Table: in.Table, Tables: string(tables), Remarks: in.remarks, RemarksJSON: string(remarks),
		Seen: string(seen), Group: in.Group, Past: in.Past, Reason: in.Reason, PastSeats: plan.Past, Names: names, Whom: in.Whom,
		Start: today, Reads: in.Reads(),
	}
	for _, t := range in.Tables {
		title := t.Title
		if title == "" && len(t.Rows) > 0 {
			title = strings.Join(t.Rows[0], " · ")
		}
		p.Titles = append(p.Titles, title)
	}
	for c := range table.Rows[0] {
		p.Columns = append(p.Columns, importColumn(table, in.Mapping, c))
	}
	changed := map[roster.Seat]bool{}
	for _, seat := range plan.Changed {
		changed[seat.Seat] = true
	}
	p.Effects = make([]views.ImportEffect, len(plan.Reading.Lines))
	for _, seat := range plan.Seats {
		effect := &p.Effects[seat.Line]
		switch was := plan.Now(seat.Date).Assignments[seat.Role]; {
		case !changed[seat.Seat]:
			effect.Same++
			p.Total.Same++
		case was == "":
			effect.Filled++
			p.Total.Filled++
		default:
			effect.Changed++
			p.Total.Changed++
			if name := p.Names.Of(was); !slices.Contains(effect.Was, name) {
				effect.Was = append(effect.Was, name)
			}
		}
	}
	return p, nil
}

// importColumn is a column with its heading and its first values.
func importColumn(t intake.Table, m intake.Mapping, c int) views.ImportColumn {
	column := views.ImportColumn{}
	if c < len(m.Columns) {
		column.Use = m.Columns[c]
	}
	if m.Heading > 0 && m.Heading <= len(t.Rows) {
		column.Head = t.Rows[m.Heading-1][c]
	}
	for _, row := range t.Rows[min(max(m.Heading, 0), len(t.Rows)):] {
		if row[c] != "" && len(column.Samples) < 3 && !slices.Contains(column.Samples, row[c]) {
			column.Samples = append(column.Samples, row[c])
		}
	}
	return column
}

// What a preview says if it comes instead of an import.
var (
	errRosterChanged = said.Whole("Someone changed the roster since you looked. This is what the import would do now; check it, then import.")
	errReadAnew      = said.Whole("You changed how the table is read. This is what the import would do now; check it, then import.")
)

const (
	// maxOfAll is how many people can all be offered for each unknown name, and maxOfName how
	// many of more are offered for each of its words.
	maxOfAll  = 100
	maxOfName = 10
)

// whoIsMeant is whom each of the unknown names may mean, in order of names: everybody who is
// active, or where these are many those whose names are like it, and who was chosen. sees is as
// in roster.Search.
func whoIsMeant(unknown []string, names roster.Names, chosen intake.Whom, sees func(*roster.Person) bool) [][]roster.Person {
	meant := make([][]roster.Person, len(unknown))
	all := names.Suggest("", nil, nil, maxOfAll+1)
	for i, name := range unknown {
		if len(all) <= maxOfAll {
			meant[i] = all
			continue
		}
		var like []roster.Person
		for _, word := range strings.Fields(name) {
			like = append(like, names.Suggest(word, nil, sees, maxOfName)...)
		}
		if p, known := names.Person(chosen[roster.FoldName(name)]); known {
			like = append(like, p)
		}
		slices.SortFunc(like, func(a, b roster.Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		meant[i] = slices.CompactFunc(like, func(a, b roster.Person) bool { return a.ID == b.ID })
	}
	return meant
}
