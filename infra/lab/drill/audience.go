package drill

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dailyroster/infra/lab/drill/receive"
)

// audience are teams of one site whose people are told by email when their shifts begin, and which
// are told by a web hook each.
type audience struct {
	name  string // of the site, for people
	run   string // begins all ids
	sites []*Site
	teams []toldTeam
	// hanging is how many of the teams have a web hook that never answers.
	hanging int
}

// toldTeam is a team whose shifts begin together, one for each of its people.
type toldTeam struct {
	id     string
	begins time.Time
	// asked is when the roster got the shifts, if that was later: they are late then.
	asked  time.Time
	people []string // their ids, and the first part of their addresses
	hook   string   // the path
}

// What a notice that a shift begins is called.
const (
	nowSubject = "You are on call now"
	nowEvent   = "shift.began"
)

const mailDomain = "@told.example.org"

// A gathering is how large an audience is.
type gathering struct {
	teams, each int // and how many people each has
	// hanging is how many of the teams have a web hook that never answers.
	hanging int
	// unwanted are notices that nobody wants by email.
	unwanted []string
}

// newAudience makes the people of so many teams. Nobody is on call yet.
func newAudience(ctx context.Context, name, run string, sites []*Site, g gathering) (*audience, error) {
	t := &audience{name: name, run: run, sites: sites, hanging: g.hanging}
	for i := range g.teams {
		team := toldTeam{id: fmt.Sprintf("%s-%03d", run, i), hook: fmt.Sprintf("/%s/%03d", run, i)}
		if i < g.hanging {
			team.hook = receive.HangingPath + fmt.Sprintf("%s/%03d", run, i)
		}
		for n := range g.each {
			team.people = append(team.people, fmt.Sprintf("%s-p%d", team.id, n))
		}
		t.teams = append(t.teams, team)
	}
	err := inTurn(g.teams*g.each, sites, func(i int, s *Site) error {
		id := t.teams[i/g.each].people[i%g.each]
		person := map[string]any{"id": id, "name": "Told " + id, "email": id + mailDomain, "notices": map[string]any{"notByEmail": g.unwanted}}
		_, err := s.must(ctx, sendJSON(http.MethodPost, api+"/people", person), http.StatusCreated)
		return err
	})
	return t, err
}

