package aerospike

import (
	"errors"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
)

func TestMarks(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	m := newMarks()
	has := func(node string, seq, at int64) sighting {
		return sighting{node, version{seq, at}, as.BinMap{"of": node, binSeq: int(seq)}}
	}
	// want has nodes asked that have these, and one of which, "" for none, is shown. Who asks
	// began when shown was shown.
	var shown int64
	want := func(what, node string, wantErr error, seen ...sighting) {
		t.Helper()
		bins, err := m.choose("team/2026-11", seen, shown, 2, now)
		if got, _ := bins["of"].(string); got != node || !errors.Is(err, wantErr) {
			t.Errorf("%s: got %q and %v, want %q and %v", what, got, err, node, wantErr)
		}
	}
	want("no record, where there was none", "a", nil, has("a", 0, 0))
	want("the first, on one node", "", errAlone, has("a", 7, 70))
	want("on one node that was asked twice", "", errAlone, has("a", 7, 70), has("a", 7, 70))
	want("on two", "a", nil, has("a", 7, 70), has("b", 7, 70))
	want("the same, on one", "b", nil, has("b", 7, 70))
	want("a newer one that is still passed on", "b", nil, has("a", 8, 80), has("b", 7, 70), has("c", 7, 70))
	want("two in a row that are", "b", nil, has("a", 9, 90), has("b", 8, 80), has("c", 7, 70))
	want("what was shown meanwhile, on one", "c", nil, has("c", 8, 80))
	want("an older one that was asked for before that was shown, on one", "", errAlone, has("a", 7, 70))
	want("and on two", "a", nil, has("a", 7, 70), has("b", 7, 70))
	shown = m.shown("team/2026-11")
	want("an older one", "", errOlder, has("a", 7, 70), has("b", 7, 70))
	want("none at all", "", errOlder, has("a", 0, 0))
	want("another edit with the same number, on one", "", errAlone, has("a", 8, 81))
	want("edits of both halves of a cut", "b", nil, has("a", 9, 91), has("b", 9, 92), has("c", 9, 92))
	want("what the lone node had", "", errAlone, has("a", 9, 91))
	want("more of them there", "c", nil, has("a", 11, 110), has("c", 9, 92))
	want("a touch", "a", nil, has("a", 9, 95), has("b", 9, 95))
	m.note("team/2026-11", version{10, 100})
	m.note("team/2026-11", version{9, 99})
	shown = m.shown("team/2026-11")
	want("what was acknowledged here", "a", nil, has("a", 10, 100))
	want("older than that", "", errOlder, has("a", 9, 95), has("b", 9, 95))
	now = now.Add(patience - time.Millisecond)
	want("for a while", "", errOlder, has("a", 9, 95), has("b", 9, 95))
	now = now.Add(time.Millisecond)
	want("when that time is over, on one", "", errAlone, has("a", 9, 95))
	want("when that time is over", "a", nil, has("a", 9, 95), has("b", 9, 95))
	if _, err := m.choose("team/2026-12", []sighting{has("a", 1, 10)}, 0, 1, now); err != nil {
		t.Errorf("another month, where one node is enough: got %v, want it shown", err)
	}
}

// An edit of the 9th came through a1 as it was cut off, after a2 and before a3 had it. So two have it,
// nobody was told that it is done, and a3 is going to be master and to replace it.
func TestEditThatOneLacksIsNotShown(t *testing.T) {
	const month = "team/2026-11"
	has := func(node string, seq int64) sighting {
		return sighting{node, version{seq, 10 * seq}, as.BinMap{"of": node, binSeq: int(seq)}}
	}
	nodes := func(names ...string) func() map[string]bool {
		in := map[string]bool{}
		for _, n := range names {
			in[n] = true
		}
		return func() map[string]bool { return in }
	}
	cut := []sighting{has("a1", 9), has("a2", 9), has("a3", 8)}
	for _, c := range []struct {
		name     string
		seen     []sighting
		together func() map[string]bool
		after    time.Duration // since it was seen first
		want     int64         // the edit that is shown last
	}{
		{"nobody has noticed the cut", cut, nodes("a1", "a2", "a3"), 0, 8},
		{"a1 is left out", cut, nodes("a2", "a3"), 0, 8},
		{"a3 was left out, and the edit was acknowledged without it", cut, nodes("a1", "a2"), 0, 9},
		{"the nodes are between two clusters", cut, nodes(), 0, 8},
		{"a3 does not answer", cut[:2], nil, 0, 9},
		{"all have it", []sighting{has("a1", 9), has("a2", 9), has("a3", 9)}, nil, 0, 9},
		{"a3 lacks it for longer than a write takes", cut, nodes("a1", "a2", "a3"), flightTime + 1, 9},
		{"no longer than that", cut, nodes("a1", "a2", "a3"), flightTime, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, now := newMarks(), time.Unix(1_700_000_000, 0)
			m.note(month, version{8, 80})
			shown := m.shown(month)
			if c.after > 0 {
				m.among(month, c.seen, 2, now, c.together)
			}
			now = now.Add(c.after)
			those, need := m.among(month, c.seen, 2, now, c.together)
			bins, err := m.choose(month, those, shown, need, now)
			if got := versionOf(bins).seq; got != c.want || err != nil {
				t.Errorf("got edit %d, %v, want edit %d", got, err, c.want)
			}
		})
	}
}

// The numbers of a version come alone or with the results of other operations on their bins.
func TestVersionOf(t *testing.T) {
	for _, bins := range []as.BinMap{
		{binSeq: 7, binAt: 70},
		{binSeq: []any{nil, 7}, binAt: []any{nil, 70}},
		{binSeq: as.OpResults{nil, 7}, binAt: as.OpResults{nil, 70}},
	} {
		if got, want := versionOf(bins), (version{7, 70}); got != want {
			t.Errorf("%v: got %v, want %v", bins, got, want)
		}
	}
	for _, bins := range []as.BinMap{nil, {binSeq: []any{}, binAt: as.OpResults{}}, {binSeq: "7"}} {
		if got := versionOf(bins); got != (version{}) {
			t.Errorf("%v: got %v, want none", bins, got)
		}
	}
}
