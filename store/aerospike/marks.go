package aerospike

import (
	"sync"
	"time"
)

const (
	maxMarks = 4096
	// patience is how long older answers are refused when every node gives them. An
	// orphan keeps answering for about 5 s in a partial cut, so a value that is still
	// there after twice that is the cluster's.
	patience = 10 * time.Second
)

// marks remember the highest version seen of each month, so that no reader of this
// process goes back in time. Only so many months are remembered.
type marks struct {
	mu   sync.Mutex
	seen *recent[string, mark]
}

type mark struct {
	seq     int64
	refused time.Time // when older answers were refused first; zero: they were not
}

func newMarks() *marks { return &marks{seen: newRecent[string, mark](maxMarks)} }

// accept reports whether a version may be shown, and remembers it. An older version
// than seen before may not be, unless nothing newer was seen for patience: then what
// was seen was never the cluster's, for instance a write that one node took and never
// got acknowledged.
func (m *marks) accept(key string, seq int64, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, _ := m.seen.get(key)
	if seq < old.seq {
		if old.refused.IsZero() {
			old.refused = now
		}
		if now.Sub(old.refused) < patience {
			m.seen.put(key, old)
			return false
		}
	}
	m.seen.put(key, mark{seq: seq})
	return true
}
