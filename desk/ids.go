package desk

import (
	"context"
	"fmt"
	"io"

	"dailyroster/roster"
)

// Key identifies a request that is sent again. It includes what the request was sent to: the
// same text sent elsewhere is another key.
type Key struct{ Text, To string }

type keyOfContext struct{}

// WithKey returns a context in which ids derive from the key: what is done twice with it has
// the same ids, and so is done once.
func WithKey(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, keyOfContext{}, key)
}

func keyOf(ctx context.Context) (Key, bool) {
	key, ok := ctx.Value(keyOfContext{}).(Key)
	return key, ok
}

// ChangeID is the id of a write to what is named. For a request with a key it is the same on
// each attempt; without a key it is a new one.
func (k *Desk) ChangeID(ctx context.Context, what string) (roster.ChangeID, error) {
	if key, ok := keyOf(ctx); ok {
		return roster.DeriveChangeID(key.To+" "+what, key.Text), nil
	}
	return k.NewChangeID()
}

// NewChangeID returns a new id.
func (k *Desk) NewChangeID() (roster.ChangeID, error) {
	var random [10]byte
	if _, err := io.ReadFull(k.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return roster.NewChangeID(k.Now(), random)
}
