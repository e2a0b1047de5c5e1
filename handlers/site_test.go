package handlers_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
)

// site is the whole server on a real embedded store, at a fixed time: Monday 23
// November 2026, 10:00 in Berlin, one hour after the hand-off. What it answers for the
// API is held against the API's description, see contract_test.go.
type site struct {
	*handlers.Server
	*clock
	t     testing.TB
	store store.Store
}

func newSite(t testing.TB) *site {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return siteOn(t, s)
}

func siteOn(t testing.TB, s store.Store) *site { return siteWith(t, s, rand.Reader) }

// pageFiles are the files of the page, read once: compressing them takes longer than most tests.
var pageFiles = sync.OnceValues(assets.New)

// siteWith is siteOn with a source of random bytes.
func siteWith(t testing.TB, s store.Store, random io.Reader) *site {
	t.Helper()
	files, err := pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fetch.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := roster.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	made := &site{t: t, store: s, clock: newClock(time.Date(2026, 11, 23, 10, 0, 0, 0, berlin.Location()))}
	made.Server = handlers.New(t.Context(), handlers.Config{
		Store: s, Assets: files, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now: made.now, Random: random,
		Instance: "test-instance", Version: "test", Zone: berlin, Pages: pages, Hosts: web.Hosts{"example.com"}, Limits: patient(web.Limits{}),
		Ways: testWays(), Site: "https://roster.example.org",
	})
	err = s.PutTeam(t.Context(), roster.Team{
		ID: "ops", Name: "Ops", Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: berlin, HandOff: roster.DefaultHandOff}}, Revision: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
	}, "")
	if _, there := errors.AsType[*store.ConflictError[roster.Team]](err); err != nil && !there {
		t.Fatal(err)
	}
	return made
}

// patient are limits with which a request has a minute: what is checked with them is what is
// answered, also while a machine does much beside. How long it takes is held by the tests of
// the price.
func patient(l web.Limits) web.Limits {
	l.Work = time.Minute
	return l
}

// logTo makes the server anew, with another log.
func (s *site) logTo(t testing.TB, log *slog.Logger) {
	t.Helper()
	cfg := s.Config
	cfg.Log = log
	s.remake(t, cfg)
}

// remake makes the server anew.
func (s *site) remake(t testing.TB, cfg handlers.Config) {
	t.Helper()
	s.Server = handlers.New(t.Context(), cfg)
}

// answer is what came back.
type answer struct {
	t    testing.TB
	what string
	*httptest.ResponseRecorder
}

// send sends a request with headers in pairs. A body that begins with neither { nor [
// is a form.
func (s *site) send(t testing.TB, method, path, body string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" && !strings.ContainsAny(body[:1], "{[\"") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return answer{t, method + " " + path, w}
}

// htmx sends a request as htmx does.
func (s *site) htmx(t testing.TB, method, path, body string) answer {
	t.Helper()
	return s.send(t, method, path, body, "HX-Request", "true")
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s: got %d %s, want %d", a.what, a.Code, a.Body, status)
	}
	return a
}

// html parses the body as a browser would inside a template, where rows need no table.
func (a answer) html() *goquery.Selection {
	a.t.Helper()
	if got := a.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
		a.t.Errorf("%s: got Content-Type %q, want text/html", a.what, got)
	}
	body := a.Body.String()
	if strings.HasPrefix(body, "<tr") {
		row, rest, _ := strings.Cut(body, "</tr>")
		body = "<table><tbody>" + row + "</tr></tbody></table>" + rest
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc.Selection
}

// json decodes the body.
func (a answer) json(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.Body)
	}
}

// wantProblem checks for a problem of RFC 9457 that names the field, if one is given.
func (a answer) wantProblem(status int, kind, field string) {
	a.t.Helper()
	a.want(status)
	var p struct {
		Type, Title, Detail string
		Status              int
		Errors              []struct{ Field, Detail string }
	}
	a.json(&p)
	if got := a.Header().Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("%s: got Content-Type %q, want application/problem+json", a.what, got)
	}
	if p.Type != "urn:dailyroster:problem:"+kind || p.Status != status || p.Title == "" || p.Detail == "" {
		a.t.Errorf("%s: got the problem %+v, want type %s, status %d, a title and a detail", a.what, p, kind, status)
	}
	if field != "" && (len(p.Errors) == 0 || !slices.ContainsFunc(p.Errors, func(e struct{ Field, Detail string }) bool { return e.Field == field })) {
		a.t.Errorf("%s: got errors at %+v, want one at %s", a.what, p.Errors, field)
	}
}

// text is the visible text of what the selector finds, with single spaces.
func text(s *goquery.Selection, selector string) string {
	return strings.Join(strings.Fields(s.Find(selector).Text()), " ")
}

// attr is an attribute of the first element that the selector finds.
func attr(s *goquery.Selection, selector, name string) string {
	value, _ := s.Find(selector).First().Attr(name)
	return value
}

func wantText(t testing.TB, s *goquery.Selection, selector, want string) {
	t.Helper()
	if got := text(s, selector); !strings.Contains(got, want) {
		t.Errorf("%s: got %q, want it to contain %q", selector, got, want)
	}
}

const day = "/teams/ops/days/2026-11-24"

func (s *site) history(t testing.TB) []struct{ ID, Date, Why, Actor, Note string } {
	t.Helper()
	var page struct {
		Changes []struct{ ID, Date, Why, Actor, Note string }
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=500", "").want(http.StatusOK).json(&page)
	return page.Changes
}
