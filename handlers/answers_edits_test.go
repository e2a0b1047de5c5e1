package handlers_test

import (
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// with is a form with other values in some of its fields, in pairs.
func with(fields url.Values, pairs ...string) string {
	changed := url.Values{}
	for name, values := range fields {
		changed[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed.Encode()
}

// rowForm is the form of a day's row, as htmx asks for it.
func (r *record) rowForm(date string) url.Values {
	r.t.Helper()
	r.dice.throw(date)
	return formOf(r.t, r.site.htmx(r.t, "GET", "/teams/ops/days/"+date+"/edit"+inView, "").html())
}

// askDays edits days as the page does, with and without JavaScript.
func askDays(r *record) {
	const tuesday, saturday = "/teams/ops/days/2026-11-24", "/teams/ops/days/2026-11-28"
	first, second := r.rowForm("2026-11-24"), r.rowForm("2026-11-24")
	saved := with(first, "primary", "cleo diaz", "note", "With <b>care</b>")
	r.htmx("PUT", tuesday+inView, saved)
	r.htmx("PUT", tuesday+inView, saved) // again, as by a proxy
	conflict := r.htmx("PUT", tuesday+inView, with(second, "primary", "Dora Oz", "note", "mine"))
	r.htmx("PUT", tuesday+inView, with(formOf(r.t, conflict.html()), "secondary", "Somebody New"))
	r.htmx("PUT", tuesday+inView, with(second, "primary", "Dora Oz", "note", "mine", "secondary", "Somebody New")) // what it says already
	for _, wrong := range []string{
		"primary=" + strings.Repeat("x", 81), "note=" + strings.Repeat("n", 281), "primary=gone+away+%01", "why=%01", "change=x", "revision=x", "primary=%ff", "%zz",
	} {
		r.htmx("PUT", tuesday+inView, wrong)
	}
	r.htmx("PUT", "/teams/ops/days/2026-12-05"+inView, "primary=gone+away")
	r.htmx("PUT", "/teams/ops/days/2026-12-03"+inView, "primary=Ana+Ruiz")
	r.htmx("PUT", "/teams/ops/days/2026-11-16?days=7", "primary=Ana+Ruiz")
	r.htmx("PUT", "/teams/ops/days/2026-11-16?days=7", "primary=Ana+Ruiz&why=She+was+there")
	r.htmx("PUT", "/teams/ops/days/x", "primary=Ana+Ruiz")
	r.htmx("PUT", "/teams/none/days/2026-11-24", "primary=Ana+Ruiz")
	r.send("PUT", tuesday, "primary=Ana+Ruiz") // by a script

	row := r.rowForm("2026-11-27")
	cleared := r.htmx("DELETE", "/teams/ops/days/2026-11-27"+inView+"&"+row.Encode(), "")
	r.htmx("DELETE", "/teams/ops/days/2026-11-27"+inView+"&"+with(row, "change", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "note", "x"), "") // by now it is clear
	r.htmx("PUT", "/teams/ops/days/2026-11-27"+inView, formOf(r.t, cleared.html()).Encode())
	r.htmx("DELETE", "/teams/ops/days/2026-11-27"+inView+"&"+with(row, "change", "01ARZ3NDEKTSV4RRFFQ69G5FAW"), "")
	r.htmx("DELETE", "/teams/ops/days/2026-11-10?days=7", "")
	r.htmx("DELETE", "/teams/ops/days/2027-01-01", "")
	r.htmx("PUT", "/teams/ops/days/2027-01-01", "note=New+Year")

	// Without JavaScript.
	const week = "?from=2026-11-23&days=7"
	page := func(date, more string) url.Values {
		doc := r.get("/teams/ops" + week + more).html()
		return formOf(r.t, doc.Find("tr#day-"+date))
	}
	plain := page("2026-11-28", "&edit=2026-11-28")
	stale := r.rowForm("2026-11-28")
	r.send("POST", saturday+week, with(plain, "primary", strings.Repeat("x", 81)))
	r.send("POST", saturday+week, with(plain, "primary", "Ana Ruiz", "secondary", "Bo Chen"))
	r.send("POST", saturday+week, with(stale, "primary", "Bo Chen"))
	gone := r.send("POST", saturday+week, with(r.rowForm("2026-11-28"), "clear", "1"))
	undo := formOf(r.t, r.get(locationOf(gone)).html().Find("tr#day-2026-11-28"))
	r.send("POST", saturday+week, undo.Encode())
	r.send("POST", "/teams/ops/days/2026-11-17?from=2026-11-16&days=7", "note=x")
	r.send("POST", "/teams/ops/days/2026-11-17?from=2026-11-16&days=7", "note=x&clear=1&why=wrong")
	r.send("POST", saturday+"?from=x", "note=x")
	r.send("POST", saturday, "note="+strings.Repeat("x", 70_000))
	r.htmx("PUT", saturday, "note="+strings.Repeat("x", 70_000))

	askUndo(r)
}

// askUndo takes back what is in the history.
func askUndo(r *record) {
	change := func(of string) string {
		r.t.Helper()
		id, there := r.get("/teams/ops/history?limit=100&date=" + of).html().Find(`input[name="change"]`).Last().Attr("value")
		if !there {
			r.t.Fatalf("the history of %s has no Undo", of)
		}
		return id
	}
	latest := change("2027-01-01")
	r.send("POST", "/teams/ops/undo", "change="+latest)
	r.send("POST", "/teams/ops/undo", "change="+latest)
	past := change("2026-11-17")
	r.send("POST", "/teams/ops/undo", "change="+past)
	r.send("POST", "/teams/ops/undo", "change="+past+"&why=%01")
	first := change("2026-11-24")
	r.send("POST", "/teams/ops/undo", "change="+first)
	r.htmx("POST", "/teams/ops/undo", "change="+first)
	r.send("POST", "/teams/ops/undo", "change="+first+"&partly=yes")
	r.send("POST", "/teams/ops/undo", "change="+first+"&partly=yes&why=Tidying")
	r.send("POST", "/teams/ops/undo", "change="+first+"&partly=yes&month=2026-11&why=%01")
	r.send("POST", "/teams/ops/undo", "change=x")
	r.send("POST", "/teams/ops/undo", "change=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	r.send("POST", "/teams/none/undo", "change="+latest)
	r.get("/teams/ops/history?limit=2")
}

// askGrid asks the months, and sets their days.
func askGrid(r *record) {
	r.get("/teams/ops/grid")
	r.htmx("GET", "/teams/web/grid?month=2026-11", "")
	r.htmx("GET", "/teams/web/grid/table?month=2026-11", "")
	r.htmx("GET", "/teams/web/grid?month=2026-11&done=01ARZ3NDEKTSV4RRFFQ69G5FAV", "")
	r.htmx("GET", "/teams/web/grid?month=2026-11&undone=x", "")
	r.get("/teams/web/grid?month=2026-11&done=01ARZ3NDEKTSV4RRFFQ69G5FAV")
	for _, path := range []string{"/teams/ops/grid?month=x", "/teams/ops/grid?month=9999-12", "/teams/ops/grid?done=x", "/teams/none/grid", "/teams/ops/grid/table?month=x"} {
		r.get(path)
		r.htmx("GET", path, "")
	}

	const web = "/teams/web/grid?month=2026-12"
	form := func() url.Values {
		r.t.Helper()
		r.dice.throw("form")
		return formOf(r.t, r.site.send(r.t, "GET", web, "").html().Find("form#set"))
	}
	set := form()
	seen := with(set, "from", "2026-12-01", "to", "2026-12-03", "name", "Bo Chen", "seen", "2026-12-01= 2026-12-02="+r.revision("/teams/web/days/2026-12-02")+" 2026-12-03=")
	r.htmx("POST", web, seen)
	r.htmx("POST", web, seen)
	conflict := r.htmx("POST", web, with(form(), "from", "2026-12-01", "to", "2026-12-04", "name", "Ana Ruiz", "seen", "2026-12-01= 2026-12-02= 2026-12-03= 2026-12-04="))
	conflict.html().Find(".ways form").Each(func(_ int, way *goquery.Selection) {
		r.htmx("POST", web, formOf(r.t, way).Encode())
	})
	r.send("POST", web, with(form(), "from", "2026-12-10", "to", "2026-12-11", "name", "Fresh Face"))
	r.send("POST", web, with(form(), "from", "2026-12-10", "to", "2026-12-11", "nobody", "yes"))
	r.send("POST", web, with(form(), "from", "2026-12-10", "to", "2026-12-11", "name", "Bo Chen", "seen", "2026-12-10= 2026-12-11="))
	r.htmx("POST", web, with(form(), "from", "2026-12-14", "names", "Ana Ruiz\nBo Chen\n\nCleo Diaz"))
	r.htmx("POST", web, with(form(), "from", "2026-12-14", "names", "Ana Ruiz\nWho Is That"))
	r.send("POST", web, with(form(), "from", "2026-12-14", "names", "a\tb\nc"))
	for _, wrong := range []string{
		"role=none&from=x&to=y", "role=lead&from=2026-12-02&to=2026-12-01&name=", "role=lead&from=2026-12-02&to=2028-12-01&name=Bo+Chen", "role=lead&from=2026-11-02&to=2026-11-03&name=Bo+Chen",
		"role=lead&from=2026-12-02&to=2026-12-02&name=Bo+Chen&seen=x", "role=lead&from=2026-12-02&to=2026-12-02&name=Bo+Chen&group=x", "role=lead&from=2026-12-05&to=2026-12-05&name=gone+away",
	} {
		r.htmx("POST", web, wrong)
	}
	r.send("POST", web, "role=lead&from=2026-12-02&to=2026-12-01")
	r.htmx("POST", "/teams/web/grid?month=x", "role=lead")
	r.htmx("POST", web, "role=lead&from=2026-12-30&to=2027-01-02&name=Dora+Oz")
}
