package handlers_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/signin"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

// pair is two instances of the program with a sign-in, on one store and with the same keys.
type pair struct {
	*clock
	store store.Store
	sites [2]*handlers.Server
	doors [2]*signin.OIDC
	log   *bytes.Buffer
	n     int // of the worlds that were made
}

var access = web.Access{
	Admins: []string{"root@example.org"}, AdminGroups: []string{"admins"},
	GroupTeams: map[string][]roster.TeamID{"everything-staff": {"other"}},
}

func newPair(t *testing.T, changes ...func(*handlers.Config)) *pair {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	p := pairOn(t, s, patient(web.Limits{}), append(changes, withCommands)...)
	p.mustTeam(t, roster.Team{ID: "other", Name: "Other"})
	return p
}

// pairOn is a pair on a store as it is, with limits.
func pairOn(t *testing.T, s store.Store, limits web.Limits, changes ...func(*handlers.Config)) *pair {
	t.Helper()
	limits.OwnerSeen = 30 * 24 * time.Hour
	files, err := pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	var key [32]byte
	_, _ = rand.Read(key[:])
	keys, err := signin.ParseKeys(base64.StdEncoding.EncodeToString(key[:]))
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{store: s, clock: newClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	public := &url.URL{Scheme: "https", Host: "roster.example.org"}
	for i := range p.sites {
		p.doors[i] = signin.NewOIDC(signin.OIDCConfig{
			// Nobody answers there: who is signed in already does not need the provider.
			Issuer: "http://127.0.0.1:1", ClientID: "roster", PublicURL: public, GroupsClaim: "groups", Keys: keys, SessionTime: 12 * time.Hour, Now: p.now,
		})
		log := slog.New(slog.DiscardHandler)
		if i == 0 {
			log = slog.New(slog.NewTextHandler(p.log, nil))
		}
		cfg := handlers.Config{
			Store: s, Assets: files, Log: log, Now: p.now, Random: rand.Reader, Instance: fmt.Sprint("app-", i), Version: "test",
			Ways: testWays(),
			Zone: roster.UTC(), Hosts: web.Hosts{"example.com"}, SignIn: p.doors[i], Access: access, Limits: limits,
		}
		for _, change := range changes {
			change(&cfg)
		}
		p.sites[i] = handlers.New(t.Context(), cfg)
	}
	return p
}

func (p *pair) mustTeam(t *testing.T, team roster.Team) {
	t.Helper()
	team.Roles, team.Revision = roster.DefaultRoles(), storetest.NewID()
	team.Settings = []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}}
	if err := p.store.PutTeam(t.Context(), team, ""); err != nil {
		t.Fatal(err)
	}
}

// world is a team with a person, an edit and a token, that a request may change.
type world struct {
	team   roster.TeamID
	person roster.PersonID
	change roster.ChangeID
	// An exchange that waits for the person.
	exchange roster.ChangeID
	token    credential.TokenID
	// A feed of the team, with the text of its token, and one of the person.
	feed, personFeed credential.TokenID
	secret           string
	// A channel of the team, one of the person, a group, and a notice to the person whose link has the
	// secret.
	channel, personChannel, group notice.ChannelID
	notice                        notice.Record
}

// newWorld makes one. Its token belongs to the team, or to the person with the subject.
func (p *pair) newWorld(t *testing.T, subject string) world {
	t.Helper()
	p.n++
	w := world{team: roster.TeamID(fmt.Sprint("team-", p.n)), person: roster.PersonID(fmt.Sprint("person-", p.n)), change: storetest.NewID(), exchange: storetest.NewID()}
	gets := roster.Exchange{Group: w.exchange, Why: roster.WhyTake, Moves: []roster.Move{{Seat: roster.Seat{Date: roster.Date{Year: 2026, Month: 12, Day: 24}, Role: "primary"}, To: w.person}}}
	p.mustTeam(t, roster.Team{ID: w.team, Name: fmt.Sprint("Team ", p.n), Offers: []roster.Offer{
		{Exchange: gets, Asked: []roster.PersonID{w.person}, State: roster.OfferWaiting, Made: p.now(), Revision: storetest.NewID()},
	}})
	err := p.store.PutPerson(t.Context(), roster.Person{ID: w.person, Name: fmt.Sprint("Person ", p.n), Email: "self@example.org", Active: true, Revision: storetest.NewID()}, "")
	if err != nil {
		t.Fatal(err)
	}
	edit := roster.Edit{Change: w.change, Actor: roster.Actor{Name: "test"}, Why: roster.WhyEdit, Time: p.now(), Days: []roster.DayEdit{
		{Day: roster.Day{Date: roster.Date{Year: 2026, Month: 11, Day: 25}, Note: "set"}},
	}}
	if _, err := p.store.Save(t.Context(), w.team, edit); err != nil {
		t.Fatal(err)
	}
	token := credential.Token{Team: w.team}
	if subject != "" {
		token = credential.Token{Owner: &credential.TokenOwner{Subject: subject, Name: subject}}
	}
	w.token, _ = p.makeToken(t, token)
	w.feed, w.secret = p.makeToken(t, credential.Token{Team: w.team, Scope: credential.ScopeFeed, Feed: &credential.Feed{}})
	w.personFeed, _ = p.makeToken(t, credential.Token{Scope: credential.ScopeFeed, Feed: &credential.Feed{Person: w.person}})
	p.makeNotices(t, &w)
	return w
}

