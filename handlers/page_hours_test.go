package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// hoursForm is the form of the page of hours, as a browser would send it.
func hoursForm(t *testing.T, doc *goquery.Selection) url.Values {
	t.Helper()
	form := doc.Find("#hours-form")
	fields := formOf(t, form)
	form.Find("textarea").Each(func(_ int, field *goquery.Selection) { fields.Set(field.AttrOr("name", ""), field.Text()) })
	return fields
}

// A team is set up for day and night, filled, and read by the page alone.
func TestHoursPage(t *testing.T) {
	s := newSite(t)
	doc := s.send(t, "GET", "/teams/ops/hours", "").want(http.StatusOK).html()
	wantText(t, doc, "#week", "Some role is on duty at each hour of the week")
	doc = s.send(t, "GET", "/teams/ops/hours?start=day-night", "").want(http.StatusOK).html()
	wantText(t, doc, "#week .lane", "Day 08:00–20:00 Mon 08:00–20:00")
	form := hoursForm(t, doc)
	form.Set("roles.0.hours", "mon-fri 08:00-20:00\n")
	week := s.htmx(t, "POST", "/teams/ops/hours?preview=yes", form.Encode()).want(http.StatusOK).html()
	wantText(t, week, ".covers", "No role is on duty in 24 of 168 hours of the week: Sat 08:00–20:00, Sun 08:00–20:00.")
	if week.Find("html, form").Length() > 0 && week.Find("#hours-form").Length() > 0 {
		t.Error("the preview: got the whole page, want the week")
	}
	s.send(t, "POST", "/teams/ops/hours", form.Encode()).want(http.StatusSeeOther)
	s.send(t, "POST", "/teams/ops/hours", form.Encode()).want(http.StatusConflict) // now it is stale
	doc = s.send(t, "GET", "/teams/ops/hours", "").want(http.StatusOK).html()
	if got := hoursForm(t, doc); got.Get("roles.0.name") != "Day" || got.Get("roles.0.hours") != "mon-fri 08:00-20:00" || got.Get("roles.1.id") != "secondary" {
		t.Errorf("after the save: got %v", got)
	}
	wantText(t, doc, "tbody tr:nth-of-type(2)", "NightTuesday 24 November 202620:00–08:00")

	for day, who := range map[string]string{
		"2026-11-24": `"primary":"Ana Ruiz","secondary":"Bo Chen"`, "2026-11-25": `"primary":"Cleo Diaz"`, "2026-11-27": `"secondary":"Bo Chen"`,
	} {
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+day, `{"assignments":{`+who+`}}`).want(http.StatusOK)
	}
	s.set(time.Date(2026, 11, 24, 21, 0, 0, 0, s.now().Location())) // Tuesday night in Berlin
	doc = s.send(t, "GET", "/teams/ops", "").want(http.StatusOK).html()
	wantText(t, doc, "#oncall .first", "On call now: Bo Chen (Night) until tomorrow 08:00, then Cleo Diaz")
	wantText(t, doc, "#oncall", "Day: off duty until tomorrow 08:00, then Cleo Diaz")
	wantText(t, doc, "#oncall", "Times are in Europe/Berlin (CET, UTC+1).")
	wantText(t, doc, ".coming .covers", "Nobody is on call in 25 of these hours: from Wed 20:00.")
	wantText(t, doc, "th[data-field=primary]", "Mon–Fri 08:00–20:00")
	wantText(t, doc, "#day-2026-11-24 td:nth-of-type(2)", "Bo Chen now")
	wantText(t, doc, "#day-2026-11-28 td:nth-of-type(1)", "off duty")
	wantText(t, s.send(t, "GET", "/teams/ops/grid", "").want(http.StatusOK).html(), `[id="seat-2026-11-28-primary"]`, "off duty")
}

// What cannot be read is said at its field, by the page and by the preview; nothing changes.
func TestHoursRefused(t *testing.T) {
	s := newSite(t)
	whole := hoursForm(t, s.send(t, "GET", "/teams/ops/hours?start=sun", "").want(http.StatusOK).html())
	for _, tc := range []struct{ field, value, says string }{
		{"roles.0.hours", "someday 08:00-20:00", "is not a span of hours"},
		{"roles.0.hours", "mon 08:00-20:00\nmon 19:00-21:00", "overlap"},
		{"roles.1.zone", "Mars/Olympus", "is not a known time zone"},
		{"roles.1.name", "", "name"},
		{"roles.0.id", "nobodys", "no longer has this role"},
		{"from", "2026-11-01", "never rewrites the past"},
		{"from", "soon", "not a date"},
	} {
		form, err := url.ParseQuery(whole.Encode())
		if err != nil {
			t.Fatal(err)
		}
		form.Set(tc.field, tc.value)
		doc := s.send(t, "POST", "/teams/ops/hours", form.Encode()).want(http.StatusUnprocessableEntity).html()
		wantText(t, doc, ".error", tc.says)
		if got := hoursForm(t, doc).Get(tc.field); got != strings.ReplaceAll(tc.value, "\r", "") {
			t.Errorf("%s: got %q back, want what was typed, %q", tc.field, got, tc.value)
		}
		wantText(t, s.htmx(t, "POST", "/teams/ops/hours?preview=yes", form.Encode()).want(http.StatusUnprocessableEntity).html(), "#week", tc.says)
	}
	s.send(t, "GET", "/teams/ops/hours?start=never", "").want(http.StatusBadRequest)
	if doc := s.send(t, "GET", "/teams/ops/hours", "").html(); doc.Find("table").Length() > 0 {
		t.Error("after refused forms: the team has hours")
	}
}

// Each starting point makes a team that can be saved as it is offered, and follows the sun
// without a hole in each week of the year, whichever day of the week it begins on.
func TestHoursStarts(t *testing.T) {
	for _, start := range []string{"whole-day", "day-night", "sun", "business"} {
		s := newSite(t)
		form := hoursForm(t, s.send(t, "GET", "/teams/ops/hours?start="+start, "").want(http.StatusOK).html())
		for week := range 52 {
			if start != "sun" {
				break
			}
			form.Set("from", s.now().AddDate(0, 0, 1+8*week).Format("2006-01-02"))
			wantText(t, s.htmx(t, "POST", "/teams/ops/hours?preview=yes", form.Encode()).want(http.StatusOK).html(), "#week .covers", "Some role is on duty")
		}
		form.Set("from", "2026-11-24")
		s.send(t, "POST", "/teams/ops/hours", form.Encode()).want(http.StatusSeeOther)
	}
}
