package aerospike

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/aerospike/fence"
	"dailyroster/store/aerospike/info"
	"dailyroster/store/storetest"
)

func newTeam(what string) roster.TeamID {
	return roster.TeamID(roster.Slug(what + " " + string(storetest.NewID())))
}

func noteEdit(d roster.Date, basedOn roster.Revision, note string) roster.Edit {
	return roster.Edit{
		Change: storetest.NewID(), Actor: roster.Actor{Name: "tester"}, Why: roster.WhyEdit, Time: time.Now(),
		Days: []roster.DayEdit{{BasedOn: basedOn, Day: roster.Day{Date: d, Note: note}}},
	}
}

// teamOn is a new team whose record of the month has its master on node i.
func teamOn(t *testing.T, s *Store, c *asdtest.Cluster, i int, m roster.Month) roster.TeamID {
	t.Helper()
	for {
		team := newTeam("on node")
		partition, err := as.PartitionForRead(clusterOf(s), as.NewPolicy(), s.monthKey(team, m))
		if err != nil {
			t.Fatal(err)
		}
		n, err := partition.GetNodeRead(clusterOf(s))
		if err != nil {
			t.Fatal(err)
		}
		if n.GetName() == c.Name(i) {
			return team
		}
	}
}

func clusterOf(s *Store) *as.Cluster { return s.client.Cluster() }

func allChanges(t *testing.T, s *Store, team roster.TeamID) []roster.Change {
	t.Helper()
	var all []roster.Change
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for {
		page, err := s.Changes(t.Context(), team, q)
		if err != nil {
			t.Fatalf("Changes: got %v, want nil", err)
		}
		all = append(all, page.Changes...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}

// testFrozenMaster saves while the master of the month is frozen: the first attempts
// are in doubt, and the edit takes effect once when another node is master.
func testFrozenMaster(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	const node = 2
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := teamOn(t, s, c, node, d.InMonth())
	first := noteEdit(d, "", "before")
	if _, err := s.Save(t.Context(), team, first); err != nil {
		t.Fatal(err)
	}
	c.Freeze(node)
	edit := noteEdit(d, first.Change, "while frozen")
	begun := time.Now()
	before := s.RoundTrips()
	saved, err := s.Save(t.Context(), team, edit)
	t.Logf("saved after %s in %d writes", time.Since(begun).Round(time.Millisecond), s.RoundTrips().Writes-before.Writes)
	if err != nil || saved.Days[0].Note != "while frozen" {
		t.Errorf("Save: got %+v, %v, want the note", saved, err)
	}
	third := noteEdit(d, edit.Change, "after")
	if _, err := s.Save(t.Context(), team, third); err != nil {
		t.Errorf("Save: got %v, want nil", err)
	}
	c.Thaw(node)
	c.WaitStable(t, time.Minute)
	got := allChanges(t, s, team)
	if len(got) != 3 || got[0].ID != third.Change || got[1].ID != edit.Change || got[2].ID != first.Change {
		t.Errorf("the history: got %+v, want the three edits once each", got)
	}
}

// testLateWrites gives up on writes that wait in the sockets of a frozen node, edits
// on through the others, and thaws it: nothing may come of the writes that waited.
// Months that exist and months that do not are both tried.
func testLateWrites(t *testing.T, c *asdtest.Cluster) { lateWrites(t, c, fence.Lateness, true) }

func lateWrites(t *testing.T, c *asdtest.Cluster, lateness time.Duration, strict bool) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	s.lateness = lateness
	const node, teams = 1, 20
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	var ids []roster.TeamID
	based := map[roster.TeamID]roster.Revision{}
	for i := range teams {
		team := teamOn(t, s, c, node, d.InMonth())
		ids = append(ids, team)
		if i%2 == 0 {
			e := noteEdit(d, "", "before")
			if _, err := s.Save(t.Context(), team, e); err != nil {
				t.Fatal(err)
			}
			based[team] = e.Change
			continue
		}
		if err := s.listMonth(t.Context(), team, d.InMonth()); err != nil { // only the month itself is to wait
			t.Fatal(err)
		}
	}
	c.Freeze(node)
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		waiting []roster.TeamID
	)
	for _, team := range ids {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
			defer cancel()
			var err error
			if based[team] != "" {
				_, err = s.Save(ctx, team, noteEdit(d, based[team], "waits"))
			} else {
				err = s.createMonth(ctx, team, d.InMonth())
			}
			// A key that got another master since it was chosen is of no use here.
			if _, ok := errors.AsType[*store.UnavailableError](err); ok {
				mu.Lock()
				defer mu.Unlock()
				waiting = append(waiting, team)
			}
		})
	}
	wg.Wait()
	if len(waiting) < teams/2 {
		t.Fatalf("got %d writes that wait in the frozen node, want at least %d; fewer show nothing", len(waiting), teams/2)
	}
	time.Sleep(3 * time.Second) // the others form a cluster without it
	want := map[roster.TeamID]roster.Edit{}
	for _, team := range waiting {
		e := noteEdit(d, based[team], "acknowledged")
		_, err := s.Save(t.Context(), team, e)
		if conflict, ok := errors.AsType[*store.ConflictError[[]roster.Day]](err); ok && conflict.Current[0].Note == "waits" {
			continue // another node was its master, waited for the frozen one, and took it
		}
		if err != nil {
			t.Fatalf("Save: got %v, want nil", err)
		}
		want[team] = e
	}
	c.Thaw(node)
	time.Sleep(time.Second)
	c.WaitStable(t, time.Minute)
	lost := 0
	for team := range want {
		fresh := openStore(t, c)
		days, err := fresh.Days(t.Context(), team, d, d)
		_ = fresh.Close()
		if err != nil || days[0].Revision != want[team].Change {
			lost++
			if strict {
				t.Errorf("the acknowledged edit: got %+v, %v, want %s (the month existed: %t)", days, err, want[team].Change, based[team] != "")
			}
		}
	}
	t.Logf("%d of %d acknowledged edits lost", lost, len(want))
}

