package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A stranger sets up a weekday rotation of six people and a weekend crew, with one person
// on leave over New Year and one who joins on 1 February; previews, applies, swaps two
// days, undoes the fill and applies it again: by the page alone.
func TestStranger(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.size(1280, 900)
	// The New Year and the February after it that are wholly to come.
	newYear := time.Now().AddDate(0, 0, 14).Year() + 1
	date := func(month time.Month, day int) string {
		return time.Date(newYear, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	leaveFrom, leaveTo, joins, last := date(time.January, -8), date(time.January, 6), date(time.February, 1), date(time.February, 28)
	page.open(s.url + rosterPath)
	page.click(`nav[aria-label="Team"] a[href$="/rotations"]`)
	page.waitFor("h1", "Rotations")
	page.keep("stranger-1-rotations")
	page.setField("#new-name", "Weekdays")
	page.setField("#new-people", "Ana Ruiz, Bo Chen, Cleo Diaz, Dan Eze, Eva Fox, Finn Gray")
	page.click(`form[action$="/rotations"] button.primary`)
	page.waitFor(".notice", "Saved")
	page.keep("stranger-2-weekdays")
	page.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#new-name").closest("details").open = true`))
	page.setField("#new-name", "Weekend crew")
	page.setField("#new-people", "Gus Hart, Hana Ito")
	page.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#new-name").form.querySelectorAll("[name=weekday]").forEach(box => { box.checked = ["sat", "sun"].includes(box.value) })`))
	page.click(`form:has(#new-name) button.primary`)
	page.waitFor("main", "Gus Hart, Hana Ito")
	page.keep("stranger-3-both")

	page.click(`nav[aria-label="Site"] a[href="/people"]`)
	page.click(`a[href="/people/bo-chen"]`)
	page.waitFor("h1", "Bo Chen")
	page.setField(`form[action$="/absences"] [name=from]`, leaveFrom)
	page.setField(`form[action$="/absences"] [name=to]`, leaveTo)
	page.setField(`form[action$="/absences"] [name=note]`, "New Year at home")
	page.click(`form[action$="/absences"] button`)
	page.waitFor("main", "New Year at home")
	page.keep("stranger-4-leave")

	// Who joins on 1 February.
	page.open(s.url + "/teams/daily-roster/rotations")
	page.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#weekdays-people, [id$=people][value^='Ana']").closest("details").open = true`))
	page.setField(`[name=people][value^="Ana"]`, "Ana Ruiz, Bo Chen, Cleo Diaz, Dan Eze, Eva Fox, Finn Gray, Ina Jost")
	page.setField(`form:has([name=people][value^="Ana"]) [name=from]`, joins)
	page.click(`form:has([name=people][value^="Ana"]) button.primary`)
	page.waitFor(".notice", "Saved")
	page.waitFor(".planned", "Ina Jost")
	page.keep("stranger-5-joins")

	preview := func() {
		page.setField("#f-fill-to", last)
		page.click("#fill button.primary")
		page.waitFor("#fill", "0 that nobody can take")
	}
	preview()
	page.keep("stranger-6-preview")
	page.click(`form[action$="/fill"] button`)
	page.waitFor(".notice", "The roster is filled")
	page.keep("stranger-7-filled")
	page.open(s.url + "/teams/daily-roster/fairness")
	page.keep("stranger-7-fairness")
	who := func() map[string]string {
		names := map[string]string{}
		for d, _ := time.Parse(time.DateOnly, inDays(t, 0)); d.Format(time.DateOnly) <= last; d = d.AddDate(0, 0, 1) {
			names[d.Format(time.DateOnly)] = s.primary(t, d.Format(time.DateOnly))
		}
		return names
	}
	filled := who()
	for day, name := range filled {
		switch {
		case name == "Bo Chen" && day >= leaveFrom && day <= leaveTo:
			t.Errorf("%s: got Bo Chen, who is on leave", day)
		case name == "Ina Jost" && day < joins:
			t.Errorf("%s: got Ina Jost, who joins later", day)
		}
	}

	// Two days change hands, then the whole fill is taken back.
	first := inDays(t, 3)
	page.open(s.url + "/")
	page.click(row(first) + " .exchange")
	page.waitFor("#swap", "Swap")
	page.keep("stranger-8-swap")
	page.do(chromedp.Evaluate[chromedp.Void](`(() => { const days = document.querySelector("#f-with"); days.value = days.options[3].value })()`))
	page.click("#swap ~ form button")
	page.waitFor(".notice", "done. You can undo it in the history.")
	page.keep("stranger-9-swapped")
	page.click(`nav[aria-label="Team"] a[href$="/history"]`)
	page.waitFor(".acts > li:first-of-type", "swapped")
	page.keep("stranger-10-history")
	page.click(`.acts > li:nth-of-type(2) form[action$="/undo"] button`)
	page.waitFor("h1", "This cannot be undone as a whole")
	page.waitFor("main", "2 of its changes were changed again later")
	page.keep("stranger-11-blocked")
	page.click(`form[action$="/undo"] button`)
	page.waitFor(".notice", "Undone")
	page.keep("stranger-12-undone")
	page.open(s.url + "/")
	page.waitFor(cell(inDays(t, 5), 1), "nobody")
	swapped := page.text(cell(first, 1))
	if swapped == "nobody" || swapped == filled[first] {
		t.Errorf("the swapped day: got %q, want it left as it was swapped", swapped)
	}
	page.keep("stranger-13-roster")

	// Applied again, all is as before, but for the two days that were swapped by hand.
	page.open(s.url + "/teams/daily-roster/rotations")
	preview()
	page.keep("stranger-14-preview")
	page.click(`form[action$="/fill"] button`)
	page.waitFor(".notice", "The roster is filled")
	page.keep("stranger-15-filled")
	differ := 0
	for day, name := range who() {
		if name != filled[day] {
			differ++
		}
	}
	if got := s.primary(t, first); differ != 2 || got != swapped {
		t.Errorf("filled again: got %d days that differ and %s on %s, want the two that were swapped and %s", differ, got, first, swapped)
	}
}
