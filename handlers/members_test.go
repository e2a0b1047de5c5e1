package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A team's people say when they are on call next and when they are away; an absence is added
// right there.
func TestMembers(t *testing.T) {
	s := newSite(t) // it is Mon 23 Nov 2026
	wantText(t, s.send(t, "GET", "/teams/ops/people", "").want(http.StatusOK).html(), "main", "Nobody takes turns here yet")
	for _, p := range []string{`{"name":"Ana Ruiz"}`, `{"name":"Bo Chen","absences":[{"from":"2026-12-01","to":"2026-12-03","note":"leave"}]}`, `{"name":"Cleo Diaz"}`} {
		s.send(t, "POST", "/api/v1/people", p).want(http.StatusCreated)
	}
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"ana-ruiz","secondary":"bo-chen"}}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-26", `{"assignments":{"primary":"ana-ruiz"}}`).want(http.StatusOK)

	doc := s.send(t, "GET", "/teams/ops/people", "").want(http.StatusOK).html()
	people := doc.Find(".members > li")
	if people.Length() != 2 {
		t.Fatalf("got %d people, want the two who are on call", people.Length())
	}
	wantText(t, doc, ".members > li:nth-of-type(1)", "next on Wed 25 Nov · 2 days in three months")
	wantText(t, doc, ".members > li:nth-of-type(2) .absence", "Tue 1 Dec – Thu 3 Dec (leave)")
	if n := people.Eq(1).Find("rect").Length(); n != 1 {
		t.Errorf("the line of absences: got %d, want one", n)
	}

	form := formOf(t, people.Eq(0).Find("form"))
	form.Set("from", "2026-12-24")
	form.Set("to", "2026-12-26")
	if to := s.send(t, "POST", "/people/ana-ruiz/absences", form.Encode()).want(http.StatusSeeOther).Header().Get("Location"); to != "/teams/ops/people?saved=ana-ruiz" {
		t.Errorf("after an absence: got %q, want the team's page again", to)
	}
	wantText(t, s.send(t, "GET", "/teams/ops/people", "").html(), ".members > li:nth-of-type(1) .absence", "Thu 24 Dec – Sat 26 Dec")
	bad := url.Values{"from": {"x"}, "to": {"2026-12-26"}, "revision": {form.Get("revision")}, "team": {"//elsewhere"}}
	refused := s.send(t, "POST", "/people/ana-ruiz/absences", bad.Encode())
	if refused.Code != http.StatusUnprocessableEntity && refused.Code != http.StatusConflict || strings.Contains(refused.Header().Get("Location"), "elsewhere") {
		t.Errorf("a bad absence: got %d to %q, want it refused", refused.Code, refused.Header().Get("Location"))
	}
}
