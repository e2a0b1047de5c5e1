package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"dailyroster/handlers"
	"dailyroster/handlers/hooks"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
	"dailyroster/store/storetest"
)

// How a person of these tests is reached: no part of it stands in any other value.
const (
	hushEmail = "hush-mail@secret.example"
	hushPhone = "+49 (0)30 5550666"
	hushChat  = "hush-handle"
)

// inTeams lets only people in the same team read how somebody is reached.
func inTeams(cfg *handlers.Config) {
	cfg.Contacts = web.ContactsTeams
	link, err := web.ParseChatLink("https://chat.example.org/direct/{chat}")
	if err != nil {
		panic(err)
	}
	cfg.ChatLink = link
}

// withCommands lets chats ask.
func withCommands(cfg *handlers.Config) {
	cfg.Commands = hooks.Secrets{Slack: signingSecret, Mattermost: []string{commandToken}}
}

// newReached is a world whose person is on call now, and can be reached.
func (p *pair) newReached(t *testing.T, owner string) world {
	t.Helper()
	w := p.newWorld(t, owner)
	person, err := p.store.Person(t.Context(), w.person)
	if err != nil {
		t.Fatal(err)
	}
	was := person.Revision
	person.Email, person.Phone, person.Chat, person.Revision = hushEmail, hushPhone, hushChat, storetest.NewID()
	if err := p.store.PutPerson(t.Context(), person, was); err != nil {
		t.Fatal(err)
	}
	edit := roster.Edit{Change: storetest.NewID(), Actor: roster.Actor{Name: "test"}, Why: roster.WhyEdit, Time: p.now()}
	for d := (roster.Date{Year: 2026, Month: 11, Day: 22}); d.Day <= 24; d = d.AddDays(1) {
		edit.Days = append(edit.Days, roster.DayEdit{Day: roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{"primary": w.person}}})
	}
	if _, err := p.store.Save(t.Context(), w.team, edit); err != nil {
		t.Fatal(err)
	}
	return w
}

// reached reports whether a text says anything of how the person is reached.
func reached(text string) bool {
	for _, part := range []string{"hush", "secret.example", "5550666"} {
		if strings.Contains(strings.ToLower(text), part) {
			return true
		}
	}
	return false
}

// outside are callers who are in no team of a world's person.
var outside = []string{"none", "reader", "editor of another team", "token of another team, edit", "an admin's token, edit", "the secret of a feed", "expired token"}

// The queries that would find the person by their email.
var finds = map[string]string{
	"GET /people": "?q=hush-mail", "GET /search": "?q=hush-mail", "GET /people/suggestions": "?q=hush-mail",
	"GET /api/v1/oncall": "?as=phone", "GET /api/v1/teams/{team}/oncall": "?as=email",
	"GET /api/v1/people": "?q=hush-mail", "GET /api/v1/search": "?q=secret.example",
}

// No answer of any route says how somebody is reached, if the caller is in no team of theirs.
func TestContactsAreHiddenOnEveryRoute(t *testing.T) {
	all, err := newPair(t).sites[0].Routes()
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	t.Run("routes", func(t *testing.T) {
		for _, route := range all {
			t.Run(route, func(t *testing.T) {
				t.Parallel()
				p, row := newPair(t, inTeams, withCommands), routes[route]
				queries := []string{""}
				if q, ok := finds[route]; ok {
					queries = append(queries, q)
				}
				for _, c := range callers {
					if !slices.Contains(outside, c.name) {
						continue
					}
					for _, more := range queries {
						w := p.newReached(t, "")
						method, path, _ := strings.Cut(route, " ")
						for _, accept := range []string{"", "text/plain", "text/vcard"} {
							h := p.headers(t, 0, c, w)
							if accept != "" {
								h.Set("Accept", accept)
							}
							got := p.send(t, 0, method+" "+path+more, row.body, w, h)
							requests.Add(1)
							said := strings.ReplaceAll(got.Body.String(), "hush-mail</b>", "") // what was searched for, said again
							said = strings.ReplaceAll(said, `value="hush-mail"`, "")
							if reached(said) {
								t.Errorf("%s, %s%s as %q: got how the person is reached: %s", c.name, route, more, accept, said)
							}
							if strings.HasPrefix(more, "?q=") && strings.Contains(said, string(w.person)) {
								t.Errorf("%s, %s%s: found the person by the email", c.name, route, more)
							}
						}
					}
				}
			})
		}
	})
	t.Logf("%d requests to %d routes", requests.Load(), len(all))
}

