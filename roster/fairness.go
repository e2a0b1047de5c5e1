package roster

import (
	"cmp"
	"slices"
)

// Count is how often someone was on call. A Saturday that is a holiday counts in all
// three: they are views of the same days, not parts of a sum.
type Count struct {
	Days     int `json:"days"`
	Weekend  int `json:"weekend"`  // of them, Saturdays and Sundays
	Holidays int `json:"holidays"` // of them, public holidays of the team
}

// Plus is the sum of both.
func (c Count) Plus(d Count) Count {
	return Count{c.Days + d.Days, c.Weekend + d.Weekend, c.Holidays + d.Holidays}
}

// Period is a time that is counted on its own; From and To are both included.
type Period struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// MonthPeriods are the months of from–to, the first and the last cut to that range.
func MonthPeriods(from, to Date) []Period {
	var periods []Period
	for _, m := range MonthsOf(from, to) {
		p := Period{m.First(), m.Next().First().AddDays(-1)}
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

// Fairness is who was on call how often.
type Fairness struct {
	Periods []Period `json:"periods"`
	// Rows are in order of people and then of the team's roles, roles that it no longer
	// has last; only who was on call has a row.
	Rows []FairnessRow `json:"rows"`
}

// FairnessRow is one person in one role.
type FairnessRow struct {
	Person PersonID `json:"person"`
	Role   RoleID   `json:"role"`
	// Counts has one Count for each of the periods, in their order.
	Counts []Count `json:"counts"`
	Total  Count   `json:"total"` // of all periods
}

// FairnessOf counts the days that lie in the periods, which are in order and do not
// overlap. The days may come in any order, each once.
func FairnessOf(team *Team, days []Day, periods []Period) Fairness {
	holidays := make(map[Date]bool, len(team.Holidays))
	for _, h := range team.Holidays {
		holidays[h.Date] = true
	}
	type key struct {
		person PersonID
		role   RoleID
	}
	rows := map[key]*FairnessRow{}
	for _, d := range days {
		at, within := slices.BinarySearchFunc(periods, d.Date, func(p Period, d Date) int {
			switch {
			case p.To.Before(d):
				return -1
			case d.Before(p.From):
				return 1
			default:
				return 0
			}
		})
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
				row = &FairnessRow{Person: person, Role: role, Counts: make([]Count, len(periods))}
				rows[k] = row
			}
			row.Counts[at] = row.Counts[at].Plus(one)
			row.Total = row.Total.Plus(one)
		}
	}
	place := func(id RoleID) int {
		if i := slices.IndexFunc(team.Roles, func(r Role) bool { return r.ID == id }); i >= 0 {
			return i
		}
		return len(team.Roles)
	}
	table := Fairness{Periods: periods, Rows: make([]FairnessRow, 0, len(rows))}
	for _, row := range rows {
		table.Rows = append(table.Rows, *row)
	}
	slices.SortFunc(table.Rows, func(a, b FairnessRow) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(place(a.Role), place(b.Role)), cmp.Compare(a.Role, b.Role))
	})
	return table
}

// Of is the total of a person over all roles.
func (f Fairness) Of(person PersonID) Count {
	var sum Count
	for _, row := range f.Rows {
		if row.Person == person {
			sum = sum.Plus(row.Total)
		}
	}
	return sum
}
