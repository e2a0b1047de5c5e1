package desk

import (
	"dailyroster/roster"
	"fmt"
	"time"
)

// Kind is the kind of a refusal, by which errors.Is tells it. It is stable: programs know
// problems by it.
type Kind string

// The kinds of what a desk refuses. Those who ask it may have more.
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

// Error implements error, so that a kind can be asked for by errors.Is.
func (k Kind) Error() string { return string(k) }

// Refusal is an error as it is told: what went wrong in words for whoever asked, and
// nothing of the inside. What it means for HTTP is for those to say who speak it.
type Refusal struct {
	Kind   Kind
	Title  string // the kind in a few words
	Detail string // what went wrong, in a sentence or two
	Fields roster.FieldErrors
}

func (e *Refusal) Error() string { return fmt.Sprintf("%s: %s", e.Kind, e.Detail) }

// Is reports whether the refusal is of the kind.
func (e *Refusal) Is(kind error) bool { return kind == error(e.Kind) }

// Refuse makes a refusal, which is of no field.
func Refuse(kind Kind, title, detail string) *Refusal {
	return &Refusal{Kind: kind, Title: title, Detail: detail}
}

// NotFound refuses to tell of something that is not there.
func NotFound(what string) *Refusal {
	return Refuse(KindNotFound, "Not found", fmt.Sprintf("There is no such %s.", what))
}

// Forbidden refuses what the caller may not do; detail says who may.
func Forbidden(detail string) *Refusal {
	return Refuse(KindForbidden, "Not allowed", detail)
}

// Stale refuses an edit that is based on something older than what there is.
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
	return Refuse(KindBadToken, "The token is not good",
		"There is no such token. It begins with roster_ and is sent as: Authorization: Bearer roster_…")
}

func unseenOwner(seen time.Time) *Refusal {
	return Refuse(KindEndedToken, "The owner of the token was not here for long",
		fmt.Sprintf("The owner of this token has not signed in since %s, so what they may do now is not known. It works again when they have.", seen.Format("2 January 2006")))
}

func endedToken() *Refusal {
	return Refuse(KindEndedToken, "The token is not good any more", "This token has expired or was revoked.")
}
