package ical

import (
	"fmt"
	"strings"
	"testing"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

func TestShifts(t *testing.T) {
	berlin, err := roster.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	team := roster.Team{ID: "ops", Name: "Ops", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: berlin, HandOff: roster.DefaultHandOff}}}
	today := roster.Date{Year: 2026, Month: 11, Day: 23}
	for what, c := range map[string]struct{ event, want string }{
		"whole days":                     {"DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261130\nSUMMARY:Ana", "2026-11-23 2026-11-29 Ana"},
		"from hand-off to hand-off":      {"DTSTART;TZID=Europe/Berlin:20261123T090000\nDTEND;TZID=Europe/Berlin:20261130T090000\nSUMMARY:Ana", "2026-11-23 2026-11-29 Ana"},
		"in UTC":                         {"DTSTART:20261123T080000Z\nDTEND:20261124T080000Z\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
		"handed over an hour earlier":    {"DTSTART;TZID=Europe/Berlin:20261123T080000\nDTEND;TZID=Europe/Berlin:20261124T080000\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
		"of the office's hours":          {"DTSTART;TZID=Europe/Berlin:20261123T090000\nDTEND;TZID=Europe/Berlin:20261123T170000\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
		"without a zone":                 {"DTSTART:20261123T090000\nDTEND:20261125T090000\nSUMMARY:Ana", "2026-11-23 2026-11-24 Ana"},
		"in a zone that is not known":    {"DTSTART;TZID=Office:20261123T090000\nDTEND;TZID=Office:20261124T090000\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
		"over the end of summer time":    {"DTSTART;TZID=Europe/Berlin:20261024T090000\nDTEND;TZID=Europe/Berlin:20261026T090000\nSUMMARY:Ana", "2026-10-24 2026-10-25 Ana"},
		"from midnight at another place": {"DTSTART;TZID=America/New_York:20261123T000000\nDTEND;TZID=America/New_York:20261123T235900\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
		"no time at all":                 {"DTSTART:20261123T120000Z\nSUMMARY:Ana", "2026-11-23 2026-11-23 Ana"},
	} {
		file := "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n" + c.event + "\nEND:VEVENT\nEND:VCALENDAR\n"
		came, err := Shifts([]byte(strings.ReplaceAll(file, "\n", "\r\n")), &team, today)
		if err != nil || len(came.Taken) != 1 {
			t.Errorf("%s: got %+v, %v, want one shift", what, came, err)
			continue
		}
		s := came.Taken[0]
		if got := fmt.Sprintf("%s %s %s", s.From, s.To, s.Summary); got != c.want {
			t.Errorf("%s: got %s, want %s", what, got, c.want)
		}
	}
}

// An event is of the day whose hours it covers, also after midnight, and what was exported is
// read as what it was.
func TestShiftsOfHours(t *testing.T) {
	midnight := roster.ClockTime(0)
	team := roster.Team{
		ID: "plant", Roles: []roster.Role{{ID: "day", Name: "Day"}, {ID: "night", Name: "Night"}}, Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: midnight}},
		Hours: []roster.RoleHours{
			{Role: "day", Versions: []roster.Hours{{Spans: []roster.HourSpan{{Days: roster.EveryDay, From: 8 * 60, To: 20 * 60}}}}},
			{Role: "night", Versions: []roster.Hours{{Spans: []roster.HourSpan{{Days: roster.EveryDay, From: 20 * 60, To: 8 * 60}}}}},
		},
	}
	for event, want := range map[string]string{
		"DTSTART:20261123T080000Z\r\nDTEND:20261123T200000Z": "2026-11-23 2026-11-23",
		"DTSTART:20261123T200000Z\r\nDTEND:20261124T080000Z": "2026-11-23 2026-11-23", // a night, most of it on the 24th
		"DTSTART:20261124T010000Z\r\nDTEND:20261124T020000Z": "2026-11-23 2026-11-23", // an hour of that night
		"DTSTART:20261123T000000Z\r\nDTEND:20261125T000000Z": "2026-11-23 2026-11-24", // whole days are days
		"DTSTART:20261123T120000Z":                           "2026-11-23 2026-11-23",
	} {
		came, err := Shifts([]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"+event+"\r\nSUMMARY:Ana\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), &team, roster.Date{Year: 2026, Month: 11, Day: 23})
		if err != nil || len(came.Taken) != 1 {
			t.Fatalf("%s: got %+v, %v, want one shift", event, came, err)
		}
		if got := came.Taken[0].From.String() + " " + came.Taken[0].To.String(); got != want {
			t.Errorf("%s: got %s, want %s", event, got, want)
		}
	}
}

// A shift repeats like any event. One that is no shift is named.
func TestShiftsThatRepeat(t *testing.T) {
	team := roster.Team{ID: "ops", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}}}
	file := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261123T090000Z\r\nDTEND:20261130T090000Z\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\r\nSUMMARY:Ana\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261123\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	came, err := Shifts([]byte(file), &team, roster.Date{Year: 2026, Month: 11, Day: 23})
	if err != nil || len(came.Taken) != 3 || len(came.Remarks) != 1 {
		t.Fatalf("got %+v, %v, want three shifts and a remark", came, err)
	}
	for i, want := range []string{"2026-11-23 2026-11-29", "2026-12-07 2026-12-13", "2026-12-21 2026-12-27"} {
		if got := came.Taken[i].From.String() + " " + came.Taken[i].To.String(); got != want {
			t.Errorf("shift %d: got %s, want %s", i, got, want)
		}
	}
	if got := came.Remarks[0].Says.Error(); got != "it does not say who it is" {
		t.Errorf("the event without a summary: got %q", got)
	}
}

// priceOfShifts is the most that it may cost to read a calendar once.
var priceOfShifts = corpus.Price{Bytes: corpus.Line{Base: 1 << 20, Each: 200}, Allocs: corpus.Line{Base: 10_000, Each: 2}}

func FuzzCalendar(f *testing.F) {
	f.Add([]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261123T090000Z\r\nDTEND:20261130T090000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:Ana (Primary)\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nDURATION:P2D\nSUMMARY:Bo\nEND:VEVENT\nEND:VCALENDAR\n"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Nowhere:20261123T090000\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n"))
	team := roster.Team{ID: "ops", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}}}
	today := roster.Date{Year: 2026, Month: 11, Day: 23}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		corpus.Each(t, priceOfShifts, data, func(data []byte) { _, _ = Shifts(data, &team, today) })
		came, err := Shifts(data, &team, today)
		if err != nil {
			return
		}
		for _, s := range came.Taken {
			if s.To.Before(s.From) || s.From.DaysUntil(s.To) > 2*maxAbsence || s.Summary == "" {
				t.Errorf("got the shift %+v", s)
			}
		}
	})
}
