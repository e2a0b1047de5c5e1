package roster

import (
	"iter"
	"slices"
	"time"
)

// LookAhead is how many days ahead the resolver looks for the end of a duty. A longer duty
// is reported to end there.
const LookAhead = 34

// Duty is the answer to: who holds a role at an instant, until when, and who is next.
type Duty struct {
	Role   Role
	Person PersonID // "" is a gap, unless Off: nobody
	// Date is the day whose time contains the instant; while Off, the day whose time comes
	// next.
	Date Date
	// Off: the role has hours, and the instant is not among them. So nobody is missing.
	Off bool
	// Until is when the role passes to Next or goes off duty: the end of the last time in a
	// row that the same person (or nobody) holds. While Off it is when the role comes on.
	Until time.Time
	// Next holds the role from NextFrom on; "" is a gap. Both mean nothing while Open.
	Next PersonID
	// NextFrom is Until, or later if the role is off duty in between.
	NextFrom time.Time
	// Open: neither Until nor Next is decided within LookAhead days; Until is where the
	// search ended.
	Open bool
}

// Call is the answer to: who gets called at an instant, until when, and who after that. It
// is whoever holds the first role, in the team's order, that is on duty and held.
type Call struct {
	Role   RoleID
	Person PersonID // "": nobody would be called
	Until  time.Time
	// Next gets called from Until on; "" is nobody. It means nothing while Open.
	Next PersonID
	Open bool // as in Duty
}

// Span is the days that OnCall and Called need to answer for an instant: both are included.
func (t *Team) Span(at time.Time) (from, to Date) {
	serving := t.DayAt(at)
	from = serving
	for _, h := range t.Hours {
		for _, v := range h.Versions {
			if v.Zone != (Zone{}) {
				from = Earlier(from, DateOf(at.In(v.Zone.Location())).AddDays(-1))
			}
			from = Earlier(from, t.Today(at).AddDays(-1))
		}
	}
	return from, serving.AddDays(LookAhead)
}

// OnCall is the resolver: for each of the team's roles, in their order, who holds
// it at the instant, until when, and who is next. Everything that says who is on call
// asks it. dayOn gives the team's days in Span(at).
func (t *Team) OnCall(at time.Time, dayOn func(Date) Day) []Duty {
	from, to := t.Span(at)
	serving := from
	if len(t.Hours) > 0 {
		serving = t.DayAt(at)
	}
	duties := make([]Duty, len(t.Roles))
	for i, role := range t.Roles {
		if len(t.HoursOf(role.ID)) > 0 {
			duties[i] = dutyAt(role, t.held(role.ID, from, to, dayOn), at, t.ShiftOf(to).End)
			continue
		}
		duty := Duty{Role: role, Date: serving, Person: dayOn(serving).Assignments[role.ID]}
		last := serving
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
		duty.NextFrom = duty.Until
		duties[i] = duty
	}
	return duties
}

// heldTime is a time that a role is on duty, and who holds it.
type heldTime struct {
	Shift
	date   Date
	person PersonID
}

// held are the times of the days from–to that the role is on duty, in order, as far as
// somebody asks.
func (t *Team) held(role RoleID, from, to Date, dayOn func(Date) Day) iter.Seq[heldTime] {
	return func(yield func(heldTime) bool) {
		for d := range t.onDuty(role, from, to) {
			person := dayOn(d.date).Assignments[role]
			for _, s := range d.shifts {
				if !yield(heldTime{s, d.date, person}) {
					return
				}
			}
		}
	}
}

// dutyAt is OnCall for one role with hours; end is where the times end.
func dutyAt(role Role, times iter.Seq[heldTime], at, end time.Time) Duty {
	duty := Duty{Role: role, Off: true, Until: end, Open: true}
	for h := range times {
		switch {
		case !h.End.After(at):
		case duty.Off && h.Start.After(at):
			return Duty{Role: role, Date: h.date, Off: true, Until: h.Start, Next: h.person, NextFrom: h.Start}
		case duty.Off:
			duty = Duty{Role: role, Date: h.date, Person: h.person, Until: h.End, Open: true}
		case h.person == duty.Person && h.Start.Equal(duty.Until):
			duty.Until = h.End
		default:
			duty.Next, duty.NextFrom, duty.Open = h.person, h.Start, false
			return duty
		}
	}
	return duty
}

// Called tells who gets called at an instant. dayOn gives the team's days in Span(at).
func (t *Team) Called(at time.Time, dayOn func(Date) Day) Call {
	from, to := t.Span(at)
	if len(t.Hours) == 0 {
		return t.calledByDay(from, to, dayOn)
	}
	// Hands change within days, most often.
	if call := t.calledWithin(at, from, from.AddDays(4), dayOn); !call.Open {
		return call
	}
	return t.calledWithin(at, from, to, dayOn)
}

// calledWithin is Called, as far as the days from–to tell.
func (t *Team) calledWithin(at time.Time, from, to Date, dayOn func(Date) Day) Call {
	var (
		on  = make(rolesHeld, len(t.Roles))
		end = t.ShiftOf(to).End
		// What changes after end can depend on days after to.
		changes = []time.Time{end}
	)
	for i, role := range t.Roles {
		for h := range t.held(role.ID, from, to, dayOn) {
			on[i] = append(on[i], h)
			for _, change := range []time.Time{h.Start, h.End} {
				if change.After(at) && change.Before(end) {
					changes = append(changes, change)
				}
			}
		}
	}
	slices.SortFunc(changes, time.Time.Compare)
	role, person := on.firstAt(at)
	call := Call{Person: person, Until: end, Open: true}
	if person != "" {
		call.Role = t.Roles[role].ID
	}
	for _, change := range changes[:len(changes)-1] {
		if _, next := on.firstAt(change); next != person {
			return Call{Role: call.Role, Person: person, Until: change, Next: next}
		}
	}
	return call
}

// rolesHeld has, for each of a team's roles, the times that it is on duty, in order.
type rolesHeld [][]heldTime

// firstAt is the first role that somebody holds at the instant, and who. It drops what
// ended before: the next instant that is asked for is not earlier.
func (on rolesHeld) firstAt(at time.Time) (int, PersonID) {
	for i := range on {
		for len(on[i]) > 0 && !on[i][0].End.After(at) {
			on[i] = on[i][1:]
		}
		if len(on[i]) > 0 && on[i][0].person != "" && on[i][0].Contains(at) {
			return i, on[i][0].person
		}
	}
	return 0, ""
}

// calledByDay is Called for a team whose roles are all on duty from hand-off to hand-off.
func (t *Team) calledByDay(from, to Date, dayOn func(Date) Day) Call {
	first := func(d Date) (RoleID, PersonID) {
		day := dayOn(d)
		for _, role := range t.Roles {
			if person := day.Assignments[role.ID]; person != "" {
				return role.ID, person
			}
		}
		return "", ""
	}
	call := Call{}
	call.Role, call.Person = first(from)
	last := from
	for ; last != to; last = last.AddDays(1) {
		next := last.AddDays(1)
		if _, person := first(next); person != call.Person && !t.ShiftOf(next).IsEmpty() {
			call.Next = person
			break
		}
	}
	call.Open = last == to
	call.Until = t.ShiftOf(last).End
	return call
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
