package roster_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// Whoever leaves is on no day from then on, all others stay where they are, and filling
// just the gaps changes nothing else. Taken back, all is as it was: the days, and what
// the rotations give.
func TestDepartAndComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawWorld(t)
		d := newDesk()
		from, to := first.AddDays(rapid.IntRange(10, 30).Draw(t, "leaves")), first.AddDays(60)
		d.apply(t, planning.Fill(d.input(team, people, first, to)).Edits(act("fill")))
		gone := rapid.SampledFrom(people).Draw(t, "who").ID
		before := d.clone()

		departure := planning.Depart(team, gone, d.between(from, to))
		without := team.WithoutPerson(gone, from)
		d.apply(t, departure.Edits(act("leave")))
		gaps := map[roster.Seat]bool{}
		for _, seat := range departure.Seats {
			gaps[seat] = true
		}
		for _, day := range d.between(first, to) {
			was := before.day(day.Date)
			for _, role := range team.Roles {
				want := was.Assignments[role.ID]
				if want == gone && !day.Date.Before(from) {
					want = ""
				}
				if got := day.Assignments[role.ID]; got != want {
					t.Fatalf("%s of %s after %s left on %s: got %q, want %q", role.ID, day.Date, gone, from, got, want)
				}
				if gaps[roster.Seat{Date: day.Date, Role: role.ID}] != (was.Assignments[role.ID] == gone && !day.Date.Before(from)) {
					t.Fatalf("%s of %s: it is listed as a gap: %t", role.ID, day.Date, !gaps[roster.Seat{Date: day.Date, Role: role.ID}])
				}
			}
		}
		for _, c := range d.history[:len(departure.Seats)] {
			if c.Why != roster.WhyLeave || c.Date.Before(from) {
				t.Fatalf("got the change %+v, want one by leaving, from %s on", c, from)
			}
		}

		refill := d.input(&without, people, from, to)
		refill.Only = func(s roster.Seat) bool { return gaps[s] }
		plan := planning.Fill(refill)
		for _, s := range plan.Seats {
			if !gaps[s.Seat] || s.Will == gone || s.Was != "" {
				t.Fatalf("filling just the gaps: got %v, want one of them, and not %s", s, gone)
			}
		}

		d.undo(t, act("leave").Group, "undo of leaving")
		sameDays(t, d, before, "undo of leaving")
		back, _ := without.WithPersonBack(gone, from, from)
		if err := back.Validate(); err != nil {
			t.Fatalf("Validate of the team with %s back: got %v, want nil", gone, err)
		}
		is, was := newDesk(), newDesk()
		is.apply(t, planning.Fill(is.input(&back, people, first, to)).Edits(act("fill")))
		was.apply(t, planning.Fill(was.input(team, people, first, to)).Edits(act("fill")))
		sameDays(t, is, was, "the rotations with "+string(gone)+" back")
	})
}

// An active person is so until the day from which they are not.
func TestActiveOn(t *testing.T) {
	t.Parallel()
	p := roster.Person{Active: true, InactiveFrom: date("2026-12-01")}
	for on, want := range map[string]bool{"2026-11-30": true, "2026-12-01": false, "2027-01-01": false} {
		if got := p.ActiveOn(date(on)); got != want {
			t.Errorf("ActiveOn(%s): got %t, want %t", on, got, want)
		}
	}
	people, two := crew(2)
	people[1].InactiveFrom = date("2026-11-25")
	team := rotating(rotation("w", "primary", daily("2026-11-23", roster.EveryDay, two...)))
	if got, want := fill(team, people, "primary", "2026-11-23", "2026-11-27"), "abaaa"; got != want {
		t.Errorf("a fill over the day: got %s, want %s", got, want)
	}
}

// Whatever settings change to: if it is let through, every instant until now belongs to
// the day to which it belonged.
func TestKeepsServed(t *testing.T) {
	t.Parallel()
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		around := drawDate(t)
		before := drawTeam(t, around)
		now := before.ShiftOf(around).Start.Add(time.Duration(rapid.IntRange(-40*60, 40*60).Draw(t, "minutes")) * time.Minute)
		after, err := before.WithSettings(drawSettings(t, around.AddDays(rapid.IntRange(-4, 4).Draw(t, "from"))), around.AddDays(-5))
		if err != nil || after.Validate() != nil {
			t.Skip("not a change")
		}
		same := true
		for at := now.Add(-6 * 24 * time.Hour); !at.After(now); at = at.Add(10 * time.Minute) {
			same = same && before.DayAt(at) == after.DayAt(at)
		}
		same = same && before.DayAt(now) == after.DayAt(now)
		switch err := after.KeepsServed(&before, now); {
		case err == nil && !same:
			t.Fatal("KeepsServed: got nil, though served hours moved")
		case err != nil:
			refused++
		}
		if err := before.KeepsServed(&before, now); err != nil {
			t.Fatalf("KeepsServed of no change: got %v, want nil", err)
		}
	})
	if refused == 0 {
		t.Error("no change was refused; nothing was tested")
	}
}

// An edit of a day before today says why.
func TestCheckPast(t *testing.T) {
	t.Parallel()
	edit := roster.Edit{Days: []roster.DayEdit{{Day: roster.Day{Date: date("2026-11-23")}}, {Day: roster.Day{Date: date("2026-11-22")}}}}
	for today, refused := range map[string]bool{"2026-11-22": false, "2026-11-23": true, "2026-11-24": true} {
		if err := edit.CheckPast(date(today)); (err != nil) != refused {
			t.Errorf("today is %s: got %v, want it refused: %t", today, err, refused)
		}
	}
	edit.Reason = "Bo was ill"
	if err := edit.CheckPast(date("2026-12-01")); err != nil {
		t.Errorf("with a reason: got %v, want nil", err)
	}
}
