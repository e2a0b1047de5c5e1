package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func weekdayRotation(people string) url.Values {
	return url.Values{
		"name": {"Weekdays"}, "role": {"primary"}, "weekday": {"mon", "tue", "wed", "thu", "fri"}, "daysPerTurn": {"1"},
		"people": {people}, "from": {"2026-11-23"},
	}
}

// A rotation is made, previewed, applied and taken back, with the page alone.
func TestRotationFillUndo(t *testing.T) {
	s := newSite(t)
	revision := func() string {
		return attr(s.send(t, "GET", "/teams/ops/rotations", "").want(http.StatusOK).html(), "input[name=revision]", "value")
	}
	form := weekdayRotation("Ana Ruiz, Bo Chen, Cleo Diaz")
	form.Set("revision", revision())
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"Dora"}}`).want(http.StatusOK)

	preview := "/teams/ops/rotations?fill-from=2026-11-23&fill-to=2026-12-04"
	doc := s.send(t, "GET", preview, "").want(http.StatusOK).html()
	wantText(t, doc, ".rotation summary", "Weekdays: Primary on Mon–Fri, a day each: Ana Ruiz, Bo Chen, Cleo Diaz")
	wantText(t, doc, "#fill", "9 filled, 0 changed, 0 cleared, 1 kept as set by hand")
	wantText(t, doc, "#fill table tbody tr:nth-of-type(3)", "Dora (set by hand; the rotation gives Cleo Diaz)")
	apply := formOf(t, doc.Find(`#fill form[method="post"]`))
	for range 2 { // sent twice, it is one fill
		s.send(t, "POST", "/teams/ops/fill", apply.Encode()).want(http.StatusSeeOther)
	}
	want := []string{"Ana Ruiz", "Bo Chen", "Dora", "Ana Ruiz", "Bo Chen", "", "", "Cleo Diaz", "Ana Ruiz", "Bo Chen", "Cleo Diaz", "Ana Ruiz"}
	check := func(when string, want []string) {
		t.Helper()
		var list struct{ Days []apiDayJSON }
		s.send(t, "GET", "/api/v1/teams/ops/days?from=2026-11-23&to=2026-12-04", "").want(http.StatusOK).json(&list)
		for i, d := range list.Days {
			got := ""
			if p := d.Assignments["primary"]; p != nil {
				got = p.Name
			}
			if got != want[i] {
				t.Errorf("%s, %s: got %q, want %q", when, d.Date, got, want[i])
			}
		}
	}
	check("after the fill", want)
	wantText(t, s.send(t, "GET", preview, "").html(), "#fill", "0 filled, 0 changed")
	if h := s.history(t); len(h) != 10 {
		t.Errorf("the history: got %d changes, want 10", len(h))
	}

	doc = s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html()
	undo := formOf(t, doc.Find(".acts form").First())
	s.send(t, "POST", "/teams/ops/undo", undo.Encode()).want(http.StatusSeeOther)
	check("after the undo", []string{"", "", "Dora", "", "", "", "", "", "", "", "", ""})
	if h := s.history(t); h[0].Why != "undo" {
		t.Errorf("the newest change: got why %s, want undo", h[0].Why)
	}
}

// What somebody did after a fill is not taken back with it: the undo is refused as a
// whole, and says why; the rest can be.
func TestUndoBlocked(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz","secondary":"Bo Chen"}}`).want(http.StatusOK)
	group := s.history(t)[1].ID
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Cleo","secondary":"Bo Chen"}}`).want(http.StatusOK)
	doc := s.send(t, "POST", "/teams/ops/undo", "change="+group).want(http.StatusConflict).html()
	wantText(t, doc, "main", "1 of its changes was changed again later")
	wantText(t, doc, "tbody tr", "Cleo")
	rest := formOf(t, doc.Find(`form[action$="/undo"]`))
	s.send(t, "POST", "/teams/ops/undo", rest.Encode()).want(http.StatusSeeOther)
	if got := s.primary(t, "2026-11-24"); got != "Cleo" {
		t.Errorf("after the rest is undone: got %s, want Cleo, who was in the way", got)
	}
	s.send(t, "POST", "/teams/ops/undo", "change=01ARZ3NDEKTSV4RRFFQ69G5FAW").want(http.StatusNotFound)
	s.send(t, "POST", "/teams/ops/undo", "change=x").want(http.StatusBadRequest)
}

