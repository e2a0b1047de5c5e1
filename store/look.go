package store

import (
	"slices"

	"dailyroster/roster"
)

// Range is days of a team, From to To, both included.
type Range struct {
	Team     roster.TeamID
	From, To roster.Date
}

// TeamMonths are months of a team.
type TeamMonths struct {
	Team   roster.TeamID
	Months []roster.Month
}

// Look says what to read at once, see Store.Look.
type Look struct {
	People, Teams bool            // all of them, removed ones too
	Team          roster.TeamID   // this one; "" is none
	Of            roster.PersonID // in which teams they are; "" is nobody
	Days          []Range
	Versions      []TeamMonths
}

// Sight is what a Look found. It is shared with others: nothing in it may be changed.
type Sight struct {
	People   roster.Names
	Teams    roster.Teams
	Team     *roster.Team             // nil if there is none
	Of       []roster.TeamID          // whose days have ever had the person, and perhaps others, in order
	Days     [][]roster.Day           // of each range, as Store.Days gives them
	Versions []map[roster.Month]int64 // of each team's months, as Store.Versions gives them
}

// CheckLook refuses, as an *InvalidError, a look at a range that runs backwards.
func CheckLook(l Look) error {
	for _, r := range l.Days {
		if err := CheckRange(r.From, r.To); err != nil {
			return err
		}
	}
	return nil
}

// Months are the months that the range touches, in order.
func (r Range) Months() []roster.Month { return roster.MonthsOf(r.From, r.To) }

// Of are the range's days, out of those of its months, each whole and in order. Where the
// range is in one month they are a part of its days and not a copy. An error of month ends it.
func (r Range) Of(month func(roster.Month) ([]roster.Day, error)) ([]roster.Day, error) {
	var days []roster.Day
	first := r.From.InMonth()
	for m := first; !r.To.Before(m.First()); m = m.Next() {
		part, err := month(m)
		if err != nil {
			return nil, err
		}
		to := len(part)
		if m == r.To.InMonth() {
			to = r.To.Day
		}
		from := 0
		if m == first {
			from = r.From.Day - 1
		}
		if part = part[from:to:to]; days == nil && m == r.To.InMonth() {
			return part, nil
		}
		if days == nil {
			days = make([]roster.Day, 0, r.From.DaysUntil(r.To)+1)
		}
		days = append(days, part...)
	}
	return days, nil
}

// MonthDays are all days of a month, out of those that were ever edited, by day of the month.
// Days in a row with the same people share what says so, as they are not to be changed.
func MonthDays(m roster.Month, edited func(day int) (roster.Day, bool)) []roster.Day {
	days := make([]roster.Day, 0, 31)
	var last roster.Day
	for d := m.First(); d.InMonth() == m; d = d.AddDays(1) {
		day, ok := edited(d.Day)
		day.Date = d
		if ok && last.Assignments != nil && len(last.Assignments) == len(day.Assignments) {
			if same := (roster.Day{Assignments: last.Assignments}); same.Same(roster.Day{Assignments: day.Assignments}) {
				day.Assignments = last.Assignments
			}
		}
		days = append(days, day)
		last = day
	}
	return slices.Clip(days)
}

// OwnDays are days as Store.Days gives them, for the caller alone.
func OwnDays(shared []roster.Day) []roster.Day {
	days := make([]roster.Day, len(shared))
	for i, d := range shared {
		days[i] = d.Clone()
	}
	return days
}
