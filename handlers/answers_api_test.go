package handlers_test

import (
	"net/http"
	"strings"
)

// askReads reads by the API what the examples of its description do not.
func askReads(r *record) {
	text := []string{"Accept", "text/plain"}
	for _, path := range []string{"/oncall", "/teams/ops/oncall", "/teams/web/oncall", "/teams/ops/oncall?at=2026-11-28T12:00:00Z", "/coverage"} {
		r.get("/api/v1" + path)
		r.get("/api/v1"+path, text...)
	}
	r.get("/api/v1/oncall", "Accept", "application/json, text/plain")
	r.send("HEAD", "/api/v1/oncall", "")
	for _, path := range []string{
		"/teams", "/teams/ops", "/teams/web", "/people", "/people/ana-ruiz", "/people/gone-away", "/people/ana-ruiz/shifts", "/people/ana-ruiz/absences", "/people/bo-chen/shifts",
		"/teams/ops/days?from=2026-11-23&to=2026-11-29", "/teams/web/days?from=2026-11-30&to=2026-12-02", "/teams/ops/days/2026-11-27", "/teams/ops/days/2026-11-14", "/teams/web/days/2027-03-14",
		"/teams/ops/changes?limit=4", "/teams/ops/changes?date=2026-11-09", "/teams/ops/changes?person=dora-oz&from=2026-11-09&to=2026-11-15", "/teams/web/changes",
		"/teams/ops/fairness?by=range&from=2026-11-02&to=2026-11-22", "/teams/ops/fairness?by=month&from=2026-11-01&to=2026-12-31&role=primary", "/teams/ops/holidays", "/teams/web/holidays",
		"/search?q=ana", "/search?q=o&kind=team&limit=1", "/people?q=bo", "/teams?limit=1", "/search", "/search?q=a&kind=x",
		"/teams/ops/exchanges", "/teams/ops/tokens", "/tokens", "/cluster", "/coverage?weeks=1", "/openapi.json",
		// What is refused.
		"", "/", "/nowhere", "/teams/none", "/teams/NONE", "/people/none", "/people/never-there", "/people/none/shifts", "/people/none/absences",
		"/teams/none/days", "/teams/ops/days?from=x", "/teams/ops/days?from=2026-12-01&to=2026-11-01", "/teams/ops/days?from=2026-01-01&to=2027-01-02", "/teams/ops/days?to=9999-12-31", "/teams/ops/days/2026-02-30",
		"/teams/none/days/2026-11-24", "/teams/none/oncall", "/teams/ops/oncall?at=noon", "/oncall?at=noon", "/teams/none/changes", "/teams/ops/changes?limit=0", "/teams/ops/changes?limit=501",
		"/teams/ops/changes?since=x", "/teams/ops/changes?since=01ARZ3NDEKTSV4RRFFQ69G5FAV", "/teams/ops/changes?cursor=x", "/teams/ops/changes?group=x", "/teams/ops/changes?date=2026-11-09&to=2026-11-10", "/teams/ops/changes?from=2026-11-09",
		"/teams/none/fairness", "/teams/ops/fairness?by=x&role=none&from=y", "/teams/ops/fairness?from=2026-12-01&to=2026-11-01", "/teams/none/holidays", "/teams/none/exchanges", "/teams/none/tokens", "/coverage?weeks=53",
	} {
		r.get("/api/v1" + path)
	}
	day := "/teams/ops/days/2026-11-27"
	for _, path := range []string{day, "/teams/ops", "/people/ana-ruiz", "/teams/ops/holidays", "/people/ana-ruiz/absences"} {
		tag := r.tag(path)
		r.get("/api/v1"+path, "If-None-Match", "W/"+tag)
		r.get("/api/v1"+path, "If-None-Match", `"x", `+tag)
	}
	r.get("/api/v1"+day, "If-None-Match", `*`)
	r.get("/api/v1"+day, "If-None-Match", `"x"`, "X-Request-Id", "")
	r.get("/api/v1"+day, "Accept", "text/html", "HX-Request", "true")
	for _, request := range []string{"POST /oncall", "DELETE /teams", "PATCH /teams/ops", "POST /teams/ops/holidays", "GET /teams/ops/fill", "PUT /openapi.json", "OPTIONS /people", "GET /people/bo-chen/activate", "TRACE /nowhere"} {
		method, path, _ := strings.Cut(request, " ")
		r.send(method, "/api/v1"+path, "")
	}
}

