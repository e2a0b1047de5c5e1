package handlers_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"dailyroster/check/corpus"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

// bound is what a request may take.
type bound struct {
	time   time.Duration // of the processors
	memory uint64
	why    string // where it is not the usual one
}

// usualWeight is how many kilobytes of an answer a browser or a program gets at most, compressed,
// where the row says nothing else.
const usualWeight = 32

// dear is the most expensive request that a route allows, or one that is refused because it
// would be too expensive.
type dear struct {
	query  string
	body   body
	as     string // the name of a caller of the table of rights; "" is an editor of all full teams
	status int
	bound  *bound // nil is the usual one
	own    bool   // writes days, and needs a team of its own
	usual  bool   // is about a person of a usual team, and not of all full ones
	header [2]string
	leave  int64 // if set, the caller leaves after so many bytes of the answer
	kB     int64 // the most that the answer weighs, if it is not usualWeight
}

// fullCompany is the pair of instances on the company's store, and what was used of it.
type fullCompany struct {
	*pair
	own, people int
}

// memberOfAll is an editor of all full teams, the last that they list.
var memberOfAll = kindOfCaller{name: "member", session: func(world) signin.Identity {
	return signin.Identity{Subject: "member", Name: longName("Member"), Email: "editor-with-a-long-name-199@example.org"}
}}

// Every route has a request in the table that is the most expensive one that it allows. It
// ends within the bound, or is refused.
func TestPriceOfEveryRoute(t *testing.T) {
	if corpus.RaceDetector {
		t.Skip("the race detector multiplies what a request costs: run this test without it")
	}
	c := &fullCompany{pair: pairOn(t, newCompany(t), patient(companyLimits), withCommands)}
	last := roster.TeamID(fmt.Sprintf("full-%02d", fullTeams-1))
	c.makeTokens(t, credential.Token{Team: last})
	c.makeTokens(t, credential.Token{Team: last, Scope: credential.ScopeFeed, Feed: &credential.Feed{}})
	c.makeTokens(t, tokenOfMember)
	all, err := c.sites[0].Routes()
	if err != nil {
		t.Fatal(err)
	}
	table := maps.Clone(dearPages)
	maps.Copy(table, dearAPI)
	for route := range table {
		if !slices.Contains(all, route) {
			t.Errorf("%s is in the table, and there is no such route", route)
		}
	}
	for _, route := range all {
		t.Run(strings.ReplaceAll(route, "/", "."), func(t *testing.T) {
			rows, known := table[route]
			if !known {
				t.Fatal("the table does not say which is the most expensive request, and what it may take")
			}
			for _, row := range rows {
				c.holds(t, route, row)
			}
		})
	}
}

// holds asks for what the row says. What took too long is asked for once more: the first
// time can be that of a machine that was busy with something else.
func (c *fullCompany) holds(t *testing.T, route string, row dear) {
	t.Helper()
	within := &usualBound
	if row.bound != nil {
		within = row.bound
	}
	took := c.ask(t, route, row, within)
	if took.processor > within.time || took.peak > within.memory {
		t.Logf("%s, once more", took)
		took = c.ask(t, route, row, within)
	}
	t.Log(took)
	if most := cmp.Or(row.kB, usualWeight); took.sent > most<<10 && row.leave == 0 {
		t.Errorf("got %d kB, want at most %d", took.sent>>10, most)
	}
	if took.status != row.status {
		t.Errorf("got %d, want %d", took.status, row.status)
	}
	if took.processor > within.time || took.peak > within.memory {
		t.Errorf("got %s of processor and %d MB, want at most %s and %d MB %s", took.processor.Round(time.Millisecond), took.peak>>20, within.time, within.memory>>20, within.why)
	}
}

