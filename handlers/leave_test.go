package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// filledSite has two teams whose rosters are filled for six weeks, in which Bo takes turns.
func filledSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	for _, name := range []string{"Ana Ruiz", "Bo Chen", "Cleo Diaz"} {
		s.send(t, "POST", "/api/v1/people", fmt.Sprintf(`{"name":%q}`, name)).want(http.StatusCreated)
	}
	s.send(t, "POST", "/api/v1/teams", `{"name":"Web","roles":["Primary"]}`).want(http.StatusCreated)
	for team, name := range map[string]string{"ops": "Ops", "web": "Web"} {
		s.send(t, "PUT", "/api/v1/teams/"+team, fmt.Sprintf(`{"name":%q,"rotations":[{"id":"days","role":"primary","name":"Days","versions":[
			{"from":"2026-11-01","weekdays":["mon","tue","wed","thu","fri"],"daysPerTurn":1,"people":["ana-ruiz","bo-chen","cleo-diaz"]}]}]}`, name)).want(http.StatusOK)
		s.send(t, "POST", "/api/v1/teams/"+team+"/fill", `{"from":"2026-11-23","to":"2027-01-03"}`).want(http.StatusOK)
	}
	return s
}

// holders are who has the primary role on each day of six weeks, "." for nobody.
func (s *site) holders(t testing.TB, team string) string {
	t.Helper()
	var list struct{ Days []apiDayJSON }
	s.send(t, "GET", "/api/v1/teams/"+team+"/days?from=2026-11-23&to=2027-01-03", "").want(http.StatusOK).json(&list)
	var b strings.Builder
	for _, d := range list.Days {
		if p := d.Assignments["primary"]; p != nil {
			b.WriteString(p.Name[:1])
		} else {
			b.WriteString(".")
		}
	}
	return b.String()
}

