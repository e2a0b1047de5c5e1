package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"dailyroster/roster"
)

// Sheet is a team's roster as one request read it: the people, and the days in sight. A
// decision updates the sheet, so that drawing the result needs no further read. A sheet
// belongs to one goroutine.
type Sheet struct {
	Team  *roster.Team
	Names roster.Names // of everybody, removed people included
	Now   time.Time    // as of when it is
	dayOn func(roster.Date) roster.Day
}

// Sheet reads the days from–to, both included. It reads the people at the same time, because
// each read may be a trip to another machine.
func (k *Desk) Sheet(ctx context.Context, team *roster.Team, from, to roster.Date) (*Sheet, error) {
	return k.sheet(ctx, team, func() ([]roster.Day, error) { return k.Store.Days(ctx, team.ID, from, to) })
}

// SheetNow is Sheet with the days that say who is on call now.
func (k *Desk) SheetNow(ctx context.Context, team *roster.Team, from, to roster.Date) (*Sheet, error) {
	return k.sheet(ctx, team, func() ([]roster.Day, error) { return k.daysInSight(ctx, team, from, to) })
}

func (k *Desk) sheet(ctx context.Context, team *roster.Team, read func() ([]roster.Day, error)) (*Sheet, error) {
	sheet := &Sheet{Team: team, Now: k.Now()}
	var namesErr error
	var reading sync.WaitGroup
	reading.Go(func() { sheet.Names, namesErr = k.Names(ctx) })
	days, err := read()
	reading.Wait()
	if err := errors.Join(err, namesErr); err != nil {
		return nil, err
	}
	sheet.dayOn = roster.ByDate(days)
	return sheet, nil
}

// daysInSight returns the days from–to and those that say who is on call now. There may be
// days between them, and a day may come twice.
func (k *Desk) daysInSight(ctx context.Context, team *roster.Team, from, to roster.Date) ([]roster.Day, error) {
	nowFrom, nowTo := team.Span(k.Now())
	first, last := roster.Earlier(nowFrom, from), roster.Later(nowTo, to)
	if first.DaysUntil(last) <= roster.LookAhead+from.DaysUntil(to)+32 {
		return k.Store.Days(ctx, team.ID, first, last) // near each other: one read instead of two
	}
	days, err := k.Store.Days(ctx, team.ID, nowFrom, nowTo)
	if err != nil {
		return nil, err
	}
	more, err := k.Store.Days(ctx, team.ID, from, to)
	return append(days, more...), err
}

// Day is a day in sight.
func (sheet *Sheet) Day(d roster.Date) roster.Day { return sheet.dayOn(d) }

// OnCall says who is on call now. It needs a sheet from SheetNow.
func (sheet *Sheet) OnCall() []roster.Duty { return sheet.Team.OnCall(sheet.Now, sheet.dayOn) }

// IsPast reports whether the shift of a day is over, so that a change takes a reason.
func (sheet *Sheet) IsPast(d roster.Date) bool { return d.Before(sheet.Team.Present(sheet.Now)) }

// put updates a day.
func (sheet *Sheet) put(day roster.Day) {
	read := sheet.dayOn
	sheet.dayOn = func(d roster.Date) roster.Day {
		if d == day.Date {
			return day
		}
		return read(d)
	}
}

// add adds new people.
func (sheet *Sheet) add(people []roster.Person) {
	if len(people) > 0 {
		sheet.Names = sheet.Names.With(people)
	}
}
