package aerospike

import (
	"context"
	"errors"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/aerospike/fence"
	"dailyroster/store/storetest"
)

// TestFaults does to three nodes under load what happens to machines, and checks all
// that the load was answered.
func TestFaults(t *testing.T) {
	c := asdtest.Start(t, 3, "that no acknowledged edit is lost and no answer is stale when nodes die, freeze and come back")
	stores := []*Store{openStore(t, c), openStore(t, c)}
	t.Cleanup(func() {
		for _, s := range stores {
			_ = s.Close()
		}
	})
	// In this order: the second begins where the first ends.
	t.Run("a node is killed", func(t *testing.T) { faultKill(t, c, stores) })
	t.Run("it comes back with its old files", func(t *testing.T) { faultReturn(t, c, stores) })
	t.Run("a node freezes for 6 s", func(t *testing.T) { faultFreeze(t, c, stores) })
	t.Run("all three are killed and started", func(t *testing.T) { faultKillAll(t, c, stores) })
	t.Run("two of three are down", func(t *testing.T) { faultTwoDown(t, c, stores) })
	t.Run("two of three have not kept what they acknowledged", func(t *testing.T) { faultNotKept(t, c, stores[0]) })
}

func faultKill(t *testing.T, c *asdtest.Cluster, stores []*Store) {
	l := startLoad(t, stores...)
	time.Sleep(2 * time.Second)
	c.Kill(0)
	time.Sleep(5 * time.Second)
	l.end()
	l.wantNoneFailed()
	l.wantWithin(150*time.Millisecond, 2*time.Second)
}

func faultReturn(t *testing.T, c *asdtest.Cluster, stores []*Store) {
	l := startLoad(t, stores...)
	time.Sleep(2 * time.Second)
	c.Restart(0)
	c.WaitFormed(t, 15*time.Second)
	time.Sleep(3 * time.Second)
	l.end()
	l.wantNoneFailed()
}

func faultFreeze(t *testing.T, c *asdtest.Cluster, stores []*Store) {
	c.WaitStable(t, 60*time.Second)
	l := startLoad(t, stores...)
	time.Sleep(2 * time.Second)
	c.Freeze(1)
	time.Sleep(6 * time.Second)
	c.Thaw(1)
	c.WaitFormed(t, 15*time.Second)
	time.Sleep(3 * time.Second)
	l.end()
	l.wantNoneFailed()
}

func faultKillAll(t *testing.T, c *asdtest.Cluster, stores []*Store) {
	c.WaitStable(t, 60*time.Second)
	l := startLoad(t, stores...)
	time.Sleep(5 * time.Second)
	c.KillAll()
	started := time.Now()
	for i := range c.Size() {
		c.Restart(i)
	}
	waitServing(t, stores[0], 15*time.Second)
	t.Logf("serving again %s after the start", time.Since(started).Round(10*time.Millisecond))
	c.WaitFormed(t, 15*time.Second)
	time.Sleep(3 * time.Second)
	l.end()
}

