package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

// staffed is a site with people and, from Monday 23 November on, a primary a day.
func staffed(t testing.TB) *site {
	t.Helper()
	s := newSite(t)
	s.staff(t)
	return s
}

func (s *site) staff(t testing.TB) {
	t.Helper()
	for i, name := range []string{"Ana Ruiz", "Bo Chen", "Cleo Diaz", "Dora Oz", "Ana Ruiz", "Bo Chen", "Cleo Diaz", "Dora Oz", "Ana Ruiz", "Bo Chen"} {
		s.assign(t, monday.AddDays(i), name)
	}
}

var monday = roster.Date{Year: 2026, Month: 11, Day: 23}

func (s *site) assign(t testing.TB, d roster.Date, primary string) {
	t.Helper()
	s.send(t, "PUT", "/api/v1/teams/ops/days/"+d.String(), fmt.Sprintf(`{"assignments":{"primary":%q}}`, primary)).want(http.StatusOK)
}

// primary is the name of who is primary on a day of November, or of December from 31 on.
func (s *site) primary(t testing.TB, d string) string {
	t.Helper()
	var day struct {
		Assignments map[string]*struct{ Name string }
	}
	s.send(t, "GET", "/api/v1/teams/ops/days/"+d, "").want(http.StatusOK).json(&day)
	if p := day.Assignments["primary"]; p != nil {
		return p.Name
	}
	return ""
}

func (s *site) wantPrimary(t testing.TB, when string, want map[string]string) {
	t.Helper()
	for d, name := range want {
		if got := s.primary(t, d); got != name {
			t.Errorf("%s, %s: got %q, want %q", when, d, got, name)
		}
	}
}

func (s *site) agreeFirst(t testing.TB) {
	t.Helper()
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","agreeFirst":true}`).want(http.StatusOK)
}

const exchanges = "/api/v1/teams/ops/exchanges"

type exchangeJSON struct {
	ID, Kind, State, Reason, Revision string
	WaitsFor                          []struct{ ID string }
	Moves                             []struct{ Date, Role string }
}

func (s *site) exchange(t testing.TB, id string) (e exchangeJSON) {
	t.Helper()
	s.send(t, "GET", exchanges+"/"+id, "").want(http.StatusOK).json(&e)
	return e
}

func swapBody(a, b, more string) string {
	return fmt.Sprintf(`{"kind":"swap","seat":{"date":%q,"role":"primary"},"with":{"date":%q,"role":"primary"}%s}`, a, b, more)
}

// formWith is the form among those found that has the field with the value, as a browser
// sends it.
func formWith(t testing.TB, doc *goquery.Selection, field, value string) (action string, fields url.Values) {
	t.Helper()
	form := doc.Find(fmt.Sprintf("form:has(input[name=%q][value=%q])", field, value)).First()
	if form.Length() == 0 {
		t.Fatalf("got no form with %s = %s", field, value)
	}
	fields = url.Values{}
	form.Find("input").Each(func(_ int, input *goquery.Selection) {
		_, checked := input.Attr("checked")
		if kind, _ := input.Attr("type"); kind != "radio" || checked {
			name, _ := input.Attr("name")
			v, _ := input.Attr("value")
			fields.Set(name, v)
		}
	})
	action, _ = form.Attr("action")
	return action, fields
}

