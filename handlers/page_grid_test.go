package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
)

const grid = "/teams/ops/grid?month=2026-12"

func seatID(date string) string { return "#seat-" + date + "-primary" }

// who is who has primary on the days from–to of the grid, as one line.
func who(t testing.TB, s *site, from, to string) string {
	t.Helper()
	var list struct{ Days []apiDayJSON }
	s.send(t, "GET", "/api/v1/teams/ops/days?from="+from+"&to="+to, "").want(http.StatusOK).json(&list)
	var names []string
	for _, d := range list.Days {
		if p := d.Assignments["primary"]; p != nil {
			names = append(names, p.Name)
		} else {
			names = append(names, ".")
		}
	}
	return strings.Join(names, " ")
}

// setForm is the grid's form, filled in.
func setForm(t *testing.T, s *site, from, to, name string) url.Values {
	t.Helper()
	form := formOf(t, s.send(t, "GET", grid, "").want(http.StatusOK).html().Find("form#set"))
	form.Set("from", from)
	form.Set("to", to)
	form.Set("name", name)
	return form
}

// seen is what the grid's script states of the days.
func seen(doc *goquery.Selection) string {
	var parts []string
	for _, day := range doc.Find("[data-revision]").EachIter() {
		id, _ := day.Attr("id")
		revision, _ := day.Attr("data-revision")
		parts = append(parts, strings.TrimPrefix(id, "day-")+"="+revision)
	}
	return strings.Join(parts, " ")
}

