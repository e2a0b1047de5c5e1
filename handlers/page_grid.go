package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"dailyroster/roster"
	"dailyroster/views"
)

// gridRequest is what every request about the grid begins with: the month that ?month=
// names, that of the day on call now where it doesn't.
func (s *Server) gridRequest(r *http.Request) (*glance, views.Grid, error) {
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, views.Grid{}, err
	}
	month := team.DayAt(s.Now()).InMonth()
	if text := r.URL.Query().Get("month"); text != "" {
		if month, err = roster.ParseMonth(text); err != nil {
			return nil, views.Grid{}, BadRequest("month: %v", err)
		}
	}
	view, ok := views.GridView(month)
	if !ok {
		return nil, views.Grid{}, BadRequest("month: the weeks of %s are not all between the years %d and %d", month, roster.MinYear, roster.MaxYear)
	}
	g, err := s.glance(r.Context(), team, view)
	if err != nil {
		return nil, views.Grid{}, err
	}
	grid, err := s.gridOf(g, month)
	return g, grid, err
}

// gridOf is the month with empty forms.
func (s *Server) gridOf(g *glance, month roster.Month) (views.Grid, error) {
	grid := views.Grid{Roster: g.roster(), Month: month}
	first := month.First()
	if today := g.Team.Today(g.Now); today.InMonth() == month {
		first = today
	}
	grid.Set = views.GridForm{Role: string(g.Team.Roles[0].ID), From: first.String(), To: first.String()}
	grid.Paste = grid.Set
	var err error
	grid.Group, err = s.NewChangeID()
	return grid, err
}

// gridPage answers GET /teams/{team}/grid?month=: the page, or for htmx the month with
// its controls. done= is the group that was just saved, undone= one that was taken back.
func (s *Server) gridPage(w http.ResponseWriter, r *http.Request) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if q.Has("done") {
		group, err := roster.ParseChangeID(q.Get("done"))
		if err != nil {
			return BadRequest("done: %v", err)
		}
		grid.Done = &views.GridDone{Message: "The days are set.", Group: group}
	}
	if q.Has("undone") {
		grid.Done = &views.GridDone{Message: "It is taken back."}
	}
	if !wantsFragment(r) {
		return s.answerGrid(w, r, http.StatusOK, g, grid)
	}
	parts := []templ.Component{views.GridRegion(grid)}
	if grid.Done != nil {
		parts = append(parts, views.Status(grid.Done.Message, false, true))
	}
	return s.render(w, r, http.StatusOK, parts...)
}

// gridTable answers GET /teams/{team}/grid/table?month=: the weeks alone.
func (s *Server) gridTable(w http.ResponseWriter, r *http.Request) error {
	_, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.GridTable(grid))
}

// setDays answers POST /teams/{team}/grid: the days of a range get one person, or those
// of a list of names one each, as one group of changes. 200 the month and an Undo, 409
// who is there meanwhile and the ways to go on, 422 the form with a message at each
// field; to browsers without JavaScript 303, or the whole page.
func (s *Server) setDays(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
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
	wish.Act.Group, wish.Act.Actor = group, actor(r)
	var done Assigned
	if err == nil {
		done, err = s.Assign(r.Context(), g.Team, g.People, wish)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		form.Errors = refused
		return s.answerGrid(w, r, http.StatusUnprocessableEntity, g, grid)
	}
	if err != nil {
		if _, known := errors.AsType[*Refusal](err); known || wantsFragment(r) {
			return err
		}
		answer := s.refusePeople(w, r, err)
		form.Problem, grid.Group = answer.Detail, group // trying again is the same act
		return s.answerGrid(w, r, answer.Status, g, grid)
	}
	if len(done.Stale) > 0 {
		return s.answerStaleDays(w, r, fields, *form, done)
	}
	return s.answerDaysSet(w, r, views.GridDone{Group: group, Reason: wish.Act.Reason}, done)
}

// groupSent is the id of the act that a form is.
func (s *Server) groupSent(r *http.Request, fields url.Values) (roster.ChangeID, error) {
	if text := fields.Get("group"); text != "" {
		group, err := roster.ParseChangeID(text)
		if err != nil {
			return "", BadRequest("group: %v", err)
		}
		return group, nil
	}
	return s.ChangeID(r.Context(), "days")
}

