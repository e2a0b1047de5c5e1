package company

import (
	"maps"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Past is the roster of the i-th team, month by month, with its history: each month was filled
// from the rotations at once, three weeks before it began, or lately if that is to come, and a
// few days were changed by hand soon after.
func (c *Company) Past(i int) ([]store.MonthRecord, error) {
	p := past{company: c, team: &c.teams[i], members: c.members(i), line: c.line(i), dice: diceOf(ofPast, i)}
	var months []store.MonthRecord
	month := c.first()
	for k := range c.Size.Months {
		filled := noon(month.First().AddDays(-21))
		if latest := noon(c.Today).Add(-time.Duration(c.Size.Months-k) * time.Hour); latest.Before(filled) {
			filled = latest
		}
		made, err := p.month(month, filled)
		if err != nil {
			return nil, err
		}
		months = append(months, made)
		month = month.Next()
	}
	return months, nil
}

// past makes up the months of a team, one after the other.
type past struct {
	company *Company
	team    *roster.Team
	members []roster.Person
	line    []roster.PersonID
	dice    dice
	number  int64 // of the last change
}

// month is a month that was filled at an instant.
func (p *past) month(m roster.Month, filled time.Time) (store.MonthRecord, error) {
	days := map[roster.Date]roster.Day{}
	record := store.MonthRecord{Team: p.team.ID, Month: m}
	apply := func(e roster.Edit) error {
		var err error
		if e.Change, err = p.dice.id(e.Time); err != nil {
			return err
		}
		after, changes := e.Apply(p.team.ID, func(d roster.Date) roster.Day {
			if day, edited := days[d]; edited {
				return day
			}
			return roster.Day{Date: d}
		})
		if len(changes) == 0 {
			return nil
		}
		record.Version++
		for _, day := range after {
			days[day.Date] = day
		}
		for _, change := range changes {
			p.number++
			record.Changes = append(record.Changes, store.Entry{Number: p.number, Change: change})
		}
		return nil
	}
	fill := roster.Edit{Actor: p.actor(0), Why: roster.WhyRotation, Time: filled}
	for d := m.First(); d.InMonth() == m; d = d.AddDays(1) {
		fill.Days = append(fill.Days, roster.DayEdit{Day: roster.Day{Date: d, Assignments: p.onCall(d)}})
	}
	if err := apply(fill); err != nil {
		return record, err
	}
	for n := range perMonth {
		if err := apply(p.byHand(m, days, filled.Add(time.Duration(10*(n+1))*time.Minute))); err != nil {
			return record, err
		}
	}
	record.Days = slices.SortedFunc(maps.Values(days), func(a, b roster.Day) int { return a.Date.Compare(b.Date) })
	return record, nil
}

// onCall is what the rotations give for a day.
func (p *past) onCall(d roster.Date) map[roster.RoleID]roster.PersonID {
	week := p.team.Rotations[0].Versions[0].From.DaysUntil(d) / 7
	held := map[roster.RoleID]roster.PersonID{}
	for at, role := range p.team.Roles {
		held[role.ID] = p.line[(week+at)%len(p.line)]
	}
	return held
}

// byHand is an edit of one day: somebody who is not in the rotations takes it over, and a note
// says why.
func (p *past) byHand(m roster.Month, days map[roster.Date]roster.Day, at time.Time) roster.Edit {
	who := onCall + p.dice.IntN(len(p.members)-onCall)
	day := days[m.First().AddDays(p.dice.IntN(28))].Clone()
	if id := p.members[who].ID; p.members[who].Active && !day.Has(id) {
		day.Assignments[one(p.dice, p.team.Roles).ID] = id
	}
	day.Note = one(p.dice, []string{"", "Release day", "Swapped for a doctor's appointment", "Datacenter maintenance at night", "Křižovatka: both on site"})
	return roster.Edit{Actor: p.actor(who), Why: roster.WhyEdit, Time: at, Days: []roster.DayEdit{{BasedOn: day.Revision, Day: day}}}
}

func (p *past) actor(who int) roster.Actor {
	return roster.Actor{Name: p.members[who].Name, ID: roster.PersonActor(string(p.members[who].ID))}
}