// A swap across the end of a month, a take and a give, with the page alone; each is
// undone as a whole.
func TestSwapTakeGive(t *testing.T) {
	s := staffed(t)
	row := s.send(t, "GET", "/teams/ops"+inView, "").want(http.StatusOK).html()
	page := attr(row, "tr#day-2026-11-24 .exchange", "href")
	tests := []struct {
		kind, field, value string
		want               map[string]string
		news, did          string
	}{
		{
			"swap", "with", "2026-12-01 primary ana-ruiz", map[string]string{"2026-11-24": "Ana Ruiz", "2026-12-01": "Bo Chen"},
			"Bo Chen (Primary on Tue 24 Nov 2026) and Ana Ruiz (Primary on Tue 1 Dec 2026) swap: done", "swapped Ana Ruiz (Tue 1 Dec) and Bo Chen (Tue 24 Nov)",
		},
		{
			"take", "by", "dora oz", map[string]string{"2026-11-24": "Dora Oz", "2026-12-01": "Ana Ruiz"},
			"Dora Oz takes Primary on Tue 24 Nov 2026 from Bo Chen: done", "let Dora Oz take Primary on Tue 24 Nov",
		},
		{
			"give", "to", "Cleo Diaz", map[string]string{"2026-11-24": "Cleo Diaz", "2026-12-01": "Ana Ruiz"},
			"Bo Chen gives Primary on Tue 24 Nov 2026 to Cleo Diaz: done", "gave Primary on Tue 24 Nov from Bo Chen to Cleo Diaz",
		},
	}
	for _, tt := range tests {
		doc := s.send(t, "GET", page, "").want(http.StatusOK).html()
		wantText(t, doc, ".seats", "Primary: Bo ChenSecondary: nobody")
		if tt.kind == "swap" && doc.Find(fmt.Sprintf("option[value=%q]", tt.value)).Length() != 1 {
			t.Errorf("the days that can be swapped: got %q, want %s among them", text(doc, "select"), tt.value)
		}
		if doc.Find(`option[value^="2026-11-28"]`).Length() != 0 {
			t.Error("the days that can be swapped: got one that Bo has already")
		}
		action, fields := formWith(t, doc, "kind", tt.kind)
		fields.Set(tt.field, tt.value)
		for range 2 { // sent twice it is one
			back := s.send(t, "POST", action, fields.Encode()).want(http.StatusSeeOther).Header().Get("Location")
			back, _, _ = strings.Cut(back, "#")
			wantText(t, s.send(t, "GET", back, "").want(http.StatusOK).html(), ".notice", tt.news)
		}
		s.wantPrimary(t, "after "+tt.kind, tt.want)
		history := s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html()
		wantText(t, history, ".acts > li:first-of-type .did", tt.did)
		undo := formOf(t, history.Find(".acts form").First())
		s.send(t, "POST", "/teams/ops/undo", undo.Encode()).want(http.StatusSeeOther)
		s.wantPrimary(t, "after the undo of "+tt.kind, map[string]string{"2026-11-24": "Bo Chen", "2026-12-01": "Ana Ruiz"})
	}
	if n := s.send(t, "GET", "/teams/ops?from=2026-11-20&days=5", "").html().Find("tr#day-2026-11-20 .exchange").Length(); n != 0 {
		t.Error("a past day: got a link to swap it")
	}
	s.send(t, "GET", "/teams/ops/days/2026-11-20/exchange", "").want(http.StatusConflict)
	s.send(t, "GET", "/teams/ops/days/2026-02-30/exchange", "").want(http.StatusBadRequest)
	s.send(t, "GET", "/teams/ops/days/2026-11-24/exchange?role=cook", "").want(http.StatusNotFound)
}

func TestExchangeRefusedOnThePage(t *testing.T) {
	s := staffed(t)
	s.send(t, "PUT", "/api/v1/people/cleo-diaz", `{"name":"Cleo Diaz","absences":[{"from":"2026-11-24","to":"2026-11-24"}]}`).want(http.StatusOK)
	page := "/teams/ops/days/2026-11-24/exchange" + inView + "&role=primary"
	tests := []struct{ kind, field, value, selector, want string }{
		{"swap", "with", "", "#f-with-says", "choose the other day"},
		{"swap", "with", "2026-11-24 primary bo-chen", "#f-with-says", "nothing would change: Bo Chen already has it"},
		{"swap", "with", "2026-11-25 primary cleo-diaz", "#f-with-says", "Cleo Diaz is away"},
		{"swap", "with", "2027-01-10 primary ", "#f-with-says", "nobody has Primary on Sun 10 Jan 2027"},
		{"take", "by", " ", "#f-by-says", "the name is missing"},
		{"take", "by", "Cleo Diaz", "#f-by-says", "Primary of Tue 24 Nov 2026 cannot pass to Cleo Diaz: Cleo Diaz is away"},
		{"take", "by", "Bo Chen", "#f-by-says", "Bo Chen already has it"},
		{"give", "to", "Nobody Known", "#f-to-says", "nobody is called Nobody Known"},
	}
	for _, tt := range tests {
		action, fields := formWith(t, s.send(t, "GET", page, "").want(http.StatusOK).html(), "kind", tt.kind)
		fields.Set(tt.field, tt.value)
		doc := s.send(t, "POST", action, fields.Encode()).want(http.StatusUnprocessableEntity).html()
		wantText(t, doc, tt.selector, tt.want)
		if tt.field != "with" && attr(doc, "#f-"+tt.field, "value") != tt.value {
			t.Errorf("%s %s: got %q, want what was typed kept", tt.kind, tt.value, attr(doc, "#f-"+tt.field, "value"))
		}
	}
	action, fields := formWith(t, s.send(t, "GET", page, "").html(), "kind", "take")
	fields.Set("by", "Dora Oz")
	s.assign(t, monday.AddDays(1), "Ana Ruiz")
	doc := s.send(t, "POST", action, fields.Encode()).want(http.StatusConflict).html()
	wantText(t, doc, ".error", "Someone else changed this day")
	wantText(t, doc, ".seats", "Primary: Ana Ruiz")
	for name, value := range map[string]string{"kind": "x", "date": "2026-02-30", "change": "x"} {
		bad := url.Values{}
		for k, v := range fields {
			bad[k] = v
		}
		bad.Set(name, value)
		s.send(t, "POST", action, bad.Encode()).want(http.StatusBadRequest)
	}
	if h := s.history(t); len(h) != 11 {
		t.Errorf("the history: got %d changes, want the 11 of the days alone", len(h))
	}
}

