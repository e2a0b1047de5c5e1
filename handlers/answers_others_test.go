package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/store"
)

// nodes is a store that says what is set of its machines.
type nodes struct {
	store.Store
	status store.ClusterStatus
}

func (n *nodes) Cluster(context.Context) store.ClusterStatus { return n.status }

// askOthers asks sites that are set up otherwise: on several machines, with limits, and
// with one team alone.
func askOthers(r *record) {
	serving := store.NodeStatus{
		Address: "10.0.0.1:3000", Reachable: true, Name: "A1", Build: "8.0.0.1", Uptime: time.Hour, ClusterSize: 3, ClusterKey: "ABC", Integrity: true,
		Principal: "A1", Member: true, WithMajority: true, Clients: 4, ClockSkew: 2 * time.Millisecond, SinceRebalance: time.Minute, NamespaceAvailable: true,
		Namespace: store.NamespaceStatus{
			Objects: 12, MasterObjects: 4, ProleObjects: 8, EffectiveReplicas: 3, DataUsed: 512, DataTotal: 3 << 30, DataAvailablePct: 99, IndexUsed: 1 << 20,
		},
	}
	moving, outside, bare := serving, serving, serving
	moving.Address, moving.Name, moving.MigrationsLeft = "10.0.0.2:3000", "A2", 7
	outside.Address, outside.Name, outside.WithMajority = "10.0.0.3:3000", "A3", false
	bare.Address, bare.Name, bare.NamespaceAvailable = "10.0.0.4:3000", "A4", false
	gone := store.NodeStatus{Address: "10.0.0.5:3000", Problem: "does not answer"}
	for _, list := range [][]store.NodeStatus{{serving}, {serving, moving}, {serving, moving, gone}, {serving, outside, bare, gone}} {
		cfg := r.Config
		cfg.Store, cfg.Cluster = r.outage, &nodes{r.outage, store.ClusterStatus{At: r.now(), Nodes: list}}
		s := handlers.New(r.t.Context(), cfg)
		r.to(s, "GET", "/cluster", "", "HX-Request", "true")
		r.to(held(r, s), "GET", "/api/v1/cluster", "")
	}

	cfg := r.Config
	cfg.Store, cfg.Limits = r.outage, patient(web.Limits{EditsPerSecond: 1, AttemptsPerMinute: 1, Streams: 1, Teams: 2, People: 6})
	s := held(r, handlers.New(r.t.Context(), cfg))
	r.to(s, "POST", "/teams", "name=Third&zone=UTC&handOff=09:00&roles=One")
	r.to(s, "POST", "/api/v1/teams", `{"name":"Third"}`)
	r.to(s, "POST", "/people", "name=Seventh")
	r.to(s, "PUT", "/teams/ops/days/2026-12-20", "primary=Seventh", "HX-Request", "true")
	now := r.now()
	for range 5 { // at one instant
		r.set(now)
		r.to(s, "PUT", "/api/v1/teams/ops/days/2026-12-20", `{"note":"x"}`)
	}
	r.set(now)
	r.to(s, "PUT", "/teams/ops/days/2026-12-20", "note=y")
	for range 2 {
		r.to(s, "GET", "/api/v1/teams", "", "Authorization", "Bearer roster_"+strings.Repeat("0", 26)+"_"+strings.Repeat("A", 43))
	}

	const text = "Date,Primary,Note\n2026-12-20,Ana Ruiz,=1+1\n"
	r.send("POST", "/teams/ops/import", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"+text+"\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
	r.send("POST", "/teams/ops/import", "--x\r\nbroken", "Content-Type", "multipart/form-data; boundary=x")
	shifts := r.site.send(r.t, "GET", "/teams/ops/days.ics?from=2026-11-23&to=2026-12-11", "").want(http.StatusOK).Body.String()
	calendar := importForm(r.t, r.post("/teams/ops/import", url.Values{"text": {shifts}}.Encode()).html())
	r.post("/teams/ops/import", with(calendar, "do", "import"))
	r.send("PUT", "/api/v1/teams/ops/days/2026-12-20", `{"note":"=1+1"}`)
	r.get("/teams/ops/days.csv?from=2026-12-20&to=2026-12-20")
	r.get("/api/v1/teams/ops/days/9999-12-30")

	r.send("DELETE", "/api/v1/teams/web", "")
	r.get("/?days=1")
	r.get("/?days=x")
	r.get("/api/v1/oncall", "Accept", "text/plain")
	r.Drain()
	r.get("/readyz")
}

// held is a server whose answers for the API are held against its description.
func held(r *record, s *handlers.Server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { serveHeld(r.t, s, w, req) })
}
