package handlers_test

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/handlers"
	"dailyroster/signin"
	"dailyroster/store/bolt"
	"dailyroster/store/lastknown"
)

// answersDir has what TestAnswers is answered, a file for each subject.
var answersDir = filepath.Join("testdata", "answers")

// subjects are what TestAnswers asks, each on a site of its own as seed leaves it.
var subjects = []struct {
	name string
	ask  func(*record)
}{
	{"roster", askRoster},
	{"grid", askGrid},
	{"pages", askPages},
	{"days", askDays},
	{"forms", askForms},
	{"files", askFiles},
	{"tokens", askTokens},
	{"notices", askNotices},
	{"exchanges", askExchanges},
	{"api-reads", askReads},
	{"api-writes", askWrites},
	{"callers", askCallers},
	{"outage", askOutage},
	{"others", askOthers},
	{"start", askStart},
}

// The site answers what it answered when testdata/answers was written, byte for byte:
// pages, fragments, files, and the API where no example of its description asks. It is
// there for changes that shall change nothing; after one that shall, look at the
// difference that this makes in git:
//
//	go test ./handlers -run TestAnswers -update
func TestAnswers(t *testing.T) {
	asked, ran := map[string]bool{}, 0
	for _, subject := range subjects {
		t.Run(subject.name, func(t *testing.T) {
			ran++
			r := newRecord(t, asked)
			seed(r)
			subject.ask(r)
			r.compare(filepath.Join(answersDir, subject.name+".txt"))
		})
	}
	if ran < len(subjects) {
		return // -run names some only
	}
	for key := range routes {
		if method, path, _ := strings.Cut(key, " "); !askedFor(asked, method, path) && path != "/metrics" {
			t.Errorf("nothing asks %s", key)
		}
	}
}

// askedFor reports whether a request for the route was sent.
func askedFor(asked map[string]bool, method, route string) bool {
	pattern := regexp.MustCompile("^" + method + " " + inBraces.ReplaceAllString(regexp.QuoteMeta(route), "[^/]+") + "$")
	for request := range asked {
		if pattern.MatchString(request) {
			return true
		}
	}
	return false
}

var inBraces = regexp.MustCompile(`\\\{[^}]*\\\}`)

// record sends requests and writes down what is answered.
type record struct {
	*site
	t      *testing.T
	signed *handlers.Server // the same roster behind a proxy that says who asks
	keeps  *handlers.Server // the same roster, which it keeps for when the store is away
	outage *outage
	dice   *dice
	asked  map[string]bool
	parts  []string          // what was written down, each HTML in several
	ids    map[string]string // what is written for them, by what they are in small letters

	language string                                        // that the reader prefers
	heard    func(request string, status int, body string) // gets each page, unless nil
}

func newRecord(t *testing.T, asked map[string]bool) *record {
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	r := &record{t: t, dice: &dice{given: map[string]bool{}}, asked: asked, ids: map[string]string{}}
	r.outage = &outage{Store: data}
	r.site = siteWith(t, r.outage, r.dice)
	cfg := r.Config
	cfg.Store = lastknown.New(r.outage, r.now)
	r.keeps = handlers.New(t.Context(), cfg)
	cfg.Store, cfg.Access = r.outage, access
	cfg.SignIn = &signin.Proxy{
		From:    []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, // from where httptest asks
		Headers: signin.ProxyHeaders{User: "X-User", Name: "X-Name", Email: "X-Email", Groups: "X-Groups"},
	}
	r.signed = handlers.New(t.Context(), cfg)
	return r
}

// dice gives random bytes that are the same in every run. They begin anew with each
// request, so that one that takes more of them than before changes no other.
type dice struct {
	mu       sync.Mutex
	source   *rand.ChaCha8
	requests int
	given    map[string]bool // the secrets that were made of them, and the beginnings of ids
}

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func (d *dice) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.source.Read(p)
	d.given[crockford.EncodeToString(p[:n])[:14]] = true
	d.given[base64.RawURLEncoding.EncodeToString(p[:n])] = true
	return n, err
}

// throw begins anew, for the request.
func (d *dice) throw(request string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests++
	d.source = rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, d.requests, request)))
}

// usual are the headers of most answers, which are written down only where they differ.
var usual = http.Header{
	"Cache-Control": {"private, no-cache"},
	"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
	"Content-Type":               {"text/html; charset=utf-8"},
	"Cross-Origin-Opener-Policy": {"same-origin"},
	"Referrer-Policy":            {"same-origin"},
	"Vary":                       {"Accept-Encoding", "HX-Request", "Accept-Language"},
	"X-Content-Type-Options":     {"nosniff"},
	"X-Request-Id":               {"the-request"},
	"X-Served-By":                {"test-instance"},
}

