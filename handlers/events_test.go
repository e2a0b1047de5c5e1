package handlers_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// listener reads a stream of server-sent events.
type listener struct {
	t      *testing.T
	lines  chan string
	server *httptest.Server
}

func listen(t *testing.T, s *site, query string, header ...string) *listener {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/teams/ops/events"+query, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("the stream: got %d %s, want 200 text/event-stream", res.StatusCode, got)
	}
	l := &listener{t: t, lines: make(chan string, 1000), server: server}
	go func() {
		defer close(l.lines)
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			l.lines <- lines.Text()
		}
	}()
	l.within(time.Second, ": welcome")
	return l
}

// within waits for a line and gives the one before it.
func (l *listener) within(limit time.Duration, want string) (before string) {
	l.t.Helper()
	end := time.After(limit)
	for {
		select {
		case line, ok := <-l.lines:
			if !ok {
				l.t.Fatalf("the stream ended, want %q", want)
			}
			if line == want {
				return before
			}
			before = line
		case <-end:
			l.t.Fatalf("no %q within %s", want, limit)
		}
	}
}

// silent checks that nothing is said for a while.
func (l *listener) silent(during time.Duration) {
	l.t.Helper()
	select {
	case line, ok := <-l.lines:
		if ok && line == "" {
			l.silent(during)
			return
		}
		l.t.Errorf("the stream said %q (open: %v), want nothing", line, ok)
	case <-time.After(during):
	}
}

func TestEvents(t *testing.T) {
	here := newSite(t)
	there := siteOn(t, here.store) // another instance on the same store
	l := listen(t, there, inView)
	l.silent(1200 * time.Millisecond)
	var d apiDayJSON
	here.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK).json(&d)
	if id := l.within(2*time.Second, "event: day-2026-11-24"); id != "id: "+d.Revision {
		t.Errorf("the event's id: got %q, want the change %s", id, d.Revision)
	}
	l.within(time.Second, "event: changed")
	here.send(t, "PUT", "/api/v1/teams/ops/days/2027-06-01", `{"note":"far away"}`).want(http.StatusOK)
	here.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-01", `{"note":"before the view","why":"late"}`).want(http.StatusOK)
	l.within(time.Second, "data:")
	l.silent(1200 * time.Millisecond)

	there.Drain()
	end := time.After(2 * time.Second)
	for open := true; open; {
		select {
		case _, open = <-l.lines:
		case <-end:
			t.Fatal("the stream goes on 2 s after the server was drained")
		}
	}
}

// A viewer that was away, or whose page is older than the stream, hears what it missed.
func TestEventsMissed(t *testing.T) {
	s := newSite(t)
	page := s.send(t, "GET", "/teams/ops"+inView, "").want(http.StatusOK).html()
	connect := attr(page, "#live [hx-sse\\:connect]", "hx-sse:connect")
	_, query, _ := strings.Cut(connect, "?")
	var first, second apiDayJSON
	s.send(t, "PUT", apiDay, `{"note":"one"}`).want(http.StatusOK).json(&first)
	listen(t, s, "?"+query).within(time.Second, "event: day-2026-11-24")
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-26", `{"note":"two"}`).want(http.StatusOK).json(&second)
	l := listen(t, s, inView, "Last-Event-ID", first.Revision)
	if got := l.within(time.Second, "event: day-2026-11-26"); got != "id: "+second.Revision {
		t.Errorf("what was missed: got %q, want the second change", got)
	}
	listen(t, s, inView, "Last-Event-ID", "01ARZ3NDEKTSV4RRFFQ69G5FAW").within(time.Second, "event: day-2026-12-27")
}

func TestEventsBadRequests(t *testing.T) {
	s := newSite(t)
	s.send(t, "GET", "/teams/nobody/events", "").want(http.StatusNotFound)
	s.send(t, "GET", "/teams/ops/events?days=0", "").want(http.StatusBadRequest)
	s.send(t, "POST", "/teams/ops/events", "").want(http.StatusMethodNotAllowed)
	for _, from := range []string{"9998-01-02", "2031-12-01", "1970-01-01"} {
		s.send(t, "GET", "/teams/ops/events?days=1&from="+from, "").want(http.StatusBadRequest)
	}
}

// A page far from today does not ask for the stream that it would be refused.
func TestFarViewIsNotLive(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/teams/ops?from=9998-01-02", "/teams/ops/grid?month=9998-01"} {
		if live := s.send(t, "GET", path, "").want(http.StatusOK).html().Find("#live"); live.Length() != 1 || live.Find("[hx-trigger]").Length() > 0 {
			t.Errorf("%s: want an element #live that does not connect", path)
		}
	}
}

func TestBannerFragment(t *testing.T) {
	s := newSite(t)
	doc := s.htmx(t, "GET", "/teams/ops/oncall"+inView, "").want(http.StatusOK).html()
	if doc.Find("section#oncall").Length() != 1 || attr(doc, "#gaps", "hx-swap-oob") != "true" || attr(doc, "#people", "hx-swap-oob") != "true" {
		t.Error("the fragment: want the banner, and out of band the gaps and the suggestions")
	}
	if got, id := attr(doc, "#oncall", "hx-trigger"), "changed from:#live"; got != id {
		t.Errorf("the banner's trigger: got %q, want %q", got, id)
	}
}

func TestClusterPageOnOneMachine(t *testing.T) {
	s := newSite(t)
	wantText(t, s.send(t, "GET", "/cluster", "").want(http.StatusOK).html(), "#cluster", "one machine")
	if got := s.send(t, "GET", "/api/v1/cluster", "").want(http.StatusOK).Body.String(); !strings.Contains(got, `"nodes":[]`) {
		t.Errorf("the cluster of one machine: got %s, want no nodes", got)
	}
}