func TestExchangeByAPI(t *testing.T) {
	s := staffed(t)
	swap := swapBody("2026-11-24", "2026-12-01", "")
	var first exchangeJSON
	for i := range 2 {
		res := s.send(t, "POST", exchanges, swap, "Idempotency-Key", "k").want(http.StatusCreated)
		var e exchangeJSON
		res.json(&e)
		if i == 1 && e.ID != first.ID {
			t.Errorf("the same key again: got exchange %s, want %s", e.ID, first.ID)
		}
		first = e
		if e.State != "done" || len(e.Moves) != 2 || res.Header().Get("ETag") != `"`+e.Revision+`"` || res.Header().Get("Location") != exchanges+"/"+e.ID {
			t.Errorf("a swap: got %+v at %s, want it done", e, res.Header().Get("Location"))
		}
	}
	s.wantPrimary(t, "after the swap", map[string]string{"2026-11-24": "Ana Ruiz", "2026-12-01": "Bo Chen"})
	s.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-11-26", ""), "Idempotency-Key", "k").wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	s.send(t, "GET", exchanges+"/"+first.ID, "", "If-None-Match", `"`+first.Revision+`"`).want(http.StatusNotModified)
	var changes struct {
		Changes []struct {
			Why, Group string
			With       *struct{ Date, Role string }
		}
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=1", "").want(http.StatusOK).json(&changes)
	if c := changes.Changes[0]; c.Why != "swap" || c.Group != first.ID || c.With == nil || c.With.Date != "2026-11-24" {
		t.Errorf("the newest change: got %+v, want a swap of the exchange with 2026-11-24", c)
	}

	s.send(t, "PUT", "/api/v1/people/cleo-diaz", `{"name":"Cleo Diaz","absences":[{"from":"2026-11-24","to":"2026-11-24"}]}`).want(http.StatusOK)
	seat := func(kind, date, role, more string) string {
		return fmt.Sprintf(`{"kind":%q,"seat":{"date":%q,"role":%q}%s}`, kind, date, role, more)
	}
	for _, tt := range []struct{ what, body, field string }{
		{"an unknown kind", seat("lend", "2026-11-24", "primary", ""), "kind"},
		{"no seat", `{"kind":"take","by":"dora-oz"}`, "seat"},
		{"no other seat", seat("swap", "2026-11-24", "primary", ""), "with"},
		{"an unknown role", seat("take", "2026-11-24", "cook", `,"by":"dora-oz"`), "seat.role"},
		{"no role", seat("take", "2026-11-24", "", `,"by":"dora-oz"`), "seat.role"},
		{"an impossible day", seat("take", "2026-02-30", "primary", `,"by":"dora-oz"`), "seat.date"},
		{"a past day", seat("take", "2026-11-22", "primary", `,"by":"dora-oz"`), "seat.date"},
		{"nobody who takes", seat("take", "2026-11-24", "primary", ""), "by"},
		{"somebody unknown", seat("take", "2026-11-24", "primary", `,"by":{"id":"zoe"}`), "by"},
		{"nobody to give to", seat("give", "2026-11-24", "primary", ""), "to"},
		{"to somebody away", seat("give", "2026-11-24", "primary", `,"to":"cleo-diaz"`), "to"},
		{"to the same person", seat("give", "2026-11-24", "primary", `,"to":"ana-ruiz"`), "to"},
		{"the same person twice", swapBody("2026-11-24", "2026-11-27", ""), "with"},
		{"a seat with itself", swapBody("2026-11-24", "2026-11-24", ""), "with"},
		{"an empty seat", swapBody("2026-11-24", "2027-01-10", ""), "with"},
		{"an empty seat to give", seat("give", "2027-01-10", "primary", `,"to":"bo-chen"`), "seat"},
		{"a swap that gives", swapBody("2026-11-24", "2026-11-26", `,"to":"bo-chen"`), "to"},
		{"a take with another seat", seat("take", "2026-11-24", "primary", `,"by":"bo-chen","with":{"date":"2026-11-26","role":"primary"}`), "with"},
		{"an unknown field", seat("take", "2026-11-24", "primary", `,"for":"bo-chen"`), "for"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			s.send(t, "POST", exchanges, tt.body).wantProblem(http.StatusUnprocessableEntity, "invalid", tt.field)
		})
	}
	stale := `{"kind":"take","seat":{"date":"2026-11-25","role":"primary","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"},"by":"dora-oz"}`
	s.send(t, "POST", exchanges, stale).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "POST", exchanges, "{").wantProblem(http.StatusBadRequest, "bad-request", "")
	s.send(t, "GET", exchanges+"/01ARZ3NDEKTSV4RRFFQ69G5FAV", "").wantProblem(http.StatusNotFound, "not-found", "")
	s.send(t, "POST", exchanges+"/"+first.ID+"/approve", "{}").wantProblem(http.StatusNotFound, "not-found", "")
	s.send(t, "PUT", exchanges, "{}").wantProblem(http.StatusMethodNotAllowed, "method-not-allowed", "")
	s.send(t, "POST", exchanges, seat("take", "2027-01-10", "primary", `,"by":"Dora Oz"`)).want(http.StatusCreated)
	s.wantPrimary(t, "an empty seat that was taken", map[string]string{"2027-01-10": "Dora Oz"})
	if got := s.history(t)[0].Why; got != "take" {
		t.Errorf("the newest change: got why %s, want take", got)
	}
}

