package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dailyroster/roster"
)

// What is kept of a person and of a team is bounded in bytes, whoever adds the last one: the
// API, a form, or a calendar.
func TestRecordsAreBounded(t *testing.T) {
	s := newSite(t)
	kept := func() int {
		t.Helper()
		p, err := s.store.Person(t.Context(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		data, err := roster.Record(p)
		if err != nil {
			t.Fatal(err)
		}
		return len(data)
	}
	person := func(absences int, note string) string {
		list := make([]string, absences)
		for i := range list {
			list[i] = fmt.Sprintf(`{"from":"2027-01-01","to":"2027-01-%02d","note":%q}`, i%31+1, note)
		}
		return `{"name":"Ana","id":"ana","absences":[` + strings.Join(list, ",") + `]}`
	}
	sent := person(200, strings.Repeat("<", 250))
	s.send(t, "POST", "/api/v1/people", sent).want(http.StatusCreated)
	if n := kept(); n > len(sent)+1000 {
		t.Errorf("of a body of %d bytes %d are kept, want about as many", len(sent), n)
	}
	s.send(t, "PUT", "/api/v1/people/ana", person(160, strings.Repeat("<", 280))).want(http.StatusOK)
	// What does not come in one body comes one after the other.
	refused := false
	for i := range 40 {
		p, err := s.store.Person(t.Context(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		res := s.send(t, "POST", "/people/ana/absences", url.Values{
			"from": {"2028-01-01"}, "to": {fmt.Sprintf("2028-01-%02d", i%31+1)}, "note": {strings.Repeat("𝒜", 280)}, "revision": {string(p.Revision)},
		}.Encode())
		if res.Code == http.StatusUnprocessableEntity {
			refused = true
			wantText(t, res.html(), "form", "there is room for 66 kB")
			break
		}
		res.want(http.StatusSeeOther)
	}
	if n := kept(); !refused || n > roster.MaxPersonBytes {
		t.Errorf("after one long absence and another: got refused %t with %d bytes kept, want at most %d", refused, n, roster.MaxPersonBytes)
	}
}
