package intake

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// How far from today a day may be, and how many days a row may have at most.
const (
	maxRowDays   = 366
	maxDaysAhead = 2 * 366
	maxDaysBack  = 3 * 366
)

// Reading is a table as it was understood.
type Reading struct {
	Lines []Line
	// Seats are in order of days and then of the team's roles, each once.
	Seats []Seat
	// Unknown are the names of people who do not exist, in order of appearance.
	Unknown []string
	// AskOrder: dates can be meant either way, and the table does not tell.
	AskOrder bool
	// Order, Ends and Lasts are those of the mapping, or what was guessed instead.
	Order Order
	Ends  Ends
	Lasts Lasts
	// Years are the years of dates that are written without one, where they begin.
	Years []YearTaken
	// Unread is how many lines around a list have no date, and are not in Lines.
	Unread int
}

// Line is a row that is not a heading, as it was understood.
type Line struct {
	Number   int      // in the file
	Cells    []string // as they are written
	From, To roster.Date
	Who      []Holder // who has what on these days
	Problem  error    // why the row is left out, as a sentence part; nil if it is not
}

// Holder is who has a role, as it is written and as it was understood.
type Holder struct {
	Role    roster.RoleID
	Text    string
	On      int             // only on this day of the week; 0: on all days of the line
	Person  roster.PersonID // "" if there is no such person yet, or nobody is meant
	Name    string          // the name of a person who does not exist
	Problem error           // why it is left out
}

// Seat is who is to have a role on a day, by its line.
type Seat struct {
	roster.Seat
	Person roster.PersonID
	Name   string // of a person who does not exist; then Person is ""
	Line   int    // index in Lines
}

// Whom says whom unknown names mean, by their folded form (roster.FoldName): a person, or
// nobody at all.
type Whom map[string]roster.PersonID

// Nobody, as an answer in Whom, leaves out the assignments of the name.
const Nobody roster.PersonID = "-"

// Understand reads a table by a mapping that is valid for it. Dates without a year are
// those nearest to the row before; the first to the year that the table's title names, or
// else to today.
func Understand(t Table, m Mapping, team *roster.Team, names roster.Names, whom Whom, today roster.Date) Reading {
	u := understanding{table: t, mapping: m, team: team, dir: newDirectory(names), whom: whom, today: today}
	u.rows()
	u.order()
	u.days()
	u.extend()
	u.holders()
	u.seats()
	return u.reading
}

type understanding struct {
	table   Table
	mapping Mapping
	team    *roster.Team
	dir     directory
	whom    Whom
	today   roster.Date
	whens   []when // of Lines
	untils  []*when
	near    []roster.Date // of Lines: what a section's heading says about the year; zero for nothing
	weeks   bool
	reading Reading
	unknown map[string]string // new people's names by their folded form
}

func (u *understanding) column(use Use) int { return slices.Index(u.mapping.Columns, use) }

var (
	sectionPattern = regexp.MustCompile(`^(` + monthNames + `)?\b\.? ?(20\d{2})$`)
	yearPattern    = regexp.MustCompile(`\b20\d{2}\b`)
	plainNumber    = regexp.MustCompile(`^\d{1,2}$`)
)

// rows takes the rows apart. Those that are headings of sections, or empty, are no lines.
func (u *understanding) rows() {
	date, until := u.column(IsDate), u.column(IsUntil)
	u.weeks = u.mapping.Heading > 0 && weekWord.MatchString(plain(u.table.Rows[u.mapping.Heading-1][date]))
	var section roster.Date
	if years := yearPattern.FindAllString(u.table.Title, 3); len(years) == 1 {
		section = roster.Date{Year: number(years[0]), Month: time.July, Day: 1}
		if section.Year == u.today.Year {
			section = u.today
		}
	}
	u.reading.Unread = u.table.Unread
	left := u.table.Left
	for i, row := range u.table.Rows {
		for len(left) > 0 && left[0].Line < u.table.Lines[i] {
			u.leaveOut(left[0])
			left = left[1:]
		}
		if i < u.mapping.Heading || i >= u.mapping.Heading && u.mapping.Heading > 0 && slices.Equal(row, u.table.Rows[u.mapping.Heading-1]) {
			continue
		}
		if text, same := onlyText(row); same {
			if s := sectionPattern.FindStringSubmatch(plain(text)); s != nil {
				section = roster.Date{Year: number(s[2]), Month: time.July, Day: 1}
				if s[1] != "" {
					section.Month = time.Month(monthOf(s[1]))
				}
			}
			if _, isDate := parseWhen(text); !isDate {
				continue
			}
		}
		line := Line{Number: u.table.Lines[i], Cells: row}
		w, ok := u.parse(row[date])
		if !ok {
			line.Problem = said.New("no date is understood in %q", row[date])
			if row[date] == "" {
				line.Problem = said.New("there is no date")
			}
		}
		var end *when
		if until >= 0 && row[until] != "" && ok {
			e, fine := u.parse(row[until])
			if !fine {
				line.Problem = said.New("no date is understood in %q", row[until])
			}
			end = &e
		}
		u.reading.Lines = append(u.reading.Lines, line)
		u.whens, u.untils, u.near = append(u.whens, w), append(u.untils, end), append(u.near, section)
		section = roster.Date{}
	}
	for _, l := range left {
		u.leaveOut(l)
	}
}