// Where the team wants it, an exchange waits on the page and by the API until the other
// person agrees.
func TestExchangeWaitsForAgreement(t *testing.T) {
	s := staffed(t)
	s.agreeFirst(t)
	was := map[string]string{"2026-11-24": "Bo Chen", "2026-12-01": "Ana Ruiz"}
	offer := func(a, b string) exchangeJSON {
		t.Helper()
		var e exchangeJSON
		s.send(t, "POST", exchanges, swapBody(a, b, `,"by":"bo-chen"`)).want(http.StatusCreated).json(&e)
		if e.State != "waiting" || len(e.WaitsFor) != 1 {
			t.Fatalf("an offer: got %+v, want it to wait for one", e)
		}
		return e
	}
	answer := func(e exchangeJSON, how, person string, header ...string) answer {
		t.Helper()
		return s.send(t, "POST", exchanges+"/"+e.ID+"/"+how, fmt.Sprintf(`{"person":%q}`, person), header...)
	}

	first := offer("2026-11-24", "2026-12-01")
	s.wantPrimary(t, "while it waits", was)
	s.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-12-01", "")).wantProblem(http.StatusUnprocessableEntity, "invalid", "with")
	answer(first, "agree", "cleo-diaz").wantProblem(http.StatusUnprocessableEntity, "invalid", "person")
	answer(first, "agree", "zoe").wantProblem(http.StatusUnprocessableEntity, "invalid", "person")
	answer(first, "withdraw", "ana-ruiz").wantProblem(http.StatusUnprocessableEntity, "invalid", "person")
	answer(first, "agree", "ana-ruiz", "If-Match", `"01ARZ3NDEKTSV4RRFFQ69G5FAV"`).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "POST", exchanges+"/01ARZ3NDEKTSV4RRFFQ69G5FAV/agree", `{"person":"ana-ruiz"}`).wantProblem(http.StatusNotFound, "not-found", "")
	for range 2 { // the second is a repeat
		answer(first, "agree", "ana-ruiz", "If-Match", `"`+first.Revision+`"`).want(http.StatusOK)
	}
	s.wantPrimary(t, "agreed", map[string]string{"2026-11-24": "Ana Ruiz", "2026-12-01": "Bo Chen"})
	answer(first, "decline", "ana-ruiz").wantProblem(http.StatusConflict, "exchange-closed", "")

	second := offer("2026-11-28", "2026-11-30")
	answer(second, "decline", "dora-oz").want(http.StatusOK)
	answer(second, "agree", "dora-oz").wantProblem(http.StatusConflict, "exchange-closed", "")
	if got := s.exchange(t, second.ID); got.State != "declined" {
		t.Errorf("a declined one: got %+v", got)
	}

	// On the page, and on that of the person who is asked, by their buttons.
	third := offer("2026-11-28", "2026-11-30")
	roster := s.send(t, "GET", "/teams/ops"+inView, "").want(http.StatusOK).html()
	wantText(t, roster, "#offers", "Bo Chen (Primary on Sat 28 Nov 2026) and Dora Oz (Primary on Mon 30 Nov 2026) swap: waits for Dora Oz to agree")
	if n := roster.Find("#offers form").Length(); n != 3 {
		t.Errorf("the roster: got %d buttons, want agree, decline and withdraw", n)
	}
	person := s.send(t, "GET", "/people/dora-oz", "").want(http.StatusOK).html()
	wantText(t, person, "main", "Waiting for agreement")
	action, fields := formWith(t, person, "answer", "agree")
	back := s.send(t, "POST", action, fields.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	wantText(t, s.send(t, "GET", back, "").want(http.StatusOK).html(), ".notice", "swap: done")
	if s.send(t, "GET", "/people/cleo-diaz", "").html().Find("#asked").Length() != 0 {
		t.Error("the page of somebody else: got the offer")
	}
	if got := s.exchange(t, third.ID); got.State != "done" {
		t.Errorf("after the button: got %+v, want it done", got)
	}

	// A day that was changed meanwhile makes it impossible, and the page says so.
	fourth := offer("2026-12-01", "2026-11-29")
	s.assign(t, monday.AddDays(6), "Dora Oz")
	roster = s.send(t, "GET", "/teams/ops"+inView, "").want(http.StatusOK).html()
	wantText(t, roster, "#offers", "no longer possible. Primary of Sun 29 Nov 2026 is no longer held by Cleo Diaz but by Dora Oz.")
	if n := roster.Find("#offers form").Length(); n != 1 {
		t.Errorf("an offer that cannot be made: got %d buttons, want only Withdraw", n)
	}
	answer(fourth, "agree", "cleo-diaz").wantProblem(http.StatusConflict, "exchange-lapsed", "")
	if got := s.exchange(t, fourth.ID); got.State != "lapsed" || !strings.Contains(got.Reason, "no longer held") {
		t.Errorf("then: got %+v, want it lapsed for that reason", got)
	}

	// So does its day, once it is over.
	fifth := offer("2026-12-01", "2026-11-25")
	s.set(s.now().AddDate(0, 0, 3))
	if got := s.exchange(t, fifth.ID); got.State != "lapsed" {
		t.Errorf("after its day: got %+v, want it lapsed", got)
	}
	if n := s.send(t, "GET", "/teams/ops"+inView, "").html().Find("#offers form").Length(); n != 0 {
		t.Errorf("after its day: got %d buttons, want none", n)
	}
	answer(fifth, "agree", "cleo-diaz").wantProblem(http.StatusConflict, "exchange-lapsed", "")

	var list struct{ Exchanges []exchangeJSON }
	s.send(t, "GET", exchanges, "").want(http.StatusOK).json(&list)
	states := make([]string, len(list.Exchanges))
	for i, e := range list.Exchanges {
		states[i] = e.State
	}
	if want := []string{"lapsed", "lapsed", "done", "declined", "done"}; !slices.Equal(states, want) {
		t.Errorf("the list, newest first: got %v, want %v", states, want)
	}
}