// testTinyTimeouts saves with attempts so short that many are in doubt though they
// took effect: each edit is there once all the same.
func testTinyTimeouts(t *testing.T, c *asdtest.Cluster) {
	check := openStore(t, c)
	defer func() { _ = check.Close() }()
	const edits, calls = 10, 20 // of each length of attempts; most calls for an edit
	for attempt := 200 * time.Microsecond; attempt <= 1100*time.Microsecond; attempt += 300 * time.Microsecond {
		s := openStore(t, c)
		s.attempt = attempt
		team, based := newTeam("tiny"), roster.Revision("")
		repeated, called := 0, 0
		for i := range edits {
			e := noteEdit(roster.Date{Year: 2026, Month: 11, Day: 1}, based, fmt.Sprint("edit ", i))
			acknowledged := false
			for try := 0; try < calls && !acknowledged; try++ {
				saved, err := s.Save(t.Context(), team, e)
				if _, ok := errors.AsType[*store.UnavailableError](err); err != nil && !ok {
					t.Fatalf("attempts of %s, edit %d: got %v, want nil or an *UnavailableError", attempt, i, err)
				}
				called++
				acknowledged = err == nil
				if saved.Repeated {
					repeated++
				}
			}
			if !acknowledged {
				t.Fatalf("attempts of %s, edit %d was not acknowledged", attempt, i)
			}
			based = e.Change
		}
		if got := allChanges(t, check, team); len(got) != edits {
			t.Errorf("attempts of %s: the history has %d changes, want %d", attempt, len(got), edits)
		}
		t.Logf("attempts of %s: %d edits in %d calls and %d writes, %d found to have taken effect before", attempt, edits, called, s.RoundTrips().Writes, repeated)
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want nil", err)
		}
	}
}

// testKeyBusy lets many write one month that the server allows only one write of at a
// time: KEY_BUSY is waited out.
func testKeyBusy(t *testing.T, c *asdtest.Cluster) {
	limit := func(n string) {
		for i := range c.Size() {
			answer, err := c.Info(i, "set-config:context=namespace;id="+asdtest.Namespace+";transaction-pending-limit="+n)
			if err != nil || answer != "ok" {
				t.Fatalf("set-config: got %q, %v, want ok", answer, err)
			}
		}
	}
	limit("1")
	defer limit("0")
	// Each in a program of its own: writes of one program take turns.
	const writers, edits = 20, 10
	stores := make([]*Store, writers)
	for w := range stores {
		stores[w] = openStore(t, c)
		t.Cleanup(func() { _ = stores[w].Close() })
	}
	team := newTeam("busy")
	var wg sync.WaitGroup
	for w, s := range stores {
		wg.Go(func() {
			based := roster.Revision("")
			for i := range edits {
				e := noteEdit(roster.Date{Year: 2026, Month: 11, Day: 1 + w}, based, fmt.Sprint("edit ", i))
				if _, err := s.Save(t.Context(), team, e); err != nil {
					t.Errorf("writer %d: got %v, want nil", w, err)
					return
				}
				based = e.Change
			}
		})
	}
	wg.Wait()
	if got := len(allChanges(t, stores[0], team)); got != writers*edits {
		t.Errorf("the history: got %d changes, want %d", got, writers*edits)
	}
	busy := int64(0)
	for i := range c.Size() {
		answer, err := c.Info(i, "namespace/"+asdtest.Namespace)
		if err != nil {
			t.Fatal(err)
		}
		busy += info.Parse(answer).Number("fail_key_busy")
	}
	if busy == 0 {
		t.Error("the servers answered KEY_BUSY 0 times, want more; nothing was shown")
	}
	t.Logf("%d edits, KEY_BUSY answered %d times", writers*edits, busy)
}
