package aerospike

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/store"
)

const (
	maxMarks = 16_384
	// patience is how long older answers are refused when every node gives them. An
	// orphan keeps answering for about 5 s in a partial cut, so a value that is still
	// there after twice that is the cluster's.
	patience = 10 * time.Second
	// flightTime is how long what not all nodes have may still be passed on to them, and confirmed:
	// longer than a write takes, with all its attempts.
	flightTime = 5 * time.Second
	maxPassing = 1024
)

var (
	errOlder = errors.New("the answer is older than one that was seen before")
	errAlone = errors.New("no other node has what one of them answered")
	errBrief = errors.New("what was answered has only the version, which is a new one")
)

// version names a state of a month's record: how many edits it has had, and the server's
// time of its last write in ms, which tells apart what two nodes made of the same state
// while they were cut off from each other. A record that does not exist has the zero one.
type version struct {
	seq int64
	at  int64
}

// compare is which of two versions is the newer one.
func (v version) compare(other version) int {
	return cmp.Or(cmp.Compare(v.seq, other.seq), cmp.Compare(v.at, other.at))
}

func versionOf(bins as.BinMap) version { return version{numberIn(bins[binSeq]), numberIn(bins[binAt])} }

// stamp names what a record says: its version, and how often it was written by the count that
// the servers keep, which tells apart the writes of one millisecond that are no edits. The zero
// one is that of a record that does not exist.
type stamp struct {
	version
	writes int
}

func stampOf(bins as.BinMap) stamp {
	writes, _ := bins[binWrites].(int)
	return stamp{versionOf(bins), writes}
}

// sighting is what one node has of a month.
type sighting struct {
	node string
	version
	bins as.BinMap
}

// marks remember the version of each month that was shown last, so that no reader of this
// process goes back in time. Only so many months are remembered.
type marks struct {
	mu      sync.Mutex
	seen    *store.Recent[string, mark]
	passing *store.Recent[string, passedOn] // the last of each record
}

type mark struct {
	version
	refused time.Time // when older answers were refused first; zero: they were not
}

// passedOn is a version that some nodes had and another had not, and when that was seen first.
type passedOn struct {
	version
	since time.Time
}

func newMarks() *marks {
	return &marks{seen: store.NewRecent[string, mark](maxMarks), passing: store.NewRecent[string, passedOn](maxPassing)}
}

// markOf names a record among those that are versioned.
func markOf(key *as.Key) string {
	if set := key.SetName(); set != setMonth {
		return set + "/" + key.Value().String()
	}
	return key.Value().String()
}

// note remembers a version that the whole cluster has acknowledged.
func (m *marks) note(key string, v version) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, _ := m.seen.Get(key); v.seq > old.seq {
		m.seen.Put(key, mark{version: v})
	}
}

// shown is how many edits the version had that was shown last: what is asked for from now on
// must not have fewer.
func (m *marks) shown(key string) int64 {
	old, _ := m.seen.Get(key)
	return old.seq
}

// choose is the newest of what nodes have that may be shown, and remembers it. What was
// shown before may be shown again. Anything else must be with so many nodes as are needed,
// or have been there and been followed by something newer: what one of them has alone may
// be a write that it is still passing on, or never will because it was cut off, and the next
// reader, who asks another node, would go back in time. The error is errAlone or errOlder.
//
// What has fewer edits than had been shown when the reader asked may be shown only when
// nothing newer turned up for patience: then that was never the cluster's.
func (m *marks) choose(key string, seen []sighting, shown int64, needed int, now time.Time) (as.BinMap, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, _ := m.seen.Get(key)
	if !old.refused.IsZero() && now.Sub(old.refused) >= patience {
		old, shown = mark{}, 0
	}
	var best *sighting
	isOlder := false
	for i := range seen {
		s := &seen[i]
		switch {
		case s.version == old.version:
		case s.seq < shown:
			isOlder = true
			continue
		case holders(seen, s.version) < needed:
			continue
		}
		if best == nil || s.compare(best.version) > 0 {
			best = s
		}
	}
	switch {
	case best != nil:
		if best.seq >= old.seq { // else others were shown more while this was asked
			m.seen.Put(key, mark{version: best.version})
		}
		return best.bins, nil
	case !isOlder:
		return nil, errAlone
	case old.refused.IsZero():
		old.refused = now
		m.seen.Put(key, old)
	}
	return nil, errOlder
}

// among is of which nodes the answers count, and how many of these must have a version that is shown.
// Mostly that is all of them, and needed. But where two nodes have what a third has not, it may be an
// edit that is still passed on to the third; or, if a cut came in between, one that never will be, and
// that the third, once it is master, replaces. Nobody was told that it is done: what is acknowledged, all
// nodes of the cluster have. So it must be with all of them that were together when they had answered, and
// with all that answered where none are known to have been: they are between two clusters, and nothing is
// acknowledged then. That is so for as long as a write may take, as its sender may have died.
func (m *marks) among(key string, seen []sighting, needed int, now time.Time, together func() map[string]bool) (those []sighting, all int) {
	if nodesOf(seen) <= 1 || !slices.ContainsFunc(seen, func(s sighting) bool { return s.version != seen[0].version }) {
		return seen, needed
	}
	newest := slices.MaxFunc(seen, func(a, b sighting) int { return a.compare(b.version) }).version
	m.mu.Lock()
	was, ok := m.passing.Get(key)
	if !ok || was.version != newest {
		was = passedOn{newest, now}
		m.passing.Put(key, was)
	}
	m.mu.Unlock()
	if now.Sub(was.since) > flightTime {
		return seen, needed
	}
	nodes := together()
	those = slices.DeleteFunc(slices.Clone(seen), func(s sighting) bool { return !nodes[s.node] })
	if len(those) == 0 {
		those = seen
	}
	return those, max(needed, nodesOf(those))
}

// holders is how many nodes have the version or have had it.
func holders(seen []sighting, v version) int {
	return nodesOf(slices.DeleteFunc(slices.Clone(seen), func(s sighting) bool { return s.version != v && s.seq <= v.seq }))
}

// nodesOf is how many nodes there are among the sightings.
func nodesOf(seen []sighting) int {
	nodes := map[string]bool{}
	for _, s := range seen {
		nodes[s.node] = true
	}
	return len(nodes)
}
