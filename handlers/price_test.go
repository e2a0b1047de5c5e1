package handlers_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dailyroster/check/corpus"
	"dailyroster/roster"
	"dailyroster/signin"
)

// bound is what a request may take.
type bound struct {
	time   time.Duration // of the processors
	memory uint64
	why    string        // where it is not the usual one
	cut    time.Duration // if set, the request's time is over after it, and it may end with 504
}

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
	c := &fullCompany{pair: pairOn(t, newCompany(t), companyLimits)}
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
	over := took.status == http.StatusGatewayTimeout
	if took.processor > within.time || took.peak > within.memory || over && within.cut == 0 {
		t.Logf("%s, once more", took)
		took = c.ask(t, route, row, within)
		over = took.status == http.StatusGatewayTimeout
	}
	t.Log(took)
	if took.status != row.status && (!over || within.cut == 0) {
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
	if within.cut > 0 {
		ctx, end := context.WithTimeout(r.Context(), within.cut)
		defer end()
		r = r.WithContext(ctx)
	}
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
		w.person = roster.PersonID(fmt.Sprintf("t-%04d-3", 300+c.people))
	}
	if !strings.Contains(route, "tokens") && !strings.Contains(route, "feeds") {
		return w
	}
	token := roster.Token{Team: w.team}
	if !strings.Contains(route, "{team}") {
		token = roster.Token{Owner: &roster.TokenOwner{Subject: "member", Name: "Member"}}
	}
	w.token, _ = c.makeToken(t, token)
	w.feed, w.secret = c.makeToken(t, roster.Token{Team: w.team, Scope: roster.ScopeFeed, Feed: &roster.Feed{}})
	w.personFeed, _ = c.makeToken(t, roster.Token{Scope: roster.ScopeFeed, Feed: &roster.Feed{Person: w.person}})
	return w
}

// usualBound is the bound of what has no other.
var usualBound = bound{time: time.Second, memory: 64 << 20}

// The bounds that are not the usual one. The first two are to become it once people and teams,
// and the days of many teams, are no longer read one by one for each request.
var (
	// everybody is for what needs the names of all people, who are read and sorted in each time.
	everybody = &bound{time: 3 * time.Second, memory: 96 << 20, why: "until the names of all people are kept in memory"}
	// everyTeam is for what reads the days of every team. That can take longer than the five
	// seconds that a request has, and then is cut off. Here it has only one, so that this test
	// does not take minutes.
	everyTeam = &bound{time: 2 * time.Second, memory: 80 << 20, cut: time.Second, why: "until the days of many teams are read at once"}
	// upload is for the preview of a table, whose page has all of the table in its form.
	upload = &bound{time: 3 * time.Second, memory: 128 << 20, why: "for a page with a table of a megabyte"}
)
