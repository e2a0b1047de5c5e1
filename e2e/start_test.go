package e2e

import (
	"testing"
)

// Whoever opens an empty site gets in by each of the three ways that it offers, with and
// without JavaScript, on a desk and a phone, and the example goes as it came.
func TestThreeWaysIn(t *testing.T) {
	for name, by := range map[string]struct {
		script bool
		width  int64
	}{"with JavaScript": {true, 1280}, "without JavaScript, on a phone": {false, 390}} {
		t.Run(name, func(t *testing.T) {
			t.Run("a name", func(t *testing.T) {
				s, page := empty(t, by.script, by.width)
				page.keep("start")
				page.setField("#f-name", "Ana Ruiz")
				page.click(`section[aria-labelledby="way-name"] button`)
				page.waitFor("h1", "Daily Roster")
				page.waitFor("#oncall", "Ana Ruiz")
				page.waitUntil(`location.pathname === "/teams/daily-roster"`)
				page.open(s.url + "/")
				page.waitFor("#oncall", "Ana Ruiz")
			})
			t.Run("a list", func(t *testing.T) {
				_, page := empty(t, by.script, by.width)
				page.setField("#f-text", inDays(t, 0)+" - "+inDays(t, 6)+": Ana Ruiz (link)\n"+inDays(t, 7)+" - "+inDays(t, 13)+": Bo Chen\n")
				page.click(`section[aria-labelledby="way-paste"] button`)
				page.waitFor("[aria-labelledby=understood]", "14 filled, 0 replaced, 0 unchanged; every line is understood.")
				page.keep("start-preview")
				page.click(`button[value="import"]`)
				page.waitFor(".notice", "The roster is imported.")
				page.waitFor("#oncall", "Ana Ruiz")
			})
			t.Run("the example", func(t *testing.T) {
				s, page := empty(t, by.script, by.width)
				page.click(`section[aria-labelledby="way-example"] button`)
				page.waitFor(".notice.example", "This is an example.")
				page.waitFor("#oncall", "Amara Okafor")
				page.keep("start-example")
				page.click(`nav[aria-label="Team"] a[href$="/history"]`)
				page.waitFor("h1", "History")
				page.click(".notice.example button")
				page.waitFor("main", "The example is removed: its team, and 6 people.")
				page.click(`main a[href="/"]`)
				page.waitFor("h1", "Who is on call?")
				page.open(s.url + "/teams/example-team")
				page.waitFor("h1", "Not found")
			})
		})
	}
}

// empty is a new site with a tab on its first page.
func empty(t *testing.T, script bool, width int64) (*server, *tab) {
	t.Helper()
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.size(width, 900)
	if !script {
		page.withoutScript()
	}
	page.open(s.url + "/")
	page.waitFor("h1", "Who is on call?")
	if wide := page.value("document.documentElement.scrollWidth > innerWidth"); wide != "false" {
		t.Error("the page is wider than the window")
	}
	return s, page
}
