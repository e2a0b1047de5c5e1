package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A rotation is made, a fill previewed, applied and undone as a whole, and applied again,
// in the browser.
func TestFillWithPreviewAndGroupUndo(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	today, last := inDays(t, 0), inDays(t, 13)
	page.open(s.url + "/teams/daily-roster/rotations")
	page.setField("#new-name", "Everybody")
	page.setField("#new-people", "Ana Ruiz, Bo Chen, Cleo Diaz")
	page.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("[name=weekday]").forEach(box => { box.checked = true })`))
	page.click(`form[action$="/rotations"] button.primary`)
	page.waitFor(".notice", "Saved")

	page.waitUntil("document.readyState === 'complete'")
	page.setField("#f-fill-to", last)
	page.click("#fill button.primary")
	page.waitFor("#fill", "14 filled, 0 changed")
	page.waitFor("#fill tbody tr:nth-of-type(4)", "Ana Ruiz")
	page.keep("fill-preview")
	if _, text := s.call(t, "GET", "/api/v1/teams/daily-roster/changes", ""); !strings.Contains(text, `"changes":[]`) {
		t.Errorf("the preview changed something: %s", text)
	}
	apply := func() {
		page.click(`form[action$="/fill"] button`)
		page.waitFor(".notice", "The roster is filled")
		page.waitFor(cell(today, 1), "Ana Ruiz")
		page.waitFor(cell(last, 1), "Bo Chen")
	}
	apply()
	page.waitFor("#oncall", "On call now: Ana Ruiz until tomorrow 09:00")
	page.waitFor("#oncall", ", then Bo Chen")

	page.click(`nav[aria-label="Team"] a[href$="/history"]`)
	page.waitFor(".acts > li .did", "filled 14 seats")
	page.waitUntil(`document.querySelectorAll('form[action$="/undo"]').length === 1`)
	page.click(`form[action$="/undo"] button`)
	page.waitFor(".notice", "Undone")
	page.open(s.url + "/teams/daily-roster")
	page.waitFor(cell(today, 1), "nobody")
	page.waitFor(cell(last, 1), "nobody")

	page.open(s.url + "/teams/daily-roster/rotations?fill-from=" + today + "&fill-to=" + last)
	page.waitFor("#fill", "14 filled")
	apply()
}

// Somebody is deactivated in a browser without JavaScript: the list comes first, then the
// gaps, the refill of just these, and all of it can be undone.
func TestDeactivateWithoutJavaScript(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.withoutScript()
	today, next := inDays(t, 0), inDays(t, 2)
	for i, name := range []string{"Ana Ruiz", "Bo Chen", "Bo Chen"} {
		if status, text := s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+inDays(t, i), fmt.Sprintf(`{"assignments":{"primary":%q}}`, name)); status != 200 {
			t.Fatalf("PUT: got %d %s, want 200", status, text)
		}
	}
	page.open(s.url + "/people/bo-chen")
	page.waitFor("#coming + .scroll", "Daily Roster")
	page.keep("person")
	page.click(`form[action$="/deactivate"] button`)
	page.waitFor("main", "2 days become gaps")
	page.keep("deactivate")
	page.click(`form[method="post"] button.primary`)
	page.waitFor("main", "2 gaps are left")
	page.keep("deactivated")
	page.click(`form[action$="/activate"] button`)
	page.waitFor(".notice", "Bo Chen is active again")
	page.open(s.url + "/teams/daily-roster?from=" + today)
	page.waitFor(cell(next, 1), "Bo Chen")
}

// TestRotationEditor orders people by typing, by keys and by dragging, and sees what comes of it
// before anything is saved.
func TestRotationEditor(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + "/teams/daily-roster/rotations")
	page.waitUntil("document.readyState === 'complete'")
	page.setField("#new-name", "Everybody")
	page.click("#new-people")
	page.keys("Ana Ruiz", kb.Enter, "Bo Chen", kb.Enter, "Cleo Diaz, Dmitri Volkov", kb.Enter)
	order := func(want string) {
		t.Helper()
		page.waitUntil(fmt.Sprintf(`[...document.querySelectorAll(".chips li")].map((chip) => chip.dataset.name).join() === %q`, want))
	}
	order("Ana Ruiz,Bo Chen,Cleo Diaz,Dmitri Volkov")
	page.waitFor(".rotation-preview", "The next four weeks")
	page.click(`[aria-label="Move Cleo Diaz up"]`)
	page.keys(kb.ArrowUp)
	order("Cleo Diaz,Ana Ruiz,Bo Chen,Dmitri Volkov")
	page.waitUntil(`document.getElementById("status").textContent === "Cleo Diaz is now number 1 of 4."`)
	page.drag(".chips li:nth-of-type(4) .name", ".chips li:nth-of-type(2) .name")
	order("Cleo Diaz,Dmitri Volkov,Ana Ruiz,Bo Chen")
	page.click(`[aria-label="Remove Bo Chen"]`)
	order("Cleo Diaz,Dmitri Volkov,Ana Ruiz")
	page.waitFor(".weeks li:not(.none, .free) b", "Cleo Diaz")
	page.keep("rotation-editor")
	if _, people := s.call(t, "GET", "/api/v1/people", ""); strings.Contains(people, "Cleo") {
		t.Errorf("the preview made somebody: %s", people)
	}
	page.click(`form[action$="/rotations"] button.primary`)
	page.waitFor(".notice", "Saved")
	page.waitFor("#fill", "filled")
	page.click(`form[action$="/fill"] button`)
	page.waitFor("#oncall", "Cleo Diaz")
}
