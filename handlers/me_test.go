package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// cookieOf is the pair that a browser sends back of the cookie of this name.
func cookieOf(t *testing.T, res answer, name string) string {
	t.Helper()
	for _, c := range (&http.Response{Header: res.Header()}).Cookies() {
		if c.Name != name {
			continue
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s: got %+v, want HttpOnly and SameSite=Lax", name, c)
		}
		return c.Name + "=" + c.Value
	}
	t.Fatalf("no cookie %s in %v", name, res.Header())
	return ""
}

// Mine says whether I am on call, in my own zone, what comes and what others changed since I
// looked; the start page leads to it.
func TestMine(t *testing.T) {
	s := newSite(t) // it is Mon 23 Nov 2026, 10:00 in Berlin
	for _, p := range []string{`{"name":"Ana Ruiz","zone":"America/New_York"}`, `{"name":"Bo Chen"}`} {
		s.send(t, "POST", "/api/v1/people", p).want(http.StatusCreated)
	}
	for _, d := range []string{"2026-11-23", "2026-11-24", "2026-12-05"} {
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+d, `{"assignments":{"primary":"ana-ruiz","secondary":"bo-chen"}}`).want(http.StatusOK)
	}
	wantText(t, s.send(t, "GET", "/me", "").want(http.StatusOK).html(), "h1", "Who are you?")
	wantText(t, s.send(t, "POST", "/me", "name=Nobody").want(http.StatusUnprocessableEntity).html(), ".error", "Nobody is called that")
	chosen := s.send(t, "POST", "/me", "name=ana+ruiz").want(http.StatusSeeOther)
	me := cookieOf(t, chosen, "roster_me")

	if to := s.send(t, "GET", "/", "", "Cookie", me).want(http.StatusSeeOther).Header().Get("Location"); to != "/me" {
		t.Errorf("the start page: got %q, want /me", to)
	}
	page := s.send(t, "GET", "/me", "", "Cookie", me).want(http.StatusOK)
	seen := cookieOf(t, page, "roster_looked")
	doc := page.html()
	wantText(t, doc, "h1", "Ana Ruiz")
	wantText(t, doc, ".my-now .answer", "You are on call.")
	wantText(t, doc, ".my-now", "Primary of Ops until Wed 25 Nov 03:00") // 09:00 in Berlin
	wantText(t, doc, ".my-now", "Times are in America/New_York.")
	wantText(t, doc, ".my-team", "Bo Chen")
	shifts := doc.Find(".my-shifts li")
	if shifts.Length() != 2 || !strings.Contains(shifts.Eq(0).Text(), "2 days") || !strings.Contains(shifts.Eq(1).Text(), "Sat 5 Dec") {
		t.Errorf("the shifts: got %q, want two blocks", shifts.Text())
	}
	if n := doc.Find(".my-news .fresh").Length(); n != 3 {
		t.Errorf("at first %d changes are new, want all three", n)
	}

	s.advance(60e9)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-12-05", `{"assignments":{"primary":"bo-chen"}}`).want(http.StatusOK)
	doc = s.send(t, "GET", "/me", "", "Cookie", me+"; "+seen).want(http.StatusOK).html()
	if n := doc.Find(".my-news .fresh").Length(); n != 1 {
		t.Errorf("after a look %d changes are new, want the one that followed", n)
	}
	wantText(t, doc, ".my-news .fresh", "set Bo Chen as Primary on Sat 5 Dec, in place of Ana Ruiz")

	gone := s.send(t, "POST", "/me/forget", "", "Cookie", me).want(http.StatusSeeOther)
	if c := cookieOf(t, gone, "roster_me"); c != "roster_me=" {
		t.Errorf("forgotten: got %q, want an empty cookie", c)
	}
}

// A cookie is a choice and no key: a forged one shows nobody, and never fails.
func TestMineForged(t *testing.T) {
	s := newSite(t)
	for _, value := range []string{"nobody", "../x", "%00", strings.Repeat("a", 4000), `"><script>`, ""} {
		req := httptest.NewRequest(http.MethodGet, "/me", http.NoBody)
		req.Header.Set("Cookie", "roster_me="+value+"; roster_looked=9999999999999999999999")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Who are you?") {
			t.Errorf("the cookie %.20q: got %d, want the question", value, w.Code)
		}
	}
}
