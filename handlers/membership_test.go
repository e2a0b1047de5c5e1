package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"dailyroster/signin"
)

// Whoever is called like an admin's or an editor's address, without having it, is neither.
func TestAddressesAreNotNames(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	team := "/api/v1/teams/" + string(w.team)
	p.as(t, admin).send(t, "PUT", team, `{"name":"T","editors":["ed@example.org"]}`).want(http.StatusOK)
	for _, c := range []struct {
		who  signin.Identity
		want int
	}{
		{signin.Identity{Subject: "root@example.org"}, http.StatusForbidden},
		{signin.Identity{Subject: "ed@example.org", Email: "other@example.org"}, http.StatusForbidden},
		{signin.Identity{Subject: "x", Email: "ed@example.org"}, http.StatusOK},
	} {
		p.as(t, c.who).send(t, "PUT", team+"/days/2026-11-26", `{"note":"x"}`).want(c.want)
	}
}

// A team that lets everybody edit its roster makes nobody an editor of people, nor of who
// edits the team; not by its tokens either.
func TestOpenTeams(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	team, person := "/api/v1/teams/"+string(w.team), "/api/v1/people/"+string(w.person)
	p.as(t, admin).send(t, "PUT", team, `{"name":"T","openEditing":true,"editors":["ed@example.org"]}`).want(http.StatusOK)
	bo := p.as(t, reader)
	bo.send(t, "PUT", team+"/days/2026-11-26", `{"note":"x"}`).want(http.StatusOK)
	bo.send(t, "PUT", team, `{"name":"Renamed"}`).want(http.StatusOK)
	token := bo.newToken(t, team+"/tokens", `{"name":"CI","scope":"edit"}`)
	for _, c := range []signedIn{bo, p.withToken(token.Token)} {
		c.send(t, "PUT", person, `{"name":"Taken over","phone":"+49 1"}`).wantProblem(http.StatusForbidden, "forbidden", "")
		c.send(t, "POST", "/api/v1/people", `{"name":"New"}`).wantProblem(http.StatusForbidden, "forbidden", "")
	}
	bo.send(t, "GET", "/people/"+string(w.person)+"/feeds", "").want(http.StatusForbidden)
	for _, body := range []string{`{"name":"T","editors":["bo@example.org"]}`, `{"name":"T","openEditing":false}`} {
		bo.send(t, "PUT", team, body).wantProblem(http.StatusForbidden, "forbidden", "")
	}
	page := "/teams/" + string(w.team) + "/settings"
	if form := bo.send(t, "GET", page, "").want(http.StatusOK).html().Find("[name=name], [name=editors], [name=openEditing]"); form.Length() != 1 {
		t.Errorf("the settings for whoever edits as everybody may: got %d fields, want the name alone of three", form.Length())
	}
	sent := formOf(t, p.as(t, admin).send(t, "GET", page, "").want(http.StatusOK).html())
	bo.send(t, "POST", page, with(sent, "editors", "bo@example.org")).want(http.StatusForbidden)
	bo.send(t, "POST", page, with(sent, "name", "Again")).want(http.StatusSeeOther)
	is, err := p.store.Team(t.Context(), w.team)
	if err != nil || !is.OpenEditing || strings.Join(is.Editors, " ") != "ed@example.org" || is.Name != "Again" {
		t.Errorf("the team: got %+v, %v, want its name changed and nothing else", is, err)
	}
	byName := signin.Identity{Subject: "x", Email: "ed@example.org"}
	p.as(t, byName).send(t, "PUT", person, `{"name":"By an editor"}`).want(http.StatusOK)
}

// A person's feeds are theirs, and for editors of a team that the person is in.
func TestFeedsAreForOnesOwnTeams(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	person := "/people/" + string(w.person)
	put := func(date string) {
		p.as(t, admin).send(t, "PUT", "/api/v1/teams/other/days/"+date, `{"assignments":{"primary":"`+string(w.person)+`"},"why":"x"}`).want(http.StatusOK)
	}
	check := func(when string, want bool) {
		t.Helper()
		status := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[want]
		p.as(t, editor).send(t, "GET", person+"/feeds", "").want(status)
		p.as(t, editor).send(t, "POST", person+"/feeds", "name=New").want(status)
		offered := p.as(t, editor).send(t, "GET", person, "").want(http.StatusOK).html().Find("a[href$='/feeds']").Length() > 0
		if offered != want {
			t.Errorf("%s: feeds are offered: got %v, want %v", when, offered, want)
		}
	}
	check("in no team", false)
	put("2026-11-20")
	check("after their last day", false)
	put("2026-11-25")
	check("with a day to come", true)
	p.as(t, admin).send(t, "DELETE", "/api/v1/teams/other/days/2026-11-25", "").want(http.StatusOK)
	check("with that day cleared", false)
	rotation := `{"name":"Other","rotations":[{"id":"r","name":"R","role":"primary","versions":[{"from":"2026-12-01","weekdays":["mon"],"daysPerTurn":1,"people":["` + string(w.person) + `"]}]}]}`
	p.as(t, admin).send(t, "PUT", "/api/v1/teams/other", rotation).want(http.StatusOK)
	check("in a rotation", true)
	p.as(t, signin.Identity{Subject: "s", Email: "self@example.org"}).send(t, "GET", person+"/feeds", "").want(http.StatusOK)
	p.as(t, reader).send(t, "GET", person+"/feeds", "").want(http.StatusForbidden)
}

// Somebody who was deactivated stays so, whatever else of their entry they may change.
func TestActiveIsNotOnesOwn(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	person := "/api/v1/people/" + string(w.person)
	self := p.as(t, signin.Identity{Subject: "s", Email: "self@example.org"})
	const as = `{"name":"Me","email":"self@example.org","active":`
	self.send(t, "PUT", person, as+`false}`).wantProblem(http.StatusForbidden, "forbidden", "active")
	p.as(t, editor).send(t, "PUT", person, as+`false}`).want(http.StatusOK)
	self.send(t, "PUT", person, as+`true}`).wantProblem(http.StatusForbidden, "forbidden", "active")
	revision := func() string {
		is, err := p.store.Person(t.Context(), w.person)
		if err != nil {
			t.Fatal(err)
		}
		return string(is.Revision)
	}
	got := self.send(t, "POST", "/people/"+string(w.person), "name=Me&email=self@example.org&active=yes&revision="+revision()).want(http.StatusForbidden).html()
	wantText(t, got, "main", "active")
	self.send(t, "PUT", person, as+`false,"absences":[{"from":"2026-12-07","to":"2026-12-13","note":""}]}`).want(http.StatusOK)
	self.send(t, "POST", "/people/"+string(w.person), "name=Me+Too&email=self@example.org&revision="+revision()).want(http.StatusSeeOther)
	if is, err := p.store.Person(t.Context(), w.person); err != nil || is.Active || is.Name != "Me Too" || len(is.Absences) != 1 {
		t.Errorf("the person: got %+v, %v, want another name and an absence, and not active", is, err)
	}
	p.as(t, editor).send(t, "PUT", person, as+`true}`).want(http.StatusOK)
}
