package ical_test

import (
	"strings"
	"testing"

	"dailyroster/intake/ical"
	"dailyroster/roster"
)

// When events repeat that an absence comes of: every day is written out.
func TestRepeats(t *testing.T) {
	for _, tt := range []struct{ name, zone, lines, want string }{
		{"every day, joined", "", "DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;COUNT=10", "2026-12-24 2026-12-31|2027-01-01 2027-01-02"},
		{"every third day", "", "DTSTART;VALUE=DATE:20261124|RRULE:FREQ=DAILY;INTERVAL=3;UNTIL=20261203", "2026-11-24 2026-11-24|2026-11-27 2026-11-27|2026-11-30 2026-11-30|2026-12-03 2026-12-03"},
		{"every day of a month", "", "DTSTART;VALUE=DATE:20270210|RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=10,-1;UNTIL=20280301", "2027-02-10 2027-02-10|2027-02-28 2027-02-28|2028-02-10 2028-02-10|2028-02-29 2028-02-29"},
		{"every second day, Mondays alone", "", "DTSTART;VALUE=DATE:20261123|RRULE:FREQ=DAILY;INTERVAL=2;BYDAY=MO;COUNT=3", "2026-11-23 2026-11-23|2026-12-07 2026-12-07|2026-12-21 2026-12-21"},
		{"on working days, joined", "", "DTSTART;VALUE=DATE:20261126|RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=8", "2026-11-26 2026-11-27|2026-11-30 2026-12-04|2026-12-07 2026-12-07"},
		{"every second week from Sunday on", "", "DTSTART;VALUE=DATE:20261124|RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "2026-11-24 2026-11-24|2026-12-06 2026-12-06|2026-12-08 2026-12-08|2026-12-20 2026-12-20"},
		{"every second week from Monday on", "", "DTSTART;VALUE=DATE:20261124|RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "2026-11-24 2026-11-24|2026-11-29 2026-11-29|2026-12-08 2026-12-08|2026-12-13 2026-12-13"},
		{"every week since long ago", "", "DTSTART;VALUE=DATE:19970107|RRULE:FREQ=WEEKLY;INTERVAL=3;UNTIL=20270101", "2026-12-01 2026-12-01|2026-12-22 2026-12-22"},
		{"every week since long ago, counted", "", "DTSTART;VALUE=DATE:20160105|RRULE:FREQ=WEEKLY;COUNT=570", "2026-11-24 2026-11-24|2026-12-01 2026-12-01"},
		{"every week of a month", "", "DTSTART;VALUE=DATE:20261123|RRULE:FREQ=WEEKLY;BYMONTH=12;UNTIL=20261218", "2026-11-23 2026-11-23|2026-12-07 2026-12-07|2026-12-14 2026-12-14"},
		{"on the 31st", "", "DTSTART;VALUE=DATE:20261231|RRULE:FREQ=MONTHLY;COUNT=4", "2026-12-31 2026-12-31|2027-01-31 2027-01-31|2027-03-31 2027-03-31|2027-05-31 2027-05-31"},
		{"on the last day of every quarter", "", "DTSTART;VALUE=DATE:20261231|RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1;COUNT=3", "2026-12-31 2026-12-31|2027-03-31 2027-03-31|2027-06-30 2027-06-30"},
		{"on the last working day", "", "DTSTART;VALUE=DATE:20261130|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-11-30 2026-11-30|2026-12-31 2026-12-31|2027-01-29 2027-01-29"},
		{"on the second Friday, each 18 months", "", "DTSTART;VALUE=DATE:19970912|RRULE:FREQ=MONTHLY;INTERVAL=18;BYDAY=2FR;UNTIL=20291231", "2027-09-10 2027-09-10|2029-03-09 2029-03-09"},
		{"in two months of the year", "", "DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYMONTH=1,2;UNTIL=20280115", "2027-01-01 2027-01-01|2027-02-01 2027-02-01|2028-01-01 2028-01-01"},
		{"in a week of the year", "", "DTSTART;VALUE=DATE:20261228|RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,TU", "2026-12-28 2026-12-29"},
		{"on the hundredth day", "", "DTSTART;VALUE=DATE:20270410|RRULE:FREQ=YEARLY;BYYEARDAY=100,-1;COUNT=3", "2027-04-10 2027-04-10|2027-12-31 2027-12-31|2028-04-09 2028-04-09"},
		{"on the last Friday of the year", "", "DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYDAY=-1FR;COUNT=2", "2026-12-25 2026-12-25|2027-12-31 2027-12-31"},
		{"on a 29 February", "", "DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY;INTERVAL=4", "2028-02-29 2028-02-29"},
		{"without an end, for three years", "", "DTSTART;VALUE=DATE:20261001|RRULE:FREQ=MONTHLY;INTERVAL=6", "2027-04-01 2027-04-01|2027-10-01 2027-10-01|2028-04-01 2028-04-01|2028-10-01 2028-10-01|2029-04-01 2029-04-01|2029-10-01 2029-10-01"},
		{"a capital more or less, and a semicolon", "", "DTSTART;VALUE=DATE:20261224|RRULE:freq=daily;interval=2;count=2;", "2026-12-24 2026-12-24|2026-12-26 2026-12-26"},
		{"longer than its interval", "", "DTSTART;VALUE=DATE:20261124|DTEND;VALUE=DATE:20261203|RRULE:FREQ=WEEKLY;COUNT=3", "2026-11-24 2026-12-16"},
		{"joined since before today", "", "DTSTART;VALUE=DATE:20261116|RRULE:FREQ=DAILY;COUNT=10", "2026-11-16 2026-11-25"},
		{"the start counts though the rule has it not", "", "DTSTART;VALUE=DATE:20261125|RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-11-25 2026-11-25|2026-11-30 2026-11-30"},

		{"further dates", "", "DTSTART;VALUE=DATE:20261124|RDATE;VALUE=DATE:20261201,20261210|RDATE;VALUE=DATE:20261124", "2026-11-24 2026-11-24|2026-12-01 2026-12-01|2026-12-10 2026-12-10"},
		{"a further date beside a rule", "", "DTSTART;VALUE=DATE:20261124|RRULE:FREQ=WEEKLY;COUNT=2|RDATE;VALUE=DATE:20261127", "2026-11-24 2026-11-24|2026-11-27 2026-11-27|2026-12-01 2026-12-01"},
		{"a further time of another hour", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261124T080000|DTEND;TZID=Europe/Berlin:20261124T130000|RDATE;TZID=Europe/Berlin:20261126T200000", "2026-11-24 2026-11-24|2026-11-26 2026-11-27"},
		{"exceptions", "", "DTSTART;VALUE=DATE:20261123|RRULE:FREQ=DAILY;COUNT=7|EXDATE;VALUE=DATE:20261125,20261129", "2026-11-23 2026-11-24|2026-11-26 2026-11-28"},
		{"an exception is counted", "", "DTSTART;VALUE=DATE:20261124|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20261124", "2026-12-01 2026-12-01|2026-12-08 2026-12-08"},
		{"an exception by a date of an event at a time", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261124T080000|DURATION:PT8H|RRULE:FREQ=WEEKLY;COUNT=2|EXDATE;VALUE=DATE:20261201", "2026-11-24 2026-11-24"},
		{"an exception in UTC of another day", "America/New_York", "DTSTART;TZID=America/New_York:20261124T190000|DURATION:PT4H|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20261202T000000Z", "2026-11-24 2026-11-24|2026-12-08 2026-12-08"},
		{"until a time in UTC, on the day before", "America/New_York", "DTSTART;TZID=America/New_York:20261124T190000|DURATION:PT4H|RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261129T000000Z", "2026-11-24 2026-11-24|2026-11-26 2026-11-26|2026-11-28 2026-11-28"},
		{"until a date, the whole of it", "America/New_York", "DTSTART;TZID=America/New_York:20261124T190000|DURATION:PT4H|RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261128", "2026-11-24 2026-11-24|2026-11-26 2026-11-26|2026-11-28 2026-11-28"},

		// In Berlin clocks change in the night to 28 March and to 31 October 2027.
		{"at night, over the end of summer time", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20271023T220000|DTEND;TZID=Europe/Berlin:20271024T060000|RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=3", "2027-10-23 2027-10-24|2027-10-30 2027-10-31|2027-11-06 2027-11-07"},
		{"at night, over the beginning of summer time", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20270320T220000|DTEND;TZID=Europe/Berlin:20270321T060000|RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=3", "2027-03-20 2027-03-21|2027-03-27 2027-03-28|2027-04-03 2027-04-04"},
		{"four hours on the clock, three in the night of the change", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20270327T010000|DTEND;TZID=Europe/Berlin:20270327T050000|RRULE:FREQ=DAILY;COUNT=3", "2027-03-27 2027-03-29"},
		{"at an hour that there is not", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20270321T023000|DTEND;TZID=Europe/Berlin:20270321T073000|RRULE:FREQ=WEEKLY;COUNT=3", "2027-03-21 2027-03-21|2027-03-28 2027-03-28|2027-04-04 2027-04-04"},
		// From 14 to 28 March 2027 New York is five hours behind Berlin, before and after it six.
		{"elsewhere, between the two changes", "Europe/Berlin", "DTSTART;TZID=America/New_York:20270309T183000|DTEND;TZID=America/New_York:20270309T233000|RRULE:FREQ=WEEKLY;COUNT=4", "2027-03-10 2027-03-10|2027-03-16 2027-03-17|2027-03-23 2027-03-24|2027-03-31 2027-03-31"},
		// From 31 October to 7 November 2027 it is five hours as well.
		{"elsewhere, in the week between the changes in autumn", "Europe/Berlin", "DTSTART;TZID=America/New_York:20271026T183000|DTEND;TZID=America/New_York:20271026T233000|RRULE:FREQ=WEEKLY;COUNT=3", "2027-10-27 2027-10-27|2027-11-02 2027-11-03|2027-11-10 2027-11-10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ical.Absences(event(strings.Split(tt.lines, "|")...), zone(t, tt.zone), zone(t, "Europe/Berlin"), today)
			if err != nil {
				t.Fatal(err)
			}
			want(t, "absences", absences(got.Taken), strings.ReplaceAll(tt.want, "|", " Away\n")+" Away\n")
			if len(got.Remarks) > 0 || got.Outside > 0 {
				t.Errorf("remarks: got %v, outside %d, want none", got.Remarks, got.Outside)
			}
		})
	}
}

// One repetition is moved, one is cancelled, one is named in UTC, whichever is written
// first; and something is said once, not at each repetition.
func TestRepetitionsOfTheirOwn(t *testing.T) {
	got, err := ical.Absences([]byte(`BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a
RECURRENCE-ID:20261202T000000Z
DTSTART;TZID=America/New_York:20261203T120000
DURATION:PT5H
SUMMARY:moved
END:VEVENT
BEGIN:VEVENT
UID:a
DTSTART;TZID=America/New_York:20261124T190000
DURATION:PT4H
RRULE:FREQ=WEEKLY;COUNT=5
SUMMARY:weekly
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;TZID=America/New_York:20261208T190000
STATUS:CANCELLED
SUMMARY:weekly
END:VEVENT
BEGIN:VEVENT
UID:b
DTSTART;TZID=Office:20261124T080000
DURATION:PT1H
RRULE:FREQ=DAILY
SUMMARY:stand-up
END:VEVENT
BEGIN:VEVENT
UID:c
DTSTART;TZID=Office:20261124T080000
DURATION:PT8H
RRULE:FREQ=WEEKLY;COUNT=2
SUMMARY:course
END:VEVENT
BEGIN:VEVENT
UID:d
DTSTART:20200124
RRULE:FREQ=DAILY;COUNT=3
SUMMARY:over
END:VEVENT
END:VCALENDAR
`), zone(t, "America/New_York"), roster.UTC(), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "absences", absences(got.Taken), `2026-11-24 2026-11-24 weekly
2026-11-24 2026-11-24 course
2026-12-01 2026-12-01 course
2026-12-03 2026-12-03 moved
2026-12-15 2026-12-15 weekly
2026-12-22 2026-12-22 weekly
`)
	want(t, "remarks", remarks(got.Remarks), `16 weekly: it is cancelled
22 stand-up: it takes 1 h 00 min; from 4 hours on it is an absence
29 course: its time zone "Office" is not known here, so its days are taken as they are written
`)
	if a, b := got.Taken[0].Event, got.Taken[3].Event; a[:16] != b[:16] || a[16:] != "/2026-11-24" || b[16:] != "/2026-12-01" {
		t.Errorf("names of repetitions: got %s and %s, want the event's and the day on which it was to be", a, b)
	}
}

// An absence that is read again on a later day is the same one, with the same name.
func TestRepetitionsKeepTheirNames(t *testing.T) {
	file := event("DTSTART;VALUE=DATE:20200106", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
	names := map[string]string{}
	for _, on := range []string{"2026-11-24", "2026-11-26", "2026-12-31", "2027-01-04"} {
		d, err := roster.ParseDate(on)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ical.Absences(file, roster.Zone{}, roster.UTC(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range got.Taken {
			from := a.From.String()
			if before, known := names[a.Event]; known && before != from {
				t.Errorf("read on %s: %s begins on %s, and on %s before", on, a.Event, from, before)
			}
			names[a.Event] = from
		}
		if first := got.Taken[0]; first.To.Before(d) {
			t.Errorf("read on %s: got %v, which is over", on, first)
		}
	}
}

// Holidays repeat in all the years of interest, and may be several days.
func TestHolidaysRepeat(t *testing.T) {
	got, err := ical.Holidays(event("DTSTART;VALUE=DATE:20201224", "DTEND;VALUE=DATE:20201226", "RRULE:FREQ=YEARLY;INTERVAL=2"), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "holidays", holidays(got.Taken), "2024-12-24 Away\n2024-12-25 Away\n2026-12-24 Away\n2026-12-25 Away\n2028-12-24 Away\n2028-12-25 Away\n")
}
