package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A list on a wiki page, with a table and text around it, is brought in as a table is.
func TestImportList(t *testing.T) {
	s := newSite(t)
	doc := s.preview(t, fixture(t, "list-wiki.html"))
	wantText(t, doc, "[aria-labelledby=understood]", "28 filled, 0 replaced, 0 unchanged; 2 lines are not fully understood.")
	wantText(t, doc, "[aria-labelledby=understood]", "7 lines of other text are passed over.")
	wantText(t, doc, "[aria-labelledby=understood]", "Years that are not written: from line 7 on 2026, as the heading says.")
	wantText(t, doc, "table tbody tr:nth-of-type(1)", "Last edited by Bo Chen on 20 November 2026.Left out: it has a date, but nobody who is on call is understood.")
	wantText(t, doc, "table tbody tr:nth-of-type(3)", "Backup · Bo ChenMon 23 Nov – Sun 29 Nov 2026Secondary: Bo Chen (new) fills 7")
	wantText(t, doc, "select[name=table]", "1: Hours2: Turns 2026")
	form := importForm(t, doc)

	// The other table of the page, and back.
	form.Set("table", "0")
	other := s.send(t, "POST", importPath, form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, other, "[aria-labelledby=understood]", "0 filled, 0 replaced, 0 unchanged; no line is understood.")
	form = importForm(t, other)
	form.Set("table", "1")
	doc = s.send(t, "POST", importPath, form.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "[aria-labelledby=understood]", "28 filled, 0 replaced, 0 unchanged; 2 lines are not fully understood.")

	form = importForm(t, doc)
	form.Set("do", "import")
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	if got := s.who(t, "ops", "primary", "2026-11-23", "2026-12-14"); got != "Ana Ruiz, Bo Chen, Zoë Ångström, -" {
		t.Errorf("primary: got %s", got)
	}
	if got := s.who(t, "ops", "secondary", "2026-11-23", "2026-12-14"); got != "Bo Chen, -" {
		t.Errorf("secondary: got %s", got)
	}
}

// A list that is a whole page of Markdown, without a table.
func TestImportListOfText(t *testing.T) {
	s := newSite(t)
	doc := s.preview(t, "Hello, this is the plan.\n\n- 30 Nov – 6 Dec: Ana Ruiz (link)\n- 7 Dec – 13 Dec: Bo Chen\n")
	wantText(t, doc, "[aria-labelledby=understood]", "14 filled, 0 replaced, 0 unchanged; every line with a date is understood. 1 line of other text is passed over.")
	doc = s.preview(t, "30 Nov – 6 Dec: Ana Ruiz\n7 Dec – 13 Dec: Bo Chen\n")
	wantText(t, doc, "[aria-labelledby=understood]", "14 filled, 0 replaced, 0 unchanged; every line is understood.")
}

// Nothing is said to be understood of what nothing is taken from.
func TestImportOfNothing(t *testing.T) {
	s := newSite(t)
	for text, status := range map[string]int{
		"Date,Primary\n2026-11-24,\n2026-11-25,TBD\n": http.StatusOK,                  // nobody
		"Date,Primary\n2001-01-01,Ana\n":              http.StatusOK,                  // long ago
		"Weekday,Hours\nMonday,9-17\nSunday,all\n":    http.StatusUnprocessableEntity, // no days
		"We have no list yet.\nAna asks Bo.\n":        http.StatusUnprocessableEntity, // no table
	} {
		page := s.send(t, "POST", importPath, url.Values{"text": {text}}.Encode()).want(status).html().Text()
		if strings.Contains(page, "line is understood.") != strings.Contains(page, "no line is understood.") || strings.Contains(page, "every line") {
			t.Errorf("%q: got %s", text, page)
		}
		if want := "No line says both a day and who is on call"; !strings.Contains(text, ",") && !strings.Contains(page, want) {
			t.Errorf("%q: got %s, want %q", text, page, want)
		}
	}
}
