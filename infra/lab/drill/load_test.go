package drill

import (
	"bytes"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store/bolt"
)

// patience is how long a site of the tests may work on a request, and its client wait: they
// check what is answered, also while a machine does much beside. The drills hold it to times.
const patience = time.Minute

// longest is when a load is given up.
const longest = 10 * time.Minute

// newSite is a real site in this process. It is served as spoil makes of it.
func newSite(t *testing.T, spoil func(http.Handler) http.Handler) *Site {
	t.Helper()
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := roster.ParseZone("UTC")
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = handlers.New(t.Context(), handlers.Config{
		Store: data, Assets: files, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Random: rand.Reader,
		Instance: "front1", Version: "test", Zone: zone, Limits: web.Limits{Work: patience, Body: patience, Answer: 2 * patience},
	})
	if spoil != nil {
		handler = spoil(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	site := NewSite(server.URL, 9)
	site.http.Timeout = 2 * patience
	t.Cleanup(site.Close)
	return site
}

// runLoad makes a load until it has asked so many times, however long this machine takes
// for it, and gives its history.
func runLoad(t *testing.T, site *Site, asked int) *History {
	t.Helper()
	begun := time.Now()
	team, err := site.NewTeam(t.Context(), "load")
	if err != nil {
		t.Fatal(err)
	}
	l := NewLoad(team, 8, 800, func() time.Duration { return time.Since(begun) })
	l.Start(t.Context())
	for l.Asked() < asked {
		if time.Since(begun) > longest {
			t.Fatalf("%d requests in %s, want %d", l.Asked(), longest, asked)
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.End()
	l.Settle(t.Context(), 2)
	h := &History{Events: l.End()}
	if h.Entries, err = team.Changes(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestLoadOnRealSite(t *testing.T) {
	h := runLoad(t, newSite(t, nil), 3000)
	kinds := map[Kind]int{}
	for _, e := range h.Events {
		kinds[e.Kind]++
		if e.ServedBy != "front1" {
			t.Fatalf("served by %q, want front1", e.ServedBy)
		}
	}
	for _, k := range []Kind{ReadPage, ReadRow, ReadForm, ReadDay, ReadDays, ReadOnCall, SavePage, PostPage, SaveAPI, ReadSettle} {
		if kinds[k] == 0 {
			t.Errorf("the load made no %s: %v", k, kinds)
		}
	}
	c, s := h.Count(), h.Stale()
	if !c.OK() || c.Acknowledged < 50 || c.InDoubt > 0 {
		t.Errorf("Count: got %+v, want 50 acknowledged or more and nothing wrong", c)
	}
	if s.Reads > 0 || s.Days < 200 {
		t.Errorf("Stale: got %+v, want none of 200 days or more", s)
	}
	if bad, _ := h.Linear(0); len(bad) > 0 {
		t.Errorf("not linearizable: %v", bad)
	}
	if f := h.Figures(0, longest); f.Failed > 0 {
		t.Errorf("got %d failures, want none: %v", f.Failed, f.Failures)
	}
	// Every answer was read for what it says: of each kind something was seen that was not
	// empty.
	for _, k := range []Kind{ReadPage, ReadRow, ReadForm, ReadDay, ReadDays, ReadOnCall, ReadSettle} {
		seen := false
		for _, e := range h.Events {
			for _, day := range e.Saw {
				seen = seen || e.Kind == k && day.Primary != "" && (day.NoNote || day.Note != "")
			}
		}
		if !seen {
			t.Errorf("%s: no answer with a name and a note was understood", k)
		}
	}
}

// A site that acknowledges an edit without making it.
func TestLoadFindsLostEdit(t *testing.T) {
	var n atomic.Int64
	h := runLoad(t, newSite(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/teams/") && n.Add(1) == 20 {
				return
			}
			next.ServeHTTP(w, r)
		})
	}), 800)
	if c := h.Count(); len(c.Lost) != 1 {
		t.Errorf("lost: got %v, want one", c.Lost)
	}
	if f := h.Figures(0, longest); f.Failed != 1 {
		t.Errorf("got %d failures, want the answer without a row: %v", f.Failed, f.Failures)
	}
	if bad, _ := h.Linear(0); len(bad) != 1 {
		t.Errorf("not linearizable: got %v, want one day", bad)
	}
}

// A site that shows some pages as they were a moment ago.
func TestLoadFindsStaleRead(t *testing.T) {
	var (
		mu   sync.Mutex
		kept = map[string]*httptest.ResponseRecorder{}
	)
	h := runLoad(t, newSite(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/days") {
				next.ServeHTTP(w, r)
				return
			}
			mu.Lock()
			old := kept[r.URL.String()]
			mu.Unlock()
			if old == nil {
				old = httptest.NewRecorder()
				plain := r.Clone(r.Context())
				plain.Header.Del("Accept-Encoding")
				next.ServeHTTP(old, plain)
				mu.Lock()
				kept[r.URL.String()] = old
				mu.Unlock()
			}
			w.Header().Set("X-Served-By", "front1")
			_, _ = io.Copy(w, bytes.NewReader(old.Body.Bytes()))
		})
	}), 800)
	if s := h.Stale(); s.Reads == 0 || s.Worst < 100*time.Millisecond || len(s.Examples) == 0 {
		t.Errorf("stale reads: got %+v, want some that are late by 100 ms and more", s)
	}
	if bad, _ := h.Linear(0); len(bad) == 0 {
		t.Error("not linearizable: got nothing, want some days")
	}
}

// A site that makes an edit and does not answer: the edit is in doubt, the request has
// failed, and nothing is lost.
func TestLoadWithoutAnswers(t *testing.T) {
	var n atomic.Int64
	h := runLoad(t, newSite(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet || r.URL.Path == "/api/v1/teams" || n.Add(1)%10 != 0 {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		})
	}), 800)
	c, f := h.Count(), h.Figures(0, longest)
	if c.InDoubt == 0 || c.InDoubt != f.Failed || f.Resent > 0 {
		t.Errorf("got %d in doubt, %d failed, %d sent again, want the first two the same and no edit sent again: %v", c.InDoubt, f.Failed, f.Resent, f.Failures)
	}
	if bad, _ := h.Linear(0); len(bad) > 0 || !c.OK() {
		t.Errorf("got %+v, %v, want nothing wrong", c, bad)
	}
}

// What net/http sends again by itself is not taken for a success.
func TestResentIsNoticed(t *testing.T) {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n.Add(1) == 2 {
			panic(http.ErrAbortHandler) // on a connection that had answered before
		}
	}))
	t.Cleanup(server.Close)
	site := NewSite(server.URL, 1)
	t.Cleanup(site.Close)
	if a := site.ask(t.Context(), get("/")); a.err != nil || a.resent {
		t.Fatalf("the first request: got %+v, want an answer", a)
	}
	a := site.ask(t.Context(), get("/"))
	e := Event{Kind: ReadPage, Status: a.status, Resent: a.resent}
	if a.err != nil || !a.resent || !e.Failed() {
		t.Errorf("the second request: got %+v, want it sent twice and taken for failed", a)
	}
}
