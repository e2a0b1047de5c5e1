package roster

import (
	"strings"

	"dailyroster/words/said"
)

// FieldError says what is wrong with one field of an input.
type FieldError struct {
	Field string // as the input spells it, for instance "name" or "assignments.primary"
	Err   error  // a sentence part for the person who typed it, a text of package said where pages show it
}

// FieldErrors are all that is wrong with one input, in the order of its fields.
type FieldErrors []FieldError

// Add notes that field was refused because of err.
func (e *FieldErrors) Add(field string, err error) {
	*e = append(*e, FieldError{field, err})
}

// Err is e as an error, nil when nothing was added.
func (e FieldErrors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Error lists every field with its message.
func (e FieldErrors) Error() string { return strings.TrimSuffix(e.Text().Error(), ".") }

// Text lists every field, as it is spelt, with its message. It ends as a sentence does.
func (e FieldErrors) Text() *said.Text {
	var all error
	for _, f := range e {
		one := said.New("%s: %w", f.Field, f.Err)
		if all == nil {
			all = one
		} else {
			all = said.New("%w; %w", all, one)
		}
	}
	return &said.Text{English: "%w", Values: []any{all}, Stop: true}
}

// For is what is wrong with a field, nil where it is fine.
func (e FieldErrors) For(field string) error {
	for _, f := range e {
		if f.Field == field {
			return f.Err
		}
	}
	return nil
}
