package desk

import (
	"context"
	"fmt"
	"io"

	"dailyroster/roster"
)

// Key is what a request is told by when it is sent again, with what it was sent to and who
// sent it: the same key elsewhere, or of somebody else, is another one.
type Key struct {
	Text, To string
	Caller   string // "" where nobody is known
}

// scope is what the ids of writes to what is named are derived from, beside the text.
func (k Key) scope(what string) string {
	if k.Caller == "" {
		return k.To + " " + what
	}
	return k.Caller + "\n" + k.To + " " + what
}

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
		return roster.DeriveChangeID(key.scope(what), key.Text), nil
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