func TestGridPage(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","holidays":[{"date":"2026-12-25","name":"Christmas"}]}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-12-01", `{"assignments":{"primary":"Ana Ruiz"},"note":"bring cake"}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-24", `{"assignments":{"secondary":"Ana Ruiz"}}`).want(http.StatusOK)
	doc := s.send(t, "GET", grid, "").want(http.StatusOK).html()
	if got := doc.Find(".grid tbody").Length(); got != 5 {
		t.Errorf("December 2026: got %d weeks, want 5, from 30 November to 3 January", got)
	}
	if got := doc.Find(".grid .seat").Length(); got != 5*7*2 {
		t.Errorf("the seats: got %d, want 70", got)
	}
	wantText(t, doc, "#day-2026-12-25.holiday", "Christmas")
	wantText(t, doc, "#day-2026-12-01 .note", "bring cake")
	wantText(t, doc, "#gaps", "69 gaps in view")
	if !doc.Find("#day-2026-12-05").HasClass("weekend") || !doc.Find("#day-2026-11-30").HasClass("outside") || doc.Find("#day-2026-12-01").HasClass("outside") {
		t.Error("a Saturday, and 30 November in December's grid: want them marked")
	}
	ana := doc.Find(seatID("2026-12-01"))
	wantText(t, ana, ".who", "Ana Ruiz")
	if got := attr(doc, seatID("2026-12-01"), "aria-label"); got != "Tuesday 1 December 2026, Primary: Ana Ruiz" {
		t.Errorf("a seat's label: got %q, want its day, role and person", got)
	}
	if !doc.Find(seatID("2026-12-02") + " .who").HasClass("gap") {
		t.Error("a seat that nobody has: want it marked as a gap")
	}
	edit, _, _ := strings.Cut(attr(doc, seatID("2026-12-01")+" a", "href"), "#")
	wantText(t, s.send(t, "GET", edit, "").want(http.StatusOK).html(), "#day-2026-12-01.editing", "Save")

	november := s.send(t, "GET", "/teams/ops/grid", "").want(http.StatusOK).html()
	wantText(t, november, "h2", "23 Nov to 27 Dec 2026")
	wantText(t, november, ".grid [aria-current=date]", "Mon 23 November 2026, edit today now")
	here, there := attr(november, "#seat-2026-11-24-secondary .who", "class"), attr(ana, ".who", "class")
	if here != there || !strings.Contains(here, "colour-") {
		t.Errorf("one person's colours: got %q and %q, want the same in each month and role", here, there)
	}
	if got := attr(november, "#earlier", "href"); got != "/teams/ops/grid?month=2026-11" {
		t.Errorf("the month before: got %q", got)
	}
	if got := attr(s.send(t, "GET", "/teams/ops", "").html(), ".switch a:last-child", "href"); got != "/teams/ops/grid" {
		t.Errorf("from the table to the grid: got %q", got)
	}
	fragment := s.htmx(t, "GET", "/teams/ops/grid/table?month=2026-12", "").want(http.StatusOK).html()
	if fragment.Find("body > table#month").Length() != 1 || fragment.Find("form").Length() != 0 {
		t.Errorf("the table alone: got %s", text(fragment, "body"))
	}
	if got := s.htmx(t, "GET", grid, "").want(http.StatusOK).html().Find("body > section#grid").Length(); got != 1 {
		t.Errorf("asked by htmx: got %d regions, want the region alone", got)
	}
	for path, status := range map[string]int{
		"/teams/ops/grid?month=2026-13": 400, "/teams/ops/grid?month=x": 400, "/teams/ops/grid/table?month=1970-01": 400,
		"/teams/ops/grid?month=9999-12": 400, "/teams/ops/grid?done=x": 400, "/teams/none/grid": 404,
	} {
		s.send(t, "GET", path, "").want(status)
	}
}

// A range is set by the form alone, sent twice, and taken back from the page that follows.
func TestGridRangeAndUndo(t *testing.T) {
	s := newSite(t)
	form := setForm(t, s, "2026-11-30", "2026-12-02", "Ana Ruiz")
	var doc *goquery.Selection
	for range 2 {
		next := s.send(t, "POST", grid, form.Encode()).want(http.StatusSeeOther).Header().Get("Location")
		doc = s.send(t, "GET", next, "").want(http.StatusOK).html()
		wantText(t, doc, ".done", "The days are set.")
	}
	if got := who(t, s, "2026-11-29", "2026-12-03"); got != ". Ana Ruiz Ana Ruiz Ana Ruiz ." {
		t.Errorf("after the save: got %s", got)
	}
	if h := s.history(t); len(h) != 3 {
		t.Errorf("the history: got %d changes, want 3", len(h))
	}
	undo := formOf(t, doc.Find("form.undo"))
	next := s.send(t, "POST", "/teams/ops/undo", undo.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	wantText(t, s.send(t, "GET", next, "").want(http.StatusOK).html(), ".done", "The change is undone.")
	if got := who(t, s, "2026-11-29", "2026-12-03"); got != ". . . . ." {
		t.Errorf("after the undo: got %s", got)
	}

	res := s.htmx(t, "POST", grid, setForm(t, s, "2026-12-01", "2026-12-02", "ana RUIZ").Encode()).want(http.StatusOK).html()
	wantText(t, res, "#grid-work .done", "Ana Ruiz has 2 days, Tue 1 Dec to Wed 2 Dec.")
	wantText(t, res, "#status[hx-swap-oob]", "Ana Ruiz has 2 days")
	wantText(t, res, "#gaps[hx-swap-oob]", "68 gaps")
	res = s.htmx(t, "POST", grid, setForm(t, s, "2026-12-01", "2026-12-02", "Ana Ruiz").Encode()).want(http.StatusOK).html()
	wantText(t, res, ".done", "Nothing changed")
	if res.Find(".done form").Length() != 0 {
		t.Error("after nothing changed: got an Undo, want none")
	}
}

// A save that was cut off between two months goes on when it is sent again, with the same
// group.
func TestGridResumes(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/people", "name=Ana+Ruiz").want(http.StatusSeeOther)
	form := setForm(t, s, "2026-11-29", "2026-12-02", "Ana Ruiz")
	doc := s.send(t, "GET", grid, "").html()
	form.Set("seen", seen(doc))
	// The first month, as the process that died has saved it.
	var asked []planning.Assignment
	for d := must(roster.ParseDate("2026-11-29")); d.Before(must(roster.ParseDate("2026-12-03"))); d = d.AddDays(1) {
		a := planning.Assignment{Seat: roster.Seat{Date: d, Role: "primary"}, Person: "ana-ruiz"}
		if d != must(roster.ParseDate("2026-11-29")) { // which is not in view
			a.BasedOn = new(roster.Revision)
		}
		asked = append(asked, a)
	}
	plan := planning.Assign(planning.AssignInput{Assignments: asked, Days: func(d roster.Date) roster.Day { return roster.Day{Date: d} }, Careful: true, Why: roster.WhyEdit},
		roster.Act{Group: must(roster.ParseChangeID(form.Get("group"))), Actor: roster.Actor{Name: "page"}, Time: s.now()})
	if _, err := s.store.Save(t.Context(), "ops", plan[0].Edit); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.send(t, "POST", grid, form.Encode()).want(http.StatusSeeOther)
	}
	if got := who(t, s, "2026-11-28", "2026-12-03"); got != ". Ana Ruiz Ana Ruiz Ana Ruiz Ana Ruiz ." {
		t.Errorf("after it went on: got %s", got)
	}
	if h := s.history(t); len(h) != 4 {
		t.Errorf("the history: got %d changes, want 4", len(h))
	}
	s.send(t, "POST", "/teams/ops/undo", "change="+form.Get("group")).want(http.StatusSeeOther)
	if got := who(t, s, "2026-11-28", "2026-12-03"); got != ". . . . . ." {
		t.Errorf("after the undo: got %s", got)
	}
}

// Days that somebody changed since, or has already, are shown with who is there, and
// nothing is saved; then mine are, or only the others.
func TestGridConflict(t *testing.T) {
	for _, way := range []struct {
		name, button string
		seen         bool
		message      string
		want         string
	}{
		{"mine, seen", "Save mine", true, "Someone else changed these days while you were editing", "Ana Ruiz Ana Ruiz Ana Ruiz"},
		{"the rest, seen", "Keep theirs", true, "Someone else changed these days while you were editing", "Ana Ruiz Bo Ana Ruiz"},
		{"mine, unseen", "Save mine", false, "Someone already has these days", "Ana Ruiz Ana Ruiz Ana Ruiz"},
		{"the rest, unseen", "Keep theirs", false, "Someone already has these days", "Ana Ruiz Bo Ana Ruiz"},
	} {
		t.Run(way.name, func(t *testing.T) {
			s := newSite(t)
			form := setForm(t, s, "2026-11-30", "2026-12-02", "Ana Ruiz")
			if way.seen {
				form.Set("seen", seen(s.send(t, "GET", grid, "").html()))
			}
			s.send(t, "PUT", "/api/v1/teams/ops/days/2026-12-01", `{"assignments":{"primary":"Bo"}}`).want(http.StatusOK)
			doc := s.send(t, "POST", grid, form.Encode()).want(http.StatusConflict).html()
			wantText(t, doc, ".stale h3", way.message)
			wantText(t, doc, ".stale li", "Tue 1 Dec, Primary: Bo now, yours is Ana Ruiz")
			wantText(t, doc, seatID("2026-12-01"), "Bo yours: Ana Ruiz")
			if got := attr(doc, "#set-name", "value"); got != "Ana Ruiz" {
				t.Errorf("the typed name: got %q, want it kept", got)
			}
			if got := who(t, s, "2026-11-30", "2026-12-02"); got != ". Bo ." {
				t.Fatalf("after the refusal: got %s, want nothing saved", got)
			}
			button := doc.Find(fmt.Sprintf(".ways button:contains(%q)", way.button))
			s.send(t, "POST", grid, formOf(t, button.Closest("form")).Encode()).want(http.StatusSeeOther)
			if got := who(t, s, "2026-11-30", "2026-12-02"); got != way.want {
				t.Errorf("after it: got %s, want %s", got, way.want)
			}
		})
	}
}

func TestGridRefused(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Gone","active":false}`).want(http.StatusCreated)
	people := len(peopleOf(t, s))
	for _, bad := range []struct{ field, value, message string }{
		{"role", "none", "no such role"},
		{"from", "2026-02-30", "not a date"},
		{"to", "2026-11-30", "before the first"},
		{"to", "2027-12-02", "at most 366 days"},
		{"to", "", "not a date"},
		{"name", " ", "give a name, or set nobody"},
		{"name", strings.Repeat("x", 81), "at most 80"},
		{"name", "gone", "Gone is not active"},
	} {
		form := setForm(t, s, "2026-12-01", "2026-12-02", "New Person")
		form.Set(bad.field, bad.value)
		doc := s.send(t, "POST", grid, form.Encode()).want(http.StatusUnprocessableEntity).html()
		wantText(t, doc, "#set-"+bad.field+"-says", bad.message)
	}
	for field, value := range map[string]string{"group": "x", "seen": "2026-12-01=x"} {
		form := setForm(t, s, "2026-12-01", "2026-12-02", "New Person")
		form.Set(field, value)
		s.send(t, "POST", grid, form.Encode()).want(http.StatusBadRequest)
	}
	if got := len(peopleOf(t, s)); got != people {
		t.Errorf("after the refusals: got %d people, want %d as before", got, people)
	}
	if h := s.history(t); len(h) != 0 {
		t.Errorf("after the refusals: got %d changes, want none", len(h))
	}
	form := setForm(t, s, "2026-12-01", "2026-12-02", "")
	form.Set("nobody", "yes")
	s.send(t, "POST", grid, form.Encode()).want(http.StatusSeeOther)
}

