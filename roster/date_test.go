package roster_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]roster.Date{
		"2026-11-23": {Year: 2026, Month: time.November, Day: 23},
		"2028-02-29": {Year: 2028, Month: time.February, Day: 29},
		"2000-02-29": {Year: 2000, Month: time.February, Day: 29},
		"1970-01-01": {Year: 1970, Month: time.January, Day: 1},
		"9999-12-31": {Year: 9999, Month: time.December, Day: 31},
	} {
		if got, err := roster.ParseDate(s); err != nil || got != want {
			t.Errorf("ParseDate(%q): got %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "2026-02-30", "2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
		"1969-12-31", "0000-01-01", "10000-01-01", "-2026-01-01", "+2026-01-01",
		" 2026-11-23", "2026-11-23 ", "2026-11-23\n", "2026-1-2", "26-11-23", "20261123", "2026/11/23", "23.11.2026",
		"2026-11-23T00:00:00Z", "2026-11-2३", "today",
	} {
		if got, err := roster.ParseDate(s); err == nil || !got.IsZero() {
			t.Errorf("ParseDate(%q): got %v, %v, want an error", s, got, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-23", "2028-02-29", "2026-02-30", "1969-12-31", "10000-01-01", " 2026-11-23", ""} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) { _, _ = roster.ParseDate(s) })
		d, err := roster.ParseDate(s)
		if err != nil {
			return
		}
		if got := d.String(); got != s {
			t.Errorf("String of ParseDate(%q): got %q, want it back", s, got)
		}
		if got := d.AddDays(1).AddDays(-1); got != d {
			t.Errorf("%s one day on and back: got %s", d, got)
		}
		if first := d.InMonth().First(); first.DaysUntil(d) != d.Day-1 {
			t.Errorf("days from %s to %s: got %d, want %d", first, d, first.DaysUntil(d), d.Day-1)
		}
	})
}

func TestParseMonth(t *testing.T) {
	t.Parallel()
	if got, want := month("2026-11"), (roster.Month{Year: 2026, Month: time.November}); got != want || got.String() != "2026-11" {
		t.Errorf("ParseMonth(2026-11): got %v, want %v", got, want)
	}
	for _, s := range []string{"", "2026", "2026-13", "2026-00", "2026-1", "2026-11-01", "1969-12", "10000-01", " 2026-11"} {
		if got, err := roster.ParseMonth(s); err == nil {
			t.Errorf("ParseMonth(%q): got %v, want an error", s, got)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from string
		days int
		want string
	}{
		{"2026-11-23", 0, "2026-11-23"},
		{"2026-11-30", 1, "2026-12-01"},
		{"2026-12-31", 1, "2027-01-01"},
		{"2028-02-28", 1, "2028-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-11-23", 365, "2027-11-23"},
		{"2026-03-28", 2, "2026-03-30"}, // a day of 23 hours in Berlin counts as any
		{"1970-01-01", 2932896, "9999-12-31"},
	}
	for _, tt := range tests {
		from, want := date(tt.from), date(tt.want)
		if got := from.AddDays(tt.days); got != want {
			t.Errorf("%s.AddDays(%d): got %s, want %s", from, tt.days, got, want)
		}
		if got := from.DaysUntil(want); got != tt.days {
			t.Errorf("%s.DaysUntil(%s): got %d, want %d", from, want, got, tt.days)
		}
	}
	sorted := []roster.Date{{}, date("1970-01-01"), date("2025-12-31"), date("2026-01-01"), date("2026-01-31"), date("2026-02-01")}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := a.Before(b), i < j; got != want {
				t.Errorf("%s.Before(%s): got %t, want %t", a, b, got, want)
			}
		}
	}
	for s, want := range map[string]bool{"2026-11-20": false, "2026-11-21": true, "2026-11-22": true, "2026-11-23": false} {
		if got := date(s).IsWeekend(); got != want {
			t.Errorf("%s is on a weekend: got %t, want %t", s, got, want)
		}
	}
}

func TestMonthsOf(t *testing.T) {
	t.Parallel()
	for span, want := range map[[2]string][]string{
		{"2026-11-23", "2026-11-23"}: {"2026-11"},
		{"2026-11-30", "2026-12-01"}: {"2026-11", "2026-12"},
		{"2026-12-31", "2027-03-01"}: {"2026-12", "2027-01", "2027-02", "2027-03"},
		{"2026-12-01", "2026-11-30"}: nil,
		{"9999-11-01", "9999-12-31"}: {"9999-11", "9999-12"},
	} {
		var got []string
		for _, m := range roster.MonthsOf(date(span[0]), date(span[1])) {
			got = append(got, m.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("MonthsOf(%s, %s): got %v, want %v", span[0], span[1], got, want)
		}
	}
}

func TestParseClockTime(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]roster.ClockTime{"00:00": 0, "00:01": 1, "09:00": roster.DefaultHandOff, "23:59": 1439} {
		if got, err := roster.ParseClockTime(s); err != nil || got != want || got.String() != s {
			t.Errorf("ParseClockTime(%q): got %d (%s), %v, want %d", s, got, got, err, want)
		}
	}
	for _, s := range []string{"", "24:00", "9:00", "09:60", "09:0", "0900", "09:00:00", " 09:00", "09:00 ", "9:000", "-1:00", "9 am"} {
		if got, err := roster.ParseClockTime(s); err == nil {
			t.Errorf("ParseClockTime(%q): got %s, want an error", s, got)
		}
	}
}

// Ten thousand people in one zone do not have its rules ten thousand times.
func TestZonesAreShared(t *testing.T) {
	t.Parallel()
	a, err1 := roster.ParseZone("Asia/Kathmandu")
	b, err2 := roster.ParseZone("Asia/Kathmandu")
	if err1 != nil || err2 != nil || a.Location() != b.Location() {
		t.Errorf("got %p, %v and %p, %v, want the same", a.Location(), err1, b.Location(), err2)
	}
}

func TestParseZone(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "EST5EDT"} {
		if got, err := roster.ParseZone(s); err != nil || got.String() != s {
			t.Errorf("ParseZone(%q): got %q, %v, want it back", s, got, err)
		}
	}
	// Some of these load on some machines; a zone must mean the same on each.
	for _, s := range []string{
		"", "Local", "local", "localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin",
		"Europe", "Europe/Nowhere", "../Europe/Berlin", "/etc/localtime", "Europe/Berlin\x00", " Europe/Berlin", "+01:00",
	} {
		if got, err := roster.ParseZone(s); err == nil || got != (roster.Zone{}) {
			t.Errorf("ParseZone(%q): got %q, %v, want an error", s, got, err)
		}
	}
}

