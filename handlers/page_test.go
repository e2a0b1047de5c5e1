package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRosterPage(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-23", `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	for _, path := range []string{"/", "/teams/ops"} {
		res := s.send(t, "GET", path, "").want(http.StatusOK)
		doc := res.html()
		wantText(t, doc, "h1", "Ops")
		wantText(t, doc, "#oncall .first", "On call now: Ana Ruiz until tomorrow 09:00, then nobody")
		wantText(t, doc, "#gaps", "69 gaps in view")
		if got := doc.Find("#roster tbody tr").Length(); got != 35 {
			t.Errorf("%s: got %d days, want 35", path, got)
		}
		if got := attr(doc, `[aria-current="date"]`, "id"); got != "day-2026-11-23" {
			t.Errorf("%s: today is %q, want day-2026-11-23", path, got)
		}
		wantText(t, doc, "#foot", "Served by test-instance")
		wantText(t, doc, "#foot", "answering")
	}
}

// Before the hand-off it is yesterday's people who are on call, and the view begins
// with them.
func TestRosterPageBeforeHandOff(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-22", `{"assignments":{"primary":"Ana Ruiz"},"why":"late to write it down"}`).want(http.StatusOK)
	s.advance(-2 * time.Hour)
	doc := s.send(t, "GET", "/teams/ops", "").want(http.StatusOK).html()
	wantText(t, doc, "#oncall .first", "On call now: Ana Ruiz until today 09:00")
	wantText(t, doc, "#day-2026-11-22 th", "now")
	wantText(t, doc, "#day-2026-11-23 th", "today")
}

func TestRosterTableForHTMX(t *testing.T) {
	s := newSite(t)
	res := s.htmx(t, "GET", "/teams/ops?from=2027-02-26&days=5", "").want(http.StatusOK)
	if !strings.HasPrefix(res.Body.String(), `<section id="roster"`) {
		t.Errorf("the fragment begins with %.40q, want the region #roster", res.Body.String())
	}
	if !strings.Contains(strings.Join(res.Header().Values("Vary"), ","), "HX-Request") {
		t.Errorf("Vary: got %q, want HX-Request in it", res.Header().Values("Vary"))
	}
	wantText(t, res.html(), "#gaps", "10 gaps in view")
	whole := s.send(t, "GET", "/teams/ops?from=2027-02-26&days=5", "", "HX-Request", "true", "HX-History-Restore-Request", "true")
	if whole.html().Find("header").Length() != 1 {
		t.Error("a restore from the history: got a fragment, want the whole page")
	}
}

