package web

import (
	"errors"
	"io"
	"net/http"

	"dailyroster/roster"
)

// MaxUpload is the most bytes of a request that brings a calendar. Proxies before the
// program must let as much through.
const MaxUpload = 1 << 20

// WholeBody reads a calendar from a request's body.
func WholeBody(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); err == nil || tooLarge {
		return data, err
	}
	return nil, BadRequest("the body cannot be read")
}

// AtFile moves every message to the field of the file, where all the values come from.
func AtFile(err error) error {
	refused, ok := errors.AsType[roster.FieldErrors](err)
	if !ok {
		return err
	}
	moved := make(roster.FieldErrors, len(refused))
	for i, e := range refused {
		moved[i] = roster.FieldError{Field: "file", Err: e.Err}
	}
	return moved
}
