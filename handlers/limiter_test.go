package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

// limited is a site with limits, whose clock stands still unless it is moved.
func limited(t *testing.T, l web.Limits) *site {
	t.Helper()
	s := newSite(t)
	cfg := s.Config
	cfg.Limits = patient(l)
	s.Server = handlers.New(t.Context(), cfg)
	return s
}

// sendFrom is send from an address.
func (s *site) sendFrom(t testing.TB, remote, method, path, body string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = remote
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return answer{t, method + " " + path, w}
}

func (a answer) wantTooMany(page bool) {
	a.t.Helper()
	if page {
		a.want(http.StatusTooManyRequests).html()
	} else {
		a.wantProblem(http.StatusTooManyRequests, "too-many", "")
	}
	if a.Header().Get("Retry-After") == "" {
		a.t.Errorf("%s: got a 429 without Retry-After", a.what)
	}
}

func prefixes(t *testing.T, texts ...string) []netip.Prefix {
	t.Helper()
	all, err := signin.ParsePrefixes(texts)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Who edits too fast waits; others, readers and this machine do not.
func TestEditLimit(t *testing.T) {
	s := limited(t, web.Limits{EditsPerSecond: 2, Proxies: prefixes(t, "10.0.0.0/8")})
	edit := func(remote string, header ...string) answer {
		return s.sendFrom(t, remote, "PUT", apiDay, `{"note":"x"}`, header...)
	}
	const from = "192.0.2.1:1234"
	for range 10 {
		edit(from).want(http.StatusOK)
	}
	edit("192.0.2.1:9").wantTooMany(false) // another port is the same address
	s.sendFrom(t, from, "POST", day, "").wantTooMany(true)
	s.sendFrom(t, from, "GET", apiDay, "").want(http.StatusOK)
	edit("192.0.2.2:1").want(http.StatusOK)
	edit(from, "X-Forwarded-For", "192.0.2.99").wantTooMany(false) // says somebody who is not believed
	for range 20 {
		edit("127.0.0.1:1").want(http.StatusOK)
	}

	// Behind proxies it is the address that the last of them was asked by.
	for range 10 {
		edit("10.0.0.1:1", "X-Forwarded-For", "203.0.113.5, 198.51.100.1", "X-Forwarded-For", "10.0.0.2").want(http.StatusOK)
	}
	edit("10.0.0.3:1", "X-Forwarded-For", "made-up, 198.51.100.1").wantTooMany(false)
	edit("10.0.0.1:1", "X-Forwarded-For", "198.51.100.2").want(http.StatusOK)
	// Of a network of IPv6, which one client has, it is all addresses.
	for i := range 10 {
		edit(fmt.Sprintf("[2001:db8:1:2::%x]:1", i)).want(http.StatusOK)
	}
	edit("[2001:db8:1:2:ffff::1]:1").wantTooMany(false)
	edit("[2001:db8:1:3::1]:1").want(http.StatusOK)

	s.advance(500 * time.Millisecond)
	edit(from).want(http.StatusOK)
	edit(from).wantTooMany(false)
}

// Tokens that are none, and sign-ins, are counted by address.
func TestAttemptLimit(t *testing.T) {
	p := newPair(t)
	s := &site{t: t, clock: p.clock}
	cfg := p.sites[0].Config
	cfg.Limits = patient(web.Limits{AttemptsPerMinute: 4, EditsPerSecond: 1})
	s.Server = handlers.New(t.Context(), cfg)
	_, good := p.makeToken(t, credential.Token{Team: "other"})
	bad := good[:len(good)-4] + "AAAA"
	ask := func(remote, token string) answer {
		return s.sendFrom(t, remote, "GET", "/api/v1/oncall", "", "Authorization", "Bearer "+token)
	}
	for range 20 {
		ask("192.0.2.1:1", good).want(http.StatusOK) // what is good is not counted
	}
	for range 4 {
		ask("192.0.2.1:1", bad).want(http.StatusUnauthorized)
	}
	ask("192.0.2.1:1", bad).wantTooMany(false)
	ask("192.0.2.1:1", good).wantTooMany(false) // or a guess that is right would show
	ask("192.0.2.2:1", good).want(http.StatusOK)
	for range 4 { // no provider answers in this test
		s.sendFrom(t, "192.0.2.3:1", "GET", "/signin", "").want(http.StatusServiceUnavailable)
	}
	s.sendFrom(t, "192.0.2.3:1", "GET", "/signin", "").wantTooMany(true)
	s.sendFrom(t, "192.0.2.3:1", "GET", "/signin/callback?code=x", "").wantTooMany(true)
	p.advance(15 * time.Second)
	ask("192.0.2.1:1", good).want(http.StatusOK)

	// Callers who are known are counted for themselves, wherever they are.
	_, second := p.makeToken(t, credential.Token{Team: "other"})
	edit := func(remote, token string) answer {
		return s.sendFrom(t, remote, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"x"}`, "Authorization", "Bearer "+token)
	}
	for i := range 5 {
		edit(fmt.Sprintf("198.51.100.%d:1", i), good).want(http.StatusOK)
	}
	edit("198.51.100.9:1", good).wantTooMany(false)
	edit("198.51.100.1:1", second).want(http.StatusOK)
}

func TestStreamLimit(t *testing.T) {
	s := limited(t, web.Limits{Streams: 2})
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	open := func(ctx context.Context) (status int, retryAfter string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/teams/ops/events", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res.StatusCode, res.Header.Get("Retry-After")
	}
	for range 2 {
		if got, _ := open(ctx); got != http.StatusOK {
			t.Fatalf("a stream: got %d", got)
		}
	}
	if got, after := open(t.Context()); got != http.StatusTooManyRequests || after != "30" {
		t.Errorf("one too many: got %d, Retry-After %q", got, after)
	}
	s.sendFrom(t, "192.0.2.1:1", "GET", "/teams/ops", "").want(http.StatusOK) // the page works without
	end()
	last, leave := context.WithCancel(t.Context())
	defer leave()
	waitFor(t, "room after the others left", func() bool {
		got, _ := open(last)
		return got == http.StatusOK
	})
	leave()
}

// All that callers can make more of ends somewhere, and says so.
func TestGrowth(t *testing.T) {
	s := limited(t, web.Limits{Teams: 2, People: 3})
	list := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	date := func(d int) string { return roster.Date{Year: 2027, Month: 1, Day: 1}.AddDays(d).String() }
	dates := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strings.ReplaceAll(format, "#", date(i))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana"}`).want(http.StatusCreated)
	refused := func(method, path, body, field string) {
		t.Helper()
		s.send(t, method, path, body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	for body, field := range map[string]string{
		`{"name":"Ops","roles":` + list(roster.MaxRoles+1, `"r#"`) + `}`:                                                                                                                "roles",
		`{"name":"Ops","editors":` + list(roster.MaxEditors+1, `"e#"`) + `}`:                                                                                                            "editors",
		`{"name":"Ops","settings":` + list(roster.MaxSettings+1, `{"zone":"UTC"}`) + `}`:                                                                                                "settings",
		`{"name":"Ops","rotations":` + list(roster.MaxRotations+1, `{"id":"r#","role":"primary","name":"R"}`) + `}`:                                                                     "rotations",
		`{"name":"Ops","rotations":[{"id":"r","role":"primary","name":"R","versions":` + dates(roster.MaxRotationVersions+1, `{"from":"#","weekdays":["mon"],"daysPerTurn":1}`) + `}]}`: "rotations.0.versions",
		`{"name":"Ops","rotations":[{"id":"r","role":"primary","name":"R","versions":[{"from":"2027-01-01","weekdays":["mon"],"daysPerTurn":1,"people":` + list(101, `"p#"`) + `}]}]}`:  "rotations.0.versions.0.people",
		`{"name":"Ops","holidays":` + dates(roster.MaxHolidays+1, `{"date":"#","name":"x"}`) + `}`:                                                                                      "holidays",
		`{"name":"` + strings.Repeat("n", roster.MaxName+1) + `"}`:                                                                                                                      "name",
		`{"name":"Ops","keepFilled":53}`: "keepFilled",
	} {
		refused("PUT", "/api/v1/teams/ops", body, field)
	}
	refused("PUT", "/api/v1/people/ana", `{"name":"Ana","absences":`+dates(roster.MaxAbsences+1, `{"from":"#","to":"#"}`)+`}`, "absences")
	refused("PUT", apiDay, `{"note":"`+strings.Repeat("n", roster.MaxNote+1)+`"}`, "note")
	s.send(t, "GET", "/api/v1/teams/ops/days?from=2026-01-01&to=2027-06-01", "").wantProblem(http.StatusBadRequest, "bad-request", "")
	s.send(t, "POST", "/api/v1/teams/ops/fill", `{"from":"2026-11-24","to":"2036-11-24"}`).want(http.StatusUnprocessableEntity)
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=501", "").wantProblem(http.StatusBadRequest, "bad-request", "")
	s.send(t, "GET", "/api/v1/coverage?weeks=1000", "").wantProblem(http.StatusBadRequest, "bad-request", "")
	s.send(t, "PUT", "/api/v1/teams/ops/holidays", strings.Repeat("x", 1<<20+1)).wantProblem(http.StatusRequestEntityTooLarge, "too-large", "")

	for range credential.MaxTokens {
		s.send(t, "POST", "/api/v1/teams/ops/tokens", `{"name":"x","scope":"read"}`).want(http.StatusCreated)
	}
	refused("POST", "/api/v1/teams/ops/tokens", `{"name":"x","scope":"read"}`, "")

	s.send(t, "POST", "/api/v1/teams", `{"name":"Second"}`).want(http.StatusCreated)
	s.send(t, "DELETE", "/api/v1/teams/second", "").want(http.StatusNoContent)
	refused("POST", "/api/v1/teams", `{"name":"Third"}`, "name")
	doc := s.send(t, "POST", "/teams", "name=Third&zone=UTC&handOff=09:00&roles=Primary").want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "main", "already 2 teams")

	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Bo","secondary":"Cleo"}}`).want(http.StatusOK)
	refused("POST", "/api/v1/people", `{"name":"Dan"}`, "name")
	refused("PUT", apiDay, `{"assignments":{"primary":"Dan"}}`, "assignments.primary")
	doc = s.send(t, "POST", "/people", "name=Dan").want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "main", "already 3 people")
	doc = s.send(t, "POST", day, "primary=Dan&secondary=&note=").want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "main", "already 3 people")
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana"}}`).want(http.StatusOK) // who is there can be assigned
	s.send(t, "DELETE", "/api/v1/people/bo", "").want(http.StatusNoContent)
	s.send(t, "POST", "/api/v1/people", `{"name":"Bo"}`).want(http.StatusCreated) // and comes back
}

