package desk

import (
	"context"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Tally is how often a seat was changed, and when last. A seat without a role stands for the
// day's note.
type Tally struct {
	Changes int
	Last    time.Time
}

// maxTallies is how many seats' tallies are remembered: about 25 MB.
const maxTallies = 200_000

// tallies remembers the tallies of months, which do not change until the month is edited.
type tallies struct {
	mu    sync.Mutex
	of    map[tallied]monthTally
	seats int // in all of them
}

type tallied struct {
	team  roster.TeamID
	month roster.Month
}

type monthTally struct {
	version int64
	seats   map[roster.Seat]Tally
}

func (t *tallies) get(key tallied, version int64) (map[roster.Seat]Tally, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, there := t.of[key]
	return known.seats, there && known.version == version
}

// put remembers a month. If there are too many, it forgets others.
func (t *tallies) put(key tallied, m monthTally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats += len(m.seats) - len(t.of[key].seats)
	if t.of == nil {
		t.of = map[tallied]monthTally{}
	}
	t.of[key] = m
	for other, old := range t.of {
		if t.seats <= maxTallies {
			return
		}
		if other != key {
			delete(t.of, other)
			t.seats -= len(old.seats)
		}
	}
}

// Tallies returns the tallies of all seats in the team's months, at these versions or later.
// It reads the history only of months that were edited since the last call. Callers must not
// change the tallies.
func (k *Desk) Tallies(ctx context.Context, team roster.TeamID, versions map[roster.Month]int64) (func(roster.Seat) Tally, error) {
	months := map[roster.Month]map[roster.Seat]Tally{}
	for m, version := range versions {
		if version == 0 {
			continue // never edited
		}
		key := tallied{team, m}
		seats, known := k.tallies.get(key, version)
		if !known {
			var err error
			if seats, err = k.tally(ctx, team, m); err != nil {
				return nil, err
			}
			k.tallies.put(key, monthTally{version, seats})
		}
		months[m] = seats
	}
	return func(s roster.Seat) Tally { return months[s.Date.InMonth()][s] }, nil
}

// tally reads the history of a month.
func (k *Desk) tally(ctx context.Context, team roster.TeamID, m roster.Month) (map[roster.Seat]Tally, error) {
	seats := map[roster.Seat]Tally{}
	q := store.ChangeQuery{From: m.First(), To: m.Last(), Limit: store.MaxChanges}
	for changes, err := range k.pages(ctx, team, q) {
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			seat := c.Seat()
			t := seats[seat]
			t.Changes++
			if c.Time.After(t.Last) {
				t.Last = c.Time
			}
			seats[seat] = t
		}
	}
	return seats, nil
}
