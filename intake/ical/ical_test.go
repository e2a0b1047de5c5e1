package ical_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/check/corpus"
	"dailyroster/intake/ical"
	"dailyroster/roster"
)

var today = roster.Date{Year: 2026, Month: 11, Day: 23}

func zone(t testing.TB, name string) roster.Zone {
	t.Helper()
	if name == "" {
		return roster.Zone{}
	}
	z, err := roster.ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// event is a file with one event.
func event(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Away\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

func remarks(list []ical.Remark) string {
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%d %s: %s\n", r.Line, r.Event, r.Says)
	}
	return b.String()
}

func holidays(list []roster.Holiday) string {
	var b strings.Builder
	for _, h := range list {
		fmt.Fprintf(&b, "%s %s\n", h.Date, h.Name)
	}
	return b.String()
}

func absences(list []roster.Absence) string {
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "%s %s %s\n", a.From, a.To, a.Note)
	}
	return b.String()
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got\n%swant\n%s", what, got, want)
	}
}

// A calendar as Google gives it out: folded lines, escaped texts, all of it "free".
func TestGoogleHolidays(t *testing.T) {
	got, err := ical.Holidays(file(t, "google-holidays.ics"), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "holidays", holidays(got.Taken), "2026-12-25 Christmas Day\n2026-12-26 Second Day of Christmas, and Saint Stephen\n")
	want(t, "remarks", remarks(got.Remarks), "")
	if got.Outside != 1 {
		t.Errorf("outside: got %d, want 1", got.Outside)
	}
}

// As Apple's: every year again, by date and by weekday.
func TestAppleHolidays(t *testing.T) {
	got, err := ical.Holidays(file(t, "apple-holidays.ics"), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "holidays", holidays(got.Taken), `2024-02-29 Leap Day
2024-05-27 Memorial Day
2024-07-04 Independence Day
2024-11-28 Thanksgiving
2025-05-26 Memorial Day
2025-07-04 Independence Day
2025-11-27 Thanksgiving
2026-05-25 Memorial Day
2026-07-04 Independence Day
2026-11-26 Thanksgiving
2027-05-31 Memorial Day
2027-07-04 Independence Day
2028-02-29 Leap Day
2028-07-04 Independence Day
2028-11-23 Thanksgiving
2029-07-04 Independence Day
2029-11-22 Thanksgiving
`)
	want(t, "remarks", remarks(got.Remarks), `40 Easter: its rule of repeating is not understood: it says BYEASTER
46 Office closes early: it is at a time of day; a holiday is a whole day
`)
}

// As Outlook's: zones by the names of Windows, whole days as midnight to midnight.
func TestOutlookAbsences(t *testing.T) {
	got, err := ical.Absences(file(t, "outlook-absences.ics"), zone(t, "Europe/Berlin"), roster.UTC(), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "absences", absences(got.Taken), "2026-11-30 2026-11-30 Training\n2026-12-07 2026-12-07 Mondays off\n2026-12-14 2026-12-14 Mondays off\n2026-12-24 2027-01-03 Urlaub\n")
	want(t, "remarks", remarks(got.Remarks), `39 Training: its time zone "W. Europe Standard Time" is not known here, so its days are taken as they are written
45 Dentist: it takes 45 minutes; from 4 hours on it is an absence
51 Focus time: it is marked as free time
70 Moved away: it is cancelled
`)
	if got.Outside != 1 {
		t.Errorf("outside: got %d, want the summer's", got.Outside)
	}
	again, err := ical.Absences(file(t, "outlook-absences.ics"), zone(t, "Europe/Berlin"), roster.UTC(), today)
	if err != nil || again.Taken[1].Event != got.Taken[1].Event || got.Taken[0].Event == got.Taken[1].Event || got.Taken[0].Event == "" {
		t.Errorf("names of events: got %v and %v, %v, want the same again, and one for each", got.Taken, again.Taken, err)
	}
}

