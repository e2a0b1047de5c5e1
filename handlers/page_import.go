package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/intake"
	"dailyroster/roster"
	"dailyroster/views"
)

// importPage answers GET /teams/{team}/import: how to bring a roster, and to take it with
// one.
func (s *Server) importPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showImport(w, r, http.StatusOK, team, views.Import{Values: map[string]string{}})
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, page views.Import) error {
	today := team.Today(s.Now())
	page.Team, page.Hosts = team, s.Pages.Hosts()
	page.From, page.To = today, today.AddDays(365)
	return s.render(w, r, status, views.ImportPage(s.frame(r, "Import and export of "+team.Name, team), page))
}

// previewImport answers POST /teams/{team}/import: a preview of what is pasted, uploaded
// or fetched, or of a preview that was corrected: 200, or 422 with what is wrong. With
// do=import what the preview showed is done: 303 to the roster, or 409 the preview anew
// where somebody changed the roster meanwhile.
func (s *Server) previewImport(w http.ResponseWriter, r *http.Request) error {
	fields, err := importFields(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	people, err := s.Store.People(r.Context())
	if err != nil {
		return err
	}
	var in *imported
	if fields.Has("tables") {
		if in, err = importAgain(fields, team, people); err == nil {
			err = in.checkWhom(people)
		}
	} else if in, err = s.readImport(r.Context(), team, people, fields); err == nil {
		in.group, err = s.NewChangeID()
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showImport(w, r, http.StatusUnprocessableEntity, team, views.Import{Values: firstValues(fields), Errors: refused})
	}
	if err != nil {
		return err
	}
	return s.answerImport(w, r, team, people, in, fields)
}

// answerImport previews or imports what was read.
func (s *Server) answerImport(w http.ResponseWriter, r *http.Request, team *roster.Team, people []roster.Person, in *imported, fields url.Values) error {
	if err := in.mapping.Validate(in.tables[in.table], team); err != nil {
		refused, _ := errors.AsType[roster.FieldErrors](err)
		return s.showPreview(w, r, http.StatusUnprocessableEntity, team, people, in, importPlan{}, refused)
	}
	plan, err := s.planImport(r.Context(), team, people, in)
	if err != nil {
		return err
	}
	switch {
	case fields.Get("do") != "import":
		return s.showPreview(w, r, http.StatusOK, team, people, in, plan, nil)
	case in.shownAs != in.reads():
		return s.showPreview(w, r, http.StatusOK, team, people, in, plan, roster.FieldErrors{{Message: readAnew}})
	case plan.stale(in.seen):
		return s.showPreview(w, r, http.StatusConflict, team, people, in, plan, roster.FieldErrors{{Message: rosterChanged}})
	}
	if d := plan.needsReason(in, team.Present(s.Now())); !d.IsZero() {
		return s.showPreview(w, r, http.StatusUnprocessableEntity, team, people, in, plan, roster.NeedsReason(d))
	}
	err = s.runImport(r, team, in, plan)
	if isStaleImport(err) { // somebody was faster than this request
		if people, err = s.Store.People(r.Context()); err != nil {
			return err
		}
		if plan, err = s.planImport(r.Context(), team, people, in); err != nil {
			return err
		}
		return s.showPreview(w, r, http.StatusConflict, team, people, in, plan, roster.FieldErrors{{Message: rosterChanged}})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, importDone(team, in, plan), http.StatusSeeOther)
	return nil
}

func (s *Server) showPreview(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, people []roster.Person, in *imported, plan importPlan, errs roster.FieldErrors) error {
	preview, err := importPreview(in, plan, people, team.Present(s.Now()))
	if err != nil {
		return err
	}
	preview.Errors = errs
	return s.showImport(w, r, status, team, views.Import{Preview: preview, Values: map[string]string{}})
}

// importDone is the roster from the first imported day on.
func importDone(team *roster.Team, in *imported, plan importPlan) string {
	view := views.View{From: roster.Date{}, Days: defaultDays}
	if len(plan.seats) == 0 {
		return views.ImportURL(team.ID)
	}
	view.From = plan.seats[0].Date
	return views.RosterURL(team.ID, view, "imported", string(in.group))
}

// importPreview is what the page shows of a plan.
func importPreview(in *imported, plan importPlan, people []roster.Person, today roster.Date) (*views.ImportPreview, error) {
	table := in.tables[in.table]
	tables, err := json.Marshal(in.tables)
	if err != nil {
		return nil, err
	}
	seen, err := json.Marshal(plan.seen)
	if err != nil {
		return nil, err
	}
	remarks, err := json.Marshal(in.remarks)
	if err != nil {
		return nil, err
	}
	p := &views.ImportPreview{
		Mapping: in.mapping, Reading: plan.reading, Table: in.table, Tables: string(tables), Remarks: in.remarks, RemarksJSON: string(remarks),
		Seen: string(seen), Group: in.group, Past: in.past, Reason: in.reason, PastSeats: plan.past, Names: roster.NewNames(people), Whom: in.whom,
		Start: today, Reads: in.reads(),
	}
	for _, t := range in.tables {
		title := t.Title
		if title == "" && len(t.Rows) > 0 {
			title = strings.Join(t.Rows[0], " · ")
		}
		p.Titles = append(p.Titles, title)
	}
	for c := range table.Rows[0] {
		p.Columns = append(p.Columns, importColumn(table, in.mapping, c))
	}
	for _, person := range people {
		if person.Active && !person.Removed {
			p.People = append(p.People, person)
		}
	}
	changed := map[roster.Seat]bool{}
	for _, seat := range plan.changed {
		changed[seat.Seat] = true
	}
	p.Effects = make([]views.ImportEffect, len(plan.reading.Lines))
	for _, seat := range plan.seats {
		effect := &p.Effects[seat.Line]
		switch was := plan.now(seat.Date).Assignments[seat.Role]; {
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

// importColumn is a column with its heading and what stands in it first.
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
