package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// A fill of four weeks is one line, which opens to its seats; the filters find acts by person,
// kind and days, and a wrong one says so.
func TestHistoryByActs(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"Ana Ruiz", "Bo Chen"} {
		s.send(t, "POST", "/api/v1/people", `{"name":"`+name+`"}`).want(http.StatusCreated)
	}
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","rotations":[{"id":"w","role":"primary","name":"W","versions":[{"from":"2026-11-23","weekdays":["mon","tue","wed","thu","fri","sat","sun"],"daysPerTurn":1,"people":["ana-ruiz","bo-chen"]}]}]}`).want(http.StatusOK)
	fill := s.send(t, "GET", "/teams/ops/rotations?fill-from=2026-11-24&fill-to=2026-12-21", "").want(http.StatusOK).html()
	landed := s.send(t, "POST", "/teams/ops/fill", formOf(t, fill.Find(`#fill form[method="post"]`)).Encode()).want(http.StatusSeeOther).Header().Get("Location")
	if undo := s.send(t, "GET", landed, "").want(http.StatusOK).html().Find(`.notice form[action$="/undo"]`); undo.Length() != 1 {
		t.Error("after the fill: want Undo in the notice")
	}
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"bo-chen"}}`).want(http.StatusOK)

	doc := s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html()
	if n := doc.Find(".acts > li").Length(); n != 2 {
		t.Fatalf("got %d acts, want the edit and the fill", n)
	}
	wantText(t, doc, ".acts > li:nth-of-type(1) .did", "set Bo Chen as Primary on Wed 25 Nov, in place of Ana Ruiz")
	wantText(t, doc, ".acts > li:nth-of-type(2) .did", "filled 28 seats from the rotations, Tue 24 Nov – Mon 21 Dec")
	if n := doc.Find(".acts > li:nth-of-type(2) tbody tr").Length(); n != 28 {
		t.Errorf("the fill opens to %d seats, want 28", n)
	}

	for query, want := range map[string]int{
		"?kind=rotation": 1, "?kind=edit": 1, "?kind=swap": 0, "?from=2026-11-25&to=2026-11-25": 2, "?from=2026-12-01&to=2026-12-02": 1,
		"?name=bo+chen&kind=edit": 1, "?person=bo-chen&kind=&from=&to=&name=": 2, "?date=2026-11-25": 2,
	} {
		if n := s.send(t, "GET", "/teams/ops/history"+query, "").want(http.StatusOK).html().Find(".acts > li").Length(); n != want {
			t.Errorf("%s: got %d acts, want %d", query, n, want)
		}
	}
	wantText(t, s.send(t, "GET", "/teams/ops/history?name=Nobody+Here", "").want(http.StatusUnprocessableEntity).html(), ".history-filter .error", "Nobody is called Nobody Here.")
	s.send(t, "GET", "/teams/ops/history?kind=x", "").want(http.StatusBadRequest)

	day := s.htmx(t, "GET", "/teams/ops/days/2026-11-25/history", "").want(http.StatusOK)
	if !strings.HasPrefix(day.Body.String(), `<ol class="acts"`) || day.html().Find(".acts > li").Length() != 2 {
		t.Errorf("the day's history: got %.200s, want its two acts", day.Body)
	}
	if to := s.send(t, "GET", "/teams/ops/days/2026-11-25/history", "").want(http.StatusSeeOther).Header().Get("Location"); to != "/teams/ops/history?date=2026-11-25" {
		t.Errorf("without htmx: got %q, want the page of the day", to)
	}
}

// An act that was undone says so, and is not offered for it again; an undo that was undone itself
// leaves the act as it was.
func TestUndoneActsSaySo(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"Ana Ruiz", "Bo Chen"} {
		s.send(t, "POST", "/api/v1/people", `{"name":"`+name+`"}`).want(http.StatusCreated)
	}
	for _, body := range []string{`{"assignments":{"primary":"ana-ruiz"},"note":"A"}`, `{"assignments":{"primary":"bo-chen"},"note":"B"}`} {
		s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", body).want(http.StatusOK)
		s.advance(60e9)
	}
	undoNewest := func() {
		s.advance(60e9)
		id := s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html().Find(".acts input[name=change]").First().AttrOr("value", "")
		s.send(t, "POST", "/teams/ops/undo", "change="+id).want(http.StatusSeeOther)
	}
	want := func(when, want string) {
		t.Helper()
		var got []string
		s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html().Find(".acts > li").Each(func(_ int, li *goquery.Selection) {
			got = append(got, li.Find("summary .mark").Text()+"/"+strings.TrimSpace(li.Find("form button").Text()))
		})
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: got %s, want %s", when, got, want)
		}
	}
	want("at first", "/Undo /Undo")
	undoNewest()
	want("after an undo", "/Undo undone/ /Undo")
	undoNewest() // of the undo
	want("after the undo of the undo", "/Undo undone/ /Undo /Undo")
}
