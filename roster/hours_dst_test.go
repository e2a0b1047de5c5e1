package roster_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

// spans reads hours such as "22:00-06:00" on every day.
func spans(texts ...string) []roster.HourSpan {
	list := make([]roster.HourSpan, 0, len(texts))
	for _, s := range texts {
		list = append(list, roster.HourSpan{Days: roster.EveryDay, From: clock(s[:5]), To: clock(s[6:])})
	}
	return list
}

// hoursFor gives a role of the team hours from the start.
func hoursFor(team *roster.Team, role roster.RoleID, zoneName string, list ...roster.HourSpan) {
	h := roster.Hours{Spans: list}
	if zoneName != "" {
		h.Zone = zone(zoneName)
	}
	team.Hours = append(team.Hours, roster.RoleHours{Role: role, Versions: []roster.Hours{h}})
}

// TestHoursMinuteByMinute looks at every transition of 2020 to 2030 in every zone, with
// hours that cross midnight, lie in a gap of the clock or occur twice, and a second role in
// another zone. A reference that knows only what clocks on the wall show says for every
// minute around the transition which day's people are on duty; spans and resolver agree.
func TestHoursMinuteByMinute(t *testing.T) {
	t.Parallel()
	names := zoneNames(t)
	var changes, minutes atomic.Int64
	rules := map[string]bool{} // that are checked: many zones share theirs
	t.Run("zone", func(t *testing.T) {
		for _, name := range names {
			found := transitions(zone(name), 2020, 2030)
			changes.Add(int64(len(found)))
			r := rulesOf(zone(name), found)
			if rules[r] {
				continue
			}
			rules[r] = true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				team := teamIn(name, "09:00")
				hoursFor(team, "primary", "", spans("00:00-01:30", "02:00-02:30", "02:30-03:15", "22:00-00:00")...)
				hoursFor(team, "secondary", "America/New_York", spans("20:00-08:00")...)
				for _, change := range found {
					minutes.Add(checkHours(t, team, change))
				}
			})
		}
	})
	t.Logf("checked %d zones of %d rules, %d transitions, %d minutes", len(names), len(rules), changes.Load(), minutes.Load())
	if changes.Load() < 2000 {
		t.Errorf("transitions found: got %d, want thousands", changes.Load())
	}
}

// rulesOf says when a zone's clocks are changed, and to what: all that hours depend on.
func rulesOf(z roster.Zone, changes []time.Time) string {
	var b strings.Builder
	_, offset := instant("2020-01-01T00:00:00Z").In(z.Location()).Zone()
	fmt.Fprint(&b, offset)
	for _, change := range changes {
		_, offset := change.In(z.Location()).Zone()
		fmt.Fprint(&b, " ", change.Unix(), offset)
	}
	return b.String()
}

// checkHours compares OnDuty, OnCall and Called with the wall, around a transition.
func checkHours(t *testing.T, team *roster.Team, change time.Time) int64 {
	t.Helper()
	first := roster.DateOf(change.UTC()).AddDays(-3)
	start := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC)
	const days = 6
	// Each day is held by somebody of its own, so the answer names the day.
	dayOn := func(d roster.Date) roster.Day {
		who := roster.PersonID(d.String())
		return roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{"primary": who, "secondary": who}}
	}
	walls := map[roster.RoleID][]roster.PersonID{}
	for _, role := range team.Roles {
		wall := make([]roster.PersonID, days*24*60)
		hours := team.HoursOn(role.ID, first)
		clocks := wallClock(hours.Zone, start, len(wall))
		for d := first.AddDays(-2); !first.AddDays(days + 1).Before(d); d = d.AddDays(1) {
			for _, s := range hours.Spans {
				midnight := first.DaysUntil(d) * 24 * 60
				end := midnight + int(s.To)
				if s.To <= s.From {
					end += 24 * 60
				}
				for m, end := firstShowing(clocks, midnight+int(s.From)), firstShowing(clocks, end); m < end; m++ {
					if wall[m] != "" {
						t.Fatalf("%s: two days have the minute %s by the wall", role.ID, start.Add(time.Duration(m)*time.Minute))
					}
					wall[m] = roster.PersonID(d.String())
				}
			}
		}
		walls[role.ID] = wall
		got := make([]roster.PersonID, len(wall))
		for d := first.AddDays(-2); !first.AddDays(days + 1).Before(d); d = d.AddDays(1) {
			for _, s := range team.OnDuty(role.ID, d) {
				for at := s.Start; at.Before(s.End); at = at.Add(time.Minute) {
					if m := int(at.Sub(start) / time.Minute); m >= 0 && m < len(got) {
						if got[m] != "" {
							t.Fatalf("%s: %s is on duty on %s and %s", role.ID, at, got[m], d)
						}
						got[m] = roster.PersonID(d.String())
					}
				}
			}
		}
		for m := range wall {
			if got[m] != wall[m] {
				t.Fatalf("%s at %s: got the people of %q, want %q", role.ID, start.Add(time.Duration(m)*time.Minute), got[m], wall[m])
			}
		}
	}
	for m := 24 * 60; m < 5*24*60; m += 173 {
		checkResolver(t, team, start.Add(time.Duration(m)*time.Minute), m, walls, dayOn)
	}
	return days * 24 * 60
}

// checkResolver compares OnCall and Called at minute m with the walls.
func checkResolver(t *testing.T, team *roster.Team, at time.Time, m int, walls map[roster.RoleID][]roster.PersonID, dayOn func(roster.Date) roster.Day) {
	t.Helper()
	var called roster.PersonID
	for _, duty := range oncall.Duties(team, at, dayOn) {
		wall := walls[duty.Role.ID]
		if duty.Person != wall[m] || duty.Off != (wall[m] == "") {
			t.Fatalf("OnCall %s at %s: got %q, off duty %t; want %q", duty.Role.ID, at, duty.Person, duty.Off, wall[m])
		}
		if called == "" {
			called = duty.Person
		}
		end := m
		for end < len(wall) && wall[end] == wall[m] {
			end++
		}
		if until := int(duty.Until.Sub(at) / time.Minute); end < len(wall) && until != end-m {
			t.Fatalf("OnCall %s at %s: got %d minutes more, want %d", duty.Role.ID, at, until, end-m)
		}
	}
	if call := oncall.Called(team, at, dayOn); call.Person != called {
		t.Fatalf("Called at %s: got %q, want %q", at, call.Person, called)
	}
}

// wallClock is what clocks in a zone show in each minute from start on, as minutes since
// some midnight.
func wallClock(z roster.Zone, start time.Time, minutes int) []int {
	shown := make([]int, minutes)
	for m := range shown {
		_, offset := start.Add(time.Duration(m) * time.Minute).In(z.Location()).Zone()
		shown[m] = m + offset/60
	}
	return shown
}

// firstShowing is the first minute in which the clock shows the time or a later one; the
// ends of the wall if it lies beyond them.
func firstShowing(wall []int, c int) int {
	for m, shown := range wall {
		if shown >= c {
			return m
		}
	}
	return len(wall)
}
