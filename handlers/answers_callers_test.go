package handlers_test

import (
	"net/http"
	"strings"
)

// as sends a request through the proxy that says who it is: "" is nobody.
func (r *record) as(who, method, path, body string, header ...string) answer {
	r.t.Helper()
	said := map[string][]string{
		"reader": {"X-User", "bo", "X-Name", "Bo Chen", "X-Email", "bo@example.org"},
		"editor": {"X-User", "ana", "X-Name", "Ana  Ruiz", "X-Email", "ana@example.org", "X-Groups", "ops, lunch"},
		"admin":  {"X-User", "root", "X-Name", "Root", "X-Email", "Root@example.org"},
	}[who]
	return r.to(held(r, r.signed), method, path, body, append(said, header...)...)
}

// askCallers asks where it matters who asks.
func askCallers(r *record) {
	for _, who := range []string{"", "reader", "editor", "admin"} {
		for _, path := range []string{"/teams/ops?from=2026-11-23&days=2&edit=2026-11-24", "/teams/web?from=2026-12-01&days=1", "/people/ana-ruiz", "/teams/ops/settings", "/teams/ops/rotations"} {
			r.as(who, "GET", path, "")
		}
		r.as(who, "GET", "/teams/ops/days/2026-11-24/edit", "", "HX-Request", "true")
		r.as(who, "GET", "/teams/ops/days/2026-11-24", "", "HX-Request", "true")
		r.as(who, "PUT", "/api/v1/teams/web/days/2026-12-20", `{"note":"by `+who+`"}`)
	}
	for _, who := range []string{"reader", "editor", "admin"} {
		for _, path := range []string{
			"/", "/people", "/people/bo-chen", "/tokens", "/teams/ops/tokens", "/teams/ops/feeds", "/people/bo-chen/feeds", "/teams/ops/import", "/teams/ops/holidays", "/teams/ops/history?limit=1",
			"/people/bo-chen/calendar", "/people/bo-chen/deactivate", "/teams/ops/days/2026-11-24/exchange", "/nowhere", "/signin", "/signed-out", "/api/v1/tokens", "/api/v1/people/ana-ruiz",
		} {
			r.as(who, "GET", path, "")
		}
		r.as(who, "POST", "/teams/ops/days/2026-12-20", "note=by+"+who)
		r.as(who, "POST", "/people/bo-chen/absences", "from=2027-01-0"+string(rune('0'+len(who)))+"&to=2027-01-09&revision="+r.revision("/people/bo-chen"))
		r.as(who, "POST", "/teams", "name=Team+of+"+who+"&zone=UTC&handOff=09:00&roles=One")
		r.as(who, "POST", "/signout", "")
		r.as(who, "POST", "/signout/everywhere", "")
		r.as(who, "POST", "/signouts", "who=bo")
	}
	r.as("", "GET", "/", "", "Accept", "text/html")
	r.as("", "GET", "/livez", "")
	r.as("editor", "GET", "/api/v1/export", "")
	r.as("reader", "GET", "/export.jsonl", "")
	r.as("", "GET", "/api/v1/nowhere", "")
	r.as("", "POST", "/teams/ops/undo", "change=x", "HX-Request", "true")
	r.as("", "GET", "/", "", "X-User", "a\x01b")

	settings := r.as("admin", "GET", "/teams/web/settings", "").html()
	r.as("admin", "POST", "/teams/web/settings", with(formOf(r.t, settings), "editors", "bo@example.org, somebody"))
	r.as("reader", "GET", "/teams/web/settings", "")
	r.as("reader", "POST", "/teams/web/days/2026-12-21", "lead=Bo+Chen")

	made := r.as("reader", "POST", "/tokens", "name=Mine&scope=edit&days=30").html()
	text := attr(made, "input[readonly]", "value")
	if !strings.HasPrefix(text, "roster_") {
		r.t.Fatalf("the new token: got %q, want its text", text)
	}
	bearer := []string{"Authorization", "Bearer " + text}
	r.as("", "PUT", "/api/v1/teams/web/days/2026-12-22", `{"note":"by token"}`, bearer...)
	r.as("", "PUT", "/api/v1/teams/ops/days/2026-12-22", `{"note":"by token"}`, bearer...)
	r.as("", "PUT", "/api/v1/people/bo-chen", `{"name":"Bo Chen","email":"bo@example.org"}`, bearer...)
	r.as("", "GET", "/api/v1/tokens", "", bearer...)
	r.as("", "GET", "/api/v1/teams/web/changes?limit=2", "", bearer...)
	r.as("", "GET", "/people", "", bearer...)
	r.as("", "POST", "/people/bo-chen/feeds", "name=X", bearer...)
	own := r.as("reader", "POST", "/api/v1/tokens", `{"name":"Other","scope":"read","days":7}`)
	var token struct{ ID string }
	own.want(http.StatusCreated).json(&token)
	r.as("editor", "POST", "/tokens/"+token.ID+"/revoke", "")
	r.as("editor", "DELETE", "/api/v1/tokens/"+token.ID, "")
	r.as("admin", "DELETE", "/api/v1/tokens/"+token.ID, "")
	r.as("reader", "POST", "/tokens/"+strings.Split(text, "_")[1]+"/revoke", "")
	r.as("", "GET", "/api/v1/oncall", "", bearer...)
}

// askOutage asks while the store is away: first where nothing is kept of what it said.
func askOutage(r *record) {
	const row, page = "/teams/ops/days/2026-11-24?from=2026-11-24&days=1", "/teams/ops?from=2026-11-24&days=1"
	keeps := held(r, r.keeps)
	form := r.rowForm("2026-11-24")
	for _, path := range []string{"/", page, "/people"} {
		r.to(keeps, "GET", path, "")
	}
	r.outage.down.Store(true)
	for _, path := range []string{page, "/people", "/teams", "/teams/ops/days.csv", "/export.jsonl", "/readyz", "/livez", "/cluster", "/api/v1/oncall", "/api/v1/teams/ops/days/2026-11-24", "/api/v1/people", "/nowhere"} {
		r.get(path)
	}
	r.htmx("GET", "/teams/ops/days/2026-11-24", "")
	r.htmx("PUT", row, with(form, "primary", "Dora Oz"))
	r.send("PUT", "/api/v1/teams/ops/days/2026-11-24", `{}`)
	r.post("/people", "name=X")

	for _, path := range []string{"/", page, page + "&edit=2026-11-24", "/people", "/readyz", "/api/v1/oncall", "/api/v1/teams/ops/days/2026-11-24", "/api/v1/teams/ops/oncall"} {
		r.to(keeps, "GET", path, "")
	}
	r.to(keeps, "GET", page, "", "HX-Request", "true")
	r.to(keeps, "PUT", row, with(form, "primary", "Dora Oz"), "HX-Request", "true")
	r.to(keeps, "POST", row, with(form, "primary", "Dora Oz", "note", "typed"))
	r.to(keeps, "POST", "/teams/ops/grid?month=2026-11", "role=primary&from=2026-12-01&to=2026-12-02&name=Dora+Oz")
	r.to(keeps, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"note":"x"}`)
	r.outage.down.Store(false)
	r.to(keeps, "POST", row, with(form, "primary", "Dora Oz", "note", "typed"))
}
