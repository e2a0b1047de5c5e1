package roster_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

func seat(day string, role roster.RoleID) roster.Seat {
	return roster.Seat{Date: date(day), Role: role}
}

// deskWith has these holders of primary on the days from the first on.
func deskWith(t *testing.T, first, primaries string) *desk {
	t.Helper()
	d := newDesk()
	for i, p := range ids(primaries) {
		if p != "." {
			d.set(t, date(first).AddDays(i), "primary", p)
		}
	}
	return d
}

// A swap across a month's end is made, finished by someone else when only half of it was
// saved, and made again without harm.
func TestSwapAcrossMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := deskWith(t, "2026-12-28", "abcdefgh")
		x := roster.Swap(act("swap").Group, seat("2026-12-30", "primary"), seat("2027-01-02", "primary"), d.day)
		people, _ := crew(8)
		if err := x.Check(agreeFirst(), roster.WhereaboutsOf(people), d.day); err != nil {
			rt.Fatalf("Check: got %v, want nil", err)
		}
		first, err := x.Edits(act("whatever"), d.day)
		if err != nil || len(first) != 2 || first[0].Group != x.Group || first[1].Group != x.Group || first[0].Why != roster.WhySwap {
			rt.Fatalf("Edits: got %v, %v, want two of the group", first, err)
		}
		// The process dies somewhere; whoever finds the exchange finishes it, perhaps twice.
		d.apply(rt, first[:rapid.IntRange(0, 2).Draw(rt, "saved")])
		for range rapid.IntRange(1, 3).Draw(rt, "finished") {
			rest, err := x.Edits(act("another"), d.day)
			if err != nil {
				rt.Fatalf("Edits, to finish it: got %v, want nil", err)
			}
			d.apply(rt, rest)
		}
		d.apply(rt, first)
		if got, want := d.line("primary", "2026-12-28", "2027-01-04"), "abfdecg h"; got != want {
			rt.Fatalf("after the swap: got %s, want %s", got, want)
		}
		undo := planning.Undo(planning.UndoInput{Changes: inGroup(d, x.Group), History: d.history, Days: d.day})
		d.apply(rt, undo.Edits(act("undo")))
		if got, want := d.line("primary", "2026-12-28", "2027-01-04"), "abcdefg h"; got != want {
			rt.Fatalf("after its undo: got %s, want %s", got, want)
		}
	})
}

func inGroup(d *desk, group roster.ChangeID) []roster.Change {
	return slices.DeleteFunc(slices.Clone(d.history), func(c roster.Change) bool { return c.Group != group })
}

func TestExchangeWithinADayAndAMonth(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "abc.")
	d.set(t, date("2026-11-23"), "secondary", "b")
	for i, x := range []roster.Exchange{
		roster.Swap(act("1").Group, seat("2026-11-23", "primary"), seat("2026-11-23", "secondary"), d.day),
		roster.Swap(act("2").Group, seat("2026-11-24", "primary"), seat("2026-11-25", "primary"), d.day),
		roster.Give(act("3").Group, seat("2026-11-26", "primary"), "e", d.day),
	} {
		edits, err := x.Edits(act(""), d.day)
		if err != nil || len(edits) != 1 {
			t.Fatalf("exchange %d: got %v, %v, want one edit", i, edits, err)
		}
		if err := d.save(edits[0]); err != nil {
			t.Fatalf("save %d: got %v, want nil", i, err)
		}
	}
	if got, want := d.line("primary", "2026-11-23", "2026-11-26"), "bcbe"; got != want {
		t.Errorf("primary: got %s, want %s", got, want)
	}
	if got, want := d.line("secondary", "2026-11-23", "2026-11-23"), "a"; got != want {
		t.Errorf("secondary: got %s, want %s", got, want)
	}
}

func TestExchangeRefused(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "abc.a")
	d.set(t, date("2026-11-23"), "secondary", "c")
	people, _ := crew(5)
	people = away(people, "b", "2026-11-23", "2026-11-23")
	people[4].Active = false
	mon, tue, wed, fri := seat("2026-11-23", "primary"), seat("2026-11-24", "primary"), seat("2026-11-25", "primary"), seat("2026-11-27", "primary")
	tests := []struct {
		name string
		x    roster.Exchange
		want string
	}{
		{"with who is away", roster.Swap("", mon, tue, d.day), "primary of 2026-11-23 cannot pass to b: b is away"},
		{"with who has the other role", roster.Swap("", mon, wed, d.day), "primary of 2026-11-23 cannot pass to c: c has secondary that day"},
		{"with oneself", roster.Swap("", mon, fri, d.day), "nothing would change"},
		{"a seat with itself", roster.Swap("", mon, mon, d.day), "nothing would change"},
		{"to who is not active", roster.Give("", tue, "e", d.day), "primary of 2026-11-24 cannot pass to e: e is not active"},
		{"to nobody who is known", roster.Give("", tue, "zz", d.day), "primary of 2026-11-24 cannot pass to zz: zz is not active"},
		{"an empty seat to nobody", roster.Give("", seat("2026-11-26", "primary"), "", d.day), "nothing would change"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.x.Check(agreeFirst(), roster.WhereaboutsOf(people), d.day)
			if refused, ok := errors.AsType[*roster.RefusedMove](err); !ok || refused.Error() != tt.want {
				t.Errorf("Check: got %v, want %s", err, tt.want)
			}
		})
	}
	x := roster.Swap(act("swap").Group, tue, wed, d.day)
	d.set(t, wed.Date, "primary", "d")
	if edits, err := x.Edits(act(""), d.day); err == nil || err.Error() != `primary of 2026-11-25 is no longer held by c but by d` || edits != nil {
		t.Errorf("Edits after someone else's: got %v, %v, want it refused", edits, err)
	}
}

