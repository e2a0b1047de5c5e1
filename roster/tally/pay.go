package tally

import (
	"cmp"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/worked"
)

// Homes tells in which zone a person lives; the zero Zone is not known.
type Homes func(roster.PersonID) roster.Zone

// HomesOf are the homes of people.
func HomesOf(names roster.Names) Homes {
	return func(id roster.PersonID) roster.Zone {
		p, _ := names.Person(id)
		return p.Zone
	}
}

// clock tells the kinds of a team's hours apart. Somebody whose zone is not known lives in the
// team's.
type clock struct {
	team      *roster.Team
	homes     Homes
	calendars map[zones]worked.Calendar
}

type zones struct{ home, work string }

func newClock(team *roster.Team, homes Homes) *clock {
	return &clock{team, homes, map[zones]worked.Calendar{}}
}

// calendar is that of a person on a day of the team.
func (c *clock) calendar(person roster.PersonID, d roster.Date) worked.Calendar {
	work := c.team.SettingsOn(d).Zone
	home := c.homes(person)
	if home == (roster.Zone{}) {
		home = work
	}
	key := zones{home.String(), work.String()}
	calendar, known := c.calendars[key]
	if !known {
		calendar = worked.NewCalendar(c.team, home, work)
		c.calendars[key] = calendar
	}
	return calendar
}

// hours are the hours of a seat for its holder.
func (c *clock) hours(person roster.PersonID, seat roster.Seat) worked.Hours {
	var sum worked.Hours
	calendar := c.calendar(person, seat.Date)
	for _, on := range c.team.OnDuty(seat.Role, seat.Date) {
		sum = sum.Plus(calendar.Of(on))
	}
	return sum
}

// Pay is what people are paid for some periods.
type Pay struct {
	Currency string
	Periods  []Period
	Rows     []PayRow // in order of people
	Totals   []roster.Amount
}

// PayRow is one person's hours, in all roles, and what they are paid.
type PayRow struct {
	Person roster.PersonID
	// Hours and Amounts are for each of the periods, in their order. An amount is rounded
	// once, half a hundredth up, so that TotalAmount is the sum of what is paid.
	Hours       []worked.Hours
	Amounts     []roster.Amount
	TotalHours  worked.Hours
	TotalAmount roster.Amount
}

// PayOf adds up what the team's rates pay for the days that lie in the periods, which are in
// order and do not overlap. A shift is paid with the period of its day, wherever it ends.
func PayOf(team *roster.Team, days []roster.Day, periods []Period, homes Homes) Pay {
	clock := newClock(team, homes)
	type sums struct {
		hours []worked.Hours
		pay   []worked.Pay
	}
	of := map[roster.PersonID]*sums{}
	for _, d := range days {
		at, within := periodOf(periods, d.Date)
		if !within {
			continue
		}
		for role, person := range d.Assignments {
			sum := of[person]
			if sum == nil {
				sum = &sums{make([]worked.Hours, len(periods)), make([]worked.Pay, len(periods))}
				of[person] = sum
			}
			calendar := clock.calendar(person, d.Date)
			for _, on := range team.OnDuty(role, d.Date) {
				sum.hours[at] = sum.hours[at].Plus(calendar.Of(on))
				sum.pay[at].Add(calendar, on, team.Rates)
			}
		}
	}
	pay := Pay{Currency: team.Rates.Currency, Periods: periods, Totals: make([]roster.Amount, len(periods))}
	for person, sum := range of {
		row := PayRow{Person: person, Hours: sum.hours, Amounts: make([]roster.Amount, len(periods))}
		for i := range periods {
			row.Amounts[i] = sum.pay[i].Amount()
			row.TotalAmount += row.Amounts[i]
			row.TotalHours = row.TotalHours.Plus(sum.hours[i])
			pay.Totals[i] += row.Amounts[i]
		}
		pay.Rows = append(pay.Rows, row)
	}
	slices.SortFunc(pay.Rows, func(a, b PayRow) int { return cmp.Compare(a.Person, b.Person) })
	return pay
}
