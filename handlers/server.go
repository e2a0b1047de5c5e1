// Package handlers answers HTTP: the page and its fragments, the JSON API and the
// health checks. It reads a request into values of package roster, asks the store,
// and renders what package views draws.
package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"dailyroster/assets"
	"dailyroster/handlers/live"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// Config is what a Server works with. Everything must be set.
type Config struct {
	Store store.Store
	// Cluster tells of the machines behind the store; nil for a store on one machine.
	Cluster store.Clustered
	Assets  *assets.Set
	Log     *slog.Logger
	// Now tells the time; Random gives random bytes, for the ids of changes. Both
	// are used by many requests at once.
	Now    func() time.Time
	Random io.Reader
	// Instance names this process to people, for instance by its host name.
	Instance string
	Version  string
	// Zone is suggested for new teams.
	Zone roster.Zone
	// Pages fetches the pages of wikis, of hosts that a setting names.
	Pages *fetch.Fetcher
}

// Server is the whole site as an http.Handler.
type Server struct {
	Config
	handler  http.Handler
	files    views.Assets
	hub      *live.Hub
	metrics  *metrics
	viewers  atomic.Int64  // streams that are open
	stopping chan struct{} // closed by Drain
	drained  sync.Once
}

// New makes a Server, whose work in the background ends with the context.
func New(ctx context.Context, cfg Config) *Server {
	s := &Server{
		Config: cfg,
		files: views.Assets{
			Style: cfg.Assets.URL(assets.Style), Script: cfg.Assets.URL(assets.Script), Icon: cfg.Assets.URL(assets.Icon),
			HTMX: cfg.Assets.URL(assets.HTMX), SSE: cfg.Assets.URL(assets.SSE),
		},
		hub:      live.NewHub(ctx, cfg.Store, cfg.Log),
		stopping: make(chan struct{}),
	}
	s.metrics = newMetrics(s)
	s.handler = s.wrap(s.router())
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain makes /readyz say no from now on, so that no new requests are sent here, and
// ends all streams, so that their viewers turn to another instance. Other requests are
// still served.
func (s *Server) Drain() { s.drained.Do(func() { close(s.stopping) }) }

func (s *Server) draining() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}
