package web

import (
	"context"
	"regexp"
)

// RequestIDName is the header with the id of a request, on the request and on its answer.
const RequestIDName = "X-Request-Id"

// Sane matches an id that a request may bring along: what proxies make, and nothing that
// could look like something else in a log.
var Sane = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}$`)

type requestIDKey struct{}

// WithRequestID returns a context with the id of its request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the id of the request of the context, "" before it has one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
