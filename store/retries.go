package store

import (
	"context"
	"sync/atomic"
)

// Retries counts how often a store repeated a call. It is safe for use by
// many goroutines.
type Retries struct{ count atomic.Int64 }

type retriesKey struct{}

// WithRetries gives a context whose retries are counted in the Retries.
func WithRetries(ctx context.Context) (context.Context, *Retries) {
	r := &Retries{}
	return context.WithValue(ctx, retriesKey{}, r), r
}

// NoteRetry is called by a store that repeats a call with the context.
func NoteRetry(ctx context.Context) {
	if r, ok := ctx.Value(retriesKey{}).(*Retries); ok {
		r.count.Add(1)
	}
}

// Count is the number of retries so far.
func (r *Retries) Count() int64 { return r.count.Load() }
