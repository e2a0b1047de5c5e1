// Package export writes rosters as files that other programs read.
package export

import (
	"bytes"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Event is an event of a calendar that others subscribe to.
type Event struct {
	// UID names the event for ever, in whatever calendar it is (RFC 5545, section 3.8.4.7).
	UID        string
	Start, End time.Time // [Start, End)
	// Sequence grows whenever the event is revised, and Revised is when that was last.
	Sequence int
	Revised  time.Time
	Summary  string
	Note     string // "" for none
}

// refresh is how often a program is asked to look again (RFC 7986, section 5.7).
const refresh = "PT1H"

// WriteFeed writes a calendar for programs to subscribe to.
//
// Times are in UTC. A hand-off is an instant, and what clocks showed at both of its ends
// is settled already; so there is no VTIMEZONE, whose rules would be a copy that grows
// old, and a shift may begin in one zone and end in another. Programs show it in their
// own zone anyway.
//
// There is no METHOD: nobody is invited. DTSTAMP is therefore when the event was last
// revised (section 3.8.7.2), and the same events are the same bytes. They are transparent:
// who is on call for a day is not busy all day.
func WriteFeed(name string, events []Event) ([]byte, error) {
	cal := ics.NewCalendarFor("Daily Roster")
	cal.SetProductId("-//Daily Roster//Daily Roster//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetName(name)
	cal.SetRefreshInterval(refresh) // which says VALUE=DURATION by itself
	cal.SetXPublishedTTL(refresh)
	for _, e := range events {
		event := cal.AddEvent(e.UID)
		event.SetDtStampTime(e.Revised)
		event.SetModifiedAt(e.Revised)
		event.SetSequence(e.Sequence)
		event.SetStartAt(e.Start)
		event.SetEndAt(e.End)
		event.SetSummary(e.Summary)
		if e.Note != "" {
			event.SetDescription(e.Note)
		}
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if len(events) == 0 {
		// A calendar has at least one component (section 3.6). This one says nothing.
		utc := cal.AddTimezone("UTC").AddStandard()
		utc.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	}
	var b bytes.Buffer
	err := cal.SerializeTo(&b, ics.WithNewLineWindows) // CR and LF, whatever the system
	return b.Bytes(), err
}
