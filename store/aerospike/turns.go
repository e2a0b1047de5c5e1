package aerospike

import (
	"context"
	"sync"
	"time"
)

// turnTime is how long a write waits for its turn at most. A write to a node that is dying takes
// much longer, and those that come after it must not wait for it one after the other.
const turnTime = 20 * time.Millisecond

// turns let the writes of one record go one after the other, in the order in which they came.
// A node puts aside those that come while one is under way, and starts all of them again when
// that is done: of sixteen at once, some are put aside again and again.
type turns struct {
	mu   sync.Mutex
	last map[string]chan struct{} // closed when the write that came last is done
}

func newTurns() *turns { return &turns{last: map[string]chan struct{}{}} }

// take waits until the write that came before is done, for turnTime at most. Whoever takes a
// turn calls done when the write has its answer.
func (t *turns) take(ctx context.Context, record string) (done func()) {
	mine := make(chan struct{})
	t.mu.Lock()
	before := t.last[record]
	t.last[record] = mine
	t.mu.Unlock()
	if before != nil {
		most := time.NewTimer(turnTime)
		defer most.Stop()
		select {
		case <-before:
		case <-most.C:
		case <-ctx.Done():
		}
	}
	return func() {
		close(mine)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.last[record] == mine {
			delete(t.last, record)
		}
	}
}
