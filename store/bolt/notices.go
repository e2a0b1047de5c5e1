package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// NoticesAt implements store.Store.
func (s *Store) NoticesAt(ctx context.Context, keys []notice.Key) ([]notice.Record, error) {
	if err := store.CheckNoticeKeys(keys...); err != nil {
		return nil, err
	}
	records := make([]notice.Record, len(keys))
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		days := map[roster.Date]*bbolt.Bucket{}
		for i, k := range keys {
			if err := store.Alive(ctx); err != nil {
				return err
			}
			day, known := days[k.Day]
			if !known {
				day = tx.Bucket(noticesBucket).Bucket([]byte(k.Day.String()))
				days[k.Day] = day
			}
			if day == nil {
				continue
			}
			if _, err := getJSON(day, []byte(noticeName(k)), &records[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// NoticesOf implements store.Store.
func (s *Store) NoticesOf(ctx context.Context, day roster.Date) ([]notice.Record, error) {
	var records []notice.Record
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		if b := tx.Bucket(noticesBucket).Bucket([]byte(day.String())); b != nil {
			records, err = listIn[notice.Record](ctx, b)
		}
		return err
	})
	slices.SortFunc(records, func(a, b notice.Record) int { return cmp.Compare(a.ID, b.ID) })
	return records, err
}

// TeamNoticesOf implements store.Store.
func (s *Store) TeamNoticesOf(ctx context.Context, day roster.Date, team roster.TeamID) ([]notice.Record, error) {
	var records []notice.Record
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		b := tx.Bucket(noticesBucket).Bucket([]byte(day.String()))
		if b == nil {
			return nil
		}
		first, c := []byte(noticeName(notice.Key{Team: team})), b.Cursor()
		for key, data := c.Seek(first); key != nil && bytes.HasPrefix(key, first); key, data = c.Next() {
			if err := store.Alive(ctx); err != nil {
				return err
			}
			var r notice.Record
			if err := json.Unmarshal(data, &r); err != nil {
				return fmt.Errorf("the entry %q: %w", key, err)
			}
			records = append(records, r)
		}
		return nil
	})
	return records, err
}

// noticeName names an entry among those of a day: in order of teams, so that those of a team are
// together.
func noticeName(k notice.Key) string { return string(k.Team) + "/" + string(k.ID) }

// NoticeDays implements store.Store.
func (s *Store) NoticeDays(ctx context.Context) ([]roster.Date, error) {
	var days []roster.Date
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		days, err = noticeDays(tx)
		return err
	})
	return days, err
}

func noticeDays(tx *bbolt.Tx) ([]roster.Date, error) {
	var days []roster.Date
	err := tx.Bucket(noticesBucket).ForEachBucket(func(name []byte) error {
		day, err := roster.ParseDate(string(name))
		if err != nil {
			return fmt.Errorf("the days of notices: %w", err)
		}
		days = append(days, day)
		return nil
	})
	return days, err
}

// PutNotice implements store.Store.
func (s *Store) PutNotice(ctx context.Context, record notice.Record, basedOn roster.Revision) error {
	if err := store.CheckNoticeKeys(record.Key()); err != nil {
		return err
	}
	if err := store.CheckRevision(record.Revision); err != nil {
		return err
	}
	return s.update(ctx, func(tx *bbolt.Tx) error {
		name := []byte(record.Day.String())
		day := tx.Bucket(noticesBucket).Bucket(name)
		if day == nil {
			if basedOn != "" {
				return store.ErrNotFound
			}
			var err error
			if day, err = tx.Bucket(noticesBucket).CreateBucket(name); err != nil {
				return err
			}
		}
		return putIn(day, noticeName(record.Key()), record, basedOn, func(r notice.Record) roster.Revision { return r.Revision })
	})
}

// DropNotices implements store.Store. Each day is a write of its own, so that others need not
// wait for all of them.
func (s *Store) DropNotices(ctx context.Context, before roster.Date) error {
	days, err := s.NoticeDays(ctx)
	if err != nil {
		return err
	}
	for _, day := range days {
		if !day.Before(before) {
			break
		}
		err := s.update(ctx, func(tx *bbolt.Tx) error {
			name := []byte(day.String())
			if tx.Bucket(noticesBucket).Bucket(name) == nil {
				return nil // somebody else dropped it
			}
			return tx.Bucket(noticesBucket).DeleteBucket(name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