// leaveOut adds a line of a list that is none of its entries.
func (u *understanding) leaveOut(l Left) {
	u.reading.Lines = append(u.reading.Lines, Line{Number: l.Line, Cells: []string{l.Text}, Problem: whyLeft(l.Says)})
	u.whens, u.untils, u.near = append(u.whens, when{}), append(u.untils, nil), append(u.near, roster.Date{})
}

// parse reads a date; in a column of weeks a number alone is one.
func (u *understanding) parse(text string) (when, bool) {
	if u.weeks && plainNumber.MatchString(text) {
		text = "week " + text
	}
	return parseWhen(text)
}

// onlyText is the one text that all cells have, or the only cell that has one, of a row.
func onlyText(row []string) (string, bool) {
	text := ""
	for _, cell := range row {
		if cell != "" && text != "" && cell != text {
			return "", false
		}
		if cell != "" {
			text = cell
		}
	}
	return text, len(row) > 1 || text == ""
}

// order finds out what the dates with two numbers mean, from all of them.
func (u *understanding) order() {
	u.reading.Order = u.mapping.Order
	if u.reading.Order != OrderUnknown {
		return
	}
	var pairs []written
	for i, w := range u.whens {
		for _, d := range []written{w.from, w.to} {
			if d.pair[0] != d.pair[1] {
				pairs = append(pairs, d)
			}
		}
		if u.untils[i] != nil && u.untils[i].from.pair[0] != u.untils[i].from.pair[1] {
			pairs = append(pairs, u.untils[i].from)
		}
	}
	if len(pairs) == 0 {
		return
	}
	good := map[Order]int{}
	var steps map[Order]int
	for _, order := range []Order{DayFirst, MonthFirst} {
		for _, p := range pairs {
			if d, err := p.in(order); err == nil {
				if _, _, err := d.days(u.today); err == nil {
					good[order]++
				}
			}
		}
	}
	switch {
	case good[DayFirst] > good[MonthFirst]:
		u.reading.Order = DayFirst
	case good[MonthFirst] > good[DayFirst]:
		u.reading.Order = MonthFirst
	default:
		if steps = u.steps(pairs); steps[DayFirst] > 2*steps[MonthFirst] {
			u.reading.Order = DayFirst
		} else if steps[MonthFirst] > 2*steps[DayFirst] {
			u.reading.Order = MonthFirst
		}
	}
	u.reading.AskOrder = u.reading.Order == OrderUnknown
}

// steps is how often, in each order, a date follows the one before within two weeks, as
// those of a roster do.
func (u *understanding) steps(pairs []written) map[Order]int {
	steps := map[Order]int{}
	for _, order := range []Order{DayFirst, MonthFirst} {
		var before roster.Date
		for _, p := range pairs {
			d, err := p.in(order)
			if err != nil {
				continue
			}
			day, _, err := d.days(u.today)
			if err != nil {
				continue
			}
			if n := before.DaysUntil(day); !before.IsZero() && n >= 0 && n <= 14 {
				steps[order]++
			}
			before = day
		}
	}
	return steps
}

// days finds the days of the lines as far as each of them says.
func (u *understanding) days() {
	near, from := u.today, YearNearToday
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		if !u.near[i].IsZero() {
			near, from = u.near[i], YearOfHeading
		}
		if line.Problem != nil {
			continue
		}
		var err error
		if line.From, line.To, err = u.span(u.whens[i], u.untils[i], near); err != nil {
			line.Problem = err
			line.From, line.To = roster.Date{}, roster.Date{}
			continue
		}
		if u.whens[i].from.year == 0 {
			u.tellYear(line, from, near.Year)
		}
		near, from = line.From, YearOfBefore
	}
	u.handOffs()
}

