// Package handlers puts the site together: it mounts the routes of pages, API and files,
// adds what holds for every request, and answers health checks and metrics.
package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"dailyroster/assets"
	"dailyroster/desk"
	"dailyroster/handlers/api"
	"dailyroster/handlers/export"
	"dailyroster/handlers/hooks"
	"dailyroster/handlers/live"
	"dailyroster/handlers/page"
	"dailyroster/handlers/page/app"
	"dailyroster/handlers/page/history"
	"dailyroster/handlers/page/notices"
	"dailyroster/handlers/page/rotations"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/page/start"
	"dailyroster/handlers/web"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/store"
	"dailyroster/store/measured"
	"dailyroster/telling"
)

// Config is what a Server works with. Every field must be set, except where it says what nil
// means.
type Config struct {
	Store store.Store
	// Cluster says how the machines behind the store are; nil for a store on one machine.
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
	// Pages fetches wiki pages from the hosts that a setting names.
	Pages *fetch.Fetcher
	// Hosts are the names by which the site may be asked for; nil leaves localhost and IP
	// addresses.
	Hosts web.Hosts
	// SignIn identifies callers; nil lets everybody do everything.
	SignIn signin.Method
	// Ways are how notices leave the house, and Site the URL that they link to; "" is none.
	Ways   telling.Ways
	Site   string
	Access web.Access
	// Contacts and ChatLink are as in web.Config.
	Contacts web.Contacts
	ChatLink web.ChatLink
	// Commands let chats ask; without secrets nobody is answered.
	Commands hooks.Secrets
	Limits   web.Limits
}

// Server is the whole site as an http.Handler.
type Server struct {
	Config
	// Desk does what requests ask for.
	Desk *desk.Desk
	// Telling tells people and teams of their roster, while its Run runs.
	Telling *telling.Teller

	handler http.Handler
	gate    *web.Gate
	pages   *page.Site
	app     *app.Site
	rotate  *rotations.Site
	past    *history.Site
	notices *notices.Site
	start   *start.Site
	api     *api.Site
	hooks   *hooks.Site
	metrics *metrics

	stopping chan struct{} // closed by Drain
	drained  sync.Once
}

// New makes a Server, whose work in the background ends with the context.
func New(ctx context.Context, cfg Config) *Server {
	behind := measured.New(cfg.Store)
	cfg.Store = behind
	s := &Server{Config: cfg, stopping: make(chan struct{})}
	s.Desk = desk.New(ctx, desk.Config{
		Store: cfg.Store, Cluster: cfg.Cluster, Log: cfg.Log, Now: cfg.Now, Random: cfg.Random, Zone: cfg.Zone,
		Limits: desk.Limits{Teams: cfg.Limits.Teams, People: cfg.Limits.People, OwnerSeen: cfg.Limits.OwnerSeen},
	})
	s.gate = web.New(web.Config{
		Desk: s.Desk, Store: cfg.Store, Log: cfg.Log, Now: cfg.Now, Random: cfg.Random, Instance: cfg.Instance, Version: cfg.Version,
		Zone: cfg.Zone, SignIn: cfg.SignIn, Access: cfg.Access, Contacts: cfg.Contacts, ChatLink: cfg.ChatLink, Limits: cfg.Limits,
	})
	s.Telling = telling.New(telling.Config{Store: cfg.Store, Log: cfg.Log, Now: cfg.Now, Random: cfg.Random, Instance: cfg.Instance, Site: cfg.Site, Ways: cfg.Ways})
	exports := &export.Site{Gate: s.gate}
	s.api = api.New(s.gate, exports)
	s.hooks = &hooks.Site{Gate: s.gate, Secrets: cfg.Commands}
	around := &shell.Shell{Gate: s.gate, Files: page.FilesOf(cfg.Assets)}
	s.rotate = &rotations.Site{Shell: around}
	s.past = &history.Site{Shell: around}
	s.app = &app.Site{Shell: around, Worker: cfg.Assets.Worker()}
	s.notices = &notices.Site{Shell: around, Teller: s.Telling}
	s.pages = &page.Site{
		Shell: around, Exports: exports, API: s.api, Hub: live.NewHub(ctx, cfg.Store, cfg.Log), Pages: cfg.Pages,
		Stopping: s.stopping,
	}
	s.start = &start.Site{Shell: around, Home: s.pages.Home}
	s.metrics = newMetrics(s, behind)
	s.handler = s.wrap(s.router())
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain makes /readyz refuse from now on, so that load balancers send no new requests here,
// and ends all streams, so that their viewers turn to another instance. The server still
// answers other requests.
func (s *Server) Drain() { s.drained.Do(func() { close(s.stopping) }) }

func (s *Server) draining() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}
