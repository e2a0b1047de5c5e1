package aerospike

import (
	"context"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/store"
)

// Months implements store.Store, in one round trip.
func (s *Store) Months(ctx context.Context, team roster.TeamID) ([]roster.Month, error) {
	return s.listedMonths(ctx, team)
}

// Load implements store.Store. What the month's record does not keep of the history is
// written first, then the month is put on its team's list, and its record is made by one
// create-only write: until then nobody finds anything of it, and an attempt that was cut
// off is simply made again.
func (s *Store) Load(ctx context.Context, m store.MonthRecord) error {
	if err := store.CheckMonth(m); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, loadBudget(m))
	defer cancel()
	key := s.monthKey(m.Team, m.Month)
	return repeat(ctx, writePause, func() error {
		found, exists, err := s.wholeMonth(ctx, m.Team, m.Month)
		switch {
		case err != nil:
			return err
		case exists && !found.Same(m):
			return store.Invalid("%s of %s holds something else already", m.Month, m.Team)
		case exists:
			// One node shows it. A write that succeeds brings it to every replica.
			rec, err := s.operate(ctx, key, as.UPDATE_ONLY, nil, as.TouchOp())
			return s.settled(ctx, key, rec, err)
		}
		return s.loadMonth(ctx, key, m)
	})
}

// loadBudget is how long a month may take: that of a write for each that it needs.
func loadBudget(m store.MonthRecord) time.Duration {
	return time.Duration(3+len(m.Changes)/chunkSize) * writeBudget
}

func (s *Store) loadMonth(ctx context.Context, key *as.Key, m store.MonthRecord) error {
	if err := s.enlist(ctx, m.Team, peopleIn(m.Days)); err != nil {
		return err
	}
	entries := make([]any, len(m.Changes))
	for i, e := range m.Changes {
		entries[i] = encodeChange(e.Change)
	}
	moved := 0
	for len(entries)-moved >= relieveAt {
		if err := s.replaceChunk(ctx, s.chunkKey(m.Team, m.Month, moved/chunkSize), entries[moved:moved+chunkSize]); err != nil {
			return err
		}
		moved += chunkSize
	}
	if err := s.listMonth(ctx, m.Team, m.Month); err != nil {
		return err
	}
	days := map[any]any{}
	for _, d := range m.Days {
		days[d.Date.Day] = encodeDay(d)
	}
	ops := []*as.Operation{
		as.ListCreateOp(binOps, as.ListOrderUnordered, false),
		as.MapCreateOp(binDays, as.MapOrder.KEY_ORDERED, nil),
		as.ListCreateOp(binEntry, as.ListOrderUnordered, false),
		as.PutOp(as.NewBin(binMoved, moved)),
		as.PutOp(as.NewBin(binSeq, int(m.Version))),
	}
	if len(days) > 0 {
		ops = append(ops, as.MapPutItemsOp(as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault), binDays, days))
	}
	if rest := entries[moved:]; len(rest) > 0 {
		ops = append(ops, as.ListAppendOp(binEntry, rest...))
	}
	rec, err := s.operate(ctx, key, as.CREATE_ONLY, nil, ops...)
	if err != nil && err.Matches(types.KEY_EXISTS_ERROR) {
		return again(brief{err}) // an attempt before this one did it after all, or somebody else
	}
	return s.settled(ctx, key, rec, err)
}

// replaceChunk writes the entries of a month that has no record yet, in the place of what
// an attempt with something else may have left.
func (s *Store) replaceChunk(ctx context.Context, key *as.Key, entries []any) error {
	return repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE, nil, as.PutOp(as.NewBin(binEntry, entries)))
		return s.settled(ctx, key, rec, err)
	})
}

// wholeMonth reads all that is kept of a month.
func (s *Store) wholeMonth(ctx context.Context, team roster.TeamID, m roster.Month) (record store.MonthRecord, exists bool, err error) {
	record = store.MonthRecord{Team: team, Month: m}
	key := s.monthKey(team, m)
	answers, err := s.read(ctx, lookup{key: key, bins: []string{binDays, binEntry, binMoved, binSeq}})
	if err != nil || answers[0] == nil {
		return record, false, err
	}
	bins := answers[0]
	seq, _ := bins[binSeq].(int)
	moved, _ := bins[binMoved].(int)
	record.Version = int64(seq)
	days, err := decodeDays(key, m, bins)
	if err != nil {
		return record, true, store.Wrap(err)
	}
	for d := m.First(); d.InMonth() == m; d = d.AddDays(1) {
		if day, touched := days[d.Day]; touched {
			record.Days = append(record.Days, day)
		}
	}
	var what []lookup
	for chunk := range moved / chunkSize {
		what = append(what, lookup{key: s.chunkKey(team, m, chunk), bins: []string{binEntry}})
	}
	chunks, err := s.read(ctx, what...)
	if err != nil {
		return record, true, err
	}
	for i, part := range append(chunks, bins) {
		from := key
		if i < len(what) {
			from = what[i].key
		}
		if part == nil {
			return record, true, store.Wrap(unexpected(from, "absence"))
		}
		changes, err := decodeChanges(from, team, m, part[binEntry])
		if err != nil {
			return record, true, store.Wrap(err)
		}
		for _, c := range changes {
			record.Changes = append(record.Changes, store.Entry{Number: int64(len(record.Changes) + 1), Change: c})
		}
	}
	return record, true, nil
}
