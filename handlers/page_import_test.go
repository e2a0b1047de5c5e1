package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"dailyroster/check/corpus"
	"dailyroster/desk"
	"dailyroster/handlers"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/archive"
	"dailyroster/store/bolt"
)

const importPath = "/teams/ops/import"

// importForm reads the preview's form as a browser would send it.
func importForm(t *testing.T, doc *goquery.Selection) url.Values {
	t.Helper()
	form := doc.Find("form.import")
	if form.Length() != 1 {
		t.Fatalf("got %d forms of a preview, want 1", form.Length())
	}
	fields := url.Values{}
	form.Find("input").Each(func(_ int, in *goquery.Selection) {
		if kind, _ := in.Attr("type"); kind == "checkbox" {
			if _, checked := in.Attr("checked"); !checked {
				return
			}
		}
		name, _ := in.Attr("name")
		value, _ := in.Attr("value")
		fields.Set(name, value)
	})
	form.Find("select").Each(func(_ int, sel *goquery.Selection) {
		name, _ := sel.Attr("name")
		value, _ := sel.Find("option").First().Attr("value")
		if chosen := sel.Find("option[selected]"); chosen.Length() > 0 {
			value, _ = chosen.First().Attr("value")
		}
		fields.Set(name, value)
	})
	return fields
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "intake", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (s *site) preview(t *testing.T, text string) *goquery.Selection {
	t.Helper()
	return s.send(t, "POST", importPath, url.Values{"text": {text}}.Encode()).want(http.StatusOK).html()
}

// who says who has the role on the days from–to, "-" for nobody, without repetitions.
func (s *site) who(t *testing.T, team, role, from, to string) string {
	t.Helper()
	var list struct{ Days []apiDayJSON }
	s.send(t, "GET", "/api/v1/teams/"+team+"/days?from="+from+"&to="+to, "").want(http.StatusOK).json(&list)
	var told []string
	for _, d := range list.Days {
		name := "-"
		if p := d.Assignments[role]; p != nil {
			name = p.Name
		}
		if len(told) == 0 || told[len(told)-1] != name {
			told = append(told, name)
		}
	}
	return strings.Join(told, ", ")
}

// A wiki's table is brought in without any correction, as one act, and taken back.
func TestImportWiki(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"assignments":{"primary":"Dora"}}`).want(http.StatusOK)
	doc := s.preview(t, fixture(t, "mediawiki.html"))
	wantText(t, doc, "[aria-labelledby=understood]", "48 filled, 1 replaced, 0 unchanged; every line is understood.")
	wantText(t, doc, "table tbody tr:nth-of-type(1)", "Mon 23 Nov – Sun 29 Nov 2026Primary: Ana Ruiz (new) Secondary: Bo Chen (new) fills 13, replaces Dora on 1")
	wantText(t, doc, "[aria-labelledby=names]", "Zoë Ångström make a new person")
	if h := s.history(t); len(h) != 1 {
		t.Fatalf("after the preview: got %d changes, want the one from before", len(h))
	}
	form := importForm(t, doc)
	form.Set("do", "import")
	var to string
	for range 2 { // sent twice, it is one import
		to = s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	}
	if want := "/teams/ops?from=2026-11-23&imported=" + form.Get("group"); to != want {
		t.Errorf("after the import: got %s, want %s", to, want)
	}
	wantText(t, s.send(t, "GET", to, "").want(http.StatusOK).html(), ".notice", "The roster is imported.")
	check := func(when, primary, secondary string) {
		t.Helper()
		if got := s.who(t, "ops", "primary", "2026-11-23", "2027-01-04"); got != primary {
			t.Errorf("primary %s: got %s, want %s", when, got, primary)
		}
		if got := s.who(t, "ops", "secondary", "2026-11-23", "2027-01-04"); got != secondary {
			t.Errorf("secondary %s: got %s, want %s", when, got, secondary)
		}
	}
	check("after the import", "Ana Ruiz, Bo Chen, Zoë Ångström, -, Ana Ruiz, -", "Bo Chen, Cleo Diaz, -")
	h := s.history(t)
	if len(h) != 1+49 || h[0].Why != "import" {
		t.Errorf("the history: got %d changes, the newest %+v, want 50 and an import", len(h), h[0])
	}
	wantText(t, s.preview(t, fixture(t, "mediawiki.html")), "[aria-labelledby=understood]", "0 filled, 0 replaced, 49 unchanged")
	s.send(t, "POST", "/teams/ops/undo", "change="+form.Get("group")).want(http.StatusSeeOther)
	check("after the undo", "-, Dora, -", "-")
}

// Dates that can be read either way need one correction; names can be given to people.
func TestImportCorrected(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","active":true}`).want(http.StatusCreated)
	doc := s.preview(t, "Date,Primary,Other\n04/12/2026,A. Ruiz,Cleo\n11/12/2026,Robot,Bo\n20/11/2026,Bo,\n")
	form := importForm(t, doc)
	form.Set("order", "day-first")
	form.Set("whom-0", "ana-ruiz")
	form.Set("whom-1", "-")
	form.Set("column-2", "role:secondary")
	form.Set("do", "preview")
	doc = s.send(t, "POST", importPath, form.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "table tbody tr:nth-of-type(1)", "Fri 4 Dec 2026Primary: Ana Ruiz Secondary: Cleo (new) fills 2")
	wantText(t, doc, "table tbody tr:nth-of-type(2)", "Robot is left out.")
	wantText(t, doc, "[aria-labelledby=understood]", "1 assignment of days before today is left out.")
	form = importForm(t, doc)
	form.Set("do", "import")
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-20", "2026-12-11"); got != "-, Ana Ruiz, -" {
		t.Errorf("primary: got %s", got)
	}
	form.Set("past", "yes")
	doc = s.send(t, "POST", importPath, form.Encode()).want(http.StatusOK).html()
	wantText(t, doc, ".error", "You changed how the table is read.")
	form = importForm(t, doc)
	form.Set("do", "import")
	doc = s.send(t, "POST", importPath, form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-why-says .error", "2026-11-20 is past; say why you change it")
	form = importForm(t, doc)
	form.Set("do", "import")
	form.Set("why", "as it was in the wiki")
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-20", "2026-12-03"); got != "Bo, -" {
		t.Errorf("primary, with the past: got %s", got)
	}
}

