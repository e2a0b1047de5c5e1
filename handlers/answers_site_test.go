package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// seed makes a roster with some of everything, on the API as programs use it, in the
// three weeks before the site's time.
func seed(r *record) {
	now := r.now()
	ask := func(method, path, body string) (id string) {
		r.t.Helper()
		r.dice.throw(method + path)
		a := r.site.send(r.t, method, "/api/v1"+path, body)
		if a.Code >= 300 {
			r.t.Fatalf("%s: got %d %s, want no problem", a.what, a.Code, a.Body)
		}
		r.advance(time.Minute)
		var named struct{ ID, Group string }
		if a.Body.Len() > 0 {
			a.json(&named)
		}
		return named.ID + named.Group
	}

	r.set(now.AddDate(0, 0, -21))
	for _, p := range []string{
		`{"name":"Ana Ruiz","email":"ana@example.org","phone":"+49 30 901820","zone":"Europe/Berlin"}`,
		`{"name":"Bo Chen","email":"bo@example.org","phone":"+1 212 555 0100","zone":"America/New_York"}`,
		`{"name":"Cleo Diaz"}`, `{"name":"Dora Oz"}`, `{"name":"Gone Away"}`, `{"name":"Never There"}`,
	} {
		ask("POST", "/people", p)
	}
	ask("DELETE", "/people/never-there", "")
	week := `"weekdays":["mon","tue","wed","thu","fri","sat","sun"],"daysPerTurn":7,"handOver":"mon"`
	ask("PUT", "/teams/ops", `{"name":"Ops","keepFilled":0,
		"holidays":[{"date":"2026-11-18","name":"Day of Repentance"},{"date":"2026-12-25","name":"Christmas"}],
		"rotations":[
		{"id":"days","role":"primary","name":"Days","versions":[{"from":"2026-11-02","weekdays":["mon","tue","wed","thu","fri"],"daysPerTurn":1,"people":["ana-ruiz","bo-chen","cleo-diaz","gone-away"]}]},
		{"id":"back-up","role":"secondary","name":"Back-up","versions":[{"from":"2026-11-02",`+week+`,"people":["dora-oz","cleo-diaz"]},{"from":"2026-12-07",`+week+`,"people":["dora-oz","bo-chen"]}]}]}`)
	ask("POST", "/teams", `{"name":"Web","roles":["Lead"],"settings":[{"zone":"America/New_York","handOff":"08:00"},{"from":"2026-12-01","zone":"America/New_York","handOff":"10:00"}]}`)
	ask("POST", "/teams/ops/fill", `{"from":"2026-11-02","to":"2026-12-11","why":"The first roster"}`)
	ask("PUT", "/teams/ops/days/2026-11-14", `{"assignments":{"primary":"dora-oz"},"note":"Moving <the> server"}`)

	r.set(now.AddDate(0, 0, -10))
	ask("PUT", "/teams/ops/days/2026-11-09", `{"assignments":{"primary":"bo-chen","secondary":"dora-oz"},"why":"Bo stepped in"}`)
	ask("POST", "/teams/web/days", `{"days":[{"date":"2026-11-20","role":"lead","person":"bo-chen"},{"date":"2026-11-23","role":"lead","person":"ana-ruiz"},{"date":"2026-11-24","role":"lead","person":"ana-ruiz"},{"date":"2026-12-02","role":"lead","person":"cleo-diaz"}]}`)
	taken := ask("POST", "/teams/ops/days", `{"days":[{"date":"2026-11-28","role":"primary","person":"bo-chen"},{"date":"2026-11-29","role":"primary","person":"bo-chen"}]}`)
	ask("POST", "/teams/ops/undo", fmt.Sprintf(`{"change":%q}`, taken))
	ask("PUT", "/people/ana-ruiz", `{"name":"Ana Ruiz","email":"ana@example.org","phone":"+49 30 901820","zone":"Europe/Berlin",
		"absences":[{"from":"2026-11-07","to":"2026-11-08"},{"from":"2026-12-03","to":"2026-12-06","note":"Wedding"}]}`)
	ask("PUT", "/people/bo-chen", `{"name":"Bo Chen","email":"bo@example.org","phone":"+1 212 555 0100","zone":"America/New_York",
		"absences":[{"from":"2026-12-11","to":"2026-12-13"}]}`)

	r.set(now.Add(-2 * time.Hour))
	swap := func(kind, seat, more string) string {
		return ask("POST", "/teams/ops/exchanges", fmt.Sprintf(`{"kind":%q,"seat":{"date":%q,"role":"primary"},%s}`, kind, seat, more))
	}
	swap("swap", "2026-11-25", `"with":{"date":"2026-11-30","role":"primary"}`)
	swap("take", "2026-11-26", `"by":"ana-ruiz"`)
	ask("PUT", "/teams/ops", `{"name":"Ops","agreeFirst":true}`)
	declined := swap("give", "2026-12-02", `"to":"bo-chen","by":"cleo-diaz"`)
	ask("POST", "/teams/ops/exchanges/"+declined+"/decline", `{"person":"bo-chen"}`)
	swap("take", "2026-12-04", `"by":"bo-chen"`)
	swap("swap", "2026-11-24", `"with":{"date":"2026-12-07","role":"primary"},"by":"ana-ruiz"`)
	ask("POST", "/people/gone-away/deactivate", `{"from":"2026-12-03"}`)
	ask("PUT", "/teams/ops/days/2026-11-27", `{"assignments":{"primary":"ana-ruiz","secondary":"dora-oz"},"note":"Release 7"}`)
	ask("POST", "/teams/ops/tokens", `{"name":"CI","scope":"edit","days":30}`)
	ask("POST", "/teams/ops/tokens", `{"name":"Screen","scope":"read"}`)
	r.set(now)
}

// feed makes a feed on the page at the path and gives the path of its calendar; neither is
// written down.
func (r *record) feed(page, form string) string {
	r.t.Helper()
	r.dice.throw(page)
	return r.newFeed(r.t, page, form)
}

// tag is the ETag of something of the API, which is not written down.
func (r *record) tag(path string) string {
	r.t.Helper()
	return r.site.send(r.t, "GET", "/api/v1"+path, "").want(http.StatusOK).Header().Get("ETag")
}

// revision is what the tag says.
func (r *record) revision(path string) string { return strings.Trim(r.tag(path), `"`) }