func peopleOf(t testing.TB, s *site) []roster.Person {
	t.Helper()
	people, err := s.store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// A pasted column or row fills the days that start at the chosen one. Each line that names
// nobody is refused with its reason, and then nothing is saved.
func TestGridPaste(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"Ana Ruiz", "Bo"} {
		s.send(t, "POST", "/people", "name="+url.QueryEscape(name)).want(http.StatusSeeOther)
	}
	s.send(t, "POST", "/api/v1/people", `{"name":"Gone","active":false}`).want(http.StatusCreated)
	form := formOf(t, s.send(t, "GET", grid, "").want(http.StatusOK).html().Find("form#paste"))
	form.Set("from", "2026-11-30")
	for text, messages := range map[string][]string{
		"Ana Ruiz\nCleo\nBo\nGone\nDora\n": {`line 2, Tue 1 Dec: nobody is called "Cleo"`, "line 4, Thu 3 Dec: Gone is not active", `line 5, Fri 4 Dec: nobody is called "Dora"`},
		"Ana Ruiz\tBo\nBo\tAna Ruiz":       {"one column or one row"},
		" \n\n":                            {"at least one name"},
		strings.Repeat("Bo\n", 367):        {"at most 366 days"},
	} {
		form.Set("names", text)
		doc := s.send(t, "POST", grid, form.Encode()).want(http.StatusUnprocessableEntity).html()
		for _, message := range messages {
			wantText(t, doc, "#paste-names-says", message)
		}
		if got := strings.TrimSpace(doc.Find("#paste-names").Text()); got != strings.TrimSpace(text) {
			t.Errorf("the pasted text: got %q, want it kept: %q", got, text)
		}
	}
	if h := s.history(t); len(h) != 0 || len(peopleOf(t, s)) != 3 {
		t.Errorf("after the refusals: got %d changes and %d people, want none and 3", len(h), len(peopleOf(t, s)))
	}
	form.Set("names", "ANA  RUIZ\r\n\r\nbo\r\nAna Ruiz\r\n\r\n")
	s.send(t, "POST", grid, form.Encode()).want(http.StatusSeeOther)
	if got := who(t, s, "2026-11-30", "2026-12-04"); got != "Ana Ruiz . Bo Ana Ruiz ." {
		t.Errorf("after a column: got %s", got)
	}
	for _, c := range s.history(t) {
		if c.Why != "import" {
			t.Errorf("why: got %s, want import", c.Why)
		}
	}
	form = formOf(t, s.send(t, "GET", grid, "").html().Find("form#paste"))
	form.Set("from", "2026-12-07")
	form.Set("names", "Bo\tAna Ruiz\t\tBo")
	s.send(t, "POST", grid, form.Encode()).want(http.StatusSeeOther)
	if got := who(t, s, "2026-12-07", "2026-12-11"); got != "Bo Ana Ruiz . Bo ." {
		t.Errorf("after a row: got %s", got)
	}
}

