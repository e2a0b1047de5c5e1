package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"dailyroster/roster"
	"dailyroster/views"
)

// gridRequest is what every request about the grid begins with: the month that ?month=
// names, that of the day on call now where it doesn't.
func (s *Server) gridRequest(r *http.Request) (*glance, views.Grid, error) {
	team, err := s.team(r)
	if err != nil {
		return nil, views.Grid{}, err
	}
	month := team.DayAt(s.Now()).InMonth()
	if text := r.URL.Query().Get("month"); text != "" {
		if month, err = roster.ParseMonth(text); err != nil {
			return nil, views.Grid{}, badRequest("month: %v", err)
		}
	}
	view, ok := views.GridView(month)
	if !ok {
		return nil, views.Grid{}, badRequest("month: the weeks of %s are not all between the years %d and %d", month, roster.MinYear, roster.MaxYear)
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
	if today := g.team.Today(g.now); today.InMonth() == month {
		first = today
	}
	grid.Set = views.GridForm{Role: string(g.team.Roles[0].ID), From: first.String(), To: first.String()}
	grid.Paste = grid.Set
	var err error
	grid.Group, err = s.newChangeID()
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
			return badRequest("done: %v", err)
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
	in, reason, added, err := s.daysWanted(r, g, fields)
	var done assigned
	if err == nil && len(in.Assignments) > 0 {
		done, err = s.saveAssignments(r.Context(), g.team.ID, in, roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: reason})
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		form.Errors = refused
		return s.answerGrid(w, r, http.StatusUnprocessableEntity, g, grid)
	}
	if err != nil {
		if _, known := errors.AsType[*refusal](err); known || wantsFragment(r) {
			return err
		}
		answer := s.refuse(w, r, err)
		form.Problem, grid.Group = answer.detail, group // trying again is the same act
		return s.answerGrid(w, r, answer.status, g, grid)
	}
	if len(done.stale) > 0 {
		return s.answerStaleDays(w, r, fields, *form, in, done)
	}
	return s.answerDaysSet(w, r, in, views.GridDone{Group: group, Reason: reason}, done.changed, len(added) > 0)
}

// groupSent is the id of the act that a form is.
func (s *Server) groupSent(r *http.Request, fields url.Values) (roster.ChangeID, error) {
	if text := fields.Get("group"); text != "" {
		group, err := roster.ParseChangeID(text)
		if err != nil {
			return "", badRequest("group: %v", err)
		}
		return group, nil
	}
	return s.changeID(r.Context(), "days")
}

// daysWanted reads the grid's forms. What is refused is a roster.FieldErrors; added are
// the new people that it took.
func (s *Server) daysWanted(r *http.Request, g *glance, fields url.Values) (in roster.AssignInput, reason string, added []roster.Person, err error) {
	var errs roster.FieldErrors
	seen, err := parseSeen(fields.Get("seen"))
	if err != nil {
		return in, "", nil, badRequest("seen: %v", err)
	}
	in = roster.AssignInput{Careful: true, Why: roster.WhyEdit}
	role := roster.RoleID(fields.Get("role"))
	if !g.team.HasRole(role) {
		errs.Add("role", errors.New("the team has no such role"))
	}
	var dates []roster.Date
	var people []roster.PersonID
	if fields.Has("names") {
		in.Why = roster.WhyImport
		dates, people = pastedDays(g.people, fields, &errs)
		reason = reasonToSet(dates, fields, g.team.Present(g.now), &errs)
	} else {
		dates = rangeOfDays(fields, &errs)
		reason = reasonToSet(dates, fields, g.team.Present(g.now), &errs)
		var person roster.PersonID
		if person, added, err = s.onePerson(r, g.people, dates, fields, errs); err != nil {
			return in, reason, added, err
		}
		for range dates {
			people = append(people, person)
		}
	}
	if err := errs.Err(); err != nil {
		return in, reason, nil, err
	}
	skip := map[string]bool{}
	for _, d := range fields["skip"] {
		skip[d] = true
	}
	for i, d := range dates {
		if !skip[d.String()] {
			in.Assignments = append(in.Assignments, roster.Assignment{Seat: roster.Seat{Date: d, Role: role}, Person: people[i], BasedOn: seen[d]})
		}
	}
	return in, reason, added, nil
}

// reasonToSet is the reason that the form states for setting the days, which are in order;
// past ones need one.
func reasonToSet(dates []roster.Date, fields url.Values, today roster.Date, errs *roster.FieldErrors) string {
	reason, err := roster.ParseReason(fields.Get(roster.ReasonField))
	if err != nil {
		errs.Add(roster.ReasonField, err)
	} else if reason == "" && len(dates) > 0 && dates[0].Before(today) {
		*errs = append(*errs, roster.NeedsReason(dates[0])...)
	}
	return reason
}

// onePerson is the person of the field name, "" with the button nobody. A new name makes
// a new person, but not while other fields are refused.
func (s *Server) onePerson(r *http.Request, people []roster.Person, dates []roster.Date, fields url.Values, errs roster.FieldErrors) (roster.PersonID, []roster.Person, error) {
	if fields.Get("nobody") != "" {
		return "", nil, errs.Err()
	}
	w := wish{text: strings.TrimSpace(fields.Get("name")), field: "name"}
	if len(dates) > 0 {
		w.on = dates[len(dates)-1]
	}
	if w.text == "" {
		errs.Add("name", errors.New("give a name, or set nobody"))
	} else if _, _, err := meant(people, w); err != nil {
		errs.Add("name", err)
	}
	if err := errs.Err(); err != nil {
		return "", nil, err
	}
	ids, added, err := s.whoIsMeant(r.Context(), people, []wish{w})
	if err != nil {
		return "", added, err
	}
	return ids[0], added, nil
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
	case !within(from, to):
		errs.Add("to", errTooFar)
	default:
		return daysFrom(from, from.DaysUntil(to)+1)
	}
	return nil
}

