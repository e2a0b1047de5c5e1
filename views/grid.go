package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// Grid is a month at a glance: a block for each week, with a column for each day and a row for
// each role. Its Rows are those of the table, in whole weeks.
type Grid struct {
	Roster
	Month roster.Month
	Group roster.ChangeID // of the act that the next save would be
	Set   GridForm
	Paste GridForm
	Done  *GridDone  // what a save has just done
	Stale *StaleDays // what kept a save from being done
}

// GridForm is the form that sets the days of a range, or sets days from a list of names.
// Problem is why it could not be saved.
type GridForm struct {
	Role     string
	From, To string
	Name     string
	Names    string // a line for each day
	Seen     string // the days and revisions that it is based on
	Reason   string // for changing the past
	Errors   roster.FieldErrors
	Problem  string
}

// GridDone says what was saved, and offers to undo it.
type GridDone struct {
	Message string
	Group   roster.ChangeID // "" where there is nothing to undo
	Reason  string          // of the save; undoing it has the same reason
}

// StaleDays are the seats that others changed in the meantime, and the two ways to go on.
type StaleDays struct {
	Message string
	Seats   []planning.StaleAssignment
	Mine    url.Values // the form again, based on the days as they are now
	Rest    url.Values // the form without these days; nil if nothing is left of it
}

// GridView is the days that the grid of a month shows: its weeks, which begin on Monday. ok is
// false for the very first and last months, whose weeks are not all within the calendar.
func GridView(m roster.Month) (v View, ok bool) {
	first, last := m.First(), m.Last()
	from, to := roster.WeekOf(first), roster.WeekOf(last).AddDays(6)
	return View{from, from.DaysUntil(to) + 1}, from.Year >= roster.MinYear && to.Year <= roster.MaxYear
}

// GridURL is the grid of a month, with more query parameters in pairs.
func GridURL(t roster.TeamID, m roster.Month, more ...string) string {
	return TeamURL(t) + "/grid?" + monthQuery(m, more...)
}

// monthURL is the grid's table alone, as a fragment.
func monthURL(t roster.TeamID, m roster.Month) string {
	return TeamURL(t) + "/grid/table?" + monthQuery(m)
}

func monthQuery(m roster.Month, more ...string) string {
	q := url.Values{"month": {m.String()}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q.Encode()
}

// SeatID is the id of a cell of the grid.
func SeatID(s roster.Seat) string { return "seat-" + s.Date.String() + "-" + string(s.Role) }

// maxStale is the most seats that a refused save lists.
const maxStale = 12

// colours is how many colours the style sheet has for people.
const colours = 24

// colour is the class of a person's colour, or of a gap. It depends only on the id, so it
// stays the same when other people come and go.
func colour(id roster.PersonID) string {
	if id == "" {
		return "gap"
	}
	return "colour-" + strconv.Itoa(hueOf(string(id)))
}

// weeks are the grid's rows, seven at a time.
func (g Grid) weeks() [][]Row { return slices.Collect(slices.Chunk(g.Rows, 7)) }

// shownMonth is the month whose grid matches a view: the month of today, if that is in view.
func (r Roster) shownMonth() roster.Month {
	if !r.Start.Before(r.View.From) && !r.View.To().Before(r.Start) {
		return r.Start.InMonth()
	}
	return r.View.From.InMonth()
}

func weekNumber(d roster.Date) int {
	_, week := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).ISOWeek()
	return week
}

// holiday is the name of the holiday that the day is, "" for any other day.
func (r Row) holiday() string {
	for _, h := range r.Team.Holidays {
		if h.Date == r.Day.Date {
			return h.Name
		}
	}
	return ""
}

// gridClass is the classes of a day in the grid.
func (g Grid) gridClass(r Row) string {
	marks := []string{r.class()}
	if r.Day.Date.InMonth() != g.Month {
		marks = append(marks, "outside")
	}
	if r.Day.Date.Before(g.Start) {
		marks = append(marks, "past")
	}
	if r.holiday() != "" {
		marks = append(marks, "holiday")
	}
	return strings.Join(marks, " ")
}

// dayNumber is the day in the head of its column; the first of a month says which.
func dayNumber(d roster.Date) string {
	if d.Day == 1 {
		return d.Format("2 Jan")
	}
	return d.Format("2")
}

// restOfDate is what dayNumber leaves out.
func restOfDate(d roster.Date) string {
	if d.Day == 1 {
		return d.Format(" 2006")
	}
	return d.Format(" January 2006")
}

// wanted is whom a refused save wants in the seat.
func (g Grid) wanted(s roster.Seat) (roster.PersonID, bool) {
	if g.Stale == nil {
		return "", false
	}
	for _, old := range g.Stale.Seats {
		if old.Seat == s {
			return old.Person, true
		}
	}
	return "", false
}

// seatSays is the label of a cell for people who cannot see where it is.
func (g Grid) seatSays(r Row, role roster.Role) string {
	return LongDate(r.Day.Date) + ", " + role.Name + ": " + orNobody(g.Names.Of(r.Day.Assignments[role.ID]))
}

// says returns the form's messages for a field and its elements.
func (f GridForm) says(prefix string) []string {
	var messages []string
	for _, e := range f.Errors {
		if e.Field == prefix || strings.HasPrefix(e.Field, prefix+".") {
			messages = append(messages, e.Message)
		}
	}
	return messages
}
