// Package live notices edits that came through any instance of the program and tells
// whoever looks at the days concerned. However many look, the store is asked once
// each Interval for what is looked at.
package live

import (
	"context"
	"errors"
	"log/slog"
	"slices"
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

// What is watched is kept in memory, and its versions are asked for in every round.
const (
	// MaxViewerMonths is the most months that one viewer can watch: a view has at most 366
	// days, and who is on call now is found in 35.
	MaxViewerMonths = 17
	// MaxMonths is the most months that all viewers together can watch; a month that
	// several watch counts once. They are about 30 MB.
	MaxMonths = 10_000
)

// ErrFull means that a viewer asks for more months than there is room for.
var ErrFull = errors.New("too many months are watched")

// Range is the days From to To, both included.
type Range struct{ From, To roster.Date }

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
	months  int // that are watched, of all teams
}

// watched is what is known of a team that somebody looks at.
type watched struct {
	viewers map[*Viewer]struct{}
	months  map[roster.Month]*monthState
}

// monthState is a month as the hub saw it last.
type monthState struct {
	viewers int // that watch it
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
	ranges []Range
}

// NewHub makes a hub that works until the context ends.
func NewHub(ctx context.Context, s store.Store, log *slog.Logger) *Hub {
	return &Hub{store: s, log: log, ctx: ctx, watched: map[roster.TeamID]*watched{}}
}

// Watch looks at the team's days in the ranges until stop is called. days are these days
// as they are at the beginning, in order, perhaps with some between, which are not to be
// changed: every later change is in the news. Without room for the months it gives ErrFull.
func (h *Hub) Watch(ctx context.Context, team roster.TeamID, ranges ...Range) (v *Viewer, days []roster.Day, stop func(), err error) {
	news := make(chan []Notice, backlog)
	v = &Viewer{News: news, news: news, ranges: ranges}
	reads := joined(ranges)
	for _, r := range reads {
		// Counted before the list is made, which may be as long as the calendar.
		if len(v.months)+r.From.DaysUntil(r.To)/31 > MaxViewerMonths {
			return nil, nil, nil, ErrFull
		}
		v.months = append(v.months, roster.MonthsOf(r.From, r.To)...)
	}
	if err := h.enter(team, v); err != nil {
		return nil, nil, nil, err
	}
	stop = func() { h.leave(team, v) }
	// Read after the viewer was added: what changes from here on is noticed, at worst twice.
	var ask store.Look
	for _, r := range reads {
		ask.Days = append(ask.Days, store.Range{Team: team, From: r.From, To: r.To})
	}
	found, err := h.store.Look(ctx, ask)
	if err != nil {
		stop()
		return nil, nil, nil, err
	}
	days = slices.Concat(found.Days...)
	h.seen(team, days)
	return v, days, stop, nil
}

// joined are the ranges in order, with those made one that have a month in common or
// months that follow each other.
func joined(ranges []Range) []Range {
	ranges = slices.SortedFunc(slices.Values(ranges), func(a, b Range) int { return a.From.Compare(b.From) })
	var reads []Range
	for _, r := range ranges {
		if last := len(reads) - 1; last >= 0 && r.From.Before(reads[last].To.InMonth().Next().Next().First()) {
			reads[last].To = roster.Later(reads[last].To, r.To)
			continue
		}
		reads = append(reads, r)
	}
	return reads
}

// enter adds a viewer, if there is room for what it watches.
func (h *Hub) enter(team roster.TeamID, v *Viewer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.watched[team]
	if w == nil {
		w = &watched{viewers: map[*Viewer]struct{}{}, months: map[roster.Month]*monthState{}}
	}
	added := 0
	for _, m := range v.months {
		if w.months[m] == nil {
			added++
		}
	}
	if len(v.months) > MaxViewerMonths || h.months+added > MaxMonths {
		return ErrFull
	}
	h.watched[team] = w
	w.viewers[v] = struct{}{}
	for _, m := range v.months {
		if w.months[m] == nil {
			w.months[m] = &monthState{version: -1} // not seen yet: the next round reads it
		}
		w.months[m].viewers++
	}
	h.months += added
	if !h.running {
		h.running = true
		go h.poll()
	}
	return nil
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
	if _, there := w.viewers[v]; !there {
		return
	}
	delete(w.viewers, v)
	for _, m := range v.months {
		w.months[m].viewers--
		if w.months[m].viewers == 0 {
			delete(w.months, m)
			h.months--
		}
	}
	if len(w.viewers) == 0 {
		delete(h.watched, team)
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

// round asks for the versions of all months, and then for the days of those that have
// something new.
func (h *Hub) round(teams map[roster.TeamID][]roster.Month) error {
	ctx, cancel := context.WithTimeout(h.ctx, 4*Interval)
	defer cancel()
	var ask store.Look
	for team, months := range teams {
		ask.Versions = append(ask.Versions, store.TeamMonths{Team: team, Months: months})
	}
	found, err := h.store.Look(ctx, ask)
	if err != nil {
		return err
	}
	var news store.Look
	var versions []int64
	for i, of := range ask.Versions {
		for m, version := range found.Versions[i] {
			if h.isNew(of.Team, m, version) {
				news.Days = append(news.Days, store.Range{Team: of.Team, From: m.First(), To: m.Last()})
				versions = append(versions, version)
			}
		}
	}
	if len(news.Days) == 0 {
		return nil
	}
	ctx, age := store.WithAge(ctx)
	if found, err = h.store.Look(ctx, news); err != nil {
		return err
	}
	if !age.Oldest().IsZero() { // what is only remembered is no news
		return nil
	}
	for i, r := range news.Days {
		h.tell(r.Team, r.From.InMonth(), versions[i], found.Days[i])
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
		if slices.ContainsFunc(v.ranges, func(r Range) bool { return !n.Date.Before(r.From) && !r.To.Before(n.Date) }) {
			mine = append(mine, n)
		}
	}
	return mine
}
