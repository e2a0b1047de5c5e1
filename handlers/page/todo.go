package page

import (
	"context"
	"slices"
	"strings"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
	"dailyroster/views"
)

// around is how many days before and after a day to look at, to find who can take it and for
// what it can be swapped.
const around = 92

// maxSuggested is for how many seats a page says who can take over. For other seats it says
// only that their holder is away.
const maxSuggested = 30

// newClash is a collision with who can take over. The id of the act derives from what the page
// shows: however many people press the button, there is one act.
func newClash(team *roster.Team, names roster.Names, c roster.Collision, revision roster.Revision, days []roster.Day) views.Clash {
	clash := views.Clash{Team: team, Seat: c.Seat, Holder: c.Person, Absence: c.Absence, Instead: planning.Substitutes(team, names.Where(), c.Seat, days)}
	if len(clash.Instead.Best) > 0 {
		what := strings.Join([]string{c.Date.String(), string(c.Role), string(revision), string(clash.Instead.Best[0].Person)}, " ")
		clash.ChangeID = roster.DeriveChangeID("substitute "+string(team.ID), what)
	}
	return clash
}

// openOffers returns a team's offers that wait for an answer, as pages show them.
func (s *Site) openOffers(ctx context.Context, team *roster.Team, names roster.Names) ([]views.Offer, error) {
	open, err := s.Desk.OpenOffers(ctx, team, names)
	offers := make([]views.Offer, len(open))
	if len(open) == 0 {
		return nil, err
	}
	var own []roster.PersonID
	people := names.People()
	for i := range people {
		if web.CallerOf(ctx).Is(&people[i]) {
			own = append(own, people[i].ID)
		}
	}
	for i, o := range open {
		offers[i] = views.Offer{Offer: o.Offer, Team: team, Problem: o.Problem, Locked: !web.CallerOf(ctx).MayEdit(team), Own: own}
	}
	return offers, err
}

// personToDo is what needs a person's answer, in all teams.
func (s *Site) personToDo(ctx context.Context, p roster.Person) (to views.PersonToDo, news map[roster.TeamID]*roster.Team, err error) {
	teams, err := s.Desk.ListedTeams(ctx)
	if err != nil {
		return to, nil, err
	}
	names, err := s.Desk.Names(ctx)
	if err != nil {
		return to, nil, err
	}
	to.Names, news = names, map[roster.TeamID]*roster.Team{}
	for i := range teams {
		team := &teams[i]
		news[team.ID] = team
		past := team.PastAt(s.Now())
		open, err := s.openOffers(ctx, team, names)
		if err != nil {
			return to, nil, err
		}
		for _, o := range open {
			if o.Concerns(p.ID) {
				to.Offers = append(to.Offers, o)
			}
		}
		for _, o := range team.Offers {
			if o = o.AsOf(past); !o.Open() && o.Concerns(p.ID) {
				to.News = append(to.News, views.Offer{Offer: o, Team: team})
			}
		}
	}
	own, err := s.Desk.TeamsOf(ctx, p.ID)
	if err != nil {
		return to, nil, err
	}
	if to.Clashes, err = s.clashesIn(ctx, own, names, p); err != nil {
		return to, nil, err
	}
	slices.SortStableFunc(to.News, func(a, b views.Offer) int { return b.Closed.Compare(a.Closed) })
	slices.SortStableFunc(to.Clashes, func(a, b views.Clash) int { return a.Seat.Date.Compare(b.Seat.Date) })
	return to, news, nil
}

// clashesIn returns the coming days on which a person is on call for one of the teams and away.
func (s *Site) clashesIn(ctx context.Context, teams []roster.Team, names roster.Names, p roster.Person) ([]views.Clash, error) {
	var look store.Look
	var asked []*roster.Team
	for i := range teams {
		today := teams[i].Present(s.Now())
		last := today.AddDays(2 * around)
		if slices.ContainsFunc(p.Absences, func(a roster.Absence) bool { return a.Meets(today, last) }) {
			asked = append(asked, &teams[i])
			look.Days = append(look.Days, store.Range{Team: teams[i].ID, From: today.AddDays(-around), To: last.AddDays(around)})
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	sight, err := s.Store.Look(ctx, look)
	if err != nil {
		return nil, err
	}
	var clashes []views.Clash
	where := roster.WhereaboutsOf([]roster.Person{p})
	for i, team := range asked {
		days, today := sight.Days[i], team.Present(s.Now())
		for _, c := range roster.Collisions(team, where, days) {
			if !c.Date.Before(today) && !today.AddDays(2*around).Before(c.Date) {
				clash := newClash(team, names, c, roster.ByDate(days)(c.Date).Revision, nearby(days, c.Date))
				clash.Locked = !web.CallerOf(ctx).MayEdit(team)
				clashes = append(clashes, clash)
			}
		}
	}
	return clashes, nil
}

// nearby returns those of the days that are around a day.
func nearby(days []roster.Day, d roster.Date) []roster.Day {
	near := make([]roster.Day, 0, 2*around+1)
	for _, day := range days {
		if !day.Date.Before(d.AddDays(-around)) && !d.AddDays(around).Before(day.Date) {
			near = append(near, day)
		}
	}
	return near
}
