package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const inView = "?from=2026-11-23&days=35"

func TestShownRow(t *testing.T) {
	s := newSite(t)
	doc := s.htmx(t, "GET", day+inView, "").want(http.StatusOK).html()
	row := doc.Find("tr#day-2026-11-24")
	if row.Length() != 1 {
		t.Fatalf("the fragment: got %d rows with the day's id, want 1", row.Length())
	}
	wantText(t, doc, "tr td:nth-of-type(1)", "nobody")
	edit := attr(doc, ".edit", "href")
	if edit != day+"/edit?from=2026-11-23" {
		t.Errorf("the Edit link: got %q, want the form", edit)
	}
	// The link leads to the form: as a row, and without JavaScript on the page.
	if row := s.htmx(t, "GET", edit+"&focus=secondary", "").want(http.StatusOK); !strings.HasPrefix(row.Body.String(), "<tr") || attr(row.html(), "[autofocus]", "name") != "secondary" {
		t.Errorf("the form for htmx: got %.60q, want a row with the focus on secondary", row.Body)
	}
	page := s.send(t, "GET", edit, "").want(http.StatusOK).html()
	if page.Find("#days tr").Length() != 35 || page.Find("#days tr.editing").Length() != 1 || attr(page, "[autofocus]", "name") != "primary" {
		t.Error("the form without JavaScript: want the page with this one row as a form, and the focus in it")
	}
	// News of days draw the region again, and with it the blocks that their rows belong to.
	region := page.Find("#roster")
	if get, news, swap := region.AttrOr("hx-get", ""), region.AttrOr("hx-trigger", ""), region.AttrOr("hx-swap", ""); get != "/teams/ops?from=2026-11-23" || news != "changed from:#live, reshape" || swap != "outerMorph" {
		t.Errorf("the region: got hx-get %q at %q as %q, want itself at news of its days", get, news, swap)
	}
	// What is the same in each row stands at the table.
	for name, want := range map[string]string{"hx-target:inherited": "closest tr", "hx-swap:inherited": "outerHTML"} {
		if got, _ := page.Find("#days").Attr(name); got != want {
			t.Errorf("the table's %s: got %q, want %q", name, got, want)
		}
	}
	for i, want := range []string{"", "primary", "secondary", "note", ""} {
		if got, _ := page.Find(".roster thead th").Eq(i).Attr("data-field"); got != want {
			t.Errorf("column %d: got the field %q, want %q", i, got, want)
		}
	}
}

// formOf reads the row's form as a browser would send it.
func formOf(t *testing.T, doc *goquery.Selection) url.Values {
	t.Helper()
	fields := url.Values{}
	form := doc.Find("form").First()
	id, _ := form.Attr("id")
	doc.Find("input").Each(func(_ int, input *goquery.Selection) {
		if owner, ok := input.Attr("form"); ok && owner != id {
			t.Errorf("the field %s belongs to the form %s, want %s", attr(input, "", "name"), owner, id)
		}
		name, _ := input.Attr("name")
		value, _ := input.Attr("value")
		fields.Set(name, value)
	})
	doc.Find("select").Each(func(_ int, chooser *goquery.Selection) {
		fields.Set(attr(chooser.Parent(), "select", "name"), attr(chooser, "option[selected]", "value"))
	})
	return fields
}

func TestEditForm(t *testing.T) {
	s := newSite(t)
	doc := s.htmx(t, "GET", day+"/edit"+inView+"&focus=secondary", "").want(http.StatusOK).html()
	if doc.Find("tr#day-2026-11-24").Length() != 1 {
		t.Fatal("the form's root: got no row with the day's id")
	}
	fields := formOf(t, doc)
	for _, name := range []string{"primary", "secondary", "note", "revision", "change"} {
		if !fields.Has(name) {
			t.Errorf("the form has no field %s", name)
		}
	}
	if len(fields.Get("change")) != 26 || fields.Get("revision") != "" {
		t.Errorf("change %q, revision %q: want a ULID and, for a day never set, nothing", fields.Get("change"), fields.Get("revision"))
	}
	if got := attr(doc, "[autofocus]", "name"); got != "secondary" {
		t.Errorf("the focus: got %q, want secondary", got)
	}
	if put, post := attr(doc, "form", "hx-put"), attr(doc, "form", "action"); put != post || !strings.HasPrefix(put, day) {
		t.Errorf("the form goes to %q and without JavaScript to %q, want both the day", put, post)
	}
}

