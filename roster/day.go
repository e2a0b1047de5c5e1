package roster

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dailyroster/words/said"
)

// MaxNote is the most characters (Unicode code points) in a day's note.
const MaxNote = 280

// Day is one day of a team's roster. A day that nobody has ever edited is the zero Day
// with its Date.
type Day struct {
	Date Date
	// Assignments has only roles that somebody holds.
	Assignments map[RoleID]PersonID
	Note        string
	Revision    Revision // "" before the first change
}

// IsEmpty reports whether the day says nothing: nobody assigned, no note.
func (d Day) IsEmpty() bool { return len(d.Assignments) == 0 && d.Note == "" }

// Same reports whether the days say the same, whatever their revisions.
func (d Day) Same(e Day) bool {
	return d.Date == e.Date && d.Note == e.Note && maps.Equal(d.Assignments, e.Assignments)
}

// Has reports whether the person holds a role.
func (d Day) Has(id PersonID) bool {
	for _, holder := range d.Assignments {
		if holder == id {
			return true
		}
	}
	return false
}

// Clone is a copy that shares nothing with d.
func (d Day) Clone() Day {
	d.Assignments = maps.Clone(d.Assignments)
	return d
}

// Assign puts a person (or, with "", nobody) into a role of a day that d owns.
func (d *Day) Assign(role RoleID, person PersonID) {
	if person == "" {
		delete(d.Assignments, role)
		return
	}
	if d.Assignments == nil {
		d.Assignments = map[RoleID]PersonID{}
	}
	d.Assignments[role] = person
}

// ParseNote tidies a note (NFC, no space around it) and refuses control characters
// other than line breaks, and more than MaxNote characters. The empty note is fine.
func ParseNote(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", said.New("the text is not valid UTF-8")
	}
	note := strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")))
	for _, r := range note {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return "", said.New("the text has control characters")
		}
	}
	if n := utf8.RuneCountInString(note); n > MaxNote {
		return "", said.New("the text has %d characters; at most %d fit", n, MaxNote)
	}
	return note, nil
}

// ByDate turns days, as a store gives them, into a function from dates. Days that
// are not among them are empty.
func ByDate(days []Day) func(Date) Day {
	if inARow(days) {
		return func(d Date) Day {
			if i := days[0].Date.DaysUntil(d); i >= 0 && i < len(days) {
				return days[i]
			}
			return Day{Date: d}
		}
	}
	byDate := make(map[Date]Day, len(days))
	for _, d := range days {
		byDate[d.Date] = d
	}
	return func(d Date) Day {
		if day, ok := byDate[d]; ok {
			return day
		}
		return Day{Date: d}
	}
}

// inARow reports whether there are days, each the one after the one before.
func inARow(days []Day) bool {
	for i := range days {
		if i > 0 && days[i].Date != days[i-1].Date.AddDays(1) {
			return false
		}
	}
	return len(days) > 0
}