// A body that comes a byte at a time, and a client that asks on and on and reads nothing.
func TestSlowClients(t *testing.T) {
	s := limited(t, web.Limits{Body: 300 * time.Millisecond, Answer: 300 * time.Millisecond})
	server := httptest.NewServer(s.Server)
	defer server.Close()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	// A request is refused for the name that it asks for before anybody looks at its body.
	for host, want := range map[string]string{"localhost": " 400 ", "elsewhere.example": " 421 "} {
		slow := dial()
		_, _ = io.WriteString(slow, "PUT "+apiDay+" HTTP/1.1\r\nHost: "+host+"\r\nContent-Length: 5000\r\n\r\n{")
		go func() {
			for {
				if _, err := slow.Write([]byte(" ")); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		_ = slow.SetReadDeadline(time.Now().Add(time.Minute))
		text, err := io.ReadAll(slow)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the body is waited for a minute later", host)
		}
		if len(text) > 0 && !strings.Contains(string(text), want) {
			t.Errorf("%s: a body that does not come: got %.200s, want%s", host, text, want)
		}
	}
	if got := len(s.history(t)); got != 0 {
		t.Errorf("the history: got %d changes, want none", got)
	}

	deaf := dial()
	_ = deaf.SetWriteDeadline(time.Now().Add(time.Minute))
	for {
		if _, err := io.WriteString(deaf, "GET /teams/ops?days=366 HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("who reads nothing is served a minute later")
			}
			return
		}
	}
}

