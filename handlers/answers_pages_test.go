package handlers_test

import (
	"strings"
)

// askRoster asks the roster's page, its regions, and what is made of the roster's days.
func askRoster(r *record) {
	r.get("/") // two teams: the list
	r.get("/teams/ops")
	r.get("/teams/ops?from=2026-11-12&days=5")
	r.get("/teams/ops?from=2026-11-23&days=3&edit=2026-11-24&focus=note")
	r.get("/teams/ops?from=2026-11-16&days=2&edit=2026-11-17")
	r.get("/teams/ops?from=2026-12-24&days=3&imported=x")
	r.get("/teams/ops?from=2026-12-24&days=3&done=x")
	r.get("/teams/web?from=2026-11-29&days=5")
	r.send("GET", "/teams/web?days=2", "", "HX-Request", "true", "HX-History-Restore-Request", "true")
	r.send("HEAD", "/teams/web?days=2", "")

	for _, path := range []string{
		"/teams/ops" + inView, "/teams/ops?from=2026-12-01&days=7", "/teams/web/oncall", "/teams/ops/oncall?from=2026-11-23&days=7",
		"/teams/ops/days/2026-11-24" + inView, "/teams/ops/days/2026-11-24", "/teams/ops/days/2026-11-14", "/teams/ops/days/2026-12-04" + inView,
		"/teams/ops/days/2026-11-24/edit" + inView, "/teams/ops/days/2026-11-24/edit" + inView + "&focus=secondary",
		"/teams/ops/days/2026-11-24/edit?focus=no-such", "/teams/ops/days/2026-11-09/edit?focus=note", "/teams/web/days/2027-03-14/edit",
	} {
		r.htmx("GET", path, "")
	}
	for _, path := range []string{"/search?q=ops", "/search?q=nobody", "/people/suggestions?q=o&team=ops"} {
		r.get(path)
		r.htmx("GET", path, "")
	}
	r.get("/people?q=an")
	r.get("/people/ana-ruiz/contact.vcf")
	for _, path := range []string{"/wall", "/wall?teams=web,%20Ops", "/wall?teams=none", "/wall?teams=ops,ops"} {
		r.get(path)
		r.htmx("GET", path, "")
	}
	r.post("/hooks/slack/oncall", "text=ops") // nobody gave the secrets; hooks_test.go does
	r.post("/hooks/mattermost/oncall", "text=ops")
	r.get("/people/never-there/contact.vcf")
	r.get("/teams/ops/oncall?days=7")
	r.get("/teams/ops/days/2026-11-24/edit" + inView)
	r.get("/teams/ops/days/2026-11-24")

	for _, path := range []string{
		"/teams/none", "/teams/N0NE!", "/teams/ops?from=x", "/teams/ops?days=0", "/teams/ops?days=367", "/teams/ops?from=9999-12-31",
		"/teams/ops?from=2026-11-28&days=1&undo=2026-11-28&change=x", "/teams/ops/days/x", "/teams/ops/days/2026-02-30/edit",
		"/teams/ops/days/2026-11-24?from=2026-12-01", "/teams/none/days/2026-11-24", "/teams/none/oncall", "/teams/ops/oncall?days=x",
		"/teams/none/events", "/teams/ops/events?from=x",
	} {
		r.get(path)
		r.htmx("GET", path, "")
	}

	r.get("/teams/ops/history?limit=25")
	r.get("/teams/ops/history?limit=3")
	r.get("/teams/ops/history?date=2026-11-09")
	r.get("/teams/ops/history?person=gone-away&limit=2")
	r.get("/teams/ops/history?undone&limit=1")
	for _, query := range []string{"limit=x", "date=x", "group=x", "person=X", "cursor=x", "from=2026-11-01", "since=01ARZ3NDEKTSV4RRFFQ69G5FAV"} {
		r.get("/teams/ops/history?" + query)
	}

	const november = "?from=2026-11-23&to=2026-12-06"
	for _, path := range []string{
		"/teams/ops/days.csv" + november, "/teams/ops/days.ics" + november, "/teams/web/days.ics" + november,
		"/teams/none/days.csv", "/teams/ops/days.ics?from=2026-12-01&to=2026-11-01", "/teams/ops/days.csv?to=2030-01-01",
		"/teams/ops/fairness.csv?from=2026-11-01&to=2026-12-31&by=month", "/teams/ops/fairness.csv?role=none", "/coverage.csv", "/coverage.csv?weeks=99",
		"/export.jsonl",
	} {
		r.get(path)
	}
	r.send("HEAD", "/export.jsonl", "")
	for _, path := range []string{"/api/v1/teams/ops/days.csv" + november, "/api/v1/teams/ops/days.ics" + november, "/api/v1/teams/ops/days.csv?from=x", "/api/v1/export"} {
		r.get(path)
	}

	feed, lead := r.feed("/teams/ops/feeds", "name=Board&role=primary"), r.feed("/people/ana-ruiz/feeds", "name=Mine")
	tag := r.get(feed).Header().Get("ETag")
	r.get(feed, "If-None-Match", tag)
	r.get(feed, "If-None-Match", `W/"x"`)
	r.get(lead)
	r.send("HEAD", lead, "")
	r.get("/feeds/nothing.ics")
	r.get(strings.Replace(feed, "_", "_0", 1))
}