func TestImportAsksForTheOrder(t *testing.T) {
	s := newSite(t)
	doc := s.preview(t, "Date,Primary\n4/12/2026,Ana\n")
	wantText(t, doc, ".error", "These dates can mean two different days.")
	if doc.Find("button[value=import]").Length() != 0 {
		t.Error("an import is offered, want none before the question is answered")
	}
}

// What somebody does between preview and import is not lost: the preview comes again.
func TestImportConflict(t *testing.T) {
	s := newSite(t)
	form := importForm(t, s.preview(t, "Date,Primary\n2026-11-30,Ana\n2026-12-01,Ana\n"))
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-12-01", `{"assignments":{"primary":"Bo"}}`).want(http.StatusOK)
	form.Set("do", "import")
	doc := s.send(t, "POST", importPath, form.Encode()).want(http.StatusConflict).html()
	wantText(t, doc, ".error", "Someone changed the roster since you looked.")
	wantText(t, doc, "table tbody tr:nth-of-type(2)", "replaces Bo on 1")
	if got := s.who(t, "ops", "primary", "2026-11-30", "2026-12-01"); got != "-, Bo" {
		t.Errorf("after the refused import: got %s, want nothing of it", got)
	}
	var people struct{ People []struct{ Name string } }
	s.send(t, "GET", "/api/v1/people", "").json(&people)
	if len(people.People) != 1 {
		t.Errorf("after the refused import: got the people %v, want Bo alone", people)
	}
	form = importForm(t, doc)
	form.Set("do", "import")
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-30", "2026-12-01"); got != "Ana" {
		t.Errorf("after the second import: got %s, want Ana", got)
	}
}

