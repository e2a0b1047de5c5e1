package e2e

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// inDays is a date of the team under test: the day on call now and n more.
func inDays(t *testing.T, n int) string {
	t.Helper()
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return time.Now().In(where).AddDate(0, 0, n).Format(time.DateOnly)
}

// rosterPath is the roster of the team that the program makes: while it is empty, "/" greets.
const rosterPath = "/teams/daily-roster"

func row(date string) string { return "#day-" + date }

// cell is a cell of a day's row: 1 is the first role, 2 the second, 3 the note.
func cell(date string, n int) string { return fmt.Sprintf("#day-%s td:nth-of-type(%d)", date, n) }

func field(date, name string) string { return fmt.Sprintf("#%s-%s", name, date) }

// setField replaces what a field says.
func (tb *tab) setField(selector, value string) {
	tb.t.Helper()
	tb.do(chromedp.SetValue(chromedp.CSS(selector), value))
}

func TestTypeNameEditClearUndo(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	today := inDays(t, 0)
	page.open(s.url + rosterPath)
	page.waitFor("#oncall", "On call now: nobody")
	page.waitFor("#gaps", "70 gaps in view")
	page.keep("empty")

	page.click(cell(today, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", today))
	page.keys("Ana Ruiz", kb.Enter)
	page.waitFor(cell(today, 1), "Ana Ruiz")
	page.waitFor("#oncall", "On call now: Ana Ruiz until")
	page.waitFor("#oncall", ", then nobody")
	page.waitFor("#gaps", "69 gaps in view")
	page.waitFor("#status", "is saved")
	page.waitUntil(`document.querySelector("#people option").value === "Ana Ruiz"`)

	page.click(cell(today, 2))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'secondary-%s'", today))
	page.setField(field(today, "note"), "cover for <b>Bo</b>")
	page.keys("Bo Chen", kb.Enter)
	page.waitFor(cell(today, 2), "Bo Chen")
	page.waitFor(cell(today, 3), "cover for <b>Bo</b>")
	page.waitFor("#gaps", "68 gaps in view")

	page.click(row(today) + " .edit")
	page.click(row(today) + " .clear")
	page.waitFor(cell(today, 1), "nobody")
	page.waitFor("#gaps", "70 gaps in view")
	page.waitFor("#oncall", "On call now: nobody")
	page.keep("cleared")
	page.click(row(today) + " .actions button")
	page.waitFor(cell(today, 1), "Ana Ruiz")
	page.waitFor(cell(today, 2), "Bo Chen")
	page.waitFor(cell(today, 3), "cover for <b>Bo</b>")
	page.waitFor("#gaps", "68 gaps in view")
	page.waitFor("#oncall", "Secondary: Bo Chen")

	page.open("about:blank") // else what it still fetches, told of its own edit, may find no server
	if err := s.stop(); err != nil {
		t.Errorf("stopping: got %v, want nil", err)
	}
	again := start(t, s.file)
	page.open(again.url + "/")
	page.waitFor(cell(today, 1), "Ana Ruiz")
	page.waitFor(cell(today, 3), "cover for <b>Bo</b>")
	_, history := again.call(t, "GET", "/api/v1/teams/daily-roster/changes", "")
	if got := strings.Count(history, `"why":"undo"`); got != 3 {
		t.Errorf("the history: got %d changes of the undo, want 3 (two roles, one note)", got)
	}
}

func TestTwoTabsOneDay(t *testing.T) {
	s := start(t, storeFile(t))
	b := openBrowser(t)
	first, second := b.newTab(t), b.newTab(t)
	day := inDays(t, 3)
	for _, tb := range []*tab{first, second} {
		tb.open(s.url + rosterPath)
		tb.click(cell(day, 1))
		tb.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", day))
	}
	first.keys("Ana Ruiz", kb.Enter)
	first.waitFor(cell(day, 1), "Ana Ruiz")

	second.setField(field(day, "note"), "my note")
	second.keys("Bo Chen", kb.Enter)
	second.waitFor(row(day), "Someone else changed this day while you were editing")
	second.waitFor(cell(day, 1), "now: Ana Ruiz")
	if got := second.value(fmt.Sprintf("document.querySelector('#primary-%s').value", day)); got != "Bo Chen" {
		t.Errorf("the typed name: got %q, want Bo Chen", got)
	}
	if got := second.value(fmt.Sprintf("document.querySelector('#note-%s').value", day)); got != "my note" {
		t.Errorf("the typed note: got %q, want my note", got)
	}
	second.keep("conflict")
	second.click(row(day) + " button.primary")
	second.waitFor(cell(day, 1), "Bo Chen")
	second.waitFor(cell(day, 3), "my note")
}

// News of other days leave whoever types where they are.
func TestNewsLeaveTheFocus(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	mine, other := inDays(t, 2), inDays(t, 4)
	page.open(s.url + rosterPath)
	page.waitUntil("document.readyState === 'complete'")
	page.click(cell(mine, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", mine))
	page.keys(kb.Tab, kb.Tab, "Half of a")
	s.assign(t, other, "Bo Chen")
	page.waitFor(cell(other, 1), "Bo Chen")
	page.keys(" note")
	if got, want := page.value("document.activeElement.id + ': ' + document.activeElement.value"), "note-"+mine+": Half of a note"; got != want {
		t.Errorf("after the news: got %q, want %q", got, want)
	}
}

func TestKeyboardAlone(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + rosterPath)
	page.waitUntil("document.readyState === 'complete'") // until then links are only links
	second, third := inDays(t, 1), inDays(t, 2)
	// From the top of the page to the days, as there is no pointer: past the first of the
	// two links that skip what comes before.
	page.keys(kb.Tab, kb.Tab, kb.Enter, kb.Tab)
	page.waitUntil("document.activeElement.id.startsWith('day-')")
	page.keys(kb.ArrowDown)
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", second))
	page.keys(kb.Enter)
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", second))
	page.keys("Ana Ruiz", kb.Tab, "Bo Chen", kb.Enter)
	page.waitFor(cell(second, 2), "Bo Chen")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", second))
	page.keys(kb.ArrowDown, kb.Enter)
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", third))
	page.keys("never saved", kb.Escape)
	page.waitFor(cell(third, 1), "nobody")
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", third))
	page.keys(kb.ArrowUp)
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'day-%s'", second))
}

// TestOpenRowHasFocus follows the link of a row, as a browser does before htmx is ready.
func TestOpenRowHasFocus(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	day := inDays(t, 1)
	page.open(s.url + "/teams/daily-roster?edit=" + day + "#day-" + day)
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", day))
}

func TestWithoutJavaScript(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.withoutScript()
	day := inDays(t, 2)
	page.open(s.url + rosterPath)
	page.click(row(day) + " .edit")
	page.do(chromedp.SendKeys(chromedp.CSS(field(day, "primary")), "Ana Ruiz"+kb.Enter))
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.waitFor("#gaps", "69 gaps in view")

	page.click(row(day) + " .edit")
	page.do(chromedp.SendKeys(chromedp.CSS(field(day, "secondary")), strings.Repeat("x", 81)+kb.Enter))
	page.waitFor(row(day), "at most 80 fit")
	page.click(row(day) + " .cancel")
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.click(row(day) + " .edit")
	page.waitFor(row(day), "Clear")
	page.click(row(day) + " .clear")
	page.waitFor(cell(day, 1), "nobody")
	page.click(row(day) + " .actions button")
	page.waitFor(cell(day, 1), "Ana Ruiz")

	page.open(s.url + "/teams")
	page.do(chromedp.SendKeys(chromedp.CSS("#f-name"), "Platform"+kb.Enter))
	page.waitFor("h1", "Platform")
	page.waitFor("#gaps", "70 gaps in view")
}

func TestNarrowScreen(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.size(360, 740)
	day := inDays(t, 1)
	page.open(s.url + rosterPath)
	long := strings.Repeat("Wolfeschlegelsteinhausen", 3)
	page.click(cell(day, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", day))
	page.keep("narrow-edit")
	page.keys(long, kb.Enter)
	page.waitFor(cell(day, 1), long)
	for _, path := range []string{"/", "/teams", "/people", "/teams/daily-roster/settings", "/teams/daily-roster?edit=" + day} {
		page.open(s.url + path)
		page.waitUntil("document.readyState === 'complete'")
		if got := page.value("document.documentElement.scrollWidth"); got != "360" {
			t.Errorf("%s: the page is %s px wide on a screen of 360", path, got)
		}
	}
}

func TestRangeAndHistory(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	page.open(s.url + rosterPath)
	page.do(chromedp.SetValue(chromedp.CSS(`[name="from"]`), "2027-03-01"), chromedp.SetValue(chromedp.CSS(`[name="days"]`), "7"))
	page.click(".jump summary")
	page.click(".jump button")
	page.waitFor("#gaps", "14 gaps in view")
	page.waitFor(row("2027-03-07"), "Sun 7 Mar")
	page.waitUntil("location.search.includes('from=2027-03-01')")
	page.click(".months a:nth-of-type(3)")
	page.waitUntil("location.search === document.querySelector('.months a:nth-of-type(3)').search && !document.getElementById('day-2027-03-07')")
	page.do(chromedp.NavigateBack())
	page.waitFor(row("2027-03-07"), "Sun 7 Mar")
	page.waitFor("h1", "Daily Roster")
	page.waitFor(".foot", "Served by app-under-test")
}

// An edit shows in every other open page within two seconds, and leaves alone the row
// that somebody is editing there.
func TestLiveUpdates(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	day, other := inDays(t, 0), inDays(t, 2)
	page.open(s.url + rosterPath)
	page.click(cell(other, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", other))
	page.keys("half typed")
	for _, d := range []string{day, other} {
		s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+d, `{"assignments":{"primary":"Ana Ruiz"}}`)
	}
	begun := time.Now()
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.waitFor("#oncall", "On call now: Ana Ruiz")
	page.waitFor("#gaps", "68 gaps in view")
	t.Logf("the edit showed after %s", time.Since(begun).Round(time.Millisecond))
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("the edit showed after %s, want under 2 s", took)
	}
	if got := page.value(fmt.Sprintf("document.activeElement.id + ' ' + document.querySelector('#primary-%s').value", other)); got != "primary-"+other+" half typed" {
		t.Errorf("the row being edited: got %q, want the focus and the text as they were", got)
	}
	page.keys(kb.Enter)
	page.waitFor(row(other), "Someone else changed this day while you were editing")

	if err := s.stop(); err != nil {
		t.Errorf("stopping with a viewer: got %v, want a clean exit", err)
	}
}

// Who opens a row while news of it are on their way gets the form all the same.
func TestOpenWhileNewsArrive(t *testing.T) {
	s := start(t, storeFile(t))
	page := openBrowser(t).newTab(t)
	day := inDays(t, 1)
	page.open(s.url + rosterPath)
	page.waitFor(cell(day, 1), "nobody")
	// The news come after 300 ms, the form after 600 ms.
	page.value(fmt.Sprintf(`(() => {
		const fetch = window.fetch;
		window.fetch = (url, ...rest) => {
			const wait = String(url).includes("/days/%s/edit") ? 600 : String(url).includes("/daily-roster?from=") ? 300 : 0;
			if (wait === 300) document.body.classList.add("news-under-way");
			return new Promise((done) => setTimeout(done, wait)).then(() => fetch(url, ...rest));
		};
	})()`, day))
	s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+day, `{"assignments":{"secondary":"Bo Chen"}}`)
	page.waitUntil(`document.body.classList.contains("news-under-way")`)
	page.click(cell(day, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", day))
	if got := page.value(fmt.Sprintf("document.querySelector('#secondary-%s').value", day)); got != "Bo Chen" {
		t.Errorf("the form: got the secondary %q, want the news in it", got)
	}
	page.keys("Ana Ruiz", kb.Enter)
	page.waitFor(cell(day, 1), "Ana Ruiz")
	page.waitFor(cell(day, 2), "Bo Chen")
}

// Five weeks with a note on each day fit on one sheet, in A4 and in US letter.
func TestPrintsOnOneSheet(t *testing.T) {
	s := start(t, storeFile(t))
	for i := range 35 {
		s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+inDays(t, i), `{"assignments":{"primary":"Ana Ruiz","secondary":"Bo Chen"},"note":"hand-over call at 09:00"}`)
	}
	page := openBrowser(t).newTab(t)
	page.open(s.url + rosterPath)
	for name, size := range map[string]chromedp.PaperSize{"A4": {Width: 8.27, Height: 11.69}, "letter": chromedp.PaperLetter} {
		pdf := get(page, chromedp.PrintToPDF(chromedp.PDFPaper(size)))
		if sheets := bytes.Count(pdf, []byte("/Type /Page\n")); sheets != 1 {
			t.Errorf("%s: got %d sheets, want 1", name, sheets)
		}
	}
}
