package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"dailyroster/roster/credential"
)

// A screen shows who is on call for its teams, who hands over first, and where nobody is.
func TestWall(t *testing.T) {
	s := siteToReach(t)
	for i := range 11 {
		s.send(t, "POST", "/api/v1/teams", fmt.Sprintf(`{"id":"net-%02d","name":"Network %02d"}`, i, i)).want(http.StatusCreated)
	}
	s.send(t, "PUT", "/api/v1/teams/net-03/days/"+today(s), `{"assignments":{"secondary":"ana-ruiz"}}`).want(http.StatusOK)
	all := s.send(t, "GET", "/wall", "").want(http.StatusOK).html()
	if n := all.Find("#wall.teams-12 li").Length(); n != 12 {
		t.Errorf("all teams: got %d, want 12", n)
	}
	for _, c := range []struct{ query, want string }{
		{"ops", "Ops: Ana Ruiz"}, {" Network 02 ,ops,OPS", "Network 02: nobody|Ops: Ana Ruiz"}, {"net-03,,net-04", "Network 03: nobody|Network 04: nobody"},
	} {
		var got []string
		for _, li := range s.send(t, "GET", "/wall?teams="+url.QueryEscape(c.query), "").want(http.StatusOK).html().Find("#wall li").EachIter() {
			got = append(got, li.Find("h2").Text()+": "+strings.TrimSpace(li.Find(".name").Text()))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: got %q, want %q", c.query, got, c.want)
		}
	}
	doc := s.send(t, "GET", "/wall?teams=ops,net-03", "").want(http.StatusOK).html()
	if soon := doc.Find("li.soon h2").Text(); soon != "Ops" {
		t.Errorf("next to hand over: got %q, want Ops", soon)
	}
	if n := doc.Find("li.missing").Length(); n != 1 {
		t.Errorf("got %d teams with nobody, want 1", n)
	}
	if reachedIn(doc.Text()) != true || strings.Contains(doc.Text(), "901") {
		t.Error("the wall says how to reach people, want names alone")
	}
	part := s.send(t, "GET", "/wall?teams=ops", "", "HX-Request", "true").want(http.StatusOK)
	if html := part.html(); html.Find("#wall").Length() != 1 || html.Find("script").Length() != 0 || attr(html, "#wall", "hx-get") != "/wall?teams=ops" {
		t.Errorf("the fragment: got %s", part.Body)
	}
	s.send(t, "GET", "/wall?teams=ops,none", "").want(http.StatusNotFound)
	s.send(t, "POST", "/api/v1/teams", `{"id":"more","name":"More"}`).want(http.StatusCreated)
	if n := s.send(t, "GET", "/wall", "").want(http.StatusOK).html().Find("form[action='/wall'] [name=teams]").Length(); n != 1 {
		t.Errorf("13 teams: got %d fields to choose some, want 1", n)
	}
	var thirteen []string
	for i := range 11 {
		thirteen = append(thirteen, fmt.Sprintf("net-%02d", i))
	}
	s.send(t, "GET", "/wall?teams=more,ops,"+strings.Join(thirteen, ","), "").want(http.StatusBadRequest)
}

// A token that can only read opens the wall from its address, and nothing else. The log has it
// nowhere, no browser keeps or passes it on.
func TestWallWithTokenInAddress(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	nobody := signedIn{p: p, header: http.Header{}}
	read := credential.Token{Team: w.team, Scope: credential.ScopeRead}
	_, text := p.makeToken(t, read)
	path := "/wall?teams=" + string(w.team) + "&token="
	for _, more := range [][]string{nil, {"HX-Request", "true"}} {
		got := nobody.send(t, "GET", path+text, "", more...).want(http.StatusOK)
		h := got.Header()
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Set-Cookie") != "" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("got the headers %v", h)
		}
		again := attr(got.html(), "#wall", "hx-get")
		if q, err := url.Parse(again); err != nil || q.Query().Get("token") != text || q.Query().Get("teams") != string(w.team) {
			t.Errorf("the screen asks next for %q, want the same", again)
		}
	}
	edit, ended, revoked := read, read, read
	edit.Scope, ended.Expires, revoked.Revoked = credential.ScopeEdit, p.now(), p.now().Add(-time.Second)
	_, mayEdit := p.makeToken(t, edit)
	_, isEnded := p.makeToken(t, ended)
	_, isRevoked := p.makeToken(t, revoked)
	for token, want := range map[string]int{
		mayEdit: http.StatusForbidden, w.secret: http.StatusUnauthorized, isEnded: http.StatusUnauthorized, isRevoked: http.StatusUnauthorized,
		text[:len(text)-4] + "AAAA": http.StatusUnauthorized, "x": http.StatusUnauthorized, "": http.StatusUnauthorized,
	} {
		if got := nobody.send(t, "GET", path+url.QueryEscape(token), ""); got.Code != want || strings.Contains(got.Body.String(), "Team ") {
			t.Errorf("with %.12s…: got %d, want %d", token, got.Code, want)
		}
	}
	all, err := p.sites[0].Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range all {
		row, open := routes[route], routes[route].audience == "anybody"
		if route == "GET /wall" || open {
			continue
		}
		if got := p.send(t, 0, route+"?token="+text, row.body, w, http.Header{}); got.Code != http.StatusUnauthorized {
			t.Errorf("%s with the token in its address: got %d, want 401", route, got.Code)
		}
	}
	if strings.Contains(p.log.String(), credential.TokenPrefix) || strings.Contains(p.log.String(), text) {
		t.Error("the log has the token")
	}
}
