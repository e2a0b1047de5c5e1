package aerospike

import (
	"fmt"
	"sync"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
)

// testOverflow makes more history than a month's record keeps, and finds all of it, in
// order, however much was moved.
func testOverflow(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	team := newTeam("overflow")
	const edits = 5*chunkSize + 7
	d := roster.Date{Year: 2026, Month: 11, Day: 5}
	var ids []roster.ChangeID
	based := roster.Revision("")
	for i := range edits {
		e := noteEdit(d, based, fmt.Sprint("edit ", i))
		if _, err := s.Save(t.Context(), team, e); err != nil {
			t.Fatal(err)
		}
		based = e.Change
		ids = append(ids, e.Change)
	}
	if err := s.moveHistory(t.Context(), team, d.InMonth()); err != nil {
		t.Fatal(err)
	}
	moved, kept := historyOf(t, s, team, d.InMonth())
	if moved < 4*chunkSize || kept >= relieveAt || moved+kept != edits {
		t.Errorf("got %d changes moved and %d kept, want at least %d moved, fewer than %d kept, together %d", moved, kept, 4*chunkSize, relieveAt, edits)
	}
	want := func(what string, q store.ChangeQuery, n int) {
		t.Helper()
		got := 0
		for {
			page, err := s.Changes(t.Context(), team, q)
			if err != nil {
				t.Fatalf("%s: got %v, want nil", what, err)
			}
			for _, ch := range page.Changes {
				if w := ids[len(ids)-1-got]; ch.ID != w {
					t.Fatalf("%s: change %d is %s, want %s", what, got, ch.ID, w)
				}
				got++
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if got != n {
			t.Errorf("%s: got %d changes, want %d", what, got, n)
		}
	}
	want("all in one page", store.ChangeQuery{Limit: store.MaxChanges}, edits)
	want("in small pages", store.ChangeQuery{Limit: 13}, edits)
	want("of the day", store.ChangeQuery{Limit: 50, From: d, To: d}, edits)
	want("since the first", store.ChangeQuery{Limit: 50, Since: ids[0]}, edits-1)

	// A repeat of an edit that the record has long forgotten.
	old := noteEdit(d, ids[2], "edit 3")
	old.Change = ids[3]
	saved, err := s.Save(t.Context(), team, old)
	if err != nil || !saved.Repeated {
		t.Errorf("a repeat %d edits later: got %+v, %v, want Repeated", edits-4, saved, err)
	}
}

// historyOf counts the history entries that were moved out of a month, and those in it.
func historyOf(t *testing.T, s *Store, team roster.TeamID, m roster.Month) (moved, kept int) {
	t.Helper()
	answers, err := s.read(t.Context(), lookup{key: s.monthKey(team, m), bins: []string{binMoved, binEntry}})
	if err != nil {
		t.Fatal(err)
	}
	moved, _ = answers[0][binMoved].(int)
	entries, _ := answers[0][binEntry].([]any)
	return moved, len(entries)
}

// testOverflowCrash is a process that dies between writing a chunk and cutting it off
// the month: nothing is lost, and nothing shows twice.
func testOverflowCrash(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	team := newTeam("crash")
	d := roster.Date{Year: 2026, Month: 11, Day: 5}
	s.spilling <- struct{}{} // nothing is moved in the background
	based := roster.Revision("")
	for i := range relieveAt + 5 {
		e := noteEdit(d, based, fmt.Sprint("edit ", i))
		if _, err := s.Save(t.Context(), team, e); err != nil {
			t.Fatal(err)
		}
		based = e.Change
	}
	answers, err := s.read(t.Context(), lookup{key: s.monthKey(team, d.InMonth()), ops: []*as.Operation{as.ListGetRangeOp(binEntry, 0, chunkSize)}})
	if err != nil {
		t.Fatal(err)
	}
	oldest, ok := answers[0][binEntry].([]any)
	if !ok || len(oldest) != chunkSize {
		t.Fatalf("the oldest entries: got %v, want %d", answers[0][binEntry], chunkSize)
	}
	if err := s.writeChunk(t.Context(), s.chunkKey(team, d.InMonth(), 0), oldest); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		for i, ch := range allChanges(t, s, team) {
			if want := fmt.Sprint("edit ", relieveAt+4-i); ch.Note != want {
				t.Errorf("%s: change %d is %q, want %q", when, i, ch.Note, want)
			}
		}
		if got, want := len(allChanges(t, s, team)), relieveAt+5; got != want {
			t.Errorf("%s: got %d changes, want %d", when, got, want)
		}
	}
	check("after the crash")
	if err := s.moveHistory(t.Context(), team, d.InMonth()); err != nil {
		t.Errorf("the next attempt: got %v, want nil", err)
	}
	if moved, _ := historyOf(t, s, team, d.InMonth()); moved != chunkSize {
		t.Errorf("moved: got %d, want %d", moved, chunkSize)
	}
	check("after the next attempt")
	<-s.spilling
}

// testManyMonths makes the first edits of many months at once: the team's history has
// all of them.
func testManyMonths(t *testing.T, c *asdtest.Cluster) {
	stores := []*Store{openStore(t, c), openStore(t, c)}
	team := newTeam("months")
	const months = 60
	var wg sync.WaitGroup
	for i := range months {
		wg.Go(func() {
			d := roster.Date{Year: 2022, Month: 1, Day: 1}.AddDays(31 * i)
			e := noteEdit(d, "", d.String())
			e.Time = time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
			if _, err := stores[i%2].Save(t.Context(), team, e); err != nil {
				t.Errorf("%s: got %v, want nil", d, err)
			}
		})
	}
	wg.Wait()
	all := allChanges(t, stores[0], team)
	if len(all) != months {
		t.Errorf("the history: got %d changes, want %d", len(all), months)
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].Time.Before(all[i].Time) {
			t.Errorf("change %d of %s comes before one of %s, want the newest first", i-1, all[i-1].Time, all[i].Time)
		}
	}
	for _, s := range stores {
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want nil", err)
		}
	}
}
