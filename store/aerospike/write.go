package aerospike

import (
	"context"
	"errors"
	"fmt"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/fence"
)

// keptIDs is how many ids of edits a record remembers, for confirm. Older ones are looked for in
// the history.
const keptIDs = 64

var errUnsettled = errors.New("the write was acknowledged, but may not have been kept")

var errMoved = errors.New("the nodes formed another cluster while the write was under way")

var errGuarded = errors.New("the write came too late, this machine's clock is off, or the node has less than was shown before")

// errUnsent is among the errors of a write no attempt of which left this program.
var errUnsent = errors.New("nothing was sent")

// written is a write that a node acknowledged.
type written struct {
	*as.Record
	cluster string // that it was sent to, by its key; "": it was not sent
}

// destination is the cluster that a write of the key may be sent to now, and which of its nodes, or
// "" where the client will say itself what is wrong. A node that was cut off from the others, but not
// from here, still says that it is the master, and so does the one that is: the client then takes each
// for it in turn, from one look at the cluster to the next. So it is waited for here until it is the
// turn of one that is in the cluster. An attempt at intervals, as writes are made again, could meet
// the other each time.
func (s *Store) destination(ctx context.Context, key *as.Key) (fence.Footing, string, as.Error) {
	for begun := s.now(); ; {
		on, err := s.fence.Ready(ctx)
		node := s.masterOf(key)
		switch {
		case err == nil && (node == "" || on.Nodes[node]):
			return on, node, nil
		case err != nil, s.now().Sub(begun) > mapTime, wait(ctx, mapPause) != nil:
			return on, node, as.ErrInvalidPartitionMap
		}
	}
}

// operate sends one write, once, when it is known which nodes are in the cluster, and to one
// of these.
func (s *Store) operate(ctx context.Context, key *as.Key, exists as.RecordExistsAction, when *as.Expression, ops ...*as.Operation) (written, as.Error) {
	on, node, err := s.destination(ctx, key)
	if err != nil {
		return written{}, err
	}
	s.writes.Add(1)
	sent := s.now()
	rec, aerr := s.client.Operate(writePolicy(left(ctx, s.attempt), exists, when), key, append(s.guards(key, on.At, node), ops...)...)
	if aerr == nil {
		s.learnTime(rec, sent)
	}
	return written{rec, on.Key}, aerr
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
func (s *Store) guards(key *as.Key, from time.Time, node string) []*as.Operation {
	last := from.UnixMilli() + s.clocks.ahead(node) + s.lateness.Milliseconds()
	holds := as.ExpLessEq(serverNow(), as.ExpIntVal(last))
	if shown := s.marks.shown(markOf(key)); shown > 0 {
		holds = as.ExpAnd(holds, as.ExpGreaterEq(as.ExpIntBin(binSeq), as.ExpIntVal(shown)))
	}
	return []*as.Operation{
		as.ExpWriteOp(binAt, as.ExpCond(holds, serverNow(), as.ExpUnknown()), as.ExpWriteFlagDefault),
		as.GetBinOp(binAt),
	}
}

// numberIn is the number that a bin of an answer has, 0 where it has none. A bin that was
// written and read by one operation comes with a result for each: as []any from a single record, as OpResults from a batch.
func numberIn(bin any) int64 {
	results, ok := bin.([]any)
	if !ok {
		results, _ = bin.(as.OpResults)
	}
	if len(results) > 0 {
		bin = results[len(results)-1]
	}
	n, _ := bin.(int)
	return int64(n)
}

// settle waits until a write that a node acknowledged just now is there to stay, for
// which it asks that node and the others after settleTime:
//
//   - It is on a device: the servers acknowledge what they have in memory, and write it a
//     millisecond or two later; a kill of all of them in that time loses it.
//   - The node was with the majority when it acknowledged the write. One that lost its
//     place a moment ago may not know yet, and acknowledges what the majority never had.
//
// It costs the record no round trip. An error is errUnsettled: the write took effect on
// some node, and may be lost; the same write again, or confirm, tells.
func (s *Store) settle(ctx context.Context, acknowledged written) error {
	if s.settleTime == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, settleBudget)
	defer cancel()
	from := s.now()
	_ = wait(ctx, s.settleTime) // Outlived says so too
	if err := s.fence.Outlived(ctx, acknowledged.Node.GetName(), acknowledged.cluster, from, from.Add(s.settleTime)); err != nil {
		return fmt.Errorf("%w (%w)", errUnsettled, err)
	}
	return nil
}