// send sends a request as site.send does, and writes down what is answered. A minute
// passes after each that may change something, so that what was when can be told apart.
func (r *record) send(method, path, body string, header ...string) answer {
	r.t.Helper()
	return r.to(r.site, method, path, body, header...)
}

func (r *record) get(path string, header ...string) answer {
	r.t.Helper()
	return r.send("GET", path, "", header...)
}

func (r *record) htmx(method, path, body string) answer {
	r.t.Helper()
	return r.send(method, path, body, "HX-Request", "true")
}

func (r *record) to(server http.Handler, method, path, body string, header ...string) answer {
	r.t.Helper()
	r.dice.throw(method + path)
	req := httptest.NewRequestWithContext(r.t.Context(), method, path, strings.NewReader(body))
	req.Header.Set("X-Request-Id", "the-request")
	if body != "" && !strings.ContainsAny(body[:1], "{[\"") {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.language != "" {
		req.Header.Set("Accept-Language", r.language)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, req)
	if method != http.MethodGet && method != http.MethodHead {
		r.advance(time.Minute)
	}
	r.asked[method+" "+req.URL.Path] = true
	if r.heard != nil && isPage(path, w.Header()) {
		r.heard(method+" "+path, w.Code, w.Body.String())
	}
	r.write(method, path, body, header, w)
	return answer{r.t, method + " " + path, w}
}

// write writes down a request and its answer.
func (r *record) write(method, path, sent string, header []string, w *httptest.ResponseRecorder) {
	if strings.Contains(w.Body.String(), "¶") {
		r.t.Errorf("%s %s: got a ¶, which is written for the end of a line", method, path)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "=== %s %s\n", method, r.steady(path))
	for i := 0; i+1 < len(header); i += 2 {
		fmt.Fprintf(&text, "> %s: %s\n", header[i], r.steady(header[i+1]))
	}
	switch {
	case len(sent) > 2000:
		fmt.Fprintf(&text, "> … %d bytes\n", len(sent))
	case sent != "":
		fmt.Fprintf(&text, "> %s\n", strings.ReplaceAll(strings.TrimSpace(visible(r.steady(sent))), "\n", "\n> "))
	}
	fmt.Fprintf(&text, "%d\n", w.Code)
	names := maps.Clone(usual)
	maps.Copy(names, w.Header())
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch got := w.Header()[name]; {
		case name == "Content-Length": // it changes with each word
			if want := strconv.Itoa(w.Body.Len()); got[0] != want {
				r.t.Errorf("%s %s: got a length of %s, want %s", method, path, got[0], want)
			}
		case slices.Equal(got, usual[name]):
		case len(got) == 0:
			fmt.Fprintf(&text, "no %s\n", name)
		default:
			fmt.Fprintf(&text, "%s: %s\n", name, r.steady(strings.Join(got, " | ")))
		}
	}
	text.WriteByte('\n')
	r.parts = append(r.parts, text.String())
	body := r.steady(w.Body.String())
	if len(body) > 180_000 { // the page of the API, which says what openapi.json says
		r.parts = append(r.parts, fmt.Sprintf("… %d bytes, SHA-256 %x\n\n", len(body), sha256.Sum256([]byte(body))))
		return
	}
	r.parts = append(r.parts, inParts(inLines(visible(body))+"\n\n")...)
}

// visible writes the ends of lines so that they can be seen, and none is lost.
func visible(text string) string {
	return strings.NewReplacer("\r", "␍", "\n", "¶\n").Replace(text)
}

// inLines breaks HTML and JSON into lines, as a difference is read line by line. The ends
// that it adds have no ¶ before them.
func inLines(text string) string {
	switch {
	case strings.HasPrefix(text, "<"):
		return strings.ReplaceAll(text, "><", ">\n<")
	case strings.HasPrefix(text, "{"):
		return strings.NewReplacer("},{", "},\n{", ":[{", ":[\n{").Replace(text)
	default:
		return text
	}
}

// inParts cuts HTML where sections, forms, tables and rows begin.
func inParts(text string) []string {
	if !strings.HasPrefix(text, "<") {
		return []string{text}
	}
	var parts []string
	from := 0
	for _, at := range aCut.FindAllStringIndex(text, -1) {
		parts = append(parts, text[from:at[0]+1])
		from = at[0] + 1
	}
	return append(parts, text[from:])
}