func TestRotationRefused(t *testing.T) {
	s := newSite(t)
	for field, value := range map[string]string{
		"name": "", "daysPerTurn": "0", "people": " , ", "from": "2026-11-22", "handOver": "wed", "weekday": "",
	} {
		form := weekdayRotation("Ana Ruiz")
		form.Set("revision", "")
		form.Set(field, value)
		at := map[string]string{"handOver": "daysPerTurn", "weekday": "weekdays"}[field]
		if at == "" {
			at = field
		}
		doc := s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusUnprocessableEntity).html()
		if at != "weekdays" && text(doc, fmt.Sprintf("#new-%s-says .error", at)) == "" {
			t.Errorf("%s = %q: got no message at %s in %q", field, value, at, text(doc, ".error"))
		}
		if text(doc, ".error") == "" {
			t.Errorf("%s = %q: got no message", field, value)
		}
	}
	form := weekdayRotation("Ana Ruiz")
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusConflict) // without the revision
	for query, message := range map[string]string{
		"fill-from=2026-11-22&fill-to=2026-11-30": "say why",
		"fill-from=2026-11-30&fill-to=2026-11-29": "before the first",
		"fill-from=2026-11-23&fill-to=2028-11-25": "at most two years",
		"fill-from=2026-12-23&fill-to=2028-11-25": "at most two years ahead",
		"fill-from=x&fill-to=2026-02-30":          "not a date",
	} {
		form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
		if strings.Contains(s.send(t, "GET", "/teams/ops/rotations", "").Body.String(), "There is no rotation yet") {
			s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
		}
		doc := s.send(t, "GET", "/teams/ops/rotations?"+query, "").want(http.StatusUnprocessableEntity).html()
		wantText(t, doc, "#fill .error", message)
		s.send(t, "POST", "/teams/ops/fill", query+"&group=01ARZ3NDEKTSV4RRFFQ69G5FAW").want(http.StatusUnprocessableEntity)
	}
}

// A list of more people than a rotation can have is refused before any of them is added.
func TestRotationOfTooMany(t *testing.T) {
	s := newSite(t)
	form := weekdayRotation(lines(10_000, ", ", newPerson))
	form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
	doc := s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#new-people-says .error", "at most 100 people")
	if all, err := s.store.People(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("got %d people, %v, want nobody added", len(all), err)
	}
}

// What GET gives can be sent back, rotations and absences with it.
func TestRotationsByAPI(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","absences":[{"from":"2026-12-24","to":"2027-01-02","note":"leave"}]}`).want(http.StatusCreated)
	body := `{"name":"Ops","rotations":[{"id":"w","role":"primary","name":"W","versions":[{"from":"2026-11-23","weekdays":["mon"],"daysPerTurn":1,"people":["ana-ruiz"]}]}],"holidays":[{"date":"2026-12-25","name":"Christmas"}]}`
	team := s.send(t, "PUT", "/api/v1/teams/ops", body).want(http.StatusOK)
	again := s.send(t, "PUT", "/api/v1/teams/ops", team.Body.String()).want(http.StatusOK)
	if !strings.Contains(again.Body.String(), `"people":["ana-ruiz"]`) || !strings.Contains(again.Body.String(), "Christmas") {
		t.Errorf("a team sent back: got %s, want its rotation and holiday kept", again.Body)
	}
	person := s.send(t, "GET", "/api/v1/people/ana-ruiz", "").want(http.StatusOK)
	if again := s.send(t, "PUT", "/api/v1/people/ana-ruiz", person.Body.String()).want(http.StatusOK); !strings.Contains(again.Body.String(), "2026-12-24") {
		t.Errorf("a person sent back: got %s, want the absence kept", again.Body)
	}
}