// A list of seats by API is one group; a repeat is the same one.
func TestAssignByAPI(t *testing.T) {
	s := newSite(t)
	const list = "/api/v1/teams/ops/days"
	body := `{"days":[
		{"date":"2026-12-01","role":"primary","person":"Ana Ruiz","revision":""},
		{"date":"2026-11-30","role":"primary","person":"ana ruiz","revision":""},
		{"date":"2026-12-01","role":"secondary","person":"Bo"},
		{"date":"2026-12-02","role":"primary","person":null}]}`
	var got struct {
		Group string
		Days  []apiDayJSON
	}
	for range 2 {
		s.send(t, "POST", list, body, "Idempotency-Key", "k").want(http.StatusOK).json(&got)
	}
	if len(got.Days) != 3 || got.Days[0].Date != "2026-11-30" || got.Days[1].Assignments["secondary"].Name != "Bo" {
		t.Errorf("got %+v, want the three days in order", got)
	}
	var page struct {
		Changes []struct{ Group, Why, Actor string }
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes", "").json(&page)
	if len(page.Changes) != 3 {
		t.Errorf("the history: got %+v, want 3 changes", page.Changes)
	}
	for _, c := range page.Changes {
		if c.Group != got.Group || c.Why != "edit" || c.Actor != "api" {
			t.Errorf("a change: got %+v, want an edit by api in the group %s", c, got.Group)
		}
	}
	if people := peopleOf(t, s); len(people) != 2 {
		t.Errorf("the people: got %v, want Ana Ruiz and Bo", people)
	}

	stale := strings.ReplaceAll(body, `"Bo"`, `"Cleo"`) // and the days have changed since
	stale = strings.ReplaceAll(stale, `"ana ruiz"`, `"Cleo"`)
	s.send(t, "POST", list, stale, "Idempotency-Key", "k").wantProblem(http.StatusPreconditionFailed, "stale-revision", "days.1.revision")
	if got := who(t, s, "2026-11-30", "2026-12-02"); got != "Ana Ruiz Ana Ruiz ." {
		t.Errorf("after the refusal: got %s, want nothing changed", got)
	}
	s.send(t, "POST", list, `{"days":[{"date":"2026-12-01","role":"primary","person":{"id":"bo"}}]}`).want(http.StatusOK) // nothing stated: the last wins
	if got := who(t, s, "2026-11-30", "2026-12-02"); got != "Ana Ruiz Bo ." {
		t.Errorf("without a revision: got %s", got)
	}

	for body, field := range map[string]string{
		`{"days":[]}`: "days",
		`{"days":[{"date":"2026-02-30","role":"primary","person":null}]}`:                                                                    "days.0.date",
		`{"days":[{"date":"2026-12-01","role":"none","person":null}]}`:                                                                       "days.0.role",
		`{"days":[{"date":"2026-12-01","role":"primary"}]}`:                                                                                  "days.0.person",
		`{"days":[{"date":"2026-12-01","role":"primary","person":{"id":"none"}}]}`:                                                           "days.0.person",
		`{"days":[{"date":"2026-12-01","role":"primary","person":null},{"date":"2026-12-01","role":"primary","person":"Bo"}]}`:               "days.1",
		`{"days":[{"date":"2026-12-01","role":"primary","person":null},{"date":"2027-12-03","role":"primary","person":"Bo"}]}`:               "days.1.date",
		`{"days":[{"date":"2026-12-01","role":"primary","who":"Bo"}]}`:                                                                       "who",
		`{"days":[{"date":"2026-12-01","role":"primary","person":"New One"},{"date":"2026-12-02","role":"primary","person":{"id":"none"}}]}`: "days.1.person",
	} {
		s.send(t, "POST", list, body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	s.send(t, "POST", list, `{"days":`).wantProblem(http.StatusBadRequest, "bad-request", "")
	if people := peopleOf(t, s); len(people) != 3 {
		t.Errorf("the people after refusals: got %d, want 3", len(people))
	}
}

// must is for the constants of tests.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Today is marked by the team's own calendar, not by that of the server.
func TestGridToday(t *testing.T) {
	s := newSite(t)
	s.set(time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC)) // 00:30 in Berlin; the shift of the 30th goes on
	doc := s.send(t, "GET", "/teams/ops/grid", "").want(http.StatusOK).html()
	wantText(t, doc, "h2", "30 Nov to 3 Jan 2027")
	wantText(t, doc, "#day-2026-12-01", "today")
	wantText(t, doc, "#day-2026-11-30", "now")
}

// meddled is a real store in which something happens right before December is saved for
// the first time.
type meddled struct {
	store.Store
	before func() error
}

func (m *meddled) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	if before := m.before; before != nil && e.Month().Month == time.December {
		m.before = nil
		if err := before(); err != nil {
			return store.Saved{}, err
		}
	}
	return m.Store.Save(ctx, team, e)
}

// Where somebody is faster between two months, or the store fails there, the page says so;
// going on is the same group, and one Undo takes back both months.
func TestGridBetweenMonths(t *testing.T) {
	const put = "/api/v1/teams/ops/days/2026-12-01"
	for _, between := range []struct {
		name    string
		happens func(s *site) error
		status  int
		message string
		goOn    string // the form of the answer that goes on
	}{
		{"somebody is faster", func(s *site) error {
			s.send(t, "PUT", put, `{"assignments":{"primary":"Bo"}}`).want(http.StatusOK)
			return nil
		}, http.StatusConflict, "Saved so far: November 2026. The rest is not saved yet.", ".ways form:first-child"},
		{"the store fails", func(*site) error {
			return &store.UnavailableError{Err: context.DeadlineExceeded}
		}, http.StatusServiceUnavailable, "does not answer", "form#set"},
	} {
		t.Run(between.name, func(t *testing.T) {
			behind := &meddled{Store: newSite(t).store}
			s := siteOn(t, behind)
			form := setForm(t, s, "2026-11-30", "2026-12-01", "Ana Ruiz")
			form.Set("seen", seen(s.send(t, "GET", grid, "").html()))
			behind.before = func() error { return between.happens(s) }
			doc := s.send(t, "POST", grid, form.Encode()).want(between.status).html()
			wantText(t, doc, ".gridwork", between.message)
			if got := who(t, s, "2026-11-30", "2026-11-30"); got != "Ana Ruiz" {
				t.Errorf("the month before: got %s, want it saved", got)
			}
			s.send(t, "POST", grid, formOf(t, doc.Find(between.goOn)).Encode()).want(http.StatusSeeOther)
			if got := who(t, s, "2026-11-30", "2026-12-01"); got != "Ana Ruiz Ana Ruiz" {
				t.Errorf("after going on: got %s", got)
			}
			s.send(t, "POST", "/teams/ops/undo", "change="+form.Get("group")).want(http.StatusSeeOther)
			if got := who(t, s, "2026-11-30", "2026-12-01"); strings.Contains(got, "Ana") {
				t.Errorf("after the undo: got %s, want Ana on neither day", got)
			}
		})
	}

	behind := &meddled{Store: newSite(t).store}
	s := siteOn(t, behind)
	behind.before = func() error {
		s.send(t, "PUT", put, `{"assignments":{"primary":"Bo"}}`).want(http.StatusOK)
		return nil
	}
	body := `{"days":[{"date":"2026-11-30","role":"primary","person":"Ana Ruiz","revision":""},{"date":"2026-12-01","role":"primary","person":"Ana Ruiz","revision":""}]}`
	res := s.send(t, "POST", "/api/v1/teams/ops/days", body)
	res.wantProblem(http.StatusPreconditionFailed, "stale-revision", "days.1.revision")
	if !strings.Contains(res.Body.String(), "Saved are November 2026") {
		t.Errorf("by API: got %s, want it to say which month is saved", res.Body)
	}
}

// The past is set with a reason only, which its Undo repeats.
func TestGridPast(t *testing.T) {
	s := newSite(t)
	const month = "/teams/ops/grid?month=2026-11"
	form := setForm(t, s, "2026-11-21", "2026-11-24", "Ana Ruiz")
	doc := s.htmx(t, "POST", month, form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#set-why-says", "2026-11-21 is past; say why you change it")
	if h, people := s.history(t), peopleOf(t, s); len(h) != 0 || len(people) != 0 {
		t.Errorf("after the refusal: got %d changes and %d people, want none", len(h), len(people))
	}
	form.Set("why", "she stood in")
	doc = s.htmx(t, "POST", month, form.Encode()).want(http.StatusOK).html()
	undo := formOf(t, doc.Find("form.undo"))
	s.send(t, "POST", "/teams/ops/undo", undo.Encode()).want(http.StatusSeeOther)
	if got := who(t, s, "2026-11-21", "2026-11-24"); got != ". . . ." {
		t.Errorf("after the undo: got %s", got)
	}
	paste := url.Values{"role": {"primary"}, "from": {"2026-11-22"}, "names": {"Ana Ruiz"}}
	doc = s.send(t, "POST", month, paste.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#paste-why-says", "2026-11-22 is past")

	const list = "/api/v1/teams/ops/days"
	body := `{"days":[{"date":"2026-11-24","role":"primary","person":"Bo"},{"date":"2026-11-22","role":"primary","person":"Bo"}]`
	s.send(t, "POST", list, body+`}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	s.send(t, "POST", list, body+`,"why":"as it was"}`).want(http.StatusOK)
	var page struct{ Changes []struct{ Reason string } }
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=1", "").json(&page)
	if got := page.Changes[0].Reason; got != "as it was" {
		t.Errorf("the reason in the history: got %q, want %q", got, "as it was")
	}
}

// Weeks begin as the reader's language has them, in the grid, its parts and the rotations' form.
func TestWeekBeginsByLanguage(t *testing.T) {
	s := newSite(t)
	for accept, want := range map[string]string{
		"en-GB": "Mon Tue Wed Thu Fri Sat Sun, from day-2026-11-23",
		"en-US": "Sun Mon Tue Wed Thu Fri Sat, from day-2026-11-22",
		"de":    "Mo Di Mi Do Fr Sa So, from day-2026-11-23",
	} {
		doc := s.send(t, "GET", "/teams/ops/grid", "", "Accept-Language", accept).want(http.StatusOK).html()
		heads := doc.Find("table.grid thead th").Map(func(_ int, h *goquery.Selection) string { return strings.TrimSpace(h.Text()) })
		first := doc.Find("table.grid tbody tr.dates td").First().AttrOr("id", "")
		if got := strings.Join(heads[1:], " ") + ", from " + first; got != want {
			t.Errorf("the grid for %s: got %s, want %s", accept, got, want)
		}
		doc = s.send(t, "GET", "/teams/ops/rotations", "", "Accept-Language", accept).want(http.StatusOK).html()
		days := doc.Find("fieldset.weekday-row").First().Find("label").Map(func(_ int, l *goquery.Selection) string { return strings.TrimSpace(l.Text()) })
		if got, want := strings.Join(days, " "), strings.Split(want, ",")[0]; got != want {
			t.Errorf("the days of a rotation for %s: got %s, want %s", accept, got, want)
		}
	}
	doc := s.send(t, "GET", "/teams/ops/grid?month=2026-12", "", "Accept-Language", "en-US").want(http.StatusOK).html()
	if got, want := doc.Find("table.grid tbody tr.dates td").Last().AttrOr("id", ""), "day-2027-01-02"; got != want {
		t.Errorf("the last day of December's weeks: got %s, want %s", got, want)
	}
}
