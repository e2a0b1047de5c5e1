package page

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// gridRequest reads what every request about the grid needs: the month that ?month= names, by
// default the weeks from the present one.
func (s *Site) gridRequest(r *http.Request) (*glance, views.Grid, error) {
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, views.Grid{}, err
	}
	var month roster.Month
	view, ok := views.PresentView(r.Context(), team.DayAt(s.Now()))
	if text := r.URL.Query().Get("month"); text != "" {
		if month, err = roster.ParseMonth(text); err != nil {
			return nil, views.Grid{}, web.BadRequest("month: %v", err)
		}
		view, ok = views.GridView(r.Context(), month)
	}
	if !ok {
		return nil, views.Grid{}, web.BadRequest("month: the weeks of %s are not all between the years %d and %d", month, roster.MinYear, roster.MaxYear)
	}
	g, err := s.glance(r.Context(), team, view)
	if err != nil {
		return nil, views.Grid{}, err
	}
	grid, err := s.gridOf(g, month)
	return g, grid, err
}

// gridOf returns the month with empty forms.
func (s *Site) gridOf(g *glance, month roster.Month) (views.Grid, error) {
	grid := views.Grid{Roster: g.roster(), Month: month}
	first := month.First()
	if today := g.Team.Today(g.Now); grid.IsPresent() || today.InMonth() == month {
		first = today
	}
	grid.Set = views.GridForm{Role: string(g.Team.Roles[0].ID), From: first.String(), To: first.String()}
	grid.Paste = grid.Set
	var err error
	grid.Group, err = s.Desk.NewChangeID()
	return grid, err
}

// gridPage answers GET /teams/{team}/grid?month=: the page, or for htmx the month with its
// controls. done= is the group that was just saved, undone= one that was undone.
func (s *Site) gridPage(w http.ResponseWriter, r *http.Request) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if q.Has("done") {
		group, err := roster.ParseChangeID(q.Get("done"))
		if err != nil {
			return web.BadRequest("done: %v", err)
		}
		grid.Done = &views.GridDone{Message: words.T(r.Context(), "The days are set."), Group: group}
	}
	if q.Has("undone") {
		grid.Done = &views.GridDone{Message: words.T(r.Context(), "The change is undone.")}
	}
	if !shell.WantsFragment(r) {
		return s.answerGrid(w, r, http.StatusOK, g, grid)
	}
	parts := []templ.Component{views.GridRegion(grid)}
	if grid.Done != nil {
		parts = append(parts, views.Status(grid.Done.Message, false, true))
	}
	return shell.Render(w, r, http.StatusOK, parts...)
}

// gridTable answers GET /teams/{team}/grid/table?month=: only the weeks.
func (s *Site) gridTable(w http.ResponseWriter, r *http.Request) error {
	_, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	return shell.Render(w, r, http.StatusOK, views.GridTable(grid))
}

// setDays answers POST /teams/{team}/grid: it assigns one person to the days of a range, or a
// list of names to one day each, as one group of changes. 200 the month and an Undo, 409 who
// has the days now and the ways to go on, 422 the form with a message at each field. Browsers
// without JavaScript get 303, or the whole page.
func (s *Site) setDays(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	group, err := s.groupSent(r, fields)
	if err != nil {
		return err
	}
	form := &grid.Set
	if fields.Has("names") {
		form = &grid.Paste
	}
	*form = views.GridForm{
		Role: fields.Get("role"), From: fields.Get("from"), To: fields.Get("to"),
		Name: fields.Get("name"), Names: fields.Get("names"), Seen: fields.Get("seen"), Reason: fields.Get(roster.ReasonField),
	}
	wish, err := daysWish(g, fields)
	wish.Act.Group, wish.Act.Actor = group, web.Actor(r)
	var done desk.Assigned
	if err == nil {
		done, err = s.Desk.Assign(r.Context(), g.Team, g.Names, wish)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		form.Errors = refused
		return s.answerGrid(w, r, http.StatusUnprocessableEntity, g, grid)
	}
	if err != nil {
		if _, known := errors.AsType[*desk.Refusal](err); known || shell.WantsFragment(r) {
			return err
		}
		answer := s.refusePeople(w, r, err)
		form.Problem, grid.Group = words.Said(r.Context(), answer.Detail), group // trying again is the same act
		return s.answerGrid(w, r, answer.Status, g, grid)
	}
	if len(done.Stale) > 0 {
		return s.answerStaleDays(w, r, fields, *form, done)
	}
	return s.answerDaysSet(w, r, views.GridDone{Group: group, Reason: wish.Act.Reason}, done)
}

