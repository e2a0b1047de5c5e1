package store

import (
	"context"
	"errors"
	"fmt"
	"syscall"
)

// The kinds of the errors of a store: errors.Is tells by them, whatever else an error says.
var (
	// ErrNotFound: there is no such team, person or change.
	ErrNotFound = errors.New("not found")
	// ErrConflict is every *ConflictError.
	ErrConflict = errors.New("conflict")
	// ErrInvalid is every *InvalidError.
	ErrInvalid = errors.New("invalid")
	// ErrTooBig is every *InvalidError that TooBig makes. It is an ErrInvalid, too.
	ErrTooBig = errors.New("too big")
	// ErrUnavailable is every *UnavailableError.
	ErrUnavailable = errors.New("unavailable")
	// ErrFull is an *UnavailableError of a write for which there is no space. What is there can
	// still be read.
	ErrFull = errors.New("no space is left")
	// ErrLate is an *UnavailableError of a call that was made, or went on working, after the
	// time of its context was over. The store has no part in it.
	ErrLate = errors.New("asked too late")
)

// ConflictError says that the value is not at the revision that the write was based
// on: someone else's came first.
type ConflictError[T any] struct {
	Current T // the value as it is
}

func (*ConflictError[T]) Error() string { return "someone else's edit came first" }

// Is makes it an ErrConflict.
func (*ConflictError[T]) Is(kind error) bool { return kind == ErrConflict }

// InvalidError says that the store cannot take the input as it is.
type InvalidError struct {
	Reason string
	tooBig bool
}

func (e *InvalidError) Error() string { return "invalid: " + e.Reason }

// Is makes it an ErrInvalid, and perhaps an ErrTooBig.
func (e *InvalidError) Is(kind error) bool {
	return kind == ErrInvalid || e.tooBig && kind == ErrTooBig
}

// TooBig is an *InvalidError that says that a record has no room for what was to be kept:
// trying again is no use.
func TooBig() error {
	return &InvalidError{"there is no room for this in the store; make it shorter, or remove what is no longer needed", true}
}

// Invalid is an *InvalidError with a formatted reason.
func Invalid(format string, args ...any) error {
	return &InvalidError{Reason: fmt.Sprintf(format, args...)}
}

// UnavailableError says that the store cannot answer for now; the same call may
// succeed later. A write that got it may have taken effect.
type UnavailableError struct {
	Err error // what the backend said; for the log, not for people
}

func (e *UnavailableError) Error() string { return "the store is unavailable: " + e.Err.Error() }

// Is makes it an ErrUnavailable.
func (*UnavailableError) Is(kind error) bool { return kind == ErrUnavailable }

// Unwrap gives what the backend said.
func (e *UnavailableError) Unwrap() error { return e.Err }

// Alive is nil while the context lasts, and after it an *UnavailableError that is also
// ErrLate. Work that can be long asks it again and again.
func Alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &UnavailableError{fmt.Errorf("%w: %w", ErrLate, err)}
	}
	return nil
}

// Wrap lets nil and the errors of this package through and makes any other error
// an *UnavailableError, so that nothing else leaks out of a backend. Of a file system without space
// it is ErrFull, too.
func Wrap(err error) error {
	var known interface{ storeError() }
	if err == nil || errors.Is(err, ErrNotFound) || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		err = fmt.Errorf("%w: %w", ErrFull, err)
	}
	return &UnavailableError{err}
}

func (*ConflictError[T]) storeError() {}
func (*InvalidError) storeError()     {}
func (*UnavailableError) storeError() {}
