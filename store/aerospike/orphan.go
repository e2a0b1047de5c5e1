package aerospike

import (
	"context"
	"sync"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"
)

// A node that was cut off from some of the others takes writes into its old copies for
// a while, although it can acknowledge none. Such a phantom has a last-update-time, and
// when the node is back the newest copy wins: where nothing later was written to the
// record elsewhere, all that was written there since the cut is lost to the old copy.
// Two things keep that from happening: nothing is sent to a node that is known to be
// outside the majority, and what was in doubt and came to nothing is followed by a
// touch, which is acknowledged by the whole cluster and is later.

const (
	// mendBudget is how long a touch is attempted in the background. It is longer than
	// a cut-off node takes to give up its copies, some 5 s.
	mendBudget = 30 * time.Second
	// maxMends bounds how many are under way.
	maxMends = 256
)

// masterOf is the name of the node to which the client would send a write of the key, or "" where it
// will say itself what is wrong.
func (s *Store) masterOf(key *as.Key) string {
	cluster := s.client.Cluster()
	policy := as.NewPolicy()
	policy.ReplicaPolicy = as.MASTER
	partition, err := as.PartitionForWrite(cluster, policy, key)
	if err != nil {
		return ""
	}
	node, err := partition.GetNodeWrite(cluster)
	if err != nil {
		return ""
	}
	return node.GetName()
}

// inDoubt reports whether a write that got the error may stand in some copy.
func inDoubt(err as.Error) bool {
	return err != nil && (err.IsInDoubt() || err.Matches(types.TIMEOUT, types.NETWORK_ERROR, types.MAX_RETRIES_EXCEEDED))
}

// touch makes the record as the cluster has it newer than any phantom of it. A record
// that does not exist needs nothing. The error is one of package store.
func (s *Store) touch(ctx context.Context, key *as.Key) error {
	return repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE_ONLY, nil, as.TouchOp())
		if err != nil && missing(err) {
			return nil
		}
		return s.settled(ctx, key, rec, err)
	})
}

// mends are the records that are being touched in the background.
type mends struct {
	mu sync.Mutex
	// wanted says by digest whether there was another write in doubt since the touch that
	// is under way was begun: then one more is due.
	wanted map[string]bool
}

// want notes that a record is to be touched. It reports whether that is to be begun, as it
// is not under way, and whether there is room for that.
func (m *mends) want(digest string) (begin, room bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, underWay := m.wanted[digest]; underWay {
		m.wanted[digest] = true
		return false, true
	}
	if len(m.wanted) >= maxMends {
		return false, false
	}
	m.wanted[digest] = true
	return true, true
}

// take tells whether a touch is wanted that has not begun, and counts it as begun.
func (m *mends) take(digest string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := m.wanted[digest]
	m.wanted[digest] = false
	return wanted
}

// end forgets the record, unless another touch is wanted.
func (m *mends) end(digest string) (ended bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wanted[digest] {
		return false
	}
	delete(m.wanted, digest)
	return true
}

// mend touches a record in the background, because its writer cannot wait for that: once,
// however many writes of it came to nothing meanwhile, or they would block each other.
func (s *Store) mend(key *as.Key) {
	digest := string(key.Digest())
	begin, room := s.mends.want(digest)
	if !room {
		s.log.Warn("too many records are in doubt; one is left as it is", "key", key.Value())
	}
	if !begin {
		return
	}
	s.background.Go(func() {
		for ended := false; !ended && s.ctx.Err() == nil; ended = s.mends.end(digest) {
			s.mendUntilDone(key, digest)
		}
	})
}

// mendUntilDone touches the record until that is acknowledged, or for mendBudget after it
// was wanted last.
func (s *Store) mendUntilDone(key *as.Key, digest string) {
	var until time.Time
	for s.ctx.Err() == nil {
		if s.mends.take(digest) {
			until = time.Now().Add(mendBudget)
		}
		ctx, cancel := context.WithDeadline(s.ctx, until)
		err := s.touch(ctx, key)
		over := ctx.Err() != nil
		cancel()
		switch {
		case err == nil:
			return
		case over:
			s.log.Warn("a record stays in doubt", "key", key.Value())
			return
		}
		select { // without a majority a touch is refused at once
		case <-time.After(writePause):
		case <-s.ctx.Done():
		}
	}
}