// answerGrid sends the month: to htmx the part that a save swaps, else the page.
func (s *Site) answerGrid(w http.ResponseWriter, r *http.Request, status int, g *glance, grid views.Grid) error {
	if shell.WantsFragment(r) {
		return shell.Render(w, r, status, views.GridWork(grid))
	}
	title := g.Team.Name + ", " + grid.Period(r.Context())
	return shell.Render(w, r, status, views.GridPage(s.Frame(r, title, g.Team), g.banner(), grid))
}

// answerStaleDays says who has the days now. The ways to go on are the same act: based on the
// days as they are now, or without them.
func (s *Site) answerStaleDays(w http.ResponseWriter, r *http.Request, fields url.Values, form views.GridForm, done desk.Assigned) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if grid.Set = form; fields.Has("names") {
		grid.Set, grid.Paste = grid.Paste, form
	}
	stale := &views.StaleDays{Seats: done.Stale, Mine: maps.Clone(fields), Message: words.T(r.Context(), "Someone already has these days. Nothing is saved yet.")}
	grid.Stale = stale
	delete(stale.Mine, "month") // it is in the address
	stale.Rest = maps.Clone(stale.Mine)
	seen := fields.Get("seen")
	for _, old := range done.Stale {
		if old.BasedOn != nil {
			stale.Message = words.T(r.Context(), "Someone else changed these days while you were editing. Nothing is saved yet.")
		}
		seen += fmt.Sprintf(" %s=%s", old.Date, old.Now.Revision)
		stale.Rest["skip"] = append(stale.Rest["skip"][:len(stale.Rest["skip"]):len(stale.Rest["skip"])], old.Date.String())
	}
	if len(done.Months) > 0 {
		stale.Message = words.T(r.Context(), "Someone else changed these days while you were editing. Saved so far: %s. The rest is not saved yet.", views.MonthsText(r.Context(), done.Months))
	}
	stale.Mine.Set("seen", strings.TrimSpace(seen))
	if len(done.Stale) == len(done.Asked) {
		stale.Rest = nil
	}
	return s.answerGrid(w, r, http.StatusConflict, g, grid)
}

// answerDaysSet sends the month as it is now, and every other region that the days may have
// changed.
func (s *Site) answerDaysSet(w http.ResponseWriter, r *http.Request, done views.GridDone, set desk.Assigned) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if !set.Changed {
		done.Group = ""
	}
	if !shell.WantsFragment(r) {
		more := []string{"done", string(done.Group)}
		if done.Group == "" {
			more = nil
		}
		http.Redirect(w, r, views.GridURL(g.Team.ID, grid.Month, more...), http.StatusSeeOther)
		return nil
	}
	done.Message = daysSet(r.Context(), set, g.Names)
	grid.Done = &done
	parts := []templ.Component{
		views.GridWork(grid), views.OnCall(g.banner(), true), views.GapCount(grid.Roster, true), views.Status(grid.Done.Message, false, true),
	}
	if len(set.Added) > 0 {
		parts = append(parts, views.Suggestions(grid.Roster, true))
	}
	return shell.Render(w, r, http.StatusOK, parts...)
}

// daysSet says in a sentence what was set.
func daysSet(ctx context.Context, set desk.Assigned, names roster.Names) string {
	if !set.Changed {
		return words.T(ctx, "Nothing changed: the days were already set like this.")
	}
	n := len(set.Asked)
	first, last := set.Asked[0].Date, set.Asked[n-1].Date
	who := names.Of(set.Asked[0].Person)
	from, to := words.Date(ctx, first, "Mon 2 Jan"), words.Date(ctx, last, "Mon 2 Jan")
	for _, a := range set.Asked {
		if a.Person != set.Asked[0].Person {
			return words.T(ctx, "%d days are set, %s to %s.", n, from, to)
		}
	}
	switch {
	case who == "" && first == last:
		return words.T(ctx, "%s is cleared.", words.Date(ctx, first, "Monday 2 January"))
	case who == "":
		return words.T(ctx, "%d days are cleared, %s to %s.", n, from, to)
	case first == last:
		return words.T(ctx, "%s has %s.", who, words.Date(ctx, first, "Monday 2 January"))
	default:
		return words.T(ctx, "%s has %d days, %s to %s.", who, n, from, to)
	}
}