func faultTwoDown(t *testing.T, c *asdtest.Cluster, stores []*Store) {
	c.WaitStable(t, 60*time.Second)
	const last = 0
	s := stores[0]
	d := roster.Date{Year: 2026, Month: 1, Day: 31}
	team := teamOn(t, s, c, last, d.InMonth())
	first := noteEdit(d, "", "before")
	if _, err := s.Save(t.Context(), team, first); err != nil {
		t.Fatal(err)
	}
	l := startLoad(t, stores...)
	time.Sleep(5 * time.Second)
	c.Kill(1)
	c.Kill(2)
	down := time.Now()
	// At first the last node waits for the others, then it knows that it is alone.
	edit := noteEdit(d, first.Change, "refused")
	for {
		begun := time.Now()
		_, err := s.Save(t.Context(), team, edit)
		took := time.Since(begun)
		wantUnavailable(t, "Save with two of three down", err)
		// The store sends nothing then, so the node is asked directly as well.
		_, direct := s.client.Operate(writePolicy(writeAttempt, as.UPDATE_ONLY, nil), s.monthKey(team, d.InMonth()), as.TouchOp())
		if errors.Is(err, fence.ErrNoFooting) && took < time.Second && direct != nil && direct.Matches(types.PARTITION_UNAVAILABLE) {
			t.Logf("an edit was refused in %s, and by the node with PARTITION_UNAVAILABLE, %s after two nodes died", took.Round(time.Millisecond), time.Since(down).Round(time.Second))
			break
		}
		if time.Since(down) > 20*time.Second {
			t.Errorf("Save with two of three down, after 20 s: got %v in %s, and %v from the node, want %v within 1 s, and PARTITION_UNAVAILABLE", err, took, direct, fence.ErrNoFooting)
			break
		}
	}
	// The last node may still show what it has, which nobody can be ahead of.
	if days, err := s.Days(t.Context(), team, d, d); err != nil {
		wantUnavailable(t, "Days with two of three down", err)
	} else if days[0].Revision != first.Change {
		t.Errorf("Days with two of three down: got %+v, want the day as it was", days[0])
	}
	c.Restart(1)
	c.Restart(2)
	started := time.Now()
	waitServing(t, s, 15*time.Second)
	t.Logf("serving again %s after the start", time.Since(started).Round(10*time.Millisecond))
	c.WaitFormed(t, 15*time.Second)
	time.Sleep(2 * time.Second)
	l.end()
	if saved, err := s.Save(t.Context(), team, edit); err != nil || saved.Days[0].Note != "refused" {
		t.Errorf("the refused edit, sent again: got %+v, %v, want success", saved, err)
	}
	if got := allChanges(t, s, team); len(got) != 2 {
		t.Errorf("the history: got %+v, want both edits once", got)
	}
}

// faultNotKept kills all three nodes, and gives two of them the files of before the last edit, as if
// they had been killed before they wrote it. What only the third has kept must not be lost while it
// is away.
func faultNotKept(t *testing.T, c *asdtest.Cluster, s *Store) {
	c.WaitStable(t, 60*time.Second)
	const late = 2
	d := roster.Date{Year: 2026, Month: 2, Day: 1}
	team := teamOn(t, s, c, 0, d.InMonth())
	first, last := noteEdit(d, "", "before"), noteEdit(d.AddDays(1), "", "only one has kept it")
	save := func(e roster.Edit) {
		t.Helper()
		if _, err := s.Save(t.Context(), team, e); err != nil {
			t.Fatal(err)
		}
	}
	save(first)
	c.KillAll()
	var restore []func()
	for i := range late {
		restore = append(restore, c.Keep(i))
	}
	for i := range c.Size() {
		c.Restart(i)
	}
	waitServing(t, s, 30*time.Second)
	c.WaitStable(t, 60*time.Second)
	save(last)
	c.KillAll()
	for i := range late {
		restore[i]()
		c.Restart(i)
	}
	waitServing(t, s, 30*time.Second)
	next := noteEdit(d.AddDays(2), "", "after")
	_, err := s.Save(t.Context(), team, next)
	wantUnavailable(t, "Save where only the node that is away has kept what was shown", err)
	c.Restart(late)
	c.WaitStable(t, 60*time.Second)
	save(next)
	if got := allChanges(t, s, team); len(got) != 3 || got[0].ID != next.Change || got[1].ID != last.Change || got[2].ID != first.Change {
		t.Errorf("the history: got %+v, want the three edits once each", got)
	}
}

func wantUnavailable(t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*store.UnavailableError](err); !ok {
		t.Errorf("%s: got %v, want an *UnavailableError", what, err)
	}
}

// waitServing waits until the store takes an edit, of a team of its own.
func waitServing(t *testing.T, s *Store, most time.Duration) {
	t.Helper()
	edit := roster.Edit{
		Change: storetest.NewID(), Why: roster.WhyEdit, Time: time.Now(),
		Days: []roster.DayEdit{{Day: roster.Day{Date: roster.Date{Year: 2026, Month: 1, Day: 1}, Note: "serving"}}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	for {
		_, err := s.Save(ctx, roster.TeamID(roster.Slug("serving "+string(edit.Change))), edit)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("the store does not serve after %s: %v", most, err)
		}
	}
}
