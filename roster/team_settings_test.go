package roster_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

// drawSettings draws settings from a date on, with a taste for the extremes.
func drawSettings(t *rapid.T, from roster.Date) roster.Settings {
	zones := rapid.SampledFrom([]string{
		"Pacific/Kiritimati", "Etc/GMT+12", // 26 hours apart
		"UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Africa/Cairo",
		"Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein",
	})
	handOffs := rapid.OneOf(
		rapid.SampledFrom([]roster.ClockTime{clock("00:00"), clock("23:59"), clock("09:00"), clock("02:30")}),
		rapid.Custom(func(t *rapid.T) roster.ClockTime {
			return roster.ClockTime(rapid.IntRange(0, 24*60-1).Draw(t, "minutes"))
		}),
	)
	return roster.Settings{From: from, Zone: zone(zones.Draw(t, "zone")), HandOff: handOffs.Draw(t, "handOff")}
}

// drawTeam draws a team with up to five dated changes around a date, some a day apart.
func drawTeam(t *rapid.T, around roster.Date) roster.Team {
	team := roster.Team{ID: "ops", Name: "Operations", Roles: roster.DefaultRoles()}
	team.Settings = append(team.Settings, drawSettings(t, roster.Date{}))
	from := around.AddDays(-3)
	for range rapid.IntRange(0, 5).Draw(t, "changes") {
		from = from.AddDays(rapid.IntRange(1, 4).Draw(t, "days later"))
		team.Settings = append(team.Settings, drawSettings(t, from))
	}
	return team
}

// drawDate draws a day, often one on which some of drawSettings' zones do something odd.
func drawDate(t *rapid.T) roster.Date {
	odd := []string{
		"1993-08-21", "2011-12-30", "2024-02-29", "2026-03-08", "2026-03-29",
		"2026-04-24", "2026-10-04", "2026-10-25", "2026-10-29", "2026-11-01", "2026-12-31",
	}
	if rapid.Bool().Draw(t, "odd") {
		return date(rapid.SampledFrom(odd).Draw(t, "date"))
	}
	return date("1970-01-15").AddDays(rapid.IntRange(0, 30000).Draw(t, "day"))
}

// Every instant belongs to exactly one day, whatever a team's settings change to.
func TestPartitionAcrossSettings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		around := drawDate(t)
		team := drawTeam(t, around)
		if err := team.Validate(); err != nil {
			t.Fatalf("Validate: got %v, want nil", err)
		}
		first := around.AddDays(-8)
		shifts := make([]roster.Shift, 32)
		for i := range shifts {
			s := team.ShiftOf(first.AddDays(i))
			shifts[i] = s
			if s.End.Before(s.Start) {
				t.Fatalf("the shift of %s runs backwards: got %v", first.AddDays(i), s)
			}
			if i > 0 && !shifts[i-1].End.Equal(s.Start) {
				t.Fatalf("end of the shift before %s: got %v, want its start %v", first.AddDays(i), shifts[i-1].End, s.Start)
			}
		}
		begin, length := shifts[0].Start, shifts[len(shifts)-1].End.Sub(shifts[0].Start)
		check := func(at time.Time) {
			got := team.DayAt(at)
			days := 0
			for i, s := range shifts {
				if !s.Contains(at) {
					continue
				}
				days++
				if want := first.AddDays(i); got != want {
					t.Fatalf("DayAt(%v): got %s, want %s, whose shift contains it", at, got, want)
				}
			}
			if days != 1 {
				t.Fatalf("shifts that contain %v: got %d, want 1", at, days)
			}
		}
		for _, s := range shifts[1:] {
			check(s.Start)
			check(s.Start.Add(-1))
		}
		for range 20 {
			check(begin.Add(time.Duration(rapid.Int64Range(0, int64(length)-1).Draw(t, "instant"))))
		}
	})
}