func (u *understanding) span(w when, until *when, near roster.Date) (from, to roster.Date, err error) {
	read := func(d written, near roster.Date) (roster.Date, roster.Date, error) {
		if d, err = d.in(u.reading.Order); err != nil {
			return roster.Date{}, roster.Date{}, err
		}
		return d.days(near)
	}
	if from, to, err = read(w.from, near); err != nil {
		return from, to, err
	}
	end := w.to
	if until != nil {
		if end = until.from; until.ranged {
			end = until.to
		}
	}
	if w.week && !w.ranged && until == nil && from == to {
		return from, from.AddDays(6), nil
	}
	if w.ranged || until != nil {
		if _, to, err = read(end, from); err != nil {
			return from, to, err
		}
	}
	if to.Before(from) {
		return from, to, said.New("the last day comes before the first")
	}
	return from, to, nil
}

// ranged reports whether a line says its last day.
func (u *understanding) ranged(i int) bool {
	return (u.whens[i].ranged || u.untils[i] != nil) && u.reading.Lines[i].Problem == nil
}

// handOffs finds out whether last days belong to the line, and removes them if not.
func (u *understanding) handOffs() {
	u.reading.Ends = u.mapping.Ends
	if u.reading.Ends == EndsGuessed {
		meet, ranges := 0, 0
		starts := map[roster.Date]bool{}
		for _, line := range u.reading.Lines {
			starts[line.From] = true
		}
		for i, line := range u.reading.Lines {
			if u.ranged(i) && line.From.Before(line.To) {
				ranges++
				if starts[line.To] {
					meet++
				}
			}
		}
		u.reading.Ends = EndsOn
		if meet > 0 && 2*meet >= ranges-1 {
			u.reading.Ends = EndsBefore
		}
	}
	if u.reading.Ends != EndsBefore {
		return
	}
	for i := range u.reading.Lines {
		if line := &u.reading.Lines[i]; u.ranged(i) && line.From.Before(line.To) {
			line.To = line.To.AddDays(-1)
		}
	}
}

// extend lets lines with one date last until the next, where that is how it is meant.
func (u *understanding) extend() {
	var single []int // lines with one date
	for i, line := range u.reading.Lines {
		if line.Problem == nil && !u.ranged(i) && line.From == line.To {
			single = append(single, i)
		}
	}
	u.reading.Lasts = u.mapping.Lasts
	if u.reading.Lasts == LastsGuessed {
		u.reading.Lasts = u.guessLasts(single)
	}
	if u.reading.Lasts != LastsOn {
		return
	}
	starts := map[roster.Date]bool{}
	for _, i := range single {
		starts[u.reading.Lines[i].From] = true
	}
	days := make([]roster.Date, 0, len(starts))
	for d := range starts {
		days = append(days, d)
	}
	slices.SortFunc(days, roster.Date.Compare)
	for _, i := range single {
		line := &u.reading.Lines[i]
		at, _ := slices.BinarySearchFunc(days, line.From, roster.Date.Compare)
		length := 7
		switch {
		case at+1 < len(days):
			length = line.From.DaysUntil(days[at+1])
		case at > 0:
			length = days[at-1].DaysUntil(line.From)
		}
		line.To = line.From.AddDays(min(length, maxRowDays) - 1)
	}
}

// guessLasts: dates that are all equally far apart, and more than four days, are the
// beginnings of turns; and those below a heading that says so.
func (u *understanding) guessLasts(single []int) Lasts {
	if u.mapping.Heading > 0 {
		head := plain(u.table.Rows[u.mapping.Heading-1][u.column(IsDate)])
		if strings.Contains(head, "week") || strings.Contains(head, "woche") {
			return LastsOn
		}
	}
	gaps := map[int]int{}
	for n := 1; n < len(single); n++ {
		if gap := u.reading.Lines[single[n-1]].From.DaysUntil(u.reading.Lines[single[n]].From); gap != 0 {
			gaps[gap]++
		}
	}
	for gap, n := range gaps {
		if len(gaps) == 1 && gap > 4 && n > 1 {
			return LastsOn
		}
	}
	return LastsADay
}
