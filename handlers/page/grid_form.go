package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/words/said"
)

// groupSent is the id of the form's act.
func (s *Site) groupSent(r *http.Request, fields url.Values) (roster.ChangeID, error) {
	if text := fields.Get("group"); text != "" {
		group, err := roster.ParseChangeID(text)
		if err != nil {
			return "", web.BadRequest("group: %v", err)
		}
		return group, nil
	}
	return s.Desk.ChangeID(r.Context(), "days")
}

// daysWish reads the grid's forms. What it refuses is a roster.FieldErrors.
func daysWish(g *glance, fields url.Values) (w desk.AssignWish, err error) {
	var errs roster.FieldErrors
	seen, err := parseSeen(fields.Get("seen"))
	if err != nil {
		return w, web.BadRequest("seen: %v", err)
	}
	w = desk.AssignWish{Careful: true, Why: roster.WhyEdit}
	role := roster.RoleID(fields.Get("role"))
	if !g.Team.HasRole(role) {
		errs.Add("role", said.New("the team has no such role"))
	}
	if w.Act.Reason, err = roster.ParseReason(fields.Get(roster.ReasonField)); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	var dates []roster.Date
	var wishes []desk.Wish
	if fields.Has("names") {
		w.Why = roster.WhyImport
		dates, wishes = pastedDays(g.Names, fields, &errs)
	} else {
		dates = rangeOfDays(fields, &errs)
		wishes = slices.Repeat([]desk.Wish{onePerson(fields, &errs)}, len(dates))
	}
	if err := errs.Err(); err != nil {
		return w, err
	}
	for i, d := range dates {
		if !slices.Contains(fields["skip"], d.String()) {
			wishes[i].Role = role
			w.Seats = append(w.Seats, desk.SeatWish{Date: d, Wish: wishes[i], BasedOn: seen[d]})
		}
	}
	return w, nil
}

// onePerson is the person in the field name, or nobody if the button nobody was pressed.
func onePerson(fields url.Values, errs *roster.FieldErrors) desk.Wish {
	if fields.Get("nobody") != "" {
		return desk.Wish{}
	}
	w := desk.Wish{Text: strings.TrimSpace(fields.Get("name")), Field: "name"}
	if w.Text == "" {
		errs.Add("name", said.New("give a name, or set nobody"))
	}
	return w
}

// rangeOfDays returns the days between the fields from and to, both included.
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
		errs.Add("to", said.New("the last day comes before the first"))
	case !desk.Within(from, to):
		errs.Add("to", desk.ErrTooFar)
	default:
		return desk.DaysFrom(from, from.DaysUntil(to)+1)
	}
	return nil
}

// pastedDays returns one day for each of the names, starting at the field from, and whom they
// mean. It refuses names that nobody has, each with its line.
func pastedDays(called roster.Names, fields url.Values, errs *roster.FieldErrors) ([]roster.Date, []desk.Wish) {
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		errs.Add("from", err)
		return nil, nil
	}
	names, err := pastedNames(fields.Get("names"))
	switch {
	case err != nil:
	case len(names) == 0:
		err = said.New("give at least one name")
	case len(names) > desk.MaxDays:
		err = desk.ErrTooFar
	case from.AddDays(len(names)).Year > roster.MaxYear:
		err = said.New("the days end after the year %d", roster.MaxYear)
	}
	if err != nil {
		errs.Add("names", err)
		return nil, nil
	}
	days, wishes := desk.DaysFrom(from, len(names)), make([]desk.Wish, len(names))
	for i, name := range names {
		if name == "" {
			continue
		}
		p, err := desk.Called(called, name, days[i])
		if err != nil {
			errs.Add(web.FieldAt("names", i), said.New("line %d, %s: %w", i+1, said.Date{Dated: days[i], Layout: "Mon 2 Jan"}, err))
		}
		wishes[i] = desk.Wish{Text: string(p), Known: true, Field: web.FieldAt("names", i)}
	}
	return days, wishes
}

// pastedNames returns the cells that somebody copied from a spreadsheet: a column, which comes
// as lines, or a row, which comes with tabs. An empty cell means nobody; empty cells at the
// end do not count.
func pastedNames(text string) ([]string, error) {
	text = strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n\t ")
	if text == "" {
		return nil, nil
	}
	cells := strings.Split(text, "\n")
	if strings.Contains(text, "\t") {
		if len(cells) > 1 {
			return nil, said.New("paste one column or one row of names, not several at once")
		}
		cells = strings.Split(text, "\t")
	}
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	return cells, nil
}

// parseSeen reads the days and revisions that a form is based on: date=revision, separated by
// spaces.
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
