package aerospike

import (
	"context"
	"errors"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/aerospike/fence"
)

// testFencedNode puts one node outside the majority, as the fence would in a partial
// cut: what that node answers is discarded, and another one is asked.
func testFencedNode(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	const node = 0
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := teamOn(t, s, c, node, d.InMonth())
	edit := noteEdit(d, "", "seen elsewhere")
	if _, err := s.Save(t.Context(), team, edit); err != nil {
		t.Fatal(err)
	}
	s.stop() // so that the fence stays as it is set
	s.background.Wait()
	s.fence.Distrust(c.Name(node))
	for range 10 {
		before := s.RoundTrips().Reads
		days, err := s.Days(t.Context(), team, d, d)
		if err != nil || days[0].Revision != edit.Change {
			t.Errorf("Days: got %+v, %v, want the edit", days, err)
		}
		if got := s.RoundTrips().Reads - before; got != 2 {
			t.Errorf("got %d round trips, want a second one, to the other nodes", got)
		}
		// As many keys as there are nodes: see ask.
		before = s.RoundTrips().Reads
		days, err = s.Days(t.Context(), team, d, d.AddDays(2*31))
		if err != nil || days[0].Revision != edit.Change {
			t.Errorf("Days of three months: got %+v, %v, want the edit", days, err)
		}
		if got := s.RoundTrips().Reads - before; got > 2 {
			t.Errorf("got %d round trips for three months, want a second one at most", got)
		}
		days, err = s.Days(t.Context(), team, d.AddDays(60), d.AddDays(60))
		if err != nil || days[0].Revision != "" {
			t.Errorf("Days of a month that does not exist: got %+v, %v, want an empty day", days, err)
		}
	}
}

// testComeBack has the fence take every node for outside, as one that has come back and is
// the only one that the client knows: it looks again before its time.
func testComeBack(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	const most = fence.Interval / 2
	for range 10 {
		s.fence.Distrust(c.Name(0), c.Name(1), c.Name(2))
		begun := time.Now()
		if _, err := s.Days(t.Context(), newTeam("back"), d, d); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > most {
			t.Errorf("got an answer after %s, want it within %s", took, most)
		}
	}
}

// testNoFooting has the fence hear nothing any more, while the client still has its map: a node
// may have been cut off since, so that nothing is sent to it.
func testNoFooting(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := newTeam("unheard")
	first := noteEdit(d, "", "known")
	if _, err := s.Save(t.Context(), team, first); err != nil {
		t.Fatal(err)
	}
	s.stop()
	s.background.Wait()
	time.Sleep(fence.FootingAge)
	before := s.RoundTrips().Writes
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := s.Save(ctx, team, noteEdit(d, first.Change, "unknown"))
	wantUnavailable(t, "Save without a footing", err)
	if got := s.RoundTrips().Writes - before; got != 0 {
		t.Errorf("got %d writes, want none", got)
	}
}

// testMoved confirms what was refused: that it is refused is known only by the same cluster.
func testMoved(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := newTeam("moved")
	if _, err := s.Save(t.Context(), team, noteEdit(d, "", "known")); err != nil {
		t.Fatal(err)
	}
	on, err := s.fence.Ready(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := onceWrite{key: s.monthKey(team, d.InMonth()), id: noteEdit(d, "", "refused").Change}
	if out, doubt, err := s.confirm(t.Context(), w, on.Key); out != refused || doubt || err != nil {
		t.Errorf("in the same cluster: got %d, %t, %v, want a refusal", out, doubt, err)
	}
	if _, _, err := s.confirm(t.Context(), w, "the one before"); !errors.Is(err, errMoved) {
		t.Errorf("in the next cluster: got %v, want another attempt, as %v", err, errMoved)
	}
}

// testOlderAnswer has the store see a version that the cluster then does not have: it
// refuses to go back in time.
func testOlderAnswer(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := newTeam("older")
	if _, err := s.Save(t.Context(), team, noteEdit(d, "", "old")); err != nil {
		t.Fatal(err)
	}
	key := s.monthKey(team, d.InMonth()).Value().String()
	newer := version{seq: 2, at: time.Now().UnixMilli()}
	s.marks.note(key, newer)
	_, err := s.Days(t.Context(), team, d, d)
	wantUnavailable(t, "Days that are older than what was seen", err)
	if !errors.Is(err, errOlder) {
		t.Errorf("Days that are older than what was seen: got %v, want it to say so", err)
	}
	s.marks.seen.Put(key, mark{newer, time.Now().Add(-patience)}) // nobody ever saw it again
	if _, err := s.Days(t.Context(), team, d, d); err != nil {
		t.Errorf("Days after %s: got %v, want nil", patience, err)
	}
}
