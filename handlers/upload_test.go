package handlers_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// upload sends a file as the form of a page does.
func (s *site) upload(t *testing.T, path, field string, file []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, "calendar.ics")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = form.Close()
	return s.send(t, "POST", path, body.String(), "Content-Type", form.FormDataContentType())
}

func calendar(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "intake", "ical", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ticked is what a preview's form sends, as it is shown.
func ticked(doc *goquery.Selection) url.Values {
	fields := url.Values{}
	doc.Find(".preview input[checked]").Each(func(_ int, box *goquery.Selection) {
		value, _ := box.Attr("value")
		fields.Add("take", value)
	})
	return fields
}

// wantRows checks what the rows of a table say.
func wantRows(t *testing.T, doc *goquery.Selection, table string, want ...string) {
	t.Helper()
	got := doc.Find(table + " tbody tr").Map(func(_ int, row *goquery.Selection) string {
		return strings.Join(strings.Fields(cells(row, "td")), " ")
	})
	if !slices.Equal(got, want) {
		t.Errorf("the rows of %s: got %q, want %q", table, got, want)
	}
}

// Holidays are previewed, kept, shown, counted, and removed.
func TestHolidaysFromFile(t *testing.T) {
	s := newSite(t)
	const page = "/teams/ops/holidays"
	wantText(t, s.send(t, "GET", page, "").want(http.StatusOK).html(), "#known + p", "No holidays are known yet")
	preview := s.upload(t, page, "file", calendar(t, "google-holidays.ics")).want(http.StatusOK).html()
	wantRows(t, preview, ".preview", "Fri 25 Dec 2026 Christmas Day", "Sat 26 Dec 2026 Second Day of Christmas, and Saint Stephen")
	wantText(t, preview, ".preview", "1 event is over already")
	wantText(t, preview, "#known + p", "No holidays are known yet")
	fields := ticked(preview)
	if len(fields["take"]) != 2 {
		t.Fatalf("boxes: got %v, want two, ticked", fields)
	}
	for range 2 { // sent twice, it is kept once
		s.send(t, "POST", page, fields.Encode()).want(http.StatusSeeOther)
	}
	doc := s.send(t, "GET", page+"?saved", "").want(http.StatusOK).html()
	if got := doc.Find("#known + form tbody tr").Length(); got != 2 {
		t.Errorf("holidays: got %d, want 2", got)
	}
	wantText(t, s.send(t, "GET", "/teams/ops?from=2026-12-21&days=7", "").html(), "#day-2026-12-25 th .holiday", "Christmas Day")
	again := s.upload(t, page, "file", calendar(t, "google-holidays.ics")).want(http.StatusOK).html()
	wantText(t, again, ".preview", "All of this is there already")

	s.send(t, "POST", page+"/remove", "take="+url.QueryEscape(attr(doc, "#known-0", "value"))).want(http.StatusSeeOther)
	doc = s.send(t, "GET", page, "").html()
	wantRows(t, doc, "#known + form", "Saturday 26 December 2026 Second Day of Christmas, and Saint Stephen")
	s.send(t, "POST", page+"/remove", "").want(http.StatusSeeOther)
}

func TestUploadRefused(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz"}`).want(http.StatusCreated)
	for _, page := range []string{"/teams/ops/holidays", "/people/ana-ruiz/calendar"} {
		for file, message := range map[string]string{
			"":                              "line 1: the file is empty",
			"%PDF-1.7":                      "line 1: BEGIN:VCALENDAR is expected here",
			"BEGIN:VCALENDAR\nBEGIN:VEVENT": "line 2: the file ends before END:VEVENT",
		} {
			doc := s.upload(t, page, "file", []byte(file)).want(http.StatusUnprocessableEntity).html()
			wantText(t, doc, "#f-file-says .error", message)
		}
		wantText(t, s.upload(t, page, "another", []byte("x")).want(http.StatusUnprocessableEntity).html(), "#f-file-says .error", "Choose a file")
		wantText(t, s.send(t, "POST", page, "x=y").want(http.StatusUnprocessableEntity).html(), "#f-file-says .error", "Nothing was ticked")
		s.send(t, "POST", page, "take=nonsense").want(http.StatusBadRequest)
		s.send(t, "POST", page, "take=%7B%7D").want(http.StatusUnprocessableEntity) // {}: no date
		s.send(t, "POST", page, "--x", "Content-Type", "multipart/form-data; boundary=x").want(http.StatusBadRequest)
		s.upload(t, page, "file", bytes.Repeat([]byte("x"), 1<<20)).want(http.StatusRequestEntityTooLarge)
		s.send(t, "POST", page, "take="+strings.Repeat("x", 1<<20)).want(http.StatusRequestEntityTooLarge)
	}
	for _, path := range []string{"/api/v1/teams/ops/holidays", "/api/v1/people/ana-ruiz/absences"} {
		s.send(t, "PUT", path, "{not a calendar").wantProblem(http.StatusUnprocessableEntity, "invalid", "file")
		s.send(t, "PUT", path, "["+strings.Repeat("x", 1<<20)).wantProblem(http.StatusRequestEntityTooLarge, "too-large", "")
		s.send(t, "PUT", path, string(calendar(t, "google-holidays.ics")), "If-Match", `"01ARZ3NDEKTSV4RRFFQ69G5FAA"`).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	}
	s.send(t, "GET", "/people/nobody/calendar", "").want(http.StatusNotFound)
	s.send(t, "PUT", "/api/v1/teams/nobody/holidays", "{").wantProblem(http.StatusNotFound, "not-found", "")
	var kept struct{ Holidays, Absences []any }
	s.send(t, "GET", "/api/v1/teams/ops/holidays", "").want(http.StatusOK).json(&kept)
	s.send(t, "GET", "/api/v1/people/ana-ruiz/absences", "").want(http.StatusOK).json(&kept)
	if len(kept.Holidays)+len(kept.Absences) != 0 {
		t.Errorf("after refused files: got %+v kept, want nothing", kept)
	}
}

// Absences are previewed, kept once however often the file comes, and moved when their
// event moves.
func TestAbsencesFromFile(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","zone":"Europe/Berlin","absences":[{"from":"2026-12-09","to":"2026-12-10","note":"by hand"}]}`).want(http.StatusCreated)
	const page = "/people/ana-ruiz/calendar"
	wantText(t, s.send(t, "GET", page, "").want(http.StatusOK).html(), "main", "in Ana Ruiz’s zone, Europe/Berlin")
	file := calendar(t, "outlook-absences.ics")
	doc := s.upload(t, page, "file", file).want(http.StatusOK).html()
	wantRows(t, doc, ".preview", "Mon 30 Nov 2026 Training", "Mon 7 Dec 2026 Mondays off", "Mon 14 Dec 2026 Mondays off", "Thu 24 Dec 2026 to Sun 3 Jan 2027 Urlaub")
	wantText(t, doc, ".remarks", "Dentist (line 45): It takes 45 minutes; from 4 hours on it is an absence.")
	wantText(t, doc, ".remarks", "Moved away (line 70): It is cancelled.")
	s.send(t, "POST", page, ticked(doc).Encode()).want(http.StatusSeeOther)
	person := "/people/ana-ruiz"
	wantText(t, s.send(t, "GET", person, "").html(), "#away + table", "Urlaub")

	wantText(t, s.upload(t, page, "file", file).html(), ".preview", "All of this is there already")
	moved := bytes.ReplaceAll(file, []byte("20261130T"), []byte("20261203T"))
	doc = s.upload(t, page, "file", moved).want(http.StatusOK).html()
	wantRows(t, doc, ".preview", "Thu 3 Dec 2026 Training changed since the last upload", "Mon 7 Dec 2026 Mondays off there already", "Mon 14 Dec 2026 Mondays off there already", "Thu 24 Dec 2026 to Sun 3 Jan 2027 Urlaub there already")
	s.send(t, "POST", page, ticked(doc).Encode()).want(http.StatusSeeOther)
	list := func() (days string) {
		var p struct {
			Absences []struct{ From, Note, Event string }
		}
		s.send(t, "GET", "/api/v1/people/ana-ruiz/absences", "").want(http.StatusOK).json(&p)
		for _, a := range p.Absences {
			days += a.From + " " + a.Note + "; "
		}
		return days
	}
	if got, want := list(), "2026-12-03 Training; 2026-12-07 Mondays off; 2026-12-09 by hand; 2026-12-14 Mondays off; 2026-12-24 Urlaub; "; got != want {
		t.Errorf("absences: got %s, want %s", got, want)
	}
	// By the API a calendar takes the place of the one before.
	const api = "/api/v1/people/ana-ruiz/absences"
	fewer := bytes.ReplaceAll(file, []byte("SUMMARY:Training\r\n"), []byte("SUMMARY:Training\r\nSTATUS:CANCELLED\r\n"))
	var came struct {
		Absences []struct{ From string }
		Remarks  []struct {
			Line        int
			Event, Says string
		}
		Outside  int
		Preview  bool
		Revision string
	}
	s.send(t, "PUT", api+"?preview=yes", string(fewer), "Content-Type", "text/calendar").want(http.StatusOK).json(&came)
	if !came.Preview || len(came.Absences) != 4 || came.Outside != 1 || len(came.Remarks) != 4 || came.Remarks[0].Line != 39 {
		t.Errorf("the preview: got %+v", came)
	}
	if got := list(); !strings.Contains(got, "Training") {
		t.Errorf("after a preview: got %s, want it as before", got)
	}
	for range 2 {
		res := s.send(t, "PUT", api, string(fewer), "Content-Type", "text/calendar", "Idempotency-Key", "one").want(http.StatusOK)
		res.json(&came)
		if came.Preview || res.Header().Get("ETag") != `"`+came.Revision+`"` {
			t.Errorf("PUT: got %+v with ETag %s", came, res.Header().Get("ETag"))
		}
	}
	if got, want := list(), "2026-12-07 Mondays off; 2026-12-09 by hand; 2026-12-14 Mondays off; 2026-12-24 Urlaub; "; got != want {
		t.Errorf("after PUT: got %s, want %s", got, want)
	}
	// A person as the API gives it can be sent back, with the names of the events.
	res := s.send(t, "GET", "/api/v1/people/ana-ruiz", "").want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/people/ana-ruiz", res.Body.String()).want(http.StatusOK)
	wantText(t, s.upload(t, page, "file", fewer).html(), ".preview", "All of this is there already")
}

func TestHolidaysByAPI(t *testing.T) {
	s := newSite(t)
	const api = "/api/v1/teams/ops/holidays"
	var came struct {
		Holidays []struct{ Date, Name string }
		Remarks  []any
	}
	s.send(t, "PUT", api, string(calendar(t, "google-holidays.ics")), "Content-Type", "text/calendar").want(http.StatusOK)
	res := s.send(t, "PUT", api, string(calendar(t, "apple-holidays.ics")), "Content-Type", "text/calendar").want(http.StatusOK)
	res.json(&came)
	if len(came.Holidays) != 17 || len(came.Remarks) != 2 || came.Holidays[9].Date != "2026-11-26" {
		t.Errorf("PUT: got %+v, want those of the second calendar alone", came)
	}
	if got := s.send(t, "GET", api, "").want(http.StatusOK).Header().Get("ETag"); got != res.Header().Get("ETag") {
		t.Errorf("ETag: got %s, want %s", got, res.Header().Get("ETag"))
	}
	wantText(t, s.send(t, "GET", "/teams/ops?from=2026-11-23&days=7", "").html(), "#day-2026-11-26 .holiday", "Thanksgiving")
	s.send(t, "DELETE", api, "", "If-Match", `"01ARZ3NDEKTSV4RRFFQ69G5FAA"`).want(http.StatusPreconditionFailed)
	s.send(t, "DELETE", api, "").want(http.StatusNoContent)
	s.send(t, "GET", api, "").want(http.StatusOK).json(&came)
	if len(came.Holidays) != 0 {
		t.Errorf("after DELETE: got %v, want none", came.Holidays)
	}
	// More than a team keeps: 422, and nothing of it is kept.
	var many strings.Builder
	many.WriteString("BEGIN:VCALENDAR\n")
	for i := range 200 {
		many.WriteString("BEGIN:VEVENT\nUID:" + strings.Repeat("x", i) + "\nDTSTART:20260105\nRRULE:FREQ=YEARLY\nSUMMARY:" + strings.Repeat("y", i%70+1) + strings.Repeat("z", i/70) + "\nEND:VEVENT\n")
	}
	many.WriteString("END:VCALENDAR\n")
	s.send(t, "PUT", api, many.String()).wantProblem(http.StatusUnprocessableEntity, "invalid", "file")
}

// Offers that come and go make no stated revision of the holidays stale.
func TestOffersLeaveHolidaysAlone(t *testing.T) {
	s := staffed(t)
	s.agreeFirst(t)
	const path = "/api/v1/teams/ops/holidays"
	dates := []string{"2026-11-24", "2026-11-26"}
	for _, method := range []string{"PUT", "DELETE"} {
		tag := s.send(t, "GET", path, "").want(http.StatusOK).Header().Get("ETag")
		s.send(t, "POST", exchanges, swapBody(dates[0], "2026-12-01", "")).want(http.StatusCreated)
		dates = dates[1:]
		s.send(t, "GET", path, "", "If-None-Match", tag).want(http.StatusNotModified)
		res := s.send(t, method, path, string(calendar(t, "apple-holidays.ics")), "If-Match", tag)
		if res.Code >= 300 {
			t.Errorf("%s after somebody offered an exchange: got %d %s, want it done", method, res.Code, res.Body)
		}
		s.send(t, method, path, string(calendar(t, "apple-holidays.ics")), "If-Match", tag).want(http.StatusPreconditionFailed)
		var team, holidays struct{ Revision string }
		s.send(t, "GET", "/api/v1/teams/ops", "").json(&team)
		if s.send(t, "GET", path, "").json(&holidays); team != holidays {
			t.Errorf("after %s: got the revision %s, want the team's, %s", method, holidays.Revision, team.Revision)
		}
	}
}
