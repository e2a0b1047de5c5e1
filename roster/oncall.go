package roster

import "time"

// LookAhead is how many days ahead the resolver looks for the end of a duty. A longer duty
// is reported to end there.
const LookAhead = 34

// Duty is the answer to: who holds a role at an instant, until when, and who is next.
type Duty struct {
	Role   Role
	Person PersonID // "" is a gap: nobody
	Date   Date     // the day whose shift contains the instant
	// Until is when the role passes to Next: the end of the last shift in a row that
	// the same person (or nobody) holds, empty shifts aside.
	Until time.Time
	// Next holds the role from Until on; "" is a gap. It means nothing while Open.
	Next PersonID
	// Open: neither Until nor Next is decided within LookAhead days; Until is where the
	// search ended.
	Open bool
}

// Span is the days that OnCall needs to answer for an instant: both are included.
func (t *Team) Span(at time.Time) (from, to Date) {
	from = t.DayAt(at)
	return from, from.AddDays(LookAhead)
}

// OnCall is the resolver: for each of the team's roles, in their order, who holds
// it at the instant, until when, and who is next. Everything that says who is on call
// asks it. dayOn gives the team's days in Span(at).
func (t *Team) OnCall(at time.Time, dayOn func(Date) Day) []Duty {
	from, to := t.Span(at)
	duties := make([]Duty, len(t.Roles))
	for i, role := range t.Roles {
		duty := Duty{Role: role, Date: from, Person: dayOn(from).Assignments[role.ID]}
		last := from
		for ; last != to; last = last.AddDays(1) {
			next := last.AddDays(1)
			person := dayOn(next).Assignments[role.ID]
			// The holder of a day without time is never on call for it.
			if person != duty.Person && !t.ShiftOf(next).IsEmpty() {
				duty.Next = person
				break
			}
		}
		duty.Open = last == to
		duty.Until = t.ShiftOf(last).End
		duties[i] = duty
	}
	return duties
}

// ByDate turns days, as a store gives them, into the argument of OnCall. Days that are not
// among them are empty.
func ByDate(days []Day) func(Date) Day {
	if inARow(days) {
		return func(d Date) Day {
			if i := days[0].Date.DaysUntil(d); i >= 0 && i < len(days) {
				return days[i]
			}
			return Day{Date: d}
		}
	}
	byDate := make(map[Date]Day, len(days))
	for _, d := range days {
		byDate[d.Date] = d
	}
	return func(d Date) Day {
		if day, ok := byDate[d]; ok {
			return day
		}
		return Day{Date: d}
	}
}

// inARow reports whether there are days, each the one after the one before.
func inARow(days []Day) bool {
	for i := range days {
		if i > 0 && days[i].Date != days[i-1].Date.AddDays(1) {
			return false
		}
	}
	return len(days) > 0
}
