// Package desk is what can be done with a roster, whoever asks: assign, set a day, fill,
// swap, undo, leave, import, keep filled, issue tokens and feeds, and read. The desk decides.
// Package roster says what a roster is and what follows from what; the store keeps it. The
// desk knows nothing of HTTP or pages: a handler reads a request into a wish, asks the desk,
// and shows what it returns.
//
// # Errors
//
// A refused field is a roster.FieldErrors. A request that is refused as a whole is a *Refusal
// with a Kind. Any other error comes from package store. Nothing stays half written: an act
// of several writes that was cut off continues when it is asked for again with the same id.
//
// # Exchanges
//
// A swap across two months takes two writes, and a process can die between them. The swap
// still becomes whole, in four steps. Any process can repeat each step any number of times:
//
//  1. The team gets a record of the exchange, with the holder of each seat (roster.Offer).
//     Once the record is there, the exchange will happen; before, nothing has.
//  2. Each month is saved. The ids of the edits derive from the exchange and the month, so
//     the store makes each edit once. A seat that already has its new holder needs no edit.
//  3. If a seat has changed hands, the record says that the exchange is failing, and this
//     is final. Its edits are then undone (planning.Undo, which leaves alone what others
//     have changed since).
//  4. The record says that the exchange is done, or that it has lapsed and why.
//
// Whoever finds a record between steps 1 and 4 continues with it: the same request when it
// is sent again, every request that reads the team, before it shows or edits anything, and
// every process when it starts. The steps compare and set the team's Revision. Edits of the
// team's settings are compared with its Base, so that exchanges do not disturb them.
package desk

import (
	"context"
	"io"
	"log/slog"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Config is what a Desk works with. Every field must be set, except where it says what nil
// means.
type Config struct {
	Store store.Store
	// Cluster says how the machines behind the store are; nil for a store on one machine.
	Cluster store.Clustered
	Log     *slog.Logger
	// Now tells the time; Random gives random bytes, for the ids of changes. Both
	// are used by many goroutines at once.
	Now    func() time.Time
	Random io.Reader
	// Zone is the time zone of people whose own is not known.
	Zone   roster.Zone
	Limits Limits
}

// Limits hold for what there is; 0 is no limit.
type Limits struct {
	Teams, People int // that there may be, removed ones too
	// OwnerSeen is how long a personal token is valid without its owner having been seen.
	OwnerSeen time.Duration
}

// Desk does what can be done with a roster. It is safe for use by many goroutines.
type Desk struct {
	Config
	notes   *notes
	tallies tallies
}

// New makes a Desk, whose work in the background ends with the context.
func New(ctx context.Context, cfg Config) *Desk {
	return &Desk{Config: cfg, notes: newNotes(ctx, func(what string, err error) {
		cfg.Log.Warn("a note was not written", "of", what, "error", err)
	})}
}
