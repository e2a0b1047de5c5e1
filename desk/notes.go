package desk

import (
	"context"
	"sync"
	"time"
)

const (
	// noteTime is how long a write beside the requests may take.
	noteTime = 4 * time.Second
	// maxNotes is how many such writes may be under way; more are left to later requests.
	maxNotes = 4
	// maxBegun is how many kinds of writes are remembered.
	maxBegun = 10_000
)

// Note begins a write that nobody waits for, unless one of the same kind began a moment ago.
// If the write is lost, a later request makes it.
func (k *Desk) Note(kind string, now time.Time, write func(context.Context) error) {
	k.notes.begin(kind, now, write)
}

// notes are writes that no request waits for. A kind begins again only after usedEvery,
// whether or not it succeeded.
type notes struct {
	ctx   context.Context // the server's
	log   func(what string, err error)
	slots chan struct{}

	mu    sync.Mutex
	begun map[string]time.Time
}

func newNotes(ctx context.Context, log func(string, error)) *notes {
	return &notes{ctx: ctx, log: log, slots: make(chan struct{}, maxNotes), begun: map[string]time.Time{}}
}

func (n *notes) begin(what string, now time.Time, write func(context.Context) error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, known := n.begun[what]; known && now.Sub(last) < usedEvery {
		return
	}
	select {
	case n.slots <- struct{}{}:
	default:
		return
	}
	if len(n.begun) >= maxBegun {
		clear(n.begun)
	}
	n.begun[what] = now
	go func() {
		defer func() { <-n.slots }()
		ctx, cancel := context.WithTimeout(n.ctx, noteTime)
		defer cancel()
		if err := write(ctx); err != nil {
			n.log(what, err)
		}
	}()
}
