package web

import (
	"context"
	"net/http"

	"dailyroster/desk"
)

// MaxKey is the most bytes of an Idempotency-Key.
const MaxKey = 200

const keyHeader = "Idempotency-Key"

// withSentKey returns the request's context with its Idempotency-Key, which belongs to the
// caller. Proxies that send a request again, as those in infra/ do, add a key if the client gave
// none.
func withSentKey(r *http.Request) context.Context {
	key := r.Header.Get(keyHeader)
	if key == "" || len(key) > MaxKey {
		return r.Context()
	}
	return desk.WithKey(r.Context(), desk.Key{Text: key, To: r.Method + " " + r.URL.Path, Caller: CallerOf(r.Context()).id()})
}

// checkKey refuses a key that is too long to keep.
func checkKey(r *http.Request) error {
	if len(r.Header.Get(keyHeader)) > MaxKey && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return BadRequest("the Idempotency-Key has more than %d characters", MaxKey)
	}
	return nil
}
