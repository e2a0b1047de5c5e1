package aerospike

import (
	"context"
	"errors"
	"fmt"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
)

const (
	// lateness is how long after it was sent a write may still take effect, by the
	// clock of the node that does it: less than a node must be silent before the
	// others elect a new master for its keys (0.8 s, see the package documentation).
	lateness = 700 * time.Millisecond
	// keptIDs is how many ids of edits a record remembers, for confirm. Older ones are
	// looked for in the history.
	keptIDs = 64
	// sharpClock is the longest exchange that tells the servers' time well enough.
	sharpClock = 50 * time.Millisecond
)

var errUnsettled = errors.New("the write was acknowledged, but no node is known to have kept it")

var errLate = errors.New("the write came too late, or this machine's clock is off")

// serverNow is the time of the node that evaluates it, in ms since 1970. There is no
// expression for that alone.
func serverNow() *as.Expression {
	return as.ExpNumAdd(as.ExpNumDiv(as.ExpLastUpdate(), as.ExpIntVal(int64(time.Millisecond))), as.ExpSinceUpdate())
}

// inTime are the operations that go before every write: they fail, and with them the
// whole write, when it is later than the write was meant for. A node that was frozen
// takes the writes that waited in its sockets, long after their senders gave up and
// other nodes became masters of its keys; without this it would write them into its
// old copies and spread these as the newest.
func (s *Store) inTime() []*as.Operation {
	last := s.now().UnixMilli() + s.clock.Load() + s.lateness.Milliseconds()
	return []*as.Operation{
		as.ExpWriteOp(binAt, as.ExpCond(as.ExpLessEq(serverNow(), as.ExpIntVal(last)), serverNow(), as.ExpUnknown()), as.ExpWriteFlagDefault),
		as.GetBinOp(binAt),
	}
}

// operate sends one write, once.
func (s *Store) operate(ctx context.Context, key *as.Key, exists as.RecordExistsAction, when *as.Expression, ops ...*as.Operation) (*as.Record, as.Error) {
	if s.toOutsider(key) {
		return nil, as.ErrInvalidPartitionMap
	}
	s.writes.Add(1)
	sent := s.now()
	rec, err := s.client.Operate(writePolicy(left(ctx, s.attempt), exists, when), key, append(s.inTime(), ops...)...)
	if err == nil {
		s.learnTime(sent, rec.Bins[binAt])
	}
	return rec, err
}

// learnTime notes how far the servers' clocks are ahead, from what one of them said
// in an exchange that was begun at sent.
func (s *Store) learnTime(sent time.Time, said any) {
	if results, ok := said.(as.OpResults); ok && len(results) > 0 {
		said = results[len(results)-1]
	}
	ms, ok := said.(int)
	took := s.now().Sub(sent)
	if ok && took < sharpClock {
		s.clock.Store(int64(ms) - sent.Add(took/2).UnixMilli())
	}
}

// askTime learns the time of the node that is the key's master.
func (s *Store) askTime(ctx context.Context, key *as.Key) {
	sent := s.now()
	s.reads.Add(1)
	p := batchPolicy(left(ctx, readSocket), false)
	r := as.NewBatchReadOps(batchReadPolicy(), key, as.ExpReadOp(binAt, serverNow(), as.ExpReadFlagDefault))
	if err := s.client.BatchOperate(p, []as.BatchRecordIfc{r}); err == nil && r.Record != nil {
		s.learnTime(sent, r.Record.Bins[binAt])
	}
}

// settle waits until a write that was acknowledged just now is on a device: until some
// node has lived for settleTime since. The servers acknowledge what they have in memory,
// and write it a millisecond or two later; a kill of all three in that time loses it. It
// costs the record no round trip. An error that is errUnsettled says that no node did:
// the write took effect, and may be lost; the same write or confirm tells.
func (s *Store) settle(ctx context.Context) error {
	if s.settleTime == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, settleBudget)
	defer cancel()
	from := s.now()
	t := time.NewTimer(s.settleTime)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	if err := s.fence.outlived(ctx, from, from.Add(s.settleTime)); err != nil {
		return fmt.Errorf("%w (%w)", errUnsettled, err)
	}
	return nil
}

// attemptOf makes an error of one write attempt one of this package: worth another
// attempt or not.
func (s *Store) attemptOf(ctx context.Context, key *as.Key, err as.Error) error {
	switch {
	case err == nil:
		return nil
	case err.Matches(types.OP_NOT_APPLICABLE):
		s.log.Debug("a write was refused as late; asking for the servers' time", "key", key.Value(), "ahead_ms", s.clock.Load())
		s.askTime(ctx, key)
		return again(errLate)
	case passing(err):
		return s.againUnlessLost(brief{err})
	}
	return brief{err}
}

// outcome is what came of a write that is made at most once.
type outcome int

const (
	refused  outcome = iota // its condition does not hold, and it never took effect
	applied                 // by this call
	repeated                // by this call or an earlier one, and it is on every replica
)

