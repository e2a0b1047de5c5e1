// Package telling tells people and teams of their roster: that a shift comes or begins, that
// others changed it, that a swap waits, that a gap is near. Any number of instances do so at
// once, and each notice is sent once.
//
// # Once, whatever dies
//
// Nothing is queued. What is due follows from the roster itself, see package roster/notice, so
// each instance finds the same notices, with the same ids. Before an instance sends one, it
// claims it: it writes a record with a lease, which the store takes from one instance alone.
// After that it writes what came of it. An instance that dies in between leaves a lease that
// ends; another then sends the notice again, with the same id, by which receivers can tell.
//
// # Receivers
//
// Each receiver has a lane of its own, with few notices under way. A lane whose receiver fails
// pauses, longer each time, so that a dead one costs little and holds up no other.
package telling

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"dailyroster/notify"
	"dailyroster/notify/slack"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// Config is what a Teller works with. Every field must be set, except where it says what its
// zero value means.
type Config struct {
	Store store.Store
	Log   *slog.Logger
	// Now tells the time; Random gives random bytes. Both are used by many goroutines at once.
	Now    func() time.Time
	Random io.Reader
	// Instance names this process to people.
	Instance string
	// Site is the URL by which people reach the site, without a slash at its end; "" is not
	// known: then notices have no links.
	Site string
	Ways Ways
}

// Ways are the ways out of the house. One that is nil is not set up: nothing goes that way.
type Ways struct {
	Email   func(ctx context.Context, to string, m notify.Message) error
	Webhook func(ctx context.Context, url, secret string, m notify.Message) error
	Chat    func(ctx context.Context, url string, m notify.Message) error
	// Group puts exactly those with the emails into a user group of a chat.
	Group func(ctx context.Context, group string, emails []string) (slack.Result, error)
	// Check says, for people, why an address cannot be reached by the way; nothing is sent.
	Check func(way notice.Way, address string) error
}

// Has reports whether the way is set up.
func (w Ways) Has(way notice.Way) bool {
	switch way {
	case notice.WayEmail:
		return w.Email != nil
	case notice.WayWebhook:
		return w.Webhook != nil
	case notice.WayChat:
		return w.Chat != nil
	case notice.WayGroup:
		return w.Group != nil
	}
	return false
}

const (
	// lookEvery is the longest between two rounds: how soon an edit is noticed, and the notice
	// that another instance left behind.
	lookEvery = 5 * time.Second
	// roundTime is how long one round may take.
	roundTime = 20 * time.Second
	// attemptTime is how long one attempt to send may take, and leaseTime how long it is claimed
	// for: a little longer, so that nobody else sends it meanwhile.
	attemptTime = 8 * time.Second
	leaseTime   = 12 * time.Second
)

// Teller tells. It is safe for use by many goroutines.
type Teller struct {
	Config
	// started is when the process began: nobody waits for what was over before.
	started time.Time
	lanes   *lanes
	counts  *counts
	groups  groups

	mu    sync.Mutex
	known map[notice.ID]knowledge
}

// knowledge is what this process knows of a notice without asking the store.
type knowledge struct {
	due   time.Time
	final bool
	until time.Time // before which there is nothing to do for it
	acts  []roster.ChangeID
}

// New makes a Teller.
func New(cfg Config) *Teller {
	t := &Teller{Config: cfg, started: cfg.Now(), known: map[notice.ID]knowledge{}, counts: newCounts()}
	t.lanes = newLanes(t)
	return t
}

// Run tells, until the context ends; then it waits for what is under way.
func (t *Teller) Run(ctx context.Context) {
	defer t.lanes.wait()
	rounds := t.NewRounds()
	failing := false
	for {
		round, cancel := context.WithTimeout(ctx, roundTime)
		next, err := rounds.Round(round)
		cancel()
		if err != nil && !failing && ctx.Err() == nil {
			t.Log.Warn("notices wait for the store", "error", err)
		}
		failing = err != nil
		wait := time.NewTimer(t.pause(next))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
	}
}

// pause is how long to wait for the next round, if the next notice is due then; the zero time
// is not known.
func (t *Teller) pause(next time.Time) time.Duration {
	if next.IsZero() {
		return lookEvery
	}
	return max(10*time.Millisecond, min(lookEvery, next.Sub(t.Now())))
}

// errRemembered says that the store does not answer, so that there is only remembered data.
var errRemembered = errors.New("the store gives only what it gave before")

// learn notes what a record says, and gives when there is something to do again.
func (t *Teller) learn(r *notice.Record) {
	k := knowledge{due: r.Due, final: r.State.Final(), acts: r.Acts}
	switch r.State {
	case notice.StateClaimed:
		k.until = r.Until
	case notice.StateWaiting:
		k.until = r.Next
	case notice.StateSent, notice.StateFailed, notice.StateDropped:
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known[r.ID] = k
}

// quiet reports whether there is nothing to do for the notice now, as far as is known.
func (t *Teller) quiet(id notice.ID, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, known := t.known[id]
	return known && (k.final || now.Before(k.until))
}

// forget drops what is known of notices that nobody looks for any more.
func (t *Teller) forget(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, k := range t.known {
		if now.Sub(k.due) > 3*notice.Patience {
			delete(t.known, id)
		}
	}
}

// newRevision makes the revision of a write.
func (t *Teller) newRevision() (roster.Revision, error) {
	var random [10]byte
	if _, err := io.ReadFull(t.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return roster.NewChangeID(t.Now(), random)
}

// put writes a record at a new revision, and gives it. A conflict teaches what is there.
func (t *Teller) put(ctx context.Context, r notice.Record) (notice.Record, error) {
	basedOn := r.Revision
	var err error
	if r.Revision, err = t.newRevision(); err != nil {
		return r, err
	}
	err = t.Store.PutNotice(ctx, r, basedOn)
	if conflict, ok := errors.AsType[*store.ConflictError[notice.Record]](err); ok {
		t.learn(&conflict.Current)
		return conflict.Current, err
	}
	if err == nil {
		t.learn(&r)
	}
	return r, err
}

// short is an error's text, for people to read beside a notice.
func short(err error) string {
	const most = 300
	text := strings.Join(strings.Fields(err.Error()), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return cmp.Or(text, "no reason was given")
}
