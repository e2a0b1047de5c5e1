package roster

import (
	"errors"
	"fmt"
	"strings"
)

// ReasonField is the field, in forms and in the API, that says why something is changed.
const ReasonField = "why"

// ParseReason tidies a reason; the rules are those of ParseNote. It may be "".
func ParseReason(s string) (string, error) {
	reason, err := ParseNote(s)
	if err != nil {
		err = errors.New(strings.Replace(err.Error(), "the note", "the reason", 1))
	}
	return reason, err
}

// CheckPast refuses, as FieldErrors at ReasonField, an edit of a day before today that
// does not say why. today is the date where the team works.
func (e Edit) CheckPast(today Date) error {
	if e.Reason != "" {
		return nil
	}
	for _, d := range e.Days {
		if d.Day.Date.Before(today) {
			return NeedsReason(d.Day.Date)
		}
	}
	return nil
}

// NeedsReason refuses, as FieldErrors at ReasonField, to change the past day d without a
// stated reason.
func NeedsReason(d Date) FieldErrors {
	return FieldErrors{{ReasonField, fmt.Sprintf("%s is past; say why you change it", d)}}
}
