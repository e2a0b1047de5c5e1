package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

// signedIn is a caller of one of the instances.
type signedIn struct {
	p        *pair
	instance int
	header   http.Header
}

func (p *pair) as(t *testing.T, i signin.Identity) signedIn {
	t.Helper()
	return signedIn{p, 0, p.headers(t, 0, kindOfCaller{session: func(world) signin.Identity { return i }}, world{})}
}

func (p *pair) withToken(text string) signedIn {
	return signedIn{p, 1, http.Header{"Authorization": {"Bearer " + text}}}
}

func (c signedIn) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header = c.header.Clone()
	if !strings.HasPrefix(path, "/api/") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	serveHeld(t, c.p.sites[c.instance], w, r)
	return answer{t, method + " " + path, w}
}

var (
	reader = signin.Identity{Subject: "bo", Name: "Bo Chen", Email: "bo@example.org"}
	editor = signin.Identity{Subject: "ana", Name: "Ana  Ruiz", Email: "ana@example.org", Groups: []string{"other"}}
	admin  = signin.Identity{Subject: "root", Name: "Root", Email: "Root@Example.org"}
)

// Whoever asks for a page and is not signed in is sent to sign in, and back; whoever asks
// for anything else is told.
func TestNotSignedIn(t *testing.T) {
	p := newPair(t)
	nobody := signedIn{p: p, header: http.Header{}}
	page := nobody.send(t, "GET", "/teams/other?from=2026-11-23&days=7", "", "Accept", "text/html,*/*;q=0.8").want(http.StatusSeeOther)
	if got, want := page.Header().Get("Location"), "/signin?back="+url.QueryEscape("/teams/other?from=2026-11-23&days=7"); got != want {
		t.Errorf("a page: sent to %s, want %s", got, want)
	}
	nobody.send(t, "GET", "/api/v1/teams", "", "Accept", "text/html").wantProblem(http.StatusUnauthorized, "not-signed-in", "")
	fragment := nobody.send(t, "GET", "/teams/other/days/2026-11-24/edit", "", "Accept", "text/html", "HX-Request", "true").want(http.StatusUnauthorized)
	wantText(t, fragment.html(), "#status", "Reload the page to sign in")
	nobody.send(t, "POST", "/teams/other/days/2026-11-24", "note=x", "Accept", "text/html").want(http.StatusUnauthorized)
	nobody.send(t, "GET", "/teams/other/events", "", "Accept", "text/event-stream").want(http.StatusUnauthorized)
	if got := nobody.send(t, "GET", "/livez", "").want(http.StatusOK).Header().Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control: got %q, want private, no-cache", got)
	}
	// The provider of this test does not answer, and its fault is nobody's here.
	down := nobody.send(t, "GET", "/signin?back=/people", "").want(http.StatusServiceUnavailable).html()
	wantText(t, down, "main", "The sign-in provider does not answer")
	nobody.send(t, "GET", "/signin/callback?state=x&code=y", "").want(http.StatusBadRequest)

	known := p.as(t, reader)
	if got := known.send(t, "GET", "/signin?back=/people", "").want(http.StatusSeeOther).Header().Get("Location"); got != "/people" {
		t.Errorf("signing in again: sent to %s, want /people", got)
	}
	if got := known.send(t, "GET", "/signin?back=//evil.example/", "").want(http.StatusSeeOther).Header().Get("Location"); got != "/" {
		t.Errorf("signing in, to come back to another site: sent to %s, want /", got)
	}
	out := known.send(t, "POST", "/signout", "").want(http.StatusSeeOther)
	if got := out.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-roster-session=;") || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("signing out: got the cookie %q, want it dropped", got)
	}
	wantText(t, nobody.send(t, "GET", "/signed-out", "").want(http.StatusOK).html(), "main", "You are signed out")
	known.send(t, "POST", "/signout", "", "Sec-Fetch-Site", "cross-site").want(http.StatusForbidden)
	p.advance(12 * time.Hour)
	known.send(t, "GET", "/people", "").want(http.StatusUnauthorized)
}

