package aerospike

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// The records of notices of a day are spread over so many of the cluster's, and every so many
// days share them: an entry is named by its day and its id. Both are part of the format. Each
// write of one takes as long as its record is large, and a company of 10,000 people has 30,000
// notices a day; and as nothing is ever deleted, the number of records must have an end. Those
// of one team are in a few of the records, so that they are listed quickly.
const (
	noticeShards = 256
	noticeDays   = 32
	teamShards   = 8
)

const (
	// noticesAtOnce is how many records are asked for in one batch.
	noticesAtOnce = 2000
	// noticesLike is how many records of notices take as long as one version of a month.
	noticesLike = 4
	// shardLike is the weight of all of a day in one record.
	shardLike = 10 * wholeWeight
	// droppedAtOnce is how many records are cleared at the same time.
	droppedAtOnce = 8
	// listedDays is the key of the record that lists the days.
	listedDays = "days"
)

func (s *Store) noticeKind() kind[notice.Record] {
	return kind[notice.Record]{
		set:      setNotices,
		id:       func(r notice.Record) string { return noticeEntry(r.Key()) },
		revision: func(r notice.Record) roster.Revision { return r.Revision },
		record:   noticeRecord,
		before: func(ctx context.Context, entry string) error {
			day, _, _ := strings.Cut(entry, "/")
			return s.listDay(ctx, day)
		},
	}
}

// noticeEntry names an entry: in order of days, so that those of a day, and all before it, are
// each together.
func noticeEntry(k notice.Key) string { return noticesBefore(k.Day, k.Team) + "/" + string(k.ID) }

// noticesBefore is what the names of all entries of a team's day begin with, before a slash.
func noticesBefore(day roster.Date, team roster.TeamID) string {
	return day.String() + "/" + string(team)
}

// noticeRecord names the record that has the entry.
func noticeRecord(entry string) string {
	text, rest, _ := strings.Cut(entry, "/")
	team, id, _ := strings.Cut(rest, "/")
	day, _ := roster.ParseDate(text) // was checked
	return noticeShard(day, teamShard(roster.TeamID(team), spread(id, teamShards)))
}

// teamShard is the number of one of a team's records.
func teamShard(team roster.TeamID, n int) int {
	return (spread(string(team), noticeShards) + n) % noticeShards
}

func noticeShard(day roster.Date, n int) string {
	epoch := roster.Date{Year: 1970, Month: 1, Day: 1}
	return strconv.Itoa(epoch.DaysUntil(day)%noticeDays) + "/" + strconv.Itoa(n)
}

// NoticesAt implements store.Store. It is one round trip for each 2,000 keys.
func (s *Store) NoticesAt(ctx context.Context, keys []notice.Key) ([]notice.Record, error) {
	if err := store.CheckNoticeKeys(keys...); err != nil {
		return nil, err
	}
	found := make(map[notice.Key]notice.Record, len(keys))
	for some := range slices.Chunk(keys, noticesAtOnce) {
		in := map[string][]any{} // the entries by their records
		for _, k := range some {
			entry := noticeEntry(k)
			in[noticeRecord(entry)] = append(in[noticeRecord(entry)], entry)
		}
		what := make([]lookup, 0, len(in))
		for record, entries := range in {
			what = append(what, lookup{
				key: s.key(setNotices, record), often: true, heavy: 1 + len(entries)/noticesLike,
				ops: []*as.Operation{as.MapGetByKeyListOp(binAll, entries, as.MapReturnType.VALUE)},
			})
		}
		records, err := listAt(ctx, s, s.noticeKind(), what)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			found[r.Key()] = r
		}
	}
	records := make([]notice.Record, len(keys))
	for i, k := range keys {
		records[i] = found[k]
	}
	return records, nil
}

// NoticesOf implements store.Store. A day that is not listed costs one round trip.
func (s *Store) NoticesOf(ctx context.Context, day roster.Date) ([]notice.Record, error) {
	shards := make([]int, noticeShards)
	for n := range shards {
		shards[n] = n
	}
	return s.noticesIn(ctx, day, shards, day.String())
}

// TeamNoticesOf implements store.Store, by the same rules.
func (s *Store) TeamNoticesOf(ctx context.Context, day roster.Date, team roster.TeamID) ([]notice.Record, error) {
	shards := make([]int, teamShards)
	for n := range shards {
		shards[n] = teamShard(team, n)
	}
	return s.noticesIn(ctx, day, shards, noticesBefore(day, team))
}

