package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http/httpguts"

	"dailyroster/check/corpus"
	"dailyroster/store/bolt"
	"dailyroster/store/measured"
)

// freshAfter is how many inputs see one site. What one input leaves behind may be in the
// way of a later one; a new site for each would take most of the time.
const freshAfter = 200

// price is the most that a request may cost, by what it brings. The most that one of a few
// bytes can ask for, such as a year of days, is the same for all of them. The steps are what
// the store is asked: most by an export of everything, which asks for each kind of thing.
var price = corpus.Price{Bytes: corpus.Line{Base: 12 << 20, Each: 2000}, Allocs: corpus.Line{Base: 120_000, Each: 30}, Steps: corpus.Line{Base: 22, Each: 1}}

// fuzzSite is a site with a team, two people, a rotation and a few days, made anew now
// and then.
type fuzzSite struct {
	*site
	used   int
	asked  atomic.Uint64 // how often the store was, since somebody looked
	routes []string      // as "GET /path", in order
	close  func()
}

// next is the site for the next input.
func (s *fuzzSite) next(t testing.TB) {
	if s.site != nil && s.used < freshAfter {
		s.used++
		return
	}
	if s.close != nil {
		s.close()
	}
	dir, err := os.MkdirTemp("", "roster-fuzz-")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := bolt.Open(filepath.Join(dir, "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	s.close = func() { _ = errors.Join(kept.Close(), os.RemoveAll(dir)) }
	counted := measured.New(kept)
	counted.Tell(func(string, time.Duration, any) { s.asked.Add(1) })
	s.used, s.site = 0, siteOn(t, counted)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","id":"ana","absences":[{"from":"2026-12-01","to":"2026-12-03"}]}`).want(http.StatusCreated)
	s.send(t, "POST", "/api/v1/people", `{"name":"Bo Lee","id":"bo"}`).want(http.StatusCreated)
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","rotations":[{"id":"crew","role":"primary","name":"Crew","versions":[{"from":"2026-11-24","weekdays":["mon","tue","wed","thu","fri"],"daysPerTurn":1,"people":["ana","bo"]}]}]}`).want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"ana"},"note":"x"}`).want(http.StatusOK)
}

// newFuzzSite is one whose routes, beside streams, are picked by a number.
func newFuzzSite(f *testing.F, pick func(route string) bool) *fuzzSite {
	f.Helper()
	s := &fuzzSite{}
	s.next(f)
	f.Cleanup(func() { s.close() })
	all, err := s.Routes()
	if err != nil {
		f.Fatal(err)
	}
	for _, route := range all {
		if route == "POST /example" { // it reads nothing of its input, and fills a store whose size is part of the price
			continue
		}
		if pick(route) && !strings.HasSuffix(route, "/events") {
			s.routes = append(s.routes, route)
		}
	}
	slices.Sort(s.routes)
	return s
}

// route is the n-th route, around and around, with what is there in the place of its
// variables.
func (s *fuzzSite) route(n uint8) (method, path string) {
	method, path, _ = strings.Cut(s.routes[int(n)%len(s.routes)], " ")
	return method, strings.NewReplacer(
		"{team}", "ops", "{person}", "ana", "{date}", "2026-11-24", "{token}", "01arz3ndektsv4rrffq69g5fav",
		"{exchange}", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "{answer:agree|decline|withdraw}", "agree",
	).Replace(path)
}

// answers sends a request, which is answered and with no 5xx.
func (s *fuzzSite) answers(t *testing.T, method, path, query, body string, header http.Header) {
	t.Helper()
	size := len(query) + len(body)
	for _, values := range header {
		size += len(values[0])
	}
	var w *httptest.ResponseRecorder
	price.Of(t, size, func() uint64 {
		w = s.answer(t, method, path, query, body, header)
		return s.asked.Swap(0)
	})
	if w.Code >= 500 || w.Code < 200 {
		t.Errorf("%s %s?%s with %q and %v: got %d %.300s", method, path, query, body, header, w.Code, w.Body)
	}
}

// answer is what a request is answered with; of a stream, the beginning.
func (s *fuzzSite) answer(t *testing.T, method, path, query, body string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	r := httptest.NewRequestWithContext(ctx, "GET", "/", strings.NewReader(body))
	r.Method, r.URL.Path, r.URL.RawQuery, r.Header = method, path, query, header.Clone()
	w := httptest.NewRecorder()
	if strings.HasSuffix(path, "/events") {
		s.Server.ServeHTTP(firstAnswer{w, end}, r)
	} else {
		s.Server.ServeHTTP(w, r)
	}
	return w
}

func notGet(prefix string, is bool) func(string) bool {
	return func(route string) bool {
		method, path, _ := strings.Cut(route, " ")
		return method != http.MethodGet && strings.HasPrefix(path, prefix) == is
	}
}

// seedBodies adds, for each route, what the table test of the routes sends to it, and
// some of what others take.
func (s *fuzzSite) seedBodies(f *testing.F, more ...string) {
	fill := strings.NewReplacer(
		"{team}", "ops", "{person}", "ana", "{change}", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "{fresh}", "Fresh", "{fresh-id}", "01ARZ3NDEKTSV4RRFFQ69G5FAW",
		"{team-revision}", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "{person-revision}", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
	)
	for i, route := range s.routes {
		f.Add(uint8(i), fill.Replace(routes[route].body))
		for _, body := range more {
			f.Add(uint8(i), body)
		}
	}
}

// The JSON bodies, and the calendars, of every write of the API.
func FuzzBodies(f *testing.F) {
	s := newFuzzSite(f, notGet("/api/", true))
	s.seedBodies(f, `{"assignments":{"primary":{"id":"ana"},"secondary":null},"note":"x","revision":""}`, "[]", `{"days":null}`,
		`{"kind":"swap","seat":{"date":"2026-11-24","role":"primary"},"with":{"date":"2026-11-25","role":"primary"}}`,
		`{"name":"Ops","settings":[{"zone":"UTC"},{"from":"2026-12-01","zone":"Asia/Tokyo","handOff":"23:59"}],"roles":["A",{"id":"b"}],"holidays":[{"date":"2026-12-25","name":"x"}],"keepFilled":52}`,
		`{"from":"2026-11-24","to":"2028-11-01","overwrite":true,"preview":true,"why":"x","of":["01ARZ3NDEKTSV4RRFFQ69G5FAV"]}`,
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:y\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, n uint8, body string) {
		s.next(t)
		method, path := s.route(n)
		s.answers(t, method, path, "", body, http.Header{"Content-Type": {"application/json"}})
	})
}

// The forms of every page, as a browser sends them and with a file.
func FuzzForms(f *testing.F) {
	s := newFuzzSite(f, notGet("/api/", false))
	s.seedBodies(f, "primary=Ana&secondary=&note=x&revision=&change=01ARZ3NDEKTSV4RRFFQ69G5FAX", "from=2026-11-24&to=2026-12-31&text=Ana%0ABo", `take={"from":"2026-12-01","to":"2026-12-02"}`, "a=%zz&;")
	const file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.ics\"\r\n\r\n%s\r\n--x--\r\n"
	for i := range s.routes {
		f.Add(uint8(i), strings.ReplaceAll(file, "%s", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, n uint8, body string) {
		s.next(t)
		method, path := s.route(n)
		header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		if strings.HasPrefix(body, "--x") {
			header.Set("Content-Type", "multipart/form-data; boundary=x")
		}
		s.answers(t, method, path, "", body, header)
	})
}

// Ranges, months, instants, cursors and all else that stands behind a question mark, of
// every route that reads.
func FuzzQueries(f *testing.F) {
	s := newFuzzSite(f, func(route string) bool { return strings.HasPrefix(route, "GET ") })
	s.routes = append(s.routes, "GET /teams/{team}/events")
	for i := range s.routes {
		for _, query := range []string{
			"", "from=2026-11-24&days=7&seen=x", "from=9999-12-30&to=9999-12-31", "at=2026-11-23T09:00:00%2B01:00", "weeks=52",
			"since=01ARZ3NDEKTSV4RRFFQ69G5FAV&limit=500&cursor=MTIz&date=2026-11-24&person=ana&group=01ARZ3NDEKTSV4RRFFQ69G5FAV",
			"by=quarter&from=2026-01&to=2026-12&role=primary", "month=2026-11&fill-from=2026-11-24&fill-to=2027-11-24&overwrite=yes", "from=1970-01-01&days=366", "a=%zz;b",
			"role=primary&kind=swap&with=2026-11-25&partner=bo", "change=01ARZ3NDEKTSV4RRFFQ69G5FAV&focus=primary&edit=2026-11-24&back=//x",
		} {
			f.Add(uint8(i), query)
		}
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, n uint8, query string) {
		s.next(t)
		method, path := s.route(n)
		s.answers(t, method, path, query, "", http.Header{})
	})
}

// The headers that mean something, on reading and on writing.
func FuzzHeaders(f *testing.F) {
	s := newFuzzSite(f, func(string) bool { return true })
	headers := []string{
		"If-Match", "If-None-Match", "Idempotency-Key", "Accept", "X-Forwarded-For", "X-Real-Ip", "X-Forwarded-Proto", "X-Forwarded-Host", "Authorization", "Cookie",
		"Last-Event-Id", "Content-Type", "Accept-Encoding", "Origin", "Hx-Request", "Range", "If-Modified-Since",
	}
	for i := range headers {
		for _, value := range []string{
			`"01ARZ3NDEKTSV4RRFFQ69G5FAV", W/"x", *`, "*", "key", "text/plain;q=1, */*", "192.0.2.1, 10.0.0.1", "Bearer roster_01arz3ndektsv4rrffq69g5fav_" + strings.Repeat("A", 43),
			"a=b; __Host-roster-session=x", "gzip;q=0", "bytes=0-1", "multipart/form-data", "null", strings.Repeat(",", 300),
		} {
			f.Add(uint8(3*i), uint8(i), value, `{"note":"x"}`)
		}
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, n, which uint8, value, body string) {
		if !httpguts.ValidHeaderFieldValue(value) {
			return // the server of package http lets none through
		}
		s.next(t)
		method, path := s.route(n)
		s.answers(t, method, path, "", body, http.Header{headers[int(which)%len(headers)]: {value}})
	})
}

// The paths themselves.
func FuzzPaths(f *testing.F) {
	s := newFuzzSite(f, func(string) bool { return true })
	for _, path := range []string{"/teams/ops/days/2026-02-30", "/teams/../x", "/api/v1/teams/ops/exchanges/x/agree", "//", "/assets/../x", "/people/\x00", "/teams/ops/events", "/api/v1/tokens/x"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
			f.Add(method, path)
		}
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, method, path string) {
		if !httpguts.ValidHeaderFieldName(method) || !strings.HasPrefix(path, "/") {
			return // the server of package http lets none through
		}
		s.next(t)
		s.answers(t, method, path, "", "", http.Header{})
	})
}
