package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
)

// sendTo sends a request for a site of that name, as a browser that looks at it does.
func sendTo(t *testing.T, server http.Handler, host, method, path, body string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Host = host
	r.Header.Set("Origin", "http://"+host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return answer{t, host + ": " + method + " " + path, w}
}

// A page whose name was made to resolve to the address of this site is of this site to the browser,
// and neither reads nor edits.
func TestReboundName(t *testing.T) {
	s := newSite(t)
	cfg := s.Config
	cfg.Hosts = web.Hosts{"roster.example.org"}
	s.remake(t, cfg)
	const rebound = "rebound.example:8080"
	page := sendTo(t, s, rebound, "POST", day, "note=forged").want(http.StatusMisdirectedRequest).html()
	wantText(t, page, "main", `This site does not have the name "rebound.example:8080"`)
	wantText(t, sendTo(t, s, rebound, "PUT", day, "note=forged", "HX-Request", "true").want(http.StatusMisdirectedRequest).html(), "#status", "--hosts")
	sendTo(t, s, rebound, "PUT", apiDay, `{"note":"forged"}`).wantProblem(http.StatusMisdirectedRequest, "misdirected", "")
	sendTo(t, s, rebound, "GET", "/api/v1/people", "").wantProblem(http.StatusMisdirectedRequest, "misdirected", "")
	for _, path := range []string{"/", "/teams/ops", "/teams/ops/events", "/teams/ops/days.csv", "/people", "/nowhere", "/livez/x", "/metrics/"} {
		sendTo(t, s, rebound, "GET", path, "").want(http.StatusMisdirectedRequest)
	}
	if got := sendTo(t, s, "localhost:8080", "GET", apiDay, "").want(http.StatusOK).Body.String(); strings.Contains(got, "forged") {
		t.Errorf("a page of another name edited: %s", got)
	}
	for _, host := range []string{"localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.168.64.100", "Roster.Example.org"} {
		sendTo(t, s, host, "PUT", apiDay, `{"note":"x"}`).want(http.StatusOK)
		sendTo(t, s, host, "GET", "/", "").want(http.StatusOK)
	}
}

// What watches this machine asks by whatever name it knows, and the refusing page has its style.
func TestWatchersAskByAnyName(t *testing.T) {
	s := newSite(t)
	for _, host := range []string{"rebound.example", "front1:8080", ""} {
		for _, path := range []string{"/livez", "/readyz", "/metrics", s.Assets.URL(assets.Style)} {
			sendTo(t, s, host, "GET", path, "").want(http.StatusOK)
		}
	}
}

// A sign-in changes nothing: a proxy may know its people by their network, and pages make links
// of the name.
func TestReboundNameWithSignIn(t *testing.T) {
	p := newPair(t)
	header := p.headers(t, 0, kindOfCaller{session: person("admin", "admins")}, world{})
	for host, want := range map[string]int{"rebound.example": http.StatusMisdirectedRequest, "example.com": http.StatusOK} {
		for _, site := range []*handlers.Server{p.sites[0], p.sites[1]} {
			sendTo(t, site, host, "GET", "/people", "", "Cookie", header.Get("Cookie")).want(want)
		}
	}
}
