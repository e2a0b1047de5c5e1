package handlers

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
)

// requestIDName is the header with the id of a request, in it and in its answer.
const requestIDName = "X-Request-Id"

// sane is what the id of a request may be that comes with it: what proxies make, and
// nothing that could be mistaken for something else in a log.
var sane = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}$`)

type requestIDKey struct{}

// identified gives every request an id, by which people can ask about it and which is
// in the log of every machine that it went through: that of its X-Request-Id if it is a
// sane one, as the proxies in infra/ send, and else a new one.
func (s *Server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDName)
		if !sane.MatchString(id) {
			var random [16]byte
			if _, err := io.ReadFull(s.Random, random[:]); err != nil {
				s.Log.Error("no random bytes for the id of a request", "error", err)
			}
			id = hex.EncodeToString(random[:])
		}
		w.Header().Set(requestIDName, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// requestID is the id that identified gave the request.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