var aCut = regexp.MustCompile(`\n(<meta name="viewport"|<main|</main|<section|<form|<details|<h2|<table|<tbody|<tr|<datalist|<nav)`)

// written is all that was written down. A long part that comes more than once is there
// the first time, and then named by its hash.
func (r *record) written() string {
	times := map[string]int{}
	for _, part := range r.parts {
		times[part]++
	}
	var text strings.Builder
	seen := map[string]bool{}
	for _, part := range r.parts {
		if times[part] == 1 || len(part) < 200 || strings.HasPrefix(part, "=== ") {
			text.WriteString(part)
			continue
		}
		name := fmt.Sprintf("%x", sha256.Sum256([]byte(part)))[:8]
		if seen[part] {
			fmt.Fprintf(&text, "[part %s, as above]\n", name)
			continue
		}
		seen[part] = true
		fmt.Fprintf(&text, "[part %s]\n%s", name, part)
	}
	return text.String()
}

var (
	anID    = regexp.MustCompile(`(?i)[0-7][0-9A-HJKMNP-TV-Z]{25}`)
	aSecret = regexp.MustCompile(`(roster_[^_]+_)([A-Za-z0-9_-]{43})`)
	anAsset = regexp.MustCompile(`(/assets/[a-z0-9.-]+\.)[0-9a-f]{12}(\.[a-z]+)`)
)

// steady replaces what may differ though the site does what it did: ids and secrets that
// are random are numbered as they come, so that it does not matter which random bytes
// they are made of, and the names of assets lose the hash of their content. An id that is
// derived from something stays as it is.
func (r *record) steady(text string) string {
	r.dice.mu.Lock()
	defer r.dice.mu.Unlock()
	text = anAsset.ReplaceAllString(text, "${1}HASH$2")
	text = aSecret.ReplaceAllStringFunc(text, func(found string) string {
		parts := aSecret.FindStringSubmatch(found)
		if !r.dice.given[parts[2]] {
			return found
		}
		return parts[1] + "SECRET"
	})
	return anID.ReplaceAllStringFunc(text, func(id string) string {
		key := strings.ToLower(id)
		// Before are ten letters of its time; behind, the changes of one edit are counted.
		if !r.dice.given[key[10:24]] {
			return id
		}
		if r.ids[key] == "" {
			r.ids[key] = fmt.Sprintf("ID%d", len(r.ids)+1)
		}
		if id == key {
			return strings.ToLower(r.ids[key])
		}
		return r.ids[key]
	})
}

// compare holds what was written down against the file or, with -update, writes it there.
func (r *record) compare(file string) {
	r.t.Helper()
	got := r.written()
	if *update {
		if err := os.MkdirAll(answersDir, 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	if got != string(want) {
		r.t.Errorf("%s differs; if that is right: go test ./handlers -run TestAnswers -update\n%s", file, firstDifference(string(want), got))
	}
}

// firstDifference shows the first line that differs, the request that it is in, and some
// lines before.
func firstDifference(want, got string) string {
	wanted, had := strings.Split(want, "\n"), strings.Split(got, "\n")
	line := func(lines []string, i int) string {
		if i < len(lines) {
			return lines[i]
		}
		return "(the end)"
	}
	n, request := 0, "(the beginning)"
	for ; n < len(wanted) && n < len(had) && wanted[n] == had[n]; n++ {
		if strings.HasPrefix(wanted[n], "=== ") {
			request = wanted[n]
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "line %d, in %s\n", n+1, request)
	for i := max(0, n-4); i < n; i++ {
		fmt.Fprintf(&b, "       %.300s\n", wanted[i])
	}
	for i := n; i < n+4; i++ {
		before, after := line(wanted, i), line(had, i)
		if before == after {
			fmt.Fprintf(&b, "       %.300s\n", before)
			continue
		}
		from := 0 // far into a long line, what is before the difference is left out
		for from < len(before) && from < len(after) && before[from] == after[from] {
			from++
		}
		from = max(0, from-150)
		fmt.Fprintf(&b, "want   %.300s\ngot    %.300s\n", before[min(from, len(before)):], after[min(from, len(after)):])
	}
	return b.String()
}

// A difference is told with where it is.
func TestFirstDifference(t *testing.T) {
	want := "=== GET /\n200\n\n<p>\na\n</p>\n"
	got := firstDifference(want, strings.Replace(want, "a", "b", 1))
	told := "line 5, in === GET /\n       === GET /\n       200\n       \n       <p>\nwant   a\ngot    b\n       </p>\n       \n       (the end)\n"
	if diff := cmp.Diff(told, got); diff != "" {
		t.Error(diff)
	}
}