// What a person may not do is not offered.
func TestOnlyWhatOneMayDoIsOffered(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	team := "/teams/" + string(w.team)
	member := signin.Identity{Subject: "m", Name: "Member", Groups: []string{string(w.team)}}
	const all = "form[method=post]:not([action='/signout']), .edit, [hx-get*='/edit'], [hx-put], [hx-post], [hx-delete]"
	for _, c := range []struct {
		path                  string
		reader, member, admin bool // whether anything is offered beyond reading
	}{
		{"/teams", false, false, true},
		{team, false, true, true},
		{team + "?edit=2026-11-23", false, true, true},
		{team + "/days/2026-11-24", false, true, true},
		{team + "/history", false, true, true},
		{team + "/rotations", false, true, true},
		{team + "/settings", false, true, true},
		{team + "/grid", false, true, true},
		{team + "/holidays", false, true, true},
		{team + "/fairness", false, false, false},
		{"/coverage", false, false, false},
		{"/people", false, true, true},
		{"/people/" + string(w.person), false, true, true},
		{"/cluster", false, false, false},
		{"/tokens", true, true, true},
	} {
		for who, want := range map[*signin.Identity]bool{&reader: c.reader, &member: c.member, &admin: c.admin} {
			doc := p.as(t, *who).send(t, "GET", c.path, "").want(http.StatusOK).html()
			if got := doc.Find(all).Length(); (got > 0) != want {
				t.Errorf("%s for %s: got %d things to do, want some: %v", c.path, who.Name, got, want)
			}
		}
	}
	self := signin.Identity{Subject: "s", Name: "Self", Email: "SELF@example.org"}
	doc := p.as(t, self).send(t, "GET", "/people/"+string(w.person), "").want(http.StatusOK).html()
	if doc.Find("form[action$='/absences']").Length() != 1 || doc.Find("form[action$='/remove']").Length() != 0 {
		t.Error("one's own page: want the form for absences, and none to remove oneself")
	}
	memberSettings := p.as(t, member).send(t, "GET", team+"/settings", "").want(http.StatusOK).html()
	if memberSettings.Find(".danger").Length() != 0 {
		t.Error("an editor is offered to remove the team, which only an admin may")
	}
	wantText(t, memberSettings, ".site", "Member")
	if got := text(memberSettings, ".foot"); strings.Contains(got, "no sign-in") {
		t.Errorf("the foot says %q, though there is a sign-in", got)
	}
}

// Who takes somebody off the roster changes each team's, and must be an editor of each.
func TestTakingOffNeedsEveryTeam(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	one, both := signin.Identity{Subject: "m", Groups: []string{"other"}}, signin.Identity{Subject: "n", Groups: []string{"other", string(w.team)}}
	put := func(c signedIn, team roster.TeamID, want int) {
		t.Helper()
		c.send(t, "PUT", "/api/v1/teams/"+string(team)+"/days/2026-11-26", `{"assignments":{"primary":"`+string(w.person)+`"}}`).want(want)
	}
	put(p.as(t, both), w.team, http.StatusOK)
	put(p.as(t, both), "other", http.StatusOK)
	person := "/api/v1/people/" + string(w.person)
	leave := person + "/deactivate"
	p.as(t, one).send(t, "POST", leave, `{"from":"2026-11-25"}`).wantProblem(http.StatusForbidden, "forbidden", "")
	p.as(t, one).send(t, "DELETE", person, "").wantProblem(http.StatusForbidden, "forbidden", "")
	var left struct{ Group string }
	p.as(t, both).send(t, "POST", leave, `{"from":"2026-11-25"}`).want(http.StatusOK).json(&left)
	back := `{"group":"` + left.Group + `"}`
	p.as(t, one).send(t, "POST", person+"/activate", back).wantProblem(http.StatusForbidden, "forbidden", "")
	p.as(t, both).send(t, "POST", person+"/activate", back).want(http.StatusOK)
	p.as(t, both).send(t, "DELETE", person, "").want(http.StatusNoContent)
}

