package page

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// dayRequest reads what every request about a day's row needs.
func (s *Site) dayRequest(r *http.Request) (*glance, views.Row, error) {
	d, err := web.PathDate(r)
	if err != nil {
		return nil, views.Row{}, err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, views.Row{}, err
	}
	view, err := queryView(r.URL.Query(), d)
	if err != nil {
		return nil, views.Row{}, err
	}
	if d.Before(view.From) || view.To().Before(d) {
		return nil, views.Row{}, web.BadRequest("%s is not among the %d days from %s", d, view.Days, view.From)
	}
	g, err := s.glance(r.Context(), team, view)
	if err != nil {
		return nil, views.Row{}, err
	}
	return g, g.row(d), nil
}

// dayRow answers GET /teams/{team}/days/{date}: the day's row.
func (s *Site) dayRow(w http.ResponseWriter, r *http.Request) error {
	_, row, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	return shell.Render(w, r, http.StatusOK, views.DayRow(row))
}

// dayForm answers GET /teams/{team}/days/{date}/edit?focus=: the row as a form, or for
// browsers without JavaScript the page with it.
func (s *Site) dayForm(w http.ResponseWriter, r *http.Request) error {
	g, row, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	if row.Form, err = s.newForm(&row, r.URL.Query().Get("focus")); err != nil {
		return err
	}
	if !shell.WantsFragment(r) {
		return s.rosterWithRow(w, r, http.StatusOK, g, row)
	}
	return shell.Render(w, r, http.StatusOK, views.DayRow(row))
}

// saveDay answers PUT /teams/{team}/days/{date}: 200 the row, 409 the row as a form
// with both values, 422 the form with a message at each field.
func (s *Site) saveDay(w http.ResponseWriter, r *http.Request) error {
	return s.editDay(w, r, false)
}

// clearDay answers DELETE /teams/{team}/days/{date}: 200 the empty row and an Undo.
func (s *Site) clearDay(w http.ResponseWriter, r *http.Request) error {
	return s.editDay(w, r, true)
}

// postDay answers POST /teams/{team}/days/{date} from browsers without JavaScript. It does
// what PUT does or, with clear, DELETE.
func (s *Site) postDay(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	return s.editDay(w, r, fields.Get("clear") != "")
}

func (s *Site) editDay(w http.ResponseWriter, r *http.Request, clear bool) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	g, row, err := s.dayRequest(r)
	if err != nil {
		return err
	}
	form, err := s.formSent(r.Context(), &row, fields)
	if err != nil {
		return err
	}
	before := row.Day
	wish, err := dayWish(r, g, row.Day.Date, form, fields, clear)
	var set desk.DaySet
	if err == nil {
		set, err = s.Desk.SetDay(r.Context(), g.Sheet, wish)
	}
	row.Day, row.Names = g.Day(row.Day.Date), g.Names
	switch refused, ok := errors.AsType[roster.FieldErrors](err); {
	case ok:
		form.Errors, form.Focus = refused, refused[0].Field
		row.Form = form
		return s.answerRow(w, r, http.StatusUnprocessableEntity, g, row)
	case errors.Is(err, desk.KindStale), errors.Is(err, desk.KindKeyReused):
		return s.answerConflict(w, r, g, row, form, clear)
	case err != nil:
		return s.answerUnsaved(w, r, g, row, form, err)
	}
	if err := s.lookAround(r.Context(), g); err != nil {
		s.Log.Warn("the saved row cannot say who is free", "error", err) // the day is saved all the same
	}
	return s.answerSaved(w, r, g, before, wish, len(set.Added) > 0, clear)
}

func whyOf(fields url.Values) roster.Why {
	if fields.Get("edit") == string(roster.WhyUndo) {
		return roster.WhyUndo
	}
	return roster.WhyEdit
}

// formSent is the form of the request. A request without a revision, as from a script, is
// based on the day as it is.
func (s *Site) formSent(ctx context.Context, row *views.Row, fields url.Values) (*views.Form, error) {
	form, err := s.newForm(row, "")
	if err != nil {
		return nil, err
	}
	form.Values["note"], form.Values[roster.ReasonField] = fields.Get("note"), fields.Get(roster.ReasonField)
	for _, role := range row.Team.Roles {
		form.Values[string(role.ID)] = fields.Get(string(role.ID))
	}
	if form.ChangeID, err = s.Desk.ChangeID(ctx, "day"); err != nil {
		return nil, err
	}
	if text := fields.Get("change"); text != "" {
		if form.ChangeID, err = roster.ParseChangeID(text); err != nil {
			return nil, web.BadRequest("change: %v", err)
		}
	}
	if fields.Has("revision") {
		if form.BasedOn = ""; fields.Get("revision") != "" {
			if form.BasedOn, err = roster.ParseChangeID(fields.Get("revision")); err != nil {
				return nil, web.BadRequest("revision: %v", err)
			}
		}
	}
	return form, nil
}

