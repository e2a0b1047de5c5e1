package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

const apiDay = "/api/v1" + day

type apiDayJSON struct {
	Date        string
	Assignments map[string]*struct{ ID, Name string }
	Note        string
	Revision    string
}

func TestAPIDay(t *testing.T) {
	s := newSite(t)
	var d apiDayJSON
	res := s.send(t, "GET", apiDay, "").want(http.StatusOK)
	res.json(&d)
	if d.Revision != "" || d.Assignments["primary"] != nil || res.Header().Get("ETag") != `""` {
		t.Errorf("an untouched day: got %+v, ETag %s, want empty", d, res.Header().Get("ETag"))
	}
	if got := strings.TrimSpace(res.Body.String()); !strings.Contains(got, `"assignments":{"primary":null,"secondary":null}`) {
		t.Errorf("the assignments of an untouched day: got %s, want every role with null", got)
	}
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"},"note":"hi"}`, "If-None-Match", "*").want(http.StatusOK).json(&d)
	if p := d.Assignments["primary"]; p == nil || p.ID != "ana-ruiz" || p.Name != "Ana Ruiz" || d.Note != "hi" {
		t.Fatalf("after PUT: got %+v, want ana-ruiz, Ana Ruiz", d)
	}
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Bo"}}`, "If-None-Match", "*").wantProblem(http.StatusPreconditionFailed, "exists", "")

	tag := s.send(t, "GET", apiDay, "").Header().Get("ETag")
	if tag != `"`+d.Revision+`"` {
		t.Errorf("ETag: got %s, want the revision %s", tag, d.Revision)
	}
	if got := s.send(t, "GET", apiDay, "", "If-None-Match", "W/"+tag).want(http.StatusNotModified).Body.Len(); got != 0 {
		t.Errorf("304: got %d bytes, want none", got)
	}
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":{"id":"ana-ruiz"},"secondary":"ANA RUIZ"}}`, "If-Match", tag).want(http.StatusOK).json(&d)
	if d.Assignments["secondary"].ID != "ana-ruiz" || d.Note != "" {
		t.Errorf("by id and by name in another case: got %+v, want ana-ruiz twice and no note", d)
	}
	s.send(t, "PUT", apiDay, `{}`, "If-Match", tag).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "DELETE", apiDay, "", "If-Match", tag).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "PUT", apiDay, `{"revision":"`+strings.Trim(tag, `"`)+`"}`).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")

	round := s.send(t, "GET", apiDay, "").Body.String()
	var same apiDayJSON
	s.send(t, "PUT", apiDay, round).want(http.StatusOK).json(&same)
	if same.Revision != d.Revision {
		t.Errorf("an answer sent back: got revision %s, want %s, as nothing changed", same.Revision, d.Revision)
	}
	var cleared apiDayJSON
	s.send(t, "DELETE", apiDay, "").want(http.StatusOK).json(&cleared)
	if cleared.Assignments["primary"] != nil || cleared.Revision == d.Revision {
		t.Errorf("after DELETE: got %+v, want an empty day at a new revision", cleared)
	}
	s.send(t, "PUT", apiDay, `{"note":"new"}`, "If-None-Match", "*").want(http.StatusOK)
}

func TestIdempotencyKey(t *testing.T) {
	s := newSite(t)
	put := func(body string) answer {
		return s.send(t, "PUT", apiDay, body, "Idempotency-Key", "key-1", "If-None-Match", "*")
	}
	first := put(`{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Bo Chen"}}`).want(http.StatusOK)
	again := put(`{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	if again.Body.String() != first.Body.String() || again.Header().Get("ETag") != first.Header().Get("ETag") {
		t.Errorf("the repeat: got %s, want as first %s", again.Body, first.Body)
	}
	if got := len(s.history(t)); got != 2 {
		t.Errorf("the history: got %d changes, want 2", got)
	}
	put(`{"assignments":{"primary":"Cleo"}}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"Cleo"}}`, "Idempotency-Key", "key-1").want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{}`, "Idempotency-Key", strings.Repeat("k", 201)).wantProblem(http.StatusBadRequest, "bad-request", "")
}

