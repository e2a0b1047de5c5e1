package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"strconv"
	"sync"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/store"
)

// maxMonths is how many months are kept decoded, of some 5 kB each; for a moment there may be
// twice as many.
const maxMonths = 4096

// monthAt names a month of a team as it was at a version. What it names never changes, as a
// version counts the edits of a month.
type monthAt struct {
	team    roster.TeamID
	month   roster.Month
	version int64
}

// directory keeps all entities of one kind decoded, with an index V of them, for as long as
// the bucket is at the same version: its sequence, which every write of an entity increases.
// When that has grown, only what differs is decoded.
type directory[T, V any] struct {
	bucket []byte
	index  func(list []T, was V) V
	seed   maphash.Seed

	mu      sync.Mutex
	made    bool
	version uint64
	keys    []string // in order
	sums    []uint64 // of the JSON of each
	all     []T
	value   V
}

func newDirectory[T, V any](bucket []byte, index func(list []T, was V) V) *directory[T, V] {
	return &directory[T, V]{bucket: bucket, index: index, seed: maphash.MakeSeed()}
}

// at is the index as the transaction sees the bucket, or as a later one did.
func (d *directory[T, V]) at(ctx context.Context, tx *bbolt.Tx) (V, error) {
	b := tx.Bucket(d.bucket)
	d.mu.Lock()
	defer d.mu.Unlock()
	if version := b.Sequence(); !d.made || d.version < version {
		if err := d.read(ctx, b); err != nil {
			var none V
			return none, err
		}
		d.made, d.version, d.value = true, version, d.index(d.all, d.value)
	}
	return d.value, nil
}

// read decodes what is not as it was.
func (d *directory[T, V]) read(ctx context.Context, b *bbolt.Bucket) error {
	room := len(d.keys) + len(d.keys)/64 + 1
	keys, sums, all := make([]string, 0, room), make([]uint64, 0, room), make([]T, 0, room)
	was := 0
	err := b.ForEach(func(key, data []byte) error {
		if err := store.Alive(ctx); err != nil {
			return err
		}
		for was < len(d.keys) && d.keys[was] < string(key) {
			was++
		}
		sum := maphash.Bytes(d.seed, data)
		if was < len(d.keys) && d.keys[was] == string(key) && d.sums[was] == sum {
			keys, sums, all = append(keys, d.keys[was]), append(sums, sum), append(all, d.all[was])
			return nil
		}
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return fmt.Errorf("the entry %q: %w", key, err)
		}
		keys, sums, all = append(keys, string(key)), append(sums, sum), append(all, v)
		return nil
	})
	if err == nil {
		d.keys, d.sums, d.all = keys, sums, all
	}
	return err
}

// Look implements store.Store.
func (s *Store) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if err := store.CheckLook(l); err != nil {
		return store.Sight{}, err
	}
	var sight store.Sight
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		if l.People {
			if sight.People, err = s.people.at(ctx, tx); err != nil {
				return err
			}
		}
		if l.Teams || l.Team != "" {
			teams, err := s.teams.at(ctx, tx)
			if err != nil {
				return err
			}
			sight.Team = teams.Team(l.Team)
			if l.Teams {
				sight.Teams = teams
			}
		}
		if l.Of != "" {
			sight.Of = teamsOf(tx, l.Of)
		}
		months := tx.Bucket(monthsBucket)
		sight.Days = make([][]roster.Day, len(l.Days))
		for i, r := range l.Days {
			if err := store.Alive(ctx); err != nil {
				return err
			}
			sight.Days[i], err = r.Of(func(m roster.Month) ([]roster.Day, error) { return s.month(months, r.Team, m) })
			if err != nil {
				return err
			}
		}
		sight.Versions, err = versions(ctx, months, l.Versions)
		return err
	})
	if err != nil {
		return store.Sight{}, err
	}
	return sight, nil
}

// month is every day of a month, decoded once for each version.
func (s *Store) month(months *bbolt.Bucket, team roster.TeamID, m roster.Month) ([]roster.Day, error) {
	data := months.Get(monthKey(team, m))
	version, quick := versionIn(data)
	at := monthAt{team, m, version}
	if quick {
		if days, known := s.months.Get(at); known {
			return days, nil
		}
	}
	var record monthRecord
	if data != nil {
		if err := json.Unmarshal(data, &record); err != nil {
			return nil, fmt.Errorf("the entry %q: %w", monthKey(team, m), err)
		}
	}
	days := store.MonthDays(m, func(n int) (roster.Day, bool) {
		r, ok := record.Days[n]
		return roster.Day{Assignments: r.Assignments, Note: r.Note, Revision: r.Revision}, ok
	})
	if quick {
		s.months.Put(at, days)
	}
	return days, nil
}

// versionPrefix is how the JSON of a month begins.
const versionPrefix = `{"version":`

// versionIn reads the version of a month without decoding the rest; 0 is one that was never
// edited. ok is false where it is not written as this program writes it.
func versionIn(data []byte) (version int64, ok bool) {
	if data == nil {
		return 0, true
	}
	rest, ok := bytes.CutPrefix(data, []byte(versionPrefix))
	if !ok {
		return 0, false
	}
	end := bytes.IndexByte(rest, ',')
	if end < 0 {
		return 0, false
	}
	version, err := strconv.ParseInt(string(rest[:end]), 10, 64)
	return version, err == nil && version > 0
}

// versions are those of the months.
func versions(ctx context.Context, months *bbolt.Bucket, wanted []store.TeamMonths) ([]map[roster.Month]int64, error) {
	all := make([]map[roster.Month]int64, len(wanted))
	for i, w := range wanted {
		if err := store.Alive(ctx); err != nil {
			return nil, err
		}
		all[i] = make(map[roster.Month]int64, len(w.Months))
		for _, m := range w.Months {
			key := monthKey(w.Team, m)
			version, quick := versionIn(months.Get(key))
			if !quick {
				var record struct{ Version int64 }
				if _, err := getJSON(months, key, &record); err != nil {
					return nil, err
				}
				version = record.Version
			}
			all[i][m] = version
		}
	}
	return all, nil
}