// A change from a date on leaves every earlier day as it was; only the last of them
// ends where the changed days begin.
func TestWithSettingsNeverAltersEarlierDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := drawDate(t)
		before := drawTeam(t, from.AddDays(rapid.IntRange(-8, 4).Draw(t, "around")))
		settings := slices.Clone(before.Settings)
		after, err := before.WithSettings(drawSettings(t, from), from)
		if err != nil {
			t.Fatalf("WithSettings from today: got %v, want nil", err)
		}
		if !slices.Equal(before.Settings, settings) {
			t.Fatalf("WithSettings altered its receiver: got %v, want %v", before.Settings, settings)
		}
		for back := 1; back <= 12; back++ {
			d := from.AddDays(-back)
			was, is := before.ShiftOf(d), after.ShiftOf(d)
			if !is.Start.Equal(was.Start) {
				t.Fatalf("start of %s, %d days before the change: got %v, want %v", d, back, is.Start, was.Start)
			}
			want := was.End
			if back == 1 {
				want = after.ShiftOf(from).Start
			}
			if !is.End.Equal(want) {
				t.Fatalf("end of %s, %d days before the change: got %v, want %v", d, back, is.End, want)
			}
			if got, want := after.SettingsOn(d), before.SettingsOn(d); got != want {
				t.Fatalf("SettingsOn(%s): got %v, want %v", d, got, want)
			}
		}
	})
}

// The widest jumps there are, with the boundaries as literal instants.
func TestExtremeChangesOfSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		team  *roster.Team
		first string
		want  []string // in UTC: where each day in a row begins
	}{
		{
			"26 hours east", then(teamIn("Etc/GMT+12", "09:00"), "2026-11-24", "Pacific/Kiritimati", "09:00"), "2026-11-22",
			// 24 November would begin at 19:00, before the 23rd does: the 23rd is left without time.
			[]string{"2026-11-22T21:00:00Z", "2026-11-23T21:00:00Z", "2026-11-23T21:00:00Z", "2026-11-24T19:00:00Z"},
		},
		{
			"26 hours west", then(teamIn("Pacific/Kiritimati", "09:00"), "2026-11-24", "Etc/GMT+12", "09:00"), "2026-11-22",
			[]string{"2026-11-21T19:00:00Z", "2026-11-22T19:00:00Z", "2026-11-24T21:00:00Z", "2026-11-25T21:00:00Z"},
		},
		{
			"50 hours back", then(teamIn("Etc/GMT+12", "23:59"), "2026-11-24", "Pacific/Kiritimati", "00:00"), "2026-11-22",
			// Two days are left without time: the last old one and the first new one.
			[]string{"2026-11-23T11:59:00Z", "2026-11-24T11:59:00Z", "2026-11-24T11:59:00Z", "2026-11-24T11:59:00Z", "2026-11-25T10:00:00Z"},
		},
		{
			"50 hours on", then(teamIn("Pacific/Kiritimati", "00:00"), "2026-11-24", "Etc/GMT+12", "23:59"), "2026-11-22",
			[]string{"2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z", "2026-11-25T11:59:00Z", "2026-11-26T11:59:00Z"},
		},
		{
			"from the last minute to the first", then(teamIn("UTC", "23:59"), "2026-11-24", "UTC", "00:00"), "2026-11-22",
			[]string{"2026-11-22T23:59:00Z", "2026-11-23T23:59:00Z", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"},
		},
		{
			"there and back in two days",
			then(then(teamIn("Etc/GMT+12", "23:59"), "2026-11-24", "Pacific/Kiritimati", "00:00"), "2026-11-25", "Etc/GMT+12", "23:59"), "2026-11-22",
			[]string{"2026-11-23T11:59:00Z", "2026-11-24T11:59:00Z", "2026-11-24T11:59:00Z", "2026-11-26T11:59:00Z", "2026-11-27T11:59:00Z"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for i, want := range tt.want {
				d := date(tt.first).AddDays(i)
				if got := tt.team.ShiftOf(d).Start.UTC().Format(time.RFC3339); got != want {
					t.Errorf("start of %s: got %s, want %s", d, got, want)
				}
				if got := tt.team.ShiftOf(d.AddDays(-1)).End.UTC().Format(time.RFC3339); got != want {
					t.Errorf("end of %s: got %s, want %s", d.AddDays(-1), got, want)
				}
			}
		})
	}
}