// Offers that come and go are no edit of the team: nobody's form or If-Match turns stale.
func TestOffersLeaveTheTeamAlone(t *testing.T) {
	s := staffed(t)
	s.agreeFirst(t)
	page := s.send(t, "GET", "/teams/ops/settings", "").want(http.StatusOK).html()
	tag := s.send(t, "GET", "/api/v1/teams/ops", "").Header().Get("ETag")
	s.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-12-01", "")).want(http.StatusCreated)
	team := s.send(t, "GET", "/api/v1/teams/ops", "", "If-None-Match", tag).want(http.StatusNotModified)
	if got := team.Header().Get("ETag"); got != tag {
		t.Errorf("the team's ETag: got %s, want %s as before", got, tag)
	}
	form := url.Values{"name": {"Ops 2"}, "roles": {"Primary, Secondary"}, "zone": {"Europe/Berlin"}, "handOff": {"09:00"}, "from": {"2026-11-23"}, "agreeFirst": {"yes"}}
	form.Set("revision", attr(page, "input[name=revision]", "value"))
	s.send(t, "POST", "/teams/ops/settings", form.Encode()).want(http.StatusSeeOther)
	s.send(t, "POST", "/teams/ops/settings", form.Encode()).want(http.StatusConflict) // now it is stale
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops 3"}`, "If-Match", tag).want(http.StatusPreconditionFailed)
	var list struct{ Exchanges []exchangeJSON }
	s.send(t, "GET", exchanges, "").json(&list)
	if len(list.Exchanges) != 1 || list.Exchanges[0].State != "waiting" {
		t.Errorf("after the settings were saved: got %+v, want the offer kept", list.Exchanges)
	}
	if body := s.send(t, "GET", "/api/v1/teams/ops", "").Body.String(); strings.Contains(body, "offers") || !strings.Contains(body, `"agreeFirst":true`) {
		t.Errorf("the team: got %s, want its setting and no offers", body)
	}
}