// settled is attemptOf for a write that may be sent again: until it has settled.
func (s *Store) settled(ctx context.Context, key *as.Key, rec written, err as.Error) error {
	if err != nil {
		return s.attemptOf(ctx, key, err)
	}
	if err := s.settle(ctx, rec); err != nil {
		return again(err)
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
		s.log.Debug("a write was refused as late, or as the node has less than was shown; asking for the servers' time", "key", key.Value(), "ahead_ms", s.clocks.ahead(s.masterOf(key)))
		s.askTime(ctx, key)
		return again(errGuarded)
	case passing(err):
		return s.againUnlessLost(brief{err})
	case err.Matches(types.RECORD_TOO_BIG):
		return s.tooBig(key, err)
	case err.Matches(types.SERVER_MEM_ERROR): // which servers since 6.3 call OUT_OF_SPACE
		return fmt.Errorf("%w: %w", store.ErrFull, brief{err})
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

// once makes the write. An attempt without a clear answer, or whose acknowledgement did
// not settle, is sent again: its condition has that its id is not in the record, so it
// cannot take effect twice. Where the condition fails, confirm tells why. The error is
// one of package store; after an UnavailableError the write may have taken effect, unless it is
// errUnsent too.
func (s *Store) once(ctx context.Context, w onceWrite) (rec *as.Record, out outcome, err error) {
	isNew := as.ExpEq(idCount(w.id), as.ExpIntVal(0))
	when := as.ExpAnd(isNew, w.when)
	ops := append([]*as.Operation{
		as.ListAppendOp(binOps, string(w.id)),
		as.ListRemoveByIndexRangeCountOp(binOps, -keptIDs, keptIDs, as.ListReturnTypeNone|as.ListReturnTypeInverted),
	}, w.ops...)
	sent := false
	out, err = s.decide(ctx, w.key, func() (outcome, bool, error) {
		done := s.turns.take(ctx, markOf(w.key))
		got, aerr := s.operate(ctx, w.key, as.UPDATE_ONLY, when, ops...)
		done() // the next one need not wait until this one has settled
		sent = sent || got.cluster != ""
		switch {
		case aerr == nil:
			rec = got.Record
			err := s.settled(ctx, w.key, got, nil)
			return applied, err != nil, err
		case aerr.Matches(types.FILTERED_OUT):
			return s.confirm(ctx, w, got.cluster)
		case aerr.Matches(types.KEY_NOT_FOUND_ERROR):
			if w.create == nil {
				return refused, false, nil
			}
			if err := w.create(ctx); err != nil {
				return refused, false, err
			}
			return refused, false, again(brief{aerr})
		}
		return refused, inDoubt(aerr), s.attemptOf(ctx, w.key, aerr)
	})
	if err != nil && !sent {
		err = fmt.Errorf("%w; %w", err, errUnsent)
	}
	return rec, out, err
}

// confirmed asks until it gets an answer, and until what took effect has settled. The error is
// one of package store.
func (s *Store) confirmed(ctx context.Context, w onceWrite) (outcome, error) {
	return s.decide(ctx, w.key, func() (outcome, bool, error) { return s.confirm(ctx, w, "") })
}

// decide attempts until the outcome is known. What attempts left in doubt and came to
// nothing is mended: one says whether it may have left a phantom.
func (s *Store) decide(ctx context.Context, key *as.Key, attempt func() (out outcome, doubt bool, err error)) (out outcome, err error) {
	inDoubt := false
	err = repeat(ctx, writePause, func() (err error) {
		var doubt bool
		out, doubt, err = attempt()
		inDoubt = inDoubt || doubt
		return err
	})
	if inDoubt && (err != nil || out == refused) {
		s.mend(key)
	}
	return out, err
}

// confirm asks whether the write took effect, by another write: one that touches the
// record if the id is in it. Its success means that every replica has the record with
// the id. Reading would not do, as a node that was cut off shows writes that no one
// else has. A record that does not exist is a refusal.
//
// It is a refusal only in the cluster where the write itself was refused, where that is given:
// it may have been refused because its id was there, in a copy that the next one has not.
func (s *Store) confirm(ctx context.Context, w onceWrite, cluster string) (out outcome, doubt bool, err error) {
	has := as.ExpGreater(idCount(w.id), as.ExpIntVal(0))
	if w.done != nil {
		has = as.ExpOr(has, w.done)
	}
	got, aerr := s.operate(ctx, w.key, as.UPDATE_ONLY, has, as.TouchOp())
	switch {
	case aerr == nil:
		err := s.settled(ctx, w.key, got, nil)
		return repeated, err != nil, err
	case (aerr.Matches(types.FILTERED_OUT) || missing(aerr)) && cluster != "" && cluster != got.cluster:
		return refused, false, again(errMoved)
	case aerr.Matches(types.FILTERED_OUT), missing(aerr):
		return refused, false, nil
	}
	return refused, inDoubt(aerr), s.attemptOf(ctx, w.key, aerr)
}

// idCount is how often the record's list of ids has the id: 0 or 1.
func idCount(id roster.ChangeID) *as.Expression {
	return as.ExpListGetByValue(as.ListReturnTypeCount, as.ExpStringVal(string(id)), as.ExpListBin(binOps))
}

// create makes a record that has at least an empty list of ids, unless there is one.
func (s *Store) create(ctx context.Context, key *as.Key, ops ...*as.Operation) error {
	ops = append([]*as.Operation{as.ListCreateOp(binOps, as.ListOrderUnordered, false)}, ops...)
	return repeat(ctx, writePause, func() error {
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