func TestSave(t *testing.T) {
	s := newSite(t)
	fields := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
	fields.Set("primary", " Ana  Ruiz ")
	fields.Set("note", "<script>alert(1)</script>")
	answer := s.htmx(t, "PUT", day+inView, fields.Encode()).want(http.StatusOK)
	doc := answer.html()
	wantText(t, doc, "tr#day-2026-11-24 td:nth-of-type(1)", "Ana Ruiz")
	wantText(t, doc, "tr#day-2026-11-24 td:nth-of-type(3)", "<script>alert(1)</script>")
	if strings.Contains(answer.Body.String(), "<script>") {
		t.Error("the answer has the note's script as a tag")
	}
	for id, want := range map[string]string{
		"oncall": "until tomorrow 09:00, then Ana Ruiz", "gaps": "69 gaps in view", "status": "Tuesday 24 November is saved.",
	} {
		region := doc.Find("#" + id)
		if got, _ := region.Attr("hx-swap-oob"); got != "true" {
			t.Errorf("#%s: got hx-swap-oob %q, want true", id, got)
		}
		wantText(t, doc, "#"+id, want)
	}
	if got := attr(doc, "#people option", "value"); got != "Ana Ruiz" {
		t.Errorf("the suggestions after a new name: got %q, want Ana Ruiz", got)
	}

	again := s.htmx(t, "PUT", day+inView, fields.Encode()).want(http.StatusOK).html()
	wantText(t, again, "tr#day-2026-11-24 td:nth-of-type(1)", "Ana Ruiz")
	if got := len(s.history(t)); got != 2 {
		t.Errorf("the history after the same form twice: got %d changes, want 2 (primary and note)", got)
	}
}

func TestConflict(t *testing.T) {
	s := newSite(t)
	first := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
	second := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
	first.Set("primary", "Ana Ruiz")
	s.htmx(t, "PUT", day+inView, first.Encode()).want(http.StatusOK)

	second.Set("primary", "Bo Chen")
	second.Set("note", "mine")
	doc := s.htmx(t, "PUT", day+inView, second.Encode()).want(http.StatusConflict).html()
	wantText(t, doc, "tr#day-2026-11-24 td:nth-of-type(1)", "now: Ana Ruiz")
	wantText(t, doc, "form [role=alert]", "Someone else changed this day")
	fields := formOf(t, doc)
	if fields.Get("primary") != "Bo Chen" || fields.Get("note") != "mine" {
		t.Errorf("what was typed: got %q, %q, want Bo Chen, mine", fields.Get("primary"), fields.Get("note"))
	}
	if fields.Get("change") == second.Get("change") {
		t.Error("the form came back with the change id of the refused edit, want a fresh one")
	}
	doc = s.htmx(t, "PUT", day+inView, fields.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "tr td:nth-of-type(1)", "Bo Chen")

	same := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
	same.Set("revision", first.Get("change"))
	s.htmx(t, "PUT", day+inView, same.Encode()).want(http.StatusOK)
}

func TestClearAndUndo(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1"+day, `{"assignments":{"primary":"Ana Ruiz"},"note":"n"}`).want(http.StatusOK)
	fields := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
	doc := s.htmx(t, "DELETE", day+inView+"&"+fields.Encode(), "").want(http.StatusOK).html()
	wantText(t, doc, "tr td:nth-of-type(1)", "nobody")
	wantText(t, doc, "tr button", "Undo")
	wantText(t, doc, "#gaps", "70 gaps")
	undo := formOf(t, doc)
	doc = s.htmx(t, "PUT", day+inView, undo.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "tr td:nth-of-type(1)", "Ana Ruiz")
	wantText(t, doc, "tr td:nth-of-type(3)", "n")
	if h := s.history(t); len(h) != 6 || h[0].Why != "undo" || h[2].Why != "edit" {
		t.Errorf("the history: got %+v, want 2 changes each of edit, clear and undo", h)
	}
	s.htmx(t, "DELETE", day+inView+"&revision="+undo.Get("revision"), "").want(http.StatusConflict)
	s.htmx(t, "DELETE", "/teams/ops/days/2027-01-01", "").want(http.StatusOK)
}

