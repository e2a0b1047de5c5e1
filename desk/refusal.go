package desk

import (
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
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
	Title  *said.Text // the kind in a few words
	Detail *said.Text // what went wrong, in a sentence or two
	Fields roster.FieldErrors
}

// Error implements error. It is for logs.
func (e *Refusal) Error() string { return string(e.Kind) + ": " + e.Detail.Error() }

// Is reports whether the refusal is of the kind.
func (e *Refusal) Is(kind error) bool { return kind == error(e.Kind) }

// Refuse returns a refusal that is about no field. The detail is a format for the values, as
// package said has them.
func Refuse(kind Kind, title, detail string, values ...any) *Refusal {
	return &Refusal{Kind: kind, Title: said.Plain(title), Detail: said.Plain(detail, values...)}
}

// RefuseFor returns a refusal whose detail is an error for people, as a sentence.
func RefuseFor(kind Kind, title string, reason error) *Refusal {
	return &Refusal{Kind: kind, Title: said.Plain(title), Detail: said.Sentence(reason)}
}

// NotFound refuses a request for something that does not exist: there says so in a sentence.
func NotFound(there string, values ...any) *Refusal {
	return Refuse(KindNotFound, "Not found", there, values...)
}

// Forbidden refuses what the caller may not do. The detail says who may.
func Forbidden(detail string, values ...any) *Refusal {
	return Refuse(KindForbidden, "Not allowed", detail, values...)
}

// Stale refuses an edit that is based on something out of date.
func Stale() *Refusal {
	return Refuse(KindStale, "Someone else's edit came first",
		"What you based this on has changed since. Read it again and repeat your edit.")
}

func lapsed(reason error) *Refusal {
	return RefuseFor(KindExchangeLapsed, "This is no longer possible", reason)
}

func badToken() *Refusal {
	return Refuse(KindBadToken, "The token is not valid",
		"There is no such token. A token begins with roster_ and is sent as: Authorization: Bearer roster_…")
}

func unseenOwner(seen time.Time) *Refusal {
	return Refuse(KindEndedToken, "The owner of the token was not here for long",
		"The owner of this token has not signed in since %s, so what they may do now is not known. It works again when they have.", seen.Format("2 January 2006"))
}

func endedToken() *Refusal {
	return Refuse(KindEndedToken, "The token is no longer valid", "This token has expired or was revoked.")
}
