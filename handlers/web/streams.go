package web

import (
	"net/http"
	"sync"
	"time"

	"dailyroster/desk"
	"dailyroster/words/said"
)

const (
	maxStreams = 5000
	// streamRetry is when to ask again who has too many.
	streamRetry = 30 * time.Second
)

// streamCount counts the open streams of addresses.
type streamCount struct {
	mu   sync.Mutex
	open map[string]int
}

// begin counts one more, unless there are most already; 0 is no limit.
func (c *streamCount) begin(from string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if most > 0 && c.open[from] >= most {
		return false
	}
	c.open[from]++
	return true
}

func (c *streamCount) end(from string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[from]--
	if c.open[from] <= 0 {
		delete(c.open, from)
	}
}

// OpenStream counts a stream until done is called, or returns why there cannot be another.
func (s *Gate) OpenStream(r *http.Request) (done func(), err error) {
	from, _ := s.address(r)
	if !s.streamsOf.begin(from, s.Limits.Streams) {
		return nil, &tooManyError{said.Whole("Too many pages with live updates are open at your address. This page works without them."), streamRetry}
	}
	if s.viewers.Add(1) > maxStreams {
		s.viewers.Add(-1)
		s.streamsOf.end(from)
		return nil, TooManyViewers()
	}
	return func() {
		s.viewers.Add(-1)
		s.streamsOf.end(from)
	}, nil
}

// TooManyViewers refuses a stream for which there is no room.
func TooManyViewers() *desk.Refusal {
	return desk.Refuse(KindTooManyStreams, "Too many viewers", "Too many people have live updates open. The page works without them.")
}
