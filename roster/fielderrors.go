package roster

import "strings"

// FieldError says what is wrong with one field of an input.
type FieldError struct {
	Field   string // as the input spells it, for instance "name" or "assignments.primary"
	Message string // a sentence part for the person who typed it
}

// FieldErrors are all that is wrong with one input, in the order of its fields.
type FieldErrors []FieldError

// Add notes that field was refused because of err.
func (e *FieldErrors) Add(field string, err error) {
	*e = append(*e, FieldError{field, err.Error()})
}

// Err is e as an error, nil when nothing was added.
func (e FieldErrors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Error lists every field with its message.
func (e FieldErrors) Error() string {
	parts := make([]string, len(e))
	for i, f := range e {
		parts[i] = f.Field + ": " + f.Message
	}
	return strings.Join(parts, "; ")
}

// For is the message at a field, "" where the field is fine.
func (e FieldErrors) For(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}
