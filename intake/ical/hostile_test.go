package ical

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dailyroster/roster"
)

// in has the events in it, each of lines.
func in(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\n" + strings.ReplaceAll(e, "|", "\n") + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return []byte(b.String())
}

var today = roster.Date{Year: 2026, Month: 11, Day: 23}

// However a rule is made, few days are looked at for it: no more than lie between its
// start, or the time of interest, and the end of that, and some more at both ends.
func TestLooks(t *testing.T) {
	from, to := today, roster.Date{Year: 2029, Month: 11, Day: 1}
	const threeYears = 1074
	for _, c := range []struct {
		start, rule string
		most        int
		finds       int
	}{
		{"20261123", "FREQ=DAILY", threeYears + 3, 1075},
		{"20261123", "FREQ=DAILY;UNTIL=99991231", threeYears + 3, 1075},
		{"16000101", "FREQ=DAILY", threeYears + 3, 1075},
		{"16000101", "FREQ=DAILY;INTERVAL=1000", 5, 1},
		{"20261123", "FREQ=DAILY;COUNT=2147483647", threeYears + 3, 1075},
		{"19270101", "FREQ=DAILY;COUNT=2147483647", threeYears + 100*366, 1075},
		// That never fit, and that the library would follow to the year 9999.
		{"20261124", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", threeYears + 3, 1},
		{"20261124", "FREQ=DAILY;INTERVAL=7;BYDAY=MO", threeYears/7 + 3, 1},
		{"20261124", "FREQ=WEEKLY;BYMONTH=1;BYDAY=MO;UNTIL=20261231", threeYears + 21, 1},
		{"20261124", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", 38 * 31, 1},
		{"20261124", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31,-31,366", 38 * 31, 1},
		{"20261124", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 5 * 366, 1},
		{"20261124", "FREQ=YEARLY;BYWEEKNO=10;BYMONTH=12", 5 * 366, 1},
		{"20261124", "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=1000", 366, 1},
		{"16000101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=999", 366, 0},
		// Every day of the year by its place in it.
		{"20261124", "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=" + strings.TrimSuffix(strings.Repeat("1,", 200), ","), 5 * 366, 4},
	} {
		m, err := parseMoment(c.start, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := parseRule(c.rule, m)
		if err != nil {
			t.Errorf("%s: got %v", c.rule, err)
			continue
		}
		left := 1 << 30
		days, err := r.days(from, to, &left)
		if looked := 1<<30 - left; err != nil || looked > c.most || len(days) != c.finds {
			t.Errorf("%s from %s: got %d days, %v, for %d looked at, want %d for %d at most", c.rule, c.start, len(days), err, looked, c.finds, c.most)
		}
		left = c.most / 3
		if left > 366 {
			if _, err := r.days(from, to, &left); !errors.Is(err, errLooks) {
				t.Errorf("%s: got %v with few looks left, want it to end", c.rule, err)
			}
		}
	}
	if _, err := parseRule("FREQ=YEARLY;BYYEARDAY="+strings.Repeat("1,", maxRule), moment{date: today}); err == nil {
		t.Error("a rule of a thousand characters: got no error")
	}
}

// Of a file full of rules that never fit, those are left out for which there is no time.
func TestLooksOfAFile(t *testing.T) {
	events := make([]string, 10_000)
	for i := range events {
		events[i] = fmt.Sprintf("UID:%d|DTSTART:19300101|RRULE:FREQ=DAILY;COUNT=99999;BYMONTH=2;BYMONTHDAY=30", i)
	}
	data := in(events...)
	if len(data) > 1<<20 {
		data = in(events[:len(events)*(1<<20)/len(data)]...)
	}
	came, err := Holidays(data, today)
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, r := range came.Remarks {
		if r.Says.Error() == errLooks.Error() {
			said++
		}
	}
	// Each looks at the hundred years up to 2030.
	if followed := strings.Count(string(data), "RRULE") - said; followed == 0 || followed > maxLooks/36_000 {
		t.Errorf("got %d rules followed, want some and at most %d", followed, maxLooks/36_000)
	}
}

// What one file may give is bounded, and is so while it is read.
func TestTooMany(t *testing.T) {
	team := roster.Team{ID: "ops", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}}}
	events := make([]string, 20)
	for i := range events {
		events[i] = fmt.Sprintf("UID:%d|SUMMARY:x|DTSTART:20261124|DTEND:20261125|RRULE:FREQ=DAILY;INTERVAL=2", i)
	}
	data := in(events...)
	for what, read := range map[string]func() (int, error){
		"holidays": func() (int, error) { came, err := Holidays(data, today); return len(came.Taken), err },
		"absences": func() (int, error) {
			came, err := Absences(data, roster.Zone{}, roster.UTC(), today)
			return len(came.Taken), err
		},
		"shifts": func() (int, error) { came, err := Shifts(data, &team, today); return len(came.Taken), err },
	} {
		taken, err := read()
		want := fmt.Sprintf("with this event there are more than 2000 %s in the calendar", what)
		if syntax, ok := errors.AsType[*SyntaxError](err); !ok || syntax.Reason.Error() != want || taken != MaxTaken {
			t.Errorf("%s: got %d and %v, want 2000 and %q", what, taken, err, want)
		}
	}
}

// Twice as much to read is twice as much work.
func TestReadingIsLinear(t *testing.T) {
	work := func(n int) float64 {
		events := make([]string, n)
		for i := range events {
			d := today.AddDays(7 * (i % 50))
			events[i] = fmt.Sprintf("UID:%d|SUMMARY:x|DTSTART:%s|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE:%s", i/2, d.Format("20060102"), d.AddDays(7).Format("20060102"))
		}
		data := in(events...)
		return testing.AllocsPerRun(1, func() {
			if came, err := Absences(data, roster.Zone{}, roster.UTC(), today); err != nil || len(came.Taken) != 3*n/2 {
				t.Errorf("got %d and %v, want %d", len(came.Taken), err, 3*n/2)
			}
		})
	}
	if small, large := work(500), work(1000); large > 2.2*small {
		t.Errorf("for 1000 events: got %.0f allocations, want at most twice the %.0f for 500", large, small)
	}
}

// The library copies the rest of a line for each parameter: a line of very many is not
// given to it. What has quotes and colons in them is.
func TestParameters(t *testing.T) {
	many := "X" + strings.Repeat(";A=B", 200_000) + ":x"
	quoted := "X;A=\":\\\";" + "\"" + strings.Repeat(";A=B", maxParams) + ":x"
	came, err := Holidays(in(many+"|DTSTART;X=\"a:b;c\":20261224|"+quoted+"|DESCRIPTION:"+strings.Repeat(";", 1000)), today)
	if err != nil || len(came.Taken) != 1 || len(came.Remarks) != 2 || came.Remarks[0].Says.Error() != "the line has more than 50 parameters and was left out" {
		t.Errorf("got %v and %v, %v, want one holiday and two lines left out", came.Taken, came.Remarks, err)
	}
}
