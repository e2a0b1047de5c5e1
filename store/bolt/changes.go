package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

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
		data, err := roster.Record(c)
		if err != nil {
			return err
		}
		if err := putChange(tx, history, n, c, data); err != nil {
			return err
		}
	}
	return nil
}

// putChange writes the n-th change of a team's history, of which data is the record.
func putChange(tx *bbolt.Tx, history *bbolt.Bucket, n uint64, c roster.Change, data []byte) error {
	seq := sequence(n)
	if err := history.Put(seq, data); err != nil {
		return err
	}
	if err := tx.Bucket(changeIDsBucket).Put(changeIDKey(c.Team, c.ID), seq); err != nil {
		return err
	}
	return tx.Bucket(byDayBucket).Put(dayChangeKey(c.Team, c.Date, seq), nil)
}

func sequence(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// dayChangeKey is the key of a change, or with no seq the beginning of all keys, of a
// day in byDayBucket.
func dayChangeKey(team roster.TeamID, d roster.Date, seq []byte) []byte {
	return append([]byte(string(team)+"/"+d.String()+"/"), seq...)
}

// indexDays makes byDayBucket for a file that has none.
func indexDays(tx *bbolt.Tx) error {
	byDay, all := tx.Bucket(byDayBucket), tx.Bucket(changesBucket)
	return all.ForEachBucket(func(team []byte) error {
		return all.Bucket(team).ForEach(func(seq, data []byte) error {
			var c roster.Change
			if err := json.Unmarshal(data, &c); err != nil {
				return fmt.Errorf("the change %x: %w", seq, err)
			}
			return byDay.Put(dayChangeKey(roster.TeamID(team), c.Date, seq), nil)
		})
	})
}

// Changes implements store.Store. The cursor is the sequence number of the last
// change given, in hexadecimal.
func (s *Store) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	if err := store.CheckQuery(q); err != nil {
		return store.ChangePage{}, err
	}
	below, err := hex.DecodeString(q.Cursor)
	if err != nil || q.Cursor != "" && len(below) != 8 {
		return store.ChangePage{}, store.Invalid("the cursor %.40q does not belong to this query", q.Cursor)
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
		page, err = readPage(ctx, backwards(tx, history, team, below, q), since, q)
		return err
	})
	return page, err
}

// backwards walks the history, newest first, from below the sequence number below, or
// from the end if that is empty. Of a query for a range of days it walks only their part,
// unless there is much of it: to find its order takes long for each page then, and to pick
// it out of the whole history does not. seq is valid until the next step.
func backwards(tx *bbolt.Tx, history *bbolt.Bucket, team roster.TeamID, below []byte, q store.ChangeQuery) iter.Seq2[[]byte, []byte] {
	if seqs, few := seqsOf(tx.Bucket(byDayBucket).Cursor(), team, q); few {
		return func(yield func(seq, data []byte) bool) {
			for _, seq := range slices.Backward(seqs) {
				if (len(below) == 0 || bytes.Compare(seq, below) < 0) && !yield(seq, history.Get(seq)) {
					return
				}
			}
		}
	}
	return func(yield func(seq, data []byte) bool) {
		c := history.Cursor()
		seq, data := c.Last()
		if len(below) > 0 {
			if seq, _ = c.Seek(below); seq == nil {
				seq, data = c.Last()
			}
			for seq != nil && bytes.Compare(seq, below) >= 0 {
				seq, data = c.Prev()
			}
		}
		for ; seq != nil; seq, data = c.Prev() {
			if !yield(seq, data) {
				return
			}
		}
	}
}

// maxSorted is how many changes of a range of days are put in order for a page.
const maxSorted = 8 * store.MaxWalked

// seqsOf are the sequence numbers of the changes of the query's range of days, in order, if
// it has one and they are few.
func seqsOf(c *bbolt.Cursor, team roster.TeamID, q store.ChangeQuery) (seqs [][]byte, few bool) {
	if q.From.IsZero() {
		return nil, false
	}
	const length = 8
	end := dayChangeKey(team, q.To, bytes.Repeat([]byte{0xff}, length))
	for k, _ := c.Seek(dayChangeKey(team, q.From, nil)); k != nil && bytes.Compare(k, end) <= 0; k, _ = c.Next() {
		if len(seqs) == maxSorted {
			return nil, false
		}
		seqs = append(seqs, k[len(k)-length:])
	}
	slices.SortFunc(seqs, bytes.Compare)
	return seqs, true
}

// readPage takes what the query chooses from a history that is walked backwards, down to
// above the sequence number since, or until enough was looked at.
func readPage(ctx context.Context, backwards iter.Seq2[[]byte, []byte], since []byte, q store.ChangeQuery) (store.ChangePage, error) {
	var page store.ChangePage
	var last []byte // of the last change that was looked at
	walked := 0
	group := store.NewGroupSearch(q)
	for seq, data := range backwards {
		if bytes.Compare(seq, since) <= 0 {
			break
		}
		if err := store.Alive(ctx); err != nil {
			return page, err
		}
		var change roster.Change
		if err := json.Unmarshal(data, &change); err != nil {
			return page, fmt.Errorf("the change %x: %w", seq, err)
		}
		if group.Ends(change) {
			break
		}
		if chosen := q.Chooses(change); walked == store.MaxWalked || chosen && len(page.Changes) == q.Limit {
			page.Next = hex.EncodeToString(last)
			break
		} else if chosen {
			page.Changes = append(page.Changes, change)
		}
		walked++
		last = append(last[:0], seq...)
	}
	return page, nil
}
