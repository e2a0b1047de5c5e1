package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dailyroster/roster"
	"dailyroster/store"
)

// refusal is an error as it is answered: what went wrong in words for the caller,
// and nothing of the inside.
type refusal struct {
	status int
	kind   string // the stable name of the problem, see problemType
	title  string
	detail string
	fields roster.FieldErrors
}

func (e *refusal) Error() string { return fmt.Sprintf("%d %s: %s", e.status, e.kind, e.detail) }

var (
	errCrossOrigin = &refusal{http.StatusForbidden, "cross-origin", "Refused", "This request came from another site.", nil}
	errStale       = &refusal{http.StatusPreconditionFailed, "stale-revision", "Someone else's edit came first",
		"What you based this on has changed since. Read it again and repeat your edit.", nil}
	errExists = &refusal{http.StatusPreconditionFailed, "exists", "There is something already",
		"If-None-Match: * creates only, and this day is not empty.", nil}
)

// What is said to callers whom a route is not for.
var (
	errNotSignedIn = &refusal{http.StatusUnauthorized, "not-signed-in", "Not signed in",
		"Nobody is signed in, or the sign-in is over. Load the page again to sign in; programs send a token.", nil}
	errNotNamed = &refusal{http.StatusUnauthorized, "not-signed-in", "Not signed in",
		"The proxy in front of this site has not said who you are. Programs send a token.", nil}
	errBadToken = &refusal{http.StatusUnauthorized, "bad-token", "The token is not good",
		"There is no such token. It begins with roster_ and is sent as: Authorization: Bearer roster_…", nil}
	errEndedToken = &refusal{http.StatusUnauthorized, "ended-token", "The token is not good any more",
		"This token has expired or was revoked.", nil}
	errNoToken = &refusal{http.StatusForbidden, "not-by-token", "Not for tokens",
		"This can only be done by a person who is signed in, not with a token.", nil}
)

func mayNot(detail string) *refusal {
	return &refusal{http.StatusForbidden, "forbidden", "Not allowed", detail, nil}
}

func notFound(what string) *refusal {
	return &refusal{http.StatusNotFound, "not-found", "Not found", fmt.Sprintf("There is no such %s.", what), nil}
}

func badRequest(format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, "bad-request", "Not understood", roster.Sentence(fmt.Sprintf(format, args...)), nil}
}

func methodNotAllowed(method, allow string) *refusal {
	return &refusal{http.StatusMethodNotAllowed, "method-not-allowed", "Method not allowed",
		fmt.Sprintf("%s cannot be done here; %s can.", method, allow), nil}
}

// refusedFields names each field as it was written: not as the beginning of a sentence.
func refusedFields(fields roster.FieldErrors) *refusal {
	return &refusal{http.StatusUnprocessableEntity, "invalid", "Some values were refused", strings.TrimSuffix(fields.Error(), ".") + ".", fields}
}

// refusalOf makes any error an answer. What is not foreseen is a 500 and ours.
func refusalOf(err error) *refusal {
	var (
		known       *refusal
		fields      roster.FieldErrors
		tooLarge    *http.MaxBytesError
		unavailable *store.UnavailableError
		invalid     *store.InvalidError
		tooMany     *tooManyError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooMany):
		return &refusal{http.StatusTooManyRequests, "too-many", "Too many requests", tooMany.detail, nil}
	case errors.As(err, &fields):
		return refusedFields(fields)
	case errors.As(err, &tooLarge):
		return &refusal{http.StatusRequestEntityTooLarge, "too-large", "Too large",
			fmt.Sprintf("A request's body may have at most %d KiB.", tooLarge.Limit>>10), nil}
	case errors.Is(err, store.ErrNotFound):
		return notFound("thing")
	case errors.As(err, &unavailable):
		return &refusal{http.StatusServiceUnavailable, "unavailable", "The store does not answer",
			"The roster's store cannot answer for now. Nothing is lost; please try again in a moment.", nil}
	case errors.As(err, &invalid):
		return badRequest("%s", invalid.Reason)
	case isConflict(err):
		return errStale
	default:
		return &refusal{http.StatusInternalServerError, "internal", "Something went wrong here", "It was logged.", nil}
	}
}

func isConflict(err error) bool {
	var (
		days   *store.ConflictError[[]roster.Day]
		team   *store.ConflictError[roster.Team]
		person *store.ConflictError[roster.Person]
		token  *store.ConflictError[roster.Token]
	)
	return errors.As(err, &days) || errors.As(err, &team) || errors.As(err, &person) || errors.As(err, &token)
}

// unavailable reports whether the store could not answer for now.
func unavailable(err error) bool {
	_, is := errors.AsType[*store.UnavailableError](err)
	return is
}

// refuse prepares the answer to an error and logs what the caller is not told.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) *refusal {
	answer := refusalOf(err)
	if answer.status >= 500 {
		s.Log.Error("request failed", "method", r.Method, "path", logPath(r), "status", answer.status, "error", err, "id", requestID(r.Context()))
	}
	if answer.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Daily Roster"`) // RFC 6750, section 3
	}
	if answer.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if tooMany, is := errors.AsType[*tooManyError](err); is {
		w.Header().Set("Retry-After", tooMany.retryAfter())
	}
	return answer
}
