package desk

import (
	"context"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/store"
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

// Sheet reads the days from–to, both included, and the people.
func (k *Desk) Sheet(ctx context.Context, team *roster.Team, from, to roster.Date) (*Sheet, error) {
	return k.sheet(ctx, team, store.Range{Team: team.ID, From: from, To: to})
}

// SheetNow is Sheet with the days that say who is on call now.
func (k *Desk) SheetNow(ctx context.Context, team *roster.Team, from, to roster.Date) (*Sheet, error) {
	return k.sheet(ctx, team, inSight(team, k.Now(), from, to)...)
}

func (k *Desk) sheet(ctx context.Context, team *roster.Team, days ...store.Range) (*Sheet, error) {
	now := k.Now()
	sight, err := k.look(ctx, days...)
	if err != nil {
		return nil, err
	}
	sheet := &Sheet{Team: team, Now: now, Names: sight.People, dayOn: roster.ByDate(sight.Days[0])}
	if len(days) > 1 {
		sheet.dayOn = roster.ByDate(slices.Concat(sight.Days...))
	}
	return sheet, nil
}

// inSight are the days from–to and those that say who is on call now: as one range, with days
// between them, where they are near each other.
func inSight(team *roster.Team, now time.Time, from, to roster.Date) []store.Range {
	nowFrom, nowTo := oncall.Span(team, now)
	first, last := roster.Earlier(nowFrom, from), roster.Later(nowTo, to)
	if first.DaysUntil(last) <= oncall.LookAhead+from.DaysUntil(to)+32 {
		return []store.Range{{Team: team.ID, From: first, To: last}}
	}
	return []store.Range{{Team: team.ID, From: nowFrom, To: nowTo}, {Team: team.ID, From: from, To: to}}
}

// Day is a day in sight.
func (sheet *Sheet) Day(d roster.Date) roster.Day { return sheet.dayOn(d) }

// Days are the days from–to, which are in sight.
func (sheet *Sheet) Days(from, to roster.Date) []roster.Day {
	days := make([]roster.Day, 0, from.DaysUntil(to)+1)
	for _, d := range DaysFrom(from, from.DaysUntil(to)+1) {
		days = append(days, sheet.Day(d))
	}
	return days
}

// OnCall says who is on call now. It needs a sheet from SheetNow.
func (sheet *Sheet) OnCall() Answer { return answer(sheet.Team, sheet.Now, sheet.dayOn) }

// Strip is who is on duty in the coming hours, and who gets called. It needs a sheet from
// SheetNow, and hours are at most a week.
func (sheet *Sheet) Strip(hours int) oncall.Strip {
	now := sheet.Now.Truncate(time.Hour)
	return oncall.StripOf(sheet.Team, roster.Shift{Start: now, End: now.Add(time.Duration(hours) * time.Hour)}, sheet.dayOn)
}

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
