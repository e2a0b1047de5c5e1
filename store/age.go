package store

import (
	"context"
	"sync"
	"time"
)

// Age collects how old the answers to a request are. It is safe for use
// by many goroutines.
type Age struct {
	mu     sync.Mutex
	oldest time.Time
}

type ageKey struct{}

// WithAge gives a context whose reads note their age in the Age.
func WithAge(ctx context.Context) (context.Context, *Age) {
	age := &Age{}
	return context.WithValue(ctx, ageKey{}, age), age
}

// AgeOf is the Age of a context that WithAge gave; nil for any other.
func AgeOf(ctx context.Context) *Age {
	age, _ := ctx.Value(ageKey{}).(*Age)
	return age
}

// NoteAge is called by a store that gives what it read at an earlier time, because it
// cannot ask now.
func NoteAge(ctx context.Context, readAt time.Time) {
	age := AgeOf(ctx)
	if age == nil {
		return
	}
	age.mu.Lock()
	defer age.mu.Unlock()
	if age.oldest.IsZero() || readAt.Before(age.oldest) {
		age.oldest = readAt
	}
}

// Oldest is when the oldest of the answers was read; the zero time if all are current.
// A nil Age has no older ones.
func (a *Age) Oldest() time.Time {
	if a == nil {
		return time.Time{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.oldest
}