// makeNotices makes the channels and the notice of a world.
func (p *pair) makeNotices(t *testing.T, w *world) {
	t.Helper()
	w.channel = p.makeChannel(t, notice.Channel{Team: w.team, Kinds: roster.TeamNotices()})
	w.personChannel = p.makeChannel(t, notice.Channel{Person: w.person, Kinds: roster.PersonNotices()})
	w.group = p.makeChannel(t, notice.Channel{Way: notice.WayGroup, Feeds: []notice.Feed{{Team: w.team}}})
	w.notice = notice.Record{
		ID: notice.NewID(string(storetest.NewID())), Day: notice.DayOf(p.now()), Kind: roster.NoticeNow, Team: w.team, Person: w.person,
		To: "self@example.org", Subject: "You are on call now", Due: p.now(), State: notice.StateSent, Stop: w.secret, Revision: storetest.NewID(),
	}
	if err := p.store.PutNotice(t.Context(), w.notice, ""); err != nil {
		t.Fatal(err)
	}
}

func (p *pair) makeChannel(t *testing.T, c notice.Channel) notice.ChannelID {
	t.Helper()
	c.Revision = storetest.NewID()
	c.ID, c.Name, c.Way, c.Address, c.Shown = notice.ChannelID(strings.ToLower(string(c.Revision))), "Chat", cmp.Or(c.Way, notice.WayChat), "ntfy://ntfy.example.org/secret", "ntfy://ntfy.example.org"
	if err := p.store.PutChannel(t.Context(), c, ""); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// putOnCall makes the world's person one of its team.
func (p *pair) putOnCall(t *testing.T, w world) {
	t.Helper()
	edit := roster.Edit{Change: roster.DeriveChangeID("on call", string(w.team)), Actor: roster.Actor{Name: "test"}, Why: roster.WhyEdit, Time: p.now(), Days: []roster.DayEdit{
		{Day: roster.Day{Date: roster.Date{Year: 2026, Month: 11, Day: 26}, Assignments: map[roster.RoleID]roster.PersonID{"primary": w.person}}},
	}}
	if _, err := p.store.Save(t.Context(), w.team, edit); err != nil {
		t.Fatal(err)
	}
}

// makeToken puts a token into the store and gives its text. Without a scope it may edit,
// without an end it lasts a day.
func (p *pair) makeToken(t *testing.T, token credential.Token) (credential.TokenID, string) {
	t.Helper()
	var random [32]byte
	_, _ = rand.Read(random[:])
	token.Revision = storetest.NewID()
	id, text := credential.NewTokenText(token.Revision, random)
	_, secret, err := credential.ParseTokenText(text)
	if err != nil {
		t.Fatal(err)
	}
	token.ID, token.Name, token.Hash, token.Made, token.MadeBy = id, "CI", credential.HashSecret(secret), p.now(), "test"
	if token.Scope == "" {
		token.Scope = credential.ScopeEdit
	}
	if token.Expires.IsZero() && token.Feed == nil {
		token.Expires = p.now().AddDate(0, 0, 1)
	}
	if err := p.store.PutToken(t.Context(), token, ""); err != nil {
		t.Fatal(err)
	}
	return id, text
}

// state is all that a request might have changed of a world, and of what is common.
func (p *pair) state(t *testing.T, w world) string {
	t.Helper()
	team, err1 := p.store.Team(t.Context(), w.team)
	person, err2 := p.store.Person(t.Context(), w.person)
	token, err3 := p.store.Token(t.Context(), w.token)
	feed, err9 := p.store.Token(t.Context(), w.feed)
	personFeed, err10 := p.store.Token(t.Context(), w.personFeed)
	changes, err4 := p.store.Changes(t.Context(), w.team, store.ChangeQuery{Limit: store.MaxChanges})
	channel, err11 := p.store.Channel(t.Context(), w.channel)
	personChannel, err12 := p.store.Channel(t.Context(), w.personChannel)
	feed.LastUsed, feed.Revision = time.Time{}, "" // it may be noted at any later moment that somebody read it
	teams, err5 := p.store.Teams(t.Context())
	people, err6 := p.store.People(t.Context())
	all, err7 := p.store.Tokens(t.Context())
	fresh := 0 // made by requests, and not by a test
	for _, other := range teams {
		fresh += strings.Count(other.Name, "fresh-")
	}
	for _, other := range people {
		fresh += strings.Count(other.Name, "fresh-")
	}
	for _, other := range all {
		fresh += strings.Count(other.Name, "New")
	}
	text, err8 := json.Marshal([]any{team, person, token, feed, personFeed, changes, channel, personChannel, fresh})
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11, err12); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// kindOfCaller is somebody, or something, that sends requests. Either session or token is
// set, or neither.
type kindOfCaller struct {
	name    string
	session func(world) signin.Identity
	token   func(*pair, *testing.T, world) string
}

func person(subject string, groups ...string) func(world) signin.Identity {
	return func(w world) signin.Identity {
		i := signin.Identity{Subject: subject, Name: "The " + subject}
		for _, g := range groups {
			i.Groups = append(i.Groups, strings.ReplaceAll(g, "{team}", string(w.team)))
		}
		return i
	}
}

func teamToken(team string, scope credential.Scope) func(*pair, *testing.T, world) string {
	return func(p *pair, t *testing.T, w world) string {
		_, text := p.makeToken(t, credential.Token{Team: roster.TeamID(strings.ReplaceAll(team, "{team}", string(w.team))), Scope: scope})
		return text
	}
}

func personalToken(group string, scope credential.Scope) func(*pair, *testing.T, world) string {
	return func(p *pair, t *testing.T, w world) string {
		group := strings.ReplaceAll(group, "{team}", string(w.team))
		_, text := p.makeToken(t, credential.Token{Owner: &credential.TokenOwner{Subject: "owner", Name: "Owner", Groups: []string{group}}, Scope: scope})
		return text
	}
}

var callers = []kindOfCaller{
	{name: "none"},
	{name: "reader", session: person("reader", "lunch")},
	{name: "self", session: func(world) signin.Identity { return signin.Identity{Subject: "self", Email: "Self@example.org"} }},
	{name: "editor of another team", session: person("other", "everything-staff")},
	{name: "editor", session: person("editor", "{team}")},
	{name: "admin", session: person("admin", "admins")},
	{name: "team token, read", token: teamToken("{team}", credential.ScopeRead)},
	{name: "team token, edit", token: teamToken("{team}", credential.ScopeEdit)},
	{name: "token of another team, edit", token: teamToken("other", credential.ScopeEdit)},
	{name: "an editor's token, read", token: personalToken("{team}", credential.ScopeRead)},
	{name: "an editor's token, edit", token: personalToken("{team}", credential.ScopeEdit)},
	{name: "an admin's token, edit", token: personalToken("admins", credential.ScopeEdit)},
	{name: "the secret of a feed", token: func(_ *pair, _ *testing.T, w world) string { return w.secret }},
	{name: "expired token", token: func(p *pair, t *testing.T, w world) string {
		_, text := p.makeToken(t, credential.Token{Team: w.team, Expires: p.now()})
		return text
	}},
	{name: "revoked token", token: func(p *pair, t *testing.T, w world) string {
		_, text := p.makeToken(t, credential.Token{Team: w.team, Revoked: p.now().Add(-time.Second)})
		return text
	}},
	{name: "a made-up secret", token: func(p *pair, t *testing.T, w world) string {
		_, text := p.makeToken(t, credential.Token{Team: w.team})
		return text[:len(text)-4] + "AAAA"
	}},
}

// For whom a route is, and what the callers get, in their order: y is let in, 1 gets 401
// and 3 gets 403.
var audiences = map[string]string{
	//                       nrs oea rex rea ferx
	"anybody":              "yyy yyy yyy yyy yyyy",
	"readers":              "1yy yyy yyy yyy 1111",
	"editors or asked":     "13y 3yy 3y3 3y3 1111", // editors and whom an exchange waits for
	"people":               "1yy yyy 333 333 1111",
	"editors":              "133 3yy 3y3 3y3 1111",
	"editing people":       "133 3yy 333 333 1111",
	"some editors":         "133 yyy 3yy 3y3 1111",
	"some editors or self": "13y yyy 3yy 3y3 1111",
	"their people":         "13y 3yy 333 333 1111", // editors of the person's teams or self, and no token
	"admins":               "133 33y 333 333 1111",
}

// Every route: for whom it is, what is sent, and what those get who are let in.
var routes = map[string]struct {
	audience string
	status   int
	body     string
}{
	"GET /":                                             {"readers", 200, ""},
	"GET /teams":                                        {"readers", 200, ""},
	"POST /teams":                                       {"admins", 303, "name={fresh}&zone=UTC&handOff=09:00&roles=Primary"},
	"GET /teams/{team}":                                 {"readers", 200, ""},
	"GET /teams/{team}/oncall":                          {"readers", 200, ""},
	"GET /teams/{team}/history":                         {"readers", 200, ""},
	"POST /teams/{team}/undo":                           {"editors", 303, "change={change}"},
	"GET /teams/{team}/rotations":                       {"readers", 200, ""},
	"POST /teams/{team}/rotations/preview":              {"editors", 200, "name=x"},
	"POST /teams/{team}/rotations":                      {"editors", 303, "name=Crew&role=primary&daysPerTurn=1&from=2026-11-24&people={person}&weekday=mon&revision={team-revision}"},
	"POST /teams/{team}/fill":                           {"editors", 303, "fill-from=2026-11-24&fill-to=2026-11-30&group={fresh-id}"},
	"GET /teams/{team}/settings":                        {"readers", 200, ""},
	"POST /teams/{team}/settings":                       {"editors", 303, "name=Renamed&zone=UTC&handOff=09:00&roles=Primary&from=2026-11-23&revision={team-revision}"},
	"POST /teams/{team}/take-back":                      {"editors", 409, ""},
	"POST /people/{person}/take-back":                   {"some editors or self", 409, ""},
	"POST /teams/{team}/remove":                         {"admins", 303, "revision={team-revision}"},
	"GET /teams/{team}/events":                          {"readers", 200, ""},
	"GET /teams/{team}/days/{date}":                     {"readers", 200, ""},
	"GET /teams/{team}/days/{date}/history":             {"readers", 303, ""},
	"GET /teams/{team}/days/{date}/edit":                {"editors", 200, ""},
	"PUT /teams/{team}/days/{date}":                     {"editors", 200, "note=x"},
	"POST /teams/{team}/days/{date}":                    {"editors", 303, "note=x"},
	"DELETE /teams/{team}/days/{date}":                  {"editors", 200, ""},
	"GET /people":                                       {"readers", 200, ""},
	"GET /people/suggestions":                           {"readers", 404, ""}, // without a q it is somebody's page
	"GET /me":                                           {"readers", 200, ""},
	"POST /me":                                          {"readers", 303, "name={person}"},
	"POST /me/forget":                                   {"readers", 303, ""},
	"GET /search":                                       {"readers", 200, ""},
	"POST /people":                                      {"some editors", 303, "name={fresh}"},
	"GET /people/{person}":                              {"readers", 200, ""},
	"POST /people/{person}":                             {"some editors or self", 303, "name=Renamed&email=self@example.org&active=yes&revision={person-revision}"},
	"POST /hooks/slack/oncall":                          {"anybody", 401, "text={team}"},
	"GET /wall":                                         {"readers", 200, ""},
	"POST /hooks/mattermost/oncall":                     {"anybody", 200, "text={team}&token=gr6cfre7fjdcpfpfjxtcu5q35a"},
	"POST /people/{person}/absences":                    {"some editors or self", 303, "from=2026-12-01&to=2026-12-05&revision={person-revision}"},
	"POST /people/{person}/absences/remove":             {"some editors or self", 303, "from=2026-12-01&to=2026-12-05&revision={person-revision}"},
	"POST /people/{person}/remove":                      {"some editors", 303, "revision={person-revision}"},
	"GET /teams/{team}/tokens":                          {"editing people", 200, ""},
	"POST /teams/{team}/tokens":                         {"editing people", 200, "name=New&scope=edit&days=30"},
	"POST /teams/{team}/tokens/{token}/revoke":          {"editing people", 303, ""},
	"GET /tokens":                                       {"people", 200, ""},
	"POST /tokens":                                      {"people", 200, "name=New&scope=read&days=30"},
	"POST /tokens/{token}/revoke":                       {"people", 303, ""},
	"GET /feeds/{secret}.ics":                           {"anybody", 200, ""},
	"GET /teams/{team}/feeds":                           {"editing people", 200, ""},
	"POST /teams/{team}/feeds":                          {"editing people", 200, "name=New&role=primary"},
	"POST /teams/{team}/feeds/{feed}/revoke":            {"editing people", 303, ""},
	"GET /people/{person}/feeds":                        {"their people", 200, ""},
	"POST /people/{person}/feeds":                       {"their people", 200, "name=New"},
	"POST /people/{person}/feeds/{feed}/revoke":         {"their people", 303, ""},
	"GET /teams/{team}/notices":                         {"editing people", 200, ""},
	"POST /teams/{team}/notices/channels":               {"editing people", 303, "name=New&way=chat&address=ntfy://ntfy.example.org/topic&kind=now"},
	"POST /teams/{team}/notices/{channel}/test":         {"editing people", 303, ""},
	"POST /teams/{team}/notices/{channel}/remove":       {"editing people", 303, ""},
	"GET /people/{person}/notices":                      {"their people", 200, ""},
	"POST /people/{person}/notices":                     {"their people", 303, "kind=now&revision={person-revision}"},
	"POST /people/{person}/notices/test":                {"their people", 303, ""},
	"POST /people/{person}/notices/channels":            {"their people", 303, "name=New&way=chat&address=ntfy://ntfy.example.org/topic&kind=now"},
	"POST /people/{person}/notices/{channel}/test":      {"their people", 303, ""},
	"POST /people/{person}/notices/{channel}/remove":    {"their people", 303, ""},
	"POST /teams/{team}/start":                          {"editors", 303, "name=Ana+Ruiz&change=01ARZ3NDEKTSV4RRFFQ69G5FAV"},
	"GET /example":                                      {"admins", 200, ""},
	"POST /example":                                     {"admins", 303, ""},
	"POST /example/remove":                              {"admins", 303, ""},
	"GET /groups":                                       {"admins", 200, ""},
	"POST /groups":                                      {"admins", 303, "name=New&address=S0123ABCDEF&feeds={team}"},
	"POST /groups/{channel}/remove":                     {"admins", 303, ""},
	"GET /unsubscribe/{team}/{date}/{notice}/{secret}":  {"anybody", 200, ""},
	"POST /unsubscribe/{team}/{date}/{notice}/{secret}": {"anybody", 200, "List-Unsubscribe=One-Click"},
	"GET /signin":                                       {"anybody", 0, ""},
	"GET /signin/callback":                              {"anybody", 0, ""},
	"POST /signout":                                     {"anybody", 303, ""},
	"POST /signout/everywhere":                          {"people", 303, ""},
	"POST /signouts":                                    {"admins", 303, "who={fresh}"},
	"GET /keys":                                         {"anybody", 200, ""},
	"GET /offline":                                      {"anybody", 200, ""},
	"GET /manifest.webmanifest":                         {"anybody", 200, ""},
	"GET /sw.js":                                        {"anybody", 200, ""},
	"GET /signed-out":                                   {"anybody", 200, ""},
	"GET /cluster":                                      {"readers", 200, ""},
	"GET /api":                                          {"readers", 200, ""},
	"GET /livez":                                        {"anybody", 200, ""},
	"GET /readyz":                                       {"anybody", 200, ""},
	"GET /metrics":                                      {"anybody", 200, ""},
	"GET " + assets.Prefix:                              {"anybody", 404, ""},
	"GET /teams/{team}/grid":                            {"readers", 200, ""},
	"POST /teams/{team}/grid":                           {"editors", 303, "role=primary&from=2026-11-24&to=2026-11-26&name={person}&group={fresh-id}"},
	"GET /teams/{team}/grid/table":                      {"readers", 200, ""},
	"GET /teams/{team}/fairness":                        {"readers", 200, ""},
	"GET /teams/{team}/hours":                           {"readers", 200, ""},
	"POST /teams/{team}/hours":                          {"editors", 303, "roles.0.id=primary&roles.0.name=Primary&roles.0.hours=08:00-20:00&from=2026-11-24&revision={team-revision}"},
	"GET /teams/{team}/pay":                             {"readers", 200, ""},
	"POST /teams/{team}/pay":                            {"editors", 303, "currency=EUR&hour=10&revision={team-revision}"},
	"GET /teams/{team}/pay.csv":                         {"readers", 200, ""},
	"GET /api/v1/teams/{team}/pay":                      {"readers", 200, ""},
	"GET /api/v1/teams/{team}/pay.csv":                  {"readers", 200, ""},
	"GET /teams/{team}/fairness.csv":                    {"readers", 200, ""},
	"GET /teams/{team}/people":                          {"readers", 200, ""},
	"GET /teams/{team}/holidays":                        {"readers", 200, ""},
	"GET /teams/{team}/import":                          {"readers", 200, ""},
	"POST /teams/{team}/import":                         {"editors", 200, "text=Date,Primary%0A2026-11-24,Somebody"},
	"GET /teams/{team}/days.csv":                        {"readers", 200, ""},
	"GET /teams/{team}/days.ics":                        {"readers", 200, ""},
	"GET /export.jsonl":                                 {"admins", 200, ""},
	"GET /api/v1/export":                                {"admins", 200, ""},
	"GET /api/v1/teams/{team}/days.csv":                 {"readers", 200, ""},
	"GET /api/v1/teams/{team}/days.ics":                 {"readers", 200, ""},
	"POST /teams/{team}/holidays":                       {"editors", 0, ""},
	"POST /teams/{team}/holidays/remove":                {"editors", 0, ""},
	"GET /teams/{team}/days/{date}/exchange":            {"editors", 200, ""},
	"POST /teams/{team}/exchanges":                      {"editors", 303, "kind=take&date=2026-11-24&role=primary&change={fresh-id}&by={person}"},
	"POST /teams/{team}/exchanges/{exchange}":           {"editors or asked", 303, "answer=agree&person={person}"},
	"GET /people/{person}/deactivate":                   {"some editors", 200, ""},
	"POST /people/{person}/deactivate":                  {"some editors", 303, "from=2026-11-24&group={fresh-id}&revision={person-revision}"},
	"GET /people/{person}/deactivated":                  {"some editors", 400, ""},
	"POST /people/{person}/activate":                    {"some editors", 303, "revision={person-revision}"},
	"GET /people/{person}/calendar":                     {"some editors or self", 200, ""},
	"POST /people/{person}/calendar":                    {"some editors or self", 0, ""},
	"GET /coverage":                                     {"readers", 200, ""},
	"GET /coverage.csv":                                 {"readers", 200, ""},
	"GET /api/v1/coverage":                              {"readers", 200, ""},
	"POST /api/v1/teams/{team}/fill":                    {"editors", 200, `{"from":"2026-11-24","to":"2026-11-30"}`},
	"POST /api/v1/teams/{team}/undo":                    {"editors", 200, `{"change":"{change}"}`},
	"GET /api/v1/teams/{team}/fairness":                 {"readers", 200, ""},
	"GET /api/v1/teams/{team}/holidays":                 {"readers", 200, ""},
	"DELETE /api/v1/teams/{team}/holidays":              {"editors", 0, ""},
	"PUT /api/v1/teams/{team}/holidays":                 {"editors", 0, "no calendar"},
	"POST /api/v1/teams/{team}/days":                    {"editors", 200, `{"days":[{"date":"2026-11-24","role":"primary","person":"{person}"}]}`},
	"GET /api/v1/teams/{team}/exchanges":                {"readers", 200, ""},
	"POST /api/v1/teams/{team}/exchanges":               {"editors", 0, `{}`},
	"GET /api/v1/teams/{team}/exchanges/{exchange}":     {"readers", 200, ""},
	"GET /people/{person}/contact.vcf":                  {"readers", 200, ""},
	"POST /api/v1/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}": {"editors or asked", 200, `{"person":"{person}"}`},
	"GET /api/v1/people/{person}/shifts":                                             {"readers", 200, ""},
	"POST /api/v1/people/{person}/deactivate":                                        {"some editors", 200, `{"from":"2026-11-24"}`},
	"POST /api/v1/people/{person}/activate":                                          {"some editors", 200, `{}`},
	"GET /api/v1/people/{person}/absences":                                           {"readers", 200, ""},
	"PUT /api/v1/people/{person}/absences":                                           {"some editors or self", 0, "no calendar"},
	"GET /api/v1/oncall":                                                             {"readers", 200, ""},
	"GET /api/v1/cluster":                                                            {"readers", 200, ""},
	"GET /api/v1/openapi.json":                                                       {"readers", 200, ""},
	"GET /api/v1/teams":                                                              {"readers", 200, ""},
	"POST /api/v1/teams":                                                             {"admins", 201, `{"name":"{fresh}"}`},
	"GET /api/v1/teams/{team}":                                                       {"readers", 200, ""},
	"PUT /api/v1/teams/{team}":                                                       {"editors", 200, `{"name":"Renamed"}`},
	"DELETE /api/v1/teams/{team}":                                                    {"admins", 204, ""},
	"GET /api/v1/teams/{team}/oncall":                                                {"readers", 200, ""},
	"GET /api/v1/teams/{team}/changes":                                               {"readers", 200, ""},
	"GET /api/v1/teams/{team}/days":                                                  {"readers", 200, ""},
	"GET /api/v1/teams/{team}/days/{date}":                                           {"readers", 200, ""},
	"PUT /api/v1/teams/{team}/days/{date}":                                           {"editors", 200, `{"note":"x"}`},
	"DELETE /api/v1/teams/{team}/days/{date}":                                        {"editors", 200, ""},
	"GET /api/v1/people":                                                             {"readers", 200, ""},
	"GET /api/v1/search":                                                             {"readers", 400, ""}, // it says nothing to search for
	"POST /api/v1/people":                                                            {"some editors", 201, `{"name":"{fresh}"}`},
	"GET /api/v1/people/{person}":                                                    {"readers", 200, ""},
	"PUT /api/v1/people/{person}":                                                    {"some editors or self", 200, `{"name":"Renamed","email":"self@example.org"}`},
	"DELETE /api/v1/people/{person}":                                                 {"some editors", 204, ""},
	"GET /api/v1/teams/{team}/tokens":                                                {"editing people", 200, ""},
	"POST /api/v1/teams/{team}/tokens":                                               {"editing people", 201, `{"name":"New","scope":"edit"}`},
	"DELETE /api/v1/teams/{team}/tokens/{token}":                                     {"editing people", 204, ""},
	"GET /api/v1/tokens":                                                             {"people", 200, ""},
	"POST /api/v1/tokens":                                                            {"people", 201, `{"name":"New","scope":"read","days":7}`},
	"DELETE /api/v1/tokens/{token}":                                                  {"people", 204, ""},
}

// firstAnswer is a recorder that ends its request once something was written: a stream
// would go on for ever.
type firstAnswer struct {
	*httptest.ResponseRecorder
	end context.CancelFunc
}

func (f firstAnswer) Write(b []byte) (int, error) {
	n, err := f.ResponseRecorder.Write(b)
	f.end()
	return n, err
}

// send sends the route's request into the world, to one of the instances.
func (p *pair) send(t *testing.T, instance int, route, body string, w world, headers http.Header) *httptest.ResponseRecorder {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	r := p.request(t, route, body, w, headers).WithContext(ctx)
	recorder := httptest.NewRecorder()
	if strings.HasSuffix(r.URL.Path, "/events") {
		p.sites[instance].ServeHTTP(firstAnswer{recorder, end}, r)
	} else {
		serveHeld(t, p.sites[instance], recorder, r)
	}
	return recorder
}

// request is the route's request, with what the world has in the places of the braces.
func (p *pair) request(t *testing.T, route, body string, w world, headers http.Header) *http.Request {
	t.Helper()
	team, err := p.store.Team(t.Context(), w.team)
	if err != nil {
		t.Fatal(err)
	}
	person, err := p.store.Person(t.Context(), w.person)
	if err != nil {
		t.Fatal(err)
	}
	p.n++
	feed, channel := w.feed, w.channel
	if strings.Contains(route, "{person}") {
		feed, channel = w.personFeed, w.personChannel
	}
	date := "2026-11-24"
	if strings.Contains(route, "/groups/") {
		channel = w.group
	}
	if strings.Contains(route, "{notice}") {
		date = w.notice.Day.String()
	}
	fill := strings.NewReplacer(
		"{team}", string(w.team), "{person}", string(w.person), "{token}", string(w.token), "{feed}", string(feed), "{secret}", w.secret, "{exchange}", string(w.exchange), "{answer:agree|decline|withdraw}", "agree", "{date}", date, "{channel}", string(channel), "{notice}", string(w.notice.ID), "{change}", string(w.change),
		"{team-revision}", string(team.Revision), "{person-revision}", string(person.Revision), "{fresh}", fmt.Sprint("fresh-", p.n), "{fresh-id}", string(storetest.NewID()),
	)
	method, path, _ := strings.Cut(route, " ")
	r := httptest.NewRequestWithContext(t.Context(), method, fill.Replace(path), strings.NewReader(fill.Replace(body)))
	r.Header = headers.Clone()
	if !strings.HasPrefix(path, "/api/") && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// headers are what tells who the caller is; sessions are those of the other instance.
func (p *pair) headers(t *testing.T, instance int, c kindOfCaller, w world) http.Header {
	t.Helper()
	h := http.Header{}
	switch {
	case c.session != nil:
		signedIn := httptest.NewRecorder()
		if err := p.doors[1-instance].Remember(signedIn, c.session(w), func(string) bool { return true }); err != nil {
			t.Fatal(err)
		}
		cookie := signedIn.Result().Cookies()[0]
		h.Set("Cookie", cookie.Name+"="+cookie.Value)
	case c.token != nil:
		h.Set("Authorization", "Bearer "+c.token(p, t, w))
	}
	return h
}

// Every route, with every kind of caller, on both instances: who is let in gets what the
// route is for, and nobody else changes anything.
func TestEveryRouteWithEveryCaller(t *testing.T) {
	all, err := newPair(t).sites[0].Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range all {
		if _, known := routes[route]; !known {
			t.Errorf("%s: the table does not say for whom it is", route)
		}
	}
	for route := range routes {
		if !slices.Contains(all, route) {
			t.Errorf("%s is in the table, and there is no such route", route)
		}
	}
	var requests atomic.Int64
	t.Run("routes", func(t *testing.T) {
		for _, route := range all {
			t.Run(route, func(t *testing.T) {
				t.Parallel()
				requests.Add(askEveryCaller(t, route))
			})
		}
	})
	t.Logf("%d requests to %d routes by %d kinds of callers", requests.Load(), len(all), len(callers))
}

var tokenText = regexp.MustCompile(credential.TokenPrefix + `[0-9A-Za-z]{26}_[0-9A-Za-z_-]{43}`)

// wantUnshared checks that no cache that several people share keeps the answer, and that no
// cache at all does if it has a secret: that is shown when it is made, and other tokens are
// examples.
func wantUnshared(t *testing.T, caller, route string, got *httptest.ResponseRecorder) {
	t.Helper()
	said := got.Header()["Cache-Control"]
	rules := strings.FieldsFunc(strings.Join(said, ","), func(r rune) bool { return r == ',' || r == ' ' })
	allows := func(rule string) bool {
		return rule != "private" && rule != "no-store" && rule != "no-cache"
	}
	switch {
	case !slices.Contains(rules, "private") && !slices.Contains(rules, "no-store"), slices.ContainsFunc(rules, allows):
		t.Errorf("%s, %s: got %d with Cache-Control %q, want private or no-store, and nothing that allows more", caller, route, got.Code, said)
	case strings.HasPrefix(route, "POST ") && tokenText.Match(got.Body.Bytes()) && !slices.Contains(rules, "no-store"):
		t.Errorf("%s, %s: got a secret with Cache-Control %q, want no-store", caller, route, said)
	}
}

// Files that are the same for everybody, and have a hash in their names, are the only ones
// that shared caches keep, whoever asks.
func TestOnlyAssetsAreShared(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	for _, c := range callers {
		for i, site := range p.sites {
			h := p.headers(t, i, c, w)
			for _, name := range []string{assets.Style, assets.Script, assets.HTMX} {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, site.Assets.URL(name), http.NoBody)
				r.Header = h
				got := httptest.NewRecorder()
				site.ServeHTTP(got, r)
				if said := got.Header().Get("Cache-Control"); got.Code != http.StatusOK || said != "public, max-age=31536000, immutable" || got.Header().Get("Set-Cookie") != "" {
					t.Errorf("%s, %s: got %d with Cache-Control %q", c.name, name, got.Code, said)
				}
			}
			for _, path := range []string{"/nowhere", "/api/v1/nowhere", assets.Prefix + "nowhere.css"} {
				wantUnshared(t, c.name, path, p.send(t, i, "GET "+path, "", w, h))
			}
			wantUnshared(t, c.name, "PATCH /teams", p.send(t, i, "PATCH /teams", "", w, h))
		}
	}
}

// askEveryCaller asks one route as each kind of caller on both instances, first those who
// are not let in. It gives how many requests that were.
func askEveryCaller(t *testing.T, route string) (requests int64) {
	p, row := newPair(t), routes[route]
	newWorld := func(owner string) world {
		w := p.newWorld(t, owner)
		if strings.Contains(route, "{person}/feeds") || strings.Contains(route, "{person}/notices") {
			p.putOnCall(t, w)
		}
		return w
	}
	shared := newWorld("")
	verdicts := strings.ReplaceAll(audiences[row.audience], " ", "")
	if len(verdicts) != len(callers) {
		t.Fatalf("%q says something of %d callers, want %d", row.audience, len(verdicts), len(callers))
	}
	ask := func(i, instance int) {
		c, verdict, w := callers[i], verdicts[i], shared
		if verdict == 'y' && !strings.HasPrefix(route, "GET ") { // it may change the world
			owner := ""
			if c.session != nil && !strings.Contains(route, "{team}") {
				owner = c.session(w).Subject
			}
			w = newWorld(owner)
		}
		p.advance(time.Second) // or a session would begin when others end
		got := p.send(t, instance, route, row.body, w, p.headers(t, instance, c, w))
		requests++
		want := map[byte]int{'1': http.StatusUnauthorized, '3': http.StatusForbidden, 'y': row.status}[verdict]
		if want != 0 && got.Code != want {
			t.Errorf("%s, on instance %d: got %d, want %d: %s", c.name, instance, got.Code, want, got.Body)
		}
		if verdict == 'y' && (got.Code == http.StatusUnauthorized || got.Code == http.StatusForbidden) && want != got.Code {
			t.Errorf("%s, on instance %d: got %d, want to be let in", c.name, instance, got.Code)
		}
		if got.Code == http.StatusInternalServerError {
			t.Errorf("%s: got a 500", c.name)
		}
		if got.Code == http.StatusUnauthorized && got.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: got a 401 without WWW-Authenticate", c.name)
		}
		wantUnshared(t, c.name, route, got)
	}
	before := p.state(t, shared)
	for _, letIn := range []bool{false, true} {
		for i := range callers {
			for instance := range p.sites {
				if (verdicts[i] == 'y') == letIn {
					ask(i, instance)
				}
			}
		}
		if after := p.state(t, shared); !letIn && after != before {
			t.Errorf("who was not let in changed something:\n%s\n%s", before, after)
		}
	}
	if text := p.log.String(); strings.Contains(text, shared.secret) || strings.Contains(text, credential.TokenPrefix) || strings.Contains(text, "__Host-") {
		t.Error("the log has a token or a cookie")
	}
	return requests
}
