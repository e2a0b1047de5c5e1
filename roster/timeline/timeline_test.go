package timeline_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"dailyroster/roster"
	"dailyroster/roster/timeline"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func date(s string) roster.Date { return must(roster.ParseDate(s)) }

func newTeam(zone string, roles ...string) *roster.Team {
	team := &roster.Team{ID: "t", Name: "T", Settings: []roster.Settings{{Zone: must(roster.ParseZone(zone)), HandOff: roster.DefaultHandOff}}}
	for _, r := range roles {
		team.Roles = append(team.Roles, roster.Role{ID: roster.RoleID(r), Name: r})
	}
	return team
}

func hours(team *roster.Team, role, zone, spans string) {
	h := roster.Hours{Spans: must(roster.ParseHourSpans(spans))}
	if zone != "" {
		h.Zone = must(roster.ParseZone(zone))
	}
	team.Hours = append(team.Hours, roster.RoleHours{Role: roster.RoleID(role), Versions: []roster.Hours{h}})
}

// The sun never sets: three roles of eight hours leave nothing uncovered, in any week.
func TestWeekFollowsTheSun(t *testing.T) {
	t.Parallel()
	team := newTeam("UTC", "apac", "emea", "amer")
	hours(team, "apac", "", "00:00-08:00")
	hours(team, "emea", "", "08:00-16:00")
	hours(team, "amer", "", "16:00-00:00")
	week := timeline.Week(team, date("2026-11-26"))
	if len(week.Uncovered) > 0 || week.Hours() != 7*24*time.Hour || week.Start.Weekday() != time.Monday {
		t.Errorf("got %v from %v, uncovered %v", week.Hours(), week.Start, week.Uncovered)
	}
	for i, lane := range week.Lanes {
		if len(lane.Blocks) != 7 {
			t.Errorf("lane %d: got %d blocks, want one a day", i, len(lane.Blocks))
		}
	}
}

// Business hours leave nights and the weekend uncovered; the week of the change of clocks has an
// hour more.
func TestWeekOfBusinessHours(t *testing.T) {
	t.Parallel()
	team := newTeam("Europe/Berlin", "desk")
	hours(team, "desk", "", "mon-fri 09:00-17:00")
	for day, whole := range map[string]time.Duration{"2026-11-25": 168 * time.Hour, "2026-10-21": 169 * time.Hour, "2026-03-29": 167 * time.Hour} {
		week := timeline.Week(team, date(day))
		if week.Hours() != whole || week.Covered() != 40*time.Hour || len(week.Uncovered) != 6 {
			t.Errorf("%s: got %v, covered %v, uncovered %v", day, week.Hours(), week.Covered(), week.Uncovered)
		}
	}
}

// A team without hours is on duty from hand-off to hand-off: one block for the whole week.
func TestWeekWithoutHours(t *testing.T) {
	t.Parallel()
	week := timeline.Week(newTeam("Asia/Tokyo", "primary"), date("2026-11-25"))
	if len(week.Lanes[0].Blocks) != 1 || len(week.Uncovered) > 0 {
		t.Errorf("got %v", week)
	}
}

// Who holds a role shows, days in a row of one person are one block, and what nobody holds is
// uncovered although the role is on duty.
func TestComing(t *testing.T) {
	t.Parallel()
	team := newTeam("UTC", "day", "night")
	hours(team, "day", "", "08:00-20:00")
	hours(team, "night", "", "20:00-08:00")
	held := map[string]map[roster.RoleID]roster.PersonID{
		"2026-11-27": {"night": "bo"},
		"2026-11-28": {"day": "ana"},
		"2026-11-29": {"day": "ana", "night": "cy"},
	}
	at := must(time.Parse(time.RFC3339, "2026-11-28T06:00:00Z"))
	line := timeline.Coming(team, at, 48*time.Hour, func(d roster.Date) roster.Day {
		return roster.Day{Date: d, Assignments: held[d.String()]}
	})
	if day := line.Lanes[0].Blocks; len(day) != 2 || day[0].Person != "ana" || day[0].Hours() != 12*time.Hour {
		t.Errorf("day: got %v", day)
	}
	night := line.Lanes[1].Blocks
	if len(night) != 3 || night[0].Person != "bo" || night[0].Hours() != 2*time.Hour || night[1].Person != "" || night[2].Person != "cy" {
		t.Errorf("night: got %v", night)
	}
	if len(line.Uncovered) != 1 || line.Uncovered[0].Hours() != 12*time.Hour || line.Covered() != 36*time.Hour {
		t.Errorf("uncovered: got %v", line.Uncovered)
	}
}
