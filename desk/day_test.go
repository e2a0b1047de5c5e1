package desk_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"dailyroster/desk"
	"dailyroster/roster"
)

// A save puts the day into the sheet, and the people whom it took.
func TestSetDay(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	sheet := sheetOf(t, k, team, d)
	w := dayWish(t, k, d, "Cleo Diaz")
	w.Seats = append(w.Seats, desk.Wish{Role: secondary, Text: "bo", Field: "secondary"})
	w.Note = "Release"
	set, err := k.SetDay(t.Context(), sheet, w)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Added) != 1 || set.Added[0].ID != "cleo-diaz" {
		t.Errorf("added: got %v, want Cleo Diaz alone", set.Added)
	}
	want := map[roster.RoleID]roster.PersonID{primary: "cleo-diaz", secondary: "bo"}
	for _, got := range []roster.Day{set.Day, sheet.Day(d), sheetOf(t, k, team, d).Day(d)} {
		if got.Note != "Release" || got.Revision != set.Day.Revision || got.Assignments[primary] != want[primary] || got.Assignments[secondary] != want[secondary] {
			t.Errorf("the day: got %+v, want %v, the note and the revision %s", got, want, set.Day.Revision)
		}
	}
	if got := sheet.Names.Of("cleo-diaz"); got != "Cleo Diaz" {
		t.Errorf("the sheet's name of the new person: got %q, want Cleo Diaz", got)
	}
}

// What is refused at one seat leaves nothing: not the day, and no person of another seat.
func TestRefusedDayLeavesNothing(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	w := dayWish(t, k, d, "Somebody New")
	w.Seats = append(w.Seats, desk.Wish{Role: secondary, Text: "nobody", Known: true, Field: "assignments.secondary"})
	_, err := k.SetDay(t.Context(), sheetOf(t, k, team, d), w)
	refused, ok := errors.AsType[roster.FieldErrors](err)
	if !ok || refused.For("assignments.secondary") == nil || len(refused) != 1 {
		t.Fatalf("SetDay: got %v, want one message at assignments.secondary", err)
	}
	if _, err := k.Person(t.Context(), "somebody-new"); !errors.Is(err, desk.KindNotFound) {
		t.Errorf("the new person: got %v, want that nobody was made", err)
	}
	if n := len(history(t, k, d)); n != 0 {
		t.Errorf("got %d changes, want none", n)
	}
}

