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

// guards are the operations that go before every write to a node: they fail, and with them the
// whole write, when one of two things is not so.
//
// It is not later than the write was meant for, which counts from when the
// cluster was known to be as the write goes by. A node that was frozen takes the writes that
// waited in its sockets, and one that was cut off those that waited for others of the same
// record, long after their senders gave up and other nodes became masters of its keys;
// without this it would write them into its old copies and spread these as the newest.
//
// And the record has as many edits as were shown of it, 0 if none was. A node that has not kept
// what it acknowledged would write into its old copy too, and replace what another one kept.
func (s *Store) guards(from time.Time, node string, shown int64) []*as.Operation {
	last := from.UnixMilli() + s.clocks.ahead(node) + s.lateness.Milliseconds()
	holds := as.ExpLessEq(serverNow(), as.ExpIntVal(last))
	if shown > 0 {
		holds = as.ExpAnd(holds, as.ExpGreaterEq(as.ExpIntBin(binSeq), as.ExpIntVal(shown)))
	}
	return []*as.Operation{
		as.ExpWriteOp(binAt, as.ExpCond(holds, serverNow(), as.ExpUnknown()), as.ExpWriteFlagDefault),
		as.GetBinOp(binAt),
	}
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