func daysFrom(first roster.Date, n int) []roster.Date {
	days := make([]roster.Date, n)
	for i := range days {
		days[i] = first.AddDays(i)
	}
	return days
}

// pastedDays is the days from the field from on, one for each of the names, and who is
// meant. Names that nobody has are refused, each with its line.
func pastedDays(people []roster.Person, fields url.Values, errs *roster.FieldErrors) ([]roster.Date, []roster.PersonID) {
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
	case len(names) > maxDays:
		err = errTooFar
	case from.AddDays(len(names)).Year > roster.MaxYear:
		err = fmt.Errorf("the days end after the year %d", roster.MaxYear)
	}
	if err != nil {
		errs.Add("names", err)
		return nil, nil
	}
	days, ids := daysFrom(from, len(names)), make([]roster.PersonID, len(names))
	for i, name := range names {
		if name == "" {
			continue
		}
		id, newName, err := meant(people, wish{text: name, on: days[i]})
		if err == nil && newName != "" {
			err = fmt.Errorf("nobody is called %q", name)
		}
		if err != nil {
			errs.Add(fieldAt("names", i), fmt.Errorf("line %d, %s: %w", i+1, days[i].Format("Mon 2 Jan"), err))
		}
		ids[i] = id
	}
	return days, ids
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
	title := g.team.Name + ", " + grid.Month.First().Format("January 2006")
	return s.render(w, r, status, views.GridPage(s.frame(r, title, g.team), g.banner(), grid))
}

// answerStaleDays tells who is there meanwhile. Going on is the same act, in view of the
// days as they are now or without them.
func (s *Server) answerStaleDays(w http.ResponseWriter, r *http.Request, fields url.Values, form views.GridForm, in roster.AssignInput, done assigned) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if grid.Set = form; fields.Has("names") {
		grid.Set, grid.Paste = grid.Paste, form
	}
	stale := &views.StaleDays{Seats: done.stale, Mine: maps.Clone(fields), Message: "Somebody has these days already. Nothing is saved yet."}
	grid.Stale = stale
	delete(stale.Mine, "month") // it is in the address
	stale.Rest = maps.Clone(stale.Mine)
	seen := fields.Get("seen")
	for _, old := range done.stale {
		if old.BasedOn != nil {
			stale.Message = "Someone else changed these days meanwhile. Nothing is saved yet."
		}
		seen += fmt.Sprintf(" %s=%s", old.Date, old.Now.Revision)
		stale.Rest["skip"] = append(stale.Rest["skip"][:len(stale.Rest["skip"]):len(stale.Rest["skip"])], old.Date.String())
	}
	if len(done.months) > 0 {
		stale.Message = "Someone else changed these days meanwhile. Saved is " + listOf(done.months) + "; the rest is not saved yet."
	}
	stale.Mine.Set("seen", strings.TrimSpace(seen))
	if len(done.stale) == len(in.Assignments) {
		stale.Rest = nil
	}
	return s.answerGrid(w, r, http.StatusConflict, g, grid)
}

// answerDaysSet sends the month as it is now, and with it every other region that the
// days may have changed.
func (s *Server) answerDaysSet(w http.ResponseWriter, r *http.Request, in roster.AssignInput, done views.GridDone, changed, newPeople bool) error {
	g, grid, err := s.gridRequest(r)
	if err != nil {
		return err
	}
	if !changed {
		done.Group = ""
	}
	if !wantsFragment(r) {
		more := []string{"done", string(done.Group)}
		if done.Group == "" {
			more = nil
		}
		http.Redirect(w, r, views.GridURL(g.team.ID, grid.Month, more...), http.StatusSeeOther)
		return nil
	}
	done.Message = daysSet(in, g.names, changed)
	grid.Done = &done
	parts := []templ.Component{
		views.GridWork(grid), views.OnCall(g.banner(), true), views.GapCount(g.roster(), true), views.Status(grid.Done.Message, false, true),
	}
	if newPeople {
		parts = append(parts, views.Suggestions(g.names, true))
	}
	return s.render(w, r, http.StatusOK, parts...)
}

// daysSet says in a sentence what was set.
func daysSet(in roster.AssignInput, names roster.Names, changed bool) string {
	if !changed {
		return "Nothing changed: the days were so already."
	}
	first, last := in.Assignments[0].Date, in.Assignments[len(in.Assignments)-1].Date
	who := names.Of(in.Assignments[0].Person)
	for _, a := range in.Assignments {
		if a.Person != in.Assignments[0].Person {
			return fmt.Sprintf("%d days are set, %s to %s.", len(in.Assignments), first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
		}
	}
	switch {
	case who == "" && first == last:
		return first.Format("Monday 2 January") + " is emptied."
	case who == "":
		return fmt.Sprintf("%d days are emptied, %s to %s.", len(in.Assignments), first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
	case first == last:
		return fmt.Sprintf("%s has %s.", who, first.Format("Monday 2 January"))
	default:
		return fmt.Sprintf("%s has %d days, %s to %s.", who, len(in.Assignments), first.Format("Mon 2 Jan"), last.Format("Mon 2 Jan"))
	}
}
