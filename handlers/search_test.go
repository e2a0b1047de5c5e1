package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// values are those of an attribute, of all that the selector finds.
func values(doc *goquery.Selection, selector, name string) []string {
	return doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") })
}

// A field suggests the team's own people at first, and asks for others with what is typed.
func TestSuggestions(t *testing.T) {
	s := siteOf(t, 3000)
	s.send(t, "POST", "/api/v1/people", `{"name":"Dana Šimůnek","email":"dana@example.org"}`).want(http.StatusCreated)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"assignments":{"primary":"person-000007","secondary":"Dana Šimůnek"}}`).want(http.StatusOK)

	for _, path := range []string{"/teams/ops", "/teams/ops/grid", "/teams/ops/days/2026-11-24/exchange"} {
		page := s.send(t, "GET", path, "").want(http.StatusOK).html()
		if got, want := values(page, "#people option", "value"), []string{"Dana Šimůnek", "Zoë Person 7"}; !slices.Equal(got, want) {
			t.Errorf("%s: got the suggestions %q, want the team's own %q", path, got, want)
		}
	}
	field := s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html()
	ask := attr(field, "#primary-2026-11-24", "hx-get")
	if ask != "/people/suggestions?team=ops" || attr(field, "#primary-2026-11-24", "hx-target") != "#people" {
		t.Errorf("the field asks %q, want the suggestions of its team", ask)
	}
	for typed, want := range map[string][]string{
		"SIMUN":           {"Dana Šimůnek"},
		"dana@":           {"Dana Šimůnek"},
		"zoe person 2999": {"Zoë Person 2999"},
		"nobody at all":   nil,
	} {
		res := s.htmx(t, "GET", ask+"&q="+strings.ReplaceAll(typed, " ", "+"), "").want(http.StatusOK)
		if got := values(res.html(), "option", "value"); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
		// A browser shows only options that have what was typed.
		for _, option := range res.html().Find("option").EachIter() {
			if text := option.AttrOr("value", "") + " " + option.AttrOr("label", ""); !strings.Contains(strings.ToLower(text), strings.ToLower(typed)) {
				t.Errorf("%q: a browser would not show %q", typed, text)
			}
		}
	}
	got := values(s.htmx(t, "GET", ask+"&q=person", "").want(http.StatusOK).html(), "option", "value")
	if len(got) != 20 || got[0] != "Zoë Person 7" {
		t.Errorf("of 3,000: got %d, first %q, want 20, first who is in the team", len(got), got[0])
	}
	for path, want := range map[string]int{
		"?q=" + strings.Repeat("x", 101): http.StatusBadRequest, "?q=%ff": http.StatusBadRequest, "?q=a&team=X": http.StatusBadRequest, "?q=a&team=none": http.StatusNotFound,
	} {
		s.htmx(t, "GET", "/people/suggestions"+path, "").want(want)
	}
	// Somebody can have the id.
	s.send(t, "POST", "/people", "name=Suggestions").want(http.StatusSeeOther)
	wantText(t, s.send(t, "GET", "/people/suggestions", "").want(http.StatusOK).html(), "h1", "Suggestions")
}

func TestSearchPage(t *testing.T) {
	s := siteOf(t, 300)
	s.send(t, "POST", "/api/v1/teams", `{"name":"Opera","id":"opera"}`).want(http.StatusCreated)
	s.send(t, "POST", "/api/v1/people", `{"name":"Olga Ops","email":"olga@example.org"}`).want(http.StatusCreated)
	page := s.send(t, "GET", "/search?q=ops", "").want(http.StatusOK).html()
	if got, want := values(page, ".results a", "href"), []string{"/teams/ops", "/people/olga-ops"}; !slices.Equal(got, want) {
		t.Errorf("ops: got %q, want %q", got, want)
	}
	if got := attr(page, ".search input", "value"); got != "ops" {
		t.Errorf("the box: got %q, want what was searched for", got)
	}
	wantText(t, s.send(t, "GET", "/search", "").want(http.StatusOK).html(), "main", "Type a part of a name")
	wantText(t, s.send(t, "GET", "/search?q=qqq", "").want(http.StatusOK).html(), "main", "Nothing found for qqq.")
	wantText(t, s.send(t, "GET", "/search?q=person", "").want(http.StatusOK).html(), "main", "The first 100 for person.")
	offered := s.htmx(t, "GET", "/search?q=o", "").want(http.StatusOK)
	if !strings.HasPrefix(offered.Body.String(), "<ul>") || offered.html().Find("a").Length() != 8 {
		t.Errorf("the box is offered %.80q, want a list of 8", offered.Body)
	}
	if got := s.htmx(t, "GET", "/search?q=", "").want(http.StatusOK).Body.String(); got != "" {
		t.Errorf("an empty box is offered %q, want nothing", got)
	}
	s.send(t, "GET", "/search?q="+strings.Repeat("x", 101), "").want(http.StatusBadRequest)
}

func TestSearchAPI(t *testing.T) {
	s := siteOf(t, 300)
	var answer struct {
		Found []struct{ Kind, ID, Name, Email string }
	}
	s.send(t, "GET", "/api/v1/search?q=OPS", "").want(http.StatusOK).json(&answer)
	if len(answer.Found) != 1 || answer.Found[0].Kind != "team" || answer.Found[0].ID != "ops" {
		t.Errorf("OPS: got %+v, want the team", answer.Found)
	}
	s.send(t, "GET", "/api/v1/search?q=zoe&limit=7", "").want(http.StatusOK).json(&answer)
	if len(answer.Found) != 7 || answer.Found[0].Name != "Zoë Person 0" || answer.Found[0].Email != "p0@example.org" {
		t.Errorf("zoe: got %d, first %+v, want 7 of them", len(answer.Found), answer.Found[0])
	}
	s.send(t, "GET", "/api/v1/search?q=ops&kind=person", "").want(http.StatusOK).json(&answer)
	if len(answer.Found) != 0 {
		t.Errorf("people called ops: got %+v, want nobody", answer.Found)
	}
	for _, bad := range []string{"", "?q=+", "?q=a&kind=x", "?q=a&limit=0", "?q=a&limit=101", "?q=%ff"} {
		s.send(t, "GET", "/api/v1/search"+bad, "").wantProblem(http.StatusBadRequest, "bad-request", "")
	}
}

// list is a list that the API answers, or a part of it.
type list struct {
	People, Teams []struct{ ID string }
	Next          string
}

func (l list) length() int { return len(l.People) + len(l.Teams) }

// Long lists come in parts: pages always, the API's if they are asked for. The parts together
// are the list.
func TestListsInParts(t *testing.T) {
	s := siteOf(t, 230)
	for i := range 101 {
		s.send(t, "POST", "/api/v1/teams", fmt.Sprintf(`{"name":"Team %d"}`, i)).want(http.StatusCreated)
	}
	for path, want := range map[string]int{"/people": 230, "/teams": 102} {
		links := ".teams h2 a"
		if path == "/people" {
			links = "main tbody a"
		}
		var seen []string
		for next := path; next != ""; {
			page := s.send(t, "GET", next, "").want(http.StatusOK).html()
			part := values(page, links, "href")
			if len(part) > 100 || len(part) == 0 {
				t.Fatalf("%s: got %d, want 1 to 100", next, len(part))
			}
			seen = append(seen, part...)
			next = page.Find(".parts a:contains('Next')").AttrOr("href", "")
		}
		if len(seen) != want || !slices.IsSorted(seen) {
			t.Errorf("the parts of %s: got %d, in order %t, want %d in order", path, len(seen), slices.IsSorted(seen), want)
		}
		var whole list
		s.send(t, "GET", "/api/v1"+path, "").want(http.StatusOK).json(&whole)
		if got := whole.length(); got != want || whole.Next != "" {
			t.Errorf("all of %s: got %d, next %q, want %d and no more", path, got, whole.Next, want)
		}
		count, cursor := 0, ""
		for {
			var part list
			s.send(t, "GET", "/api/v1"+path+"?limit=40&cursor="+cursor, "").want(http.StatusOK).json(&part)
			count += part.length()
			if cursor = part.Next; cursor == "" {
				break
			}
		}
		if count != want {
			t.Errorf("%s in parts of 40: got %d, want %d", path, count, want)
		}
	}
	page := s.send(t, "GET", "/people?q=PERSON+22", "").want(http.StatusOK).html()
	if got := values(page, "main tbody a", "href"); len(got) != 12 {
		t.Errorf("people with person and 22: got %d, want 22, 122 and 220 to 229", len(got))
	}
	wantText(t, s.send(t, "GET", "/people?q=qqq", "").want(http.StatusOK).html(), "main", "Nobody found.")
	wantText(t, s.send(t, "GET", "/teams?q=qqq", "").want(http.StatusOK).html(), "main", "No team found.")
	for _, bad := range []string{"?limit=0", "?limit=101", "?q=%ff"} {
		s.send(t, "GET", "/people"+bad, "").want(http.StatusBadRequest)
		s.send(t, "GET", "/api/v1/teams"+bad, "").want(http.StatusBadRequest)
	}
}
