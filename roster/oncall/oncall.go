// Package oncall is the one resolver: it tells who is on call, until when, and who is next.
// Everything that says so asks it.
package oncall

import (
	"iter"
	"slices"
	"time"

	"dailyroster/roster"
)

// LookAhead is how many days ahead the resolver looks for the end of a duty. A longer duty
// is reported to end there.
const LookAhead = 34

// Duty is the answer to: who holds a role at an instant, until when, and who is next.
type Duty struct {
	Role   roster.Role
	Person roster.PersonID // "" is a gap, unless Off: nobody
	// Date is the day whose time contains the instant; while Off, the day whose time comes
	// next.
	Date roster.Date
	// Off: the role has hours, and the instant is not among them. So nobody is missing.
	Off bool
	// Until is when the role passes to Next or goes off duty: the end of the last time in a
	// row that the same person (or nobody) holds. While Off it is when the role comes on.
	Until time.Time
	// Next holds the role from NextFrom on; "" is a gap. Both mean nothing while Open.
	Next roster.PersonID
	// NextFrom is Until, or later if the role is off duty in between.
	NextFrom time.Time
	// Open: neither Until nor Next is decided within LookAhead days; Until is where the
	// search ended.
	Open bool
}

// Call is the answer to: who gets called at an instant, until when, and who after that. It
// is whoever holds the first role, in the team's order, that is on duty and held.
type Call struct {
	Role   roster.RoleID
	Person roster.PersonID // "": nobody would be called
	Until  time.Time
	// Next gets called from Until on; "" is nobody. It means nothing while Open.
	Next roster.PersonID
	Open bool // as in Duty
}

// Span is the days that Duties and Called need to answer for an instant: both are included.
func Span(t *roster.Team, at time.Time) (from, to roster.Date) {
	serving := t.DayAt(at)
	from = serving
	for _, h := range t.Hours {
		for _, v := range h.Versions {
			if v.Zone != (roster.Zone{}) {
				from = roster.Earlier(from, roster.DateOf(at.In(v.Zone.Location())).AddDays(-1))
			}
			from = roster.Earlier(from, t.Today(at).AddDays(-1))
		}
	}
	return from, serving.AddDays(LookAhead)
}

// Duties is the resolver: for each of the team's roles, in their order, who holds
// it at the instant, until when, and who is next. dayOn gives the team's days in Span(at).
func Duties(t *roster.Team, at time.Time, dayOn func(roster.Date) roster.Day) []Duty {
	from, to := Span(t, at)
	serving := from
	if len(t.Hours) > 0 {
		serving = t.DayAt(at)
	}
	duties := make([]Duty, len(t.Roles))
	for i, role := range t.Roles {
		if len(t.HoursOf(role.ID)) > 0 {
			duties[i] = dutyAt(role, held(t, role.ID, from, to, dayOn), at, t.ShiftOf(to).End)
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
	roster.Shift
	date   roster.Date
	person roster.PersonID
}

// held are the times of the days from–to that the role is on duty, in order, as far as
// somebody asks.
func held(t *roster.Team, role roster.RoleID, from, to roster.Date, dayOn func(roster.Date) roster.Day) iter.Seq[heldTime] {
	return func(yield func(heldTime) bool) {
		for d, shifts := range t.OnDutyDays(role, from, to) {
			person := dayOn(d).Assignments[role]
			for _, s := range shifts {
				if !yield(heldTime{s, d, person}) {
					return
				}
			}
		}
	}
}

// dutyAt is Duties for one role with hours; end is where the times end.
func dutyAt(role roster.Role, times iter.Seq[heldTime], at, end time.Time) Duty {
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
func Called(t *roster.Team, at time.Time, dayOn func(roster.Date) roster.Day) Call {
	from, to := Span(t, at)
	if len(t.Hours) == 0 {
		return calledByDay(t, from, to, dayOn)
	}
	// Hands change within days, most often.
	if call := calledWithin(t, at, from, from.AddDays(4), dayOn); !call.Open {
		return call
	}
	return calledWithin(t, at, from, to, dayOn)
}

// calledWithin is Called, as far as the days from–to tell.
func calledWithin(t *roster.Team, at time.Time, from, to roster.Date, dayOn func(roster.Date) roster.Day) Call {
	var (
		on  = make(rolesHeld, len(t.Roles))
		end = t.ShiftOf(to).End
		// What changes after end can depend on days after to.
		changes = []time.Time{end}
	)
	for i, role := range t.Roles {
		for h := range held(t, role.ID, from, to, dayOn) {
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
func (on rolesHeld) firstAt(at time.Time) (int, roster.PersonID) {
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
func calledByDay(t *roster.Team, from, to roster.Date, dayOn func(roster.Date) roster.Day) Call {
	first := func(d roster.Date) (roster.RoleID, roster.PersonID) {
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
