package bolt

import (
	"context"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/store"
)

// monthRecord is a month as the file holds it: the days that have ever been edited, by
// day of the month.
type monthRecord struct {
	Version int64             `json:"version"` // how many edits were made to it
	Days    map[int]dayRecord `json:"days"`
}

type dayRecord struct {
	Assignments map[roster.RoleID]roster.PersonID `json:"assignments,omitempty"`
	Note        string                            `json:"note,omitempty"`
	Revision    roster.Revision                   `json:"revision"`
}

func (m monthRecord) day(d roster.Date) roster.Day {
	r := m.Days[d.Day]
	return roster.Day{Date: d, Assignments: r.Assignments, Note: r.Note, Revision: r.Revision}
}

func (m *monthRecord) set(d roster.Day) {
	if m.Days == nil {
		m.Days = map[int]dayRecord{}
	}
	m.Days[d.Date.Day] = dayRecord{d.Assignments, d.Note, d.Revision}
}

func monthKey(team roster.TeamID, m roster.Month) []byte {
	key := make([]byte, 0, len(team)+len("/2006-01"))
	return m.Append(append(append(key, team...), '/'))
}

// Days implements store.Store.
func (s *Store) Days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error) {
	sight, err := s.Look(ctx, store.Look{Days: []store.Range{{Team: team, From: from, To: to}}})
	if err != nil {
		return nil, err
	}
	return store.OwnDays(sight.Days[0]), nil
}

// Save implements store.Store. It never forgets the id of an edit.
func (s *Store) Save(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	if err := store.CheckEdit(edit); err != nil {
		return store.Saved{}, err
	}
	var saved store.Saved
	err := s.update(ctx, func(tx *bbolt.Tx) error {
		var record monthRecord
		months, key := tx.Bucket(monthsBucket), monthKey(team, edit.Month())
		if _, err := getJSON(months, key, &record); err != nil {
			return err
		}
		current, ok := store.BasedOnCurrent(edit, record.day)
		switch {
		case tx.Bucket(changeIDsBucket).Get(changeIDKey(team, edit.Change)) != nil:
			saved = store.Saved{Days: current, Repeated: true}
			return nil
		case !ok:
			return &store.ConflictError[[]roster.Day]{Current: current}
		}
		after, changes := edit.Apply(team, record.day)
		saved = store.Saved{Days: after}
		if len(changes) == 0 {
			return nil
		}
		record.Version++
		edited := map[int]dayRecord{}
		for _, d := range after {
			if d.Revision != "" {
				record.set(d)
				edited[d.Date.Day] = record.Days[d.Date.Day]
			}
		}
		if err := putJSON(months, key, record); err != nil {
			return err
		}
		if err := addMembers(tx, team, edited); err != nil {
			return err
		}
		return addChanges(tx, team, changes)
	})
	if err != nil {
		return store.Saved{}, err
	}
	return saved, nil
}

// Versions implements store.Store.
func (s *Store) Versions(ctx context.Context, team roster.TeamID, months []roster.Month) (map[roster.Month]int64, error) {
	sight, err := s.Look(ctx, store.Look{Versions: []store.TeamMonths{{Team: team, Months: months}}})
	if err != nil {
		return nil, err
	}
	return sight.Versions[0], nil
}