// mortal is a real store whose process dies at a write: before it, or after it took
// effect but before anybody heard of that.
type mortal struct {
	store.Store
	left  int // writes that are made
	after bool
}

func (m *mortal) write(do func() error) error {
	dead := &store.UnavailableError{Err: context.Canceled}
	switch {
	case m.left > 0:
		m.left--
		return do()
	case m.left == 0 && m.after:
		m.left--
		_ = do()
	}
	m.left = -1
	return dead
}

func (m *mortal) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (saved store.Saved, err error) {
	err = m.write(func() error { saved, err = m.Store.Save(ctx, team, e); return err })
	return saved, err
}

func (m *mortal) PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error {
	return m.write(func() error { return m.Store.PutTeam(ctx, team, basedOn) })
}

// Wherever the process dies in a swap across two months, the next reader finds all of it
// or, if it was not even recorded, nothing.
func TestSwapOutlivesItsProcess(t *testing.T) {
	for _, after := range []bool{false, true} {
		for writes := range 4 { // the record, two months, the note that it is done
			t.Run(fmt.Sprintf("%d writes, the next made %t", writes, after), func(t *testing.T) {
				s := staffed(t)
				dying := &mortal{Store: s.store, left: 100}
				first := siteOn(t, dying)
				dying.left, dying.after = writes, after
				key := []string{"Idempotency-Key", "k"}
				first.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-12-01", ""), key...).wantProblem(http.StatusServiceUnavailable, "unavailable", "")
				s.send(t, "GET", "/teams/ops", "").want(http.StatusOK)
				want := map[string]string{"2026-11-24": "Ana Ruiz", "2026-12-01": "Bo Chen"}
				if writes == 0 && !after {
					s.wantPrimary(t, "not even recorded", map[string]string{"2026-11-24": "Bo Chen", "2026-12-01": "Ana Ruiz"})
				} else {
					s.wantPrimary(t, "by the next reader", want)
				}
				// Whoever asked sends it again, and hears that it is done.
				var e exchangeJSON
				s.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-12-01", ""), key...).want(http.StatusCreated).json(&e)
				if e.State != "done" {
					t.Errorf("asked again: got %+v, want it done", e)
				}
				s.wantPrimary(t, "asked again", want)
				var changes struct {
					Changes []struct{ Why, Group string }
				}
				s.send(t, "GET", "/api/v1/teams/ops/changes?limit=3", "").json(&changes)
				for i, c := range changes.Changes {
					if swap := c.Why == "swap" && c.Group == e.ID; swap != (i < 2) {
						t.Errorf("change %d of the history: got %+v, want exactly two of the swap", i, c)
					}
				}
			})
		}
	}
}

