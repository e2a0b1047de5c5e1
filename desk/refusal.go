package desk

import (
	"fmt"

	"dailyroster/roster"
)

// Kind is the kind of a refusal; errors.Is recognizes a refusal by it. Kinds are stable:
// programs recognize problems by them.
type Kind string

// The kinds of a desk's refusals. Its callers may have more.
const (
	KindNotFound       Kind = "not-found"
	KindForbidden      Kind = "forbidden"
	KindStale          Kind = "stale-revision" // somebody else's edit came first
	KindKeyReused      Kind = "idempotency-key-reused"
	KindPast           Kind = "past"
	KindUndoBlocked    Kind = "undo-blocked"
	KindExchangeClosed Kind = "exchange-closed"
	KindExchangeLapsed Kind = "exchange-lapsed"
	KindBadToken       Kind = "bad-token"
	KindEndedToken     Kind = "ended-token"
)

// Error implements error, so that errors.Is takes a kind.
func (k Kind) Error() string { return string(k) }

// Refusal is an error for whoever asked: it says in words what went wrong, and nothing about
// the inside. What it means for HTTP is up to the handlers.
type Refusal struct {
	Kind   Kind
	Title  string // the kind in a few words
	Detail string // what went wrong, in a sentence or two
	Fields roster.FieldErrors
}

// Error implements error. It is for logs.
func (e *Refusal) Error() string { return fmt.Sprintf("%s: %s", e.Kind, e.Detail) }

// Is reports whether the refusal is of the kind.
func (e *Refusal) Is(kind error) bool { return kind == error(e.Kind) }

// Refuse returns a refusal that is about no field.
func Refuse(kind Kind, title, detail string) *Refusal {
	return &Refusal{Kind: kind, Title: title, Detail: detail}
}

// NotFound refuses a request for something that does not exist.
func NotFound(what string) *Refusal {
	return Refuse(KindNotFound, "Not found", fmt.Sprintf("There is no such %s.", what))
}

// Forbidden refuses what the caller may not do. detail says who may.
func Forbidden(detail string) *Refusal {
	return Refuse(KindForbidden, "Not allowed", detail)
}

// Stale refuses an edit that is based on something out of date.
func Stale() *Refusal {
	return Refuse(KindStale, "Someone else's edit came first",
		"What you based this on has changed since. Read it again and repeat your edit.")
}

func keyReused(title, detail string) *Refusal {
	return Refuse(KindKeyReused, title, "This Idempotency-Key came with another body before. "+detail)
}

func lapsed(reason string) *Refusal {
	return Refuse(KindExchangeLapsed, "This is no longer possible", reason)
}

func badToken() *Refusal {
	return Refuse(KindBadToken, "The token is not valid",
		"There is no such token. A token begins with roster_ and is sent as: Authorization: Bearer roster_…")
}

func endedToken() *Refusal {
	return Refuse(KindEndedToken, "The token is no longer valid", "This token has expired or was revoked.")
}