// Somebody is deactivated with the page alone: the list first, then gaps, a refill of just
// these, and all of it taken back.
func TestDeactivateRefillUndo(t *testing.T) {
	s := filledSite(t)
	before := s.holders(t, "ops")
	page := "/people/bo-chen"
	doc := s.send(t, "GET", page, "").want(http.StatusOK).html()
	wantText(t, doc, "#coming + .scroll tbody tr:first-child", "Tue 24 Nov 2026 09:00")
	wantText(t, doc, "#counts + .scroll tbody tr:first-child", "OpsPrimarynone10 days")
	deactivate := doc.Find(`form[action$="/deactivate"]`)
	if deactivate.Length() != 1 {
		t.Fatal("the person's page does not offer to deactivate")
	}
	for from, message := range map[string]string{"2026-11-22": "the past stays", "2029-01-01": "two years", "x": "not a date"} {
		wantText(t, s.send(t, "GET", page+"/deactivate?from="+from, "").want(http.StatusUnprocessableEntity).html(), "#f-from-says .error", message)
	}
	list := s.send(t, "GET", page+"/deactivate?from=2026-12-01", "").want(http.StatusOK).html()
	wantText(t, list, "main", "Bo Chen leaves the rotation Days. Everyone else keeps their place")
	want := strings.Count(before[8:], "B")
	if got := list.Find("ul.seats li").Length(); got != 2*want {
		t.Errorf("the list: got %d days in two teams, want %d", got, 2*want)
	}
	if s.holders(t, "ops") != before {
		t.Error("the list alone changed the roster")
	}
	confirm := formOf(t, list.Find(`form[method="post"]`))
	stale := url.Values{}
	for name, values := range confirm {
		stale[name] = values
	}
	stale["revision"] = []string{"01ARZ3NDEKTSV4RRFFQ69G5FAV"}
	wantText(t, s.send(t, "POST", page+"/deactivate", stale.Encode()).want(http.StatusConflict).html(), ".error", "Someone else changed this person")

	done := s.send(t, "POST", page+"/deactivate", confirm.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	gone := before[:8] + strings.ReplaceAll(before[8:], "B", ".")
	for _, team := range []string{"ops", "web"} {
		if got := s.holders(t, team); got != gone {
			t.Errorf("%s after Bo left: got %s, want %s", team, got, gone)
		}
	}
	if h := s.history(t); h[0].Why != "leave" {
		t.Errorf("the history: got why %q, want leave", h[0].Why)
	}
	wantText(t, s.send(t, "GET", "/teams/ops/history", "").html(), ".acts .reason", "Bo Chen was deactivated")
	doc = s.send(t, "GET", done, "").want(http.StatusOK).html()
	wantText(t, doc, "h1", "Bo Chen is not active from Tuesday 1 December 2026")
	wantText(t, doc, "#left-ops + p", fmt.Sprintf("%d gaps are left", want))
	refill, _ := doc.Find(`#left-ops + p a`).Attr("href")
	preview := s.send(t, "GET", strings.TrimSuffix(refill, "#fill"), "").want(http.StatusOK).html()
	wantText(t, preview, "#fill", fmt.Sprintf("%d filled, 0 changed, 0 cleared, 0 kept", want))

	// Undone, Bo is back, in the rotation too.
	undo := formOf(t, doc.Find(`form[action$="/activate"]`))
	s.send(t, "POST", page+"/activate", undo.Encode()).want(http.StatusSeeOther)
	for _, team := range []string{"ops", "web"} {
		if got := s.holders(t, team); got != before {
			t.Errorf("%s after the undo: got %s, want %s", team, got, before)
		}
		var plan struct{ Counts map[string]int }
		s.send(t, "POST", "/api/v1/teams/"+team+"/fill", `{"from":"2026-11-23","to":"2027-01-03","preview":true}`).want(http.StatusOK).json(&plan)
		if plan.Counts["same"] != 30 {
			t.Errorf("%s after the undo: the rotation gives %v, want the 30 days as they are", team, plan.Counts)
		}
	}

	// Again, with the refill; what others have by then they keep.
	confirm = formOf(t, s.send(t, "GET", page+"/deactivate?from=2026-12-01", "").want(http.StatusOK).html().Find(`form[method="post"]`))
	done = s.send(t, "POST", page+"/deactivate", confirm.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	refill, _ = s.send(t, "GET", done, "").html().Find(`#left-ops + p a`).Attr("href")
	preview = s.send(t, "GET", strings.TrimSuffix(refill, "#fill"), "").want(http.StatusOK).html()
	s.send(t, "POST", "/teams/ops/fill", formOf(t, preview.Find(`#fill form[method="post"]`)).Encode()).want(http.StatusSeeOther)
	after := s.holders(t, "ops")
	for i := range after {
		if was := before[i]; after[i] == '.' != (was == '.') || i >= 8 && after[i] == 'B' || was != 'B' && after[i] != was {
			t.Fatalf("after the refill: got %s, want %s with others for Bo from the ninth day on, and nothing else changed", after, before)
		}
	}
	wantText(t, s.send(t, "GET", done, "").html(), "#left-ops + p", "No gap is left")
	undo = formOf(t, s.send(t, "GET", done, "").html().Find(`form[action$="/activate"]`))
	s.send(t, "POST", page+"/activate", undo.Encode()).want(http.StatusSeeOther)
	if got := s.holders(t, "ops"); got != after {
		t.Errorf("an undo after the refill: got %s, want others to keep their days: %s", got, after)
	}
	if got := s.holders(t, "web"); got != before {
		t.Errorf("the other team after the undo: got %s, want %s", got, before)
	}
}

// Nobody who is removed stays on days to come; by the page they are seen first.
func TestRemoveLeavesNoNames(t *testing.T) {
	s := filledSite(t)
	before := s.holders(t, "ops")
	form := formOf(t, s.send(t, "GET", "/people/bo-chen", "").html().Find(`form[action$="/remove"]`))
	first := s.send(t, "POST", "/people/bo-chen/remove", form.Encode()).want(http.StatusSeeOther).Header().Get("Location")
	list := s.send(t, "GET", first, "").want(http.StatusOK).html()
	wantText(t, list, "h1", "Remove Bo Chen")
	done := s.send(t, "POST", "/people/bo-chen/deactivate", formOf(t, list.Find(`form[method="post"]`)).Encode()).want(http.StatusSeeOther).Header().Get("Location")
	wantText(t, s.send(t, "GET", done, "").want(http.StatusOK).html(), "h1", "Bo Chen is removed")
	if got, want := s.holders(t, "ops"), strings.ReplaceAll(before, "B", "."); got != want {
		t.Errorf("after Bo was removed: got %s, want %s", got, want)
	}
	s.send(t, "GET", "/people/bo-chen", "").want(http.StatusNotFound)
	undo := formOf(t, s.send(t, "GET", done, "").html().Find(`form[action$="/activate"]`))
	s.send(t, "POST", "/people/bo-chen/activate", undo.Encode()).want(http.StatusSeeOther)
	if got := s.holders(t, "ops"); got != before {
		t.Errorf("after the undo: got %s, want %s", got, before)
	}

	s.send(t, "DELETE", "/api/v1/people/cleo-diaz", "").want(http.StatusNoContent)
	if got, want := s.holders(t, "web"), strings.ReplaceAll(before, "C", "."); got != want {
		t.Errorf("after Cleo was deleted: got %s, want %s", got, want)
	}
	if team := s.send(t, "GET", "/api/v1/teams/web", "").Body.String(); !strings.Contains(team, `"from":"2026-11-23"`) || strings.Count(team, "cleo-diaz") != 1 {
		t.Errorf("the rotation after Cleo was deleted: got %s, want her in the version of the past alone", team)
	}
}

// What the pages do to a roster as a whole, programs can do too.
func TestFillUndoDeactivateByAPI(t *testing.T) {
	s := filledSite(t)
	before := s.holders(t, "ops")
	api := "/api/v1/teams/ops/"
	type fill struct {
		Group  *string
		Counts map[string]int
		Seats  []struct{ Date, Kind, Role string }
	}
	var preview, applied, again fill
	s.send(t, "POST", api+"fill", `{"from":"2027-01-04","to":"2027-01-15","preview":true}`).want(http.StatusOK).json(&preview)
	if preview.Group != nil || preview.Counts["filled"] != 10 || len(preview.Seats) != 10 {
		t.Errorf("the preview: got %+v, want ten days filled and no group", preview)
	}
	key := []string{"Idempotency-Key", "one"}
	s.send(t, "POST", api+"fill", `{"from":"2027-01-04","to":"2027-01-15","why":"next year too"}`, key...).want(http.StatusOK).json(&applied)
	s.send(t, "POST", api+"fill", `{"from":"2027-01-04","to":"2027-01-15","why":"next year too"}`, key...).want(http.StatusOK).json(&again)
	if applied.Group == nil || again.Group == nil || *applied.Group != *again.Group || applied.Counts["filled"] != 10 {
		t.Fatalf("the fill, and the same again: got %+v and %+v, want ten days in one group", applied, again)
	}
	for body, field := range map[string]string{
		`{"from":"2027-01-04","to":"2027-01-03"}`: "to", `{"from":"x","to":"2027-01-03"}`: "from", `{"from":"2026-11-23","to":"2028-12-01"}`: "to",
		`{"from":"2026-11-01","to":"2026-12-01"}`: "why", `{"from":"2026-12-01","to":"2026-12-01","of":"x"}`: "of", `{"form":1}`: "form",
	} {
		s.send(t, "POST", api+"fill", body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}

	var page struct {
		Changes []struct{ Date, Reason, Group string }
		Next    *string
	}
	s.send(t, "GET", api+"changes?group="+*applied.Group+"&limit=4", "").want(http.StatusOK).json(&page)
	if len(page.Changes) != 4 || page.Next == nil || page.Changes[0].Reason != "next year too" {
		t.Errorf("the group's changes: got %+v, want four of ten, and the reason", page)
	}
	s.send(t, "GET", api+"changes?person=bo-chen&from=2027-01-01&to=2027-01-31", "").want(http.StatusOK).json(&page)
	if len(page.Changes) != 3 {
		t.Errorf("Bo's changes in January: got %+v, want three", page.Changes)
	}
	for _, bad := range []string{"group=x", "person=B", "from=2027-01-01", "from=2027-01-02&to=2027-01-01", "date=2027-01-01&from=2027-01-01", "date=x"} {
		s.send(t, "GET", api+"changes?"+bad, "").wantProblem(http.StatusBadRequest, "bad-request", "")
	}

	type undone struct {
		Group   *string
		Days    []string
		Blocked []struct{ Change, Later struct{ Date string } }
	}
	var plan, done, twice undone
	s.send(t, "PUT", api+"days/2027-01-05", `{"assignments":{"primary":"Dora"}}`).want(http.StatusOK)
	s.send(t, "POST", api+"undo", `{"change":"`+*applied.Group+`"}`).wantProblem(http.StatusConflict, "undo-blocked", "")
	s.send(t, "POST", api+"undo", `{"change":"`+*applied.Group+`","preview":true,"partly":true}`).want(http.StatusOK).json(&plan)
	if len(plan.Days) != 9 || len(plan.Blocked) != 1 || plan.Blocked[0].Later.Date != "2027-01-05" || plan.Group != nil {
		t.Errorf("the preview of an undo: got %+v, want nine days, and the fifth in the way", plan)
	}
	s.send(t, "POST", api+"undo", `{"change":"`+*applied.Group+`","partly":true}`, key...).want(http.StatusOK).json(&done)
	s.send(t, "POST", api+"undo", `{"change":"`+*applied.Group+`","partly":true}`, key...).want(http.StatusOK).json(&twice)
	if done.Group == nil || len(done.Days) != 9 || twice.Group == nil || *twice.Group != *done.Group {
		t.Errorf("the undo, and the same again: got %+v and %+v, want nine days in one group", done, twice)
	}
	s.send(t, "POST", api+"undo", `{"change":"x"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "change")
	s.send(t, "POST", api+"undo", `{"change":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`).wantProblem(http.StatusNotFound, "not-found", "")

	type left struct {
		Group *string
		Teams []struct {
			Team      struct{ ID string }
			Rotations []string
			Gaps      []struct{ Date, Role string }
		}
	}
	var asked, gone left
	people := "/api/v1/people/bo-chen"
	s.send(t, "POST", people+"/deactivate", `{"from":"2026-12-01","preview":true}`).want(http.StatusOK).json(&asked)
	if asked.Group != nil || len(asked.Teams) != 2 || len(asked.Teams[0].Gaps) != strings.Count(before[8:], "B") || asked.Teams[0].Rotations[0] != "days" {
		t.Errorf("the preview of deactivating: got %+v, want both teams with Bo's days", asked)
	}
	s.send(t, "POST", people+"/deactivate", `{"from":"2026-12-01"}`, "If-Match", `"x"`).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "POST", people+"/deactivate", `{"from":"2026-11-01"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "from")
	s.send(t, "POST", people+"/deactivate", `{"from":"2026-12-01","why":"moves on"}`).want(http.StatusOK).json(&gone)
	if gone.Group == nil || strings.Contains(s.holders(t, "ops")[8:], "B") {
		t.Errorf("deactivated: got %+v and the roster %s, want Bo gone", gone, s.holders(t, "ops"))
	}
	s.send(t, "PUT", api+"days/2026-12-02", `{"assignments":{"primary":"Bo Chen"}}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "assignments.primary")
	var refill fill
	s.send(t, "POST", api+"fill", `{"from":"2026-12-01","to":"2027-01-03","of":"`+*gone.Group+`","preview":true}`).want(http.StatusOK).json(&refill)
	if len(refill.Seats) != len(gone.Teams[0].Gaps) {
		t.Errorf("a fill of just the gaps: got %d seats, want %d", len(refill.Seats), len(gone.Teams[0].Gaps))
	}
	var shifts struct{ Shifts []struct{ From, To string } }
	s.send(t, "GET", people+"/shifts", "").want(http.StatusOK).json(&shifts)
	if len(shifts.Shifts) != 4 { // two days in each team before he leaves
		t.Errorf("the coming shifts: got %+v, want four", shifts)
	}
	s.send(t, "POST", people+"/activate", `{"group":"`+*gone.Group+`"}`).want(http.StatusOK)
	if got := s.holders(t, "ops"); got != before {
		t.Errorf("activated: got %s, want %s", got, before)
	}
	person := s.send(t, "GET", people, "").want(http.StatusOK).Body.String()
	s.send(t, "PUT", people, person).want(http.StatusOK)
	s.send(t, "PUT", people, strings.Replace(person, `"active":true`, `"active":true,"inactiveFrom":"2027-01-01"`, 1)).wantProblem(http.StatusUnprocessableEntity, "invalid", "inactiveFrom")
}

// A removal that is cut off half way does the rest when it is sent again.
func TestRemovalGoesOn(t *testing.T) {
	s := filledSite(t)
	cut := siteOn(t, &outageAfter{outage: &outage{Store: s.Store}, saves: 1})
	remove := func(s *site) answer {
		t.Helper()
		return s.send(t, "DELETE", "/api/v1/people/bo-chen", "", "Idempotency-Key", "again")
	}
	remove(cut).want(http.StatusServiceUnavailable)
	if got := s.holders(t, "web"); !strings.Contains(got, "B") {
		t.Fatalf("after the cut: got %s, want Bo's days still to be emptied", got)
	}
	remove(s).want(http.StatusNoContent)
	remove(s).want(http.StatusNoContent)
	for _, team := range []string{"ops", "web"} {
		if got := s.holders(t, team); strings.Contains(got, "B") {
			t.Errorf("%s after the rest: got %s, want no day of Bo's", team, got)
		}
	}
}
