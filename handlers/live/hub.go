// Package live notices edits that came through any instance of the program and tells
// whoever looks at the days concerned. However many look, the store is asked once
// each Interval for what is looked at.
package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Interval is how often the store is asked for news: well within the two seconds in
// which an edit must show everywhere.
const Interval = 500 * time.Millisecond

// backlog is how many rounds of news may wait for a slow viewer.
const backlog = 16

// Notice says that a day was changed.
type Notice struct {
	Date     roster.Date
	Revision roster.Revision
}

// Hub watches what its viewers look at. It is safe for use by many goroutines.
type Hub struct {
	store store.Store
	log   *slog.Logger
	ctx   context.Context // ends the hub

	mu      sync.Mutex
	running bool // the polling goroutine
	watched map[roster.TeamID]*watched
}

// watched is what is known of a team that somebody looks at.
type watched struct {
	viewers map[*Viewer]struct{}
	months  map[roster.Month]*monthState
}

// monthState is a month as the hub saw it last.
type monthState struct {
	version int64
	days    map[roster.Date]roster.Revision
}

// Viewer is somebody who looks at some days of a team.
type Viewer struct {
	// News gives the notices of one round. It is closed when the viewer was too slow
	// to take them; who still wants to know then starts anew.
	News <-chan []Notice

	news   chan []Notice
	months []roster.Month
	from   roster.Date
	to     roster.Date
}

// NewHub makes a hub that works until the context ends.
func NewHub(ctx context.Context, s store.Store, log *slog.Logger) *Hub {
	return &Hub{store: s, log: log, ctx: ctx, watched: map[roster.TeamID]*watched{}}
}

// Watch looks at the team's days from–to until stop is called. days are these days as
// they are at the beginning: every later change is in the news.
func (h *Hub) Watch(ctx context.Context, team roster.TeamID, from, to roster.Date) (v *Viewer, days []roster.Day, stop func(), err error) {
	news := make(chan []Notice, backlog)
	v = &Viewer{News: news, news: news, months: roster.MonthsOf(from, to), from: from, to: to}
	h.mu.Lock()
	w := h.watched[team]
	if w == nil {
		w = &watched{viewers: map[*Viewer]struct{}{}, months: map[roster.Month]*monthState{}}
		h.watched[team] = w
	}
	w.viewers[v] = struct{}{}
	for _, m := range v.months {
		if w.months[m] == nil {
			w.months[m] = &monthState{version: -1} // not seen yet: the next round reads it
		}
	}
	if !h.running {
		h.running = true
		go h.poll()
	}
	h.mu.Unlock()
	stop = func() { h.leave(team, v) }
	// Read after the viewer was added: what changes from here on is noticed, at worst twice.
	days, err = h.store.Days(ctx, team, from, to)
	if err != nil {
		stop()
		return nil, nil, nil, err
	}
	h.seen(team, days)
	return v, days, stop, nil
}

// seen takes days as read for the months that no round has read yet, so that the first
// round tells of what came in between.
func (h *Hub) seen(team roster.TeamID, days []roster.Day) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.watched[team]
	if w == nil {
		return
	}
	for _, d := range days {
		if m := w.months[d.Date.InMonth()]; m != nil && m.version < 0 {
			if m.days == nil {
				m.days = map[roster.Date]roster.Revision{}
			}
			m.days[d.Date] = d.Revision
		}
	}
}

func (h *Hub) leave(team roster.TeamID, v *Viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(team, v)
}

// remove forgets a viewer, and what only this viewer looked at.
func (h *Hub) remove(team roster.TeamID, v *Viewer) {
	w := h.watched[team]
	if w == nil {
		return
	}
	delete(w.viewers, v)
	if len(w.viewers) == 0 {
		delete(h.watched, team)
		return
	}
	wanted := map[roster.Month]bool{}
	for other := range w.viewers {
		for _, m := range other.months {
			wanted[m] = true
		}
	}
	for m := range w.months {
		if !wanted[m] {
			delete(w.months, m)
		}
	}
}

// poll asks the store, round after round, until nobody looks any more.
func (h *Hub) poll() {
	tick := time.NewTicker(Interval)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
		}
		teams := h.toAsk()
		if teams == nil {
			return
		}
		err := h.round(teams)
		if err != nil && !failing && h.ctx.Err() == nil {
			h.log.Warn("live updates wait for the store", "error", err)
		}
		failing = err != nil
	}
}

// toAsk lists the months that are looked at; nil, and the polling ends, if none are.
func (h *Hub) toAsk() map[roster.TeamID][]roster.Month {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.watched) == 0 {
		h.running = false
		return nil
	}
	teams := make(map[roster.TeamID][]roster.Month, len(h.watched))
	for team, w := range h.watched {
		for m := range w.months {
			teams[team] = append(teams[team], m)
		}
	}
	return teams
}

// round asks once for every team, and reads the months that have something new.
func (h *Hub) round(teams map[roster.TeamID][]roster.Month) error {
	ctx, cancel := context.WithTimeout(h.ctx, 4*Interval)
	defer cancel()
	for team, months := range teams {
		versions, err := h.store.Versions(ctx, team, months)
		if err != nil {
			return err
		}
		for m, version := range versions {
			if !h.isNew(team, m, version) {
				continue
			}
			ctx, age := store.WithAge(ctx)
			days, err := h.store.Days(ctx, team, m.First(), m.Next().First().AddDays(-1))
			if err != nil {
				return err
			}
			if age.Oldest().IsZero() { // what is only remembered is no news
				h.tell(team, m, version, days)
			}
		}
	}
	return nil
}

func (h *Hub) isNew(team roster.TeamID, m roster.Month, version int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.watched[team]
	return w != nil && w.months[m] != nil && w.months[m].version != version
}

// tell finds which days are new and tells their viewers. version was asked before the
// days were read, so that what came in between is read again in the next round.
func (h *Hub) tell(team roster.TeamID, m roster.Month, version int64, days []roster.Day) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.watched[team]
	if w == nil || w.months[m] == nil {
		return
	}
	state := w.months[m]
	var notices []Notice
	now := make(map[roster.Date]roster.Revision, len(days))
	for _, d := range days {
		now[d.Date] = d.Revision
		if before, known := state.days[d.Date]; known && before != d.Revision {
			notices = append(notices, Notice{d.Date, d.Revision})
		}
	}
	state.version, state.days = version, now
	for v := range w.viewers {
		if mine := v.lookedAt(notices); len(mine) > 0 {
			select {
			case v.news <- mine:
			default:
				h.remove(team, v)
				close(v.news)
			}
		}
	}
}

// lookedAt picks what the viewer looks at.
func (v *Viewer) lookedAt(notices []Notice) []Notice {
	var mine []Notice
	for _, n := range notices {
		if !n.Date.Before(v.from) && !v.to.Before(n.Date) {
			mine = append(mine, n)
		}
	}
	return mine
}
