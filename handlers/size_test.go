package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dailyroster/roster"
	"dailyroster/store"
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

// full is a store whose records of people have no room left.
type full struct{ store.Store }

func (full) PutPerson(context.Context, roster.Person, roster.Revision) error { return store.TooBig() }

// A record that is full is no outage: trying again is no use, and somebody has to know.
func TestRecordTooBig(t *testing.T) {
	s := siteOn(t, full{newSite(t).store})
	res := s.send(t, "POST", "/api/v1/people", `{"name":"Ana"}`)
	res.wantProblem(http.StatusUnprocessableEntity, "invalid", "")
	if res.Header().Get("Retry-After") != "" || !strings.Contains(res.Body.String(), "There is no room for this in the store") {
		t.Errorf("got %v %s, want to be told that there is no room, and not to try again", res.Header(), res.Body)
	}
	s.send(t, "POST", "/people", "name=Ana").want(http.StatusUnprocessableEntity)
	text := s.send(t, "GET", "/metrics", "").want(http.StatusOK).Body.String()
	for _, want := range []string{"roster_store_record_too_big_total 2", `roster_store_operation_seconds_count{operation="put_person",result="invalid"} 2`} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the metrics have no line %q", want)
		}
	}
}
