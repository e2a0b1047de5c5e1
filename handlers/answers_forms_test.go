package handlers_test

import (
	"net/url"
	"strings"
	"time"
)

// form is the form that sends to the action, as the page at the path has it. The page is
// not written down.
func (r *record) form(path, action string) url.Values {
	r.t.Helper()
	r.dice.throw(path)
	found := r.site.send(r.t, "GET", path, "").html().Find(`form[action="` + action + `"]`)
	if found.Length() == 0 {
		r.t.Fatalf("%s has no form that sends to %s", path, action)
	}
	return formOf(r.t, found.First())
}

// post sends a form as browsers without JavaScript do.
func (r *record) post(path, body string) answer {
	r.t.Helper()
	return r.send("POST", path, body)
}

// askForms sends the forms of people, teams and rotations.
func askForms(r *record) {
	r.post("/people", "name=Zoe+Alt&email=zoe@example.org&zone=Asia/Tokyo")
	r.post("/people", "name=&email=no&zone=Nowhere")
	r.post("/people", "name=Ana+Ruiz")
	ana := r.form("/people/ana-ruiz", "/people/ana-ruiz")
	r.post("/people/ana-ruiz", with(ana, "phone", "+49 30 1"))
	r.post("/people/ana-ruiz", with(ana, "phone", "+49 30 2", "name", "Ana Maria Ruiz")) // by now stale
	r.post("/people/ana-ruiz", "name=%01&zone=x&email=x&revision="+r.revision("/people/ana-ruiz"))
	r.post("/people/none", "name=X")

	bo := func() string { return "&revision=" + r.revision("/people/bo-chen") }
	r.post("/people/bo-chen/absences", "from=2026-12-07&to=2026-12-09&note=Away"+bo())
	r.post("/people/bo-chen/absences", "from=x&to=y"+bo())
	r.post("/people/bo-chen/absences", "from=2026-12-09&to=2026-12-07"+bo())
	r.post("/people/bo-chen/absences", "from=2026-12-07&to=2026-12-09&revision=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.get("/people/bo-chen")
	r.post("/people/bo-chen/absences/remove", "from=2026-12-07&to=2026-12-09"+bo())
	r.post("/people/bo-chen/absences/remove", "from=x"+bo())

	confirm := formOf(r.t, r.get("/people/bo-chen/deactivate?from=2026-12-01").html().Find(`form[method="post"]`))
	r.post("/people/bo-chen/deactivate", with(confirm, "revision", "01ARZ3NDEKTSV4RRFFQ69G5FAV"))
	r.post("/people/bo-chen/deactivate", with(confirm, "from", "2026-11-01"))
	r.post("/people/bo-chen/deactivate", with(confirm, "from", "x"))
	r.post("/people/bo-chen/deactivate", with(confirm, "group", "x"))
	left := r.get(locationOf(r.post("/people/bo-chen/deactivate", confirm.Encode()))).html()
	refill, _ := left.Find(`#left-ops + p a`).Attr("href")
	r.get(strings.TrimSuffix(refill, "#fill"))
	r.get("/people/bo-chen")
	back := formOf(r.t, left.Find(`form[action$="/activate"]`))
	r.post("/people/bo-chen/activate", with(back, "revision", "01ARZ3NDEKTSV4RRFFQ69G5FAV"))
	r.post("/people/bo-chen/activate", with(back, "group", "x"))
	r.post("/people/bo-chen/activate", back.Encode())
	r.post("/people/gone-away/activate", "revision="+r.revision("/people/gone-away"))
	r.post("/people/never-there/activate", "")
	r.post("/people/zoe-alt/remove", "revision=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.post("/people/zoe-alt/remove", "revision="+r.revision("/people/zoe-alt"))
	removed := r.post("/people/cleo-diaz/remove", "revision="+r.revision("/people/cleo-diaz"))
	r.get(locationOf(removed))
	r.post("/people/none/remove", "")

	r.post("/teams", "name=New+Team&zone=UTC&handOff=08:30&roles=First,+Second")
	r.get("/teams/new-team?days=1")
	r.post("/teams", "name=&zone=Nowhere&handOff=25:00&roles=")
	r.post("/teams", "name=Ops&zone=UTC&handOff=08:30&roles=First")
	settings := r.form("/teams/ops/settings", "/teams/ops/settings")
	r.post("/teams/ops/settings", with(settings, "name", "Operations", "agreeFirst", "yes"))
	r.post("/teams/ops/settings", with(settings, "name", "Stale"))
	settings = r.form("/teams/ops/settings", "/teams/ops/settings")
	r.post("/teams/ops/settings", with(settings, "handOff", "10:00", "zone", "Europe/Lisbon", "from", "2026-12-15"))
	settings = r.form("/teams/ops/settings", "/teams/ops/settings")
	r.post("/teams/ops/settings", with(settings, "name", "", "zone", "x", "handOff", "y", "from", "z", "roles", "", "keepFilled", "many"))
	r.post("/teams/ops/settings", with(settings, "from", "2026-11-01", "roles", "Primary"))
	r.get("/teams/ops/settings")
	r.post("/teams/none/settings", "name=X")
	r.post("/teams/new-team/remove", "revision=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.post("/teams/new-team/remove", "revision="+r.revision("/teams/new-team"))
	r.get("/teams/new-team")

	askRotations(r)
	askHours(r)
}

// askHours gives a team's role hours and rates, and reads what they make.
func askHours(r *record) {
	const page, pay = "/teams/web/hours", "/teams/web/pay"
	team := func() string { return "&revision=" + r.revision("/teams/web") }
	r.get(page)
	r.get(page + "?start=day-night")
	role := "roles.0.id=lead&roles.0.name=Lead&roles.0.zone=Asia/Tokyo&roles.0.hours=mon-fri+08:00-20:00"
	r.post(page, role+"&from=2026-11-01"+team())
	r.post(page+"?preview=yes", role+"&from=2026-11-25"+team())
	r.post(page, role+"&from=2026-11-25"+team())
	r.post(page, role+"&from=2026-11-25&revision=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.get("/teams/web?from=2026-11-23&days=4")
	r.get(pay + "?from=2026-11-01&to=2026-11-30")
	r.post(pay, "currency=euro&hour=x"+team())
	r.post(pay, "currency=EUR&hour=10&night=12,50"+team())
	r.get(pay + "?from=2026-11-01&to=2026-12-31")
	for _, path := range []string{"/teams/web/pay.csv", "/api/v1/teams/web/pay.csv", "/api/v1/teams/web/pay"} {
		r.get(path + "?from=2026-11-01&to=2026-11-30")
	}
}

// askRotations changes rotations and fills from them.
func askRotations(r *record) {
	r.post("/me", "name=No+One")
	r.post("/me", "name=Bo+Chen")
	r.send("GET", "/me", "", "Cookie", "roster_me=bo-chen")
	r.post("/me/forget", "")
	r.post("/teams/web/take-back", "")
	r.post("/people/bo-chen/take-back", "")
	const page = "/teams/web/rotations"
	team := func() string { return "&revision=" + r.revision("/teams/web") }
	weekdays := "&weekday=mon&weekday=tue&weekday=wed&weekday=thu&weekday=fri"
	r.post(page, "name=Leads&role=lead&daysPerTurn=1&from=2026-11-24&people=Ana+Ruiz,+Bo+Chen,+Quite+New"+weekdays+team())
	r.post(page, "name=Leads&role=lead&daysPerTurn=1&from=2026-11-24&people=Ana+Ruiz"+weekdays+"&revision=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.post(page, "name=&role=none&daysPerTurn=x&from=x&people=&weekday=x&handOver=x"+team())
	r.post(page, "id=leads&name=Leads&role=lead&daysPerTurn=2&from=2026-11-01&people=Bo+Chen"+weekdays+team())
	r.post(page, "id=leads&name=Leads&role=none&daysPerTurn=2&from=2026-12-01&people=Bo+Chen"+weekdays+team())
	r.post(page, "id=leads&name=Chiefs&role=lead&daysPerTurn=2&from=2026-12-01&people=Dora+Oz,+Bo+Chen"+weekdays+team())
	r.post(page+"/preview", "id=leads&name=Chiefs&role=lead&daysPerTurn=2&from=2026-12-01&people=Bo+Chen,+Not+There+Yet"+weekdays)
	r.post(page+"/preview", "name=&role=none&daysPerTurn=x&from=x")
	r.get(page + "?saved")
	fill := formOf(r.t, r.get(page+"?fill-from=2026-11-23&fill-to=2026-12-11").html().Find(`#fill form[method="post"]`))
	r.post("/teams/web/fill", fill.Encode())
	r.post("/teams/web/fill", fill.Encode())
	r.get("/teams/web?from=2026-12-09&days=3")
	r.post("/teams/web/fill", with(fill, "group", "x"))
	r.post("/teams/web/fill", with(fill, "fill-to", "x"))
	r.post("/teams/web/fill", with(fill, "fill-from", "2026-11-02"))
	r.post("/teams/web/fill", with(fill, "fill-to", "2026-12-18", "overwrite", "yes", "group", "01ARZ3NDEKTSV4RRFFQ69G5FAV"))
	r.post("/teams/none/fill", fill.Encode())
	group, _ := r.get("/teams/web/history?limit=1").html().Find(`input[name="change"]`).Attr("value")
	r.get("/teams/web/history?group=" + group)
	r.get("/teams/web/history?kind=rotation&name=Bo+Chen&from=2026-11-01&to=2026-12-31")
	r.get("/teams/web/history?kind=x")
	r.get("/teams/web/history?name=No+One+Known")
	r.get("/teams/web/days/2026-11-30/history")
	r.htmx("GET", "/teams/web/days/2026-11-30/history", "")
	r.htmx("GET", "/teams/web/days/x/history", "")
	r.post("/teams/web/undo", "change="+group)
}

// askFiles brings rosters and calendars.
func askFiles(r *record) {
	for _, page := range []struct{ path, file string }{{"/teams/ops/holidays", "google-holidays.ics"}, {"/people/ana-ruiz/calendar", "outlook-absences.ics"}} {
		preview := r.upload(page.path, "file", page.file).html()
		boxes := ticked(preview)
		r.post(page.path, boxes.Encode())
		r.post(page.path, "take=x")
		r.post(page.path, "")
		r.get(strings.TrimSuffix(page.path, "/calendar"))
		r.upload(page.path, "file", page.file) // it is there already
		r.upload(page.path, "other", page.file)
		r.send("POST", page.path, "--x\r\nbroken", "Content-Type", "multipart/form-data; boundary=x")
		r.send("POST", page.path, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.ics\"\r\n\r\nno calendar\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
	}
	r.post("/teams/ops/holidays/remove", "take="+url.QueryEscape(`{"date":"2026-12-25","name":"Christmas"}`))
	r.post("/teams/ops/holidays/remove", "take=x")
	r.post("/teams/none/holidays/remove", "")
	r.post("/people/none/calendar", "")

	const page = "/teams/ops/import"
	paste := func(text string) answer { return r.post(page, url.Values{"text": {text}}.Encode()) }
	paste("Date,Primary\n2026-12-14,Ana Ruiz\n2026-12-15,Bo Chen\n2026-12-16,Somebody Else\n2026-11-24,Dora Oz\n2026-11-10,Dora Oz\nx,y\n")
	paste("")
	paste("nothing that is a roster")
	paste(fixture(r.t, "confluence.html"))
	r.post(page, "url=https://wiki.example.org/page")
	r.post("/teams/none/import", "text=x")
	preview := importForm(r.t, paste("Date,Primary\n2026-12-14,Ana Ruiz\n2026-12-15,Bo Chen\n2026-12-16,Ana Ruiz\n").html())
	r.post(page, with(preview, "do", "import", "seen", "{}"))
	r.post(page, with(preview, "heading", "0"))
	r.post(page, with(preview, "do", "import", "column-1", ""))
	r.post(page, with(preview, "group", "x"))
	r.post(page, with(preview, "tables", "x"))
	r.post(page, with(preview, "do", "import"))
	r.get("/teams/ops?from=2026-12-14&days=3")
	r.post(page, with(preview, "do", "import"))
	past := importForm(r.t, paste("Date,Primary\n2026-11-10,Dora Oz\n2026-11-11,Ana Ruiz\n").html())
	r.post(page, with(past, "do", "import")) // the past is left out
	past = importForm(r.t, r.post(page, with(past, "past", "yes")).html())
	r.post(page, with(past, "do", "import"))
	r.post(page, with(past, "do", "import", "why", "From paper"))
	r.post(page, "text="+strings.Repeat("x", 2<<20))
}

// upload sends a calendar of ical/testdata as the form of a page does, between bounds that
// are always the same.
func (r *record) upload(path, field, name string) answer {
	r.t.Helper()
	return r.send("POST", path, "--x\r\nContent-Disposition: form-data; name=\""+field+"\"; filename=\"calendar.ics\"\r\n\r\n"+
		string(calendar(r.t, name))+"\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
}

// askTokens makes tokens and feeds, and takes them back.
func askTokens(r *record) {
	shown := func(a answer) string { return attr(a.html(), "input[readonly]", "value") }
	text := shown(r.post("/teams/ops/tokens", "name=Builds&scope=edit&days=30"))
	r.post("/teams/ops/tokens", "name=&scope=all&days=x")
	r.post("/teams/ops/tokens", "name=&scope=all&days=4000")
	r.post("/tokens", "name=Mine&scope=read&days=30")
	r.send("PUT", "/api/v1/teams/ops/days/2026-12-15", `{"assignments":{"primary":"ana-ruiz"}}`, "Authorization", "Bearer "+text)
	r.send("PUT", "/api/v1/teams/web/days/2026-12-15", `{"assignments":{"lead":"ana-ruiz"}}`, "Authorization", "Bearer "+text)
	r.send("POST", "/api/v1/teams", `{"name":"X"}`, "Authorization", "Bearer "+text)
	r.get("/teams/ops/history?limit=1")
	waitUsed(r, "/api/v1/teams/ops/tokens")
	r.get("/teams/ops/tokens")
	r.get("/api/v1/teams/ops/tokens")
	id := strings.Split(text, "_")[1]
	r.post("/teams/web/tokens/"+id+"/revoke", "")
	r.post("/teams/ops/tokens/"+id+"/revoke", "")
	r.post("/teams/ops/tokens/x/revoke", "")
	r.post("/tokens/"+id+"/revoke", "")
	r.get("/api/v1/teams", "Authorization", "Bearer "+text)
	r.get("/api/v1/teams", "Authorization", "Bearer roster_x")
	r.get("/teams/ops", "Authorization", "Bearer "+text)
	r.get("/teams/ops/tokens")

	feed := r.post("/teams/ops/feeds", "name=Board&role=primary")
	r.post("/teams/ops/feeds", "name=&role=none")
	own := r.send("POST", "/people/ana-ruiz/feeds", "name=Mine", "X-Forwarded-Proto", "https")
	r.post("/people/ana-ruiz/feeds", "name=")
	r.post("/people/none/feeds", "name=X")
	for _, made := range []struct {
		answer
		page string
	}{{feed, "/teams/ops/feeds"}, {own, "/people/ana-ruiz/feeds"}} {
		address, err := url.Parse(attr(made.html(), "#feed-url", "value"))
		if err != nil {
			r.t.Fatal(err)
		}
		r.get(made.page)
		r.post(made.page+"/"+strings.Split(address.Path, "_")[1]+"/revoke", "")
		r.post(made.page+"/x/revoke", "")
		r.get(address.Path)
		r.get(made.page)
	}
}

// waitUsed waits until a token of the list is noted as used, which no request waits for.
func waitUsed(r *record, list string) {
	r.t.Helper()
	for range 500 {
		if strings.Contains(r.site.send(r.t, "GET", list, "").Body.String(), `"lastUsed":"`) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.t.Fatal("no token is noted as used, though one was")
}
