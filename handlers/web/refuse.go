package web

import (
	"context"
	"errors"
	"net/http"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/words/said"
)

// The kinds of refusals that do not come from the desk.
const (
	KindBadRequest        desk.Kind = "bad-request"
	KindNotSignedIn       desk.Kind = "not-signed-in"
	KindNotByToken        desk.Kind = "not-by-token"
	KindCrossOrigin       desk.Kind = "cross-origin"
	KindMisdirected       desk.Kind = "misdirected"
	KindMethodNotAllowed  desk.Kind = "method-not-allowed"
	KindExists            desk.Kind = "exists"
	KindTooLarge          desk.Kind = "too-large"
	KindInvalid           desk.Kind = "invalid"
	KindTooMany           desk.Kind = "too-many"
	KindTooManyStreams    desk.Kind = "too-many-streams"
	KindUnavailable       desk.Kind = "unavailable"
	KindTooSlow           desk.Kind = "too-slow"
	KindInternal          desk.Kind = "internal"
	KindSignInRefused     desk.Kind = "sign-in-refused"
	KindSignInUnavailable desk.Kind = "sign-in-unavailable"
	KindSignInInterrupted desk.Kind = "sign-in-interrupted"
)

// StatusOf is the status of a kind in answers to programs (RFC 9110, section 15); 500 for an
// unknown kind.
func StatusOf(kind desk.Kind) int {
	switch kind {
	case KindBadRequest, KindSignInInterrupted:
		return http.StatusBadRequest
	case KindNotSignedIn, desk.KindBadToken, desk.KindEndedToken:
		return http.StatusUnauthorized
	case desk.KindForbidden, KindNotByToken, KindCrossOrigin, KindSignInRefused:
		return http.StatusForbidden
	case desk.KindNotFound:
		return http.StatusNotFound
	case KindMisdirected:
		return http.StatusMisdirectedRequest
	case KindMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case desk.KindPast, desk.KindUndoBlocked, desk.KindExchangeClosed, desk.KindExchangeLapsed:
		return http.StatusConflict
	case desk.KindStale, KindExists:
		return http.StatusPreconditionFailed
	case KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case KindInvalid, desk.KindKeyReused:
		return http.StatusUnprocessableEntity
	case KindTooMany:
		return http.StatusTooManyRequests
	case KindUnavailable, KindTooManyStreams, KindSignInUnavailable:
		return http.StatusServiceUnavailable
	case KindTooSlow:
		// Not 503, upon which a proxy may ask another instance: that would be as slow.
		return http.StatusGatewayTimeout
	case KindInternal:
	}
	return http.StatusInternalServerError
}

// StatusHungUp stands in logs and metrics for requests whose client did not wait for the
// answer, as in those of nginx. Nobody gets it, and nothing is wrong here.
const StatusHungUp = 499

// notSignedIn refuses a caller who has to sign in.
func notSignedIn() *desk.Refusal {
	return desk.Refuse(KindNotSignedIn, "Not signed in",
		"You are not signed in, or your sign-in has expired. Reload the page to sign in. Programs send a token.")
}

// notNamed refuses a caller whom the proxy has to name.
func notNamed() *desk.Refusal {
	return desk.Refuse(KindNotSignedIn, "Not signed in", "The proxy in front of this site did not say who you are. Programs send a token.")
}

// NotByToken refuses a token where only a person may act.
func NotByToken() *desk.Refusal {
	return desk.Refuse(KindNotByToken, "Not for tokens", "Only a person who is signed in can do this, not a token.")
}

// CrossOrigin refuses an edit that a browser sends on behalf of another site.
func CrossOrigin() *desk.Refusal {
	return desk.Refuse(KindCrossOrigin, "Refused", "This request came from another site.")
}

// Misdirected refuses a request for a name that this site does not have.
func Misdirected(host string) *desk.Refusal {
	return desk.Refuse(KindMisdirected, "Another name",
		"This site does not have the name %.100q. Use the address that you were given. If this name is right, the operator adds it to --hosts.", host)
}