func TestAPIDays(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-12-31", `{"note":"last"}`).want(http.StatusOK)
	var list struct{ Days []apiDayJSON }
	s.send(t, "GET", "/api/v1/teams/ops/days?from=2026-01-01&to=2026-12-31", "").want(http.StatusOK).json(&list)
	if len(list.Days) != 365 || list.Days[364].Note != "last" || list.Days[0].Date != "2026-01-01" {
		t.Errorf("a year: got %d days, want 365 from the first to the note on the last", len(list.Days))
	}
	for query, detail := range map[string]string{
		"from=2026-02-30": "not a date", "from=2026-12-01&to=2026-11-01": "reversed", "from=2026-01-01&to=2027-01-02": "longer than 366",
		"from=1969-12-31": "outside the years", "to=10000-01-01": "not a date", "from=tomorrow": "not a date", "from=9999-12-31": "after the year 9999",
	} {
		res := s.send(t, "GET", "/api/v1/teams/ops/days?"+query, "")
		res.wantProblem(http.StatusBadRequest, "bad-request", "")
		if !strings.Contains(res.Body.String(), detail) {
			t.Errorf("%s: got %s, want it to say %q", query, res.Body, detail)
		}
	}
	s.send(t, "GET", "/api/v1/teams/ops/days?from=2024-01-01&to=2024-12-31", "").want(http.StatusOK)
}

func TestOnCall(t *testing.T) {
	s := newSite(t)
	for d, who := range map[string]string{"2026-11-23": "Ana Ruiz", "2026-11-24": "Ana Ruiz", "2026-11-25": "Bo Chen"} {
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+d, `{"assignments":{"primary":"`+who+`"}}`).want(http.StatusOK)
	}
	type duty struct {
		Role   struct{ ID string }
		Person *struct{ ID, Name string }
		Date   string
		Until  *string
		Next   *struct {
			Person *struct{ ID string }
			From   string
		}
	}
	var now struct {
		Team  struct{ ID string }
		Roles []duty
	}
	s.send(t, "GET", "/api/v1/teams/ops/oncall", "").want(http.StatusOK).json(&now)
	p := now.Roles[0]
	if p.Role.ID != "primary" || p.Person.ID != "ana-ruiz" || *p.Until != "2026-11-25T09:00:00+01:00" || p.Next.Person.ID != "bo-chen" || p.Next.From != *p.Until {
		t.Errorf("primary: got %+v, want ana-ruiz until Wednesday 09:00, then bo-chen", p)
	}
	if second := now.Roles[1]; second.Person != nil || second.Until != nil || second.Next != nil {
		t.Errorf("secondary: got %+v, want nobody with no end in sight", second)
	}
	for at, want := range map[string]string{
		"2026-11-23T07:59:59Z": "\n", "2026-11-23T08:00:00Z": "Ana Ruiz\n", "2026-11-25T08:59:59%2B01:00": "Ana Ruiz\n", "2026-11-25T09:00:00%2B01:00": "Bo Chen\n",
	} {
		res := s.send(t, "GET", "/api/v1/teams/ops/oncall?at="+at, "", "Accept", "text/plain").want(http.StatusOK)
		if res.Body.String() != want || res.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("at %s: got %q, want %q as text", at, res.Body, want)
		}
	}
	s.send(t, "GET", "/api/v1/teams/ops/oncall?at=noon", "").wantProblem(http.StatusBadRequest, "bad-request", "")
	if got := s.send(t, "GET", "/api/v1/oncall", "", "Accept", "text/plain").Body.String(); got != "Ana Ruiz\n" {
		t.Errorf("the only team as text: got %q, want the name alone", got)
	}
	s.send(t, "POST", "/api/v1/teams", `{"name":"Web"}`).want(http.StatusCreated)
	if got := s.send(t, "GET", "/api/v1/oncall", "", "Accept", "text/plain").Body.String(); got != "ops\tAna Ruiz\nweb\t\n" {
		t.Errorf("two teams as text: got %q", got)
	}
	var all struct{ Teams []struct{ Roles []duty } }
	s.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK).json(&all)
	if len(all.Teams) != 2 || all.Teams[0].Roles[0].Person.Name != "Ana Ruiz" {
		t.Errorf("every team: got %+v, want two, the first with Ana Ruiz", all)
	}
}

