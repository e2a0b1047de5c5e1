// Package web is the HTTP that pages and the API share: routes and the rights that they need,
// callers and their addresses, limits, reading paths, queries and forms into values of
// package roster, and answers to refused requests.
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

// Config is what a Gate works with. Every field must be set, except where it says what nil
// means.
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
	// SignIn identifies callers; nil lets everybody do everything.
	SignIn signin.Method
	Access Access
	// Contacts says who may read how to reach people; "" is every reader.
	Contacts Contacts
	// ChatLink leads to a person in a chat; the zero ChatLink leads nowhere.
	ChatLink ChatLink
	Limits   Limits
}

// Gate is where every request passes: it knows the caller, and what they may do.
type Gate struct {
	Config
	owners          owners
	signOuts        signOuts
	viewers         atomic.Int64 // streams that are open
	streamsOf       streamCount
	edits, attempts *buckets
	reads           *buckets
	budget          *budget
}

// New makes a Gate.
func New(cfg Config) *Gate {
	return &Gate{
		Config:    cfg,
		owners:    owners{known: map[string][sha256.Size]byte{}},
		signOuts:  signOuts{of: map[[2]string]*signedOut{}},
		streamsOf: streamCount{open: map[string]int{}},
		edits:     newBuckets(float64(cfg.Limits.EditsPerSecond), burstSeconds*cfg.Limits.EditsPerSecond),
		reads:     newBuckets(float64(cfg.Limits.ReadsPerSecond), burstSeconds*cfg.Limits.ReadsPerSecond),
		budget:    newBudget(cfg.Limits),
		attempts:  newBuckets(float64(cfg.Limits.AttemptsPerMinute)/60, cfg.Limits.AttemptsPerMinute),
	}
}

// Viewers is the number of open streams.
func (s *Gate) Viewers() int64 { return s.viewers.Load() }
