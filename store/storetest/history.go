package storetest

import (
	"errors"
	"fmt"
	"testing"

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
	got := f.allChanges(t, store.ChangeQuery{Date: day23, Limit: 6})
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