func TestAPITeams(t *testing.T) {
	s := newSite(t)
	res := s.send(t, "POST", "/api/v1/teams", `{"name":"Web Team","roles":["Lead",{"id":"b","name":"Back-up"}],"settings":[{"zone":"Asia/Kathmandu","handOff":"07:15"}]}`).want(http.StatusCreated)
	if got := res.Header().Get("Location"); got != "/api/v1/teams/web-team" {
		t.Fatalf("Location: got %q", got)
	}
	team := s.send(t, "GET", "/api/v1/teams/web-team", "").want(http.StatusOK)
	if got := team.Body.String(); !strings.Contains(got, `"roles":[{"id":"lead","name":"Lead"},{"id":"b","name":"Back-up"}],"settings":[{"from":"","zone":"Asia/Kathmandu","handOff":"07:15"}]`) {
		t.Errorf("the team: got %s", got)
	}
	s.send(t, "POST", "/api/v1/teams", `{"name":"Web Team"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "id")
	s.send(t, "PUT", "/api/v1/teams/web-team", team.Body.String(), "If-Match", team.Header().Get("ETag")).want(http.StatusOK)
	s.send(t, "PUT", "/api/v1/teams/web-team", `{"name":"Web"}`, "If-Match", team.Header().Get("ETag")).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "PUT", "/api/v1/teams/web-team", `{"name":"Web","settings":[{"zone":"UTC"}]}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "settings")
	for body, field := range map[string]string{
		`{"name":""}`:                                                    "name",
		`{"name":"X","id":"Not OK"}`:                                     "id",
		`{"name":"X","roles":[]}`:                                        "roles",
		`{"name":"X","roles":["A","a"]}`:                                 "roles.1",
		`{"name":"X","roles":[7]}`:                                       "roles.0",
		`{"name":"X","roles":["note"]}`:                                  "roles.0",
		`{"name":"X","settings":[{"zone":"Mars/Olympus"}]}`:              "settings.0.zone",
		`{"name":"X","settings":[{"zone":"UTC","handOff":"9 o'clock"}]}`: "settings.0.handOff",
		`{"name":"X","settings":[{"zone":"UTC"},{"zone":"UTC","from":"2026-02-30"}]}`: "settings.1.from",
		`{"name":"X","colour":"red"}`: "colour",
		`{"name":7}`:                  "name",
	} {
		s.send(t, "POST", "/api/v1/teams", body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	s.send(t, "DELETE", "/api/v1/teams/web-team", "").want(http.StatusNoContent)
	s.send(t, "GET", "/api/v1/teams/web-team", "").wantProblem(http.StatusNotFound, "not-found", "")
	if got := s.send(t, "GET", "/api/v1/teams", "").Body.String(); strings.Contains(got, "web-team") {
		t.Error("a removed team is listed")
	}
}

func TestAPIPeople(t *testing.T) {
	s := newSite(t)
	if got := s.send(t, "GET", "/api/v1/people", "").want(http.StatusOK).Body.String(); got != "{\"people\":[]}\n" {
		t.Errorf("no people: got %q, want an empty list", got)
	}
	s.send(t, "POST", "/api/v1/people", `{"name":"王芳","email":"wf@example.org"}`).want(http.StatusCreated)
	first := s.send(t, "POST", "/api/v1/people", `{"name":"John Smith"}`).want(http.StatusCreated).Header().Get("Location")
	second := s.send(t, "POST", "/api/v1/people", `{"name":"John Smith"}`).want(http.StatusCreated).Header().Get("Location")
	if first != "/api/v1/people/john-smith" || second != "/api/v1/people/john-smith-2" {
		t.Errorf("two people of one name: got %s and %s", first, second)
	}
	tag := s.send(t, "GET", first, "").Header().Get("ETag")
	s.send(t, "PUT", first, `{"name":"John A. Smith","zone":"Pacific/Apia"}`, "If-Match", tag).want(http.StatusOK)
	s.send(t, "PUT", first, `{"name":"John B. Smith"}`, "If-Match", tag).wantProblem(http.StatusPreconditionFailed, "stale-revision", "")
	s.send(t, "POST", "/api/v1/people", `{"id":"john-smith","name":"Other"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "id")
	for body, field := range map[string]string{
		`{"name":"` + strings.Repeat("x", 81) + `"}`: "name", `{"name":""}`: "name", `{"name":"\u0007"}`: "name",
		`{"name":"X","email":"x"}`: "email", `{"name":"X","phone":"x"}`: "phone", `{"name":"X","zone":"x"}`: "zone", `{"nam":"X"}`: "nam",
	} {
		s.send(t, "POST", "/api/v1/people", body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	s.send(t, "DELETE", second, "").want(http.StatusNoContent)
	s.send(t, "GET", second, "").wantProblem(http.StatusNotFound, "not-found", "")
}

func TestAPIChanges(t *testing.T) {
	s := newSite(t)
	var ids []string
	for _, who := range []string{"Ana", "Bo", "Cleo"} {
		var d apiDayJSON
		s.send(t, "PUT", apiDay, `{"assignments":{"primary":"`+who+`"}}`).want(http.StatusOK).json(&d)
		ids = append(ids, d.Revision)
	}
	var page struct {
		Changes []struct {
			ID, Role, Actor, Why string
			From, To             *struct{ Name string }
		}
		Next *string
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=2", "").want(http.StatusOK).json(&page)
	if len(page.Changes) != 2 || page.Next == nil || page.Changes[0].ID != ids[2] || page.Changes[0].From.Name != "Bo" || page.Changes[0].To.Name != "Cleo" || page.Changes[0].Role != "primary" {
		t.Fatalf("the first two: got %+v, want Bo → Cleo first and a cursor", page)
	}
	next := *page.Next
	s.send(t, "GET", "/api/v1/teams/ops/changes?limit=2&cursor="+next, "").want(http.StatusOK).json(&page)
	if len(page.Changes) != 1 || page.Next != nil || page.Changes[0].From != nil {
		t.Errorf("the rest: got %+v, want the first change alone", page)
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?since="+ids[1], "").want(http.StatusOK).json(&page)
	if len(page.Changes) != 1 || page.Changes[0].ID != ids[2] {
		t.Errorf("since the second: got %+v, want the third", page.Changes)
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?since=01ARZ3NDEKTSV4RRFFQ69G5FAW", "").wantProblem(http.StatusNotFound, "not-found", "")
	for _, query := range []string{"since=x", "limit=0", "limit=501", "cursor=zz", "date=2026-13-01"} {
		s.send(t, "GET", "/api/v1/teams/ops/changes?"+query, "").wantProblem(http.StatusBadRequest, "bad-request", "")
	}
}

// A request that a proxy sends again, with the key that it gave it, is one write.
func TestIdempotencyKeyOfTeamsAndPeople(t *testing.T) {
	s := newSite(t)
	twice := func(method, path, body string, status int, header ...string) answer {
		t.Helper()
		header = append(header, "Idempotency-Key", "again")
		first := s.send(t, method, path, body, header...).want(status)
		second := s.send(t, method, path, body, header...).want(status)
		if first.Body.String() != second.Body.String() || first.Header().Get("ETag") != second.Header().Get("ETag") {
			t.Errorf("%s %s again: got %s, want as first %s", method, path, second.Body, first.Body)
		}
		return first
	}
	person := twice("POST", "/api/v1/people", `{"name":"John Smith"}`, http.StatusCreated)
	twice("PUT", "/api/v1/people/john-smith", `{"name":"John A. Smith"}`, http.StatusOK, "If-Match", person.Header().Get("ETag"))
	team := twice("POST", "/api/v1/teams", `{"name":"Web"}`, http.StatusCreated)
	twice("PUT", "/api/v1/teams/web", `{"name":"Web and Mobile"}`, http.StatusOK, "If-Match", team.Header().Get("ETag"))
	twice("POST", "/people", "name=Ana+Ruiz", http.StatusSeeOther)
	twice("DELETE", "/api/v1/teams/web/days/2026-11-24", "", http.StatusOK)
	s.send(t, "POST", "/api/v1/people", `{"name":"Bo Chen"}`).want(http.StatusCreated)
	for _, path := range []string{"/api/v1/people/bo-chen", "/api/v1/teams/web"} {
		twice("DELETE", path, "", http.StatusNoContent, "If-Match", s.send(t, "GET", path, "").want(http.StatusOK).Header().Get("ETag"))
		s.send(t, "DELETE", path, "", "Idempotency-Key", "another").wantProblem(http.StatusNotFound, "not-found", "")
		s.send(t, "DELETE", path, "").wantProblem(http.StatusNotFound, "not-found", "")
		s.send(t, "GET", path, "", "Idempotency-Key", "again").wantProblem(http.StatusNotFound, "not-found", "")
	}
	twice("PUT", "/teams/ops/days/2026-11-24", "primary=Ana+Ruiz", http.StatusOK)
	if got := strings.Count(s.send(t, "GET", "/api/v1/people", "").Body.String(), `"id"`); got != 2 {
		t.Errorf("people after everything twice: got %d, want 2", got)
	}
}

// A key that comes with another body is refused, and nobody is told that what they sent is
// stored when it is not.
func TestReusedKeysOfTeamsAndPeople(t *testing.T) {
	s := newSite(t)
	put := func(method, path, body string) answer {
		t.Helper()
		return s.send(t, method, path, body, "Idempotency-Key", "k")
	}
	put("POST", "/api/v1/people", `{"name":"Ana Ruiz"}`).want(http.StatusCreated)
	put("POST", "/api/v1/people", `{"name":"Ana Ruiz","phone":"+34 600"}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	put("POST", "/api/v1/people", `{"id":"bo","name":"Bo"}`).want(http.StatusCreated)
	put("POST", "/api/v1/people", `{"id":"bo","name":"Not Bo"}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	put("POST", "/api/v1/teams", `{"name":"Web"}`).want(http.StatusCreated)
	put("POST", "/api/v1/teams", `{"name":"Web","agreeFirst":true}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	put("PUT", "/api/v1/teams/web", `{"name":"Web","editors":["ana@example.org","bo@example.org"]}`).want(http.StatusOK)
	for range 2 {
		put("PUT", "/api/v1/teams/web", `{"name":"Web","editors":["ana@example.org"]}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	}
	put("PUT", "/api/v1/teams/web", `{"name":"Web","editors":["ana@example.org","bo@example.org"]}`).want(http.StatusOK) // again
	put("PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","phone":"+34 600"}`).want(http.StatusOK)
	put("PUT", "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","phone":""}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	if got := s.send(t, "GET", "/api/v1/people/ana-ruiz", "").Body.String(); !strings.Contains(got, "+34 600") {
		t.Errorf("the person: got %s, want what was stored first", got)
	}
}

// Two callers who choose the same key do not get in each other's way.
func TestKeysBelongToTheirCallers(t *testing.T) {
	p := newPair(t)
	const otherDay = "/api/v1/teams/other/days/2026-11-24"
	put := func(c signedIn, body string) answer { return c.send(t, "PUT", otherDay, body, "Idempotency-Key", "1") }
	put(p.as(t, editor), `{"note":"Ana's"}`).want(http.StatusOK)
	put(p.as(t, admin), `{"note":"Root's"}`).want(http.StatusOK)
	token := p.as(t, editor).newToken(t, "/api/v1/tokens", `{"name":"CI","scope":"edit"}`)
	put(p.withToken(token.Token), `{"note":"CI's"}`).want(http.StatusOK)
	put(p.as(t, editor), `{"note":"Ana's"}`).want(http.StatusOK) // again, which changes nothing
	put(p.as(t, editor), `{"note":"Ana's other"}`).wantProblem(http.StatusUnprocessableEntity, "idempotency-key-reused", "")
	var day struct{ Note string }
	p.as(t, editor).send(t, "GET", otherDay, "").want(http.StatusOK).json(&day)
	if day.Note != "CI's" {
		t.Errorf("the day: got the note %q, want the last caller's", day.Note)
	}
}