// Whatever is sent and whatever comes of it, the log has none of the secrets.
func TestSecretsInNoLog(t *testing.T) {
	p := newPair(t)
	s := &site{t: t, Server: p.sites[0]}
	_, text := p.makeToken(t, credential.Token{Team: "other"})
	_, revoked := p.makeToken(t, credential.Token{Team: "other", Revoked: p.now()})
	w := httptest.NewRecorder()
	if err := p.doors[0].Remember(w, signin.Identity{Subject: "ana", Groups: []string{"other"}}, func(string) bool { return true }); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	session := cookie.Name + "=" + cookie.Value
	const code, state = "authorization-code-1", "state-of-the-flow-2"
	made := s.sendFrom(t, "192.0.2.1:1", "POST", "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit"}`, "Cookie", session).want(http.StatusCreated)
	var answer struct{ Token string }
	made.json(&answer)
	guess := text[:len(text)-6] + "guess1"
	requests := 0
	for _, path := range []string{"/", "/api/v1/oncall", "/api/v1/teams/other", "/signin", "/signin/callback?code=" + code + "&state=" + state, "/nowhere/x", "/teams/other/days/x", "/tokens", "/metrics"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			for _, header := range [][]string{
				{"Authorization", "Bearer " + text}, {"Authorization", "Bearer " + revoked}, {"Authorization", "Bearer " + guess}, {"Authorization", "Bearer " + answer.Token},
				{"Authorization", "Basic " + text}, {"Cookie", session}, {"Cookie", session + "broken"}, {"Cookie", "__Host-roster-signin=" + cookie.Value},
			} {
				s.sendFrom(t, "192.0.2.1:1", method, path, `{"name":"`+text+`"`, header...)
				requests++
			}
		}
	}
	log := p.log.String()
	if lines := strings.Count(log, "\n"); lines < requests {
		t.Errorf("the log has %d lines of %d requests", lines, requests)
	}
	for name, secret := range map[string]string{
		"token": text[34:], "revoked token": revoked[34:], "guess": "guess1", "new token": answer.Token[34:], "session": cookie.Value, "code": code, "state": state, "prefix": credential.TokenPrefix,
	} {
		if secret == "" || strings.Contains(log, secret) {
			t.Errorf("the log has the %s", name)
		}
	}
}
