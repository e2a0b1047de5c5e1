package views

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dailyroster/intake"
	"dailyroster/roster"
	"dailyroster/words"
)

// ImportURL is the page that imports and exports a team's roster.
func ImportURL(t roster.TeamID) string { return TeamURL(t) + "/import" }

// Import is the page that imports or exports a roster.
type Import struct {
	Team     *roster.Team
	Values   map[string]string
	Errors   roster.FieldErrors
	Hosts    []string // the hosts whose pages the site fetches, if any
	Preview  *ImportPreview
	From, To roster.Date // suggested for an export
}

// ImportPreview is how the site understands a table, with everything that the import needs.
type ImportPreview struct {
	Titles  []string // of the tables
	Table   int      // the one that the preview shows
	Columns []ImportColumn
	Mapping intake.Mapping
	Reading intake.Reading
	Effects []ImportEffect // of Reading.Lines
	Total   ImportEffect
	Remarks []Remark
	Errors  roster.FieldErrors
	Names   roster.Names
	Meant   [][]roster.Person // whom each of the unknown names may mean
	Whom    intake.Whom
	Past    bool   // also import days before today
	Reason  string // for changing these
	// PastSeats is how many assignments are left out because they are past.
	PastSeats int
	Start     roster.Date // today
	Group     roster.ChangeID
	// Tables, Seen, Reads and RemarksJSON come back with the form.
	Tables, Seen, Reads, RemarksJSON string
}

// ImportColumn is a column of the table.
type ImportColumn struct {
	Head    string
	Samples []string
	Use     intake.Use
}

// ImportEffect is what the import would do, in assignments.
type ImportEffect struct {
	Filled, Changed, Same int
	Was                   []string // who would be replaced
}

// text says what a line does.
func (e ImportEffect) text(ctx context.Context) string {
	var parts []string
	if e.Filled > 0 {
		parts = append(parts, words.T(ctx, "fills %d", e.Filled))
	}
	if e.Changed > 0 {
		parts = append(parts, words.T(ctx, "replaces %s on %d", strings.Join(e.Was, ", "), e.Changed))
	}
	if e.Same > 0 {
		parts = append(parts, words.T(ctx, "%d unchanged", e.Same))
	}
	return strings.Join(parts, ", ")
}

// changes reports whether the import would change anything.
func (p *ImportPreview) changes() bool { return p.Total.Filled+p.Total.Changed > 0 }

// problems is the number of lines of which something is left out.
func (p *ImportPreview) problems() (left int) {
	for _, line := range p.Reading.Lines {
		bad := line.Problem != nil
		for _, h := range line.Who {
			bad = bad || h.Problem != nil
		}
		if bad {
			left++
		}
	}
	return left
}

// understood is the number of lines that say who is on call when.
func (p *ImportPreview) understood() (n int) {
	for _, line := range p.Reading.Lines {
		if line.Problem == nil && slices.ContainsFunc(line.Who, func(h intake.Holder) bool { return h.Problem == nil }) {
			n++
		}
	}
	return n
}

// years says which years are taken that nobody wrote.
func (p *ImportPreview) years(ctx context.Context) string {
	var told []string
	for _, y := range p.Reading.Years {
		year := strconv.Itoa(y.Year) // without the sign that some languages put into numbers
		switch y.From {
		case intake.YearOfHeading:
			told = append(told, words.T(ctx, "from line %[1]d on %[2]s, as the heading says", y.Line, year))
		case intake.YearOfBefore:
			told = append(told, words.T(ctx, "from line %[1]d on %[2]s, as the dates go on", y.Line, year))
		default:
			told = append(told, words.T(ctx, "from line %[1]d on %[2]s, as that is nearest to today", y.Line, year))
		}
	}
	return words.T(ctx, "Years that are not written: %s.", strings.Join(told, "; "))
}

type useOption struct {
	use  intake.Use
	text string
}

// uses are the options for a column.
func (i Import) uses(ctx context.Context) []useOption {
	options := []useOption{{intake.Unused, words.T(ctx, "not used")}, {intake.IsDate, words.T(ctx, "Date, days or week")}, {intake.IsUntil, words.T(ctx, "Last day")}}
	for _, r := range i.Team.Roles {
		options = append(options, useOption{intake.ForRole(r.ID), r.Name})
	}
	options = append(options, useOption{intake.IsRole, words.T(ctx, "Name of the role")}, useOption{intake.IsWho, words.T(ctx, "Person with that role")})
	for _, day := range roster.EveryDay.Days() {
		options = append(options, useOption{intake.ForWeekday(int(day)), fmt.Sprintf("%s, %s", i.Team.Roles[0].Name, WeekdayName(ctx, day))})
	}
	return options
}

// importDays is the days of a line in words.
func importDays(ctx context.Context, line intake.Line) string {
	switch {
	case line.From.IsZero():
		return ""
	case line.From == line.To:
		return yearDate(ctx, line.From)
	}
	return words.Date(ctx, line.From, "Mon 2 Jan") + " – " + yearDate(ctx, line.To)
}

// whomValue is the person whom somebody chose for a name.
func (p *ImportPreview) whomValue(name string) roster.PersonID { return p.Whom[roster.FoldName(name)] }

// meant is the name of the holder as the site understands it.
func (p *ImportPreview) meant(h intake.Holder) string {
	if h.Person != "" {
		return p.Names.Of(h.Person)
	}
	return h.Name
}

func importEnding(ctx context.Context, e intake.Ends) string {
	if e == intake.EndsBefore {
		return words.T(ctx, "the day of the hand-off to the next")
	}
	return words.T(ctx, "still part of the turn")
}

func importLength(ctx context.Context, l intake.Lasts) string {
	if l == intake.LastsOn {
		return words.T(ctx, "until the next row's date")
	}
	return words.T(ctx, "one day")
}

func importOrder(ctx context.Context, o intake.Order) string {
	switch o {
	case intake.DayFirst:
		return words.T(ctx, "day first, 23/11/2026")
	case intake.MonthFirst:
		return words.T(ctx, "month first, 11/23/2026")
	default:
		return words.T(ctx, "not needed")
	}
}
