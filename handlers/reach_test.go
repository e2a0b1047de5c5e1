package handlers_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-vcard"
)

// siteToReach is a site on which Ana and Bo are on call now and can be reached.
func siteToReach(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	cfg := s.Config
	inTeams(&cfg)
	cfg.Contacts = ""
	s.remake(t, cfg)
	long := strings.Repeat("ö", 60)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","email":"ana+ops@example.org","phone":"+49 (0)30 901-820","chat":"@ana"}`).want(http.StatusCreated)
	s.send(t, "POST", "/api/v1/people", `{"name":"Bo; Chen, <b>`+long+`","phone":"(212) 555-0123"}`).want(http.StatusCreated)
	s.send(t, "PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","email":"ana+ops@example.org","phone":"+49 (0)30 901-820","chat":"@ana"}`).want(http.StatusOK)
	var list struct{ People []struct{ ID string } }
	s.send(t, "GET", "/api/v1/people", "").want(http.StatusOK).json(&list)
	s.send(t, "PUT", "/api/v1/teams/ops/days/"+today(s), `{"assignments":{"primary":"ana-ruiz","secondary":"`+list.People[1].ID+`"}}`).want(http.StatusOK)
	return s
}

// today is the day that is on call now.
func today(s *site) string { return s.now().Format("2006-01-02") }

// Scripts are told the number or the email alone, as telephones and mail programs take it.
func TestOnCallAs(t *testing.T) {
	s := siteToReach(t)
	for _, c := range []struct{ query, accept, want string }{
		{"", "text/plain", "Ana Ruiz\n"},
		{"?as=name", "text/plain", "Ana Ruiz\n"},
		{"?as=phone", "text/plain", "+4930901820\n"},
		{"?as=email", "text/plain", "ana+ops@example.org\n"},
		{"?as=phone&at=2026-01-01T12:00:00Z", "text/plain", "\n"},
	} {
		for _, path := range []string{"/api/v1/oncall", "/api/v1/teams/ops/oncall"} {
			got := s.send(t, "GET", path+c.query, "", "Accept", c.accept).want(http.StatusOK)
			if text := got.Body.String(); text != c.want || got.Header().Get("Vary") == "" {
				t.Errorf("%s%s: got %q, Vary %q, want %q", path, c.query, text, got.Header().Get("Vary"), c.want)
			}
		}
	}
	s.send(t, "PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz"}`).want(http.StatusOK)
	for _, as := range []string{"phone", "email"} {
		if got := s.send(t, "GET", "/api/v1/oncall?as="+as, "", "Accept", "text/plain").want(http.StatusOK).Body.String(); got != "\n" {
			t.Errorf("as=%s of who cannot be reached: got %q, want an empty line", as, got)
		}
	}
	for _, accept := range []string{"text/plain", "application/json", "text/vcard"} {
		s.send(t, "GET", "/api/v1/oncall?as=fax", "", "Accept", accept).wantProblem(http.StatusBadRequest, "bad-request", "")
	}
}