func (c *fullCompany) ask(t *testing.T, route string, row dear, within *bound) spent {
	t.Helper()
	w := c.worldFor(t, route, row)
	caller := memberOfAll
	if row.as != "" {
		caller = callers[slices.IndexFunc(callers, func(k kindOfCaller) bool { return k.name == row.as })]
	}
	body := ""
	if row.body != nil {
		body = row.body(t, c, w)
	}
	c.advance(time.Second) // or a session would begin when others end
	headers := c.headers(t, 0, caller, w)
	headers.Set("Accept-Encoding", "gzip")
	if row.header[0] != "" {
		headers.Set(row.header[0], row.header[1])
	}
	r := c.request(t, route+row.query, body, w, headers)
	return spentOn(t, c.sites[0], r, within.memory, row.leave)
}

// worldFor is a full team and one of its people, with tokens, feeds and what else the route
// may ask for. Who reads shares the last team with others who do not write days.
func (c *fullCompany) worldFor(t *testing.T, route string, row dear) world {
	t.Helper()
	n := fullTeams - 1
	if row.own {
		if n = c.own; n == fullTeams-1 {
			t.Fatalf("there are no more than %d full teams", fullTeams)
		}
		c.own++
	}
	c.people++
	team, people := fullTeam(roster.TeamID(fmt.Sprintf("full-%02d", n)))
	now, err := c.store.Team(t.Context(), team.ID)
	if err != nil {
		t.Fatal(err)
	}
	w := world{team: team.ID, person: people[c.people%len(people)], change: lastFill}
	if i := slices.IndexFunc(now.Offers, func(o roster.Offer) bool { return o.State == roster.OfferWaiting }); i >= 0 {
		w.exchange = now.Offers[i].Group
	}
	if strings.Contains(route, "{exchange}") {
		w.person = now.Offers[0].Asked[0]
	}
	if row.usual {
		// None of those whom the bodies of requests name, see knownPerson.
		w.person = roster.PersonID(fmt.Sprintf("t-%04d-3", 304+c.people/6*10+c.people%6))
	}
	token := credential.Token{Team: w.team}
	if !strings.Contains(route, "{team}") {
		token = tokenOfMember
	}
	ofPerson := credential.Token{Scope: credential.ScopeFeed, Feed: &credential.Feed{Person: w.person}}
	if strings.Contains(route, "{person}/feeds") {
		c.makeTokens(t, ofPerson)
	}
	switch {
	case strings.Contains(route, "{token}"):
		w.token, _ = c.makeToken(t, token)
	case strings.Contains(route, "{secret}"), strings.Contains(route, "{team}/feeds/{feed}"):
		w.feed, w.secret = c.makeToken(t, credential.Token{Team: w.team, Scope: credential.ScopeFeed, Feed: &credential.Feed{}})
	case strings.Contains(route, "{feed}"):
		w.personFeed, _ = c.makeToken(t, ofPerson)
	}
	if strings.Contains(route, "{channel}") || strings.Contains(route, "{notice}") {
		c.makeNotices(t, &w)
	}
	return w
}

var tokenOfMember = credential.Token{Owner: &credential.TokenOwner{Subject: "member", Name: "Member"}}

// makeTokens makes as many as there can be, but for those that requests make or need.
func (c *fullCompany) makeTokens(t *testing.T, like credential.Token) {
	t.Helper()
	const needed = 8
	for range credential.MaxTokens - needed {
		c.makeToken(t, like)
	}
}

// usualBound is the bound of what has no other.
var usualBound = bound{time: time.Second, memory: 64 << 20}

// The bounds that are not the usual one.
var (
	// manySeats is for thousands of seats that are compared with what they were.
	manySeats = &bound{time: time.Second, memory: 96 << 20, why: "for thousands of seats of a full team"}
	// everyTeam is for what reads the days of every team.
	everyTeam = &bound{time: time.Second, memory: 80 << 20, why: "for the days of every team"}
	// upload is for the preview of a table, whose page has all of the table in its form.
	upload = &bound{time: 3 * time.Second, memory: 128 << 20, why: "for a page with a table of a megabyte"}
)