// Whoever is in a team of the person, the person and admins read how they are reached.
func TestContactsAreShownInTheTeam(t *testing.T) {
	p := newPair(t, inTeams)
	w := p.newReached(t, "")
	mate := roster.Person{ID: "mate", Name: "Mate", Email: "mate@example.org", Active: true, Revision: storetest.NewID()}
	if err := p.store.PutPerson(t.Context(), mate, ""); err != nil {
		t.Fatal(err)
	}
	onDay := func(team roster.TeamID, date string, who roster.PersonID) {
		t.Helper()
		p.as(t, admin).send(t, "PUT", "/api/v1/teams/"+string(team)+"/days/"+date, `{"assignments":{"secondary":"`+string(who)+`"},"note":"`+date+`"}`).want(http.StatusOK)
	}
	read := func(who signedIn) map[string]bool {
		t.Helper()
		seen := map[string]bool{}
		for route, query := range finds {
			_, path, _ := strings.Cut(route, " ")
			if !strings.HasPrefix(query, "?q=") {
				continue
			}
			seen[path+query] = strings.Contains(who.send(t, "GET", path+query, "").want(http.StatusOK).Body.String(), hushEmail)
		}
		for _, path := range []string{"/people/" + string(w.person), "/api/v1/people/" + string(w.person)} {
			body := who.send(t, "GET", path, "").want(http.StatusOK).Body.String()
			seen[path] = strings.Contains(body, hushEmail) && strings.Contains(body, hushPhone) && strings.Contains(body, hushChat)
		}
		return seen
	}
	check := func(what string, who signedIn, want bool) {
		t.Helper()
		for path, got := range read(who) {
			if got != want {
				t.Errorf("%s, %s: got %t, want %t", what, path, got, want)
			}
		}
	}
	teammate := p.as(t, signin.Identity{Subject: "mate", Email: "Mate@example.org"})
	check("in no team", teammate, false)
	onDay("other", "2026-11-26", mate.ID)
	check("in another team", teammate, false)
	onDay(w.team, "2027-06-01", mate.ID)
	check("in the team in half a year", teammate, false)
	onDay(w.team, "2027-01-26", mate.ID)
	check("in the team", teammate, true)
	check("self", p.as(t, signin.Identity{Subject: "x", Email: strings.ToUpper(hushEmail)}), true)
	check("an admin", p.as(t, admin), true)
	check("an editor", p.as(t, signin.Identity{Subject: "e", Groups: []string{string(w.team)}}), true)
	_, text := p.makeToken(t, credential.Token{Team: w.team, Scope: credential.ScopeRead})
	check("the team's token", p.withToken(text), true)
	_, text = p.makeToken(t, credential.Token{Owner: &credential.TokenOwner{Subject: "mate", Email: "mate@example.org"}, Scope: credential.ScopeRead})
	check("a token of somebody in the team", p.withToken(text), true)

	p.as(t, admin).send(t, "PUT", "/api/v1/teams/"+string(w.team), `{"name":"T","openEditing":true,"editors":["ed@example.org"]}`).want(http.StatusOK)
	_, text = p.makeToken(t, credential.Token{Team: w.team, Scope: credential.ScopeRead})
	check("a token of a team that everybody may edit", p.withToken(text), false)
	check("an editor by name", p.as(t, signin.Identity{Subject: "x", Email: "ed@example.org"}), true)
	for who, want := range map[*signin.Identity]bool{{Subject: "nobody"}: false, &admin: true} {
		if got := strings.Contains(p.as(t, *who).send(t, "GET", "/api/v1/teams", "").want(http.StatusOK).Body.String(), "ed@example.org"); got != want {
			t.Errorf("the editors of a team, for %s: got %t, want %t", who.Subject, got, want)
		}
	}
}

// Who may edit people without reading how they are reached neither loses nor takes it.
func TestContactsThatAreHiddenStay(t *testing.T) {
	p := newPair(t, inTeams)
	w := p.newReached(t, "")
	other := p.as(t, signin.Identity{Subject: "o", Groups: []string{"other"}})
	path := "/people/" + string(w.person)
	other.send(t, "PUT", "/api/v1"+path, `{"name":"Renamed"}`).want(http.StatusOK)
	page := other.send(t, "GET", path, "").want(http.StatusOK).html()
	if n := page.Find("[name=email], [name=phone], [name=chat]").Length(); n != 0 {
		t.Errorf("the form: got %d fields of what is hidden", n)
	}
	revision := attr(page, `form.fields[action="`+path+`"] [name=revision]`, "value")
	other.send(t, "POST", path, "name=Again&revision="+revision).want(http.StatusSeeOther)
	for _, field := range []string{"email", "phone", "chat"} {
		other.send(t, "PUT", "/api/v1"+path, `{"name":"X","`+field+`":"mine@example.org"}`).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	is, err := p.store.Person(t.Context(), w.person)
	if err != nil || is.Name != "Again" || is.Email != hushEmail || is.Phone != hushPhone || is.Chat != hushChat {
		t.Errorf("the person: got %+v, %v, want only the name changed", is, err)
	}
}