// daysWish reads the grid's forms. What is refused is a roster.FieldErrors.
func daysWish(g *glance, fields url.Values) (w AssignWish, err error) {
	var errs roster.FieldErrors
	seen, err := parseSeen(fields.Get("seen"))
	if err != nil {
		return w, BadRequest("seen: %v", err)
	}
	w = AssignWish{Careful: true, Why: roster.WhyEdit}
	role := roster.RoleID(fields.Get("role"))
	if !g.Team.HasRole(role) {
		errs.Add("role", errors.New("the team has no such role"))
	}
	if w.Act.Reason, err = roster.ParseReason(fields.Get(roster.ReasonField)); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	var dates []roster.Date
	var wishes []Wish
	if fields.Has("names") {
		w.Why = roster.WhyImport
		dates, wishes = pastedDays(g.People, fields, &errs)
	} else {
		dates = rangeOfDays(fields, &errs)
		wishes = slices.Repeat([]Wish{onePerson(fields, &errs)}, len(dates))
	}
	if err := errs.Err(); err != nil {
		return w, err
	}
	for i, d := range dates {
		if !slices.Contains(fields["skip"], d.String()) {
			wishes[i].Role = role
			w.Seats = append(w.Seats, SeatWish{Date: d, Wish: wishes[i], BasedOn: seen[d]})
		}
	}
	return w, nil
}

// onePerson is the person of the field name, nobody with the button of that name.
func onePerson(fields url.Values, errs *roster.FieldErrors) Wish {
	if fields.Get("nobody") != "" {
		return Wish{}
	}
	w := Wish{Text: strings.TrimSpace(fields.Get("name")), Field: "name"}
	if w.Text == "" {
		errs.Add("name", errors.New("give a name, or set nobody"))
	}
	return w
}

// rangeOfDays is the days of the fields from and to, both included.
func rangeOfDays(fields url.Values, errs *roster.FieldErrors) []roster.Date {
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		errs.Add("from", err)
	}
	to, toErr := roster.ParseDate(fields.Get("to"))
	switch {
	case toErr != nil:
		errs.Add("to", toErr)
	case err != nil:
	case to.Before(from):
		errs.Add("to", errors.New("the last day comes before the first"))
	case !Within(from, to):
		errs.Add("to", ErrTooFar)
	default:
		return DaysFrom(from, from.DaysUntil(to)+1)
	}
	return nil
}

// pastedDays is the days from the field from on, one for each of the names, and who is
// meant. Names that nobody has are refused, each with its line.
func pastedDays(people []roster.Person, fields url.Values, errs *roster.FieldErrors) ([]roster.Date, []Wish) {
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		errs.Add("from", err)
		return nil, nil
	}
	names, err := pastedNames(fields.Get("names"))
	switch {
	case err != nil:
	case len(names) == 0:
		err = errors.New("give at least one name")
	case len(names) > MaxDays:
		err = ErrTooFar
	case from.AddDays(len(names)).Year > roster.MaxYear:
		err = fmt.Errorf("the days end after the year %d", roster.MaxYear)
	}
	if err != nil {
		errs.Add("names", err)
		return nil, nil
	}
	days, wishes := DaysFrom(from, len(names)), make([]Wish, len(names))
	for i, name := range names {
		if name == "" {
			continue
		}
		p, err := Called(people, name, days[i])
		if err != nil {
			errs.Add(fieldAt("names", i), fmt.Errorf("line %d, %s: %w", i+1, days[i].Format("Mon 2 Jan"), err))
		}
		wishes[i] = Wish{Text: string(p), Known: true, Field: fieldAt("names", i)}
	}
	return days, wishes
}

// pastedNames is what was copied from a spreadsheet: a column, which comes as lines, or a
// row, which comes with tabs. An empty cell is nobody's day; empty ones at the end are
// none.
func pastedNames(text string) ([]string, error) {
	text = strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n\t ")
	if text == "" {
		return nil, nil
	}
	cells := strings.Split(text, "\n")
	if strings.Contains(text, "\t") {
		if len(cells) > 1 {
			return nil, errors.New("paste one column or one row of names, not several at once")
		}
		cells = strings.Split(text, "\t")
	}
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	return cells, nil
}

