// Package tally adds up the days of a roster: how often each person was on call, how much of
// a role is filled, and which shifts a person has ahead.
package tally

import (
	"cmp"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/worked"
	"dailyroster/words/said"
)

// Count is how often someone was on call. A Saturday that is a holiday counts in all
// three: they are views of the same days, not parts of a sum.
type Count struct {
	Days     int
	Weekend  int // of them, Saturdays and Sundays
	Holidays int // of them, public holidays of the team
}

// Plus is the sum of both.
func (c Count) Plus(d Count) Count {
	return Count{c.Days + d.Days, c.Weekend + d.Weekend, c.Holidays + d.Holidays}
}

// Period is a time that is counted on its own; From and To are both included.
type Period struct {
	From roster.Date
	To   roster.Date
}

// Grain is how long the periods are that a range is counted by.
type Grain string

// The grains. Quarters and years are those of the calendar.
const (
	ByMonth   Grain = "month"
	ByQuarter Grain = "quarter"
	ByYear    Grain = "year"
	ByRange   Grain = "range" // the whole range is one period
)

// Grains lists them, the shortest first.
func Grains() []Grain { return []Grain{ByMonth, ByQuarter, ByYear, ByRange} }

// ParseGrain reads a grain's name.
func ParseGrain(s string) (Grain, error) {
	if g := Grain(s); slices.Contains(Grains(), g) {
		return g, nil
	}
	return "", said.New("%q is not a period; give month, quarter, year or range", s)
}

// Contains gives the period of the calendar that d lies in; by range it is d alone.
func (g Grain) Contains(d roster.Date) Period {
	first, months := d.InMonth(), 1
	switch g {
	case ByMonth:
	case ByQuarter:
		first.Month -= (first.Month - 1) % 3
		months = 3
	case ByYear:
		first.Month, months = 1, 12
	case ByRange:
		return Period{d, d}
	}
	next := first
	for range months {
		next = next.Next()
	}
	return Period{first.First(), next.First().AddDays(-1)}
}

// Periods are the periods of from–to, in order, the first and the last cut to that
// range.
func (g Grain) Periods(from, to roster.Date) []Period {
	if g == ByRange {
		return []Period{{from, to}}
	}
	var periods []Period
	for d := from; !to.Before(d); {
		p := g.Contains(d)
		d = p.To.AddDays(1)
		if p.From.Before(from) {
			p.From = from
		}
		if to.Before(p.To) {
			p.To = to
		}
		periods = append(periods, p)
	}
	return periods
}

// MonthPeriods are the months of from–to, the first and the last cut to that range.
func MonthPeriods(from, to roster.Date) []Period { return ByMonth.Periods(from, to) }

// Fairness is who was on call how often.
type Fairness struct {
	Periods []Period
	// Rows are in order of people and then of the team's roles, roles that it no longer
	// has last; only who was on call has a row.
	Rows []FairnessRow
	// ByHour: hours are counted too.
	ByHour bool
}

// FairnessRow is one person in one role.
type FairnessRow struct {
	Person roster.PersonID
	Role   roster.RoleID
	// Counts has one Count for each of the periods, in their order.
	Counts []Count
	Total  Count // of all periods
	// Hours are as Counts; nil where only days are counted. A shift's hours are those of the
	// period of its day.
	Hours      []worked.Hours
	TotalHours worked.Hours
}

func newFairnessRow(person roster.PersonID, role roster.RoleID, periods int, hours bool) FairnessRow {
	row := FairnessRow{Person: person, Role: role, Counts: make([]Count, periods)}
	if hours {
		row.Hours = make([]worked.Hours, periods)
	}
	return row
}

// FairnessOf counts the days that lie in the periods, which are in order and do not
// overlap. The days may come in any order, each once.
func FairnessOf(team *roster.Team, days []roster.Day, periods []Period) Fairness {
	return fairnessOf(team, days, periods, nil)
}

