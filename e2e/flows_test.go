package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// person does what a page offers in one way only.
type person struct {
	*tab
	byKeys bool // never with the mouse; else without JavaScript
}

// tabTo moves the focus as the Tab key does until it is on what the selector names.
func (p *person) tabTo(selector string) {
	p.t.Helper()
	p.waitUntil(fmt.Sprintf("document.querySelector(%q) !== null", selector))
	const most = 400 // steps: a roster of five weeks has some 150
	for range most {
		if p.value(fmt.Sprintf("document.activeElement?.matches(%q)", selector)) == "true" {
			return
		}
		p.keys(kb.Tab)
	}
	p.t.Fatalf("the Tab key never comes to %s", selector)
}

// press follows a link or presses a button.
func (p *person) press(selector string) {
	p.t.Helper()
	if !p.byKeys {
		p.do(chromedp.ScrollIntoView(chromedp.CSS(selector)))
		p.click(selector)
		return
	}
	p.loaded()
	p.tabTo(selector)
	p.keys(kb.Enter)
}

// write types into a field, in place of what is in it.
func (p *person) write(selector, text string) {
	p.t.Helper()
	if p.byKeys {
		p.loaded()
		p.tabTo(selector)
	} else {
		p.do(chromedp.Focus(chromedp.CSS(selector)))
	}
	if p.value(fmt.Sprintf("document.querySelector(%q).type", selector)) == "date" {
		year, rest, _ := strings.Cut(text, "-")
		month, day, _ := strings.Cut(rest, "-")
		order := map[string]string{"en-US": month + day + year}[p.value("navigator.language")]
		if order == "" {
			order = day + month + year
		}
		p.keys(order) // in the order that the browser shows
		return
	}
	p.with("a", chromedp.ModifierCtrl)
	p.keys(text)
}

// choose takes the nth option of a menu, counted from the one that it shows.
func (p *person) choose(selector string, n int) {
	p.t.Helper()
	if p.byKeys {
		p.loaded()
		p.tabTo(selector)
	} else {
		p.do(chromedp.Focus(chromedp.CSS(selector)))
	}
	for range n {
		p.keys(kb.ArrowDown)
	}
}

// edit opens a day. Its form takes the focus, for which people wait.
func (p *person) edit(date string) {
	p.t.Helper()
	p.press(row(date) + " .edit")
	p.waitUntil(fmt.Sprintf("document.activeElement?.id === 'primary-%s'", date))
}

func (p *person) loaded() {
	p.t.Helper()
	p.waitUntil("document.readyState === 'complete'")
}

