package look

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// maxShift is how far a page may jump while nobody does anything, as browsers count it:
// the part of the window that moves, times how far.
const maxShift = 0.02

// observe adds up what jumps. What follows a click or a key within half a second does not
// count, as whoever did it expects something to move.
const observe = `{
  window.jumps = { sum: 0, what: [] };
  const add = (entries) => {
    for (const entry of entries) {
      if (entry.hadRecentInput) continue;
      jumps.sum += entry.value;
      for (const { node } of entry.sources) jumps.what.push(node?.id || node?.className || node?.nodeName);
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  for (const input of ["pointerdown", "keydown"]) addEventListener(input, () => { jumps.input = performance.now() }, true);
  jumps.all = () => (add(observer.takeRecords()), jumps);
}`

// Nothing jumps while a page loads, while a day is edited and saved, and when news come from
// somebody else.
func TestNothingJumps(t *testing.T) {
	s, ctx := filled(t), openBrowser(t)
	for _, width := range []int64{390, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			tb := newTab(ctx, t, width)
			tb.before(observe)
			tb.open(s.url + "/teams/daily-roster")
			// A jump is seen. For half a second after the window got its size, none is.
			tb.waitUntil(`(scrollTo(0, 0), document.querySelector("main").prepend(Object.assign(document.createElement("textarea"), { rows: 20 })),
				jumps.all().sum > 0.02)`)
			for _, what := range seen(t) {
				if what[1] == "" {
					continue
				}
				tb.open(s.url + what[1])
				tb.waitUntil("document.readyState === 'complete'")
				tb.settle()
				tb.wantStill(what[0] + " loads")
			}
			tb.open(s.url + "/teams/daily-roster")
			tb.waitUntil("document.readyState === 'complete'")
			row := "#day-" + inDays(t, 1)
			tb.click(row + " td")
			tb.waitUntil(fmt.Sprintf("document.querySelector(%q)?.classList.contains('editing') && document.activeElement.matches('input')", row))
			tb.settle()
			tb.wantStill("an edit opens")
			tb.do(chromedp.SetValue(chromedp.CSS(row+" input[name=note]"), "Call the office first"))
			tb.click(row + " button.primary")
			tb.waitUntil(fmt.Sprintf("!document.querySelector('.editing') && document.querySelector(%q)?.innerText.includes('office first')", row))
			tb.settle()
			tb.wantStill("an edit is saved")

			tb.waitUntil("performance.now() - jumps.input > 600") // from then on all that moves counts
			s.call("PUT", "/teams/daily-roster/days/"+inDays(t, 2), fields{"assignments": fields{"primary": "bo-chen", "secondary": "ana-ruiz"}})
			tb.waitUntil(fmt.Sprintf("document.querySelector('#day-%s').innerText.includes('Bo Chen')", inDays(t, 2)))
			tb.settle()
			tb.wantStill("news come")
			s.call("PUT", "/teams/daily-roster/days/"+inDays(t, 2), fields{"assignments": fields{"primary": "farid-haddad", "secondary": nil}})
		})
	}
}

// wantStill checks what jumped since it was last asked.
func (tb *tab) wantStill(when string) {
	tb.t.Helper()
	sum := get(tb, chromedp.Evaluate[float64]("jumps.all().sum"))
	if sum > maxShift {
		what := get(tb, chromedp.Evaluate[string]("jumps.what.join(', ')"))
		tb.t.Errorf("when %s, the page jumps by %.3f, want at most %.2f: %s", when, sum, maxShift, what)
	}
	tb.do(chromedp.Evaluate[chromedp.Void]("void (jumps.sum = 0, jumps.what = [])"))
}

// click clicks in the middle of what the selector finds, by mouse.
func (tb *tab) click(selector string) {
	tb.t.Helper()
	at := get(tb, chromedp.Evaluate[[2]float64](fmt.Sprintf(`(() => {
		const found = document.querySelector(%q);
		found.scrollIntoView({ block: "center" });
		const box = found.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`, selector)))
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		call(tb, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1,
		})
	}
}
