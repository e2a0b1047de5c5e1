package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
)

// askExchanges swaps, takes and gives seats, on pages and on the API, where people agree
// first and where they need not.
func askExchanges(r *record) {
	const page, list, view = "/teams/ops/days/2026-12-08/exchange", "/teams/ops/exchanges", "?from=2026-12-07&days=5"
	send := func(change, kind, more string) answer {
		return r.post(list+view, "change="+change+"&date=2026-12-08&role=primary&kind="+kind+more)
	}
	id := func(n string) string { return "01ARZ3NDEKTSV4RRFFQ69G5FA" + n }
	r.get(page + view)
	r.get("/teams/ops" + view)
	asked := send(id("0"), "swap", "&by=cleo-diaz&holder=cleo-diaz&with=2026-12-10+primary+ana-ruiz")
	r.get(locationOf(asked))
	send(id("0"), "swap", "&by=cleo-diaz&holder=cleo-diaz&with=2026-12-10+primary+ana-ruiz") // again
	r.get("/people/ana-ruiz")
	send(id("1"), "swap", "&holder=bo-chen&with=2026-12-10+primary")
	send(id("1"), "swap", "&with=x")
	send(id("1"), "take", "&by=nobody+known")
	send(id("1"), "take", "&by=")
	send(id("1"), "take", "&by=cleo+diaz")
	send(id("1"), "give", "&to=gone+away")
	send(id("1"), "sell", "")
	send("x", "take", "&by=dora-oz")
	r.post(list, "change="+id("1")+"&kind=take&date=x&role=primary&by=dora-oz")
	r.post(list, "change="+id("1")+"&kind=take&date=2026-11-20&role=primary&by=dora-oz")
	r.post(list, "change="+id("1")+"&kind=take&date=2026-12-08&role=none&by=dora-oz")
	r.post("/teams/none/exchanges", "change="+id("1"))
	answer := func(exchange, what, person, more string) answer {
		return r.post(list+"/"+exchange+view, "answer="+what+"&person="+person+more)
	}
	answer(id("0"), "agree", "bo-chen", "")
	answer(id("0"), "shrug", "ana-ruiz", "")
	r.get(locationOf(answer(id("0"), "agree", "ana-ruiz", "&back=ana-ruiz")))
	answer(id("0"), "agree", "ana-ruiz", "")
	answer(id("0"), "decline", "ana-ruiz", "")
	answer(id("9"), "agree", "ana-ruiz", "")
	answer("x", "agree", "ana-ruiz", "")
	given := send(id("2"), "give", "&to=bo+chen&holder=ana-ruiz&by=ana-ruiz")
	r.get(locationOf(given))
	answer(id("2"), "withdraw", "ana-ruiz", "")
	r.get("/people/ana-ruiz")

	// What waits lapses when its seats change hands.
	send(id("3"), "take", "&by=bo+chen")
	r.site.send(r.t, "PUT", "/api/v1/teams/ops/days/2026-12-08", `{"assignments":{"primary":"cleo-diaz"}}`).want(http.StatusOK)
	answer(id("3"), "agree", "ana-ruiz", "")
	r.get("/teams/ops?from=2026-12-07&days=3")

	const api = "/api/v1" + list
	r.get(api)
	r.get(api + "/" + id("0"))
	r.get(api+"/"+id("0"), "If-None-Match", r.tag(list+"/"+id("0")))
	r.get(api + "/" + id("9"))
	r.get(api + "/x")
	for _, body := range []string{
		`{}`, `{"kind":"sell"}`, `{"kind":"swap","seat":{"date":"x","role":"X"}}`, `{"kind":"take","seat":{"date":"2026-12-08","role":"primary"}}`,
		`{"kind":"take","seat":{"date":"2026-12-08","role":"none"},"by":"dora-oz"}`, `{"kind":"give","seat":{"date":"2026-11-08","role":"primary"},"to":"bo-chen"}`,
		`{"kind":"give","seat":{"date":"2026-12-09","role":"primary","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"},"to":"bo-chen"}`,
		`{"kind":"swap","seat":{"date":"2026-12-10","role":"primary"},"with":{"date":"2026-12-10","role":"primary"},"to":"bo-chen"}`,
		`{"kind":"take","seat":{"date":"2026-12-10","role":"primary"},"by":"Who Is That","with":{"date":"2026-12-10","role":"primary"}}`,
		`{"kind":"take","seat":{"date":"2026-12-05","role":"primary"},"by":"bo-chen"}`, `{"kind":"give","seat":{"date":"2026-12-07","role":"primary"},"to":"ana-ruiz"}`,
	} {
		r.send("POST", api, body)
	}
	const take = `{"kind":"take","seat":{"date":"2026-12-10","role":"primary"},"by":"bo-chen"}`
	made := r.send("POST", api, take, "Idempotency-Key", "k").want(http.StatusCreated)
	r.send("POST", api, take, "Idempotency-Key", "k")
	here := made.Header().Get("Location")
	r.send("POST", here+"/agree", `{"person":"nobody"}`)
	r.send("POST", here+"/agree", `{}`)
	r.send("POST", here+"/agree", `{"person":"cleo-diaz"}`, "If-Match", `"x"`)
	r.send("POST", here+"/shrug", `{"person":"cleo-diaz"}`)
	r.send("POST", here+"/agree", `{"person":"cleo-diaz"}`, "If-Match", made.Header().Get("ETag"))
	r.send("POST", here+"/withdraw", `{"person":"bo-chen"}`)
	r.get("/teams/ops/history?limit=3")

	// On the page of somebody who is away and on call.
	r.site.send(r.t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","agreeFirst":false}`).want(http.StatusOK)
	clash := r.get("/people/bo-chen").html()
	action, fields := formWith(r.t, clash, "date", "2026-12-11")
	r.post(action, fields.Encode())
	r.post(action, fields.Encode())
	r.get("/teams/ops/days/2026-12-10/exchange?" + url.Values{"role": {"secondary"}}.Encode())
	r.htmx("POST", list, "change="+id("4")+"&kind=take&role=primary&date=2026-12-11&by="+strings.Repeat("x", 90))
}
