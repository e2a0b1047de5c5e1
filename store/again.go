package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// How often a write is repeated because somebody else was faster, and how long it waits before
// each time: not at all at first, then longer and longer, up to a limit.
const (
	maxTries  = 30
	firstWait = 500 * time.Microsecond
	longest   = 20 * time.Millisecond
)

// Again is the one way to repeat a write after somebody else was faster. It calls try until
// that returns anything but a conflict; each time, try reads what it is based on and decides
// again. There are at most maxTries calls, and none after the context has ended. Then the
// store counts as unavailable, and the caller can ask again.
func Again[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for n := 1; ; n++ {
		done, err := try()
		switch {
		case !errors.Is(err, ErrConflict):
			return done, err
		case n == maxTries:
			return done, ErrTooBusy
		}
		if err := pause(ctx, n); err != nil {
			return done, err
		}
	}
}

// ErrTooBusy says that others kept writing the same thing at the same time.
var ErrTooBusy error = &UnavailableError{Err: errors.New("others write the same again and again")}

// pause waits before the try that follows the n-th. How long is random: callers that waited
// equally long would collide again.
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
	return Alive(ctx)
}