// An address book is told who is on call as cards that a program reads back.
func TestOnCallCards(t *testing.T) {
	s := siteToReach(t)
	got := s.send(t, "GET", "/api/v1/teams/ops/oncall", "", "Accept", "text/vcard").want(http.StatusOK)
	if kind := got.Header().Get("Content-Type"); kind != "text/vcard; charset=utf-8" {
		t.Errorf("got the type %q", kind)
	}
	for line := range strings.SplitSeq(got.Body.String(), "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("got a line of %d bytes, want at most 75: %q", len(line), line)
		}
	}
	from := vcard.NewDecoder(got.Body)
	var cards []vcard.Card
	for {
		card, err := from.Decode()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, card)
	}
	if len(cards) != 2 {
		t.Fatalf("got %d cards, want one for each of two people", len(cards))
	}
	for field, want := range map[string]string{
		"VERSION": "4.0", "KIND": "individual", "UID": "ana-ruiz@dailyroster", "FN": "Ana Ruiz", "EMAIL": "ana+ops@example.org",
		"TEL": "tel:+4930901820", "URL": "https://chat.example.org/direct/@ana", "N": ";Ana Ruiz;;;",
	} {
		if is := cards[0].Value(field); is != want {
			t.Errorf("%s: got %q, want %q", field, is, want)
		}
	}
	if note := cards[0].Value("NOTE"); !strings.HasPrefix(note, "On call for Ops (Primary) until ") {
		t.Errorf("NOTE: got %q", note)
	}
	if name, n := cards[1].Value("FN"), cards[1].Name(); !strings.HasPrefix(name, "Bo; Chen, <b>ö") || n.FamilyName != "" || n.AdditionalName != "" {
		t.Errorf("a name with signs: got %q and %+v", name, n)
	}
	if is := cards[1].Value("TEL"); is != "tel:2125550123" {
		t.Errorf("TEL: got %q", is)
	}
	own := s.send(t, "GET", "/people/ana-ruiz/contact.vcf", "").want(http.StatusOK)
	if card, err := vcard.NewDecoder(own.Body).Decode(); err != nil || card.Value("UID") != cards[0].Value("UID") || card.Get("NOTE") != nil {
		t.Errorf("a person's card: got %v, %v", card, err)
	}
}

// One tap reaches who is on call: from the banner, from its fragment, from the row of now and
// its fragment, and by phone from the list of teams.
func TestPagesReachWhoIsOnCall(t *testing.T) {
	s := siteToReach(t)
	want := []string{
		"Call Ana Ruiz=tel:+4930901820", "Text Ana Ruiz=sms:+4930901820", "Mail Ana Ruiz=mailto:ana+ops@example.org", "Chat Ana Ruiz=https://chat.example.org/direct/@ana",
	}
	for path, at := range map[string]string{
		"/teams/ops": "#oncall .reach", "/teams/ops/oncall?days=35": "#oncall .reach", "/people/ana-ruiz": "main .reach",
		"/": ".roster .current .reach", "/teams/ops/days/" + today(s): "tr .reach",
	} {
		links := s.send(t, "GET", path, "", "HX-Request", map[bool]string{true: "true"}[strings.Contains(path, "/days/")]).want(http.StatusOK).html().Find(at).First().Find("a")
		if links.Length() != len(want) {
			t.Errorf("%s, %s: got %d links, want %d", path, at, links.Length(), len(want))
			continue
		}
		for i, w := range want {
			href, _ := links.Eq(i).Attr("href")
			if got := links.Eq(i).Text() + "=" + href; got != w {
				t.Errorf("%s, %s: got %q, want %q", path, at, got, w)
			}
		}
	}
	list := s.send(t, "GET", "/teams", "").want(http.StatusOK).html().Find(".teams .reach a")
	if href, _ := list.Attr("href"); list.Length() != 1 || href != "tel:+4930901820" {
		t.Errorf("the list of teams: got %d links, the first to %q", list.Length(), href)
	}
	tomorrow := s.send(t, "GET", "/teams/ops", "").want(http.StatusOK).html().Find(".roster tr:not(.current) .reach")
	if tomorrow.Length() != 0 {
		t.Errorf("rows of other days: got %d times how to reach somebody, want none", tomorrow.Length())
	}
}

// Prometheus is told who is on call now, and no longer when a role passes on.
func TestMetricsSayWhoIsOnCall(t *testing.T) {
	s := siteToReach(t)
	s.wantMetrics(t, `roster_on_call_info{person="ana-ruiz",role="primary",team="ops"} 1`)
	s.send(t, "PUT", "/api/v1/teams/ops/days/"+today(s), `{"assignments":{"secondary":"ana-ruiz"}}`).want(http.StatusOK)
	s.wantMetrics(t, `roster_on_call_info{person="ana-ruiz",role="secondary",team="ops"} 1`)
	told := s.send(t, "GET", "/metrics", "").want(http.StatusOK).Body.String()
	if n := strings.Count(told, "\nroster_on_call_info{"); n != 1 {
		t.Errorf("got %d people on call, want 1", n)
	}
}