// half is a site on which a swap is half made: the process died between the months.
func half(t *testing.T) (s *site, id string) {
	t.Helper()
	s = staffed(t)
	dying := &mortal{Store: s.store, left: 100}
	first := siteOn(t, dying)
	dying.left = 2
	first.send(t, "POST", exchanges, swapBody("2026-11-24", "2026-12-01", "")).want(http.StatusServiceUnavailable)
	team, err := s.store.Team(t.Context(), "ops")
	if err != nil || len(team.Offers) != 1 || team.Offers[0].State != roster.OfferAgreed {
		t.Fatalf("the team after the death: got %+v, %v, want an agreed offer", team.Offers, err)
	}
	return s, string(team.Offers[0].Group)
}

// seize gives a day to somebody behind the program's back, as an instance does that read
// the team before the swap began.
func (s *site) seize(t *testing.T, d roster.Date, person roster.PersonID) {
	t.Helper()
	days, err := s.store.Days(t.Context(), "ops", d, d)
	if err != nil {
		t.Fatal(err)
	}
	day := days[0].Clone()
	day.Assignments["primary"] = person
	_, err = s.store.Save(t.Context(), "ops", roster.Edit{
		Change: roster.DeriveChangeID("seize", d.String()+string(person)), Actor: roster.Actor{Name: "other"}, Why: roster.WhyEdit, Time: s.now(),
		Days: []roster.DayEdit{{BasedOn: days[0].Revision, Day: day}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What cannot be finished is taken back, but for what somebody changed since.
func TestHalfASwapIsTakenBack(t *testing.T) {
	tests := []struct {
		name  string
		seize map[string]roster.PersonID
		want  map[string]string
	}{
		{"the second day went to somebody else", map[string]roster.PersonID{"2026-12-01": "dora-oz"}, map[string]string{"2026-11-24": "Bo Chen", "2026-12-01": "Dora Oz"}},
		{"the first day did, after it was swapped", map[string]roster.PersonID{"2026-11-24": "dora-oz"}, map[string]string{"2026-11-24": "Dora Oz", "2026-12-01": "Ana Ruiz"}},
		{"somebody took the first half back", map[string]roster.PersonID{"2026-11-24": "bo-chen"}, map[string]string{"2026-11-24": "Bo Chen", "2026-12-01": "Ana Ruiz"}},
		{"both went to somebody else", map[string]roster.PersonID{"2026-11-24": "dora-oz", "2026-12-01": "cleo-diaz"}, map[string]string{"2026-11-24": "Dora Oz", "2026-12-01": "Cleo Diaz"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, id := half(t)
			for d, person := range tt.seize {
				on, err := roster.ParseDate(d)
				if err != nil {
					t.Fatal(err)
				}
				s.seize(t, on, person)
			}
			// Taking back can be interrupted as well.
			for writes := range 4 {
				dying := &mortal{Store: s.store, left: 100}
				next := siteOn(t, dying)
				dying.left, dying.after = writes, writes%2 == 1
				next.send(t, "GET", "/teams/ops", "").want(http.StatusOK)
			}
			s.wantPrimary(t, "by the next reader", tt.want)
			if got := s.exchange(t, id); got.State != "lapsed" || got.Reason == "" {
				t.Errorf("the exchange: got %+v, want it lapsed for a reason", got)
			}
		})
	}
}

// On restart a process finishes what was left, without being asked for anything.
func TestFinishExchanges(t *testing.T) {
	s, id := half(t)
	s.Desk.FinishExchanges(t.Context())
	team, err := s.store.Team(t.Context(), "ops")
	if o, _ := team.Offer(roster.ChangeID(id)); err != nil || o.State != roster.OfferDone {
		t.Errorf("the exchange: got %+v, %v, want it done", o, err)
	}
}

// Many instances that finish the same swap at once make it once.
func TestManyFinishOneSwap(t *testing.T) {
	s, id := half(t)
	done := make(chan int)
	for range 8 {
		other := siteOn(t, s.store)
		go func() { done <- other.send(t, "GET", "/teams/ops", "").Code }()
	}
	for range 8 {
		if code := <-done; code != http.StatusOK {
			t.Errorf("a reader: got %d, want 200", code)
		}
	}
	s.wantPrimary(t, "after all", map[string]string{"2026-11-24": "Ana Ruiz", "2026-12-01": "Bo Chen"})
	if got := s.exchange(t, id); got.State != "done" {
		t.Errorf("the exchange: got %+v, want it done", got)
	}
	if h := s.history(t); len(h) != 12 {
		t.Errorf("the history: got %d changes, want 10 and the two of the swap", len(h))
	}
}

// Who is on call while away is flagged on the row, its form, the person's page and that of
// the seat, with who can be there instead; one press makes it so.
func TestClash(t *testing.T) {
	s := staffed(t)
	s.agreeFirst(t)
	s.send(t, "PUT", "/api/v1/people/bo-chen", `{"name":"Bo Chen","absences":[{"from":"2026-11-24","to":"2026-11-25","note":"leave"}]}`).want(http.StatusOK)
	const says = "away leave. Dora Oz is free on Tue 24 Nov and was not on call recently."
	for _, path := range []string{"/teams/ops" + inView, "/people/bo-chen", "/teams/ops/days/2026-11-24/exchange" + inView} {
		wantText(t, s.send(t, "GET", path, "").want(http.StatusOK).html(), ".clash", says)
	}
	for _, path := range []string{day + inView, day + "/edit" + inView} {
		wantText(t, s.htmx(t, "GET", path, "").want(http.StatusOK).html(), "td:first-of-type .clash", says)
	}
	doc := s.send(t, "GET", "/teams/ops"+inView, "").html()
	if n := doc.Find(".clash").Length(); n != 1 {
		t.Errorf("the roster: got %d clashes, want 1", n)
	}
	action, fields := formWith(t, doc, "by", "dora-oz")
	for range 2 { // pressed by two at once it is one
		back := s.send(t, "POST", action, fields.Encode()).want(http.StatusSeeOther).Header().Get("Location")
		if !strings.HasSuffix(back, "#day-2026-11-24") {
			t.Errorf("after the press: got %s, want the row", back)
		}
	}
	s.wantPrimary(t, "after the press", map[string]string{"2026-11-24": "Dora Oz"})
	for _, path := range []string{"/teams/ops" + inView, "/people/bo-chen"} {
		if n := s.send(t, "GET", path, "").html().Find(".clash").Length(); n != 0 {
			t.Errorf("%s, after the press: got %d clashes, want none", path, n)
		}
	}
	// In an outage what is known is still shown, without what would have to be read for it.
	s.send(t, "POST", exchanges, swapBody("2026-11-28", "2026-11-30", `,"by":"bo-chen"`)).want(http.StatusCreated)
	behind := &outage{Store: s.store}
	cut := siteOn(t, lastknown.New(behind, time.Now))
	for _, down := range []bool{false, true} {
		behind.down.Store(down)
		for _, path := range []string{"/teams/ops" + inView, "/people/bo-chen"} {
			cut.send(t, "GET", path, "").want(http.StatusOK)
		}
	}

	// A row that is saved with somebody who is away says so at once.
	row := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").html())
	row.Set("primary", "Bo Chen")
	wantText(t, s.htmx(t, "PUT", day+inView, row.Encode()).want(http.StatusOK).html(), "tr .clash", "away leave.")
}

// An absence over days on end is told in full on its first day; the days after it only have its
// mark, until one opens them.
func TestClashOfDaysOnEnd(t *testing.T) {
	s := newSite(t)
	s.staff(t)
	for i := 1; i <= 4; i++ {
		s.assign(t, monday.AddDays(i), "Ana Ruiz")
	}
	s.send(t, "PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","absences":[{"from":"2026-11-24","to":"2026-11-26"},{"from":"2026-11-27","to":"2026-11-27","note":"A doctor"}]}`).want(http.StatusOK)
	doc := s.send(t, "GET", "/teams/ops", "").want(http.StatusOK).html()
	for day, want := range map[string]int{"2026-11-24": 1, "2026-11-25": 0, "2026-11-26": 0, "2026-11-27": 1} {
		clash := doc.Find("#day-" + day + " .clash")
		if got := clash.Find("button").Length(); clash.Find(".mark.away").Length() != 1 || got != want {
			t.Errorf("%s: got %q, want the mark and %d buttons", day, clash.Text(), want)
		}
	}
	wantText(t, s.send(t, "GET", "/teams/ops?edit=2026-11-25", "").want(http.StatusOK).html(), "#day-2026-11-25 .clash", "is free on Wed 25 Nov")
}
