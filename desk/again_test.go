package desk

import (
	"context"
	"errors"
	"testing"

	"dailyroster/roster"
	"dailyroster/store"
)

var errConflict = &store.ConflictError[roster.Day]{}

func TestAgain(t *testing.T) {
	t.Run("until it goes through", func(t *testing.T) {
		tries := 0
		got, err := again(t.Context(), func() (int, error) {
			tries++
			if tries < 5 {
				return 0, errConflict
			}
			return tries, nil
		})
		if got != 5 || err != nil {
			t.Errorf("got %d and %v, want 5 and nil", got, err)
		}
	})
	t.Run("not for ever", func(t *testing.T) {
		tries := 0
		_, err := again(t.Context(), func() (int, error) { tries++; return 0, errConflict })
		if tries != maxTries || !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("got %v after %d tries, want %v after %d", err, tries, store.ErrUnavailable, maxTries)
		}
	})
	t.Run("not after another error", func(t *testing.T) {
		tries := 0
		_, err := again(t.Context(), func() (int, error) { tries++; return 0, store.ErrNotFound })
		if tries != 1 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v after %d tries, want %v after one", err, tries, store.ErrNotFound)
		}
	})
	t.Run("not after its time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tries := 0
		_, err := again(ctx, func() (int, error) { tries++; cancel(); return 0, errConflict })
		if tries != 1 || !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v after %d tries, want an unavailable store for the context's end after one", err, tries)
		}
	})
}