func TestSettingsAsJSON(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]roster.Settings{
		`{"from":"","zone":"Europe/Berlin","handOff":"09:00"}`:            {Zone: zone("Europe/Berlin"), HandOff: clock("09:00")},
		`{"from":"2026-11-23","zone":"Asia/Kathmandu","handOff":"23:59"}`: {From: date("2026-11-23"), Zone: zone("Asia/Kathmandu"), HandOff: clock("23:59")},
		`{"from":"","zone":"","handOff":"00:00"}`:                         {},
	} {
		text, err := json.Marshal(s)
		if err != nil || string(text) != want {
			t.Errorf("Marshal: got %s, %v, want %s", text, err, want)
		}
		var back roster.Settings
		if err := json.Unmarshal(text, &back); err != nil || fmt.Sprint(back) != fmt.Sprint(s) {
			t.Errorf("Unmarshal(%s): got %v, %v, want %v", text, back, err, s)
		}
	}
	for _, text := range []string{`{"from":"2026-02-30"}`, `{"zone":"Mars"}`, `{"handOff":"9"}`} {
		var s roster.Settings
		if err := json.Unmarshal([]byte(text), &s); err == nil {
			t.Errorf("Unmarshal(%s): got %v, want an error", text, s)
		}
	}
}

func TestWeekFrom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day    string
		begins time.Weekday
		want   string
	}{
		{"2026-11-23", time.Monday, "2026-11-23"},
		{"2026-11-29", time.Monday, "2026-11-23"},
		{"2026-11-29", time.Sunday, "2026-11-29"},
		{"2026-11-28", time.Sunday, "2026-11-22"},
		{"2026-11-27", time.Saturday, "2026-11-21"},
		{"2026-11-28", time.Saturday, "2026-11-28"},
	} {
		if got := roster.WeekFrom(date(tt.day), tt.begins).String(); got != tt.want {
			t.Errorf("the week of %s from %s: got %s, want %s", tt.day, tt.begins, got, tt.want)
		}
	}
}
