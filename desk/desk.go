// Package desk is what can be done with a roster, whoever asks: assign, set a day, fill,
// swap, undo, leave, import, keep filled, hand out tokens and feeds, and read. It decides;
// what a roster is, and what follows from what, is package roster's, and keeping it the
// store's. It knows nothing of HTTP or pages: those who serve them read a request into a
// wish, ask the desk, and draw what it gives.
//
// # Errors
//
// What is refused at a field is a roster.FieldErrors; what is refused as a whole is a
// *Refusal, told by its Kind; anything else is an error of package store. Nothing is half
// written: an act of several writes that is cut off goes on when it is asked for again with
// the same id.
//
// # Exchanges
//
// A swap across two months is two writes of the store, and a process can die between
// them. It is made whole all the same, in four steps, each of which may be repeated by
// anybody, in any process, any number of times:
//
//  1. The exchange is recorded on the team, with who had each seat (roster.Offer). With
//     the record in place it will happen; without, nothing has.
//  2. Each month is saved. The edits' ids derive from the exchange's and the month, so
//     the store makes each once; a seat that has its new holder needs none.
//  3. If a seat turns out to have changed hands, the record says that the exchange is
//     failing, for ever, and what was made of it is taken back (roster.Undo, which leaves
//     alone what others have changed since).
//  4. The record says that it is done, or has lapsed and why.
//
// Whoever finds a record between 1 and 4 goes on with it: the same request when it is
// sent again, every request that reads the team, before it shows or edits anything, and
// every process when it starts. The team's Revision is what the steps are compared and
// set by; Base is what editors of the team's settings are held to, so that exchanges do
// not disturb them.
package desk

import (
	"context"
	"io"
	"log/slog"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Config is what a Desk works with. Everything must be set that does not say what nil is.
type Config struct {
	Store store.Store
	// Cluster tells of the machines behind the store; nil for a store on one machine.
	Cluster store.Clustered
	Log     *slog.Logger
	// Now tells the time; Random gives random bytes, for the ids of changes. Both
	// are used by many goroutines at once.
	Now    func() time.Time
	Random io.Reader
	// Zone is that of people of whom it is not known.
	Zone   roster.Zone
	Limits Limits
}

// Limits hold for what there is; 0 is no limit.
type Limits struct {
	Teams, People int // that there may be, removed ones too
	// OwnerSeen is how long a personal token is good without its owner having been seen.
	OwnerSeen time.Duration
}

// Desk does what can be done with a roster. It is safe for use by many goroutines.
type Desk struct {
	Config
	notes *notes
}

// New makes a Desk, whose work in the background ends with the context.
func New(ctx context.Context, cfg Config) *Desk {
	return &Desk{Config: cfg, notes: newNotes(ctx, func(what string, err error) {
		cfg.Log.Warn("a note was not written", "of", what, "error", err)
	})}
}
