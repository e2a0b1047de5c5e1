package roster_test

import (
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// TestTurnsOfHours: a day on which a role is off duty is nobody's turn, and who is away on a
// civil day that hours touch, on their own clocks, has no turn then.
func TestTurnsOfHours(t *testing.T) {
	t.Parallel()
	people, members := crew(3)
	team := rotating(rotation("turns", "primary", daily("2026-11-23", roster.EveryDay, members...)))
	if got, want := fill(team, people, "primary", "2026-11-23", "2026-12-04"), "abcabca bcabc"; got != want {
		t.Errorf("from hand-off to hand-off: got %s, want %s", got, want)
	}
	hoursFor(team, "primary", "", roster.HourSpan{Days: roster.MonToFri, From: clock("20:00"), To: clock("08:00")})
	if got, want := fill(team, people, "primary", "2026-11-23", "2026-12-04"), "abcab.. cabca"; got != want {
		t.Errorf("weekday nights: got %s, want %s", got, want)
	}
	// Away on Wednesday: Tuesday's night and Wednesday's touch it. B, whose turn Tuesday is, has the
	// first after.
	if got, want := fill(team, away(people, "b", "2026-11-25", "2026-11-25"), "primary", "2026-11-23", "2026-12-04"), "acabc.. abcab"; got != want {
		t.Errorf("with B away on Wednesday: got %s, want %s", got, want)
	}
	// The same in Los Angeles, where Tuesday's night is Tuesday from 11:00 to 23:00: only Wednesday's
	// touches Wednesday.
	abroad := away(people, "b", "2026-11-25", "2026-11-25")
	for i := range abroad {
		abroad[i].Zone = zone("America/Los_Angeles")
	}
	if got, want := fill(team, abroad, "primary", "2026-11-23", "2026-12-04"), "abcab.. cabca"; got != want {
		t.Errorf("with B away on Wednesday in Los Angeles: got %s, want %s", got, want)
	}
}

// TestFillOfHoursAsksTheSame: nobody whom a rotation puts on a seat is away on a day that its
// hours touch, as Collisions sees it, and a gap is one because everybody is.
func TestFillOfHoursAsksTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people, members := crew(3)
		for i := range people {
			people[i].Zone = rapid.SampledFrom([]roster.Zone{{}, zone("Pacific/Auckland"), zone("America/Los_Angeles")}).Draw(rt, "home")
			for range rapid.IntRange(0, 4).Draw(rt, "absences") {
				from := date("2026-11-16").AddDays(rapid.IntRange(0, 40).Draw(rt, "from"))
				people[i].Absences = append(people[i].Absences, roster.Absence{From: from, To: from.AddDays(rapid.IntRange(0, 5).Draw(rt, "lasts"))})
			}
		}
		team := rotating(rotation("turns", "primary", daily("2026-11-16", roster.EveryDay, members...)))
		team.Hours = []roster.RoleHours{{Role: "primary", Versions: []roster.Hours{someHours(rt, "primary")}}}
		from, to := date("2026-11-20"), date("2026-12-31")
		d := newDesk()
		plan := planning.Fill(d.input(team, people, from, to))
		d.apply(rt, plan.Edits(act("fill")))
		where := roster.WhereaboutsOf(people)
		if found := roster.Collisions(team, where, d.between(from, to)); len(found) > 0 {
			rt.Fatalf("somebody has a seat while away: %+v", found)
		}
		for _, seat := range plan.Seats {
			if !team.Serves(seat.Role, seat.Date) {
				rt.Fatalf("%v is in the plan, and off duty", seat.Seat)
			}
			if seat.Kind == planning.FillGap && len(seat.Why) != len(people) {
				rt.Fatalf("%v is a gap because of %v, want everybody away", seat.Seat, seat.Why)
			}
		}
	})
}
