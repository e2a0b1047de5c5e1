package roster_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/roster/tally"
)

// someHours draws hours that are valid: spans of a week that do not overlap.
func someHours(rt *rapid.T, label string) roster.Hours {
	h := roster.Hours{Zone: zone(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"}).Draw(rt, label+" zone"))}
	at := 0
	for range rapid.IntRange(0, 4).Draw(rt, label+" spans") {
		from := at + rapid.IntRange(0, 300).Draw(rt, label+" pause")
		to := from + rapid.IntRange(1, 300).Draw(rt, label+" length")
		if to > 24*60 {
			break
		}
		at = to
		h.Spans = append(h.Spans, roster.HourSpan{
			Days: roster.Weekdays(rapid.IntRange(1, int(roster.EveryDay)).Draw(rt, label+" days")),
			From: roster.ClockTime(from), To: roster.ClockTime(to % (24 * 60)),
		})
	}
	return h
}

// TestTimeAddsUp holds sums of random hours against each other: what is covered and what is
// not are all of the time, and what people hold and the gaps are the hours of the role.
func TestTimeAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		team := teamIn(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Havana"}).Draw(rt, "zone"), "09:00")
		for _, role := range team.Roles {
			if rapid.Bool().Draw(rt, "has hours") {
				team.Hours = append(team.Hours, roster.RoleHours{Role: role.ID, Versions: []roster.Hours{someHours(rt, string(role.ID))}})
			}
		}
		if err := team.Validate(); err != nil {
			rt.Fatal(err)
		}
		first := date("2026-03-01").AddDays(rapid.IntRange(0, 300).Draw(rt, "first"))
		days := make([]roster.Day, rapid.IntRange(1, 20).Draw(rt, "days"))
		for i := range days {
			days[i] = roster.Day{Date: first.AddDays(i), Assignments: map[roster.RoleID]roster.PersonID{}}
			for _, role := range team.Roles {
				if who := rapid.SampledFrom([]roster.PersonID{"", "ana", "bo"}).Draw(rt, "who"); who != "" {
					days[i].Assignments[role.ID] = who
				}
			}
		}
		got := tally.TimeCoverageOf(team, nil, days)
		var uncovered time.Duration
		for _, u := range got.Uncovered {
			uncovered += u.Hours()
		}
		if whole := team.ShiftOf(days[len(days)-1].Date).End.Sub(team.ShiftOf(first).Start); got.Team.Held+uncovered != whole || got.Team.OnDuty != whole {
			rt.Fatalf("covered %s and uncovered %s: want %s in all", got.Team.Held, uncovered, whole)
		}
		for i, role := range team.Roles {
			var onDuty, gaps time.Duration
			for _, d := range days {
				for _, s := range team.OnDuty(role.ID, d.Date) {
					onDuty += s.Hours()
				}
			}
			for _, g := range got.Gaps {
				if g.Role == role.ID {
					gaps += g.Hours()
				}
			}
			if r := got.Roles[i]; r.OnDuty != onDuty || r.Held+gaps != onDuty {
				rt.Fatalf("%s: got %s held and %s gaps of %s; want %s", role.ID, r.Held, gaps, r.OnDuty, onDuty)
			}
		}
		homes := func(id roster.PersonID) roster.Zone {
			return map[roster.PersonID]roster.Zone{"ana": zone("Asia/Tokyo")}[id]
		}
		team.Rates = roster.Rates{Currency: "EUR", Hour: 100, Night: 200, Weekend: 300, Holiday: 400}
		periods := tally.MonthPeriods(first, days[len(days)-1].Date)
		var people, paid, held time.Duration
		for _, row := range tally.FairnessByHour(team, days, periods, homes).Rows {
			people += row.TotalHours.Total
		}
		for _, row := range tally.PayOf(team, days, periods, homes).Rows {
			paid += row.TotalHours.Total
			if least, most := int64(row.TotalHours.Total)*100/int64(time.Hour), int64(row.TotalHours.Total)*300/int64(time.Hour); int64(row.TotalAmount) < least-1 || int64(row.TotalAmount) > most+2 {
				rt.Fatalf("%s for %s: got %s, want %d to %d hundredths", row.Person, row.TotalHours.Total, row.TotalAmount, least, most)
			}
		}
		for _, r := range got.Roles {
			held += r.Held
		}
		if people != held || paid != held {
			rt.Fatalf("got %s of people and %s paid, want the %s that are held", people, paid, held)
		}
		for at := team.ShiftOf(first).Start; at.Before(team.ShiftOf(days[len(days)-1].Date).Start); at = at.Add(7 * time.Hour) {
			called := oncall.Called(team, at, roster.ByDate(days)).Person
			inside := false
			for _, u := range got.Uncovered {
				inside = inside || u.Contains(at)
			}
			// Days before the first are not known here, so their nights count as uncovered.
			if called == "" != inside && team.DayAt(at) != first {
				rt.Fatalf("%s: got %q called, uncovered %t", at, called, inside)
			}
		}
	})
}

// threeZones follows the sun with eight hours in each of three places.
func threeZones() *roster.Team {
	team := teamIn("UTC", "00:00")
	team.Roles = []roster.Role{{ID: "apac", Name: "APAC"}, {ID: "emea", Name: "EMEA"}, {ID: "amer", Name: "Americas"}}
	hoursFor(team, "apac", "UTC", spans("00:00-08:00")...)
	hoursFor(team, "emea", "UTC", spans("08:00-16:00")...)
	hoursFor(team, "amer", "UTC", spans("16:00-00:00")...)
	return team
}

