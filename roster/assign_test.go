package roster_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// primaries assigns the letters to the role primary, a day each, beginning with a date. Each is based on the
// day as the desk has it, unless unseen.
func primaries(d *desk, first, letters string, unseen bool) []planning.Assignment {
	var list []planning.Assignment
	for i, p := range ids(letters) {
		a := planning.Assignment{Seat: roster.Seat{Date: date(first).AddDays(i), Role: "primary"}, Person: p}
		if p == "." {
			a.Person = ""
		}
		if !unseen {
			a.BasedOn = new(d.day(a.Date).Revision)
		}
		list = append(list, a)
	}
	return list
}

func assign(d *desk, list []planning.Assignment) []planning.AssignEdit {
	return planning.Assign(planning.AssignInput{Assignments: list, Days: d.day, Careful: true, Why: roster.WhyEdit}, act("assign"))
}

// saveAssigned does with a plan what its comment says, up to so many edits, and tells
// what was in the way.
func saveAssigned(d *desk, plan []planning.AssignEdit, most int) []planning.StaleAssignment {
	var stale []planning.StaleAssignment
	for i, e := range plan {
		if i == most || len(stale) > 0 && len(e.Stale) == 0 {
			break
		}
		if d.save(e.Edit) != nil {
			stale = append(stale, e.Stale...)
		}
	}
	return stale
}

// Assignments across months are one group, can be cut off anywhere and asked for again,
// and are taken back as a whole.
func TestAssignAcrossMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := deskWith(t, "2026-12-28", "abcdefgh")
		asked := primaries(d, "2026-12-30", "xx.xx", rapid.Bool().Draw(rt, "the seats are free") && freed(t, d))
		if rapid.Bool().Draw(rt, "in another order") {
			slices.Reverse(asked)
		}
		before := d.line("primary", "2026-12-28", "2027-01-04")
		first := assign(d, asked)
		if len(first) != 2 || first[0].Group != first[1].Group || first[0].Change == first[1].Change {
			rt.Fatalf("got %v, want two edits of one group", first)
		}
		saveAssigned(d, first, rapid.IntRange(0, 2).Draw(rt, "saved"))
		for range rapid.IntRange(1, 3).Draw(rt, "asked for again") {
			if stale := saveAssigned(d, assign(d, asked), 2); len(stale) > 0 {
				rt.Fatalf("asked for again: got %v in the way, want nothing", stale)
			}
		}
		want := before[:2] + "xx.xx" + before[7:]
		if got := d.line("primary", "2026-12-28", "2027-01-04"); got != want {
			rt.Fatalf("after it: got %q, want %q", got, want)
		}
		undo := planning.Undo(planning.UndoInput{Changes: inGroup(d, act("assign").Group), History: d.history, Days: d.day})
		d.apply(rt, undo.Edits(act("undo")))
		if got := d.line("primary", "2026-12-28", "2027-01-04"); got != before {
			rt.Fatalf("after the undo: got %q, want %q", got, before)
		}
	})
}

// freed empties the days that the test of months asks for.
func freed(t *testing.T, d *desk) bool {
	t.Helper()
	for i := range 5 {
		d.set(t, date("2026-12-30").AddDays(i), "primary", "")
	}
	return true
}

// A day that changed since is in the way of everything; one that changed into what is
// asked for is not.
func TestAssignStale(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-12-28", "abcdefgh")
	asked := primaries(d, "2026-12-30", "xxxxx", false)
	d.set(t, date("2026-12-31"), "primary", "x")
	d.set(t, date("2027-01-02"), "primary", "y")
	plan := assign(d, asked)
	if got := plan[0].Month(); got != month("2027-01") {
		t.Errorf("the first edit: got %s, want 2027-01, which is in doubt", got)
	}
	stale := saveAssigned(d, plan, 2)
	if len(stale) != 1 || stale[0].Date != date("2027-01-02") || stale[0].Now.Assignments["primary"] != "y" || stale[0].Person != "x" {
		t.Fatalf("in the way: got %v, want 2 January with y there now", stale)
	}
	if got, want := d.line("primary", "2026-12-28", "2027-01-04"), "abcxeyg h"; got != want {
		t.Errorf("after the refusal: got %q, want %q", got, want)
	}
	// Seen anew, it can be asked for in the same act.
	for i, a := range asked {
		if a.Date == stale[0].Date {
			asked[i].BasedOn = &stale[0].Now.Revision
		}
	}
	if stale := saveAssigned(d, assign(d, asked), 2); len(stale) > 0 {
		t.Errorf("seen anew: got %v in the way, want nothing", stale)
	}
	if got, want := d.line("primary", "2026-12-28", "2027-01-04"), "abxxxxx h"; got != want {
		t.Errorf("after it: got %q, want %q", got, want)
	}
}

// Nobody is taken out of a seat that was not looked at, unless it is asked for without
// care; another change in the same act is no repeat.
func TestAssignUnseen(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-12-28", "ab.x")
	asked := primaries(d, "2026-12-28", "xxxx", true)
	stale := saveAssigned(d, assign(d, asked), 2)
	if len(stale) != 2 || stale[0].Date != date("2026-12-28") || stale[1].Date != date("2026-12-29") {
		t.Fatalf("in the way: got %v, want the two days that somebody has", stale)
	}
	if stale := saveAssigned(d, assign(d, asked[2:]), 2); len(stale) > 0 {
		t.Errorf("without these days: got %v in the way, want nothing", stale)
	}
	bold := planning.Assign(planning.AssignInput{Assignments: asked, Days: d.day, Why: roster.WhyEdit}, act("assign"))
	if stale := saveAssigned(d, bold, 2); len(stale) > 0 {
		t.Errorf("without care: got %v in the way, want nothing", stale)
	}
	if got, want := d.line("primary", "2026-12-28", "2026-12-31"), "xxxx"; got != want {
		t.Errorf("after it: got %q, want %q", got, want)
	}
	other := primaries(d, "2026-12-28", "zzzz", false)
	saveAssigned(d, assign(d, other), 2)
	if got, want := d.line("primary", "2026-12-28", "2026-12-31"), "zzzz"; got != want {
		t.Errorf("after something else in the same act: got %q, want %q", got, want)
	}
}
