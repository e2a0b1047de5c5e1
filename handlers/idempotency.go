package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"dailyroster/roster"
)

// maxKey is the most bytes that an Idempotency-Key may have.
const maxKey = 200

type idempotencyKey struct{}

// sentKey is an Idempotency-Key and what it was sent to.
type sentKey struct{ key, to string }

// withKey keeps a request's Idempotency-Key in its context, with what it was sent to:
// the same key elsewhere is another one. Proxies that send a request again, as those in
// infra/ do, add a key where the client gave none.
func withKey(r *http.Request) context.Context {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return r.Context()
	}
	return context.WithValue(r.Context(), idempotencyKey{}, sentKey{key, r.Method + " " + r.URL.Path})
}

// changeID is the id of a write to what is named: the same for each attempt of a
// request with an Idempotency-Key, a new one without.
func (s *Server) changeID(ctx context.Context, what string) (roster.ChangeID, error) {
	sent, ok := ctx.Value(idempotencyKey{}).(sentKey)
	switch {
	case !ok:
		return s.newChangeID()
	case len(sent.key) > maxKey:
		return "", badRequest("the Idempotency-Key has more than %d characters", maxKey)
	}
	return roster.DeriveChangeID(sent.to+" "+what, sent.key), nil
}

// newChangeID is a fresh id.
func (s *Server) newChangeID() (roster.ChangeID, error) {
	var random [10]byte
	if _, err := io.ReadFull(s.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return roster.NewChangeID(s.Now(), random)
}