// A shift tells its hours on the clock of its own day's zone, even where an earlier
// day pushed its beginning back.
func TestShiftIsInItsOwnZone(t *testing.T) {
	t.Parallel()
	team := then(teamIn("Etc/GMT+12", "09:00"), "2026-11-24", "Pacific/Kiritimati", "09:00")
	if got, want := team.ShiftOf(date("2026-11-24")).Start.Format(time.RFC3339), "2026-11-24T11:00:00+14:00"; got != want {
		t.Errorf("start of 2026-11-24: got %s, want %s", got, want)
	}
}

func TestSettingsOn(t *testing.T) {
	t.Parallel()
	team := then(then(teamIn("Europe/Berlin", "09:00"), "2026-11-24", "UTC", "10:00"), "2026-12-01", "Asia/Tokyo", "11:00")
	for d, want := range map[string]string{
		"1970-01-01": "09:00",
		"2026-11-23": "09:00",
		"2026-11-24": "10:00",
		"2026-11-30": "10:00",
		"2026-12-01": "11:00",
		"9999-12-31": "11:00",
	} {
		if got := team.SettingsOn(date(d)).HandOff.String(); got != want {
			t.Errorf("hand-off by SettingsOn(%s): got %s, want %s", d, got, want)
		}
	}
}

// timetable is a team's settings as a person would note them down.
func timetable(team roster.Team) (lines []string) {
	for _, s := range team.Settings {
		from := "ever"
		if !s.From.IsZero() {
			from = s.From.String()
		}
		lines = append(lines, from+" "+s.Zone.String()+" "+s.HandOff.String())
	}
	return lines
}

func TestWithSettings(t *testing.T) {
	t.Parallel()
	team := then(then(teamIn("UTC", "09:00"), "2026-11-10", "UTC", "10:00"), "2026-12-01", "Asia/Tokyo", "11:00")
	const today = "2026-11-23"
	const past = "settings: settings before today stay as they are; a change takes effect on 2026-11-23 or later"
	tests := []struct {
		name, from string
		want       []string
		refused    string
	}{
		{"from today", "2026-11-23", []string{"ever UTC 09:00", "2026-11-10 UTC 10:00", "2026-11-23 UTC 18:00", "2026-12-01 Asia/Tokyo 11:00"}, ""},
		{"between", "2026-11-24", []string{"ever UTC 09:00", "2026-11-10 UTC 10:00", "2026-11-24 UTC 18:00", "2026-12-01 Asia/Tokyo 11:00"}, ""},
		{"instead of planned ones", "2026-12-01", []string{"ever UTC 09:00", "2026-11-10 UTC 10:00", "2026-12-01 UTC 18:00"}, ""},
		{"after all", "2027-01-01", []string{"ever UTC 09:00", "2026-11-10 UTC 10:00", "2026-12-01 Asia/Tokyo 11:00", "2027-01-01 UTC 18:00"}, ""},
		{"yesterday", "2026-11-22", nil, past},
		{"instead of past ones", "2026-11-10", nil, past},
		{"from the start", "", nil, past},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := roster.Settings{Zone: roster.UTC(), HandOff: clock("18:00")}
			if tt.from != "" {
				s.From = date(tt.from)
			}
			changed, err := team.WithSettings(s, date(today))
			if tt.refused != "" {
				var fields roster.FieldErrors
				if !errors.As(err, &fields) || err.Error() != tt.refused {
					t.Errorf("WithSettings: got error %v, want FieldErrors %q", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatalf("WithSettings: got error %v, want nil", err)
			}
			if got := timetable(changed); !slices.Equal(got, tt.want) {
				t.Errorf("WithSettings: got %q, want %q", got, tt.want)
			}
			if err := changed.Validate(); err != nil {
				t.Errorf("Validate: got %v, want nil", err)
			}
		})
	}
	if got, want := timetable(*team), []string{"ever UTC 09:00", "2026-11-10 UTC 10:00", "2026-12-01 Asia/Tokyo 11:00"}; !slices.Equal(got, want) {
		t.Errorf("the team that was changed: got %q, want %q", got, want)
	}
}

