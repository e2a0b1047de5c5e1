package roster_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

// TestStripIsTheResolver holds strips of random teams against the resolver, instant by instant.
func TestStripIsTheResolver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		team := teamIn(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Apia"}).Draw(rt, "zone"), rapid.SampledFrom([]string{"00:00", "09:00", "23:30"}).Draw(rt, "hand-off"))
		for _, role := range team.Roles {
			if rapid.Bool().Draw(rt, "has hours") {
				team.Hours = append(team.Hours, roster.RoleHours{Role: role.ID, Versions: []roster.Hours{someHours(rt, string(role.ID))}})
			}
		}
		people := rapid.SliceOfN(rapid.SampledFrom([]roster.PersonID{"", "ana", "bo"}), 90, 90)
		dayOn := plan{"primary": people.Draw(rt, "primary"), "secondary": people.Draw(rt, "secondary")}.days("2026-10-01")
		start := instant("2026-10-20T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 10*24*60).Draw(rt, "start")) * time.Minute)
		whole := roster.Shift{Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 8*24).Draw(rt, "hours")) * time.Hour)}
		from, to := oncall.StripSpan(team, whole)
		strip := oncall.StripOf(team, whole, func(d roster.Date) roster.Day {
			if d.Before(from) || to.Before(d) {
				rt.Fatalf("asked for %s, want days from %s to %s", d, from, to)
			}
			return dayOn(d)
		})
		at := whole.Start
		for _, called := range strip.Called {
			if !called.Start.Equal(at) || !called.End.After(at) {
				rt.Fatalf("got %s to %s, want it to begin at %s and to last", called.Start, called.End, at)
			}
			at = called.End
		}
		if !at.Equal(whole.End) {
			rt.Fatalf("the last ends at %s, want %s", at, whole.End)
		}
		for at := whole.Start; at.Before(whole.End); at = at.Add(47 * time.Minute) {
			want := oncall.Called(team, at, dayOn)
			for _, called := range strip.Called {
				if called.Contains(at) && (called.Person != want.Person || called.Role != want.Role) {
					rt.Fatalf("%s: got %s as %s, want %s as %s", at, called.Person, called.Role, want.Person, want.Role)
				}
			}
			for i, duty := range oncall.Duties(team, at, dayOn) {
				off, person := true, roster.PersonID("")
				for _, h := range strip.Roles[i].Times {
					if h.Contains(at) {
						off, person = false, h.Person
					}
				}
				if off != duty.Off || person != duty.Person {
					rt.Fatalf("%s at %s: got %q, off duty %t, want %q, %t", duty.Role.ID, at, person, off, duty.Person, duty.Off)
				}
			}
		}
	})
}

// TestWeekShowsWhatNobodyCovers draws hours before anybody serves: day and night without Sunday.
func TestWeekShowsWhatNobodyCovers(t *testing.T) {
	t.Parallel()
	team := teamIn("Europe/Berlin", "09:00")
	weekdays := roster.EveryDay &^ roster.WeekdaysOf(roster.Sunday)
	hoursFor(team, "primary", "", roster.HourSpan{Days: weekdays, From: clock("08:00"), To: clock("20:00")})
	hoursFor(team, "secondary", "", roster.HourSpan{Days: weekdays, From: clock("20:00"), To: clock("08:00")})
	week := oncall.Week(team, date("2026-11-23"))
	var uncovered []string
	for _, c := range week.Called {
		if c.Person == "" {
			uncovered = append(uncovered, c.Start.Format("Mon 15:04")+"–"+c.End.Format("Mon 15:04"))
		}
	}
	// Of the night before Monday, Sunday has none; that of Saturday lasts until Sunday 08:00.
	if len(uncovered) != 2 || uncovered[0] != "Mon 00:00–Mon 08:00" || uncovered[1] != "Sun 08:00–Mon 00:00" {
		t.Errorf("uncovered: got %q, want Monday until 08:00 and Sunday from 08:00 on", uncovered)
	}
	if got := week.End.Sub(week.Start); got != 7*24*time.Hour || len(week.Roles[0].Times) != 6 {
		t.Errorf("got a week of %s with %d days of primary, want 168 h and six", got, len(week.Roles[0].Times))
	}
}
