package store

import (
	"fmt"

	"dailyroster/roster"
)

// About is what a store is, whatever is in it.
type About struct {
	// ID names this store and no other, for as long as it exists.
	ID roster.Revision `json:"id"`
	// Format is the number of how everything in it is written, which its backend counts.
	Format int `json:"format"`
}

// NewerFormatError refuses a store that a later version of the program has written to in a way
// that this one does not know.
type NewerFormatError struct {
	Found, Known int
}

// Error says it to whoever started the program.
func (e *NewerFormatError) Error() string {
	return fmt.Sprintf("the store has the format %d, and this version of the program knows formats up to %d: start the newer version again, or restore an export into an empty store", e.Found, e.Known)
}

// CheckFormat refuses, as a *NewerFormatError, a format that is later than the last that the
// backend knows.
func CheckFormat(found, known int) error {
	if found > known {
		return &NewerFormatError{found, known}
	}
	return nil
}
