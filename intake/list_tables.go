package intake

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"dailyroster/roster"
)

// maxParts is how many parts of a text become tables of their own.
const maxParts = MaxTables / 2

// tables are a table of all rows, and then one for each part.
func (l *listing) tables() ([]Table, error) {
	whole, err := l.table(l.rows)
	if err != nil {
		return nil, err
	}
	for _, left := range l.left {
		whole.Left = append(whole.Left, left.Left)
	}
	whole.Unread = l.unread
	tables := []Table{whole}
	var parts []string
	for _, row := range l.rows {
		if part := row.context.part; !slices.Contains(parts, part) && len(parts) <= maxParts {
			parts = append(parts, part)
		}
	}
	if len(parts) < 2 || len(parts) > maxParts {
		return tables, nil
	}
	tables[0].Title = allLists
	for _, part := range parts {
		t, err := l.table(slices.DeleteFunc(slices.Clone(l.rows), func(r listRow) bool { return r.context.part != part }))
		if err != nil {
			return nil, err
		}
		for _, left := range l.left {
			if left.part == part {
				t.Left = append(t.Left, left.Left)
			}
		}
		t.Title = titleOr(part)
		tables = append(tables, t)
	}
	return tables, nil
}

// allLists is the title of a table with all lists of a text.
const allLists = "All lists"

// titleOr is a title, or a word for a list without one.
func titleOr(title string) string {
	if title = tidy(title); title == "" {
		return "List"
	}
	return title
}

// partOf is which of the tables that readLists made is the team's: the part that alone has
// the team's name in its title, or else all of them.
func partOf(lists []Table, team *roster.Team) int {
	found := 0
	name := " " + roster.FoldName(team.Name) + " "
	for i, t := range lists[1:] {
		title := " " + roster.FoldName(strings.Map(func(r rune) rune {
			if unicode.IsPunct(r) {
				return ' '
			}
			return r
		}, t.Title)) + " "
		if !strings.Contains(title, name) {
			continue
		}
		if found > 0 {
			return 0
		}
		found = i + 1
	}
	return found
}

// table makes a table of rows, with a row for each heading that names a year.
func (l *listing) table(rows []listRow) (Table, error) {
	var b builder
	if err := b.add(0, listHead()); err != nil {
		return Table{}, err
	}
	year, month := 0, 0
	for _, row := range rows {
		if c := row.context; c.year > 0 && (c.year != year || c.month != month) {
			year, month = c.year, c.month
			text := fmt.Sprint(year)
			if month > 0 {
				text = time.Month(month).String() + " " + text
			}
			if err := b.add(row.line, []string{text}); err != nil {
				return Table{}, err
			}
		}
		if err := b.add(row.line, []string{row.date, row.role, row.who}); err != nil {
			return Table{}, err
		}
	}
	t := b.done()
	t.Title = titleOr(rows[0].context.title)
	return t, nil
}
