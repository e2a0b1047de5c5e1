package aerospike

import (
	"context"
	"strconv"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
)

// A month's record keeps its newest history entries. When it has many, the oldest go,
// so many at a time, to a record of the set "history" that is written once.
const (
	chunkSize  = 32
	relieveAt  = chunkSize + 16 // entries in the record from which on some are moved
	relieveNow = 6 * chunkSize  // from which on an edit waits for that
)

func (s *Store) chunkKey(team roster.TeamID, m roster.Month, chunk int) *as.Key {
	return s.key(setHistory, string(team)+"/"+m.String()+"/"+strconv.Itoa(chunk))
}

func missing(err as.Error) bool { return err.Matches(types.KEY_NOT_FOUND_ERROR) }

// listMonth puts the month on the team's list of months with history. Doing it twice
// is doing it once.
func (s *Store) listMonth(ctx context.Context, team roster.TeamID, m roster.Month) error {
	ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
	key := s.key(setTeam, string(team))
	return repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE, nil, as.MapPutOp(ordered, binMonths, m.String(), 1))
		return s.settled(ctx, key, rec, err)
	})
}

// relieve moves history out of a month's record that has n entries, if these are many:
// in the background, as an edit is done when its own record is written; or at once,
// when the background does not keep up.
func (s *Store) relieve(ctx context.Context, team roster.TeamID, m roster.Month, n int) {
	if n < relieveAt {
		return
	}
	work := func(ctx context.Context) {
		if err := s.moveHistory(ctx, team, m); err != nil {
			s.log.Warn("history entries could not be moved out of their month; the next edit tries again", "team", team, "month", m, "error", err)
		}
	}
	if n >= relieveNow {
		work(ctx)
		return
	}
	select {
	case s.spilling <- struct{}{}:
		s.background.Go(func() {
			defer func() { <-s.spilling }()
			ctx, cancel := context.WithTimeout(s.ctx, writeBudget)
			defer cancel()
			work(ctx)
		})
	default: // another month is at it; a later edit does this one
	}
}

// moveHistory moves the oldest entries, chunk by chunk, until few are left. Each chunk
// is on every replica before the entries are cut off the month: a crash between the
// two leaves a chunk that no month refers to yet, and that the next attempt finds.
func (s *Store) moveHistory(ctx context.Context, team roster.TeamID, m roster.Month) error {
	for {
		key := s.monthKey(team, m)
		answers, err := s.read(ctx, lookup{key: key, ops: []*as.Operation{
			as.GetBinOp(binMoved),
			as.ExpReadOp("n", as.ExpListSize(as.ExpListBin(binEntry)), as.ExpReadFlagDefault),
			as.ListGetRangeOp(binEntry, 0, chunkSize),
		}})
		if err != nil || answers[0] == nil {
			return err
		}
		moved, _ := answers[0][binMoved].(int)
		n, _ := answers[0]["n"].(int)
		oldest, _ := answers[0][binEntry].([]any)
		if n < relieveAt || len(oldest) != chunkSize {
			return nil
		}
		if err := s.writeChunk(ctx, s.chunkKey(team, m, moved/chunkSize), oldest); err != nil {
			return err
		}
		if err := s.cutHistory(ctx, key, moved); err != nil {
			return err
		}
	}
}

// writeChunk writes the entries, unless they are written already, and returns nil when
// every replica has them, on its device.
func (s *Store) writeChunk(ctx context.Context, key *as.Key, entries []any) error {
	return repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.CREATE_ONLY, nil, as.PutOp(as.NewBin(binEntry, entries)))
		if err != nil && err.Matches(types.KEY_EXISTS_ERROR) {
			// One node has it. A write that succeeds brings it to every replica.
			rec, err = s.operate(ctx, key, as.UPDATE_ONLY, nil, as.TouchOp())
		}
		return s.settled(ctx, key, rec, err)
	})
}

// cutHistory cuts the oldest chunk off a month from which so many entries were moved
// before; not if someone else did.
func (s *Store) cutHistory(ctx context.Context, key *as.Key, moved int) error {
	when := as.ExpEq(as.ExpIntBin(binMoved), as.ExpIntVal(int64(moved)))
	return repeat(ctx, writePause, func() error {
		_, err := s.operate(ctx, key, as.UPDATE_ONLY, when,
			as.ListRemoveByIndexRangeCountOp(binEntry, 0, chunkSize, as.ListReturnTypeNone),
			as.AddOp(as.NewBin(binMoved, chunkSize)))
		if err != nil && err.Matches(types.FILTERED_OUT) {
			return nil
		}
		return s.attemptOf(ctx, key, err)
	})
}
