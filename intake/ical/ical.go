// Package ical reads iCalendar files (RFC 5545) that people upload, and makes holidays
// and absences of the events in them. What it does not understand it names, with the
// line and the reason, and takes the rest.
//
// An event of whole days is the dates that are written, in whatever zone one lives: they
// are what one would type by hand. An event at a time is every day of which it takes a
// part, as the clock of the person shows it, who is the one that is away: so a flight
// from 22:00 to 06:00 is two days. Of someone whose zone is not known, the days are those
// that are written in the file, which is where the person wrote them; a time in UTC is
// then read in the zone of the calendar, or else in that of the site. A zone that the
// IANA does not know (Outlook writes the names of Windows) is treated likewise.
package ical

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
)

const (
	// MinAbsence is the shortest event at a time that is an absence: who is at the
	// dentist's for an hour is on call again after it.
	MinAbsence = 4 * time.Hour
	// maxHoliday and maxAbsence are the most days that one of them is taken to last.
	maxHoliday, maxAbsence = 31, 366
	// defaultHoliday is the name of a holiday that has none.
	defaultHoliday = "Holiday"
)

// Remark names something in a file that was not taken, or not as it is written, and why.
type Remark struct {
	Line  int    `json:"line"` // of the file, where it begins
	Event string `json:"event"`
	Says  string `json:"says"`
}

// Reading is what came of a file; Of are holidays or absences.
type Reading[T any] struct {
	Taken   []T // in order of their days
	Remarks []Remark
	// Outside is the number of events, each repetition counted, that lie outside the
	// time that is of interest.
	Outside int
}

// Holidays reads public holidays, those of the two years before today's and the three
// after it. The error is a *SyntaxError.
func Holidays(data []byte, today roster.Date) (Reading[roster.Holiday], error) {
	from, to := roster.Date{Year: today.Year - 2, Month: 1, Day: 1}, roster.Date{Year: today.Year + 3, Month: 12, Day: 31}
	came, err := read(data, from, to, func(e event, _ roster.Zone) ([]roster.Holiday, error) {
		if !e.span.whole() {
			return nil, errors.New("it is at a time of day; a holiday is a whole day")
		}
		name, err := roster.ParseName(cmp.Or(shorten(e.summary, roster.MaxName), defaultHoliday))
		if err != nil {
			return nil, err
		}
		first, last := e.span.days(nil)
		if first.DaysUntil(last) >= maxHoliday {
			return nil, fmt.Errorf("it lasts more than %d days", maxHoliday)
		}
		var days []roster.Holiday
		for d := first; !last.Before(d); d = d.AddDays(1) {
			days = append(days, roster.Holiday{Date: d, Name: name})
		}
		return days, nil
	})
	slices.SortStableFunc(came.Taken, func(a, b roster.Holiday) int { return a.Date.Compare(b.Date) })
	return came, err
}

// Absences reads when a person is away, from today to three years from now. The zone is
// the person's; the zero Zone if it is not known, and then site is what the site lives
// by. The error is a *SyntaxError.
func Absences(data []byte, zone, site roster.Zone, today roster.Date) (Reading[roster.Absence], error) {
	to := roster.Date{Year: today.Year + 3, Month: today.Month, Day: 1}
	came, err := read(data, today, to, func(e event, calendar roster.Zone) ([]roster.Absence, error) {
		if !e.span.whole() {
			if strings.EqualFold(e.transparency, "TRANSPARENT") {
				return nil, errors.New("it is marked as free time")
			}
			if length := e.span.length(); length < MinAbsence {
				return nil, fmt.Errorf("it takes %s; from %d hours on it is an absence", spoken(length), MinAbsence/time.Hour)
			}
		}
		note, err := roster.ParseNote(e.summary)
		if err != nil {
			return nil, err
		}
		shown := zone
		if shown == (roster.Zone{}) && e.span.start.zone == time.UTC {
			if shown = calendar; shown == (roster.Zone{}) {
				shown = site
			}
		}
		a := roster.Absence{Note: note, Event: e.id}
		a.From, a.To = e.span.days(nil)
		if shown != (roster.Zone{}) {
			a.From, a.To = e.span.days(shown.Location())
		}
		switch {
		case a.To.Before(today):
			return nil, errOutside
		case a.From.DaysUntil(a.To) >= maxAbsence:
			return nil, fmt.Errorf("it lasts more than %d days", maxAbsence)
		}
		return []roster.Absence{a}, nil
	})
	slices.SortStableFunc(came.Taken, func(a, b roster.Absence) int { return a.From.Compare(b.From) })
	return came, err
}

// errOutside is an event that lies outside the time that is of interest.
var errOutside = errors.New("it is outside the time that is of interest")

// spoken says how long something is.
func spoken(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
}

// event is one event, or one repetition of one.
type event struct {
	line         int
	id           string // the same in each file that has it
	summary      string
	transparency string
	span         span
}

