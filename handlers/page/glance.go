package page

import (
	"context"
	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"errors"
)

// glance is a team's roster as one view shows it: all that the page and its fragments are
// made of, from as few reads as can be.
type glance struct {
	*desk.Sheet
	view   views.View
	locked bool // the caller may not edit
	offers []views.Offer
	near   []roster.Day // around the days on which somebody is on call and away, if any
}

// glance reads the view, and what the banner needs to know.
func (s *Site) glance(ctx context.Context, team *roster.Team, view views.View) (*glance, error) {
	sheet, err := s.Desk.SheetNow(ctx, team, view.From, view.To())
	if err != nil {
		return nil, err
	}
	g := &glance{Sheet: sheet, view: view, locked: !web.CallerOf(ctx).MayEdit(team)}
	if g.offers, err = s.openOffers(ctx, team, g.Names); err != nil {
		return nil, err
	}
	if err := s.lookAround(ctx, g); err != nil && !errors.Is(err, store.ErrUnavailable) {
		return nil, err
	}
	return g, nil
}

// lookAround reads the days around those in view on which somebody is on call and away:
// they tell who can be there instead. Where they cannot be read, nobody is flagged.
func (s *Site) lookAround(ctx context.Context, g *glance) error {
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
	g.near, err = s.Store.Days(ctx, g.Team.ID, first.AddDays(-around), last.AddDays(around))
	return err
}

// collisions are who is on call and away on a day that is not past.
func (g *glance) collisions(d roster.Date) []roster.Collision {
	if g.IsPast(d) {
		return nil
	}
	return roster.Collisions(g.Team, g.Names, []roster.Day{g.Day(d)})
}

// clashes are the collisions of a day with who can be there instead.
func (g *glance) clashes(d roster.Date) map[roster.RoleID]views.Clash {
	found := g.collisions(d)
	if len(found) == 0 {
		return nil
	}
	near := nearby(g.near, d)
	if len(near) == 0 {
		return nil
	}
	for i := range near {
		if near[i].Date == d {
			near[i] = g.Day(d)
		}
	}
	clashes := make(map[roster.RoleID]views.Clash, len(found))
	for _, c := range found {
		clash := newClash(g.Team, g.Names, c, g.Day(d).Revision, near)
		clash.Locked = g.locked
		clashes[c.Role] = clash
	}
	return clashes
}

func (g *glance) banner() views.Banner {
	return views.Banner{Team: g.Team, View: g.view, Duties: g.OnCall(), Names: g.Names, Now: g.Now}
}

func (g *glance) roster() views.Roster {
	r := views.Roster{Team: g.Team, View: g.view, Start: g.Team.DayAt(g.Now), Names: g.Names, Offers: g.offers, Locked: g.locked}
	for i := range g.view.Days {
		r.Rows = append(r.Rows, g.row(g.view.From.AddDays(i)))
	}
	return r
}

func (g *glance) row(d roster.Date) views.Row {
	return views.Row{
		Team: g.Team, View: g.view, Day: g.Day(d), Names: g.Names, Locked: g.locked,
		Today: g.Team.Today(g.Now) == d, Current: g.Team.DayAt(g.Now) == d,
		Past: g.IsPast(d), Clashes: g.clashes(d),
	}
}
