package desk

import (
	"context"
	"fmt"
	"io"

	"dailyroster/roster"
)

// Key is what a request is told by when it is sent again, and what it was sent to: the same
// key elsewhere is another one.
type Key struct{ Text, To string }

type keyOfContext struct{}

// WithKey gives a context in which ids are derived from the key, so that whatever is done
// with it twice has the same ids and is done once.
func WithKey(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, keyOfContext{}, key)
}

func keyOf(ctx context.Context) (Key, bool) {
	key, ok := ctx.Value(keyOfContext{}).(Key)
	return key, ok
}

// ChangeID is the id of a write to what is named: the same for each attempt of a request
// with a key, a new one without.
func (k *Desk) ChangeID(ctx context.Context, what string) (roster.ChangeID, error) {
	if key, ok := keyOf(ctx); ok {
		return roster.DeriveChangeID(key.To+" "+what, key.Text), nil
	}
	return k.NewChangeID()
}

// NewChangeID is a fresh id.
func (k *Desk) NewChangeID() (roster.ChangeID, error) {
	var random [10]byte
	if _, err := io.ReadFull(k.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return roster.NewChangeID(k.Now(), random)
}
