package roster_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// keep plans what a roster does by itself to be filled on these days.
func (d *desk) keep(team *roster.Team, people []roster.Person, from, to roster.Date) planning.FillPlan {
	in := d.input(team, people, from, to)
	in.SetBy = nil
	return planning.Keep(in, d.history)
}

// keepAct is the act of a plan, as whoever keeps the roster on that day makes it.
func keepAct(t interface{ Fatalf(string, ...any) }, team *roster.Team, plan planning.FillPlan, today roster.Date) roster.Act {
	act, err := plan.KeepAct(team, today, roster.Actor{Name: "roster"}, instant("2026-11-23T12:00:00Z"))
	if err != nil {
		t.Fatalf("KeepAct: got %v, want nil", err)
	}
	return act
}

// Whatever was done to a roster: keeping it filled only puts people on seats where nobody
// is and nobody ever was, or that somebody left; two who keep it at once, in whatever
// order their edits come, do it once; and once it is undone it is not done again.
func TestKeepFillsOnlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawWorld(t)
		team.KeepFilled = 6
		d := newDesk()
		var all []roster.PersonID
		for _, p := range people {
			all = append(all, p.ID)
		}
		if rapid.Bool().Draw(t, "filled before") {
			plan := planning.Fill(d.input(team, people, first, first.AddDays(rapid.IntRange(0, 40).Draw(t, "until"))))
			d.apply(t, plan.Edits(act("before")))
			if rapid.Bool().Draw(t, "and undone") {
				d.undo(t, act("before").Group, "undo of it")
			}
		}
		for range rapid.IntRange(0, 6).Draw(t, "by hand") {
			on := first.AddDays(rapid.IntRange(0, 50).Draw(t, "day"))
			role := rapid.SampledFrom([]roster.RoleID{"primary", "secondary"}).Draw(t, "role")
			if to := rapid.SampledFrom(append([]roster.PersonID{""}, all...)).Draw(t, "person"); to != d.day(on).Assignments[role] {
				d.set(t, on, role, to)
			}
		}
		left := map[roster.Seat]bool{}
		if rapid.Bool().Draw(t, "somebody left") {
			gone := rapid.SampledFrom(all).Draw(t, "who")
			departure := planning.Depart(team, gone, d.between(first, first.AddDays(60)))
			d.apply(t, departure.Edits(act("left")))
			for _, seat := range departure.Seats {
				left[seat] = true
			}
			gone2 := team.WithoutPerson(gone, first)
			team = &gone2
		}
		touched := map[roster.Seat]bool{}
		for _, c := range d.history {
			touched[c.Seat()] = true
		}
		before := d.clone()
		from, to, ok := team.KeepRange(first)
		if !ok || from != first || to != first.AddDays(41) {
			t.Fatalf("KeepRange: got %s to %s, %t, want six weeks from %s", from, to, ok, first)
		}
		plan := d.keep(team, people, from, to)
		mine := keepAct(t, team, plan, date("2026-11-23"))
		other := before.clone()
		others := other.keep(team, people, from, to).Edits(keepAct(t, team, other.keep(team, people, from, to), date("2026-11-23")))
		edits := plan.Edits(mine)
		for i, e := range edits {
			if e.Change != others[i].Change || e.Group != others[i].Group {
				t.Fatalf("two who make the same plan: got the edits %s and %s, want one", e.Change, others[i].Change)
			}
		}
		d.apply(t, edits)
		made := len(d.history)
		d.apply(t, others) // another instance comes second
		if len(d.history) != made {
			t.Fatalf("the same edits again: got %d changes, want %d", len(d.history), made)
		}
		for _, c := range d.history[:made-len(before.history)] {
			seat := c.Seat()
			if c.From != "" || c.To == "" || touched[seat] && !left[seat] || c.Why != roster.WhyRotation || c.Reason != "kept filled 6 weeks ahead" {
				t.Fatalf("got the change %+v, want only seats filled that nobody ever touched, and why", c)
			}
		}
		if again := d.keep(team, people, from, to); again.Changes() {
			t.Fatalf("once more: got %v, want nothing to do", again.Seats)
		}
		if len(edits) > 0 {
			d.undo(t, mine.Group, "undo of keeping")
			sameDays(t, d, before, "undo of keeping")
			if again := d.keep(team, people, from, to); again.Changes() {
				t.Fatalf("after the undo: got %v, want nothing to do", again.Edits(mine))
			}
			// Who wants it back fills by hand, and gets all of it.
			if again := planning.Fill(d.input(team, people, from, to)); again.Count(planning.FillFilled) < plan.Count(planning.FillFilled) {
				t.Fatalf("a fill after the undo: got %d filled, want %d", again.Count(planning.FillFilled), plan.Count(planning.FillFilled))
			}
		}
	})
}

// undo takes a group back.
func (d *desk) undo(t *rapid.T, group roster.ChangeID, name string) {
	mine := slices.DeleteFunc(slices.Clone(d.history), func(c roster.Change) bool { return c.Group != group })
	plan := planning.Undo(planning.UndoInput{Changes: mine, History: d.history, Days: d.day})
	if len(plan.Blocked) > 0 {
		t.Fatalf("%s: got %v, want nothing in the way", name, plan.Blocked[0].Error())
	}
	d.apply(t, plan.Edits(act(name)))
}

// between are the days from–to.
func (d *desk) between(from, to roster.Date) []roster.Day {
	var days []roster.Day
	for on := from; !to.Before(on); on = on.AddDays(1) {
		days = append(days, d.day(on))
	}
	return days
}

// Another plan, or another day, is another act; and an act is not newer than its changes.
func TestKeepAct(t *testing.T) {
	t.Parallel()
	people, three := crew(3)
	team := rotating(rotation("w", "primary", daily("2026-11-23", roster.EveryDay, three...)))
	team.KeepFilled = 1
	today := date("2026-11-23")
	d := newDesk()
	plan := d.keep(team, people, today, today.AddDays(6))
	first := keepAct(t, team, plan, today)
	if again := keepAct(t, team, plan, today); again != first {
		t.Errorf("the same plan: got %v, want %v", again, first)
	}
	if first.Reason != "kept filled 1 week ahead" {
		t.Errorf("the reason: got %q, want one week", first.Reason)
	}
	if !first.Group.MadeAt().Before(instant("2026-11-23T00:00:00Z").Add(-14 * 60 * 60 * 1e9)) {
		t.Errorf("the group's time: got %s, want one before the day begins anywhere", first.Group.MadeAt())
	}
	d.set(t, today, "primary", "a")
	if other := keepAct(t, team, d.keep(team, people, today, today.AddDays(6)), today); other.Group == first.Group {
		t.Error("another plan: got the same group")
	}
	for weeks, want := range map[int]bool{-1: false, 0: true, roster.MaxKeepFilled: true, roster.MaxKeepFilled + 1: false} {
		team.KeepFilled = weeks
		if err := team.Validate(); (err == nil) != want {
			t.Errorf("%d weeks: got %v, want it to be fine: %t", weeks, err, want)
		}
	}
}
