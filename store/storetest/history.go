package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// makeHistory edits two days in turn, n times each, and a third in another month
// once, and gives the ids of the edits in order.
func makeHistory(t *testing.T, f *fixture, n int) []roster.ChangeID {
	t.Helper()
	var ids []roster.ChangeID
	save := func(d roster.Date, note string) {
		e := dayEdit(d, f.mustDay(t, d).Revision, "", note)
		f.mustSave(t, e)
		ids = append(ids, e.Change)
	}
	for i := range n {
		save(day23, fmt.Sprint("a", i))
		save(day23.AddDays(1), fmt.Sprint("b", i))
	}
	save(day23.AddDays(60), "another month")
	return ids
}

func testChangePages(t *testing.T, f *fixture) {
	ids := makeHistory(t, f, 20)
	for _, limit := range []int{1, 7, len(ids), store.MaxChanges} {
		got := f.allChanges(t, store.ChangeQuery{Limit: limit})
		if len(got) != len(ids) {
			t.Fatalf("in pages of %d: got %d changes, want %d", limit, len(got), len(ids))
		}
		for i, c := range got {
			if want := ids[len(ids)-1-i]; c.ID != want {
				t.Fatalf("in pages of %d: change %d is %s, want %s", limit, i, c.ID, want)
			}
		}
	}
	for what, q := range map[string]store.ChangeQuery{
		"no limit": {}, "too large a limit": {Limit: store.MaxChanges + 1}, "a foreign cursor": {Limit: 1, Cursor: "what?"},
	} {
		_, err := f.Changes(f.ctx, f.team, q)
		wantInvalid(t, what, err)
	}
}

func testChangesOfDay(t *testing.T, f *fixture) {
	makeHistory(t, f, 20)
	got := f.allChanges(t, store.ChangeQuery{From: day23, To: day23, Limit: 6})
	if len(got) != 20 {
		t.Fatalf("the day's history: got %d changes, want 20", len(got))
	}
	for i, c := range got {
		if want := fmt.Sprint("a", 19-i); c.Date != day23 || c.Note != want {
			t.Errorf("change %d: got %s %q, want %s %q", i, c.Date, c.Note, day23, want)
		}
	}
}

func testChangesSince(t *testing.T, f *fixture) {
	ids := makeHistory(t, f, 20)
	for _, newer := range []int{0, 1, 5} {
		since := ids[len(ids)-1-newer]
		if got := f.allChanges(t, store.ChangeQuery{Since: since, Limit: 2}); len(got) != newer {
			t.Errorf("since the change %d before the last: got %d changes, want %d", newer, len(got), newer)
		}
	}
	if _, err := f.Changes(f.ctx, f.team, store.ChangeQuery{Since: NewID(), Limit: 1}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("since an unknown change: got %v, want ErrNotFound", err)
	}
}

// testChangesRare asks for what is not there, or at the other end of a long history: no page
// looks at more than MaxWalked changes, and going on finds what there is.
func testChangesRare(t *testing.T, f *fixture) {
	first := dayEdit(day23, "", "ana", "")
	f.mustSave(t, first)
	month := roster.Month{Year: 2027, Month: time.March}
	changes := 0
	for n := 0; changes <= 2*store.MaxWalked; n++ {
		e := roster.Edit{Change: NewID(), Why: roster.WhyEdit, Actor: roster.Actor{Name: "tester"}, Time: time.Now()}
		for d := month.First(); d.InMonth() == month; d = d.AddDays(1) {
			day := roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{}}
			for i := range 8 {
				day.Assignments[roster.RoleID(fmt.Sprint("role-", i))] = roster.PersonID(fmt.Sprint("p", n))
			}
			e.Days = append(e.Days, roster.DayEdit{BasedOn: f.mustDay(t, d).Revision, Day: day})
			changes += 8
		}
		f.mustSave(t, e)
	}
	for what, c := range map[string]struct {
		q     store.ChangeQuery
		found int
	}{
		"a group that is not there":  {store.ChangeQuery{Group: NewID()}, 0},
		"a person who is not there":  {store.ChangeQuery{Person: "nobody"}, 0},
		"the group of the beginning": {store.ChangeQuery{Group: first.Change}, 1},
		"a person of the beginning":  {store.ChangeQuery{Person: "ana"}, 1},
	} {
		c.q.Limit = 10
		found, pages := 0, 0
		for next := "-"; next != ""; pages++ {
			page := f.mustChanges(t, c.q)
			found += len(page.Changes)
			next, c.q.Cursor = page.Next, page.Next
		}
		if want := changes/store.MaxWalked + 1; found != c.found || pages != want {
			t.Errorf("%s: got %d changes on %d pages, want %d on %d", what, found, pages, c.found, want)
		}
	}
	for _, c := range f.allChanges(t, store.ChangeQuery{Limit: store.MaxChanges}) {
		if c.Date != day23 {
			changes--
		}
	}
	if changes != 0 {
		t.Errorf("page by page %d changes are missing", changes)
	}
}

