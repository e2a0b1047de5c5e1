package worked

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func instant(s string) time.Time { return must(time.Parse(time.RFC3339, s)) }
func zone(s string) roster.Zone  { return must(roster.ParseZone(s)) }
func at(from, to string) roster.Shift {
	return roster.Shift{Start: instant(from), End: instant(to)}
}

func someTeam() *roster.Team {
	return &roster.Team{Holidays: []roster.Holiday{{Date: must(roster.ParseDate("2026-12-25")), Name: "Christmas"}}}
}

func TestHours(t *testing.T) {
	t.Parallel()
	berlin := NewCalendar(someTeam(), zone("Europe/Berlin"), zone("Europe/Berlin"))
	abroad := NewCalendar(someTeam(), zone("America/New_York"), zone("Europe/Berlin"))
	for _, tc := range []struct {
		name string
		c    Calendar
		roster.Shift
		want Hours
	}{
		{"a day on a weekday", berlin, at("2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"), Hours{Total: 24 * time.Hour, Night: 8 * time.Hour}},
		{"a day that ends the weekend", berlin, at("2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"), Hours{Total: 24 * time.Hour, Night: 8 * time.Hour, Weekend: 15 * time.Hour}},
		{"the night that is an hour longer", berlin, at("2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"), Hours{Total: 9 * time.Hour, Night: 9 * time.Hour, Weekend: 9 * time.Hour}},
		{"the night that is an hour shorter", berlin, at("2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"), Hours{Total: 7 * time.Hour, Night: 7 * time.Hour, Weekend: 7 * time.Hour}},
		{"a holiday of the team", berlin, at("2026-12-24T20:00:00Z", "2026-12-25T23:00:00Z"), Hours{Total: 27 * time.Hour, Night: 10 * time.Hour, Holidays: 24 * time.Hour}},
		{"night is where the person lives", abroad, at("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z"), Hours{Total: 8 * time.Hour, Night: 3 * time.Hour}},
	} {
		if got := tc.c.Of(tc.Shift); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

// TestHoursByTheMinute holds sums against a walk that looks at the clock on the wall each
// minute, around changes of clocks: nothing counts twice, nothing is dropped.
func TestHoursByTheMinute(t *testing.T) {
	t.Parallel()
	homes := []string{"UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu", "Africa/Casablanca"}
	rates := roster.Rates{Currency: "EUR", Hour: 100, Night: 250, Weekend: 180, Holiday: 333}
	rapid.Check(t, func(rt *rapid.T) {
		home := zone(rapid.SampledFrom(homes).Draw(rt, "home"))
		c := NewCalendar(someTeam(), home, zone("Europe/Berlin"))
		start := instant("2026-01-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(rt, "start")) * time.Minute)
		end := start.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(rt, "minutes")) * time.Minute)
		var want Hours
		var pay roster.Amount // in hundredths, times minutes of an hour
		for m := start; m.Before(end); m = m.Add(time.Minute) {
			one, rate := Hours{Total: time.Minute}, rates.Hour
			wall := m.In(home.Location())
			if wall.Hour() >= 22 || wall.Hour() < 6 {
				one.Night, rate = time.Minute, max(rate, rates.Night)
			}
			if wall.Weekday() == time.Saturday || wall.Weekday() == time.Sunday {
				one.Weekend, rate = time.Minute, max(rate, rates.Weekend)
			}
			if team := m.In(zone("Europe/Berlin").Location()); team.Month() == time.December && team.Day() == 25 {
				one.Holidays, rate = time.Minute, max(rate, rates.Holiday)
			}
			want = want.Plus(one)
			pay += rate
		}
		if got := c.Of(roster.Shift{Start: start, End: end}); got != want {
			rt.Fatalf("%s to %s in %s: got %+v, want %+v", start, end, home, got, want)
		}
		var sum Pay
		middle := start.Add(end.Sub(start) / 3)
		sum.Add(c, roster.Shift{Start: middle, End: end}, rates)
		sum.Add(c, roster.Shift{Start: start, End: middle}, rates)
		if got, want := sum.Amount(), (pay+30)/60; got != want {
			rt.Fatalf("pay: got %d, want %d", got, want)
		}
	})
}
