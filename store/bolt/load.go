package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/store"
)

// Months implements store.Store.
func (s *Store) Months(ctx context.Context, team roster.TeamID) ([]roster.Month, error) {
	var months []roster.Month
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		prefix := []byte(string(team) + "/")
		c := tx.Bucket(monthsBucket).Cursor()
		for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
			m, err := roster.ParseMonth(string(key[len(prefix):]))
			if err != nil {
				return fmt.Errorf("the entry %q: %w", key, err)
			}
			months = append(months, m)
		}
		return nil
	})
	return months, err
}

// Load implements store.Store. The numbers of the changes become those of the file, so
// that the months of a team can be loaded one after the other.
func (s *Store) Load(ctx context.Context, m store.MonthRecord) error {
	if err := store.CheckMonth(m); err != nil {
		return err
	}
	changes := make([][]byte, len(m.Changes)) // made before other writers have to wait
	for i, e := range m.Changes {
		var err error
		if changes[i], err = roster.Record(e.Change); err != nil {
			return store.Invalid("%v", err)
		}
	}
	return s.update(ctx, func(tx *bbolt.Tx) error {
		months, key := tx.Bucket(monthsBucket), monthKey(m.Team, m.Month)
		if months.Get(key) != nil {
			return sameMonth(tx, m)
		}
		record := monthRecord{Version: m.Version}
		for _, d := range m.Days {
			record.set(d)
		}
		if err := putJSON(months, key, record); err != nil {
			return err
		}
		if err := addMembers(tx, m.Team, record.Days); err != nil {
			return err
		}
		history, err := tx.Bucket(changesBucket).CreateBucketIfNotExists([]byte(m.Team))
		if err != nil {
			return err
		}
		for i, e := range m.Changes {
			n := uint64(e.Number)
			if history.Get(sequence(n)) != nil {
				return store.Invalid("%s of %s has a change whose number another change has here", m.Month, m.Team)
			}
			if err := putChange(tx, history, n, e.Change, changes[i]); err != nil {
				return err
			}
			if err := history.SetSequence(max(n, history.Sequence())); err != nil {
				return err
			}
		}
		return nil
	})
}

// sameMonth refuses a month if the file already holds something else of it.
func sameMonth(tx *bbolt.Tx, want store.MonthRecord) error {
	var record monthRecord
	if _, err := getJSON(tx.Bucket(monthsBucket), monthKey(want.Team, want.Month), &record); err != nil {
		return err
	}
	found := store.MonthRecord{Team: want.Team, Month: want.Month, Version: record.Version}
	for d := want.Month.First(); d.InMonth() == want.Month; d = d.AddDays(1) {
		if day := record.day(d); day.Revision != "" {
			found.Days = append(found.Days, day)
		}
	}
	history := tx.Bucket(changesBucket).Bucket([]byte(want.Team))
	for _, e := range want.Changes {
		data := history.Get(sequence(uint64(e.Number)))
		if data == nil {
			break
		}
		var c roster.Change
		if err := json.Unmarshal(data, &c); err != nil {
			return fmt.Errorf("the change %d: %w", e.Number, err)
		}
		found.Changes = append(found.Changes, store.Entry{Number: e.Number, Change: c})
	}
	if !found.Same(want) {
		return store.Invalid("%s of %s holds something else already", want.Month, want.Team)
	}
	return nil
}
