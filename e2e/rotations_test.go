package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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
	page.waitUntil(fmt.Sprintf(`document.querySelectorAll("tbody tr").length === %d`, 14))
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