// askWrites writes by the API, and sends what is refused.
func askWrites(r *record) {
	put := func(path, body string, header ...string) answer {
		return r.send("PUT", "/api/v1"+path, body, header...)
	}
	post := func(path, body string, header ...string) answer {
		return r.send("POST", "/api/v1"+path, body, header...)
	}
	const day = "/teams/ops/days/2026-12-14"
	first := put(day, `{"assignments":{"primary":"New Name"},"note":"n"}`, "If-None-Match", "*", "Idempotency-Key", "k").want(http.StatusOK)
	put(day, `{"assignments":{"primary":"New Name"},"note":"n"}`, "If-None-Match", "*", "Idempotency-Key", "k")
	put(day, `{"assignments":{"primary":"Bo Chen"}}`, "Idempotency-Key", "k")
	put(day, `{}`, "Idempotency-Key", strings.Repeat("k", 201))
	put(day, `{}`, "If-None-Match", "*")
	put(day, `{}`, "If-None-Match", `"x"`)
	put(day, `{}`, "If-Match", `"x"`)
	put(day, `{"revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`)
	put(day, `{"assignments":{"primary":"ana-ruiz","secondary":{"id":"dora-oz"}}}`, "If-Match", first.Header().Get("ETag"))
	for _, body := range []string{
		``, `{`, `null`, `[]`, `"x"`, "{\"note\":\"\xff\"}", `{"colour":1}`, `{"note":7}`, `{"assignments":{"tertiary":null,"primary":7,"secondary":""}}`, `{"assignments":{"primary":{"id":"none"}}}`,
		`{"assignments":{"primary":"gone-away"}}`, `{"date":"2026-12-13","note":"` + strings.Repeat("n", 281) + `","why":"\u0001"}`, `{"note":"` + strings.Repeat("n", 70_000) + `"}`,
	} {
		put(day, body)
	}
	put("/teams/ops/days/2026-11-10", `{"note":"late"}`)
	put("/teams/ops/days/2026-11-10", `{"note":"late","why":"Found it"}`)
	put("/teams/none/days/2026-12-14", `{}`)
	put("/teams/ops/days/x", `{}`)
	r.send("DELETE", "/api/v1"+day, "", "If-Match", `"x"`)
	r.send("DELETE", "/api/v1"+day, "")
	r.send("DELETE", "/api/v1/teams/ops/days/2026-11-10", "")
	r.send("DELETE", "/api/v1/teams/ops/days/2026-11-10?why=%01", "")
	r.send("DELETE", "/api/v1/teams/ops/days/2026-11-10?why=Wrong", "")

	for _, body := range []string{
		`{}`, `{"days":[{"date":"x","role":"none"}]}`, `{"days":[{"date":"2026-12-14","role":"primary","person":null},{"date":"2026-12-14","role":"primary","person":"x"},{"date":"2028-12-14","role":"primary","person":7}],"why":"\u0001"}`,
		`{"days":[{"date":"2026-11-10","role":"primary","person":"bo-chen"}]}`, `{"days":[{"date":"2026-12-14","role":"primary","person":"bo-chen","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}]}`,
		`{"days":[{"date":"2026-12-14","role":"primary","person":"bo-chen"},{"date":"2026-12-15","role":"secondary","person":"Another Name"}],"why":"As agreed"}`,
	} {
		post("/teams/ops/days", body)
	}
	var filled struct{ Group string }
	for _, body := range []string{
		`{"from":"2026-12-07","to":"2026-12-18","preview":true}`, `{"from":"2026-12-07","to":"2026-12-18"}`, `{"from":"2026-12-07","to":"2026-12-18"}`,
	} {
		post("/teams/ops/fill", body, "Idempotency-Key", "fill").want(http.StatusOK).json(&filled)
	}
	for _, body := range []string{
		`{"from":"2026-12-07","to":"2026-12-18","overwrite":true}`, `{}`, `{"from":"2026-12-07","to":"2026-12-01"}`, `{"from":"2026-11-02","to":"2026-12-01"}`, `{"from":"2026-12-07","to":"2026-12-08","of":"x"}`,
	} {
		post("/teams/ops/fill", body)
	}
	put("/teams/ops/days/2026-12-16", `{"assignments":{"primary":"cleo-diaz"}}`)
	change := filled.Group
	for _, body := range []string{
		`{"change":"x","why":"\u0001"}`, `{"change":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`, `{"change":"` + change + `","preview":true}`, `{"change":"` + change + `","preview":true,"partly":true}`, `{"change":"` + change + `"}`, `{"change":"` + change + `","partly":true}`,
	} {
		post("/teams/ops/undo", body)
	}
	post("/teams/none/undo", `{}`)

	for _, body := range []string{
		`{"name":"Ops"}`, `{"name":"X","id":"ops"}`, `{"name":"","roles":[],"settings":[{"zone":"x","handOff":"y","from":"z"}]}`, `{"name":"Y","roles":["A","a",7,"note"]}`, `{"name":"Duty","roles":["One",{"name":"Two"}]}`,
	} {
		post("/teams", body)
	}
	put("/teams/duty", `{"name":"Duty","id":"other"}`)
	put("/teams/duty", `{"name":"Duty","settings":[{"zone":"UTC"}]}`)
	put("/teams/duty", `{"name":"Duty 2","rotations":[{"id":"a","role":"none","name":"","versions":[]}]}`)
	put("/teams/duty", `{"name":"Duty 2","keepFilled":4,"editors":["ana@example.org"],"openEditing":false,"agreeFirst":true}`)
	put("/teams/duty", `{"name":"Duty 3"}`, "If-Match", `"x"`)
	put("/teams/none", `{"name":"Duty"}`)
	r.send("DELETE", "/api/v1/teams/duty", "", "If-Match", `"x"`)
	r.send("DELETE", "/api/v1/teams/duty", "")
	r.send("DELETE", "/api/v1/teams/duty", "")

	for _, body := range []string{
		`{"name":"Ana Ruiz"}`, `{"name":"X","id":"ana-ruiz"}`, `{"name":""}`, `{"name":"X","zone":"Nowhere"}`, `{"name":"X","email":"no","phone":"` + strings.Repeat("1", 99) + `","absences":[{"from":"2026-12-02","to":"2026-12-01"}]}`,
	} {
		post("/people", body)
	}
	put("/people/dora-oz", `{"name":"Dora Oz","active":false}`)
	put("/people/dora-oz", `{"name":"Dora Oz","id":"x"}`)
	put("/people/dora-oz", `{"name":"Dora Oz","inactiveFrom":"2026-12-01"}`)
	put("/people/dora-oz", `{"name":"Dora Oz"}`, "If-Match", `"x"`)
	put("/people/dora-oz", `{"name":"Dora M. Oz"}`)
	for _, body := range []string{
		`{}`, `{"from":"2026-11-01"}`, `{"from":"2036-11-01","why":"\u0001"}`, `{"from":"2026-12-07","preview":true}`, `{"from":"2026-12-07","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`, `{"from":"2026-12-07","why":"Moves on"}`,
	} {
		post("/people/dora-oz/deactivate", body, "Idempotency-Key", "leave")
	}
	post("/people/dora-oz/activate", `{"group":"x"}`)
	post("/people/dora-oz/activate", `{}`)
	post("/people/never-there/activate", `{}`)
	r.send("DELETE", "/api/v1/people/cleo-diaz", "", "If-Match", `"x"`)
	r.send("DELETE", "/api/v1/people/cleo-diaz", "", "Idempotency-Key", "remove")
	r.send("DELETE", "/api/v1/people/cleo-diaz", "", "Idempotency-Key", "remove")

	askCalendars(r)
	for _, body := range []string{`{}`, `{"name":"X","scope":"all"}`, `{"name":"X","scope":"read","days":4000}`, `{"name":"X","scope":"read","days":1}`} {
		post("/teams/web/tokens", body)
	}
	post("/tokens", `{"name":"X","scope":"read"}`)
	r.send("DELETE", "/api/v1/tokens/x", "")
	r.send("DELETE", "/api/v1/teams/web/tokens/x", "")
	askNested(r)
}

