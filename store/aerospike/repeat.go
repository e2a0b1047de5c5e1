package aerospike

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/store"
)

// errAgain says that an attempt came to nothing and the next may do better.
type errAgain struct{ error }

func (e errAgain) Unwrap() error { return e.error }

// brief is an error of the client in one line: its own text has one for every attempt
// and every connection that it tried.
type brief struct{ err as.Error }

func (e brief) Error() string {
	first, _, _ := strings.Cut(e.err.Error(), "\n")
	return first
}

func (e brief) Unwrap() error { return e.err }

// again marks an error as worth another attempt.
func again(err error) error { return errAgain{err} }

// repeat attempts until the result is not worth another attempt, with pauses that grow up
// to the longest, at most until the context ends. Nothing is attempted when it has ended before.
// What it returns is an error of package store.
func repeat(ctx context.Context, longest time.Duration, attempt func() error) error {
	if err := store.Alive(ctx); err != nil {
		return err
	}
	for pause := firstPause; ; pause = min(2*pause, longest) {
		err := attempt()
		var retry errAgain
		if !errors.As(err, &retry) {
			return store.Wrap(err)
		}
		if err := wait(ctx, pause); err != nil {
			return &store.UnavailableError{Err: fmt.Errorf("%w; the last attempt: %w", err, retry.error)}
		}
		store.NoteRetry(ctx)
	}
}

// wait waits for so long, or until the context ends, and gives its error if it has.
func wait(ctx context.Context, long time.Duration) error {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// left is the time that remains for an attempt that may take at most this long.
func left(ctx context.Context, most time.Duration) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		most = min(most, time.Until(end))
	}
	return max(most, time.Millisecond)
}