// Without a sign-in the page says so, and the history names the door.
func TestNoSignIn(t *testing.T) {
	s := newSite(t)
	wantText(t, s.send(t, "GET", "/", "").want(http.StatusOK).html(), ".foot", "There is no sign-in: anyone who can open this page may edit.")
	for _, path := range []string{"/signin", "/signin/callback", "/signed-out"} {
		s.send(t, "GET", path, "").want(http.StatusNotFound)
	}
	s.send(t, "POST", "/tokens", "name=x&scope=read&days=7").want(http.StatusForbidden)
	s.htmx(t, "PUT", day, "note=x").want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"note":"y"}`).want(http.StatusOK)
	page := s.send(t, "POST", "/teams/ops/tokens", "name=CI&scope=edit&days=7").want(http.StatusOK).html()
	s.send(t, "PUT", apiDay, `{"note":"z"}`, "Authorization", "Bearer "+attr(page, "#token-text", "value")).want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"note":"!"}`, "Authorization", "Bearer roster_nonsense").wantProblem(http.StatusUnauthorized, "bad-token", "")
	s.send(t, "PUT", apiDay, `{"note":"z"}`, "Authorization", "Bearer of-a-proxy").want(http.StatusOK)
	var actors []string
	for _, c := range s.history(t) {
		actors = append(actors, c.Actor)
	}
	if got := strings.Join(actors, "; "); got != "team ops, token CI; api; page" {
		t.Errorf("who did it: got %s, want the token, api and page", got)
	}
}

// The history has the names of people and tokens.
func TestWhoDidIt(t *testing.T) {
	p := newPair(t)
	ana := p.as(t, editor)
	ana.send(t, "PUT", "/teams/other/days/2026-11-24", "note=1").want(http.StatusOK)
	ana.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"2"}`).want(http.StatusOK)
	token := ana.newToken(t, "/api/v1/tokens", `{"name":"Rota bot","scope":"edit"}`)
	p.withToken(token.Token).send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"3"}`).want(http.StatusOK)
	token = ana.newToken(t, "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit"}`)
	p.withToken(token.Token).send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"4"}`).want(http.StatusOK)
	nameless := signin.Identity{Subject: "x-17", Groups: []string{"other"}}
	p.as(t, nameless).send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"5"}`).want(http.StatusOK)
	var page struct {
		Changes []struct{ Actor, ActorID string }
	}
	ana.send(t, "GET", "/api/v1/teams/other/changes", "").want(http.StatusOK).json(&page)
	for i, want := range []string{"x-17", "team other, token CI", "Ana Ruiz, token Rota bot", "Ana Ruiz", "Ana Ruiz"} {
		if got := page.Changes[i].Actor; got != want {
			t.Errorf("change %d: got %q, want %q", i, got, want)
		}
	}
}

// Anybody can be called what somebody else is called. What identifies them is in the
// history too.
func TestWhoReallyDidIt(t *testing.T) {
	p := newPair(t)
	const otherDay = "/api/v1/teams/other/days/2026-11-24"
	ana, bo := p.as(t, editor), signin.Identity{Subject: "bo", Name: "Ana Ruiz, token Rota bot", Groups: []string{"other"}}
	personal := ana.newToken(t, "/api/v1/tokens", `{"name":"Rota bot","scope":"edit"}`)
	ofTeam := ana.newToken(t, "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit"}`)
	ana.send(t, "PUT", otherDay, `{"note":"1"}`).want(http.StatusOK)
	p.withToken(personal.Token).send(t, "PUT", otherDay, `{"note":"2"}`).want(http.StatusOK)
	p.as(t, bo).send(t, "PUT", otherDay, `{"note":"3"}`).want(http.StatusOK)
	p.withToken(ofTeam.Token).send(t, "PUT", otherDay, `{"note":"4"}`).want(http.StatusOK)
	var page struct {
		Changes []struct{ Actor, ActorID string }
	}
	ana.send(t, "GET", "/api/v1/teams/other/changes", "").want(http.StatusOK).json(&page)
	rows := ana.send(t, "GET", "/teams/other/history", "").want(http.StatusOK).html().Find(".acts > li")
	for i, want := range []struct{ name, id string }{
		{"team other, token CI", "token:" + ofTeam.ID},
		{"Ana Ruiz, token Rota bot", "person:bo"},
		{"Ana Ruiz, token Rota bot", "token:" + personal.ID + " person:" + editor.Subject},
		{"Ana Ruiz", "person:" + editor.Subject},
	} {
		if got := page.Changes[i]; got.Actor != want.name || got.ActorID != want.id {
			t.Errorf("change %d: got %+v, want %+v", i, got, want)
		}
		if got := rows.Eq(i).Text(); !strings.Contains(got, want.name) || !strings.Contains(got, want.id) {
			t.Errorf("change %d on the page: got %q, want %+v in it", i, got, want)
		}
	}
}