// Which days an event takes, in the zone of the person.
func TestDays(t *testing.T) {
	for _, tt := range []struct{ name, zone, lines, want string }{
		{"a date is one day", "", "DTSTART;VALUE=DATE:20261224", "2026-12-24 2026-12-24"},
		{"a date without saying so", "", "DTSTART:20261224", "2026-12-24 2026-12-24"},
		{"the end of dates is not part of them", "", "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261227", "2026-12-24 2026-12-26"},
		{"an end on the first day", "", "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261224", "2026-12-24 2026-12-24"},
		{"dates are no instants", "Pacific/Kiritimati", "DTSTART;VALUE=DATE:20261224", "2026-12-24 2026-12-24"},
		{"a length in weeks", "", "DTSTART;VALUE=DATE:20261224|DURATION:P1W", "2026-12-24 2026-12-30"},
		{"a length in days and hours", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261224T120000|DURATION:P1DT13H", "2026-12-24 2026-12-26"},
		{"midnight ends the day before", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261224T080000|DTEND;TZID=Europe/Berlin:20261225T000000", "2026-12-24 2026-12-24"},
		{"a night is two days", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261224T220000|DTEND;TZID=Europe/Berlin:20261225T060000", "2026-12-24 2026-12-25"},
		{"UTC, in the west", "America/New_York", "DTSTART:20261224T020000Z|DTEND:20261224T100000Z", "2026-12-23 2026-12-24"},
		{"UTC, in the east", "Asia/Kathmandu", "DTSTART:20261224T190000Z|DTEND:20261224T235900Z", "2026-12-25 2026-12-25"},
		{"UTC, zone unknown: the site's", "", "DTSTART:20261224T230000Z|DTEND:20261225T050000Z", "2026-12-25 2026-12-25"},
		{"another zone", "Asia/Tokyo", "DTSTART;TZID=America/New_York:20261224T080000|DTEND;TZID=America/New_York:20261224T180000", "2026-12-24 2026-12-25"},
		{"another zone, that of the person unknown", "", "DTSTART;TZID=America/New_York:20261224T080000|DTEND;TZID=America/New_York:20261224T180000", "2026-12-24 2026-12-24"},
		{"a zone after a path", "Asia/Tokyo", "DTSTART;TZID=/citadel.org/20190914_1/Europe/Berlin:20261224T080000|DTEND;TZID=/citadel.org/20190914_1/Europe/Berlin:20261224T180000", "2026-12-24 2026-12-25"},
		{"no zone", "Asia/Tokyo", "DTSTART:20261224T080000|DTEND:20261224T180000", "2026-12-24 2026-12-24"},
		{"a day of 23 hours", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20270328T000000|DTEND;TZID=Europe/Berlin:20270329T000000", "2027-03-28 2027-03-28"},
		{"midnight to midnight is dates", "America/New_York", "DTSTART:20261224T000000Z|DTEND:20261226T000000Z", "2026-12-24 2026-12-25"},
		{"it began before today", "", "DTSTART;VALUE=DATE:20261120|DTEND;VALUE=DATE:20261125", "2026-11-20 2026-11-24"},
		{"it ends today", "", "DTSTART;VALUE=DATE:20261120|DTEND;VALUE=DATE:20261124", "2026-11-20 2026-11-23"},
		{"every year", "", "DTSTART;VALUE=DATE:19900501|RRULE:FREQ=YEARLY", "2027-05-01 2027-05-01|2028-05-01 2028-05-01|2029-05-01 2029-05-01"},
		{"every second year, three times", "", "DTSTART;VALUE=DATE:20240501|RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3", "2028-05-01 2028-05-01"},
		{"over New Year, every year", "", "DTSTART;VALUE=DATE:20201224|DTEND;VALUE=DATE:20210102|RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;UNTIL=20271224", "2026-12-24 2027-01-01|2027-12-24 2028-01-01"},
		{"a capital more or less", "", "dtstart;value=date:20261224", "2026-12-24 2026-12-24"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ical.Absences(event(strings.Split(tt.lines, "|")...), zone(t, tt.zone), zone(t, "Europe/Berlin"), today)
			if err != nil {
				t.Fatal(err)
			}
			want(t, "absences", absences(got.Taken), strings.ReplaceAll(tt.want, "|", " Away\n")+" Away\n")
			if len(got.Remarks) > 0 {
				t.Errorf("remarks: got %v, want none", got.Remarks)
			}
		})
	}
}

// A calendar says in which zone it is kept; that is where its owner lives if nobody
// knows better.
func TestCalendarZone(t *testing.T) {
	data := strings.Replace(string(event("DTSTART:20261224T020000Z", "DTEND:20261224T100000Z")), "VERSION:2.0", "X-WR-TIMEZONE:America/New_York", 1)
	for known, days := range map[string]string{"": "2026-12-23 2026-12-24", "Asia/Tokyo": "2026-12-24 2026-12-24"} {
		got, err := ical.Absences([]byte(data), zone(t, known), zone(t, "Asia/Tokyo"), today)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "of someone in "+known, absences(got.Taken), days+" Away\n")
	}
}

// What an event says that cannot be, and what is not read, is said with its line.
func TestNotTaken(t *testing.T) {
	const rule = "its rule of repeating is not understood: "
	for lines, says := range map[string]string{
		"DESCRIPTION:x":        "it does not say when it begins",
		"DTSTART:20260231":     `"20260231" is not a date`,
		"DTSTART:2026-12-24":   `"2026-12-24" is not a date and time`,
		"DTSTART:20261224T25Z": "is not a date and time",
		"DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261223":              "it ends before it begins",
		"DTSTART;VALUE=DATE:20261224|DTEND:20261225T080000Z":                 "begins with a date and ends with a time",
		"DTSTART:20261224T080000Z|DURATION:-PT1H":                            "is not a duration",
		"DTSTART:20261224T080000Z":                                           "it takes 0 minutes",
		"DTSTART:20261224T080000Z|DTEND:20261224T113000Z":                    "it takes 3 h 30 min",
		"DTSTART;VALUE=DATE:00010101|DTEND;VALUE=DATE:20291231":              "it lasts more than 366 days",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY;BYMONTH=0":            rule + "bymonth must be between 1 and 12",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY;INTERVAL=0":           rule + "INTERVAL is a number from 1 to 1000",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY;COUNT=-1":             rule + "COUNT is a number from 1",
		"DTSTART;VALUE=DATE:20261224|RRULE:nonsense":                         rule + "it says NONSENSE",
		"DTSTART;VALUE=DATE:20261224|RRULE:INTERVAL=2":                       rule + "RRULE property FREQ is required",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;FREQ=DAILY":            rule + "it says FREQ twice",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;UNTIL=tomorrow":        rule + `"TOMORROW" is not a date`,
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=MONTHLY;BYDAY=6MO":           rule + "there is no +6MO with the rest of it",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=WEEKLY;BYDAY=1MO":            rule + "there is no +1MO with the rest of it",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=WEEKLY;BYMONTHDAY=1":         rule + "BYMONTHDAY means nothing with WEEKLY",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=MONTHLY;BYWEEKNO=1":          rule + "BYYEARDAY and BYWEEKNO are read",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;BYSETPOS=1":            rule + "BYSETPOS is read",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY|RRULE:FREQ=YEARLY":     "it repeats by more than one rule",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY|EXRULE:FREQ=WEEKLY":    "it repeats by more than one rule",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=SECONDLY":                    "it repeats within a day",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=DAILY;BYHOUR=8,9":            "it repeats within a day",
		"DTSTART;VALUE=DATE:15821015|RRULE:FREQ=DAILY":                       "it repeats from before the year 1600 on",
		"DTSTART;VALUE=DATE:19000101|RRULE:FREQ=DAILY;COUNT=1000000000":      "it counts its repetitions from more than 100 years ago",
		"DTSTART;VALUE=DATE:20261224|RDATE;VALUE=PERIOD:20261224T08Z/PT1H":   "a further date",
		"DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY|EXDATE:x":             "an exception to its repeating",
		"DTSTART;VALUE=DATE:20261224|RECURRENCE-ID;RANGE=THISANDFUTURE:2026": `"2026" is not a date and time`,
	} {
		got, err := ical.Absences(event(strings.Split(lines, "|")...), roster.Zone{}, roster.UTC(), today)
		if err != nil {
			t.Errorf("%s: got %v", lines, err)
			continue
		}
		if len(got.Taken) != 0 || len(got.Remarks) != 1 || got.Remarks[0].Line != 3 || got.Remarks[0].Event != "Away" || !strings.Contains(got.Remarks[0].Says.Error(), says) {
			t.Errorf("%s: got %v, remarks %v, want nothing taken and a remark %q at line 3", lines, got.Taken, got.Remarks, says)
		}
	}
}

// A changed repetition stands for the one that it changes, a later version for the
// earlier one.
func TestVersions(t *testing.T) {
	got, err := ical.Absences([]byte(`BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a
SEQUENCE:2
DTSTART:20261224
SUMMARY:second version
END:VEVENT
BEGIN:VEVENT
UID:a
SEQUENCE:1
DTSTART:20261223
SUMMARY:first version
END:VEVENT
BEGIN:VEVENT
UID:b
RECURRENCE-ID;VALUE=DATE:20270301
DTSTART:20270305
SUMMARY:moved
END:VEVENT
BEGIN:VEVENT
UID:b
DTSTART:20260301
RRULE:FREQ=YEARLY
SUMMARY:yearly
END:VEVENT
BEGIN:VEVENT
UID:b
RECURRENCE-ID;VALUE=DATE:20280301
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
`), roster.Zone{}, roster.UTC(), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "absences", absences(got.Taken), "2026-12-24 2026-12-24 second version\n2027-03-05 2027-03-05 moved\n2029-03-01 2029-03-01 yearly\n")
}

// What is no calendar is refused with the line at which it is seen.
func TestBrokenFiles(t *testing.T) {
	for data, want := range map[string]string{
		"":                                       "line 1: the file is empty",
		"<!DOCTYPE html>\n<html>":                "line 1: BEGIN:VCALENDAR is expected",
		"BEGIN:VCARD\nEND:VCARD\n":               "line 1: BEGIN:VCALENDAR is expected",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n": "line 3: the file ends before END:VEVENT",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR\n":                       "line 4: END:VCALENDAR where END:VEVENT belongs",
		"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n":                               "line 1: there is no event",
		"BEGIN:VCALENDAR\n\n\nX:1\n folded\nSUMMARY:\xe9t\xe9\nEND:VCALENDAR":         "line 6: this is not UTF-8 text",
		"BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\n", 1000):                  "line 9: components lie more than 8 deep",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n":                             "line 3: BEGIN:VCALENDAR is expected",
		"BEGIN:VCALENDAR\n\nX-LONG:" + strings.Repeat("x\n y", 9999) + "\nEND:VEVENT": "line 10003: END:VEVENT where END:VCALENDAR belongs",
	} {
		_, err := ical.Holidays([]byte(data), today)
		syntax, ok := errors.AsType[*ical.SyntaxError](err)
		if !ok || !strings.HasPrefix(syntax.Error(), want) {
			t.Errorf("%.60q: got %v, want %s", data, err, want)
		}
	}
}

// Some programs break texts without folding them: the event is taken all the same.
func TestStrangeLines(t *testing.T) {
	got, err := ical.Holidays(event("DESCRIPTION:one", "two", "", "three: is a property, of sorts", "DTSTART:20261224"), today)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "holidays", holidays(got.Taken), "2026-12-24 Away\n")
	want(t, "remarks", remarks(got.Remarks), "7 : the line is not of the form NAME:VALUE and was left out\n")
	bom := append([]byte("\ufeff"), event("DTSTART:20261224", "SUMMARY:\x07")...)
	if got, err := ical.Holidays(bom, today); err != nil || len(got.Taken) != 1 {
		t.Errorf("after a byte order mark: got %v, %v, want one holiday", got, err)
	}
}

