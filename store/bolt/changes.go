package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/store"
)

func changeIDKey(team roster.TeamID, id roster.ChangeID) []byte {
	return []byte(string(team) + "/" + string(id))
}

// addChanges appends to the team's history, in the order given.
func addChanges(tx *bbolt.Tx, team roster.TeamID, changes []roster.Change) error {
	history, err := tx.Bucket(changesBucket).CreateBucketIfNotExists([]byte(team))
	if err != nil {
		return err
	}
	for _, c := range changes {
		n, err := history.NextSequence()
		if err != nil {
			return err
		}
		if err := putChange(tx, history, n, c); err != nil {
			return err
		}
	}
	return nil
}

// putChange writes the n-th change of a team's history.
func putChange(tx *bbolt.Tx, history *bbolt.Bucket, n uint64, c roster.Change) error {
	seq := sequence(n)
	if err := putJSON(history, seq, c); err != nil {
		return err
	}
	return tx.Bucket(changeIDsBucket).Put(changeIDKey(c.Team, c.ID), seq)
}

func sequence(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// Changes implements store.Store. The cursor is the sequence number of the last
// change given, in hexadecimal.
func (s *Store) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	if err := store.CheckQuery(q); err != nil {
		return store.ChangePage{}, err
	}
	below, err := hex.DecodeString(q.Cursor)
	if err != nil || q.Cursor != "" && len(below) != 8 {
		return store.ChangePage{}, store.Invalid("the cursor %q", q.Cursor)
	}
	var page store.ChangePage
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		var since []byte
		if q.Since != "" {
			if since = tx.Bucket(changeIDsBucket).Get(changeIDKey(team, q.Since)); since == nil {
				return store.ErrNotFound
			}
		}
		history := tx.Bucket(changesBucket).Bucket([]byte(team))
		if history == nil {
			return nil
		}
		page, err = readPage(history.Cursor(), below, since, q)
		return err
	})
	return page, err
}

// readPage walks the history backwards, from below the sequence number below (the
// end, if empty) to above the sequence number since.
func readPage(c *bbolt.Cursor, below, since []byte, q store.ChangeQuery) (store.ChangePage, error) {
	var page store.ChangePage
	seq, data := c.Last()
	if len(below) > 0 {
		if seq, data = c.Seek(below); seq == nil {
			seq, data = c.Last()
		}
		for seq != nil && bytes.Compare(seq, below) >= 0 {
			seq, data = c.Prev()
		}
	}
	var last []byte
	for ; seq != nil && bytes.Compare(seq, since) > 0; seq, data = c.Prev() {
		var change roster.Change
		if err := json.Unmarshal(data, &change); err != nil {
			return page, fmt.Errorf("the change %x: %w", seq, err)
		}
		if !q.Date.IsZero() && change.Date != q.Date {
			continue
		}
		if len(page.Changes) == q.Limit {
			page.Next = hex.EncodeToString(last)
			return page, nil
		}
		page.Changes = append(page.Changes, change)
		last = bytes.Clone(seq)
	}
	return page, nil
}
