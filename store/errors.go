package store

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotFound: there is no such team, person or change.
var ErrNotFound = errors.New("not found")

// ConflictError says that the value is not at the revision that the write was based
// on: someone else's came first.
type ConflictError[T any] struct {
	Current T // the value as it is
}

func (*ConflictError[T]) Error() string { return "someone else's edit came first" }

// InvalidError says that the store cannot take the input as it is.
type InvalidError struct{ Reason string }

func (e *InvalidError) Error() string { return "invalid: " + e.Reason }

// Invalid is an *InvalidError with a formatted reason.
func Invalid(format string, args ...any) error {
	return &InvalidError{fmt.Sprintf(format, args...)}
}

// UnavailableError says that the store cannot answer for now; the same call may
// succeed later. A write that got it may have taken effect.
type UnavailableError struct {
	Err error // what the backend said; for the log, not for people
}

func (e *UnavailableError) Error() string { return "the store is unavailable: " + e.Err.Error() }

// Unwrap gives what the backend said.
func (e *UnavailableError) Unwrap() error { return e.Err }

// Alive is nil while the context lasts, and an *UnavailableError after it.
func Alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &UnavailableError{err}
	}
	return nil
}

// Wrap lets nil and the errors of this package through and makes any other error
// an *UnavailableError, so that nothing else leaks out of a backend.
func Wrap(err error) error {
	var known interface{ storeError() }
	if err == nil || errors.Is(err, ErrNotFound) || errors.As(err, &known) {
		return err
	}
	return &UnavailableError{err}
}

func (*ConflictError[T]) storeError() {}
func (*InvalidError) storeError()     {}
func (*UnavailableError) storeError() {}
