package e2e

import (
	"fmt"
	"testing"
)

// A team of three continents is set up by the page alone: the week draws itself while the hours
// are typed, and the roster shows the coming hours.
func TestThreeContinents(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.size(1280, 900)
	page.open(s.url + "/teams/daily-roster/settings")
	page.click(`a[href$="/hours"]`)
	page.click(`.starts a[href$="start=sun"]`)
	page.waitFor("#week", "Some role is on duty at each hour of the week")
	page.keep("hours-sun")
	loaded := func() { page.waitUntil("document.readyState === 'complete'") }
	loaded() // before that a field that changes asks nobody

	page.setField(`[name="roles.2.hours"]`, "11:00-19:00 and so on")
	page.value(`document.querySelector('[name="roles.2.hours"]').dispatchEvent(new Event('input', {bubbles: true}))`)
	page.waitFor("#week", "is not a span of hours")
	page.setField(`[name="roles.2.hours"]`, "mon-fri 11:00-20:00")
	page.value(`document.querySelector('[name="roles.2.hours"]').dispatchEvent(new Event('input', {bubbles: true}))`)
	page.waitFor("#week", "No role is on duty in")
	page.keep("hours-open")
	page.setField(`[name="roles.2.hours"]`, "11:00-20:00")
	page.click("#hours-form button.primary")
	page.waitFor(".notice", "Saved")

	for i := range 5 {
		body := `{"assignments":{"primary":"Mei Tan","secondary":"Ana Ruiz","americas":"Sam Cole"}}`
		if status, text := s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+inDays(t, i), body); status != 200 {
			t.Fatalf("PUT: got %d %s, want 200", status, text)
		}
	}
	page.open(s.url + "/teams/daily-roster")
	page.waitFor("#oncall .first", "On call now: Mei Tan")
	// Between the last whole day and the first of these hours somebody is on call or nobody,
	// as the clock of the team's zone has it.
	page.waitFor(".coming", "Mei Tan until ")
	page.waitFor(".coming", "of these hours")
	page.waitFor("thead", "Asia/Singapore")
	page.keep("hours-roster")

	// An edit shows in the strip at once.
	page.open(s.url + fmt.Sprintf("/teams/daily-roster?edit=%[1]s&focus=secondary#day-%[1]s", inDays(t, 1)))
	loaded()
	page.value(fmt.Sprintf(`document.querySelector("#secondary-%s").value = ""`, inDays(t, 1)))
	page.click(".editing button")
	page.waitFor(".coming", "; nobody ")
	page.size(360, 800)
	page.keep("hours-narrow")
	page.waitUntil("document.documentElement.scrollWidth <= 360")
}
