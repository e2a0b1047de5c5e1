package aerospike

import (
	"context"
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

// toOutsider reports whether a write of the key would go to a node that is known to be
// outside the majority.
func (s *Store) toOutsider(key *as.Key) bool {
	cluster := s.client.Cluster()
	partition, err := as.PartitionForWrite(cluster, as.NewPolicy(), key)
	if err != nil {
		return false // the client will say what is wrong
	}
	node, err := partition.GetNodeWrite(cluster)
	return err == nil && s.fence.outside(node.GetName())
}

// inDoubt reports whether a write that got the error may stand in some copy.
func inDoubt(err as.Error) bool {
	return err != nil && (err.IsInDoubt() || err.Matches(types.TIMEOUT, types.NETWORK_ERROR, types.MAX_RETRIES_EXCEEDED))
}

// touch makes the record as the cluster has it newer than any phantom of it. A record
// that does not exist needs nothing. The error is one of package store.
func (s *Store) touch(ctx context.Context, key *as.Key) error {
	return repeat(ctx, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE_ONLY, nil, as.TouchOp())
		if err != nil && missing(err) {
			return nil
		}
		return s.settled(ctx, key, rec, err)
	})
}

// mend touches a record in the background, as whoever wrote it could not wait for it.
func (s *Store) mend(key *as.Key) {
	select {
	case s.mending <- struct{}{}:
	default:
		s.log.Warn("too many records are in doubt; one is left as it is", "key", key.Value())
		return
	}
	s.background.Go(func() {
		defer func() { <-s.mending }()
		ctx, cancel := context.WithTimeout(s.ctx, mendBudget)
		defer cancel()
		for ctx.Err() == nil {
			if err := s.touch(ctx, key); err == nil {
				return
			}
			select { // without a majority a touch is refused at once
			case <-time.After(lastPause):
			case <-ctx.Done():
			}
		}
		s.log.Warn("a record stays in doubt", "key", key.Value())
	})
}
