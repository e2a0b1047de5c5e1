package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// March 2027 begins on a Monday; its grid ends with Sunday 4 April.
const gridPath = "/teams/daily-roster/grid?month=2027-03"

func seat(date string) string { return "#seat-" + date + "-primary" }

// middle is the middle of an element, in the window.
func (tb *tab) middle(selector string) (at struct{ X, Y float64 }) {
	tb.t.Helper()
	where := tb.value(fmt.Sprintf("(() => { const b = document.querySelector(%q).getBoundingClientRect(); return JSON.stringify({x: b.x + b.width / 2, y: b.y + b.height / 2}) })()", selector))
	if err := json.Unmarshal([]byte(where), &at); err != nil {
		tb.t.Fatal(err)
	}
	return at
}

// pointer moves the pointer to the middle of an element, or presses or releases it there.
func (tb *tab) pointer(what input.DispatchMouseEventType, selector string) {
	tb.t.Helper()
	at := tb.middle(selector)
	_, err := chromedp.Call(tb.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
		Type: what, X: at.X, Y: at.Y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1,
	})
	if err != nil {
		tb.t.Fatal(err)
	}
}

// scrollTo brings an element into the window. It finds the element and moves in one step of the
// page's script: a table that is drawn anew meanwhile would take the element away between two.
func (tb *tab) scrollTo(selector string) {
	tb.t.Helper()
	tb.waitUntil(fmt.Sprintf(`(() => {
		const found = document.readyState === "complete" && document.querySelector(%q);
		found && found.scrollIntoView({block: "nearest", inline: "nearest"});
		return Boolean(found);
	})()`, selector))
}

// drag presses on the first element and releases on the last, by way of all of them.
func (tb *tab) drag(selectors ...string) {
	tb.t.Helper()
	tb.scrollTo(selectors[len(selectors)-1])
	tb.pointer(input.DispatchMouseEventTypeMousePressed, selectors[0])
	for _, over := range selectors[1:] {
		tb.pointer(input.DispatchMouseEventTypeMouseMoved, over)
	}
	tb.pointer(input.DispatchMouseEventTypeMouseReleased, selectors[len(selectors)-1])
}

// tap touches the middle of an element with a finger.
func (tb *tab) tap(selector string) {
	tb.t.Helper()
	tb.scrollTo(selector)
	at := tb.middle(selector)
	for _, touch := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at.X, Y: at.Y}}},
		{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		if _, err := chromedp.Call(tb.ctx, input.DispatchTouchEvent, touch); err != nil {
			tb.t.Fatal(err)
		}
	}
}

