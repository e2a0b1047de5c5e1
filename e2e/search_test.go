package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The search box is used by keyboard: / goes to it, the arrow keys to what is found, Enter
// opens that, and Escape leaves.
func TestSearchByKeyboard(t *testing.T) {
	s := start(t, storeFile(t))
	s.call(t, "POST", "/api/v1/people", `{"name":"Dana Šimůnek","email":"dana@example.org"}`)
	s.call(t, "POST", "/api/v1/teams", `{"name":"Database"}`)
	page := openBrowser(t).newTab(t)
	page.open(s.url + "/teams/daily-roster")
	page.waitUntil("document.readyState === 'complete'")
	page.keys("/")
	page.waitUntil("document.activeElement.name === 'q'")
	page.keys("da")
	page.waitUntil("document.querySelectorAll('#found a').length === 3") // Daily Roster, Database, Dana
	page.keep("search")
	page.keys(kb.Escape)
	page.waitUntil("document.activeElement.name === 'q' && document.querySelectorAll('#found a').length === 0")
	page.keys("na")
	page.waitFor("#found", "Dana Šimůnek")
	page.keys(kb.ArrowDown)
	page.waitUntil("document.activeElement.textContent === 'Dana Šimůnek'")
	page.keys(kb.ArrowUp)
	page.waitUntil("document.activeElement.name === 'q'")
	page.keys(kb.ArrowDown, kb.Enter)
	page.waitFor("h1", "Dana Šimůnek")
	page.waitUntil("document.readyState === 'complete'")
	page.keys("/", "simunek", kb.Enter)
	page.waitFor("main", "1 found for simunek.")
	page.keep("search-page")
	// A / that somebody types into a field is only that.
	page.click("a.brand")
	page.waitUntil("document.readyState === 'complete'")
	page.open(s.url + "/teams")
	page.click("#f-name")
	page.keys("a/b")
	page.waitUntil("document.querySelector('#f-name').value === 'a/b'")
}

// A field suggests the team's own people at first, and others for what is typed.
func TestSuggestionsWhileTyping(t *testing.T) {
	s := start(t, storeFile(t))
	day := inDays(t, 1)
	s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+day, `{"assignments":{"primary":"Ana Ruiz"}}`)
	for i := range 30 {
		s.call(t, "POST", "/api/v1/people", fmt.Sprintf(`{"name":"Šimon %d"}`, i))
	}
	page := openBrowser(t).newTab(t)
	page.open(s.url + "/")
	const suggested = "[...document.querySelectorAll('#people option')].map((o) => o.value).join()"
	page.waitUntil(suggested + " === 'Ana Ruiz'")
	page.click(cell(day, 2))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'secondary-%s'", day))
	page.keys("simon 2")
	page.waitUntil(suggested + ".startsWith('Šimon 2,Šimon 20,')")
	page.keep("suggestions")
	page.setField(field(day, "secondary"), "Šimon 2")
	page.keys(kb.Enter)
	page.waitFor(cell(day, 2), "Šimon 2")

	page.open(s.url + "/teams/daily-roster/grid")
	page.waitUntil("document.readyState === 'complete'")
	page.click("#set-name")
	page.keys("SIMON 29")
	page.waitUntil(suggested + " === 'Šimon 29'")
}
