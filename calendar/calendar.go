// Package calendar writes shifts as iCalendar files (RFC 5545).
package calendar

import (
	"fmt"
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"dailyroster/roster"
)

// Calendar is an iCalendar file of shifts (RFC 5545), to save or to subscribe to.
type Calendar struct {
	Name   string
	Events []Event
	// Subscribed asks programs to look again every hour.
	Subscribed bool
	// Written is when the file is written. It stands in for the time of an event's revision,
	// where that is not known.
	Written time.Time
}

// Event is a shift of one seat.
type Event struct {
	// UID identifies the event permanently, in every calendar that has it (section 3.8.4.7).
	UID        string
	Start, End time.Time // [Start, End)
	// Sequence grows whenever the event is revised, and Revised is when it was last revised.
	// Both are zero if not known.
	Sequence int
	Revised  time.Time
	Summary  string
	Note     string // "" for none
}

// EventsOf are the events of a seat on a day of a team, without their summary: one for each
// time that the role is on duty. There is none if the shift is empty, as on a day that a zone
// leaves out. The events belong to the seat, not to its holder, so a swap changes events and
// removes none.
func EventsOf(team *roster.Team, d roster.Day, role roster.RoleID) []Event {
	on := team.OnDuty(role, d.Date)
	events := make([]Event, len(on))
	for i, shift := range on {
		seat := fmt.Sprintf("%s.%s.%s", d.Date, role, team.ID)
		if i > 0 {
			seat += fmt.Sprintf(".%d", i+1)
		}
		events[i] = Event{UID: seat + "@dailyroster", Start: shift.Start, End: shift.End, Note: d.Note}
	}
	return events
}

// refresh is how often a program is asked to look again (RFC 7986, section 5.7).
const refresh = "PT1H"

// Write writes the calendar.
//
// Times are in UTC. A hand-off is an instant, so there is nothing left to resolve, and a
// shift may begin in one zone and end in another. There is no VTIMEZONE, whose copied rules
// would become outdated. Programs show times in their own zone anyway.
//
// There is no METHOD, because nobody is invited. So DTSTAMP is when the event was last
// revised (section 3.8.7.2), and equal events are equal bytes. Events are transparent:
// somebody who is on call for a day is not busy all day.
func (c Calendar) Write(w io.Writer) error {
	cal := ics.NewCalendarFor("Daily Roster")
	cal.SetProductId("-//Daily Roster//Daily Roster//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetName(c.Name)
	if c.Subscribed {
		cal.SetRefreshInterval(refresh) // it adds VALUE=DURATION itself
		cal.SetXPublishedTTL(refresh)
	}
	for _, e := range c.Events {
		event := cal.AddEvent(e.UID)
		if e.Revised.IsZero() {
			event.SetDtStampTime(c.Written)
		} else {
			event.SetDtStampTime(e.Revised)
			event.SetModifiedAt(e.Revised)
			event.SetSequence(e.Sequence)
		}
		event.SetStartAt(e.Start)
		event.SetEndAt(e.End)
		event.SetSummary(e.Summary)
		if e.Note != "" {
			event.SetDescription(e.Note)
		}
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if len(c.Events) == 0 {
		// A calendar has at least one component (section 3.6). This one has no effect.
		utc := cal.AddTimezone("UTC").AddStandard()
		utc.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows) // CR and LF, whatever the system
}
