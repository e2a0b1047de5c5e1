package web

import (
	"context"
	"regexp"
)

// RequestIDName is the header with the id of a request, in it and in its answer.
const RequestIDName = "X-Request-Id"

// Sane is what the id of a request may be that comes with it: what proxies make, and
// nothing that could be mistaken for something else in a log.
var Sane = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}$`)

type requestIDKey struct{}

// WithRequestID gives a context that knows the id of its request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the id that identified gave the request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
