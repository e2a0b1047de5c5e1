package views

import (
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
)

// noteField is the name of the note's field in a day's form.
const noteField = "note"

// shortDate is a date in a column of dates: Mon 23 Nov. January says the year.
func shortDate(d roster.Date) string {
	if d.Month == 1 && d.Day <= 7 {
		return d.Format("Mon 2 Jan 2006")
	}
	return d.Format("Mon 2 Jan")
}

// longDate is a date in a sentence.
func longDate(d roster.Date) string { return d.Format("Monday 2 January 2006") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// RoleName is the name of the team's role; the id for one that it has no more.
func RoleName(t *roster.Team, id roster.RoleID) string {
	for _, r := range t.Roles {
		if r.ID == id {
			return r.Name
		}
	}
	return string(id)
}

func (r Roster) gaps() []roster.Gap {
	days := make([]roster.Day, len(r.Rows))
	for i, row := range r.Rows {
		days[i] = row.Day
	}
	return roster.Gaps(r.Team, days)
}

// class is the marks of a row, by which the style sheet draws it.
func (r Row) class() string {
	var marks []string
	for _, mark := range []struct {
		name string
		on   bool
	}{
		{"today", r.Today},
		{"current", r.Current},
		{"weekend", r.Day.Date.IsWeekend()},
		{"monday", r.Day.Date.Weekday() == time.Monday},
	} {
		if mark.on {
			marks = append(marks, mark.name)
		}
	}
	return strings.Join(marks, " ")
}

func (r Row) firstField() string { return string(r.Team.Roles[0].ID) }

// describes reports whether something stands below the field.
func (r Row) describes(field string) bool { return r.Form.Conflict || r.Form.Errors.For(field) != "" }

// ago says how long before now something was, in the largest unit that fits.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute ago"
	case d < time.Hour:
		n := int(d / time.Minute)
		return fmt.Sprintf("%d %s ago", n, plural(n, "minute", "minutes"))
	case d < 48*time.Hour:
		n := int(d / time.Hour)
		return fmt.Sprintf("%d %s ago", n, plural(n, "hour", "hours"))
	default:
		return fmt.Sprintf("%d days ago", int(d/(24*time.Hour)))
	}
}

func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

func orNothing(note string) string {
	if note == "" {
		return "nothing"
	}
	return note
}

// weekdayName is a day of the week in full.
func weekdayName(w roster.Weekday) string { return time.Weekday(w % 7).String() }

func rotationFieldID(form RotationForm, name string) string {
	if form.ID == "" {
		return "new-" + name
	}
	return "r-" + string(form.ID) + "-" + name
}

// undoable reports whether Undo is offered at the i-th change: at the first of its act.
func (h History) undoable(i int) bool {
	return i == 0 || h.Changes[i-1].Act() != h.Changes[i].Act()
}
