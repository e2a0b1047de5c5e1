package aerospike

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
)

// sharpClock is how long an exchange may take that the time of a node is learned from.
const sharpClock = 50 * time.Millisecond

// clocks are how far each node's clock is ahead of this program's, in ms, as each said last. The
// clock of one node may be wrong, and a write is in time by the clock of the node that it goes to.
type clocks struct {
	of   sync.Map     // the name of a node: int64
	last atomic.Int64 // that of whichever node was heard last
}

func (c *clocks) learn(node string, ms int64) {
	c.of.Store(node, ms)
	c.last.Store(ms)
}

// ahead is what is known of a node, and of one that was never heard what others say.
func (c *clocks) ahead(node string) int64 {
	if known, ok := c.of.Load(node); ok {
		ms, _ := known.(int64)
		return ms
	}
	return c.last.Load()
}

// serverNow is the time of the node that evaluates it, in ms since 1970. There is no
// expression for that alone.
func serverNow() *as.Expression {
	return as.ExpNumAdd(as.ExpNumDiv(as.ExpLastUpdate(), as.ExpIntVal(int64(time.Millisecond))), as.ExpSinceUpdate())
}

// learnTime notes the time that a node said in its answer to what was asked at sent.
func (s *Store) learnTime(rec *as.Record, sent time.Time) {
	ms, took := numberIn(rec.Bins[binAt]), s.now().Sub(sent)
	if ms != 0 && took < sharpClock && rec.Node != nil {
		s.clocks.learn(rec.Node.GetName(), ms-sent.Add(took/2).UnixMilli())
	}
}

// askTime learns the time of the node that is the key's master.
func (s *Store) askTime(ctx context.Context, key *as.Key) {
	sent := s.now()
	s.reads.Add(1)
	p := batchPolicy(left(ctx, readSocket), false)
	r := as.NewBatchReadOps(batchReadPolicy(), key, as.ExpReadOp(binAt, serverNow(), as.ExpReadFlagDefault))
	if err := s.client.BatchOperate(p, []as.BatchRecordIfc{r}); err == nil && r.Record != nil {
		s.learnTime(r.Record, sent)
	}
}