// paste gives the focused element a paste event, as Ctrl+V does.
func (tb *tab) paste(text string) {
	tb.t.Helper()
	tb.value(fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		data.setData("text/plain", %q);
		return document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
	})()`, text))
}

func (tb *tab) with(key string, modifier chromedp.Modifier) {
	tb.t.Helper()
	tb.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifier)))
}

func (tb *tab) focusOn(selector string) {
	tb.t.Helper()
	tb.waitUntil(fmt.Sprintf("document.activeElement === document.querySelector(%q)", selector))
}

// groups are the groups of the team's history, newest first, and how many changes each
// has.
func (s *server) groups(t *testing.T) (ids []string, changes map[string]int) {
	t.Helper()
	var page struct {
		Changes []struct{ Group, Why string }
	}
	_, body := s.call(t, "GET", "/api/v1/teams/daily-roster/changes?limit=500", "")
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatal(err)
	}
	changes = map[string]int{}
	for _, c := range page.Changes {
		if changes[c.Group] == 0 {
			ids = append(ids, c.Group)
		}
		changes[c.Group]++
	}
	return ids, changes
}

// wantGroup checks that the newest act is one group of so many changes.
func (s *server) wantGroup(t *testing.T, acts, changes int) {
	t.Helper()
	ids, count := s.groups(t)
	if len(ids) != acts || ids[0] == "" || count[ids[0]] != changes {
		t.Errorf("the history: got the groups %v with %v changes, want %d groups, the newest with %d", ids, count, acts, changes)
	}
}

// Several days, over a month's end, are dragged over and get one name; Undo beside the
// grid and in the history takes all of it back.
func TestGridDrag(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + gridPath)
	page.waitFor("#gaps", "70 gaps in view")
	set := func(name string) {
		t.Helper()
		page.drag(seat("2027-03-29"), "#seat-2027-03-30-secondary", "#day-2027-03-31", seat("2027-04-01"), seat("2027-04-02"))
		page.waitUntil(`document.querySelectorAll('.grid [aria-selected="true"]').length === 5`)
		page.focusOn("#set-name")
		page.keys(name, kb.Enter)
		page.waitFor(".done", name+" has 5 days, Mon 29 Mar to Fri 2 Apr.")
		page.waitFor(seat("2027-03-29"), name)
		page.waitFor(seat("2027-04-02"), name)
		page.waitFor("#gaps", "65 gaps in view")
	}
	set("Ana Ruiz")
	s.wantGroup(t, 1, 5)
	page.focusOn(seat("2027-04-02"))
	page.keep("grid")
	page.click(".undo button")
	page.waitFor(".done", "The change is undone.")
	page.waitFor(seat("2027-03-29"), "nobody")
	page.waitFor(seat("2027-04-02"), "nobody")
	s.wantGroup(t, 2, 5)

	set("Bo Chen")
	page.open(s.url + "/teams/daily-roster/history")
	page.click(".acts > li:first-child form button")
	page.waitFor(".acts > li:first-child", "undid 5 changes")
	s.wantGroup(t, 4, 5)
	page.open(s.url + gridPath)
	page.waitFor("#gaps", "70 gaps in view")
}

// All that the pointer can do is done without one.
func TestGridKeyboard(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + gridPath)
	page.keys(kb.Tab, kb.Tab, kb.Enter) // the second link skips what stands before the days
	for range 3 {
		page.keys(kb.Tab)
		if strings.HasPrefix(page.value("document.activeElement.id"), "seat-") {
			break
		}
	}
	page.focusOn(seat("2027-03-01"))
	page.keys(kb.ArrowDown)
	page.focusOn("#seat-2027-03-01-secondary")
	page.keys(kb.ArrowDown, kb.ArrowDown, kb.End)
	page.focusOn(seat("2027-03-14"))
	page.keys(kb.ArrowRight)
	page.focusOn(seat("2027-03-15"))
	page.keys(kb.ArrowUp)
	page.waitUntil("document.activeElement === document.querySelector('#day-2027-03-15 a')")
	page.keys(kb.ArrowDown)
	page.with(kb.ArrowRight, chromedp.ModifierShift)
	page.with(kb.ArrowDown, chromedp.ModifierShift)
	page.focusOn(seat("2027-03-23"))
	page.waitUntil(`document.querySelectorAll('.grid [aria-selected="true"]').length === 9`)
	page.waitUntil(`document.querySelectorAll('.grid [tabindex="0"]').length === 1`)

	page.keys(kb.Enter)
	page.focusOn("#set-name")
	page.keys("never saved", kb.Escape)
	page.focusOn(seat("2027-03-23"))
	page.keys(kb.Enter, strings.Repeat("x", 81), kb.Enter)
	page.waitFor("#set", "at most 80 fit")
	page.focusOn("#set-name")
	page.waitUntil("document.querySelector('#set').matches('.open')")
	page.keep("grid-refused")
	page.keys(kb.Escape)
	page.focusOn(seat("2027-03-23"))
	page.keys("A") // typing opens the field
	page.focusOn("#set-name")
	page.keys("na Ruiz", kb.Enter)
	page.waitFor(seat("2027-03-15"), "Ana Ruiz")
	page.waitFor(seat("2027-03-23"), "Ana Ruiz")
	page.waitFor("#status", "Ana Ruiz has 9 days")
	s.wantGroup(t, 1, 9)
	page.focusOn(seat("2027-03-23"))

	page.with("z", chromedp.ModifierCtrl)
	page.waitFor("#status", "The change is undone.")
	page.waitFor(seat("2027-03-15"), "nobody")
	page.focusOn(seat("2027-03-23"))
	s.wantGroup(t, 2, 9)

	page.keys("Bo Chen", kb.Enter)
	page.waitFor(".done", "Bo Chen has 9 days")
	page.keys(kb.Escape)
	page.waitUntil(`document.querySelectorAll('.grid [aria-selected="true"]').length === 1`)
	page.keys(kb.Delete)
	page.waitFor(seat("2027-03-23"), "nobody")
	page.waitFor(seat("2027-03-22"), "Bo Chen")
	s.wantGroup(t, 4, 1)
	page.keys(kb.PageDown)
	page.waitFor("#grid h2", "April 2027")
}

// A column of names is pasted at the chosen cell. One that is nobody's is shown at its
// line, and nothing is saved until it is right.
func TestGridPaste(t *testing.T) {
	s := start(t, storeFile(t))
	for _, name := range []string{"Ana Ruiz", "Bo Chen"} {
		s.call(t, "POST", "/api/v1/people", fmt.Sprintf(`{"name":%q}`, name))
	}
	page := openBrowser(t).newTab(t)
	page.open(s.url + gridPath)
	page.click(seat("2027-03-29"))
	page.focusOn("#set-name")
	page.keys(kb.Escape)
	page.focusOn(seat("2027-03-29"))
	page.paste("Ana Ruiz\r\nbo chen\r\n\r\nAna Riuz\r\nBO CHEN\r\n")
	page.waitFor("#paste", `line 4, Thu 1 Apr: nobody is called "Ana Riuz"`)
	page.focusOn("#paste-names")
	page.waitFor(seat("2027-03-29"), "nobody")
	if ids, _ := s.groups(t); len(ids) != 0 {
		t.Errorf("after the refusal: got the groups %v, want no change", ids)
	}
	page.keep("grid-paste")
	page.setField("#paste-names", "Ana Ruiz\nbo chen\n\nana ruiz\nBO CHEN")
	page.click("#paste button")
	page.waitFor(seat("2027-03-29"), "Ana Ruiz")
	page.waitFor(seat("2027-03-30"), "Bo Chen")
	page.waitFor(seat("2027-03-31"), "nobody")
	page.waitFor(seat("2027-04-01"), "Ana Ruiz")
	page.waitFor(seat("2027-04-02"), "Bo Chen")
	s.wantGroup(t, 1, 4)
	page.click(".undo button")
	page.waitFor(seat("2027-04-02"), "nobody")
	page.waitFor(seat("2027-03-29"), "nobody")
	s.wantGroup(t, 2, 4)

	// A row, into the field for a name, which takes one name alone.
	page.click(seat("2027-03-08"))
	page.focusOn("#set-name")
	page.paste("Bo Chen\tAna Ruiz")
	page.waitFor(seat("2027-03-08"), "Bo Chen")
	page.waitFor(seat("2027-03-09"), "Ana Ruiz")
	s.wantGroup(t, 3, 2)
}

// Somebody else's edit shows in the grid, and is not replaced by what was begun before.
func TestGridConflict(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	put := func(date, name string) {
		t.Helper()
		s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+date, fmt.Sprintf(`{"assignments":{"primary":%q}}`, name))
	}
	page.open(s.url + gridPath)
	put("2027-03-10", "Ana Ruiz")
	page.waitFor(seat("2027-03-10"), "Ana Ruiz")
	page.drag(seat("2027-03-09"), seat("2027-03-10"), seat("2027-03-11"))
	page.focusOn("#set-name")
	put("2027-03-11", "Cleo Diaz")
	page.waitFor(seat("2027-03-11"), "Cleo Diaz")
	page.keys("Bo Chen", kb.Enter)
	page.waitFor(".stale", "Someone else changed these days while you were editing. Nothing is saved yet.")
	page.waitFor(".stale li", "Thu 11 Mar, Primary: Cleo Diaz now, yours is Bo Chen")
	page.waitFor(seat("2027-03-11"), "yours: Bo Chen")
	page.waitFor(seat("2027-03-09"), "nobody")
	page.keep("grid-conflict")
	page.click(".stale .ways form:nth-of-type(2) button")
	page.waitFor(seat("2027-03-09"), "Bo Chen")
	page.waitFor(seat("2027-03-10"), "Bo Chen")
	page.waitFor(seat("2027-03-11"), "Cleo Diaz")
	s.wantGroup(t, 2, 2)
}

// Without JavaScript the grid is read, its cells lead to the days' forms, and ranges are
// set and taken back.
func TestGridWithoutJavaScript(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.withoutScript()
	page.open(s.url + gridPath)
	page.do(chromedp.SendKeys(chromedp.CSS("#set-name"), "Ana Ruiz"+kb.Enter))
	page.waitFor(seat("2027-03-01"), "Ana Ruiz")
	page.waitFor(".done", "The days are set.")
	page.click(".undo button")
	page.waitFor(".done", "The change is undone.")
	page.waitFor(seat("2027-03-01"), "nobody")
	page.click(seat("2027-03-02") + " a")
	page.do(chromedp.SendKeys(chromedp.CSS(field("2027-03-02", "primary")), "Bo Chen"+kb.Enter))
	page.waitFor(cell("2027-03-02", 1), "Bo Chen")
	page.click(".switch a:nth-of-type(2)")
	page.waitFor(seat("2027-03-02"), "Bo Chen")
}

// On a phone the grid is no wider than the screen, and its days are one below the other.
func TestGridOnAPhone(t *testing.T) {
	s := start(t, storeFile(t))
	s.call(t, "POST", "/api/v1/teams/daily-roster/days", `{"days":[{"date":"2027-03-02","role":"primary","person":"Maximilian von Hohenlohe-Öhringen"}]}`)
	page := openBrowser(t).newTab(t)
	page.size(360, 740)
	page.open(s.url + gridPath)
	page.waitUntil("document.readyState === 'complete'")
	if got := page.value("document.documentElement.scrollWidth"); got != "360" {
		t.Errorf("the page is %s px wide on a screen of 360", got)
	}
	box := func(selector, side string) string {
		return page.value(fmt.Sprintf("Math.round(document.querySelector(%q).getBoundingClientRect().%s)", selector, side))
	}
	if a, b := box(seat("2027-03-02"), "left"), box(seat("2027-03-03"), "left"); a != b {
		t.Errorf("two days of a role: got them at %s and %s px, want one below the other", a, b)
	}
	page.waitUntil(fmt.Sprintf("document.querySelector('%s .who').scrollWidth <= document.querySelector('%[1]s').clientWidth", seat("2027-03-02")))
	page.tap(seat("2027-03-03"))
	page.focusOn("#set-name")
	page.keep("grid-phone")
	page.setField("#set-to", "2027-03-05")
	page.value("document.querySelector('#set-to').dispatchEvent(new Event('input', {bubbles: true}))")
	page.waitUntil(`document.querySelectorAll('.grid [aria-selected="true"]').length === 3`)
	page.keys(kb.Escape, kb.ArrowDown)
	page.focusOn(seat("2027-03-04"))
	page.keys(kb.ArrowRight)
	page.focusOn("#seat-2027-03-04-secondary")
}

// The names stand out from every colour that a person can have (WCAG 2.2, 1.4.3).
func TestGridColours(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	for _, scheme := range []string{"light", "dark"} {
		_, err := chromedp.Call(page.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		if err != nil {
			t.Fatal(err)
		}
		page.open(s.url + gridPath)
		got := page.value(`(() => {
			const luminance = (colour) => {
				const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			const who = document.querySelector(".who");
			const seen = new Set();
			let least = 21;
			for (let i = 0; i < 24; i++) {
				who.className = "who colour-" + i;
				const { color, backgroundColor } = getComputedStyle(who);
				const [low, high] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
				least = Math.min(least, (high + 0.05) / (low + 0.05));
				seen.add(backgroundColor);
			}
			return least.toFixed(2) + " with " + seen.size;
		})()`)
		var least float64
		var colours int
		if _, err := fmt.Sscanf(got, "%f with %d", &least, &colours); err != nil || least < 4.5 || colours != 24 {
			t.Errorf("%s: got a contrast of %s colours, want at least 4.5 with 24", scheme, got)
		}
		t.Logf("%s: least contrast %s colours", scheme, got)
	}
}