// noticesIn lists the entries of a day, in some of its records, whose names have what is given
// and a slash before the rest.
func (s *Store) noticesIn(ctx context.Context, day roster.Date, shards []int, before string) ([]notice.Record, error) {
	if _, listed := s.listed.Load(day.String()); !listed {
		days, err := s.NoticeDays(ctx)
		if err != nil || !slices.Contains(days, day) {
			return nil, err
		}
	}
	what := make([]lookup, len(shards))
	for i, n := range shards {
		what[i] = lookup{key: s.key(setNotices, noticeShard(day, n)), often: true, heavy: shardLike, ops: []*as.Operation{
			as.MapGetByKeyRangeOp(binAll, before+"/", before+"0", as.MapReturnType.VALUE), // 0 comes after /
		}}
	}
	records, err := listAt(ctx, s, s.noticeKind(), what)
	slices.SortFunc(records, func(a, b notice.Record) int { return cmp.Compare(a.ID, b.ID) })
	return records, err
}

// NoticeDays implements store.Store, in one round trip.
func (s *Store) NoticeDays(ctx context.Context) ([]roster.Date, error) {
	key := s.key(setNotices, listedDays)
	answers, err := s.read(ctx, lookup{key: key, ops: []*as.Operation{
		as.MapGetByIndexRangeOp(binListed, 0, as.MapReturnType.KEY),
	}})
	if err != nil || answers[0] == nil {
		return nil, err
	}
	texts, _ := answers[0][binListed].([]any)
	days := make([]roster.Date, len(texts))
	for i, t := range texts {
		text, _ := t.(string)
		if days[i], err = roster.ParseDate(text); err != nil {
			return nil, store.Wrap(fmt.Errorf("the record %s: %w", key, err))
		}
	}
	return days, nil
}

// PutNotice implements store.Store, by the same rules as PutTeam.
func (s *Store) PutNotice(ctx context.Context, record notice.Record, basedOn roster.Revision) error {
	if err := store.CheckNoticeKeys(record.Key()); err != nil {
		return err
	}
	return put(ctx, s, s.noticeKind(), record, basedOn)
}

// listDay puts a day on the list before it has its first entry, so that none is there which
// DropNotices does not find. Doing it twice is doing it once.
func (s *Store) listDay(ctx context.Context, day string) error {
	if _, listed := s.listed.Load(day); listed {
		return nil
	}
	ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
	key := s.key(setNotices, listedDays)
	err := repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE, nil, as.MapPutOp(ordered, binListed, day, 1))
		return s.settled(ctx, key, rec, err)
	})
	if err == nil {
		s.listed.Store(day, true)
	}
	return err
}

// DropNotices implements store.Store. It clears the records and keeps them: what is deleted
// comes back with a node that was away. A day goes off the list when all of it is gone.
func (s *Store) DropNotices(ctx context.Context, before roster.Date) error {
	days, err := s.NoticeDays(ctx)
	if err != nil {
		return err
	}
	for _, day := range days {
		if !day.Before(before) {
			break
		}
		s.listed.Delete(day.String())
		if err := s.clearDay(ctx, day); err != nil {
			return err
		}
		key := s.key(setNotices, listedDays)
		err := repeat(ctx, writePause, func() error {
			_, err := s.operate(ctx, key, as.UPDATE_ONLY, nil, as.MapRemoveByKeyOp(binListed, day.String(), as.MapReturnType.NONE))
			return s.attemptOf(ctx, key, err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// clearDay takes all entries up to a day out of the records that it shares with days before it.
func (s *Store) clearDay(ctx context.Context, day roster.Date) error {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs error
	)
	shards := make(chan int)
	for range droppedAtOnce {
		wg.Go(func() {
			for n := range shards {
				if err := s.clearShard(ctx, day, n); err != nil {
					mu.Lock()
					errs = cmp.Or(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	for n := range noticeShards {
		shards <- n
	}
	close(shards)
	wg.Wait()
	return errs
}

func (s *Store) clearShard(ctx context.Context, day roster.Date, n int) error {
	ctx, cancel := context.WithTimeout(ctx, writeBudget)
	defer cancel()
	key := s.key(setNotices, noticeShard(day, n))
	var gone any
	err := repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.UPDATE_ONLY, nil,
			as.MapRemoveByKeyRangeOp(binAll, "", day.String()+"0", as.MapReturnType.VALUE))
		switch {
		case err != nil && err.Matches(types.KEY_NOT_FOUND_ERROR):
			return nil
		case err != nil:
			return s.attemptOf(ctx, key, err)
		}
		gone = rec.Bins[binAll]
		return nil
	})
	elements, _ := gone.([]any)
	for _, element := range elements {
		if e, err := entryOf(key, element); err == nil && strings.HasPrefix(e.text, refPrefix) {
			s.emptyBody(e.text)
		}
	}
	return err
}