// dayWish is the day that the form's fields ask for. What it refuses is a
// roster.FieldErrors.
func dayWish(r *http.Request, g *glance, d roster.Date, form *views.Form, fields url.Values, clear bool) (desk.DayWish, error) {
	w := desk.DayWish{
		Date: d, Change: form.ChangeID, Actor: web.Actor(r), Why: whyOf(fields),
		Stands: func(now roster.Day) bool { return now.Revision == form.BasedOn },
	}
	var errs roster.FieldErrors
	var err error
	if w.Reason, err = roster.ParseReason(fields.Get(roster.ReasonField)); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	if clear {
		return w, errs.Err()
	}
	if w.Note, err = roster.ParseNote(fields.Get("note")); err != nil {
		errs.Add("note", err)
	}
	for _, role := range g.Team.Roles {
		field := string(role.ID)
		w.Seats = append(w.Seats, desk.Wish{Role: role.ID, Text: strings.Trim(fields.Get(field), " "), Field: field})
	}
	return w, errs.Err()
}

// answerRow sends a row that is still a form: to htmx the row alone, to a browser without
// JavaScript the whole page.
func (s *Site) answerRow(w http.ResponseWriter, r *http.Request, status int, g *glance, row views.Row) error {
	if r.Method == http.MethodPost && !shell.WantsFragment(r) {
		return s.rosterWithRow(w, r, status, g, row)
	}
	return shell.Render(w, r, status, views.DayRow(row))
}

// answerUnsaved answers an edit that the store did not take. htmx gets only an error, which
// leaves the form as it is. A browser without JavaScript gets its page back with what the
// person typed. The change id stays, so that trying again is the same edit.
func (s *Site) answerUnsaved(w http.ResponseWriter, r *http.Request, g *glance, row views.Row, form *views.Form, err error) error {
	if r.Method != http.MethodPost || shell.WantsFragment(r) {
		return err
	}
	answer := s.refusePeople(w, r, err)
	form.Problem = words.Said(r.Context(), answer.Detail)
	row.Form = form
	return s.rosterWithRow(w, r, answer.Status, g, row)
}

// answerConflict sends the form back with both values. The form is then based on the day as
// it is now.
func (s *Site) answerConflict(w http.ResponseWriter, r *http.Request, g *glance, row views.Row, form *views.Form, clear bool) error {
	if clear {
		for field := range form.Values {
			form.Values[field] = ""
		}
	}
	fresh, err := s.newForm(&row, "")
	if err != nil {
		return err
	}
	form.Conflict, form.BasedOn, form.ChangeID, form.Focus = true, row.Day.Revision, fresh.ChangeID, fresh.Focus
	row.Form = form
	return s.answerRow(w, r, http.StatusConflict, g, row)
}

// answerSaved sends the row as it is now, and every other region that the edit may have
// changed. before is the day as it was.
func (s *Site) answerSaved(w http.ResponseWriter, r *http.Request, g *glance, before roster.Day, wish desk.DayWish, newPeople, clear bool) error {
	row, region := g.row(before.Date), g.roster()
	if r.Method == http.MethodPost && !shell.WantsFragment(r) {
		if clear {
			backToRow(w, r, g, row.Day.Date, "undo", row.Day.Date.String(), "change", string(wish.Change))
			return nil
		}
		backToRow(w, r, g, row.Day.Date)
		return nil
	}
	day := words.Date(r.Context(), row.Day.Date, "Monday 2 January")
	message := words.T(r.Context(), "%s is saved.", day)
	if clear {
		message = words.T(r.Context(), "%s is cleared.", day)
		var err error
		if row.Undo, err = s.newUndo(before, row.Day.Revision, wish.Reason); err != nil {
			return err
		}
	}
	parts := []templ.Component{
		views.DayRow(row), views.OnCall(g.banner(), true), views.GapCount(region, true), views.Status(message, false, true),
	}
	if newPeople {
		parts = append(parts, views.Suggestions(region, true))
	}
	return shell.Render(w, r, http.StatusOK, parts...)
}
