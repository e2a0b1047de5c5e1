package desk

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"dailyroster/store"
)

// How often a write is made anew because somebody else was faster, and how long it waits
// before: not at all at first, then longer and longer, up to a point.
const (
	maxTries  = 30
	firstWait = 500 * time.Microsecond
	longest   = 20 * time.Millisecond
)

// again is the one way to repeat a write that somebody else was faster with: try is called
// until it gives anything but a conflict, each time to read what it is based on and decide
// anew, maxTries times at most and no longer than the context lasts. After that the store is
// unavailable: whoever asked can ask again.
func again[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for n := 1; ; n++ {
		done, err := try()
		switch {
		case !errors.Is(err, store.ErrConflict):
			return done, err
		case n == maxTries:
			return done, errTooBusy
		}
		if err := pause(ctx, n); err != nil {
			return done, err
		}
	}
}

// errTooBusy is for what others write at the same time again and again.
var errTooBusy = &store.UnavailableError{Err: errors.New("others write the same again and again")}

// pause waits before the try that follows the n-th. Those who wait differ by chance, or they
// would meet again.
func pause(ctx context.Context, n int) error {
	if n > 1 {
		most := min(longest, firstWait<<min(n, 10))
		timer := time.NewTimer(rand.N(most))
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
	}
	return store.Alive(ctx)
}
