package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hands counts what a person does: clicks and keys.
type hands struct {
	*tab
	clicks, pressed int
}

func (h *hands) click(selector string) {
	h.t.Helper()
	h.do(chromedp.ScrollIntoView(chromedp.CSS(selector)))
	h.tab.click(selector)
	h.clicks++
}

func (h *hands) keys(keys ...string) {
	h.t.Helper()
	h.tab.keys(keys...)
	for _, each := range keys {
		h.pressed += len([]rune(each))
	}
}

// What somebody needs for a click and for a key, who knows what to do.
const (
	timeOfClick = 1200 * time.Millisecond // to see where, and to go there
	timeOfKey   = 200 * time.Millisecond
)

// TestFirstTeam sets up a team of six, fills its roster, corrects and swaps a day, and finds out
// who did it, by the page alone. docs/first-team.md has its counts beside those of another tool.
func TestFirstTeam(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			s := start(t, storeFile(t))
			page := &hands{tab: openBrowser(t).newTab(t)}
			page.size(width, 844)
			loaded := func() { page.waitUntil("document.readyState === 'complete'") }
			begun := time.Now()
			page.open(s.url + "/teams/daily-roster") // its first page has the tabs
			loaded()

			// Set up: six people, a week each.
			page.click(`.tabs a[href$="/rotations"]`)
			page.waitFor("h1", "Rotations")
			loaded()
			page.click("#new-name")
			page.keys("Weeks")
			for _, day := range []string{"sat", "sun"} {
				page.click(fmt.Sprintf(`.weekday-row label:has([value=%s])`, day))
			}
			page.click("#new-daysPerTurn")
			page.keys(kb.Backspace, "7")
			page.click("#new-people")
			page.keys("Ana, Bo, Cleo, Dan, Eva, Finn", kb.Enter)
			page.waitFor(".weeks li:not(.none, .free)", "Ana")
			page.click(`.rotation-form button.primary`)

			// Fill: what it would do is shown at once.
			page.waitFor("#fill", "56 filled")
			page.click(`form[action$="/fill"] button`)
			page.waitFor("#oncall", "On call now: Ana")
			page.keep(fmt.Sprintf("first-team-%d", width))

			// Correct: somebody else takes a day.
			day := inDays(t, 2)
			loaded()
			page.click(cell(day, 1))
			page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", day))
			page.keys("Cleo", kb.Enter)
			page.waitFor(cell(day, 1), "Cleo")

			// Swap: one day for another.
			other := inDays(t, 3)
			if width < 400 {
				page.click(cell(other, 1))
				page.click(row(other) + ".editing .exchange")
			} else {
				page.click(row(other) + " .exchange")
			}
			page.waitFor(".seats", "Ana")
			page.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#f-with").selectedIndex = 1`))
			page.clicks += 2 // a menu opens, and a day is chosen
			page.click(`form:has(#f-with) button.primary`)
			page.waitFor(".notice", "swap: done")

			// Explain: who is on call, and who did that.
			page.click(`.tabs a[href$="/history"]`)
			page.waitFor(".acts > li:nth-of-type(1)", "swapped")
			page.waitFor(".acts > li:nth-of-type(2)", "set Cleo as Primary")
			page.waitFor(".acts > li:nth-of-type(3)", "filled 56 seats")

			byHand := time.Duration(page.clicks)*timeOfClick + time.Duration(page.pressed)*timeOfKey
			t.Logf("%d clicks and %d keys: %s by hand, %s by script", page.clicks, page.pressed, byHand, time.Since(begun).Round(time.Second))
			if page.clicks > 18 || page.pressed > 48 {
				t.Errorf("got %d clicks and %d keys, want at most 18 and 48", page.clicks, page.pressed)
			}
			if whole := byHand + time.Since(begun); whole > 3*time.Minute {
				t.Errorf("got %s with all that the script waited for, want under three minutes", whole)
			}
		})
	}
}
