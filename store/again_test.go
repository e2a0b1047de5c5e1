package store

import (
	"context"
	"errors"
	"testing"

	"dailyroster/roster"
)

var errConflict = &ConflictError[roster.Day]{}

func TestAgain(t *testing.T) {
	t.Run("until it goes through", func(t *testing.T) {
		tries := 0
		got, err := Again(t.Context(), func() (int, error) {
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
		_, err := Again(t.Context(), func() (int, error) { tries++; return 0, errConflict })
		if tries != maxTries || !errors.Is(err, ErrUnavailable) {
			t.Errorf("got %v after %d tries, want %v after %d", err, tries, ErrUnavailable, maxTries)
		}
	})
	t.Run("not after another error", func(t *testing.T) {
		tries := 0
		_, err := Again(t.Context(), func() (int, error) { tries++; return 0, ErrNotFound })
		if tries != 1 || !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v after %d tries, want %v after one", err, tries, ErrNotFound)
		}
	})
	t.Run("not after its time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tries := 0
		_, err := Again(ctx, func() (int, error) { tries++; cancel(); return 0, errConflict })
		if tries != 1 || !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v after %d tries, want an unavailable store for the context's end after one", err, tries)
		}
	})
}