// An import that was cut off between two months goes on when it is sent again, as one act.
func TestImportCutOff(t *testing.T) {
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	cut := &outage{Store: data}
	s := siteOn(t, cut)
	form := importForm(t, s.preview(t, "Date,Primary\n2026-11-30,Ana\n2026-12-01,Ana\n2027-01-01,Ana\n"))
	form.Set("do", "import")
	half := &outageAfter{outage: cut, saves: 1}
	s2 := siteFetching(t, half, nil)
	s2.send(t, "POST", importPath, form.Encode()).want(http.StatusServiceUnavailable)
	if got := s.who(t, "ops", "primary", "2026-11-30", "2026-12-01"); got != "Ana, -" {
		t.Fatalf("after the cut: got %s, want the first month alone", got)
	}
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-30", "2026-12-01"); got != "Ana" {
		t.Errorf("after the rest: got %s, want Ana", got)
	}
	s.send(t, "POST", "/teams/ops/undo", "change="+form.Get("group")).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-30", "2027-01-01"); got != "-" {
		t.Errorf("after one undo: got %s, want nobody", got)
	}
}

func TestImportFiles(t *testing.T) {
	s := newSite(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "rota.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, fixture(t, "german.csv"))
	_ = form.WriteField("text", "")
	_ = form.Close()
	r := httptest.NewRequestWithContext(t.Context(), "POST", importPath, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	doc := answer{t, "a file", w}.want(http.StatusOK).html()
	wantText(t, doc, "table tbody tr:nth-of-type(1)", "Primary: Jörg Müller (new)")
	wantText(t, doc, "table tbody tr:nth-of-type(3)", `Left out: no date is understood in "31.11.2026".`)
}

// Whatever a form says, the answer is a page that says what is wrong.
func TestImportRefuses(t *testing.T) {
	s := newSite(t)
	good := importForm(t, s.preview(t, "Date,Primary\n2026-11-30,Ana\n"))
	good.Set("do", "import")
	with := func(name, value string) url.Values {
		changed := url.Values{}
		for k, v := range good {
			changed[k] = v
		}
		changed.Set(name, value)
		return changed
	}
	for what, c := range map[string]struct {
		fields url.Values
		status int
	}{
		"nothing":                 {url.Values{"text": {""}}, 422},
		"no fields":               {url.Values{}, 422},
		"a page without a table":  {url.Values{"text": {"<html><p>x</html>"}}, 422},
		"a broken calendar":       {url.Values{"text": {"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"}}, 422},
		"an address, when off":    {url.Values{"url": {"http://127.0.0.1/"}}, 422},
		"too many rows":           {url.Values{"text": {strings.Repeat("a,b\n", 2000)}}, 422},
		"prose":                   {url.Values{"text": {"Dear all,\nplease see above"}}, 422},
		"tables that are none":    {with("tables", "["), 400},
		"tables of another kind":  {with("tables", `{"a":1}`), 400},
		"no tables":               {with("tables", `[]`), 400},
		"an empty table":          {with("tables", `[{"rows":[],"lines":[]}]`), 400},
		"rows of unequal length":  {with("tables", `[{"rows":[["a"],["a","b"]],"lines":[1,2]}]`), 400},
		"rows without numbers":    {with("tables", `[{"rows":[["a"]],"lines":[]}]`), 400},
		"a table that is not":     {with("table", "7"), 400},
		"a table below none":      {with("table", "-1"), 400},
		"no group":                {with("group", "x"), 400},
		"seen that is none":       {with("seen", "x"), 400},
		"a column that cannot be": {with("column-0", "role:none"), 422},
		"two columns of dates":    {with("column-1", "date"), 422},
		"no column of dates":      {with("column-0", ""), 422},
		"no column of people":     {with("column-1", ""), 422},
		"no number of headings":   {with("heading", "x"), 422},
		"too many headings":       {with("heading", "99"), 422},
		"somebody who is not":     {with("whom-0", "mallory"), 400},
		"an order that is none":   {with("order", "sideways"), 422},
	} {
		res := s.send(t, "POST", importPath, c.fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if res.Code != c.status {
			t.Errorf("%s: got %d, want %d", what, res.Code, c.status)
		}
	}
	s.send(t, "POST", "/teams/nobody/import", "text=x").want(http.StatusNotFound)
	s.send(t, "POST", importPath, "text="+strings.Repeat("x", 1<<20)).want(http.StatusRequestEntityTooLarge)
}

// An import of more new people than can be added at once says so in its preview, and adds nobody.
func TestImportOfTooManyPeople(t *testing.T) {
	s := newSite(t)
	var table strings.Builder
	table.WriteString("Date,Primary\n")
	for i := range desk.MaxNewcomers + 1 {
		fmt.Fprintf(&table, "%s,New %d\n", companyDay.AddDays(i+1), i)
	}
	form := importForm(t, s.preview(t, table.String()))
	form.Set("do", "import")
	doc := s.send(t, "POST", importPath, form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "form.import .error", "at most 100 new people")
	if all, err := s.store.People(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("got %d people, %v, want nobody added", len(all), err)
	}
}

func TestImportFetches(t *testing.T) {
	wiki := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, fixture(t, "github.html"))
	}))
	defer wiki.Close()
	plain := newSite(t)
	if plain.send(t, "GET", importPath, "").want(http.StatusOK).html().Find("[name=url]").Length() != 0 {
		t.Error("without hosts an address is asked for, want no such field")
	}
	pages, err := fetch.New([]string{strings.TrimPrefix(wiki.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	s := siteFetching(t, plain.store, pages)
	if s.send(t, "GET", importPath, "").html().Find("[name=url]").Length() != 1 {
		t.Error("with a host no address is asked for, want the field")
	}
	doc := s.send(t, "POST", importPath, url.Values{"url": {wiki.URL + "/rota"}}.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "[aria-labelledby=understood]", "35 filled")
	doc = s.send(t, "POST", importPath, url.Values{"url": {"http://169.254.169.254/latest"}}.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, ".error", "Pages of 169.254.169.254 are not fetched here; paste the table instead.")
	if got := attr(doc, "[name=url]", "value"); got != "http://169.254.169.254/latest" {
		t.Errorf("the address that was refused: got %q, want it kept", got)
	}
}

// What is exported, as a spreadsheet or as a calendar, can be imported, and is the same.
func TestExportImport(t *testing.T) {
	s := newSite(t)
	names := []string{"Ana Ruiz", "Bo Chen", "王芳", "=cmd", "Zoë O’Neill"}
	for i := range 200 {
		d := roster.Date{Year: 2026, Month: 11, Day: 23}.AddDays(i)
		body := fmt.Sprintf(`{"assignments":{"primary":%q,"secondary":%q},"note":"n;\n%d"}`, names[i/7%5], names[i%4], i)
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+d.String(), body).want(http.StatusOK)
	}
	for _, ending := range []string{".csv", ".ics"} {
		team := "from-" + ending[1:]
		s.send(t, "POST", "/teams", url.Values{"name": {team}, "zone": {"Europe/Berlin"}, "handOff": {"09:00"}, "roles": {"Primary, Secondary"}}.Encode()).want(http.StatusSeeOther)
		file := s.send(t, "GET", "/api/v1/teams/ops/days"+ending+"?from=2026-11-23&to=2027-06-10", "").want(http.StatusOK)
		if got := file.Header().Get("Content-Disposition"); got != "attachment; filename=ops-2026-11-23-2027-06-10"+ending {
			t.Errorf("%s: got Content-Disposition %q", ending, got)
		}
		page := s.send(t, "POST", "/teams/"+team+"/import", url.Values{"text": {file.Body.String()}}.Encode()).want(http.StatusOK).html()
		wantText(t, page, "[aria-labelledby=understood]", "400 filled, 0 replaced, 0 unchanged; every line is understood.")
		form := importForm(t, page)
		form.Set("do", "import")
		s.send(t, "POST", "/teams/"+team+"/import", form.Encode()).want(http.StatusSeeOther)
		for _, role := range []string{"primary", "secondary"} {
			want, got := s.who(t, "ops", role, "2026-11-23", "2027-06-10"), s.who(t, team, role, "2026-11-23", "2027-06-10")
			if got != want {
				t.Errorf("%s, %s: got %s, want %s", ending, role, got, want)
			}
		}
		s.send(t, "GET", "/teams/ops/days"+ending+"?from=x", "").want(http.StatusBadRequest)
	}
}

// Everything comes out through the API, and goes into another store.
func TestExportAll(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"assignments":{"primary":"Ana"},"note":"n"}`).want(http.StatusOK)
	for _, path := range []string{"/export.jsonl", "/api/v1/export"} {
		all := s.send(t, "GET", path, "").want(http.StatusOK)
		if got := all.Header().Get("Content-Type"); got != "application/jsonl" {
			t.Errorf("%s: got Content-Type %q, want application/jsonl", path, got)
		}
		into, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
		if err != nil {
			t.Fatal(err)
		}
		sum, err := archive.Restore(t.Context(), bytes.NewReader(all.Body.Bytes()), into, archive.None)
		if err != nil || sum.Counts["changes"] != 2 || sum.Counts["teams"] != 1 || sum.Counts["people"] != 1 {
			t.Errorf("%s: restored %+v, %v, want 2 changes, a team and a person", path, sum, err)
		}
		_ = into.Close()
	}
}

// What is only remembered is not exported as if it were all there is.
func TestExportAllOutage(t *testing.T) {
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	cut := &outage{Store: data}
	s := siteOn(t, cut)
	cut.down.Store(true)
	s.send(t, "GET", "/api/v1/export", "").wantProblem(http.StatusServiceUnavailable, "unavailable", "")
}

func FuzzImportForm(f *testing.F) {
	s := newSite(f)
	f.Add("Date,Primary\n2026-11-30,Ana\n", "", "", "1", "")
	f.Add("", `[{"rows":[["Date","Primary"],["2026-11-30","Ana"]],"lines":[1,2]}]`, "date", "1", "role:primary")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, text, tables, first, heading, second string) {
		fields := url.Values{"text": {text}}
		if tables != "" {
			fields = url.Values{"tables": {tables}, "seen": {"{}"}, "group": {"01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "shown": {"0"}, "table": {"0"},
				"column-0": {first}, "column-1": {second}, "heading": {heading}, "do": {"preview"}}
		}
		each := *s
		each.t = t
		form := fields.Encode()
		price.Of(t, len(form), func() uint64 {
			if res := each.send(t, "POST", importPath, form, "Content-Type", "application/x-www-form-urlencoded"); res.Code >= 500 {
				t.Errorf("got %d for %s", res.Code, form)
			}
			return 0
		})
	})
}

// siteFetching is a site on a store that is in use already, which may fetch pages.
func siteFetching(t testing.TB, s store.Store, pages *fetch.Fetcher) *site {
	t.Helper()
	if pages == nil {
		var err error
		if pages, err = fetch.New(nil); err != nil {
			t.Fatal(err)
		}
	}
	made := newSite(t)
	cfg := made.Config
	cfg.Store, cfg.Pages, cfg.Log = s, pages, slog.New(slog.DiscardHandler)
	return &site{t: t, Server: handlers.New(t.Context(), cfg), store: s, clock: made.clock}
}
