package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Names and notes that a spreadsheet could run are exported so that none does, and the file
// imports to the very same roster.
func TestExportedFormulas(t *testing.T) {
	s := newSite(t)
	for i, name := range []string{"Ana;=1+1", "=cmd|'/C calc'!A0", "'-x", "Bo, @SUM"} {
		d := []string{"24", "25", "26", "27"}[i]
		id := "p" + d
		s.send(t, "POST", "/api/v1/people", `{"id":"`+id+`","name":"`+name+`"}`).want(http.StatusCreated)
		s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-"+d, `{"assignments":{"primary":"`+id+`"},"note":"first\n=2+2;=3"}`).want(http.StatusOK)
	}
	file := s.send(t, "GET", "/teams/ops/days.csv?from=2026-11-23&to=2026-11-30", "").want(http.StatusOK).Body.String()
	for _, cell := range []string{"Ana;'=1+1", "'=cmd|'/C calc'!A0", "''-x", `"Bo, '@SUM"`, "\"first\r\n'=2+2;'=3\""} {
		if !strings.Contains(file, cell) {
			t.Errorf("the file has no %q:\n%s", cell, file)
		}
	}
	doc := s.send(t, "POST", importPath, url.Values{"text": {file}, "past": {"yes"}}.Encode()).want(http.StatusOK).html()
	form := importForm(t, doc)
	if form.Has("name-0") {
		t.Errorf("the import of what was exported: got an unknown name %q, want none", form.Get("name-0"))
	}
	form.Set("do", "import")
	s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
	for _, c := range s.history(t) {
		if c.Why == "import" {
			t.Errorf("importing what was exported changed %s", c.Date)
		}
	}
}

// Every line of a calendar ends with CR and LF (RFC 5545, section 3.1), those of notes with
// several lines too.
func TestCalendarLines(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz, of the very long name that has to be folded somewhere"},"note":"first\nsecond"}`).want(http.StatusOK)
	file := s.send(t, "GET", "/teams/ops/days.ics?from=2026-11-23&to=2026-11-30", "").want(http.StatusOK).Body.String()
	if n := strings.Count(file, "\r\n"); n < 10 || strings.Count(file, "\n") != n || strings.Count(file, "\r") != n || !strings.HasSuffix(file, "\r\n") {
		t.Errorf("got %d line ends, %d line feeds and %d carriage returns, want them together:\n%q", n, strings.Count(file, "\n"), strings.Count(file, "\r"), file)
	}
	for line := range strings.SplitSeq(file, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes, want at most 75: %q", len(line), line)
		}
	}
}