// read makes the events of a file that lie in from–to into what is wanted.
func read[T any](data []byte, from, to roster.Date, of func(event, roster.Zone) ([]T, error)) (Reading[T], error) {
	var came Reading[T]
	file, err := takeApart(data)
	if err != nil {
		return came, err
	}
	var events []event
	events, came.Remarks = eventsOf(file.events, from, to)
	remark := func(line int, event, format string, args ...any) {
		came.Remarks = append(came.Remarks, Remark{line, event, fmt.Sprintf(format, args...)})
	}
	for _, e := range events {
		first, last := e.span.days(nil)
		// A day more on either side: the zone may move it.
		if last.AddDays(1).Before(from) || to.Before(first.AddDays(-1)) {
			came.Outside++
			continue
		}
		made, err := of(e, file.zone)
		switch {
		case errors.Is(err, errOutside):
			came.Outside++
			continue
		case err != nil:
			remark(e.line, e.summary, "%v", err)
			continue
		}
		if unknown := e.span.start.unknown; unknown != "" && !e.span.whole() {
			remark(e.line, e.summary, "its time zone %q is not known here, so its days are taken as they are written", unknown)
		}
		came.Taken = append(came.Taken, made...)
	}
	for i, line := range file.strange {
		if i == 3 {
			remark(line, "", "%d more lines are like that", len(file.strange)-i)
			break
		}
		remark(line, "", "the line is not of the form NAME:VALUE and was left out")
	}
	slices.SortStableFunc(came.Remarks, func(a, b Remark) int { return cmp.Compare(a.Line, b.Line) })
	if len(file.events) == 0 {
		return came, &SyntaxError{1, "there is no event in the file"}
	}
	return came, nil
}

// eventsOf are the events of a file, repeated ones for each time in from–to, and what is
// not understood. Of two versions of an event the later one counts, and an event that
// stands for one repetition of another takes its place (section 3.8.4.4).
func eventsOf(components []component, from, to roster.Date) (events []event, remarks []Remark) {
	skip := func(c component, err error) {
		remarks = append(remarks, Remark{c.line, shorten(c.text("SUMMARY"), roster.MaxName), err.Error()})
	}
	order := []string{}
	known := map[string]component{}
	for _, c := range components {
		id := eventID(c)
		if p, instead := c.first("RECURRENCE-ID"); instead {
			m, err := parseMoment(p.value, p.params)
			if err == nil && p.params["RANGE"] != "" {
				err = errors.New("it changes all later repetitions at once, which is not read")
			}
			if err != nil {
				skip(c, err)
				continue
			}
			id = repetition(id, m.date)
		}
		before, twice := known[id]
		if !twice {
			order = append(order, id)
		}
		if !twice || sequence(before) <= sequence(c) {
			known[id] = c
		}
	}
	for _, id := range order {
		c := known[id]
		e := event{line: c.line, id: id, summary: shorten(c.text("SUMMARY"), roster.MaxNote), transparency: c.text("TRANSP")}
		var err error
		switch e.span, err = spanOf(c); {
		case strings.EqualFold(c.text("STATUS"), "CANCELLED"):
			skip(c, errors.New("it is cancelled"))
			continue
		case err != nil:
			skip(c, err)
			continue
		}
		repeated, err := repetitions(c, e, from, to)
		if err != nil {
			skip(c, err)
			continue
		}
		for _, one := range repeated {
			if _, instead := known[one.id]; !instead || one.id == id {
				events = append(events, one)
			}
		}
		if len(c.props["RDATE"]) > 0 {
			skip(c, errors.New("its further dates (RDATE) are not read"))
		}
	}
	return events, remarks
}

// repetitions are the event itself, or one for each time that it repeats in from–to.
func repetitions(c component, e event, from, to roster.Date) ([]event, error) {
	text, repeats := c.first("RRULE")
	if !repeats {
		return []event{e}, nil
	}
	if len(c.props["RRULE"]) > 1 || len(c.props["EXRULE"]) > 0 {
		return nil, errRule
	}
	start := e.span.start.date
	r, err := parseRule(text.value, start)
	if err != nil {
		return nil, err
	}
	without, err := exceptions(c)
	if err != nil {
		return nil, err
	}
	length := start.DaysUntil(e.span.end.date)
	var all []event
	for _, d := range r.days(start, from.AddDays(-length-1), to.AddDays(1)) {
		if without[d] {
			continue
		}
		one := e
		one.id, one.span = repetition(e.id, d), e.span.on(start.DaysUntil(d))
		all = append(all, one)
	}
	return all, nil
}

// eventID is short for the UID of an event, which may be anything of any length. One
// without, which older programs write, is known by what it says.
func eventID(c component) string {
	name := c.text("UID")
	if name == "" {
		name = "\x00" + c.text("SUMMARY") + "\x00" + c.text("DTSTART")
	}
	sum := sha256.Sum256([]byte(name))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

func repetition(id string, d roster.Date) string { return id + "/" + d.String() }

// sequence is the number of the event's version (section 3.8.7.4).
func sequence(c component) int {
	n, err := strconv.Atoi(c.text("SEQUENCE"))
	if err != nil {
		return 0
	}
	return n
}
