package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

const (
	edit1 = roster.ChangeID("01KAQZ3M5T0000000000000000")
	edit2 = roster.ChangeID("01KAQZ3M5T0000000000000001")
	edit3 = roster.ChangeID("01KAQZ3M5T0000000000000002")
	older = roster.ChangeID("01KAQZ0000ZZZZZZZZZZZZZZZZ")
)

type held = map[roster.RoleID]roster.PersonID

// told is a change as one line: everything in it that Apply decides.
func told(c roster.Change) string {
	s := fmt.Sprintf("%s %s %s ", c.ID, c.Team, c.Date)
	if c.Role != "" {
		s += fmt.Sprintf("%s %q→%q", c.Role, c.From, c.To)
	} else {
		s += fmt.Sprintf("note %q→%q", c.NoteFrom, c.Note)
	}
	return s + fmt.Sprintf(" %s %s %s %s group %q", c.Actor, c.ActorID, c.Why, c.Time.Format(time.RFC3339), c.Group)
}

func TestApply(t *testing.T) {
	t.Parallel()
	nov23, nov24 := date("2026-11-23"), date("2026-11-24")
	const rest = ` ana person:ana edit 2026-11-20T11:00:00Z group `
	tests := []struct {
		name      string
		now, want []roster.Day // want is as the edit asks for it; its revisions are what come back
		group     roster.ChangeID
		changes   []string
	}{
		{
			"somebody where nobody was",
			nil,
			[]roster.Day{{Date: nov23, Assignments: held{"primary": "ana"}, Revision: edit1}},
			"",
			[]string{string(edit1) + ` ops 2026-11-23 primary ""→"ana"` + rest + `""`},
		},
		{
			"nobody where somebody was",
			[]roster.Day{{Date: nov23, Assignments: held{"primary": "ana"}, Revision: older}},
			[]roster.Day{{Date: nov23, Revision: edit1}},
			"",
			[]string{string(edit1) + ` ops 2026-11-23 primary "ana"→""` + rest + `""`},
		},
		{
			"roles in order of their ids, the note last",
			[]roster.Day{{Date: nov23, Assignments: held{"secondary": "bo", "driver": "cy"}, Note: "old", Revision: older}},
			[]roster.Day{{Date: nov23, Assignments: held{"secondary": "ana", "primary": "bo", "driver": "cy"}, Note: "new", Revision: edit3}},
			"",
			[]string{
				string(edit1) + ` ops 2026-11-23 primary ""→"bo"` + rest + `"` + string(edit1) + `"`,
				string(edit2) + ` ops 2026-11-23 secondary "bo"→"ana"` + rest + `"` + string(edit1) + `"`,
				string(edit3) + ` ops 2026-11-23 note "old"→"new"` + rest + `"` + string(edit1) + `"`,
			},
		},
		{
			"the day already says so",
			[]roster.Day{{Date: nov23, Assignments: held{"primary": "ana"}, Note: "n", Revision: older}},
			[]roster.Day{{Date: nov23, Assignments: held{"primary": "ana"}, Note: "n", Revision: older}},
			"",
			nil,
		},
		{
			"several days in the edit's order, one as it is already",
			[]roster.Day{{Date: nov23, Assignments: held{"primary": "bo"}, Revision: older}},
			[]roster.Day{
				{Date: nov24, Assignments: held{"primary": "bo"}, Revision: edit1},
				{Date: nov23, Assignments: held{"primary": "bo"}, Revision: older},
				{Date: date("2026-11-01"), Note: "n", Revision: edit2},
			},
			"",
			[]string{
				string(edit1) + ` ops 2026-11-24 primary ""→"bo"` + rest + `"` + string(edit1) + `"`,
				string(edit2) + ` ops 2026-11-01 note ""→"n"` + rest + `"` + string(edit1) + `"`,
			},
		},
		{
			"a part of a greater act",
			nil,
			[]roster.Day{{Date: nov23, Note: "n", Revision: edit1}},
			older,
			[]string{string(edit1) + ` ops 2026-11-23 note ""→"n"` + rest + `"` + string(older) + `"`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edit := roster.Edit{Change: edit1, Group: tt.group, Actor: roster.Actor{Name: "ana", ID: "person:ana"}, Why: roster.WhyEdit, Time: instant("2026-11-20T12:00:00+01:00")}
			for _, d := range tt.want {
				asked := d.Clone()
				asked.Revision = "not looked at"
				edit.Days = append(edit.Days, roster.DayEdit{Day: asked})
			}
			var before []string
			for _, d := range tt.now {
				before = append(before, fmt.Sprint(d))
			}
			days, changes := edit.Apply("ops", roster.ByDate(tt.now))
			if len(days) != len(tt.want) {
				t.Fatalf("days: got %d, want %d", len(days), len(tt.want))
			}
			for i, want := range tt.want {
				if got := days[i]; !got.Same(want) || got.Revision != want.Revision {
					t.Errorf("day %d: got %v, want %v", i, got, want)
				}
			}
			var got []string
			for _, c := range changes {
				got = append(got, told(c))
			}
			if !slices.Equal(got, tt.changes) {
				t.Errorf("changes:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(tt.changes, "\n     "))
			}
			for i, d := range tt.now {
				if got := fmt.Sprint(d); got != before[i] {
					t.Errorf("what came in: got %s after Apply, want %s", got, before[i])
				}
			}
		})
	}
}

// A day may name a role with nobody in it; that is the same as not naming it.
func TestApplyEmptyPerson(t *testing.T) {
	t.Parallel()
	edit := roster.Edit{Change: edit1, Days: []roster.DayEdit{{Day: roster.Day{
		Date: date("2026-11-23"), Assignments: held{"primary": "", "secondary": ""},
	}}}}
	now := roster.Day{Date: date("2026-11-23"), Assignments: held{"primary": "ana"}, Revision: older}
	days, changes := edit.Apply("ops", roster.ByDate([]roster.Day{now}))
	if len(changes) != 1 || !days[0].IsEmpty() {
		t.Errorf("Apply: got %v by %v, want the empty day by one change", days[0], changes)
	}
}

// The ids of an edit's entries count on from its own, across the middle of the 128
// bits and past the last id there is.
func TestEntryIDsCarry(t *testing.T) {
	t.Parallel()
	for edit, want := range map[roster.ChangeID][]string{
		"01KAQZ3M5T000000000000000Z": {"01KAQZ3M5T000000000000000Z", "01KAQZ3M5T0000000000000010"},
		// The lower 64 bits are twelve whole characters and four bits of the next.
		"01KAQZ3M5T000FZZZZZZZZZZZZ": {"01KAQZ3M5T000FZZZZZZZZZZZZ", "01KAQZ3M5T000G000000000000"},
		"01KAQZ3M5TZZZZZZZZZZZZZZZZ": {"01KAQZ3M5TZZZZZZZZZZZZZZZZ", "01KAQZ3M5V0000000000000000"},
		"7ZZZZZZZZZZZZZZZZZZZZZZZZZ": {"7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000000"},
	} {
		e := roster.Edit{Change: edit, Days: []roster.DayEdit{{Day: roster.Day{
			Date: date("2026-11-23"), Assignments: held{"primary": "ana"}, Note: "n",
		}}}}
		days, changes := e.Apply("ops", roster.ByDate(nil))
		var got []string
		for _, c := range changes {
			got = append(got, string(c.ID))
			if !c.PartOf(edit) {
				t.Errorf("%s is part of %s: got false, want true", c.ID, edit)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("entries of %s: got %v, want %v", edit, got, want)
		}
		if got := string(days[0].Revision); got != want[len(want)-1] {
			t.Errorf("revision after %s: got %s, want %s", edit, got, want[len(want)-1])
		}
	}
}

func TestPartOf(t *testing.T) {
	t.Parallel()
	const edit = "01KAQZ3M5T00000000000000ZZ"
	for id, want := range map[roster.ChangeID]bool{
		edit:                         true,
		"01KAQZ3M5T0000000000000100": true,  // the next
		"01KAQZ3M5T00000000000001GD": true,  // 526 on: the last of 31 days of 8 roles left, 8 taken and a note
		"01KAQZ3M5T00000000000001GE": false, // 527 on
		"01KAQZ3M5T00000000000000ZY": false, // the one before
		"01KAQZ3M5T0010000000000100": false, // the same lower half
		"":                           false,
	} {
		if got := (roster.Change{ID: id}).PartOf(edit); got != want {
			t.Errorf("%q is part of %s: got %t, want %t", id, edit, got, want)
		}
	}
}

// AsOf and Before are what was, for any edits one after the other.
func TestAsOfAndBefore(t *testing.T) {
	t.Parallel()
	person := rapid.SampledFrom([]roster.PersonID{"", "ana", "bo"})
	note := rapid.SampledFrom([]string{"", "moving house", "fair"})
	dates := []roster.Date{date("2026-11-23"), date("2026-11-24"), date("2026-11-25")}
	rapid.Check(t, func(t *rapid.T) {
		now := map[roster.Date]roster.Day{}
		for _, d := range dates {
			now[d] = roster.Day{Date: d}
		}
		dayOf := func(days map[roster.Date]roster.Day) func(roster.Date) roster.Day {
			return func(d roster.Date) roster.Day { return days[d] }
		}
		type step struct {
			edit          roster.ChangeID
			before, after map[roster.Date]roster.Day
			touched       map[roster.Date]bool
		}
		var steps []step
		var history []roster.Change // newest first
		for i := range rapid.IntRange(1, 8).Draw(t, "edits") {
			edit := roster.Edit{Change: roster.DeriveChangeID("edit", fmt.Sprint(rapid.Uint32().Draw(t, "id"), i)), Why: roster.WhyEdit}
			for _, d := range rapid.Permutation(dates).Draw(t, "dates")[:rapid.IntRange(1, len(dates)).Draw(t, "days")] {
				edit.Days = append(edit.Days, roster.DayEdit{Day: roster.Day{
					Date:        d,
					Assignments: held{"primary": person.Draw(t, "primary"), "secondary": person.Draw(t, "secondary")},
					Note:        note.Draw(t, "note"),
				}})
			}
			if err := edit.Validate(); err != nil {
				t.Fatalf("Validate: got %v, want nil", err)
			}
			s := step{edit.Change, map[roster.Date]roster.Day{}, map[roster.Date]roster.Day{}, map[roster.Date]bool{}}
			days, changes := edit.Apply("ops", dayOf(now))
			for d, day := range now {
				s.before[d] = day.Clone()
			}
			for i, day := range days {
				asked := edit.Days[i].Day
				for _, role := range []roster.RoleID{"primary", "secondary"} {
					if got, want := day.Assignments[role], asked.Assignments[role]; got != want {
						t.Fatalf("%s of %s after the edit: got %q, want %q", role, day.Date, got, want)
					}
				}
				now[day.Date] = day
			}
			for d, day := range now {
				s.after[d] = day.Clone()
			}
			for _, c := range changes {
				s.touched[c.Date] = true
				history = append([]roster.Change{c}, history...)
			}
			steps = append(steps, s)
		}
		for _, s := range steps {
			for _, d := range dates {
				if !s.touched[d] {
					if _, found := roster.AsOf(now[d], history, s.edit); found {
						t.Fatalf("AsOf(%s, %s), which left the day alone: got found, want not", d, s.edit)
					}
					continue
				}
				got, found := roster.AsOf(now[d], history, s.edit)
				if want := s.after[d]; !found || !got.Same(want) || got.Revision != want.Revision {
					t.Fatalf("AsOf(%s, %s): got %v, %t, want %v", d, s.edit, got, found, want)
				}
				got, found = roster.Before(now[d], history, s.edit)
				if want := s.before[d]; !found || !got.Same(want) || got.Revision != want.Revision {
					t.Fatalf("Before(%s, %s): got %v, %t, want %v", d, s.edit, got, found, want)
				}
			}
		}
		for _, d := range dates {
			got, found := roster.AsOf(now[d], history, older)
			if found || !got.IsEmpty() || got.Revision != "" {
				t.Fatalf("AsOf an edit that never was: got %v, %t, want the empty day, not found", got, found)
			}
		}
	})
}

func TestEditValidate(t *testing.T) {
	t.Parallel()
	days := func(dates ...string) (days []roster.DayEdit) {
		for _, d := range dates {
			days = append(days, roster.DayEdit{Day: roster.Day{Date: date(d)}})
		}
		return days
	}
	crowd := held{}
	for i := range roster.MaxRoles + 1 {
		crowd[roster.RoleID(fmt.Sprintf("role-%d", i))] = "ana"
	}
	tests := []struct {
		name string
		edit roster.Edit
		want string // "" for fine
	}{
		{"a day", roster.Edit{Change: edit1, Days: days("2026-11-23")}, ""},
		{"a month's first and last day", roster.Edit{Change: edit1, Days: days("2026-11-30", "2026-11-01")}, ""},
		{"no id", roster.Edit{Days: days("2026-11-23")}, `"" is not a change id; it is a ULID of 26 characters`},
		{"no days", roster.Edit{Change: edit1}, "an edit has at least one day"},
		{"two months", roster.Edit{Change: edit1, Days: days("2026-11-30", "2026-12-01")}, "an edit is about one month, not about 2026-11 and 2026-12"},
		{"the same month of two years", roster.Edit{Change: edit1, Days: days("2026-11-30", "2027-11-30")}, "an edit is about one month, not about 2026-11 and 2027-11"},
		{"a day twice", roster.Edit{Change: edit1, Days: days("2026-11-23", "2026-11-24", "2026-11-23")}, "the edit has 2026-11-23 twice"},
		{
			"a crowd", roster.Edit{Change: edit1, Days: []roster.DayEdit{{Day: roster.Day{Date: date("2026-11-23"), Assignments: crowd}}}},
			"a day has at most 8 assignments",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := tt.edit.Validate(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("Validate: got %q, want %q", got, tt.want)
			}
		})
	}
}