func TestKeepsPast(t *testing.T) {
	t.Parallel()
	before := then(then(teamIn("Europe/Berlin", "09:00"), "2026-11-10", "UTC", "10:00"), "2026-12-01", "Asia/Tokyo", "11:00")
	tests := []struct {
		name  string
		after *roster.Team
		want  bool
	}{
		{"the same", before, true},
		{"a plan dropped", then(teamIn("Europe/Berlin", "09:00"), "2026-11-10", "UTC", "10:00"), true},
		{"a plan from today", then(then(teamIn("Europe/Berlin", "09:00"), "2026-11-10", "UTC", "10:00"), "2026-11-23", "UTC", "12:00"), true},
		{"a past change dropped", teamIn("Europe/Berlin", "09:00"), false},
		{"a past change added", then(before, "2026-11-22", "UTC", "10:00"), false},
		{"a past change moved", then(teamIn("Europe/Berlin", "09:00"), "2026-11-11", "UTC", "10:00"), false},
		{"another hand-off from the start", then(teamIn("Europe/Berlin", "09:01"), "2026-11-10", "UTC", "10:00"), false},
		{"another zone from the start", then(teamIn("Europe/Paris", "09:00"), "2026-11-10", "UTC", "10:00"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.after.KeepsPast(before, date("2026-11-23"))
			if got := err == nil; got != tt.want {
				t.Errorf("KeepsPast: got %v, want allowed %t", err, tt.want)
			}
		})
	}
}

func TestToday(t *testing.T) {
	t.Parallel()
	berlin := teamIn("Europe/Berlin", "09:00")
	apia := teamIn("Pacific/Apia", "09:00")
	west := then(teamIn("Pacific/Kiritimati", "09:00"), "2026-11-24", "Etc/GMT+12", "09:00")
	east := then(teamIn("Etc/GMT+12", "09:00"), "2026-11-24", "Pacific/Kiritimati", "09:00")
	tests := []struct {
		name     string
		team     *roster.Team
		at, want string
	}{
		{"before midnight", berlin, "2026-11-22T22:59:59Z", "2026-11-22"},
		{"midnight", berlin, "2026-11-22T23:00:00Z", "2026-11-23"},
		{"before the hand-off", berlin, "2026-11-23T08:59:59+01:00", "2026-11-23"},
		{"summer", berlin, "2026-07-01T22:00:00Z", "2026-07-02"},
		{"year's end", berlin, "2026-12-31T23:00:00Z", "2027-01-01"},
		{"far east", teamIn("Pacific/Kiritimati", "09:00"), "2026-11-22T10:00:00Z", "2026-11-23"},
		{"far west", teamIn("Etc/GMT+12", "09:00"), "2026-11-24T11:59:59Z", "2026-11-23"},
		{"the day before the skipped one", apia, "2011-12-30T09:59:59Z", "2011-12-29"},
		{"the day after the skipped one", apia, "2011-12-30T10:00:00Z", "2011-12-31"},
		{"moved west, the old zone's 24th is not the team's", west, "2026-11-23T11:00:00Z", "2026-11-23"},
		{"moved west, the 24th not begun", west, "2026-11-24T11:59:59Z", "2026-11-23"},
		{"moved west, the 24th begun", west, "2026-11-24T12:00:00Z", "2026-11-24"},
		{"moved east, the 24th not begun", east, "2026-11-23T09:59:59Z", "2026-11-22"},
		{"moved east, the 24th begun", east, "2026-11-23T10:00:00Z", "2026-11-24"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.team.Today(instant(tt.at)).String(); got != tt.want {
				t.Errorf("Today(%s): got %s, want %s", tt.at, got, tt.want)
			}
		})
	}
}

// Today is what a calendar on the wall shows, so long as the team does not move.
func TestTodayIsTheWallCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSettings(t, roster.Date{})
		team := roster.Team{Settings: []roster.Settings{s}}
		at := time.Date(1970, 1, 3, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, int64(100*365*24*time.Hour)).Draw(t, "at")))
		if got, want := team.Today(at), roster.DateOf(at.In(s.Zone.Location())); got != want {
			t.Fatalf("Today(%v): got %s, want %s", at, got, want)
		}
	})
}