// askPages asks the other pages, and what is like a page.
func askPages(r *record) {
	for _, path := range []string{
		"/teams", "/people", "/people?removed", "/people/ana-ruiz", "/people/ana-ruiz?saved", "/people/bo-chen?back", "/people/dora-oz", "/people/gone-away",
		"/people/ana-ruiz/calendar", "/people/ana-ruiz/deactivate", "/people/bo-chen/deactivate?from=2026-12-01&remove=yes", "/people/bo-chen/deactivate?from=2026-11-01",
		"/people/bo-chen/deactivate?from=x", "/people/ana-ruiz/deactivated?group=01ARZ3NDEKTSV4RRFFQ69G5FAV", "/people/ana-ruiz/deactivated", "/people/never-there/deactivated?group=x",
		"/people/ana-ruiz/feeds", "/people/none", "/people/NONE", "/people/never-there", "/people/none/calendar", "/people/none/deactivate", "/people/none/feeds",
		"/teams/ops/settings", "/teams/ops/settings?saved", "/teams/web/settings", "/teams/none/settings",
		"/teams/ops/rotations", "/teams/ops/rotations?saved", "/teams/web/rotations", "/teams/ops/rotations?fill-from=2026-11-23&fill-to=2026-12-20",
		"/teams/ops/rotations?fill-from=2026-12-07&fill-to=2026-12-20&overwrite=yes", "/teams/ops/rotations?fill-from=2026-11-02&fill-to=2026-11-30",
		"/teams/ops/rotations?fill-from=2026-11-02&fill-to=2026-11-30&why=Late", "/teams/ops/rotations?fill-from=x&fill-to=2036-01-01", "/teams/ops/rotations?fill-from=2026-12-02&fill-to=2026-12-01&of=x",
		"/teams/ops/fairness", "/teams/ops/fairness?by=month&from=2026-11-01&to=2026-12-31", "/teams/ops/fairness?by=range&role=secondary", "/teams/ops/fairness?from=x&by=y&role=z",
		"/teams/ops/fairness?from=2020-01-01&to=2026-01-01", "/teams/web/fairness?by=year",
		"/teams/ops/people", "/teams/web/people", "/teams/ops/holidays", "/teams/web/holidays?saved", "/teams/ops/import", "/teams/ops/tokens", "/tokens", "/teams/ops/feeds", "/teams/none/tokens", "/teams/none/feeds",
		"/coverage", "/coverage?weeks=1", "/coverage?weeks=x", "/cluster",
		"/teams/ops/days/2026-11-24/exchange", "/teams/ops/days/2026-12-04/exchange?role=primary&from=2026-11-23&days=35", "/teams/ops/days/2026-11-28/exchange?role=secondary",
		"/teams/ops/days/2026-11-22/exchange", "/teams/ops/days/2026-11-24/exchange?role=none", "/teams/ops/days/x/exchange", "/teams/ops/days/2026-11-24/exchange?days=x",
		"/me", "/signin", "/signin/callback", "/signed-out", "/keys", "/offline", "/manifest.webmanifest", "/sw.js", "/nowhere", "/api/nowhere", "/assets/", "/assets/none.css", "/livez", "/readyz", "/api",
	} {
		r.get(path)
	}
	for _, path := range []string{"/cluster", "/keys", "/people/none", "/nowhere", "/api/v1/nowhere", "/coverage?weeks=x", "/teams/ops/days/2026-11-22/exchange"} {
		r.htmx("GET", path, "")
	}
	for _, request := range []string{
		"PUT /people", "DELETE /", "POST /cluster", "PATCH /teams/ops/days/2026-11-24", "POST /api/v1/oncall", "OPTIONS /api/v1/teams/ops/days/2026-11-24", "GET /signout",
		"POST /teams/ops/events", "PUT /nowhere", "POST /signout", "GET /teams/ops/undo", "POST /teams/ops/grid/table", "DELETE /export.jsonl",
	} {
		method, path, _ := strings.Cut(request, " ")
		r.send(method, path, "")
	}
	r.send("HEAD", "/people", "")
	r.send("HEAD", "/nowhere", "")
	r.send("HEAD", "/livez", "")
	r.send("POST", "/people", "name=X", "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site")
	r.send("PUT", "/api/v1/people/ana-ruiz", `{"name":"X"}`, "Origin", "https://elsewhere.example")
	r.htmx("POST", "/nowhere", "x=y")
	r.get("/livez", "X-Request-Id", "of a proxy: no")
	r.get("/livez", "X-Request-Id", "1-67891233-abcdef012345678912345678")
	r.get("/livez", "Accept-Encoding", "gzip", "Origin", "https://elsewhere.example")
}