// price is the most that it may cost to read a calendar twice.
var price = corpus.Price{Bytes: corpus.Line{Base: 2 << 20, Each: 400}, Allocs: corpus.Line{Base: 20_000, Each: 4}}

// Whatever the file, reading ends, and what is taken a team or person may keep.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"google-holidays.ics", "apple-holidays.ics", "outlook-absences.ics"} {
		f.Add(file(f, name))
	}
	f.Add(event("DTSTART;TZID=Europe/Berlin:20261224T220000", "DURATION:P9999W", "RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=-5SA;COUNT=3", "EXDATE:20261224,20271224"))
	f.Add(event("DTSTART:00010101", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;INTERVAL=1000;UNTIL=99991231"))
	f.Add(event("DTSTART:20240229", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "RDATE;VALUE=DATE:20270101", "EXDATE:20270101"))
	f.Add(event("DTSTART;TZID=America/New_York:19000101T190000", "DURATION:PT5H", "RRULE:FREQ=MONTHLY;BYDAY=-5MO,5SU;BYSETPOS=-1,1;COUNT=9999;WKST=SU"))
	f.Add(event("DTSTART:20251231T235959Z", "DURATION:P367D", "RRULE:FREQ=YEARLY;BYWEEKNO=53,1,-53;BYDAY=SU;UNTIL=99991231T235959Z"))
	f.Add([]byte("BEGIN:VCALENDAR\nX;Y=\"a,b:c\\:1\n \n"))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		corpus.Each(t, price, data, func(data []byte) {
			_, _ = ical.Holidays(data, today)
			_, _ = ical.Absences(data, roster.Zone{}, roster.UTC(), today)
		})
		days, err := ical.Holidays(data, today)
		checkError(t, data, err)
		for _, h := range days.Taken {
			team := roster.Team{ID: "t", Name: "T", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: roster.UTC()}}, Holidays: []roster.Holiday{h}}
			if err := team.Validate(); err != nil || h.Date.Year < 2024 || h.Date.Year > 2030 {
				t.Fatalf("the holiday %v: %v", h, err)
			}
		}
		for _, z := range []roster.Zone{{}, zone(t, "Pacific/Apia")} {
			away, err := ical.Absences(data, z, roster.UTC(), today)
			checkError(t, data, err)
			for _, a := range away.Taken {
				p := roster.Person{ID: "p", Name: "P", Absences: []roster.Absence{a}}
				if err := p.Validate(); err != nil || a.To.Before(today) || a.From.Year < 2024 || a.To.Year > 2032 {
					t.Fatalf("the absence %v: %v", a, err)
				}
			}
		}
	})
}

func checkError(t *testing.T, data []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	syntax, ok := errors.AsType[*ical.SyntaxError](err)
	if lines := strings.Count(string(data), "\n") + 1; !ok || syntax.Line < 1 || syntax.Line > lines || syntax.Reason == nil {
		t.Fatalf("got %v for a file of %d lines, want a line of it and a reason", err, lines)
	}
}