// Undo of any group of edits, after any others, restores what it changed exactly, or
// names what stands in the way and changes nothing.
func TestUndo(t *testing.T) {
	t.Parallel()
	person := rapid.SampledFrom([]roster.PersonID{"", "a", "b", "c"})
	note := rapid.SampledFrom([]string{"", "fair", "moving"})
	first := date("2026-12-29") // three days of one month, three of the next
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		edit := func(name string, group roster.ChangeID) map[roster.Seat]bool {
			touched := map[roster.Seat]bool{}
			byMonth := map[roster.Month][]roster.DayEdit{}
			for _, i := range rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(t, "days")[:rapid.IntRange(1, 4).Draw(t, "n")] {
				day := d.day(first.AddDays(i))
				want := roster.Day{Date: day.Date, Assignments: held{}, Note: day.Note}
				for _, role := range []roster.RoleID{"primary", "secondary"} {
					if p := day.Assignments[role]; p != "" {
						want.Assignments[role] = p
					}
				}
				role := rapid.SampledFrom([]roster.RoleID{"primary", "secondary", ""}).Draw(t, "what")
				if role == "" {
					want.Note = note.Draw(t, "note")
				} else if p := person.Draw(t, "person"); p != "" {
					want.Assignments[role] = p
				} else {
					delete(want.Assignments, role)
				}
				if !want.Same(day) {
					touched[roster.Seat{Date: day.Date, Role: role}] = true
				}
				m := day.Date.InMonth()
				byMonth[m] = append(byMonth[m], roster.DayEdit{BasedOn: day.Revision, Day: want})
			}
			for m, days := range byMonth {
				d.apply(t, []roster.Edit{{Change: roster.DeriveChangeID(name, m.String()), Group: group, Actor: roster.Actor{Name: name}, Why: roster.WhyEdit, Days: days}})
			}
			return touched
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "earlier") {
			edit(fmt.Sprint("earlier", i), "")
		}
		before := d.clone()
		group := act("group").Group
		mine := edit("mine", group)
		after := d.clone()
		later := map[roster.Seat]bool{}
		for i := range rapid.IntRange(0, 2).Draw(t, "later") {
			for s := range edit(fmt.Sprint("later", i), "") {
				later[s] = true
			}
		}
		now := d.clone()
		value := func(d *desk, s roster.Seat) string {
			if s.Role == "" {
				return d.day(s.Date).Note
			}
			return string(d.day(s.Date).Assignments[s.Role])
		}
		blocked := map[roster.Seat]bool{}
		for s := range mine {
			if later[s] && value(now, s) != value(before, s) {
				blocked[s] = true
			}
		}
		in := planning.UndoInput{Changes: inGroup(d, group), History: d.history, Days: d.day, Partly: rapid.Bool().Draw(t, "partly")}
		plan := planning.Undo(in)
		if len(plan.Blocked) != len(blocked) {
			t.Fatalf("blocked: got %v, want %v", plan.Blocked, blocked)
		}
		for _, b := range plan.Blocked {
			s := roster.Seat{Date: b.Change.Date, Role: b.Change.Role}
			if !blocked[s] || b.Change.Group != group || b.Later.Group == group || b.Later.Date != s.Date || b.Later.Role != s.Role {
				t.Fatalf("blocked: got %v, want a later change of one of %v", b, blocked)
			}
		}
		edits := plan.Edits(act("undo"))
		if len(blocked) > 0 && !in.Partly {
			if len(edits) > 0 || plan.Err() == nil {
				t.Fatalf("refused: got edits %v and error %v, want none and one", edits, plan.Err())
			}
			return
		}
		d.apply(t, edits[:len(edits)/2]) // and again, as after a death half way
		d.apply(t, planning.Undo(planning.UndoInput{Changes: in.Changes, History: d.history, Days: d.day, Partly: in.Partly}).Edits(act("undo")))
		for i := range 6 {
			for _, role := range []roster.RoleID{"primary", "secondary", ""} {
				s := roster.Seat{Date: first.AddDays(i), Role: role}
				want := value(now, s)
				if mine[s] && !blocked[s] {
					want = value(before, s)
				}
				if got := value(d, s); got != want {
					t.Fatalf("%v: got %q, want %q", s, got, want)
				}
			}
		}
		// The undo can be undone.
		if len(blocked) == 0 && len(later) == 0 {
			redo := planning.Undo(planning.UndoInput{Changes: inGroup(d, act("undo").Group), History: d.history, Days: d.day})
			d.apply(t, redo.Edits(act("redo")))
			sameDays(t, d, after, "undo of the undo")
			again := planning.Undo(planning.UndoInput{Changes: inGroup(d, group), History: d.history, Days: d.day})
			d.apply(t, again.Edits(act("undo again")))
			sameDays(t, d, before, "undo after that")
		}
	})
}

func TestUndoNamesWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "abc")
	change := d.history[1]
	d.set(t, date("2026-11-24"), "secondary", "e")
	if plan := planning.Undo(planning.UndoInput{Changes: []roster.Change{change}, History: d.history, Days: d.day}); plan.Err() != nil || !plan.Changes() {
		t.Errorf("after a change of the other role: got %v, want it undone", plan.Err())
	}
	d.set(t, date("2026-11-24"), "primary", "d")
	plan := planning.Undo(planning.UndoInput{Changes: []roster.Change{change}, History: d.history, Days: d.day})
	want := "primary of 2026-11-24 was changed later, by ana at 0001-01-01 00:00 UTC"
	if err := plan.Err(); err == nil || err.Error() != want || plan.Changes() {
		t.Errorf("after a change of the role: got %v, want %s", err, want)
	}
	if plan.Blocked[0].Later.To != "d" || plan.Blocked[0].Change.To != "b" {
		t.Errorf("in the way: got %v, want d's after b's", plan.Blocked[0])
	}
	// Set back by hand, it is as someone wanted it.
	d.set(t, date("2026-11-24"), "primary", "b")
	if plan := planning.Undo(planning.UndoInput{Changes: []roster.Change{change}, History: d.history, Days: d.day}); plan.Err() == nil {
		t.Error("after a change back by hand: got it undone, want it refused")
	}
}

// Someone's change between two of the same group is not wiped out with them.
func TestUndoSparesWhatCameBetween(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "a")
	d.set(t, date("2026-11-23"), "primary", "b")
	d.set(t, date("2026-11-23"), "primary", "c")
	plan := planning.Undo(planning.UndoInput{Changes: []roster.Change{d.history[0], d.history[2]}, History: d.history, Days: d.day})
	if plan.Err() == nil || plan.Blocked[0].Later.To != "b" || plan.Changes() {
		t.Errorf("Undo: got %v, want it refused because of b's", plan.Blocked)
	}
}

// What is undone is not taken for what someone wanted, and what it restores is.
func TestSetBy(t *testing.T) {
	t.Parallel()
	on := seat("2026-11-23", "primary")
	change := func(why roster.Why, from, to roster.PersonID) roster.Change {
		return roster.Change{Date: on.Date, Role: on.Role, From: from, To: to, Why: why}
	}
	tests := []struct {
		name   string
		oldest []roster.Change
		want   roster.Why
	}{
		{"never", nil, ""},
		{"by a rotation", []roster.Change{change(roster.WhyRotation, "", "a")}, roster.WhyRotation},
		{"by hand", []roster.Change{change(roster.WhyRotation, "", "a"), change(roster.WhyEdit, "a", "b")}, roster.WhyEdit},
		{"an undone fill", []roster.Change{change(roster.WhyRotation, "", "a"), change(roster.WhyUndo, "a", "")}, ""},
		{"an undone edit", []roster.Change{change(roster.WhyRotation, "", "a"), change(roster.WhyEdit, "a", "b"), change(roster.WhyUndo, "b", "a")}, roster.WhyRotation},
		{"an undone fill over an edit", []roster.Change{change(roster.WhyEdit, "", "a"), change(roster.WhyRotation, "a", "b"), change(roster.WhyUndo, "b", "a")}, roster.WhyEdit},
		{"an undone undo", []roster.Change{change(roster.WhySwap, "", "a"), change(roster.WhyUndo, "a", ""), change(roster.WhyUndo, "", "a")}, roster.WhySwap},
		{"an undone clearing", []roster.Change{change(roster.WhyEdit, "a", ""), change(roster.WhyRotation, "", "b"), change(roster.WhyUndo, "b", "")}, roster.WhyEdit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			history := append([]roster.Change{{Date: on.Date, Note: "n", Why: roster.WhyImport}}, tt.oldest...)
			slices.Reverse(history)
			if got := planning.SetBy(history)(on); got != tt.want {
				t.Errorf("SetBy: got %q, want %q", got, tt.want)
			}
		})
	}
}