// Exists refuses to create something that already exists.
func Exists() *desk.Refusal {
	return desk.Refuse(KindExists, "It already exists", "If-None-Match: * only creates, and this already exists.")
}

// BadRequest refuses a request that makes no sense.
func BadRequest(format string, args ...any) *desk.Refusal {
	return desk.RefuseFor(KindBadRequest, "Not understood", said.New(format, args...))
}

// MethodNotAllowed refuses a method that an address does not support; allow lists those it
// does.
func MethodNotAllowed(method, allow string) *desk.Refusal {
	return desk.Refuse(KindMethodNotAllowed, "Method not allowed", "This address does not support %s, only %s.", method, allow)
}

// refusedFields names each field as it is spelt, without the capital of a sentence.
func refusedFields(fields roster.FieldErrors) *desk.Refusal {
	return &desk.Refusal{Kind: KindInvalid, Title: said.Plain("Some values were refused"), Detail: fields.Text(), Fields: fields}
}

// RefusalOf turns any error into a refusal for the caller. An unforeseen error is our fault.
func RefusalOf(err error) *desk.Refusal {
	var (
		known    *desk.Refusal
		fields   roster.FieldErrors
		tooLarge *http.MaxBytesError
		invalid  *store.InvalidError
		tooMany  *tooManyError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooMany):
		return desk.RefuseFor(KindTooMany, "Too many requests", tooMany.detail)
	case errors.As(err, &fields):
		return refusedFields(fields)
	case errors.As(err, &tooLarge):
		return desk.Refuse(KindTooLarge, "Too large", "A request's body may have at most %d KiB.", tooLarge.Limit>>10)
	case errors.Is(err, store.ErrNotFound):
		return desk.NotFound("There is no such thing.")
	case errors.Is(err, store.ErrLate):
		return desk.Refuse(KindTooSlow, "This took too long",
			"What you asked for took longer than a request may. Please ask for less at once, or try again in a moment.")
	case errors.Is(err, store.ErrFull):
		return desk.Refuse(KindUnavailable, "The store is full",
			"The roster's store has no space left, so nothing can be changed for now. Who is on call can still be seen. Please tell whoever runs this site.")
	case errors.Is(err, store.ErrUnavailable):
		return desk.Refuse(KindUnavailable, "The store does not answer",
			"The roster's store does not answer. Nothing is lost; try again in a moment.")
	case errors.Is(err, store.ErrTooBig):
		errors.As(err, &invalid)
		return desk.RefuseFor(KindInvalid, "Too much for one record", errors.New(invalid.Reason))
	case errors.As(err, &invalid):
		return BadRequest("%s", invalid.Reason)
	case errors.Is(err, store.ErrConflict):
		return desk.Stale()
	default:
		return desk.Refuse(KindInternal, "Something went wrong here", "It was logged.")
	}
}

// Answer is a refusal with the status of its answer.
type Answer struct {
	desk.Refusal
	Status int
}

// Refuse prepares the answer to an error and logs what the caller does not get to know.
func (s *Gate) Refuse(w http.ResponseWriter, r *http.Request, err error) Answer {
	refused := RefusalOf(err)
	answer := Answer{*refused, StatusOf(refused.Kind)}
	if answer.Status >= 500 && errors.Is(r.Context().Err(), context.Canceled) {
		answer.Status = StatusHungUp
		s.Log.Debug("the client hung up", "method", r.Method, "path", LogPath(r), "error", err, "id", RequestID(r.Context()))
	}
	if answer.Status >= 500 {
		s.Log.Error("request failed", "method", r.Method, "path", LogPath(r), "status", answer.Status, "error", err, "id", RequestID(r.Context()))
	}
	if answer.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Daily Roster"`) // RFC 6750, section 3
	}
	if answer.Status == http.StatusServiceUnavailable || answer.Status == http.StatusGatewayTimeout {
		w.Header().Set("Retry-After", "2")
	}
	if tooMany, is := errors.AsType[*tooManyError](err); is {
		w.Header().Set("Retry-After", tooMany.retryAfter())
	}
	return answer
}