// askNested sends what is refused, and what is taken, inside the lists of teams and people.
func askNested(r *record) {
	for _, fields := range []string{
		`"rotations":[{"colour":1}]`, `"rotations":[{"versions":[{"colour":1}]}]`, `"rotations":{}`, `"rotations":[7]`, `"rotations":[null]`, `"rotations":[{"id":7}]`, `"rotations":[{"versions":[{"from":7}]}]`,
		`"rotations":[{"versions":[{"from":"x"}]}]`, `"rotations":[{"versions":[{"weekdays":"mon"}]}]`, `"rotations":[{"versions":[{"weekdays":["x"]}]}]`, `"rotations":[{"versions":[{"handOver":"x"}]}]`,
		`"rotations":[{"versions":[{"daysPerTurn":"7"}]}]`, `"rotations":[{"versions":[{"people":{}}]}]`, `"rotations":[{"versions":[{"people":[7]}]}]`,
		`"rotations":[{"id":"X","role":"none","name":"","versions":[{}]},{"id":"b","role":"primary","name":"B","versions":[{"from":"2026-12-07","weekdays":["mon"],"daysPerTurn":3,"handOver":"mon","people":["NO"]}]}]`,
		`"holidays":[{"colour":1}]`, `"holidays":[{"date":"x"}]`, `"holidays":[{"date":7}]`, `"holidays":[{"date":"2026-12-25","name":7}]`, `"holidays":[{},{"date":"2026-12-25","name":""}]`,
		`"settings":[{"colour":1}]`, `"settings":[{"handOff":7}]`, `"settings":[{"zone":"UTC","from":"x","handOff":"25:00"}]`, `"roles":[{"id":7}]`, `"roles":[{}]`,
		`"rotations":null,"holidays":null,"settings":null,"roles":null,"editors":null,"revision":null`, `"rotations":[],"holidays":[],"editors":[]`,
		`"rotations":[{"id":"rests","role":"primary","name":"Rests","versions":[{"from":"2027-03-01","weekdays":["tue","mon"],"daysPerTurn":1,"people":null}]}],"holidays":[{"date":"2026-12-26","name":"Boxing Day"},{"date":"2026-12-25","name":"Christmas Day"}]`,
	} {
		r.send("PUT", "/api/v1/teams/web", `{"name":"Web",`+fields+`}`)
	}
	for _, absences := range []string{
		`[{"colour":1}]`, `[7]`, `{}`, `[null]`, `[{"from":7}]`, `[{"from":"x"}]`, `[{"from":"2026-12-07","to":"2026-12-08","note":7}]`, `[{"from":"2026-12-07"},{"from":"2026-12-09","to":"2026-12-08"}]`, `null`,
		`[{"from":"2026-12-21","to":"2026-12-22","note":"Ski","event":"e1"},{"from":"2026-12-07","to":"2026-12-08"}]`, `[]`,
	} {
		r.send("PUT", "/api/v1/people/bo-chen", `{"name":"Bo Chen","zone":"","absences":`+absences+`}`)
	}
	r.send("POST", "/api/v1/teams/ops/exchanges", `{"kind":"take","seat":{"date":"2026-12-22","role":"primary","revision":null},"by":"bo-chen","to":null,"with":null}`)
	for _, path := range []string{"/teams/web", "/teams", "/people/bo-chen", "/people"} {
		r.get("/api/v1" + path)
	}
}