func TestTeamsAndSettings(t *testing.T) {
	s := newSite(t)
	bad := url.Values{"name": {""}, "zone": {"Mars/Olympus"}, "handOff": {"25:00"}, "roles": {" , "}}
	doc := s.send(t, "POST", "/teams", bad.Encode()).want(http.StatusUnprocessableEntity).html()
	for field, message := range map[string]string{"name": "empty", "zone": "time zone", "handOff": "09:00", "roles": "at least one role"} {
		wantText(t, doc, "#f-"+field+"-says .error", message)
	}
	if got := attr(doc, "#f-zone", "value"); got != "Mars/Olympus" {
		t.Errorf("the typed zone: got %q, want it kept", got)
	}
	made := url.Values{"name": {"Plattform Süd"}, "zone": {"America/New_York"}, "handOff": {"08:30"}, "roles": {"Lead, Backup"}}
	res := s.send(t, "POST", "/teams", made.Encode()).want(http.StatusSeeOther)
	if got := res.Header().Get("Location"); got != "/teams/plattform-sud" {
		t.Fatalf("the new team: got %q, want /teams/plattform-sud", got)
	}
	doc = s.send(t, "POST", "/teams", made.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-name-says .error", "already belongs to a team")
	doc = s.send(t, "GET", "/", "").want(http.StatusOK).html()
	wantText(t, doc, ".teams", "Plattform Süd")
	wantText(t, doc, ".teams", "Lead: nobody is planned")

	settings := "/teams/plattform-sud/settings"
	form := formOf(t, s.send(t, "GET", settings, "").want(http.StatusOK).html().Find("form.fields"))
	form.Set("handOff", "10:00")
	form.Set("from", "2026-11-22")
	doc = s.send(t, "POST", settings, form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-from-says .error", "never rewrites the past")
	form.Set("from", "2026-12-01")
	form.Set("roles", "Lead, Backup, Shadow")
	s.send(t, "POST", settings, form.Encode()).want(http.StatusSeeOther)
	doc = s.send(t, "GET", settings+"?saved", "").want(http.StatusOK).html()
	wantText(t, doc, ".notice", "Saved")
	wantText(t, doc, "table tr:last-child td:nth-of-type(1)", "Tuesday 1 December 2026")
	wantText(t, doc, "table tr:last-child td:nth-of-type(3)", "10:00")
	doc = s.send(t, "POST", settings, form.Encode()).want(http.StatusConflict).html()
	wantText(t, doc, ".error", "Someone else changed the settings")

	var shift struct{ Shift struct{ Start, End string } }
	s.send(t, "GET", "/api/v1/teams/plattform-sud/days/2026-11-30", "").want(http.StatusOK).json(&shift)
	if shift.Shift.Start != "2026-11-30T08:30:00-05:00" || shift.Shift.End != "2026-12-01T10:00:00-05:00" {
		t.Errorf("the shift across the change: got %+v, want 08:30 to 10:00", shift.Shift)
	}

	remove := url.Values{"revision": {"stale"}}
	s.send(t, "POST", "/teams/plattform-sud/remove", remove.Encode()).want(http.StatusConflict)
	doc = s.send(t, "GET", settings, "").html()
	s.send(t, "POST", "/teams/plattform-sud/remove", formOf(t, doc.Find("details")).Encode()).want(http.StatusSeeOther)
	s.send(t, "GET", "/teams/plattform-sud", "").want(http.StatusNotFound)
	doc = s.send(t, "POST", "/teams", made.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-name-says .error", "removed team")
}

func TestPeoplePages(t *testing.T) {
	s := newSite(t)
	bad := url.Values{"name": {"\x07"}, "zone": {"Nowhere"}}
	doc := s.send(t, "POST", "/people", bad.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-name-says .error", "control characters")
	wantText(t, doc, "#f-zone-says .error", "time zone")
	doc = s.send(t, "POST", "/people", url.Values{"name": {"Zoë"}, "email": {"not an address"}, "phone": {"call me"}}.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-email-says .error", "not an email address")
	wantText(t, doc, "#f-phone-says .error", "not a phone number")

	good := url.Values{"name": {"Zoë <b>Ång</b>"}, "email": {"zoe@example.org"}, "phone": {"+46 8 123 456"}, "zone": {"Europe/Stockholm"}}
	res := s.send(t, "POST", "/people", good.Encode()).want(http.StatusSeeOther)
	page, _, _ := strings.Cut(res.Header().Get("Location"), "?")
	doc = s.send(t, "GET", page, "").want(http.StatusOK).html()
	wantText(t, doc, "h1", "Zoë <b>Ång</b>")
	form := formOf(t, doc.Find("form.fields"))
	if form.Get("email") != "zoe@example.org" || form.Get("zone") != "Europe/Stockholm" {
		t.Errorf("the form: got %v, want what was entered", form)
	}
	form.Set("phone", "112")
	s.send(t, "POST", page, form.Encode()).want(http.StatusSeeOther)
	doc = s.send(t, "POST", page, form.Encode()).want(http.StatusConflict).html()
	wantText(t, doc, ".error", "Someone else changed this person")
	doc = s.send(t, "GET", "/people", "").want(http.StatusOK).html()
	wantText(t, doc, "table td:nth-of-type(2)", "112")
	wantText(t, doc, "table td:nth-of-type(4)", "yes")
	s.send(t, "POST", page+"/remove", formOf(t, s.send(t, "GET", page, "").html().Find("details")).Encode()).want(http.StatusSeeOther)
	s.send(t, "GET", page, "").want(http.StatusNotFound)
	back := s.send(t, "POST", "/people", good.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	if back != page+"?saved" {
		t.Errorf("the same name again: got %q, want the removed person back at %q", back, page)
	}
}

func TestHistoryPage(t *testing.T) {
	s := newSite(t)
	wantText(t, s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html(), "main", "There are no changes yet")
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"},"note":"<i>n</i>"}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"Bo Chen"}}`).want(http.StatusOK)
	s.send(t, "DELETE", apiDay, "").want(http.StatusOK)
	doc := s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html()
	if got := doc.Find("tbody tr").Length(); got != 5 {
		t.Errorf("the history: got %d changes, want 5", got)
	}
	first := ".acts > li:first-of-type "
	wantText(t, doc, first+".did", "changed 2 entries, Tue 24 Nov")
	wantText(t, doc, first+"tr:first-of-type td:nth-of-type(3)", "<i>n</i>")
	wantText(t, doc, first+"tr:first-of-type td:nth-of-type(4)", "nothing")
	wantText(t, doc, first+"tr:nth-of-type(2) td:nth-of-type(3)", "Ana Ruiz")
	wantText(t, doc, first+"tr:nth-of-type(2) td:nth-of-type(4)", "nobody")
	wantText(t, doc, first+"time", "23 Nov 2026 10:00")
	wantText(t, doc, ".acts > li:nth-of-type(2) .did", "set Bo Chen as Primary on Wed 25 Nov")
	doc = s.send(t, "GET", "/teams/ops/history?date=2026-11-24&limit=3", "").want(http.StatusOK).html()
	if got := attr(doc, "[name=from]", "value"); got != "2026-11-24" {
		t.Errorf("the history of a day: got the filter from %q, want the day", got)
	}
	older := attr(doc, "main > p:last-of-type a", "href")
	doc = s.send(t, "GET", older, "").want(http.StatusOK).html()
	if got := doc.Find("tbody tr").Length(); got != 1 {
		t.Errorf("the older changes at %s: got %d, want 1", older, got)
	}
	s.send(t, "GET", "/teams/ops/history?date=2026-02-30", "").want(http.StatusBadRequest)
	s.send(t, "GET", "/teams/ops/history?cursor=zz", "").want(http.StatusBadRequest)
}

// A role that a rotation fills cannot go from under it; the settings page says so where
// the roles are typed, as it does of a role that no team can have.
func TestSettingsRolesRefused(t *testing.T) {
	s := newSite(t)
	form := weekdayRotation("Ana Ruiz")
	form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
	for roles, message := range map[string]string{"Secondary": `Weekdays fills the role "primary"`, "Primary, Note": "the day's form uses it"} {
		settings := formOf(t, s.send(t, "GET", "/teams/ops/settings", "").want(http.StatusOK).html().Find(`form[action$="/settings"]`))
		settings.Set("roles", roles)
		doc := s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusUnprocessableEntity).html()
		wantText(t, doc, "#f-roles-says .error", message)
	}
}