// Two who want the very same are no conflict; two who differ are, and the second one's
// sheet has what the first one made.
func TestEditsThatRace(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	first, same, other := sheetOf(t, k, team, d), sheetOf(t, k, team, d), sheetOf(t, k, team, d)
	wish := func(name string) desk.DayWish {
		w := dayWish(t, k, d, name)
		w.Stands = onlyIf("")
		return w
	}
	set, err := k.SetDay(t.Context(), first, wish("Ana"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.SetDay(t.Context(), same, wish("Ana"))
	if err != nil || again.Day.Revision != set.Day.Revision {
		t.Errorf("the same edit: got %+v and %v, want the day as the first one made it", again.Day, err)
	}
	if _, err := k.SetDay(t.Context(), other, wish("Bo")); !errors.Is(err, desk.KindStale) {
		t.Errorf("another edit: got %v, want a refusal of kind %s", err, desk.KindStale)
	}
	if got := other.Day(d).Assignments[primary]; got != "ana" {
		t.Errorf("the sheet after the conflict: got %q, want ana", got)
	}
	if n := len(history(t, k, d)); n != 1 {
		t.Errorf("got %d changes, want 1", n)
	}
}

// Where nobody says what an edit is based on, each takes effect, and the last one wins.
func TestLastEditWins(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	const writers = 8
	var all sync.WaitGroup
	for i := range writers {
		w := dayWish(t, k, d, []string{"Ana", "Bo"}[i%2])
		w.Note = string(rune('a' + i)) // so that no two want the same
		sheet := sheetOf(t, k, team, d)
		all.Go(func() {
			if _, err := k.SetDay(t.Context(), sheet, w); err != nil {
				t.Errorf("writer %d: got %v, want nil", i, err)
			}
		})
	}
	all.Wait()
	notes := map[string]bool{}
	for _, c := range history(t, k, d) {
		if c.Role == "" {
			notes[c.Note] = true
		}
	}
	if len(notes) != writers {
		t.Errorf("got %d notes in the history, want the %d of all writers", len(notes), writers)
	}
}

// An edit that comes again is one edit, and answers as it did at first; its id with
// something else is refused, so that what was typed is not lost.
func TestRepeatedEdit(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	w := dayWish(t, k, d, "Ana")
	w.Stands = onlyIf("")
	for range 2 {
		set, err := k.SetDay(t.Context(), sheetOf(t, k, team, d), w)
		if err != nil || set.Day.Assignments[primary] != "ana" {
			t.Fatalf("got %+v and %v, want Ana", set.Day, err)
		}
	}
	later := dayWish(t, k, d, "Bo")
	if _, err := k.SetDay(t.Context(), sheetOf(t, k, team, d), later); err != nil {
		t.Fatal(err)
	}
	sheet := sheetOf(t, k, team, d)
	set, err := k.SetDay(t.Context(), sheet, w)
	if err != nil || set.Day.Assignments[primary] != "ana" || sheet.Day(d).Assignments[primary] != "bo" {
		t.Errorf("after a later edit: got %+v, %v and %+v in the sheet, want Ana as at first and Bo in the sheet", set.Day, err, sheet.Day(d))
	}
	w.Seats[0].Text = "Bo"
	w.Note = "other"
	if _, err := k.SetDay(t.Context(), sheetOf(t, k, team, d), w); !errors.Is(err, desk.KindKeyReused) {
		t.Errorf("the same id with something else: got %v, want kind %s", err, desk.KindKeyReused)
	}
	if n := len(history(t, k, d)); n != 2 {
		t.Errorf("got %d changes, want 2", n)
	}
}

// Every act that edits a roster asks the past for a reason, before it does anything.
func TestThePastNeedsAReason(t *testing.T) {
	past := date("2026-11-20")
	for name, act := range map[string]func(t *testing.T, k *desk.Desk, team *roster.Team, reason string) error{
		"a day": func(t *testing.T, k *desk.Desk, team *roster.Team, reason string) error {
			w := dayWish(t, k, past, "Zoe")
			w.Reason = reason
			_, err := k.SetDay(t.Context(), sheetOf(t, k, team, past), w)
			return err
		},
		"seats": func(t *testing.T, k *desk.Desk, team *roster.Team, reason string) error {
			group, err := k.NewChangeID()
			if err != nil {
				t.Fatal(err)
			}
			_, err = k.Assign(t.Context(), team, sheetOf(t, k, team, past).Names, desk.AssignWish{
				Seats: []desk.SeatWish{{Date: past, Wish: desk.Wish{Role: primary, Text: "Zoe", Field: "name"}}},
				Why:   roster.WhyEdit, Act: roster.Act{Group: group, Actor: roster.Actor{Name: "test"}, Reason: reason},
			})
			return err
		},
		"a fill": func(t *testing.T, k *desk.Desk, team *roster.Team, reason string) error {
			_, err := k.PlanFill(t.Context(), team, roster.Names{}, desk.FillWish{From: past, To: date("2026-11-30"), Reason: reason})
			return err
		},
		"an import": func(t *testing.T, k *desk.Desk, team *roster.Team, reason string) error {
			people := sheetOf(t, k, team, past).Names
			in, err := k.ReadImport([]byte("Date;Primary\n2026-11-20;Zoe\n"), team, people)
			if err != nil {
				t.Fatal(err)
			}
			in.Past, in.Reason = true, reason
			if in.Group, err = k.NewChangeID(); err != nil {
				t.Fatal(err)
			}
			plan, err := k.PlanImport(t.Context(), team, people, in)
			if err != nil || len(plan.Changed) != 1 {
				t.Fatalf("the plan: got %d changes and %v, want 1", len(plan.Changed), err)
			}
			return k.RunImport(t.Context(), team, in, plan, roster.Actor{Name: "test"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			k, team := newDesk(t)
			err := act(t, k, team, "")
			refused, ok := errors.AsType[roster.FieldErrors](err)
			if !ok || refused.For(roster.ReasonField) == nil {
				t.Fatalf("without a reason: got %v, want a message at %s", err, roster.ReasonField)
			}
			people, err := k.Store.People(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(people, func(p roster.Person) bool { return p.ID == "zoe" }) || len(history(t, k, past)) != 0 {
				t.Error("without a reason: something was written")
			}
			if err := act(t, k, team, "Zoe stood in"); err != nil {
				t.Errorf("with a reason: got %v, want nil", err)
			}
		})
	}
}
