package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"

	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// parseJSON reads the body into v. A body that is not JSON is a 400, one with an
// unknown field or a value of the wrong kind a 422 at that field.
func parseJSON(r *http.Request, v any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return err
		}
		return web.BadRequest("the body cannot be read")
	}
	if !utf8.Valid(body) || !json.Valid(body) {
		return web.BadRequest("the body is not JSON")
	}
	if string(bytes.TrimSpace(body)) == "null" { // which Go would take for {}
		return roster.FieldErrors{{Err: errors.New("a JSON null does not fit here")}}
	}
	return decode(body, v)
}

// decode reads JSON into v. What does not fit is a roster.FieldErrors.
func decode(body []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	if err == nil {
		return nil
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return roster.FieldErrors{{Field: kind.Field, Err: fmt.Errorf("a JSON %s does not fit here", kind.Value)}}
	}
	if fields, ok := errors.AsType[roster.FieldErrors](err); ok {
		return fields
	}
	const unknown = "json: unknown field "
	if text := err.Error(); len(text) > len(unknown) && text[:len(unknown)] == unknown {
		name, err := strconv.Unquote(text[len(unknown):])
		if err != nil {
			name = text[len(unknown):]
		}
		return roster.FieldErrors{{Field: name, Err: errors.New("there is no such field")}}
	}
	return roster.FieldErrors{{Err: err}}
}
