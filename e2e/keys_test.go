package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestKeys does by keys alone what a day needs: find it, edit it, undo that, and go to the other
// pages of the team and back.
func TestKeys(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + rosterPath)
	page.waitUntil("document.readyState === 'complete'")
	today, next := inDays(t, 0), inDays(t, 1)

	page.keys("j")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", today))
	page.keys("j")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", next))
	page.keys("e")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", next))
	page.keys("Jek Sue", kb.Enter) // letters that are keys elsewhere
	page.waitFor(cell(next, 1), "Jek Sue")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", next))
	page.keys("s")
	page.waitFor(".seats", "Primary: Jek Sue")
	loaded := func() { page.waitUntil("document.readyState === 'complete'") }
	loaded()
	page.keys("g", "h")
	page.waitUntil("location.pathname === '/teams/daily-roster/history'")
	page.waitFor("main", "Jek Sue")
	loaded()
	page.keys("g", "s")
	page.waitUntil("location.pathname === '/teams/daily-roster/settings'")
	loaded()
	page.keys("g", "r")
	page.waitFor(cell(next, 1), "Jek Sue")
	loaded()
	page.keys("/")
	page.waitUntil("document.activeElement.matches('.search input')")
	page.keys("g")
	page.waitUntil("document.activeElement.value === 'g'") // in a field a letter is a letter
	page.open(s.url + "/teams/daily-roster?from=2027-03-01")
	loaded()
	page.keys("t")
	page.waitFor(row(today), "today")

	page.keys("?")
	page.waitFor("dialog[open]", "Show these keys")
	page.keep("keys")
	page.keys(kb.Escape)
	page.waitUntil("!document.querySelector('dialog[open]')")
	page.keys("?")
	page.waitFor("dialog[open]", "Turn the keys off")
	page.click("dialog [data-off]")
	page.waitFor("dialog[open]", "Turn the keys on")
	page.keys(kb.Escape, "g", "s", "?")
	page.waitFor("dialog[open]", "Turn the keys on") // this one still works
	page.waitUntil("location.pathname === '/teams/daily-roster'")
}

// TestKeysWithoutScript: the list is a page of its own.
func TestKeysWithoutScript(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.withoutScript()
	page.open(s.url + "/")
	page.click(`.foot a[href="/keys"]`)
	page.waitFor("h1", "Keys")
	page.waitFor("main", "Edit the day")
}
