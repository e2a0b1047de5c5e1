package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dailyroster/roster"
	"dailyroster/store"
)

// The kinds of what is refused before anything is decided.
const (
	KindBadRequest        Kind = "bad-request"
	KindNotSignedIn       Kind = "not-signed-in"
	KindNotByToken        Kind = "not-by-token"
	KindCrossOrigin       Kind = "cross-origin"
	KindMethodNotAllowed  Kind = "method-not-allowed"
	KindExists            Kind = "exists"
	KindTooLarge          Kind = "too-large"
	KindInvalid           Kind = "invalid"
	KindTooMany           Kind = "too-many"
	KindTooManyStreams    Kind = "too-many-streams"
	KindUnavailable       Kind = "unavailable"
	KindInternal          Kind = "internal"
	KindSignInRefused     Kind = "sign-in-refused"
	KindSignInUnavailable Kind = "sign-in-unavailable"
	KindSignInInterrupted Kind = "sign-in-interrupted"
)

// StatusOf is the status with which programs are told of a kind (RFC 9110, section 15). One
// that is not known is 500.
func StatusOf(kind Kind) int {
	switch kind {
	case KindBadRequest, KindSignInInterrupted:
		return http.StatusBadRequest
	case KindNotSignedIn, KindBadToken, KindEndedToken:
		return http.StatusUnauthorized
	case KindForbidden, KindNotByToken, KindCrossOrigin, KindSignInRefused:
		return http.StatusForbidden
	case KindNotFound:
		return http.StatusNotFound
	case KindMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case KindPast, KindUndoBlocked, KindExchangeClosed, KindExchangeLapsed:
		return http.StatusConflict
	case KindStale, KindExists:
		return http.StatusPreconditionFailed
	case KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case KindInvalid, KindKeyReused:
		return http.StatusUnprocessableEntity
	case KindTooMany:
		return http.StatusTooManyRequests
	case KindUnavailable, KindTooManyStreams, KindSignInUnavailable:
		return http.StatusServiceUnavailable
	case KindInternal:
	}
	return http.StatusInternalServerError
}

// What is said to callers whom a route is not for.
func notSignedIn() *Refusal {
	return &Refusal{
		KindNotSignedIn, "Not signed in",
		"Nobody is signed in, or the sign-in is over. Load the page again to sign in; programs send a token.", nil,
	}
}

func notNamed() *Refusal {
	return &Refusal{KindNotSignedIn, "Not signed in", "The proxy in front of this site has not said who you are. Programs send a token.", nil}
}

func notByToken() *Refusal {
	return &Refusal{KindNotByToken, "Not for tokens", "This can only be done by a person who is signed in, not with a token.", nil}
}

// CrossOrigin refuses an edit that a browser sends for another site.
func CrossOrigin() *Refusal {
	return &Refusal{KindCrossOrigin, "Refused", "This request came from another site.", nil}
}

// Exists refuses to make what is there, where only something new was to be made.
func Exists() *Refusal {
	return &Refusal{KindExists, "There is something already", "If-None-Match: * creates only, and this day is not empty.", nil}
}

// BadRequest refuses what is not what it claims to be.
func BadRequest(format string, args ...any) *Refusal {
	return &Refusal{KindBadRequest, "Not understood", roster.Sentence(fmt.Sprintf(format, args...)), nil}
}

// MethodNotAllowed refuses a method that an address does not know; allow are those it knows.
func MethodNotAllowed(method, allow string) *Refusal {
	return &Refusal{KindMethodNotAllowed, "Method not allowed", fmt.Sprintf("%s cannot be done here; %s can.", method, allow), nil}
}

// refusedFields names each field as it was written: not as the beginning of a sentence.
func refusedFields(fields roster.FieldErrors) *Refusal {
	return &Refusal{KindInvalid, "Some values were refused", strings.TrimSuffix(fields.Error(), ".") + ".", fields}
}

// RefusalOf makes any error one that can be told. What is not foreseen is ours.
func RefusalOf(err error) *Refusal {
	var (
		known    *Refusal
		fields   roster.FieldErrors
		tooLarge *http.MaxBytesError
		invalid  *store.InvalidError
		tooMany  *tooManyError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooMany):
		return &Refusal{KindTooMany, "Too many requests", tooMany.detail, nil}
	case errors.As(err, &fields):
		return refusedFields(fields)
	case errors.As(err, &tooLarge):
		return &Refusal{KindTooLarge, "Too large", fmt.Sprintf("A request's body may have at most %d KiB.", tooLarge.Limit>>10), nil}
	case errors.Is(err, store.ErrNotFound):
		return NotFound("thing")
	case errors.Is(err, store.ErrUnavailable):
		return &Refusal{
			KindUnavailable, "The store does not answer",
			"The roster's store cannot answer for now. Nothing is lost; please try again in a moment.", nil,
		}
	case errors.As(err, &invalid):
		return BadRequest("%s", invalid.Reason)
	case errors.Is(err, store.ErrConflict):
		return Stale()
	default:
		return &Refusal{KindInternal, "Something went wrong here", "It was logged.", nil}
	}
}

// Answer is a refusal with the status that it is answered with.
type Answer struct {
	Refusal
	Status int
}

// Refuse prepares the answer to an error and logs what the caller is not told.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) Answer {
	refused := RefusalOf(err)
	answer := Answer{*refused, StatusOf(refused.Kind)}
	if answer.Status >= 500 {
		s.Log.Error("request failed", "method", r.Method, "path", logPath(r), "status", answer.Status, "error", err, "id", requestID(r.Context()))
	}
	if answer.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Daily Roster"`) // RFC 6750, section 3
	}
	if answer.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if tooMany, is := errors.AsType[*tooManyError](err); is {
		w.Header().Set("Retry-After", tooMany.retryAfter())
	}
	return answer
}
