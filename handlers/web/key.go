package web

import (
	"context"
	"dailyroster/desk"
	"net/http"
)

// MaxKey is the most bytes that an Idempotency-Key may have.
const MaxKey = 200

const keyHeader = "Idempotency-Key"

// withSentKey keeps a request's Idempotency-Key in its context, as its caller's. Proxies that send a request
// again, as those in infra/ do, add a key where the client gave none.
func withSentKey(r *http.Request) context.Context {
	key := r.Header.Get(keyHeader)
	if key == "" || len(key) > MaxKey {
		return r.Context()
	}
	return desk.WithKey(r.Context(), desk.Key{Text: key, To: r.Method + " " + r.URL.Path, Caller: CallerOf(r.Context()).id()})
}

// checkKey refuses a key that is too long to be kept.
func checkKey(r *http.Request) error {
	if len(r.Header.Get(keyHeader)) > MaxKey && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return BadRequest("the Idempotency-Key has more than %d characters", MaxKey)
	}
	return nil
}
