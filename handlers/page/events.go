package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"dailyroster/handlers/live"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/store"
	"dailyroster/views"
)

const (
	pingEvery  = 15 * time.Second // so that proxies do not think that the stream is dead
	streamTime = 10 * time.Second // the longest that sending one notice may take
)

// events answers GET /teams/{team}/events?from=&days=&seen= with server-sent events: for each
// changed day an event day-2026-11-23 with the id of the change, and after each round of them
// an event changed. seen is roster.Seen of the page: if the roster is different when the
// stream begins, there is an event for every day. A stream that comes back with Last-Event-ID
// gets what it missed. It watches the days in view and those that say who is on call now. It
// refuses a view that is far from today.
func (s *Site) events(w http.ResponseWriter, r *http.Request) error {
	opening, cancel := context.WithTimeout(r.Context(), s.Limits.WorkTime())
	defer cancel()
	team, err := s.TeamOf(r.WithContext(opening))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	view, err := queryView(q, team.DayAt(s.Now()))
	if err != nil {
		return err
	}
	spanFrom, spanTo := oncall.Span(team, s.Now())
	if !view.IsLive(spanFrom) {
		return web.BadRequest("live updates reach five years from today; %s to %s is further away", view.From, view.To())
	}
	done, err := s.OpenStream(r)
	if err != nil {
		return err
	}
	defer done()
	price := web.Usual
	if isLong(r) {
		price = web.Heavy
	}
	leave, err := s.Place(r, price)
	if err != nil {
		return err
	}
	opened := sync.OnceFunc(leave)
	defer opened()
	viewer, days, stop, err := s.Hub.Watch(opening, team.ID, live.Range{From: view.From, To: view.To()}, live.Range{From: spanFrom, To: spanTo})
	if errors.Is(err, live.ErrFull) {
		return web.TooManyViewers()
	}
	if err != nil {
		return err
	}
	defer stop()
	missed, err := s.missed(r.WithContext(opening), team.ID, days, view, q.Get("seen"))
	if err != nil {
		return err
	}
	opened()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx must pass each notice on at once
	w.WriteHeader(http.StatusOK)
	return s.stream(w, r, viewer, missed)
}

// missed returns the notices that a viewer needs first.
func (s *Site) missed(r *http.Request, team roster.TeamID, days []roster.Day, view views.View, seen string) ([]live.Notice, error) {
	var notices []live.Notice
	var shown []roster.Day
	for _, d := range days {
		if !d.Date.Before(view.From) && !view.To().Before(d.Date) {
			shown = append(shown, d)
			notices = append(notices, live.Notice{Date: d.Date, Revision: d.Revision})
		}
	}
	last, err := roster.ParseChangeID(r.Header.Get("Last-Event-ID"))
	if err != nil {
		if seen == "" || seen == roster.Seen(shown) {
			return nil, nil
		}
		return notices, nil
	}
	page, err := s.Store.Changes(r.Context(), team, store.ChangeQuery{Since: last, Limit: store.MaxChanges})
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && page.Next != "":
		return notices, nil
	case err != nil:
		return nil, err
	}
	notices = nil
	told := map[roster.Date]bool{}
	for _, c := range page.Changes {
		if !told[c.Date] {
			told[c.Date] = true
			notices = append(notices, live.Notice{Date: c.Date, Revision: c.ID})
		}
	}
	return notices, nil
}

// stream sends notices until the viewer leaves, the server stops, or the viewer cannot keep
// up.
func (s *Site) stream(w http.ResponseWriter, r *http.Request, viewer *live.Viewer, first []live.Notice) error {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	send := func(text string) bool {
		_ = control.SetWriteDeadline(time.Now().Add(streamTime))
		_, err := w.Write([]byte(text))
		return err == nil && control.Flush() == nil
	}
	if !send(": welcome\n\n" + eventsOf(first)) {
		return nil
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		text := ": ping\n\n"
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Stopping:
			return nil
		case notices, ok := <-viewer.News:
			if !ok {
				return nil
			}
			text = eventsOf(notices)
		case <-ping.C:
			if !s.StillMayRead(r) {
				return nil
			}
		}
		if !send(text) {
			return nil
		}
	}
}

// StillMayRead reports whether the caller who opened a stream could still open it: sessions
// end, and tokens are revoked.
func (s *Site) StillMayRead(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), s.Limits.WorkTime())
	defer cancel()
	c, err := s.Identify(r.WithContext(ctx))
	if _, unavailable := errors.AsType[*store.UnavailableError](err); unavailable {
		return true
	}
	return err == nil && c.Known()
}

func eventsOf(notices []live.Notice) string {
	if len(notices) == 0 {
		return ""
	}
	var b strings.Builder
	for _, n := range notices {
		if n.Revision != "" {
			fmt.Fprintf(&b, "id: %s\n", n.Revision)
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", views.RowID(n.Date), n.Date)
	}
	b.WriteString("event: " + views.ChangedEvent + "\ndata:\n\n")
	return b.String()
}