func TestFollowTheSun(t *testing.T) {
	t.Parallel()
	team := threeZones()
	dayOn := plan{"apac": repeat("kai", 40), "emea": repeat("ana", 40), "amer": repeat("joe", 40)}.days("2026-11-20")
	for _, tc := range []struct{ at, role, person, until, next string }{
		{"2026-11-24T00:00:00Z", "apac", "kai", "2026-11-24T08:00:00Z", "ana"},
		{"2026-11-24T07:59:59Z", "apac", "kai", "2026-11-24T08:00:00Z", "ana"},
		{"2026-11-24T08:00:00Z", "emea", "ana", "2026-11-24T16:00:00Z", "joe"},
		{"2026-11-24T23:59:59Z", "amer", "joe", "2026-11-25T00:00:00Z", "kai"},
	} {
		got := oncall.Called(team, instant(tc.at), dayOn)
		want := oncall.Call{Role: roster.RoleID(tc.role), Person: roster.PersonID(tc.person), Until: instant(tc.until), Next: roster.PersonID(tc.next)}
		if got.Role != want.Role || got.Person != want.Person || got.Next != want.Next || got.Open || !got.Until.Equal(want.Until) {
			t.Errorf("Called(%s): got %+v, want %+v", tc.at, got, want)
		}
	}
	duties := oncall.Duties(team, instant("2026-11-24T09:00:00Z"), dayOn)
	if d := duties[0]; !d.Off || d.Person != "" || d.Next != "kai" || !d.NextFrom.Equal(instant("2026-11-25T00:00:00Z")) || d.Date != date("2026-11-25") {
		t.Errorf("apac off duty: got %+v", d)
	}
	if d := duties[1]; d.Off || d.Person != "ana" || d.Next != "ana" || !d.Until.Equal(instant("2026-11-24T16:00:00Z")) || !d.NextFrom.Equal(instant("2026-11-25T08:00:00Z")) {
		t.Errorf("emea on duty: got %+v", d)
	}
}

func TestBusinessHoursHaveNoWeekend(t *testing.T) {
	t.Parallel()
	team := teamIn("Europe/Berlin", "09:00")
	hoursFor(team, "primary", "", roster.HourSpan{Days: roster.MonToFri, From: clock("09:00"), To: clock("17:00")})
	dayOn := plan{"primary": repeat("ana", 40)}.days("2026-11-20")
	if got := oncall.Called(team, instant("2026-11-27T17:00:00Z"), dayOn); got.Person != "" || got.Next != "ana" || !got.Until.Equal(instant("2026-11-30T08:00:00Z")) {
		t.Errorf("Called on a Friday evening: got %+v, want nobody until Monday 09:00", got)
	}
}

func TestHoursRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		hours roster.RoleHours
		want  string
	}{
		{"overlap", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{Spans: spans("08:00-20:00", "19:00-23:00")}}}, "roles.0.hours.0.spans.1: mon-sun 08:00-20:00 and mon-sun 19:00-23:00 overlap"},
		{"overlap into the next day", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{Spans: spans("20:00-08:00", "07:59-09:00")}}}, "overlap"},
		{"overlap around the week", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{Spans: []roster.HourSpan{
			{Days: roster.WeekdaysOf(roster.Sunday), From: clock("20:00"), To: clock("08:00")},
			{Days: roster.WeekdaysOf(roster.Monday), From: clock("07:00"), To: clock("09:00")},
		}}}}, "overlap"},
		{"no days", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{Spans: []roster.HourSpan{{From: clock("08:00"), To: clock("09:00")}}}}}, "roles.0.hours.0.spans.0.days: name the days of the week"},
		{"too many on a day", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{Spans: spans("01:00-02:00", "03:00-04:00", "05:00-06:00", "07:00-08:00", "09:00-10:00")}}}, "roles.0.hours.0.spans.4.days: at most 4"},
		{"out of order", roster.RoleHours{Role: "primary", Versions: []roster.Hours{{From: date("2026-02-01")}, {From: date("2026-01-01")}}}, "roles.0.hours.1.from: hours are in order of their dates"},
	} {
		team := teamIn("UTC", "09:00")
		team.Hours = []roster.RoleHours{tc.hours}
		if err := team.Validate(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want something of %q", tc.name, err, tc.want)
		}
	}
	gone := teamIn("UTC", "09:00")
	hoursFor(gone, "tertiary", "", spans("08:00-20:00")...)
	if err := gone.Validate(); err != nil || gone.Hours != nil {
		t.Errorf("hours of a role that the team does not have: got %v, %v, want them gone", gone.Hours, err)
	}
	whole := teamIn("UTC", "09:00")
	hoursFor(whole, "primary", "", spans("20:00-08:00", "08:00-20:00")...)
	if err := whole.Validate(); err != nil {
		t.Errorf("spans that meet: got %v, want them allowed", err)
	}
}

// TestHoursServedStay refuses hours that would change who answered for time that is over.
func TestHoursServedStay(t *testing.T) {
	t.Parallel()
	team := teamIn("UTC", "09:00")
	now := instant("2026-11-24T12:00:00Z")
	for _, tc := range []struct {
		from    string
		list    []roster.HourSpan
		refused bool
	}{
		{"2026-11-23", spans("08:00-20:00"), true},  // a day before today
		{"2026-11-24", spans("08:00-20:00"), true},  // takes an hour from yesterday's people
		{"2026-11-24", spans("09:00-12:00"), false}, // the same so far
		{"2026-11-25", spans("08:00-20:00"), false},
	} {
		changed, err := team.WithHours("primary", roster.Hours{From: date(tc.from), Spans: tc.list}, date("2026-11-24"))
		if err == nil {
			err = changed.KeepsServed(team, now)
		}
		if refused := err != nil; refused != tc.refused {
			t.Errorf("%s %v: got %v, want refused %t", tc.from, tc.list, err, tc.refused)
		}
	}
}
