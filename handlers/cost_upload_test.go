package handlers_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"dailyroster/handlers/web"
)

// calendarOf is a calendar of as many days, no two alike.
func calendarOf(events int) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	first := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for i := range events {
		d := first.AddDate(0, 0, i%700)
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART;VALUE=DATE:%s\r\nSUMMARY:Tág %d\r\nEND:VEVENT\r\n", i, d.Format("20060102"), i)
	}
	return b.String() + "END:VCALENDAR\r\n"
}

// sendFile sends a calendar as the form of a page does.
func (s *site) sendFile(t testing.TB, path, calendar string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "x.ics")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(calendar))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return s.send(t, "POST", path, body.String(), "Content-Type", form.FormDataContentType())
}

// A calendar costs as much as it is large, and no more when it has more than may be kept:
// merging ends there. What is counted is bytes allocated; comparing names takes some.
func TestCostOfUploads(t *testing.T) {
	for path, form := range map[string]bool{
		"/api/v1/teams/ops/holidays?preview=yes":  false,
		"/api/v1/people/ana/absences?preview=yes": false,
		"/teams/ops/holidays":                     true,
		"/people/ana/calendar":                    true,
	} {
		t.Run(path, func(t *testing.T) {
			s := newSite(t)
			s.send(t, "POST", "/api/v1/people", `{"name":"Ana","id":"ana"}`).want(http.StatusCreated)
			ask := func(calendar string) answer {
				if form {
					return s.sendFile(t, path, calendar)
				}
				return s.send(t, "PUT", path, calendar, "Content-Type", "text/calendar")
			}
			cost := func(n int) float64 {
				calendar := calendarOf(n)
				return kilobytes(func() {
					if res := ask(calendar); res.Code != http.StatusOK && res.Code != http.StatusUnprocessableEntity {
						t.Fatalf("%d events: got %d %.200s", n, res.Code, res.Body)
					}
				})
			}
			small, large := cost(800), cost(1600)
			t.Logf("800 events: %.0f kB, 1600: %.0f kB", small, large)
			if large > 2.2*small+100 {
				t.Errorf("1600 events: got %.0f kB, want at most twice the %.0f of 800", large, small)
			}
			all, part := calendarOf(12_000), calendarOf(1900)
			if len(all) < web.MaxUpload*9/10 || len(all) > web.MaxUpload {
				t.Fatalf("the largest calendar has %d bytes, want almost %d", len(all), web.MaxUpload)
			}
			perByte := func(calendar string) float64 {
				return kilobytes(func() {
					if res := ask(calendar); len(calendar) == len(all) {
						res.want(http.StatusUnprocessableEntity)
					}
				}) / float64(len(calendar))
			}
			if most, few := perByte(all), perByte(part); most > 1.2*few {
				t.Errorf("a calendar of almost 1 MiB: got %.4f kB a byte, want at most the %.4f of 1,900 events", most, few)
			}
		})
	}
}
