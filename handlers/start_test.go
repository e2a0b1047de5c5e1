package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// startForm is the values of the first form of the page with the action.
func startForm(t *testing.T, doc *goquery.Selection, action string) url.Values {
	t.Helper()
	form := doc.Find(`form[action="` + action + `"]`)
	if form.Length() != 1 {
		t.Fatalf("got %d forms of %s, want one", form.Length(), action)
	}
	return formOf(t, form)
}

// An empty site greets with three ways in. The first: a name, who is on call at once.
func TestStartWithAName(t *testing.T) {
	s := newSite(t)
	doc := s.send(t, "GET", "/", "").want(http.StatusOK).html()
	wantText(t, doc, "h1", "Who is on call?")
	wantText(t, doc, ".doors", "Type a name")
	wantText(t, doc, ".doors", "Bring what you have")
	wantText(t, doc, ".doors", "Look at an example")
	wantText(t, s.send(t, "GET", "/", "", "Accept-Language", "de").want(http.StatusOK).html(), "h1", "Wer hat Bereitschaft?")
	form := startForm(t, doc, "/teams/ops/start")

	form.Set("name", "  ")
	refused := s.send(t, "POST", "/teams/ops/start", form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, refused, "#f-name-says .error", "the name is empty")
	form.Set("name", strings.Repeat("x", 81))
	refused = s.send(t, "POST", "/teams/ops/start", form.Encode()).want(http.StatusUnprocessableEntity).html()
	if got := attr(refused, "#f-name", "value"); got != form.Get("name") {
		t.Errorf("the name that was refused: got %q, want it kept", got)
	}

	form.Set("name", "Ana Ruiz")
	for range 2 { // sent twice, it is one edit
		if got := s.send(t, "POST", "/teams/ops/start", form.Encode()).want(http.StatusSeeOther).Header().Get("Location"); got != "/teams/ops" {
			t.Errorf("got %s, want the roster", got)
		}
	}
	if got := s.send(t, "GET", "/api/v1/teams/ops/oncall", "", "Accept", "text/plain").want(http.StatusOK).Body.String(); got != "Ana Ruiz\n" {
		t.Errorf("on call: got %q, want Ana Ruiz", got)
	}
	if h := s.history(t); len(h) != 1 || h[0].Why != "edit" {
		t.Errorf("got the history %+v, want one edit", h)
	}
	if got := s.send(t, "GET", "/", "").want(http.StatusOK).html().Find(".doors").Length(); got != 0 {
		t.Error("after the first name, the site still greets")
	}

	// Who was slower does not replace anybody.
	form.Set("change", "01ARZ3NDEKTSV4RRFFQ69G5FAW")
	form.Set("name", "Bo Chen")
	s.send(t, "POST", "/teams/ops/start", form.Encode()).want(http.StatusConflict)
	form.Set("change", "x")
	s.send(t, "POST", "/teams/ops/start", form.Encode()).want(http.StatusBadRequest)
}

// The second: what is pasted is previewed as on the page for that.
func TestStartWithAList(t *testing.T) {
	s := newSite(t)
	doc := s.send(t, "GET", "/", "").want(http.StatusOK).html()
	form := startForm(t, doc, importPath)
	form.Set("text", "30 Nov – 6 Dec: Ana Ruiz\n7 Dec – 13 Dec: Bo Chen\n")
	doc = s.send(t, "POST", importPath, form.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "[aria-labelledby=understood]", "14 filled, 0 replaced, 0 unchanged; every line is understood.")
}

// The third: an example, which is made once and is removed without a trace on any page.
func TestStartWithTheExample(t *testing.T) {
	s := newSite(t)
	startForm(t, s.send(t, "GET", "/", "").want(http.StatusOK).html(), "/example")
	for range 2 { // the second leads to the first
		if got := s.send(t, "POST", "/example", "").want(http.StatusSeeOther).Header().Get("Location"); got != "/teams/example-team" {
			t.Fatalf("got %s, want the example", got)
		}
	}
	doc := s.send(t, "GET", "/teams/example-team", "").want(http.StatusOK).html()
	wantText(t, doc, ".notice.example", "This is an example.")
	for _, page := range []string{"rotations", "fairness", "history", "settings", "import"} {
		startForm(t, s.send(t, "GET", "/teams/example-team/"+page, "").want(http.StatusOK).html(), "/example/remove")
	}
	if got := s.send(t, "GET", "/teams/ops", "").want(http.StatusOK).html().Find(".notice.example").Length(); got != 0 {
		t.Error("a team that is no example says that it is one")
	}
	// Eight weeks in turns of a week, without a gap. Mei Tanaka is away in her week and has the next.
	if got, want := s.who(t, "example-team", "primary", "2026-11-23", "2027-01-18"), "Amara Okafor, Jonas Weber, Priya Nair, Mei Tanaka, Lucas Silva, Elif Kaya, Amara Okafor, Jonas Weber, -"; got != want {
		t.Errorf("primary: got %s, want %s", got, want)
	}
	if got, want := s.who(t, "example-team", "secondary", "2026-11-23", "2027-01-18"), "Jonas Weber, Mei Tanaka, Lucas Silva, Priya Nair, Elif Kaya, Amara Okafor, Jonas Weber, Mei Tanaka, -"; got != want {
		t.Errorf("secondary: got %s, want %s", got, want)
	}
	var people struct {
		People []struct{ ID, Name, Email string }
	}
	s.send(t, "GET", "/api/v1/people", "").want(http.StatusOK).json(&people)
	if len(people.People) != 6 {
		t.Errorf("got %d people, want 6", len(people.People))
	}
	for _, p := range people.People {
		if p.Email != "" {
			t.Errorf("%s has an address, to which something could be sent", p.Name)
		}
	}

	// The site still greets: nobody has begun.
	doc = s.send(t, "GET", "/", "").want(http.StatusOK).html()
	if got := attr(doc, ".doors a.button", "href"); got != "/teams/example-team" {
		t.Errorf("the third way: got %q, want the example that is there", got)
	}

	to := s.send(t, "POST", "/example/remove", "").want(http.StatusSeeOther).Header().Get("Location")
	doc = s.send(t, "GET", to, "").want(http.StatusOK).html()
	wantText(t, doc, ".notice", "The example is removed: its team, and 6 people.")
	s.send(t, "GET", "/teams/example-team", "").want(http.StatusNotFound)
	s.send(t, "GET", "/api/v1/people", "").want(http.StatusOK).json(&people)
	if len(people.People) != 0 {
		t.Errorf("after the removal: got %v, want nobody", people.People)
	}
	startForm(t, s.send(t, "GET", "/", "").want(http.StatusOK).html(), "/example")
	if got := s.send(t, "POST", "/example/remove", "").want(http.StatusSeeOther).Header().Get("Location"); got != "/example?removed=0" {
		t.Errorf("removed twice: got %s", got)
	}

	// And once more, weeks later.
	s.advance(40 * 24 * time.Hour)
	s.send(t, "POST", "/example", "").want(http.StatusSeeOther)
	if got, want := s.who(t, "example-team", "primary", "2027-01-02", "2027-02-27"), "Amara Okafor, Jonas Weber, Priya Nair, Mei Tanaka, Lucas Silva, Elif Kaya, Amara Okafor, Jonas Weber, Priya Nair, -"; got != want {
		t.Errorf("primary: got %s, want %s", got, want)
	}
}