// testChangesChosen asks for parts of a history in which two groups, edits on their own
// and days in three months are mixed.
func testChangesChosen(t *testing.T, f *fixture) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	save := func(group roster.ChangeID, d roster.Date, person roster.PersonID, reason string) roster.ChangeID {
		at = at.Add(time.Minute)
		e := dayEdit(d, f.mustDay(t, d).Revision, person, "")
		e.Group, e.Reason, e.Time = group, reason, at
		f.mustSave(t, e)
		return e.Change
	}
	later := day23.AddDays(40)
	first, second := NewID(), NewID()
	alone := save("", day23, "ana", "Bo was ill")
	a := save(first, day23, "bo", "")
	b := save(first, later, "ana", "")
	c := save(second, day23.AddDays(1), "cleo", "")
	at = at.Add(50 * time.Minute) // cut off, and gone on with
	d := save(first, day23.AddDays(1), "bo", "")
	at = at.Add(3 * time.Hour)
	e := save("", later, "", "")
	for what, asked := range map[string]struct {
		q    store.ChangeQuery
		want []roster.ChangeID
	}{
		"a day":                     {store.ChangeQuery{From: day23, To: day23}, []roster.ChangeID{a, alone}},
		"two days":                  {store.ChangeQuery{From: day23, To: day23.AddDays(1)}, []roster.ChangeID{d, c, a, alone}},
		"three months":              {store.ChangeQuery{From: day23, To: later}, []roster.ChangeID{e, d, c, b, a, alone}},
		"twenty years":              {store.ChangeQuery{From: day23.AddDays(-3000), To: day23.AddDays(4000)}, []roster.ChangeID{e, d, c, b, a, alone}},
		"days without a change":     {store.ChangeQuery{From: day23.AddDays(2), To: day23.AddDays(39)}, nil},
		"a person":                  {store.ChangeQuery{Person: "ana"}, []roster.ChangeID{e, b, a, alone}},
		"a person on a day":         {store.ChangeQuery{Person: "bo", From: day23, To: day23}, []roster.ChangeID{a}},
		"a group":                   {store.ChangeQuery{Group: first}, []roster.ChangeID{d, b, a}},
		"another group":             {store.ChangeQuery{Group: second}, []roster.ChangeID{c}},
		"a change on its own":       {store.ChangeQuery{Group: alone}, []roster.ChangeID{alone}},
		"part of a group":           {store.ChangeQuery{Group: a}, nil},
		"a group that is not there": {store.ChangeQuery{Group: NewID()}, nil},
		"two days since":            {store.ChangeQuery{From: day23, To: day23.AddDays(1), Since: b}, []roster.ChangeID{d, c}},
	} {
		for _, limit := range []int{1, 2, 3, store.MaxChanges} {
			asked.q.Limit = limit
			var got []roster.ChangeID
			for _, change := range f.allChanges(t, asked.q) {
				got = append(got, change.ID)
				if change.ID == alone && change.Reason != "Bo was ill" {
					t.Errorf("%s: got the reason %q, want the one given", what, change.Reason)
				}
			}
			wantDiff(t, fmt.Sprintf("%s, in pages of %d", what, limit), got, asked.want)
		}
	}
	for what, q := range map[string]store.ChangeQuery{
		"no last day": {From: day23, Limit: 1}, "no first day": {To: day23, Limit: 1}, "a reversed range": {From: day23, To: day23.AddDays(-1), Limit: 1},
	} {
		_, err := f.Changes(f.ctx, f.team, q)
		wantInvalid(t, what, err)
	}
}