type madeToken struct {
	ID, Token, Name, Scope, Team, Owner string
	Expires                             time.Time
	Revoked, LastUsed                   *time.Time
	Live                                bool
}

func (c signedIn) newToken(t *testing.T, path, body string) madeToken {
	t.Helper()
	var made madeToken
	c.send(t, "POST", path, body).want(http.StatusCreated).json(&made)
	return made
}

func (c signedIn) tokens(t *testing.T, path string) []madeToken {
	t.Helper()
	var list struct{ Tokens []madeToken }
	c.send(t, "GET", path, "").want(http.StatusOK).json(&list)
	return list.Tokens
}

// waitFor waits until what happens in the background has happened.
func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if happened() {
			return
		}
	}
	t.Fatalf("%s: not after 20 s", what)
}

// A token is shown once, says when it was used, and is over at once when it is revoked, on
// every instance.
func TestTokenLife(t *testing.T) {
	p := newPair(t)
	ana := p.as(t, editor)
	made := ana.newToken(t, "/api/v1/tokens", `{"name":" Status   page ","scope":"read","days":30}`)
	if made.Name != "Status page" || made.Scope != "read" || made.Owner != "Ana  Ruiz" || !made.Live || !made.Expires.Equal(p.now().AddDate(0, 0, 30)) || !strings.HasPrefix(made.Token, "roster_") || len(made.Token) != 77 {
		t.Errorf("the new token: got %+v, want a live one for 30 days", made)
	}
	if got := ana.tokens(t, "/api/v1/tokens"); len(got) != 1 || got[0].Token != "" || got[0].LastUsed != nil {
		t.Errorf("the list: got %+v, want the token, without its text, never used", got)
	}
	stored, err := p.store.Token(t.Context(), credential.TokenID(made.ID))
	if err != nil || strings.Contains(made.Token, stored.Hash) || stored.Hash != credential.HashSecret(made.Token[34:]) {
		t.Errorf("what is kept: got %+v, %v, want only the hash of the secret", stored, err)
	}
	program := p.withToken(made.Token)
	program.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	used := func(at time.Time) func() bool {
		return func() bool {
			got := ana.tokens(t, "/api/v1/tokens")
			return len(got) == 1 && got[0].LastUsed != nil && got[0].LastUsed.Equal(at)
		}
	}
	first := p.now()
	waitFor(t, "the last use", used(first))
	p.advance(4 * time.Minute)
	for range 20 {
		program.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	}
	if !used(first)() {
		t.Error("the last use was written again after four minutes, want at most every five")
	}
	p.advance(2 * time.Minute)
	program.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	waitFor(t, "the last use, six minutes later", used(p.now()))

	p.as(t, reader).send(t, "DELETE", "/api/v1/tokens/"+made.ID, "").want(http.StatusNotFound)
	ana.send(t, "DELETE", "/api/v1/teams/other/tokens/"+made.ID, "").want(http.StatusNotFound)
	program.send(t, "DELETE", "/api/v1/tokens/"+made.ID, "").wantProblem(http.StatusForbidden, "not-by-token", "")
	ana.send(t, "DELETE", "/api/v1/tokens/"+made.ID, "").want(http.StatusNoContent)
	for instance := range p.sites {
		program.instance = instance
		program.send(t, "GET", "/api/v1/oncall", "").wantProblem(http.StatusUnauthorized, "ended-token", "")
	}
	ana.send(t, "DELETE", "/api/v1/tokens/"+made.ID, "").want(http.StatusNoContent) // again
	if got := ana.tokens(t, "/api/v1/tokens"); got[0].Live || got[0].Revoked == nil || !got[0].Revoked.Equal(p.now()) {
		t.Errorf("the revoked token: got %+v, want it said when", got[0])
	}
	p.advance(credential.TokenMemory + time.Second)
	if got := p.as(t, editor).tokens(t, "/api/v1/tokens"); len(got) != 0 {
		t.Errorf("long after: got %+v, want it listed no more", got)
	}

	ana = p.as(t, editor)
	other := ana.newToken(t, "/api/v1/tokens", `{"name":"x","scope":"read"}`)
	p.as(t, admin).send(t, "POST", "/tokens/"+other.ID+"/revoke", "").want(http.StatusSeeOther)
	p.withToken(other.Token).send(t, "GET", "/api/v1/oncall", "").want(http.StatusUnauthorized)
}