// askCalendars puts calendars by the API.
func askCalendars(r *record) {
	const holidays = "/api/v1/teams/web/holidays"
	days := string(calendar(r.t, "apple-holidays.ics"))
	r.send("PUT", holidays+"?preview=yes", days, "Content-Type", "text/calendar")
	r.send("PUT", holidays, days, "Content-Type", "text/calendar", "If-Match", `"x"`)
	r.send("PUT", holidays, days, "Content-Type", "text/calendar")
	r.send("PUT", holidays, "no calendar", "Content-Type", "text/calendar")
	r.send("PUT", holidays, strings.Repeat("x", 1<<20+1), "Content-Type", "text/calendar")
	r.send("DELETE", holidays, "", "If-Match", `"x"`)
	r.send("DELETE", holidays, "")
	absences := string(calendar(r.t, "outlook-absences.ics"))
	r.send("PUT", "/api/v1/people/ana-ruiz/absences?preview=yes", absences, "Content-Type", "text/calendar")
	r.send("PUT", "/api/v1/people/ana-ruiz/absences", absences, "Content-Type", "text/calendar", "If-Match", `"x"`)
	r.send("PUT", "/api/v1/people/ana-ruiz/absences", absences, "Content-Type", "text/calendar")
	r.send("PUT", "/api/v1/people/none/absences", "no calendar", "Content-Type", "text/calendar")
}
