package page

import (
	"context"
	"errors"
	"slices"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
)

// glance is a team's roster as one view shows it: everything that the page and its fragments
// are made from, with as few reads as possible.
type glance struct {
	*desk.Sheet
	view    views.View
	locked  bool        // the caller may not edit
	today   roster.Date // the civil date of now
	onCall  roster.Date // the day that is on call now
	present roster.Date // the first day that is not past
	offers  []views.Offer
	near    []roster.Day // the days around those on which somebody on call is away, if any
	asked   int          // for how many seats the page has looked for who can take over
	reach   views.Contacts
	week    time.Weekday  // on which the reader's weeks begin
	onNow   []oncall.Duty // of the roles that are on duty now; only in a team whose roles have hours
}

// glance reads the view, and what the banner needs.
func (s *Site) glance(ctx context.Context, team *roster.Team, view views.View) (*glance, error) {
	sheet, err := s.Desk.SheetNow(ctx, team, view.From, view.To())
	if err != nil {
		return nil, err
	}
	g := &glance{
		Sheet: sheet, view: view, week: words.WeekStart(ctx), locked: !web.CallerOf(ctx).MayEdit(team),
		today: team.Today(sheet.Now), onCall: team.DayAt(sheet.Now), present: team.Present(sheet.Now),
	}
	if len(team.Hours) > 0 {
		g.onNow = slices.DeleteFunc(g.OnCall().Duties, func(d oncall.Duty) bool { return d.Off })
	}
	if g.reach, err = s.contacts(ctx, g.Names); err != nil {
		return nil, err
	}
	if g.offers, err = s.openOffers(ctx, team, g.Names); err != nil {
		return nil, err
	}
	if err := s.lookAround(ctx, g); err != nil && !errors.Is(err, store.ErrUnavailable) {
		return nil, err
	}
	return g, nil
}

// lookAround reads the days around those in view on which somebody on call is away: they show
// who can take over. If it cannot read them, the page marks nobody as away.
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
	sight, err := s.Store.Look(ctx, store.Look{Days: []store.Range{{Team: g.Team.ID, From: first.AddDays(-around), To: last.AddDays(around)}}})
	if err == nil {
		g.near = sight.Days[0]
	}
	return err
}

// collisions returns who is on call and away on a day, unless the day is past.
func (g *glance) collisions(d roster.Date) []roster.Collision {
	if d.Before(g.present) {
		return nil
	}
	return roster.Collisions(g.Team, g.Names.Where(), []roster.Day{g.Day(d)})
}

// clashes returns the collisions of a day, with who can take over.
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
		clash := views.Clash{Team: g.Team, Seat: c.Seat, Holder: c.Person, Absence: c.Absence, Unasked: true}
		g.asked++
		if g.asked <= maxSuggested {
			clash = newClash(g.Team, g.Names, c, g.Day(d).Revision, near)
		}
		clash.Locked, clash.Again = g.locked, g.clashedBefore(c)
		clashes[c.Role] = clash
	}
	return clashes
}

// clashedBefore reports whether the row above has the same person, who is away for the same reason.
func (g *glance) clashedBefore(c roster.Collision) bool {
	before := c.Date.AddDays(-1)
	return c.Date != g.view.From && !before.Before(g.present) && !before.Before(c.Absence.From) &&
		g.Day(before).Assignments[c.Role] == c.Person
}

func (g *glance) banner() views.Banner {
	now := g.OnCall()
	b := views.Banner{Team: g.Team, View: g.view, Duties: now.Duties, Call: now.Call, Names: g.Names, Now: g.Now, Reach: g.reach}
	if len(g.Team.Hours) > 0 {
		coming := g.Strip(views.ComingHours)
		b.Coming = &coming
	}
	return b
}

func (g *glance) roster() views.Roster {
	r := views.Roster{Team: g.Team, View: g.view, Start: g.onCall, Names: g.Names, Offers: g.offers, Locked: g.locked}
	r.Rows = make([]views.Row, g.view.Days)
	for i := range r.Rows {
		r.Rows[i] = g.row(g.view.From.AddDays(i))
	}
	return r
}

func (g *glance) row(d roster.Date) views.Row {
	row := views.Row{
		Team: g.Team, View: g.view, Day: g.Day(d), Names: g.Names, Locked: g.locked, Reach: g.reach,
		Runs:  views.RunsOn(g.week, g.Team, g.view, g.Day, d),
		Today: g.today == d, Current: g.onCall == d,
		Past: d.Before(g.present), Clashes: g.clashes(d),
	}
	if len(g.Team.Hours) > 0 {
		for _, duty := range g.onNow {
			if duty.Date == d {
				row.OnNow = append(row.OnNow, duty.Role.ID)
			}
		}
		row.Current = len(row.OnNow) > 0
	}
	return row
}