// TestEveryFlow goes through what people do with a roster, from an empty site on, once with the
// keyboard alone and once without JavaScript.
func TestEveryFlow(t *testing.T) {
	for name, byKeys := range map[string]bool{"with keys alone": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			s := start(t, storeFile(t))
			p := &person{openBrowser(t).newTab(t), byKeys}
			if !byKeys {
				p.withoutScript()
			}
			today, tomorrow, third, fourth := inDays(t, 0), inDays(t, 1), inDays(t, 2), inDays(t, 3)
			team := "/teams/daily-roster"

			t.Log("begin with a list")
			p.open(s.url + "/")
			p.write("#f-text", fmt.Sprintf("%s - %s: Ana Ruiz", today, inDays(t, 6)))
			p.press(`section[aria-labelledby="way-paste"] button`)
			p.waitFor("[aria-labelledby=understood]", "7 filled")
			p.press(`button[value="import"]`)
			p.waitFor("#oncall", "Ana Ruiz")

			t.Log("set a day, clear it, undo that")
			p.edit(tomorrow)
			p.write("#primary-"+tomorrow, "Bo Chen")
			p.press(row(tomorrow) + " .actions button.primary")
			p.waitFor(cell(tomorrow, 1), "Bo Chen")
			p.edit(tomorrow)
			p.press(row(tomorrow) + " button.clear")
			p.waitFor(cell(tomorrow, 1), "nobody")
			p.press(row(tomorrow) + ` [data-key="u"]`)
			p.waitFor(cell(tomorrow, 1), "Bo Chen")

			t.Log("wrong input is told at its place")
			p.edit(third)
			p.write("#note-"+third, strings.Repeat("x", 281))
			p.press(row(third) + " .actions button.primary")
			p.waitFor(row(third)+" .note .error", "at most 280 fit")
			p.press(row(third) + " .cancel")
			p.waitFor(cell(third, 1), "Ana Ruiz")

			t.Log("swap, give, take")
			p.press(row(tomorrow) + " .exchange")
			p.choose("#f-with", 1)
			p.press(`form:has(#f-with) button.primary`)
			p.waitFor(".notice", "swap: done")
			p.press(row(third) + " .exchange")
			p.write("#f-to", "Bo Chen")
			p.press(`form:has(#f-to) button`)
			p.waitFor(".notice", "gives Primary")
			p.press(row(fourth) + " .exchange")
			p.write("#f-by", "Bo Chen")
			p.press(`form:has(#f-by) button`)
			p.waitFor(".notice", "takes Primary")

			t.Log("an absence, and back")
			p.press(`.tabs a[href$="/people"]`)
			p.waitFor("h1", "People and absences")
			p.press(`.members li:first-child summary`)
			p.write(`.members li:first-child [name=from]`, third)
			p.write(`.members li:first-child [name=to]`, fourth)
			p.press(`.members li:first-child form.row button`)
			p.waitFor(".notice", "Saved.")
			p.press(`.notice button`)
			p.waitFor(".notice", "The change is undone.")

			t.Log("a rotation, a fill, and back")
			p.press(`.tabs a[href$="/rotations"]`)
			p.write("#new-name", "Second")
			p.choose("#new-role", 1)
			p.write("#new-people", "Ana Ruiz, Bo Chen")
			p.press(`.rotation-form button.primary`)
			p.waitFor("#fill", "40 filled,") // weekdays of eight weeks
			p.press(`form[action$="/fill"] button`)
			p.waitFor(".notice", "filled")
			p.press(`.notice button`)
			p.waitFor(".notice", "Undone.")

			t.Log("settings, and back")
			p.press(`.tabs a[href$="/settings"]`)
			p.write("#f-name", "Renamed")
			p.press(`form[action$="/settings"] button.primary`)
			p.waitFor(".notice", "Saved.")
			p.waitFor("h1", "Settings of Renamed")
			p.press(`.notice button`)
			p.waitFor(".notice", "The change is undone.")

			t.Log("the grid")
			p.press(`.tabs a[href="` + team + `"]`)
			p.press(`.switch a[href*="/grid"]`)
			p.waitFor("table.grid", "Ana Ruiz")
			p.write("#set-name", "Cleo Diaz")
			p.press(`form:has(#set-name) button.primary`)
			p.waitFor(".notice.stale", "Someone already has these days.")
			p.press(".notice.stale .primary")
			p.waitFor(seat(today), "Cleo Diaz")
			p.press(`.notice.done button`)
			p.waitFor(seat(today), "Bo Chen") // since the swap

			t.Log("who did what, and mine")
			p.press(`.tabs a[href$="/history"]`)
			p.press(".acts > li:first-of-type summary")
			p.waitFor(".acts > li:first-of-type .seats-of-act", "Cleo Diaz")
			p.press(`nav a[href="/me"]`)
			p.waitFor("h1", "Who are you?") // the page before has a field of this name too
			p.write("main [name=name]", "Bo Chen")
			p.press(`main form button`)
			p.waitFor("main", "You are on call.")

			t.Log("find, and read what a role is worth")
			p.write(".search input", "Bo")
			p.keys(kb.Enter)
			p.waitFor(".results", "Bo Chen")
			p.open(s.url + team + "/fairness")
			p.choose("#f-by", 1)
			p.press("form.choice button")
			p.waitFor("main", "The same as a table")
		})
	}
}
