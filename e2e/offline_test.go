package e2e

import (
	"fmt"
	"net/url"
	"testing"
)

// TestWithoutNetwork: a roster that was seen can be read without the server, marked with its age,
// and is live again when the server is back.
func TestWithoutNetwork(t *testing.T) {
	file := storeFile(t)
	s := start(t, file)
	day := inDays(t, 1)
	s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+day, `{"assignments":{"primary":"Ana Ruiz"}}`)
	page := openBrowser(t).newTab(t)
	roster := s.url + "/teams/daily-roster"
	page.open(roster)
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.waitUntil("navigator.serviceWorker.controller?.state === 'activated'")
	page.waitUntil(`(caches.open("pages").then((kept) => kept.match(location.href)).then((one) => { window.kept = Boolean(one) }), window.kept === true)`)

	s.kill()
	page.open(roster)
	page.waitFor(".stale", "You are offline. This is what was known")
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.waitUntil(fmt.Sprintf("!document.querySelector('#day-%s .actions').checkVisibility()", day))
	page.keep("offline")
	page.open(s.url + "/teams/daily-roster/settings")
	page.waitFor("h1", "You are offline")

	page.open(roster)
	page.waitFor(".stale", "You are offline")
	where, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	again := startOn(t, "bolt:"+file, "app-back", "--listen="+where.Host)
	again.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+day, `{"assignments":{"primary":"Bo Chen"}}`)
	page.waitFor(cell(day, 1), "Bo Chen")
	page.waitUntil("!document.querySelector('.stale')")
}