func TestTokenForm(t *testing.T) {
	p := newPair(t)
	ana := p.as(t, editor)
	for body, field := range map[string]string{
		`{"scope":"read"}`:                         "name",
		`{"name":"x"}`:                             "scope",
		`{"name":"x","scope":"admin"}`:             "scope",
		`{"name":"x","scope":"read","days":0}`:     "days",
		`{"name":"x","scope":"read","days":367}`:   "days",
		`{"name":"x","scope":"read","days":-1e18}`: "days",
	} {
		ana.send(t, "POST", "/api/v1/tokens", body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	doc := ana.send(t, "POST", "/tokens", "name=&scope=edit&days=soon").want(http.StatusUnprocessableEntity).html()
	wantText(t, doc, "form", "give a number of days")
	if got := attr(doc, "option[selected]", "value"); got != "edit" {
		t.Errorf("the form keeps the scope %q, want edit", got)
	}
	shown := ana.send(t, "POST", "/teams/other/tokens", "name=CI&scope=edit&days=7").want(http.StatusOK)
	if got := shown.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page with a new token: got Cache-Control %q, want no-store", got)
	}
	secret := attr(shown.html(), "#token-text", "value")
	again := ana.send(t, "GET", "/teams/other/tokens", "").want(http.StatusOK)
	if secret == "" || strings.Contains(again.Body.String(), secret) {
		t.Error("the token is shown again, or was not shown at all")
	}
	for range credential.MaxTokens - 1 {
		ana.send(t, "POST", "/api/v1/teams/other/tokens", `{"name":"x","scope":"read"}`).want(http.StatusCreated)
	}
	ana.send(t, "POST", "/api/v1/teams/other/tokens", `{"name":"x","scope":"read"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "")
}

// A personal token may do what its owner may do now, and never what only an admin may.
func TestTokensFollowTheirOwners(t *testing.T) {
	p := newPair(t)
	token := p.as(t, editor).newToken(t, "/api/v1/tokens", `{"name":"bot","scope":"edit"}`)
	bot := p.withToken(token.Token)
	bot.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"1"}`).want(http.StatusOK)
	left := editor
	left.Groups = nil
	p.as(t, left).send(t, "GET", "/people", "").want(http.StatusOK)
	waitFor(t, "the token of who left the team", func() bool {
		return bot.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"note":"2"}`).Code == http.StatusForbidden
	})
	bot.send(t, "GET", "/api/v1/teams/other/days/2026-11-24", "").want(http.StatusOK)

	asAdmin := p.as(t, admin).newToken(t, "/api/v1/tokens", `{"name":"bot","scope":"edit"}`)
	p.withToken(asAdmin.Token).send(t, "POST", "/api/v1/teams", `{"name":"x"}`).wantProblem(http.StatusForbidden, "not-by-token", "")

	// A token cannot make more of itself.
	ofTeam := p.as(t, admin).newToken(t, "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit"}`)
	program := p.withToken(ofTeam.Token)
	program.send(t, "PUT", "/api/v1/teams/other", `{"name":"Other","editors":["mallory"]}`).wantProblem(http.StatusForbidden, "not-by-token", "")
	program.send(t, "PUT", "/api/v1/teams/other", `{"name":"Other","openEditing":true}`).wantProblem(http.StatusForbidden, "not-by-token", "")
	program.send(t, "PUT", "/api/v1/teams/other", `{"name":"Others"}`).want(http.StatusOK)
	p.as(t, admin).send(t, "DELETE", "/api/v1/teams/other", "").want(http.StatusNoContent)
	program.send(t, "GET", "/api/v1/oncall", "").wantProblem(http.StatusUnauthorized, "ended-token", "")
}

// A team lists its editors, or lets everybody edit.
func TestWhoEditsATeam(t *testing.T) {
	p := newPair(t)
	ana, bo := p.as(t, editor), p.as(t, reader)
	edit := func(want int) {
		t.Helper()
		bo.send(t, "PUT", "/teams/other/days/2026-11-24", "note=x").want(want)
	}
	save := func(fields string) {
		t.Helper()
		doc := ana.send(t, "GET", "/teams/other/settings", "").want(http.StatusOK).html()
		ana.send(t, "POST", "/teams/other/settings", "name=Other&roles=Primary&zone=UTC&handOff=09:00&from=2026-11-23&revision="+
			attr(doc, "form[action$=settings] [name=revision]", "value")+fields).want(http.StatusSeeOther)
	}
	edit(http.StatusForbidden)
	save("&editors=cleo%40example.org,+BO%40example.org")
	edit(http.StatusOK)
	doc := ana.send(t, "GET", "/teams/other/settings", "").want(http.StatusOK).html()
	if got := attr(doc, "#f-editors", "value"); got != "cleo@example.org, BO@example.org" {
		t.Errorf("the editors in the form: got %q", got)
	}
	save("&editors=")
	edit(http.StatusForbidden)
	save("&openEditing=yes")
	edit(http.StatusOK)
	bo.send(t, "POST", "/teams/other/remove", "").want(http.StatusForbidden)
	// A name that the sign-in does not vouch for makes nobody an admin.
	unverified := signin.Identity{Subject: "mallory", Name: "root@example.org"}
	p.as(t, unverified).send(t, "POST", "/teams", "name=x&zone=UTC&handOff=09:00&roles=Primary").want(http.StatusForbidden)
	p.as(t, admin).send(t, "PUT", "/api/v1/teams/other", `{"name":"Other","editors":["a\u0000b"]}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "editors")
}

// A stream ends with the session or the token that opened it.
func TestStreamsEnd(t *testing.T) {
	p := newPair(t)
	ana := p.as(t, editor)
	token := ana.newToken(t, "/api/v1/tokens", `{"name":"wall","scope":"read"}`)
	bySession := httptest.NewRequestWithContext(t.Context(), "GET", "/teams/other/events", nil)
	bySession.Header = ana.header
	byToken := httptest.NewRequestWithContext(t.Context(), "GET", "/teams/other/events", nil)
	byToken.Header.Set("Authorization", "Bearer "+token.Token)
	may := func(r *http.Request, want bool, when string) {
		t.Helper()
		if got := p.sites[0].StillMayRead(r); got != want {
			t.Errorf("%s: got %v, want %v", when, got, want)
		}
	}
	may(byToken, true, "the token's stream")
	ana.send(t, "DELETE", "/api/v1/tokens/"+token.ID, "").want(http.StatusNoContent)
	may(byToken, false, "the stream of a revoked token")
	may(bySession, true, "the session's stream")
	p.advance(12 * time.Hour)
	may(bySession, false, "the stream of a session that is over")
}