// FairnessByHour is FairnessOf, and counts the hours too.
func FairnessByHour(team *roster.Team, days []roster.Day, periods []Period, homes Homes) Fairness {
	return fairnessOf(team, days, periods, newClock(team, homes))
}

func fairnessOf(team *roster.Team, days []roster.Day, periods []Period, clock *clock) Fairness {
	holidays := make(map[roster.Date]bool, len(team.Holidays))
	for _, h := range team.Holidays {
		holidays[h.Date] = true
	}
	type key struct {
		person roster.PersonID
		role   roster.RoleID
	}
	rows := map[key]*FairnessRow{}
	for _, d := range days {
		at, within := periodOf(periods, d.Date)
		if !within {
			continue
		}
		one := Count{Days: 1}
		if d.Date.IsWeekend() {
			one.Weekend = 1
		}
		if holidays[d.Date] {
			one.Holidays = 1
		}
		for role, person := range d.Assignments {
			k := key{person, role}
			row := rows[k]
			if row == nil {
				made := newFairnessRow(person, role, len(periods), clock != nil)
				row = &made
				rows[k] = row
			}
			row.Counts[at] = row.Counts[at].Plus(one)
			row.Total = row.Total.Plus(one)
			if clock != nil {
				hours := clock.hours(person, roster.Seat{Date: d.Date, Role: role})
				row.Hours[at] = row.Hours[at].Plus(hours)
				row.TotalHours = row.TotalHours.Plus(hours)
			}
		}
	}
	place := func(id roster.RoleID) int {
		if i := slices.IndexFunc(team.Roles, func(r roster.Role) bool { return r.ID == id }); i >= 0 {
			return i
		}
		return len(team.Roles)
	}
	table := Fairness{Periods: periods, Rows: make([]FairnessRow, 0, len(rows)), ByHour: clock != nil}
	for _, row := range rows {
		table.Rows = append(table.Rows, *row)
	}
	slices.SortFunc(table.Rows, func(a, b FairnessRow) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(place(a.Role), place(b.Role)), cmp.Compare(a.Role, b.Role))
	})
	return table
}

// periodOf is the period that has the day, if one has.
func periodOf(periods []Period, d roster.Date) (at int, within bool) {
	return slices.BinarySearchFunc(periods, d, func(p Period, d roster.Date) int {
		switch {
		case p.To.Before(d):
			return -1
		case d.Before(p.From):
			return 1
		default:
			return 0
		}
	})
}

// InRole has a row for each person, with only what they did in one role or, with "", in
// all of them added up. Who else is named has a row as well, with nothing in it: never
// having served is what a fair share is measured against.
func (f Fairness) InRole(role roster.RoleID, also []roster.PersonID) Fairness {
	table := Fairness{Periods: f.Periods, ByHour: f.ByHour}
	row := func(person roster.PersonID) *FairnessRow {
		at, found := slices.BinarySearchFunc(table.Rows, person, func(r FairnessRow, p roster.PersonID) int { return cmp.Compare(r.Person, p) })
		if !found {
			table.Rows = slices.Insert(table.Rows, at, newFairnessRow(person, role, len(f.Periods), f.ByHour))
		}
		return &table.Rows[at]
	}
	for _, person := range also {
		row(person)
	}
	for _, r := range f.Rows {
		if role != "" && r.Role != role {
			continue
		}
		sum := row(r.Person)
		for i, c := range r.Counts {
			sum.Counts[i] = sum.Counts[i].Plus(c)
		}
		sum.Total = sum.Total.Plus(r.Total)
		for i, h := range r.Hours {
			sum.Hours[i] = sum.Hours[i].Plus(h)
		}
		sum.TotalHours = sum.TotalHours.Plus(r.TotalHours)
	}
	return table
}

// Of is the total of a person over all roles.
func (f Fairness) Of(person roster.PersonID) Count {
	var sum Count
	for _, row := range f.Rows {
		if row.Person == person {
			sum = sum.Plus(row.Total)
		}
	}
	return sum
}
