package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/words"
)

// Grid is a month at a glance: a block for each week, with a column for each day and a row for
// each role. Its Rows are those of the table, in whole weeks.
type Grid struct {
	Roster
	Month roster.Month    // the zero Month is the weeks from the present one
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

// GridView is the days that the grid of a month shows: its weeks, as the language of the
// context has them. ok is
// false for the very first and last months, whose weeks are not all within the calendar.
func GridView(ctx context.Context, m roster.Month) (v View, ok bool) {
	first, last := m.First(), m.Last()
	begins := words.WeekStart(ctx)
	from, to := roster.WeekFrom(first, begins), roster.WeekFrom(last, begins).AddDays(6)
	return View{from, from.DaysUntil(to) + 1}, from.Year >= roster.MinYear && to.Year <= roster.MaxYear
}

// PresentView is the days of five weeks from that of the day on call now. ok is false where they
// are not all within the calendar.
func PresentView(ctx context.Context, onCall roster.Date) (v View, ok bool) {
	from := roster.WeekFrom(onCall, words.WeekStart(ctx))
	return View{from, roster.DefaultDays}, from.Year >= roster.MinYear && from.AddDays(roster.DefaultDays).Year <= roster.MaxYear
}

// IsPresent reports whether the grid shows the weeks from the present one, and not a month.
func (g Grid) IsPresent() bool { return g.Month == roster.Month{} }

// Period says which days the grid shows.
func (g Grid) Period(ctx context.Context) string {
	if !g.IsPresent() {
		return words.Date(ctx, g.Month.First(), "January 2006")
	}
	return words.T(ctx, "%s to %s", words.Date(ctx, g.View.From, "2 Jan"), words.Date(ctx, g.View.To(), "2 Jan 2006"))
}

// before and after are the months that lead on from what the grid shows.
func (g Grid) before() roster.Month {
	if g.IsPresent() {
		return g.View.From.AddDays(-1).InMonth()
	}
	return g.Month.First().AddDays(-1).InMonth()
}

func (g Grid) after() roster.Month {
	if g.IsPresent() {
		return g.View.To().AddDays(1).InMonth()
	}
	return g.Month.Next()
}

// presentMonth is the value of a form's field for the weeks from the present one.
const presentMonth = "now"

// ParseGridMonth reads the month that a form of the grid sends.
func ParseGridMonth(text string) (roster.Month, error) {
	if text == presentMonth {
		return roster.Month{}, nil
	}
	return roster.ParseMonth(text)
}

func (g Grid) formMonth() string {
	if g.IsPresent() {
		return presentMonth
	}
	return g.Month.String()
}

// GridURL is the grid of a month, with more query parameters in pairs.
func GridURL(t roster.TeamID, m roster.Month, more ...string) string {
	return TeamURL(t) + "/grid" + pairs(append([]string{"month", monthValue(m)}, more...)...)
}

// monthURL is the grid's table alone, as a fragment.
func monthURL(t roster.TeamID, m roster.Month) string {
	return TeamURL(t) + "/grid/table" + pairs("month", monthValue(m))
}

// monthValue is a month as a query has it, "" for the zero Month.
func monthValue(m roster.Month) string {
	if (m == roster.Month{}) {
		return ""
	}
	return m.String()
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

// shownMonth is the month whose grid matches a view: the weeks from now, if today is in view.
func (r Roster) shownMonth() roster.Month {
	if !r.Start.Before(r.View.From) && !r.View.To().Before(r.Start) {
		return roster.Month{}
	}
	return r.View.From.InMonth()
}

// weekNumber is the number of a week by its fourth day: that of ISO 8601, where weeks begin on a
// Monday.
func weekNumber(days []Row) int {
	d := days[3].Day.Date
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
func (g Grid) gridClass(ctx context.Context, r Row) string {
	marks := []string{r.class(ctx)}
	if !g.IsPresent() && r.Day.Date.InMonth() != g.Month {
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
func dayNumber(ctx context.Context, d roster.Date) string {
	if d.Day == 1 {
		return words.Date(ctx, d, "2 Jan")
	}
	return words.Date(ctx, d, "2")
}

// restOfDate is what dayNumber leaves out.
func restOfDate(ctx context.Context, d roster.Date) string {
	if d.Day == 1 {
		return d.Format(" 2006")
	}
	return words.Date(ctx, d, " January 2006")
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
func (g Grid) seatSays(ctx context.Context, r Row, role roster.Role) string {
	return LongDate(ctx, r.Day.Date) + ", " + role.Name + ": " + orNobody(ctx, g.Names.Of(r.Day.Assignments[role.ID]))
}

// weekRun is how a seat belongs to its neighbours in the week that is one line of the grid.
func (g Grid) weekRun(ctx context.Context, r Row, i int) Run {
	run := r.Runs[i]
	run.First = run.First || r.Day.Date.Weekday() == words.WeekStart(ctx)
	run.Last = run.Last || r.Day.Date.AddDays(1).Weekday() == words.WeekStart(ctx)
	return run
}

// says returns the form's messages for a field and its elements.
func (f GridForm) says(prefix string) []error {
	var messages []error
	for _, e := range f.Errors {
		if e.Field == prefix || strings.HasPrefix(e.Field, prefix+".") {
			messages = append(messages, e.Err)
		}
	}
	return messages
}
