package look

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tooSmall lists what a finger cannot hit: links that stand alone, buttons, fields and menus less
// than 44 px wide or high, after all that folds is open. A link in running text may be as low as
// its line, and a box to tick is hit by its label (WCAG 2.2, 2.5.5).
const tooSmall = `(() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const small = new Set();
  for (const element of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(".unseen, [hidden]")) continue;
    if (element.matches("a") && getComputedStyle(element).display === "inline") continue;
    const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
    const { width, height } = target.getBoundingClientRect();
    if (width === 0 || width >= 43.5 && height >= 43.5) continue;
    small.add(element.localName + "." + element.className + " in " + (element.parentElement.className || element.parentElement.localName) +
      " " + Math.round(width) + "x" + Math.round(height));
  }
  return [...small].join("\n");
})()`

// On a phone, whatever one can press is large enough for a finger.
func TestTargets(t *testing.T) {
	s, ctx := filled(t), openBrowser(t)
	tb := newTab(ctx, t, 390)
	pages := append(seen(t), [2]string{"people", "/people"}, [2]string{"members", "/teams/daily-roster/people"}, [2]string{"hours", "/teams/daily-roster/hours"},
		[2]string{"me", "/me"}, [2]string{"coverage", "/coverage"}, [2]string{"notices", "/teams/daily-roster/notices"}, [2]string{"tokens", "/teams/daily-roster/tokens"})
	for _, what := range pages {
		if what[1] == "" {
			continue
		}
		tb.open(s.url + what[1])
		tb.waitUntil("document.readyState === 'complete' && matchMedia('(pointer: coarse)').matches")
		if small := get(tb, chromedp.Evaluate[string](tooSmall)); small != "" {
			t.Errorf("%s: too small for a finger:\n\t%s", what[0], strings.ReplaceAll(small, "\n", "\n\t"))
		}
	}
}
