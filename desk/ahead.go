package desk

import (
	"context"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// aheadTime is how long what was read ahead may wait for its use. It is as old then as if a
// single read had taken so long.
const aheadTime = time.Second

// ahead is what a request read together with its team, as each read may be a trip to another
// machine: everybody's names, and the days that it will probably ask for. Each is used once,
// and not after the request has written anything.
type ahead struct {
	mu     sync.Mutex
	read   time.Time
	ranges []store.Range
	days   [][]roster.Day
	names  *roster.Names
}

type aheadKey struct{}

// WithAhead returns a context with room for what a request reads ahead.
func WithAhead(ctx context.Context) context.Context {
	return context.WithValue(ctx, aheadKey{}, &ahead{})
}

func aheadOf(ctx context.Context) *ahead {
	a, _ := ctx.Value(aheadKey{}).(*ahead)
	return a
}

// put keeps what was read of the ranges.
func (a *ahead) put(now time.Time, ranges []store.Range, sight store.Sight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.read, a.ranges, a.days, a.names = now, ranges, sight.Days, &sight.People
}

// takeNames gives the names, once.
func (a *ahead) takeNames(now time.Time) (names roster.Names, ok bool) {
	if a == nil {
		return names, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names == nil || now.Sub(a.read) > aheadTime {
		return names, false
	}
	names, a.names = *a.names, nil
	return names, true
}

// takeDays gives the days of all of the ranges, once, or none.
func (a *ahead) takeDays(now time.Time, wanted []store.Range) (days [][]roster.Day, ok bool) {
	if a == nil {
		return nil, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Sub(a.read) > aheadTime {
		return nil, false
	}
	days = make([][]roster.Day, len(wanted))
	for i, w := range wanted {
		for j, r := range a.ranges {
			if r.Team == w.Team && !w.From.Before(r.From) && !r.To.Before(w.To) {
				days[i] = a.days[j][r.From.DaysUntil(w.From) : r.From.DaysUntil(w.To)+1]
			}
		}
		if days[i] == nil {
			return nil, false
		}
	}
	a.ranges, a.days = nil, nil
	return days, true
}

// wrote forgets what was read ahead, as the request is about to write.
func wrote(ctx context.Context) {
	if a := aheadOf(ctx); a != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.ranges, a.days, a.names = nil, nil, nil
	}
}

// look reads everybody's names and the days, from what was read ahead as far as that has them.
func (k *Desk) look(ctx context.Context, days ...store.Range) (store.Sight, error) {
	if err := store.Alive(ctx); err != nil {
		return store.Sight{}, err
	}
	a := aheadOf(ctx)
	names, hasNames := a.takeNames(k.Now())
	known, hasDays := a.takeDays(k.Now(), days)
	if hasNames && hasDays {
		return store.Sight{People: names, Days: known}, nil
	}
	ask := store.Look{People: !hasNames}
	if !hasDays {
		ask.Days = days
	}
	sight, err := k.Store.Look(ctx, ask)
	if hasNames {
		sight.People = names
	}
	if hasDays {
		sight.Days = known
	}
	return sight, err
}

// days reads the days from–to of a team. They are not to be changed.
func (k *Desk) days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error) {
	days, err := k.daysOf(ctx, store.Range{Team: team, From: from, To: to})
	if err != nil {
		return nil, err
	}
	return days[0], nil
}

// daysOf reads days of teams, all at once.
func (k *Desk) daysOf(ctx context.Context, ranges ...store.Range) ([][]roster.Day, error) {
	sight, err := k.Store.Look(ctx, store.Look{Days: ranges})
	return sight.Days, err
}
