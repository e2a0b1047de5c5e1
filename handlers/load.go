package handlers

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// team is the {team} of the path, if it is listed, with no exchange half made.
func (s *Server) team(r *http.Request) (*roster.Team, error) {
	asking := askingOf(r.Context())
	if team := asking.team; team != nil { // read when the caller's rights were looked at
		asking.team = nil
		return team, nil
	}
	id, err := roster.ParseTeamID(mux.Vars(r)["team"])
	if err != nil {
		return nil, notFound("team")
	}
	team, err := s.Store.Team(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) || err == nil && team.Removed {
		return nil, notFound("team")
	}
	if err != nil {
		return nil, err
	}
	team = s.settled(r.Context(), team)
	return &team, nil
}

// person is the {person} of the path, if listed.
func (s *Server) person(r *http.Request) (roster.Person, error) {
	p, err := s.anyPerson(r)
	if err == nil && p.Removed {
		return roster.Person{}, notFound("person")
	}
	return p, err
}

// anyPerson is the {person} of the path, removed or not.
func (s *Server) anyPerson(r *http.Request) (roster.Person, error) {
	id, err := roster.ParsePersonID(mux.Vars(r)["person"])
	if err != nil {
		return roster.Person{}, notFound("person")
	}
	p, err := s.Store.Person(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return p, notFound("person")
	}
	return p, err
}

// listedTeams are the teams that are not removed, in order of ids.
func (s *Server) listedTeams(ctx context.Context) ([]roster.Team, error) {
	all, err := s.Store.Teams(ctx)
	var listed []roster.Team
	for _, t := range all {
		if !t.Removed {
			listed = append(listed, s.settled(ctx, t))
		}
	}
	return listed, err
}

// listedPeople are the people who are not removed, in order of ids.
func (s *Server) listedPeople(ctx context.Context) ([]roster.Person, error) {
	all, err := s.Store.People(ctx)
	var listed []roster.Person
	for _, p := range all {
		if !p.Removed {
			listed = append(listed, p)
		}
	}
	return listed, err
}

// names tells everybody by id, removed people too.
func (s *Server) names(ctx context.Context) (roster.Names, []roster.Person, error) {
	people, err := s.Store.People(ctx)
	return roster.NewNames(people), people, err
}

// duties asks the resolver who is on call for the team at an instant.
func (s *Server) duties(ctx context.Context, team *roster.Team, at time.Time) ([]roster.Duty, error) {
	from, to := team.Span(at)
	days, err := s.Store.Days(ctx, team.ID, from, to)
	if err != nil {
		return nil, err
	}
	return team.OnCall(at, roster.ByDate(days)), nil
}

// glance is a team's roster as one view shows it: all that the page and its
// fragments are made of, from as few reads as can be.
type glance struct {
	team   *roster.Team
	names  roster.Names
	people []roster.Person
	now    time.Time
	view   views.View
	locked bool // the caller may not edit
	dayOn  func(roster.Date) roster.Day
	offers []views.Offer
	around []roster.Day // around the days on which somebody is on call and away, if any
}

// glance reads the view, and what the banner needs to know: the people and the days at
// the same time, as each may be a way to another machine.
func (s *Server) glance(ctx context.Context, team *roster.Team, view views.View) (*glance, error) {
	g := &glance{team: team, now: s.Now(), view: view, locked: !callerOf(ctx).mayEdit(team)}
	var peopleErr error
	var reading sync.WaitGroup
	reading.Go(func() { g.names, g.people, peopleErr = s.names(ctx) })
	days, err := s.daysInSight(ctx, team, g.now, view)
	reading.Wait()
	if err := errors.Join(err, peopleErr); err != nil {
		return nil, err
	}
	g.dayOn = roster.ByDate(days)
	if g.offers, err = s.openOffers(ctx, team, g.people, team.Present(g.now)); err != nil {
		return nil, err
	}
	if err := s.lookAround(ctx, g); err != nil && !unavailable(err) {
		return nil, err
	}
	return g, nil
}

// lookAround reads the days around those in view on which somebody is on call and away:
// they tell who can be there instead. Where they cannot be read, nobody is flagged.
func (s *Server) lookAround(ctx context.Context, g *glance) error {
	var first, last roster.Date
	for i := range g.view.Days {
		if d := g.view.From.AddDays(i); len(g.collisions(d)) > 0 {
			if first.IsZero() {
				first = d
			}
			last = d
		}
	}
	if first.IsZero() {
		return nil
	}
	var err error
	g.around, err = s.Store.Days(ctx, g.team.ID, first.AddDays(-around), last.AddDays(around))
	return err
}

// collisions are who is on call and away on a day that is not past.
func (g *glance) collisions(d roster.Date) []roster.Collision {
	if d.Before(g.team.Present(g.now)) {
		return nil
	}
	return roster.Collisions(g.team, g.people, []roster.Day{g.dayOn(d)})
}

// clashes are the collisions of a day with who can be there instead.
func (g *glance) clashes(d roster.Date) map[roster.RoleID]views.Clash {
	found := g.collisions(d)
	if len(found) == 0 {
		return nil
	}
	near := nearby(g.around, d)
	if len(near) == 0 {
		return nil
	}
	for i := range near {
		if near[i].Date == d {
			near[i] = g.dayOn(d)
		}
	}
	clashes := make(map[roster.RoleID]views.Clash, len(found))
	for _, c := range found {
		clash := newClash(g.team, g.people, c, g.dayOn(d).Revision, near)
		clash.Locked = g.locked
		clashes[c.Role] = clash
	}
	return clashes
}

// daysInSight are the days of the view and those that tell who is on call now, perhaps
// with some between, or twice.
func (s *Server) daysInSight(ctx context.Context, team *roster.Team, now time.Time, view views.View) ([]roster.Day, error) {
	from, to := team.Span(now)
	first, last := earlier(from, view.From), later(to, view.To())
	if first.DaysUntil(last) <= roster.LookAhead+view.Days+31 {
		return s.Store.Days(ctx, team.ID, first, last) // near each other: one read instead of two
	}
	days, err := s.Store.Days(ctx, team.ID, from, to)
	if err != nil {
		return nil, err
	}
	more, err := s.Store.Days(ctx, team.ID, view.From, view.To())
	return append(days, more...), err
}

func earlier(a, b roster.Date) roster.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b roster.Date) roster.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// take takes in what a save has just done: the day as it is now, and new people.
func (g *glance) take(day roster.Day, added []roster.Person) {
	read := g.dayOn
	g.dayOn = func(d roster.Date) roster.Day {
		if d == day.Date {
			return day
		}
		return read(d)
	}
	g.people = append(g.people, added...)
	g.names = roster.NewNames(g.people)
}

func (g *glance) banner() views.Banner {
	return views.Banner{Team: g.team, View: g.view, Duties: g.team.OnCall(g.now, g.dayOn), Names: g.names, Now: g.now}
}

func (g *glance) roster() views.Roster {
	r := views.Roster{Team: g.team, View: g.view, Start: g.team.DayAt(g.now), Names: g.names, Offers: g.offers, Locked: g.locked}
	for i := range g.view.Days {
		r.Rows = append(r.Rows, g.row(g.view.From.AddDays(i)))
	}
	return r
}

func (g *glance) row(d roster.Date) views.Row {
	return views.Row{
		Team: g.team, View: g.view, Day: g.dayOn(d), Names: g.names, Locked: g.locked,
		Today: g.team.Today(g.now) == d, Current: g.team.DayAt(g.now) == d,
		Past: d.Before(g.team.Present(g.now)), Clashes: g.clashes(d),
	}
}
