package roster_test

import (
	"fmt"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// oldCrew is a team whose rotations, of all the people, began in 1970, and whose people have
// each as many absences as are kept.
func oldCrew(rotations, members, lasts int) (*roster.Team, []roster.Person) {
	first := date("1970-01-01")
	var people []roster.Person
	var ids []roster.PersonID
	for i := range members {
		p := roster.Person{ID: roster.PersonID(fmt.Sprint("p", i)), Name: fmt.Sprint("P ", i), Active: true}
		for j := range roster.MaxAbsences {
			from := first.AddDays(104*j + i)
			p.Absences = append(p.Absences, roster.Absence{From: from, To: from.AddDays(lasts)})
		}
		people, ids = append(people, p), append(ids, p.ID)
	}
	team := rotating()
	team.Roles = nil
	for i := range rotations {
		role := roster.RoleID(fmt.Sprint("role-", i))
		team.Roles = append(team.Roles, roster.Role{ID: role, Name: string(role)})
		team.Rotations = append(team.Rotations, rotation(string(role), role, daily("1970-01-01", roster.EveryDay, ids...)))
	}
	return team, people
}

// A fill follows the rotations from their first days on. However long that is, and however
// often people are away, it takes a moment. On an idle machine these take 50 and 700 ms; the
// bound leaves room for a busy one. Before absences were found by their days, the first took
// 43 s, and the second minutes.
func TestFillOfAnOldTeam(t *testing.T) {
	from := date("2026-11-23")
	for _, c := range []struct {
		name                      string
		rotations, members, lasts int
	}{
		{"eight rotations, often away", 8, 60, 2},
		{"sixteen rotations, always away", roster.MaxRotations, roster.MaxRotationPeople, 104},
	} {
		team, people := oldCrew(c.rotations, c.members, c.lasts)
		in := newDesk().input(team, people, from, from.AddDays(731))
		begun := time.Now()
		plan := planning.Fill(in)
		took := time.Since(begun)
		t.Logf("%s: %d seats in %s", c.name, len(plan.Seats), took)
		if len(plan.Seats) != 732*c.rotations || took > 10*time.Second {
			t.Errorf("%s: got %d seats in %s, want %d within 10 s", c.name, len(plan.Seats), took, 732*c.rotations)
		}
		for _, seat := range plan.Seats {
			if len(seat.Why)+seat.Others != 0 && (seat.Kind != planning.FillGap || len(seat.Why) > 10 || len(seat.Why)+seat.Others != c.members) {
				t.Fatalf("%s: %v names %d and counts %d, want at most 10 named of %d", c.name, seat.Seat, len(seat.Why), seat.Others, c.members)
			}
		}
	}
}

// A fill whose time is over stops at once.
func TestFillStops(t *testing.T) {
	team, people := oldCrew(1, 3, 2)
	asked := 0
	in := newDesk().input(team, people, date("2026-11-23"), date("2026-12-23"))
	in.Ended = func() bool { asked++; return true }
	if plan := planning.Fill(in); len(plan.Seats) != 0 || asked != 1 {
		t.Errorf("got %d seats after asking %d times, want none after once", len(plan.Seats), asked)
	}
}
