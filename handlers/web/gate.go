// Package web is what pages and the API share of HTTP: routes and the rights that they
// need, who calls and from where, how much callers may ask for, reading paths, queries and
// forms into values of package roster, and telling what is refused.
package web

import (
	"crypto/sha256"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/store"
)

// Config is what a Gate works with. Everything must be set that does not say what nil is.
type Config struct {
	Desk  *desk.Desk
	Store store.Store
	Log   *slog.Logger
	// Now tells the time; Random gives random bytes. Both are used by many requests at once.
	Now    func() time.Time
	Random io.Reader
	// Instance names this process to people, for instance by its host name.
	Instance string
	Version  string
	// Zone is suggested for new teams.
	Zone roster.Zone
	// SignIn finds out who asks; nil lets everybody do everything.
	SignIn signin.Method
	Access Access
	Limits Limits
}

// Gate is what every request comes through: it knows who calls, and what they may do.
type Gate struct {
	Config
	owners          owners
	signOuts        signOuts
	viewers         atomic.Int64 // streams that are open
	streamsOf       streamCount
	edits, attempts *buckets
}

// New makes a Gate.
func New(cfg Config) *Gate {
	return &Gate{
		Config:    cfg,
		owners:    owners{known: map[string][sha256.Size]byte{}},
		signOuts:  signOuts{of: map[[2]string]*signedOut{}},
		streamsOf: streamCount{open: map[string]int{}},
		edits:     newBuckets(float64(cfg.Limits.EditsPerSecond), burstSeconds*cfg.Limits.EditsPerSecond),
		attempts:  newBuckets(float64(cfg.Limits.AttemptsPerMinute)/60, cfg.Limits.AttemptsPerMinute),
	}
}

// Viewers is how many streams are open.
func (s *Gate) Viewers() int64 { return s.viewers.Load() }
