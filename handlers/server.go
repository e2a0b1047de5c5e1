// Package handlers answers HTTP: the page and its fragments, the JSON API and the
// health checks. It reads a request into values of package roster, asks the store,
// and renders what package views draws.
//
// # A new route of the API
//
// A line in routes.go, and next to its handler, in a describe… function that describe
// calls, what it is:
//
//	openapi.Answered[swapJSON](&d.Types, "Swap", "Two shifts that change hands.", openapi.Notes{
//		"made": {Text: "When it was made."},
//	})
//	d.add(operation{
//		id: "getSwap", method: "GET", path: "/teams/{team}/swaps/{swap}", summary: "Read a swap", tagged: true,
//		answers:  []answered{{status: http.StatusOK, text: "The swap.", value: swapJSON{}}},
//		examples: []example{{summary: "A swap", target: "/teams/ops/swaps/first"}},
//	})
//
// Answered and Sent make the schema of a type from its fields; the notes say what a
// field means, and what its Go type does not tell. Parameters of the path, headers and
// problems follow from the rest (see described.refusals); a new parameter of a path is
// described in commonParameters, a new kind of problem in problemKinds. Then
//
//	go test ./handlers -run TestExamples -update
//
// sends the examples to the new route and keeps the answers. Tests fail where a route is
// not described or a description has no route, and where anything that any test sends to
// the API, or is answered, is not as described (contract_test.go): a status, a header, a
// field.
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
package handlers

import (
	"context"
	"crypto/sha256"
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
	"dailyroster/signin"
	"dailyroster/store"
	"dailyroster/store/measured"
	"dailyroster/views"
)

// Config is what a Server works with. Everything must be set that does not say what nil is.
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
	// SignIn finds out who asks; nil lets everybody do everything.
	SignIn signin.Method
	Access Access
	Limits Limits
}

// Server is the whole site as an http.Handler.
type Server struct {
	Config
	handler http.Handler
	files   views.Assets
	hub     *live.Hub
	metrics *metrics
	notes   *notes
	owners  owners
	viewers atomic.Int64 // streams that are open

	streamsOf       streamCount
	edits, attempts *buckets

	// described is the description of the API.
	described func() *description
	stopping  chan struct{} // closed by Drain
	drained   sync.Once
}

// New makes a Server, whose work in the background ends with the context.
func New(ctx context.Context, cfg Config) *Server {
	behind := measured.New(cfg.Store)
	cfg.Store = behind
	s := &Server{
		Config: cfg,
		files: views.Assets{
			Style: cfg.Assets.URL(assets.Style), Script: cfg.Assets.URL(assets.Script), Grid: cfg.Assets.URL(assets.Grid), Icon: cfg.Assets.URL(assets.Icon),
			HTMX: cfg.Assets.URL(assets.HTMX), SSE: cfg.Assets.URL(assets.SSE),
		},
		hub:      live.NewHub(ctx, cfg.Store, cfg.Log),
		owners:   owners{known: map[string][sha256.Size]byte{}},
		stopping: make(chan struct{}),

		streamsOf: streamCount{open: map[string]int{}},
		edits:     newBuckets(float64(cfg.Limits.EditsPerSecond), burstSeconds*cfg.Limits.EditsPerSecond),
		attempts:  newBuckets(float64(cfg.Limits.AttemptsPerMinute)/60, cfg.Limits.AttemptsPerMinute),
	}
	s.metrics = newMetrics(s, behind)
	s.described = sync.OnceValue(func() *description { return describeAPI(s.describedRoutes(), s.Version) })
	s.notes = newNotes(ctx, func(what string, err error) { cfg.Log.Warn("a note was not written", "of", what, "error", err) })
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
