package handlers_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// ofTeam and ofPerson read what a save and its undo change.
func (s *site) ofTeam(t *testing.T) string {
	t.Helper()
	team, err := s.store.Team(t.Context(), "ops")
	if err != nil {
		t.Fatal(err)
	}
	rotations := ""
	for _, r := range team.Rotations {
		rotations += fmt.Sprint(" ", r.Name, r.Versions[len(r.Versions)-1].People)
	}
	return fmt.Sprint(team.Name, " ", team.Roles, " ", len(team.Settings), " ", team.KeepFilled, " ", len(team.Hours), " ", team.Rates.Hour, " ", len(team.Holidays), rotations)
}

func (s *site) ofPerson(t *testing.T) string {
	t.Helper()
	p, err := s.store.Person(t.Context(), "ana-ruiz")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(p.Name, p.Email, p.Phone, p.Absences, p.Notices)
}

// What a form saved besides the roster is taken back by the button in the notice, once, by the
// browser that saved it, as long as nobody changed it since.
func TestTakeBack(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"Ana Ruiz", "Bo Chen"} {
		s.send(t, "POST", "/api/v1/people", `{"name":"`+name+`"}`).want(http.StatusCreated)
	}
	s.send(t, "POST", "/teams/ops/rotations", s.fill(t, "/teams/ops/rotations", "name=First&role=primary&daysPerTurn=1&from=2026-11-24&people=Ana+Ruiz&weekday=mon")).want(http.StatusSeeOther)
	s.send(t, "POST", "/people/ana-ruiz/absences", s.fill(t, "/people/ana-ruiz", "from=2026-12-01&to=2026-12-02")).want(http.StatusSeeOther)
	for _, save := range []struct {
		name, page, to, fields string
		now                    func(*testing.T) string
	}{
		{"settings", "/teams/ops/settings", "/teams/ops/settings", "name=Other&zone=UTC&handOff=10:00&roles=Primary,+Third&from=2026-11-30&keepFilled=4", s.ofTeam},
		{"hours", "/teams/ops/hours", "/teams/ops/hours", "roles.0.id=primary&roles.0.name=Primary&roles.0.hours=08:00-20:00&roles.1.id=secondary&roles.1.name=Secondary&from=2026-11-25", s.ofTeam},
		{"rates", "/teams/ops/pay", "/teams/ops/pay", "currency=EUR&hour=10", s.ofTeam},
		{"a new rotation", "/teams/ops/rotations", "/teams/ops/rotations", "name=Crew&role=secondary&daysPerTurn=1&from=2026-11-24&people=Bo+Chen&weekday=mon", s.ofTeam},
		{"contact", "/people/ana-ruiz", "/people/ana-ruiz", "name=Ana+R.&email=ana@example.org&phone=123", s.ofPerson},
		{"an absence", "/people/ana-ruiz", "/people/ana-ruiz/absences", "from=2026-12-24&to=2026-12-31&note=Away", s.ofPerson},
		{"an absence, on the team's page", "/people/ana-ruiz", "/people/ana-ruiz/absences", "from=2026-12-24&to=2026-12-31&team=ops", s.ofPerson},
		{"no absence", "/people/ana-ruiz", "/people/ana-ruiz/absences/remove", "from=2026-12-01&to=2026-12-02", s.ofPerson},
		{"notices", "/people/ana-ruiz", "/people/ana-ruiz/notices", "notices.kind=coming&notices.leads=60", s.ofPerson},
	} {
		was := save.now(t)
		saved := s.send(t, "POST", save.to, s.fill(t, save.page, save.fields)).want(http.StatusSeeOther)
		if save.now(t) == was {
			t.Errorf("%s: nothing was saved", save.name)
			continue
		}
		cookie := cookieOf(t, saved, "roster_before")
		page := s.send(t, "GET", saved.Header().Get("Location"), "", "Cookie", cookie).want(http.StatusOK).html()
		form := page.Find(".notice form[action$='/take-back']")
		if form.Length() != 1 {
			t.Errorf("%s: the page says %q, without a way back", save.name, page.Find(".notice").Text())
			continue
		}
		if s.send(t, "GET", saved.Header().Get("Location"), "").want(http.StatusOK).html().Find("form[action$='/take-back']").Length() > 0 {
			t.Errorf("%s: another browser is offered to take it back", save.name)
		}
		fields := url.Values{}
		form.Find("input").Each(func(_ int, in *goquery.Selection) { fields.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		back := s.send(t, "POST", form.AttrOr("action", ""), fields.Encode(), "Cookie", cookie).want(http.StatusSeeOther)
		if got := save.now(t); got != was {
			t.Errorf("%s, taken back: got %s, want %s", save.name, got, was)
		}
		wantText(t, s.send(t, "GET", back.Header().Get("Location"), "").want(http.StatusOK).html(), ".notice", "The change is undone.")
		if c := cookieOf(t, back, "roster_before"); c != "roster_before=" {
			t.Errorf("%s, taken back: the browser still has %s", save.name, c)
		}
		wantText(t, s.send(t, "POST", form.AttrOr("action", ""), fields.Encode(), "Cookie", cookie).want(http.StatusConflict).html(), "main", "can no longer be undone here")
	}
}

// A cookie is input: what is in it goes through every check of a form, and what cannot be read is
// refused in words.
func TestTakeBackForged(t *testing.T) {
	s := newSite(t)
	pack := func(text string) string {
		var packed bytes.Buffer
		w, err := flate.NewWriter(&packed, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(packed.Bytes())
	}
	team, err := s.store.Team(t.Context(), "ops")
	if err != nil {
		t.Fatal(err)
	}
	was := s.ofTeam(t)
	of := func(fields string) string {
		return pack(fmt.Sprintf(`{"of":"/teams/ops","revision":%q,"fields":%s}`, team.Revision, fields))
	}
	for _, try := range []struct {
		name, value string
		status      int
	}{
		{"nothing", "", http.StatusConflict},
		{"no base64", "%%%", http.StatusConflict},
		{"no JSON", pack("x"), http.StatusConflict},
		{"too long", strings.Repeat("A", 4000), http.StatusConflict},
		{"a bomb", pack(`{"of":"/teams/ops","revision":"` + strings.Repeat("0", 1<<20)), http.StatusConflict},
		{"another team's", pack(fmt.Sprintf(`{"of":"/teams/web","revision":%q,"fields":{"name":"x"}}`, team.Revision)), http.StatusConflict},
		{"another revision", pack(`{"of":"/teams/ops","revision":"01ARZ3NDEKTSV4RRFFQ69G5FA0","fields":{"name":"x"}}`), http.StatusConflict},
		{"a name of another type", of(`{"name":5}`), http.StatusBadRequest},
		{"no roles", of(`{"roles":[]}`), http.StatusUnprocessableEntity},
		{"the past", of(`{"settings":[{"from":"","zone":"UTC","handOff":"01:00"}]}`), http.StatusUnprocessableEntity},
		{"other fields", of(`{"id":"web","removed":true,"example":true,"offers":[{}]}`), http.StatusSeeOther},
	} {
		s.send(t, "POST", "/teams/ops/take-back", "to=//example.org/", "Cookie", "roster_before="+try.value).want(try.status)
		if got := s.ofTeam(t); got != was {
			t.Errorf("%s: the team is %s now, want %s", try.name, got, was)
		}
	}
	removed, err := s.store.Team(t.Context(), "ops")
	if err != nil || removed.Removed || removed.Example || len(removed.Offers) > 0 {
		t.Errorf("fields that no form has: got %+v, %v", removed, err)
	}
}

// fill is the fields of a form with the hidden ones that the page has for it.
func (s *site) fill(t *testing.T, page, fields string) string {
	t.Helper()
	revision := s.send(t, "GET", page, "").want(http.StatusOK).html().Find("input[name=revision]").Last().AttrOr("value", "")
	return fields + "&revision=" + url.QueryEscape(revision)
}