func TestWithoutJavaScript(t *testing.T) {
	s := newSite(t)
	page := s.send(t, "GET", "/teams/ops"+inView+"&edit=2026-11-24", "").want(http.StatusOK).html()
	fields := formOf(t, page.Find("tr#day-2026-11-24"))
	fields.Set("primary", strings.Repeat("x", 81))
	page = s.send(t, "POST", day+inView, fields.Encode()).want(http.StatusUnprocessableEntity).html()
	if page.Find("main table tr").Length() != 36 {
		t.Errorf("after a refused form: got %d rows, want the whole page with 36", page.Find("main table tr").Length())
	}
	wantText(t, page, "tr#day-2026-11-24", "at most 80 fit")

	fields.Set("primary", "Ana Ruiz")
	res := s.send(t, "POST", day+inView, fields.Encode()).want(http.StatusSeeOther)
	if got := res.Header().Get("Location"); got != "/teams/ops?from=2026-11-23#day-2026-11-24" {
		t.Errorf("after saving: got sent to %q", got)
	}
	fields = formOf(t, s.send(t, "GET", "/teams/ops"+inView+"&edit=2026-11-24", "").html().Find("tr#day-2026-11-24"))
	fields.Set("clear", "1")
	res = s.send(t, "POST", day+inView, fields.Encode()).want(http.StatusSeeOther)
	page = s.send(t, "GET", locationOf(res), "").want(http.StatusOK).html()
	wantText(t, page, "tr#day-2026-11-24 button", "Undo")
	res = s.send(t, "POST", day+inView, formOf(t, page.Find("tr#day-2026-11-24")).Encode()).want(http.StatusSeeOther)
	page = s.send(t, "GET", locationOf(res), "").want(http.StatusOK).html()
	wantText(t, page, "tr#day-2026-11-24 td:nth-of-type(1)", "Ana Ruiz")
}

// What a form may not say gets 422 at its field, and nothing is written.
func TestRefusedFields(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Gone Away","active":false}`).want(http.StatusCreated)
	for _, c := range []struct{ field, value, message string }{
		{"primary", strings.Repeat("ñ", 81), "81 characters"},
		{"secondary", "\x01\x02", "control characters"},
		{"primary", "\u200b\u200b", "no visible character"},
		{"primary", "gone away", "not active"},
		{"note", strings.Repeat("n", 281), "at most 280"},
		{"note", "bell\x07", "control characters"},
		{"primary", "\xff\xfe", "UTF-8"},
	} {
		form := url.Values{"primary": {"New Person"}, "revision": {""}}
		form.Set(c.field, c.value)
		doc := s.htmx(t, "PUT", day+inView, form.Encode()).want(http.StatusUnprocessableEntity).html()
		id := "#" + c.field + "-2026-11-24"
		wantText(t, doc, id+"-says .error", c.message)
		if attr(doc, id, "aria-invalid") != "true" || attr(doc, id, "aria-describedby") != id[1:]+"-says" {
			t.Errorf("%s %q: the field is not marked as wrong", c.field, c.value)
		}
		if got := attr(doc, "[autofocus]", "name"); got != c.field {
			t.Errorf("%s %q: got the focus on %q, want the refused field", c.field, c.value, got)
		}
	}
	if got := len(s.history(t)); got != 0 {
		t.Errorf("the history after refused forms: got %d changes, want 0", got)
	}
	if got := s.send(t, "GET", "/api/v1/people", "").Body.String(); strings.Contains(got, "New Person") {
		t.Error("a refused form made a new person")
	}
}

func TestInactivePersonKeepsTheirDay(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1"+day, `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	// That is refused by now, but was not always: a store may have it so.
	s.send(t, "PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","active":false}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "active")
	ana, err := s.store.Person(t.Context(), "ana-ruiz")
	if err != nil {
		t.Fatal(err)
	}
	before := ana.Revision
	ana.Active, ana.Revision = false, "01ARZ3NDEKTSV4RRFFQ69G5FAW"
	if err := s.store.PutPerson(t.Context(), ana, before); err != nil {
		t.Fatal(err)
	}
	fields := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").html())
	fields.Set("note", "still hers")
	doc := s.htmx(t, "PUT", day+inView, fields.Encode()).want(http.StatusOK).html()
	wantText(t, doc, "tr td:nth-of-type(1)", "Ana Ruiz")
	s.send(t, "DELETE", "/api/v1/people/ana-ruiz", "").want(http.StatusNoContent)
	doc = s.htmx(t, "GET", day+inView, "").want(http.StatusOK).html()
	wantText(t, doc, "tr td:nth-of-type(1)", "nobody")
}

// locationOf is where an answer sends the browser, without the place on the page.
func locationOf(a answer) string {
	path, _, _ := strings.Cut(a.Header().Get("Location"), "#")
	return path
}
