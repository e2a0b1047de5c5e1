// Package ical reads iCalendar files (RFC 5545) that people bring, and makes holidays,
// absences and shifts of the events in them. What it does not understand it names, with
// the line and the reason, and takes the rest.
//
// An event of whole days is the dates that are written, in whatever zone one lives: they
// are what one would type by hand. An event at a time is every day of which it takes a
// part, as the clock of the person shows it, who is the one that is away: so a flight
// from 22:00 to 06:00 is two days. Of someone whose zone is not known, the days are those
// that are written in the file, which is where the person wrote them; a time in UTC is
// then read in the zone of the calendar, or else in that of the site. A zone that the
// IANA does not know (Outlook writes the names of Windows) is treated likewise.
//
// An event that repeats is taken each time that it does in the time of interest, which
// begins and ends some years from the day of the reading, never from the event's start: an
// event of 1990 repeats today, too. It repeats at most once a day.
//
// Lines are unfolded, and parameters, values and rules of repeating are read by libraries.
// Two things are ours. The nesting of components, because the libraries that read whole
// calendars stop at the first line that they do not understand and do not say which one it
// was; a remark needs the line, and people's calendars have such lines. And how far a rule
// is followed, because the library for rules follows one that never fits to the year 9999.
package ical

import (
	"fmt"
	"time"

	"dailyroster/words/said"
)

const (
	// MinAbsence is the shortest event at a time that is an absence: who is at the
	// dentist's for an hour is on call again after it.
	MinAbsence = 4 * time.Hour
	// maxHoliday and maxAbsence are the most days that one of them is taken to last.
	maxHoliday, maxAbsence = 31, 366
	// defaultHoliday is the name of a holiday that has none.
	defaultHoliday = "Holiday"
	// MaxTaken is the most holidays, absences or shifts that one file may give: far more
	// than anybody may keep, and few enough to be looked through.
	MaxTaken = 2000
)

// Remark names something in a file that was not taken, or not as it is written, and why.
type Remark struct {
	Line  int // of the file, where it begins
	Event string
	Says  error // as a sentence part
}

// Reading is what came of a file; Of are holidays, absences or shifts.
type Reading[T any] struct {
	Taken   []T // in order of their days
	Remarks []Remark
	// Outside is the number of events that lie outside the time that is of interest.
	Outside int
}

// SyntaxError says where a file stops being an iCalendar file that can be taken, and why.
type SyntaxError struct {
	Line   int // of the file, from 1
	Reason error
}

func (e *SyntaxError) Error() string { return e.Text().Error() }

// Text is Error as a text for people.
func (e *SyntaxError) Text() error { return said.New("line %d: %w", e.Line, e.Reason) }

// tooMany is a file that gives more than MaxTaken.
func tooMany(line int, what string) error {
	return &SyntaxError{line, said.New("with this event there are more than %d %s in the calendar", MaxTaken, what)}
}

// spoken says how long something is.
func spoken(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
}

// shorten keeps a part of someone's file short enough for a message.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