// parseSeen reads the days and revisions that a form is based on: date=revision, with
// spaces between.
func parseSeen(text string) (map[roster.Date]*roster.Revision, error) {
	seen := map[roster.Date]*roster.Revision{}
	for part := range strings.FieldsSeq(text) {
		day, revision, _ := strings.Cut(part, "=")
		d, err := roster.ParseDate(day)
		if err != nil {
			return nil, err
		}
		id := roster.Revision("")
		if revision != "" {
			if id, err = roster.ParseChangeID(revision); err != nil {
				return nil, err
			}
		}
		seen[d] = &id
	}
	return seen, nil
}

// answerGrid sends the month: to htmx what a save swaps, else the page.
func (s *Server) answerGrid(w http.ResponseWriter, r *http.Request, status int, g *glance, grid views.Grid) error {
	if wantsFragment(r) {
		return s.render(w, r, status, views.GridWork(grid))
	}
	title := g.Team.Name + ", " + grid.Month.First().Format("January 2006")
	return s.render(w, r, status, views.GridPage(s.frame(r, title, g.Team), g.banner(), grid))
}

// answerStaleDays tells who is there meanwhile. Going on is the same act, in view of the
// days as they are now or without them.
func (s *Server) answerStaleDays(w http.ResponseWriter, r *http.Request, fields url.Values, form views.GridForm, done Assigned) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if grid.Set = form; fields.Has("names") {
		grid.Set, grid.Paste = grid.Paste, form
	}
	stale := &views.StaleDays{Seats: done.Stale, Mine: maps.Clone(fields), Message: "Somebody has these days already. Nothing is saved yet."}
	grid.Stale = stale
	delete(stale.Mine, "month") // it is in the address
	stale.Rest = maps.Clone(stale.Mine)
	seen := fields.Get("seen")
	for _, old := range done.Stale {
		if old.BasedOn != nil {
			stale.Message = "Someone else changed these days meanwhile. Nothing is saved yet."
		}
		seen += fmt.Sprintf(" %s=%s", old.Date, old.Now.Revision)
		stale.Rest["skip"] = append(stale.Rest["skip"][:len(stale.Rest["skip"]):len(stale.Rest["skip"])], old.Date.String())
	}
	if len(done.Months) > 0 {
		stale.Message = "Someone else changed these days meanwhile. Saved is " + roster.MonthsText(done.Months) + "; the rest is not saved yet."
	}
	stale.Mine.Set("seen", strings.TrimSpace(seen))
	if len(done.Stale) == len(done.Asked) {
		stale.Rest = nil
	}
	return s.answerGrid(w, r, http.StatusConflict, g, grid)
}

// answerDaysSet sends the month as it is now, and with it every other region that the
// days may have changed.
func (s *Server) answerDaysSet(w http.ResponseWriter, r *http.Request, done views.GridDone, set Assigned) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if !set.Changed {
		done.Group = ""
	}
	if !wantsFragment(r) {
		more := []string{"done", string(done.Group)}
		if done.Group == "" {
			more = nil
		}
		http.Redirect(w, r, views.GridURL(g.Team.ID, grid.Month, more...), http.StatusSeeOther)
		return nil
	}
	done.Message = daysSet(set, g.Names)
	grid.Done = &done
	parts := []templ.Component{
		views.GridWork(grid), views.OnCall(g.banner(), true), views.GapCount(g.roster(), true), views.Status(grid.Done.Message, false, true),
	}
	if len(set.Added) > 0 {
		parts = append(parts, views.Suggestions(g.Names, true))
	}
	return s.render(w, r, http.StatusOK, parts...)
}

// daysSet says in a sentence what was set.
func daysSet(set Assigned, names roster.Names) string {
	if !set.Changed {
		return "Nothing changed: the days were so already."
	}
	n := len(set.Asked)
	first, last := set.Asked[0].Date, set.Asked[n-1].Date
	who := names.Of(set.Asked[0].Person)
	for _, a := range set.Asked {
		if a.Person != set.Asked[0].Person {
			return fmt.Sprintf("%d days are set, %s to %s.", n, first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
		}
	}
	switch {
	case who == "" && first == last:
		return first.Format("Monday 2 January") + " is emptied."
	case who == "":
		return fmt.Sprintf("%d days are emptied, %s to %s.", n, first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
	case first == last:
		return fmt.Sprintf("%s has %s.", who, first.Format("Monday 2 January"))
	default:
		return fmt.Sprintf("%s has %d days, %s to %s.", who, n, first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
	}
}