// The removal of the example leaves alone whom somebody uses or has changed.
func TestExampleKeepsWhatIsUsed(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/example", "").want(http.StatusSeeOther)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"assignments":{"primary":"example-mei-tanaka"}}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/people/example-elif-kaya", `{"name":"Elif Kaya","email":"elif@example.org"}`).want(http.StatusOK)
	s.send(t, "POST", "/people", url.Values{"name": {"Ana Ruiz"}}.Encode()).want(http.StatusSeeOther)
	if got := s.send(t, "GET", "/", "").want(http.StatusOK).html().Find(".doors").Length(); got != 0 {
		t.Error("with somebody on the roster, the site still greets")
	}
	to := s.send(t, "POST", "/example/remove", "").want(http.StatusSeeOther).Header().Get("Location")
	doc := s.send(t, "GET", to, "").want(http.StatusOK).html()
	wantText(t, doc, ".notice", "The example is removed: its team, and 4 people.")
	wantText(t, doc, "main", "Still here, because another team has them or somebody changed them: Mei Tanaka, Elif Kaya.")
	var people struct{ People []struct{ ID string } }
	s.send(t, "GET", "/api/v1/people", "").want(http.StatusOK).json(&people)
	var ids []string
	for _, p := range people.People {
		ids = append(ids, p.ID)
	}
	if got, want := strings.Join(ids, " "), "ana-ruiz example-elif-kaya example-mei-tanaka"; got != want {
		t.Errorf("who is left: got %s, want %s", got, want)
	}
}

// A team that somebody calls like the example is no example, and is not touched.
func TestExampleBesideItsNamesake(t *testing.T) {
	s := newSite(t)
	team := url.Values{"name": {"Example team"}, "zone": {"UTC"}, "handOff": {"09:00"}, "roles": {"Primary"}}
	s.send(t, "POST", "/teams", team.Encode()).want(http.StatusSeeOther)
	if got := s.send(t, "POST", "/example", "").want(http.StatusSeeOther).Header().Get("Location"); got != "/teams/example-team-2" {
		t.Errorf("got %s, want a team of its own", got)
	}
	s.send(t, "POST", "/example/remove", "").want(http.StatusSeeOther)
	s.send(t, "GET", "/teams/example-team", "").want(http.StatusOK)
	s.send(t, "GET", "/teams/example-team-2", "").want(http.StatusNotFound)
}

// With a sign-in, the ways in are offered to those who may go them, with the name that the
// sign-in has; others see the roster.
func TestStartWithASignIn(t *testing.T) {
	p := newPair(t)
	w := world{team: "other"}
	for _, c := range callers {
		want, ok := map[string]string{
			"reader": "", "editor of another team": "/teams/other/start /teams/other/import", "admin": "/teams/other/start /teams/other/import /example",
		}[c.name]
		if !ok {
			continue
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.Header = p.headers(t, 0, c, w)
		got := httptest.NewRecorder()
		p.sites[0].ServeHTTP(got, r)
		doc, err := goquery.NewDocumentFromReader(got.Body)
		if err != nil || got.Code != http.StatusOK {
			t.Fatalf("%s: got %d, %v, want 200", c.name, got.Code, err)
		}
		var forms []string
		for _, form := range doc.Find(".doors form").EachIter() {
			forms = append(forms, form.AttrOr("action", ""))
		}
		if got := strings.Join(forms, " "); got != want {
			t.Errorf("%s: got the forms %q, want %q", c.name, got, want)
		}
		if name := doc.Find("#f-name").AttrOr("value", ""); want != "" && !strings.HasPrefix(name, "The ") {
			t.Errorf("%s: got the name %q, want that of the sign-in", c.name, name)
		}
	}
}