// A rotation passes by who is away, and the preview says who stands in.
func TestAbsences(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/people", "name=Bo+Chen").want(http.StatusSeeOther)
	page := "/people/bo-chen"
	revision := func() string {
		return attr(s.send(t, "GET", page, "").want(http.StatusOK).html(), `form[action$="/absences"] input[name=revision]`, "value")
	}
	bad := url.Values{"revision": {revision()}, "from": {"2026-11-25"}, "to": {"2026-11-24"}}
	doc := s.send(t, "POST", page+"/absences", bad.Encode()).want(http.StatusUnprocessableEntity).html()
	if text(doc, "#f-from-says .error")+text(doc, "#f-to-says .error") == "" {
		t.Errorf("a reversed absence: got %q, want a message at one of its dates", text(doc, ".error"))
	}
	bad.Set("to", "2026-02-30")
	doc = s.send(t, "POST", page+"/absences", bad.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-to-says .error", "not a date")
	s.send(t, "POST", page+"/absences", "revision=x&from=2026-11-24&to=2026-11-25").want(http.StatusConflict)

	good := url.Values{"revision": {revision()}, "from": {"2026-11-24"}, "to": {"2026-11-25"}, "note": {"leave"}}
	s.send(t, "POST", page+"/absences", good.Encode()).want(http.StatusSeeOther)
	wantText(t, s.send(t, "GET", page, "").html(), "#away + table", "leave")
	form := weekdayRotation("Ana Ruiz, Bo Chen, Cleo Diaz")
	form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
	doc = s.send(t, "GET", "/teams/ops/rotations?fill-from=2026-11-23&fill-to=2026-11-27", "").want(http.StatusOK).html()
	for i, want := range []string{"Ana Ruiz", "Cleo Diaz", "Ana Ruiz", "Bo Chen", "Cleo Diaz"} {
		wantText(t, doc, fmt.Sprintf("#fill tbody tr:nth-of-type(%d) td:last-child", i+1), want)
	}
	good.Set("revision", revision())
	s.send(t, "POST", page+"/absences/remove", good.Encode()).want(http.StatusSeeOther)
	wantText(t, s.send(t, "GET", page, "").html(), "#away + p", "No absences are known")
}

// The preview draws what saving and filling would give, with who is away, and changes nothing:
// nobody is made, nothing is saved.
func TestRotationPreview(t *testing.T) {
	s := newSite(t)
	for _, p := range []string{`{"name":"Ana Ruiz"}`, `{"name":"Bo Chen","absences":[{"from":"2026-11-25","to":"2026-11-26","note":"leave"}]}`} {
		s.send(t, "POST", "/api/v1/people", p).want(http.StatusCreated)
	}
	form := weekdayRotation("Ana Ruiz, Bo Chen, Greta Lind")
	form.Set("from", "2026-11-24")
	doc := s.send(t, "POST", "/teams/ops/rotations/preview", form.Encode()).want(http.StatusOK).html()
	days := doc.Find(".weeks li:not(.none)")
	if days.Length() != 28 {
		t.Fatalf("got %d days, want four weeks", days.Length())
	}
	for i, want := range []string{"Ana Ruiz", "Greta Lind", "Ana Ruiz", "Bo Chen"} {
		if got := days.Eq(i).Find("b").Text(); got != want {
			t.Errorf("day %d: got %q, want %q", i, got, want)
		}
	}
	wantText(t, doc, ".away", "Bo Chen is away Wed 25 Nov – Thu 26 Nov")
	if got := days.Eq(4).Text(); strings.Contains(got, "nobody") || !days.Eq(4).Is(".free") {
		t.Errorf("a Saturday: got %q, want a day that is not covered", got)
	}
	if people := peopleOf(t, s); len(people) != 2 {
		t.Errorf("got %d people after the preview, want the two that there were", len(people))
	}
	form.Set("people", "")
	wantText(t, s.send(t, "POST", "/teams/ops/rotations/preview", form.Encode()).want(http.StatusOK).html(), ".hint", "once the rotation is complete")
	if got := s.send(t, "GET", "/api/v1/teams/ops", "").Body.String(); strings.Contains(got, "rotations") {
		t.Errorf("the team after previews: got %s, want no rotation", got)
	}
}
