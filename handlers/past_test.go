package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

const (
	pastDay    = "/teams/ops/days/2026-11-20"
	apiPastDay = "/api/v1" + pastDay
)

// A day before today is changed only with a reason, by whatever way, and the history
// has it.
func TestPastNeedsReason(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", apiPastDay, `{"assignments":{"primary":"Zoe"}}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	s.send(t, "PUT", apiPastDay, `{"note":"x","why":"\u0007"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	s.send(t, "PUT", apiPastDay, `{"note":"x","why":"   "}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	if h := s.history(t); len(h) != 0 {
		t.Errorf("after refusals: got the history %+v, want none", h)
	}
	s.send(t, "GET", "/api/v1/people/zoe", "").want(http.StatusNotFound) // nothing half-written
	s.send(t, "PUT", apiPastDay, `{"assignments":{"primary":"Zoe"},"why":" Bo was  ill "}`).want(http.StatusOK)
	s.send(t, "DELETE", apiPastDay, "").wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	s.send(t, "DELETE", apiPastDay+"?why=a+mistake", "").want(http.StatusOK)

	form := s.htmx(t, "GET", pastDay+"/edit?from=2026-11-16&days=14", "").want(http.StatusOK).html()
	wantText(t, form, ".why .hint", "This day is past")
	if s.htmx(t, "GET", day+"/edit", "").html().Find(".why").Length() != 0 {
		t.Error("the form of a day to come asks for a reason")
	}
	fields := url.Values{"primary": {"Ana Ruiz"}, "secondary": {""}, "note": {""}}
	refused := s.htmx(t, "PUT", pastDay+"?from=2026-11-16&days=14", fields.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, refused, "#why-2026-11-20-says .error", "say why")
	if got := attr(refused, "input[name=primary]", "value"); got != "Ana Ruiz" {
		t.Errorf("the refused form: got primary %q, want what was typed", got)
	}
	s.send(t, "POST", pastDay+"?from=2026-11-16&days=14", fields.Encode()).want(http.StatusUnprocessableEntity)
	fields.Set("why", "Ana stood in")
	s.htmx(t, "PUT", pastDay+"?from=2026-11-16&days=14", fields.Encode()).want(http.StatusOK)
	cleared := s.htmx(t, "DELETE", pastDay+"?from=2026-11-16&days=14&why=wrong+day", "").want(http.StatusOK).html()
	undo := formOf(t, cleared.Find(".actions form").First())
	s.htmx(t, "PUT", pastDay+"?from=2026-11-16&days=14", undo.Encode()).want(http.StatusOK)

	history := s.send(t, "GET", "/teams/ops/history", "").want(http.StatusOK).html()
	for _, reason := range []string{"Bo was ill", "a mistake", "Ana stood in", "wrong day"} {
		wantText(t, history, ".acts .reason", reason)
	}
	if h := s.history(t); h[0].Why != "undo" {
		t.Errorf("the undo of a clear: got why %q, want undo", h[0].Why)
	}

	act := "change=" + s.history(t)[0].ID
	ask := s.send(t, "POST", "/teams/ops/undo", act).want(http.StatusUnprocessableEntity).html()
	wantText(t, ask, "#f-why-says .error", "2026-11-20 is past")
	again := formOf(t, ask.Find(`form[action$="/undo"]`))
	again.Set("why", "it was right before")
	s.send(t, "POST", "/teams/ops/undo", again.Encode()).want(http.StatusSeeOther)
	wantText(t, s.send(t, "GET", "/teams/ops/history", "").html(), ".acts .reason", "it was right before")
}

// A fill of past days takes a reason too, in the preview already.
func TestFillOfThePast(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz"}`).want(http.StatusCreated)
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","rotations":[{"id":"w","role":"primary","name":"W","versions":[{"from":"2026-11-02","weekdays":["mon"],"daysPerTurn":1,"people":["ana-ruiz"]}]}]}`).want(http.StatusOK)
	fill := "fill-from=2026-11-02&fill-to=2026-11-30"
	doc := s.send(t, "GET", "/teams/ops/rotations?"+fill, "").want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-why-says .error", "say why")
	s.send(t, "POST", "/teams/ops/fill", fill+"&group=01ARZ3NDEKTSV4RRFFQ69G5FAW").want(http.StatusUnprocessableEntity)
	doc = s.send(t, "GET", "/teams/ops/rotations?"+fill+"&why=never+written+down", "").want(http.StatusOK).html()
	wantText(t, doc, "#fill", "5 filled")
	s.send(t, "POST", "/teams/ops/fill", formOf(t, doc.Find(`#fill form[method="post"]`)).Encode()).want(http.StatusSeeOther)
	if got := text(s.send(t, "GET", "/teams/ops/history", "").html(), ".acts .reason"); got != "never written down" {
		t.Errorf("the reason: got %q, want what was given, once for the act", got)
	}
}

// Settings can change from the next hand-off on; nothing that was served moves.
func TestSettingsKeepServedHours(t *testing.T) {
	s := newSite(t) // 10:00 in Berlin, an hour after the hand-off
	settings := formOf(t, s.send(t, "GET", "/teams/ops/settings", "").want(http.StatusOK).html().Find(`form[action$="/settings"]`))
	if got := settings.Get("from"); got != "2026-11-24" {
		t.Errorf("the date that is suggested: got %s, want the next day, as today has begun", got)
	}
	settings.Set("from", "2026-11-23")
	settings.Set("handOff", "12:00")
	doc := s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "#f-from-says .error", "2026-11-24 or later")
	body := `{"name":"Ops","settings":[{"zone":"Europe/Berlin"},{"from":"2026-11-23","zone":"Europe/Berlin","handOff":"12:00"}]}`
	s.send(t, "PUT", "/api/v1/teams/ops", body).wantProblem(http.StatusUnprocessableEntity, "invalid", "settings")
	settings.Set("from", "2026-11-24")
	s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusSeeOther)
}

// At 03:00 the shift of the day before still runs: who is on call can be replaced, and
// swapped, without a word. What was served before that is past.
func TestRunningShiftIsNotPast(t *testing.T) {
	s := newSite(t)
	s.set(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)) // 03:00 in Berlin, hand-off at 09:00
	const running, over = "/teams/ops/days/2026-11-23", "/teams/ops/days/2026-11-22"
	s.send(t, "PUT", "/api/v1"+running, `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1"+over, `{"assignments":{"primary":"Ana Ruiz"}}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
	if s.htmx(t, "GET", running+"/edit?from=2026-11-22&days=7", "").want(http.StatusOK).html().Find(".why").Length() != 0 {
		t.Error("the form of the running shift asks for a reason")
	}
	if s.htmx(t, "GET", over+"/edit?from=2026-11-22&days=7", "").want(http.StatusOK).html().Find(".why").Length() == 0 {
		t.Error("the form of a shift that is over does not ask for a reason")
	}
	s.send(t, "GET", running+"/exchange", "").want(http.StatusOK)
	s.set(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) // 09:00
	s.send(t, "PUT", "/api/v1"+running, `{"note":"late"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "why")
}