// onceWrite is a compare-and-set that takes effect at most once, told by its id, on a
// record that has the list of ids "ops".
type onceWrite struct {
	key    *as.Key
	id     roster.ChangeID
	when   *as.Expression // must hold of the record
	ops    []*as.Operation
	done   *as.Expression                  // also says that it took effect; nil: only its id does
	create func(ctx context.Context) error // makes the record; nil: one that is missing is a refusal
}

// once makes the write. An attempt without a clear answer is sent again: its condition
// has that its id is not in the record, so it cannot take effect twice. Where the
// condition fails, confirm tells why. The error is one of package store; after an
// UnavailableError the write may have taken effect.
func (s *Store) once(ctx context.Context, w onceWrite) (rec *as.Record, out outcome, err error) {
	isNew := as.ExpEq(idCount(w.id), as.ExpIntVal(0))
	when := as.ExpAnd(isNew, w.when)
	ops := append([]*as.Operation{
		as.ListAppendOp(binOps, string(w.id)),
		as.ListRemoveByIndexRangeCountOp(binOps, -keptIDs, keptIDs, as.ListReturnTypeNone|as.ListReturnTypeInverted),
	}, w.ops...)
	doubt := false // some attempt may have left a phantom
	err = repeat(ctx, func() error {
		var aerr as.Error
		rec, aerr = s.operate(ctx, w.key, as.UPDATE_ONLY, when, ops...)
		doubt = doubt || inDoubt(aerr)
		switch {
		case aerr == nil:
			out = applied
			return nil
		case aerr.Matches(types.FILTERED_OUT):
			out, aerr = s.confirm(ctx, w)
			doubt = doubt || inDoubt(aerr)
			return s.attemptOf(ctx, w.key, aerr)
		case aerr.Matches(types.KEY_NOT_FOUND_ERROR):
			if w.create == nil {
				out = refused
				return nil
			}
			if err := w.create(ctx); err != nil {
				return err
			}
			return again(brief{aerr})
		}
		return s.attemptOf(ctx, w.key, aerr)
	})
	if err == nil && out != refused && s.settle(ctx) != nil {
		out, err = s.confirmed(ctx, w)
	}
	if doubt && (err != nil || out == refused) {
		s.mend(w.key)
	}
	return rec, out, err
}

// confirmed asks until it is told, and until what took effect has settled. A record
// that does not exist is a refusal. The error is one of package store.
func (s *Store) confirmed(ctx context.Context, w onceWrite) (out outcome, err error) {
	doubt := false
	err = repeat(ctx, func() error {
		var aerr as.Error
		out, aerr = s.confirm(ctx, w)
		doubt = doubt || inDoubt(aerr)
		switch {
		case aerr != nil && missing(aerr), aerr == nil && out == refused:
			return nil
		case aerr != nil:
			return s.attemptOf(ctx, w.key, aerr)
		}
		if err := s.settle(ctx); err != nil {
			return again(err)
		}
		return nil
	})
	if doubt && (err != nil || out == refused) {
		s.mend(w.key)
	}
	return out, err
}

// confirm asks whether the write took effect, by another write: one that touches the
// record if the id is in it. Its success means that every replica has the record with
// the id. Reading would not do, as a node that was cut off shows writes that no one
// else has.
func (s *Store) confirm(ctx context.Context, w onceWrite) (outcome, as.Error) {
	has := as.ExpGreater(idCount(w.id), as.ExpIntVal(0))
	if w.done != nil {
		has = as.ExpOr(has, w.done)
	}
	_, err := s.operate(ctx, w.key, as.UPDATE_ONLY, has, as.TouchOp())
	switch {
	case err == nil:
		return repeated, nil
	case err.Matches(types.FILTERED_OUT):
		return refused, nil
	}
	return refused, err
}

// idCount is how often the record's list of ids has the id: 0 or 1.
func idCount(id roster.ChangeID) *as.Expression {
	return as.ExpListGetByValue(as.ListReturnTypeCount, as.ExpStringVal(string(id)), as.ExpListBin(binOps))
}

// create makes a record that has at least an empty list of ids, unless there is one.
func (s *Store) create(ctx context.Context, key *as.Key, ops ...*as.Operation) error {
	ops = append([]*as.Operation{as.ListCreateOp(binOps, as.ListOrderUnordered, false)}, ops...)
	return repeat(ctx, func() error {
		_, err := s.operate(ctx, key, as.CREATE_ONLY, nil, ops...)
		if err != nil && err.Matches(types.KEY_EXISTS_ERROR) {
			return nil // what is written next finds out whether every replica has it
		}
		return s.attemptOf(ctx, key, err)
	})
}

// unexpected is an error about a record that this package did not write that way.
func unexpected(key *as.Key, what string) error {
	return fmt.Errorf("the record %s has an unexpected %s", key, what)
}