var secretPattern = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`)

// assign makes the teams, and puts their people on call, each team from the moment that begins
// says, which is a full minute.
func (t *audience) assign(ctx context.Context, hooks *receive.Hooks, begins func(team int) time.Time) error {
	return inTurn(len(t.teams), t.sites, func(i int, s *Site) error {
		team := &t.teams[i]
		team.begins = begins(i)
		return t.make(ctx, s, hooks, team)
	})
}

func (t *audience) make(ctx context.Context, s *Site, hooks *receive.Hooks, team *toldTeam) error {
	roles := victimRoles()[:len(team.people)]
	_, err := s.must(ctx, sendJSON(http.MethodPost, api+"/teams", map[string]any{
		"id": team.id, "name": "Told " + team.id, "roles": roles,
		"settings": []any{map[string]string{"zone": "UTC", "handOff": team.begins.UTC().Format("15:04")}},
	}), http.StatusCreated)
	if err != nil {
		return err
	}
	page, err := s.must(ctx, sendForm("/teams/"+team.id+"/notices/channels", url.Values{
		"name": {"Hook"}, "way": {"webhook"}, "address": {hooks.URL(team.hook)}, "kind": {"now"},
	}), http.StatusOK)
	if err != nil {
		return err
	}
	secret := secretPattern.Find(page)
	if secret == nil {
		return errors.New("the page with a new channel does not show its secret")
	}
	hooks.Expect(team.hook, string(secret))
	assigned := map[string]any{}
	for n, person := range team.people {
		assigned[roles[n]] = map[string]string{"id": person}
	}
	q := sendJSON(http.MethodPut, api+"/teams/"+team.id+"/days/"+team.begins.UTC().Format(time.DateOnly), map[string]any{"assignments": assigned, whyID: why})
	q.header = precondition("", team.id)
	team.asked = time.Now()
	_, err = s.must(ctx, q, http.StatusOK)
	return err
}

// due is when the team's notices are due, or when they can be known.
func (t *toldTeam) due() time.Time {
	if t.asked.After(t.begins) {
		return t.asked
	}
	return t.begins
}

// kill is the end of a program that sent from an address.
type kill struct {
	at   time.Time
	from string
}

// inFlight reports whether the notice was under way when its sender was killed: from when it
// began to send it until it had kept that it was sent. A kill is noted when it is done.
func inFlight(a receive.Arrival, kills []kill, grace time.Duration) bool {
	return slices.ContainsFunc(kills, func(k kill) bool {
		return k.from == a.From && k.at.After(a.Begun) && k.at.Before(a.At.Add(grace))
	})
}

// came is what came of the notices that shifts begin, for one way.
type came struct {
	want, got        int
	first, last      time.Duration // after they were due
	again            int           // that came more than once, in flight at a kill
	missing          []string
	twice, ids, soon []string
}

// hold holds what came at receivers against when it was due there.
func hold(due map[string]time.Time, arrivals []receive.Arrival, kills []kill, grace time.Duration) came {
	c := came{want: len(due)}
	by := receive.Times(arrivals)
	for to, at := range due {
		ids := by[to]
		if len(ids) == 0 {
			c.missing = append(c.missing, to)
			continue
		}
		c.got++
		if len(ids) > 1 {
			c.ids = append(c.ids, fmt.Sprintf("%s got %d notices of one shift", to, len(ids)))
		}
		for id, all := range ids {
			slices.SortFunc(all, func(a, b receive.Arrival) int { return a.At.Compare(b.At) })
			after := all[0].At.Sub(at)
			if after < 0 {
				c.soon = append(c.soon, fmt.Sprintf("%s got it %s before its time", to, Short(-after)))
			}
			if c.got == 1 || after < c.first {
				c.first = after
			}
			c.last = max(c.last, after)
			if len(all) > 1 {
				c.again++
			}
			for _, one := range all[:len(all)-1] {
				if !inFlight(one, kills, grace) {
					c.twice = append(c.twice, fmt.Sprintf("%s got %s %d times, first from %s at %s", to, id, len(all), one.From, one.At.Format("15:04:05.000")))
				}
			}
		}
	}
	slices.Sort(c.missing)
	return c
}

// now are the arrivals of this site's notices that shifts begin.
func (t *audience) now(arrivals []receive.Arrival) []receive.Arrival {
	return slices.DeleteFunc(slices.Clone(arrivals), func(a receive.Arrival) bool {
		return !strings.Contains(a.To, t.run) || !strings.HasPrefix(a.Subject, nowSubject) && a.Subject != nowEvent
	})
}

// mailsDue and hooksDue are when each receiver is to be told.
func (t *audience) mailsDue() map[string]time.Time {
	due := map[string]time.Time{}
	for i := range t.teams {
		for _, person := range t.teams[i].people {
			due[person+mailDomain] = t.teams[i].due()
		}
	}
	return due
}

func (t *audience) hooksDue() map[string]time.Time {
	due := map[string]time.Time{}
	for i := range t.teams[t.hanging:] {
		team := &t.teams[t.hanging+i]
		due[team.hook] = team.due()
	}
	return due
}

// verdicts hold what came by one way.
func (c *came) verdicts(what string, bound time.Duration, slack slack) []Verdict {
	o := outcome{slack: slack}
	o.add(Verdict{What: what + " delivered", Bound: fmt.Sprint(c.want), Measured: fmt.Sprint(c.got), OK: c.got == c.want, Examples: c.missing[:min(len(c.missing), 8)]})
	o.none(what+" before their time", len(c.soon), c.soon)
	o.within(what+": the last one after its time", bound, c.last)
	o.none(what+" that came again without a kill", len(c.twice), c.twice)
	o.none(what+" that came with two ids", len(c.ids), c.ids)
	return o.all
}
