// Package timeline lays out on a line of time who is on duty: role by role, with what nobody
// covers. It is what strips and calendars of hours are drawn from.
package timeline

import (
	"slices"
	"time"

	"dailyroster/roster"
)

// Timeline is a stretch of time of one team.
type Timeline struct {
	roster.Shift        // the whole of it
	Lanes        []Lane // of each role, in the team's order
	// Uncovered is when no role is on duty or, with people, nobody holds one that is; in order.
	Uncovered []roster.Shift
}

// Lane is one role on the line.
type Lane struct {
	Role   roster.Role
	Blocks []Block // in order, without overlap
}

// Block is a time that the role is on duty.
type Block struct {
	roster.Shift
	Person roster.PersonID // "" is nobody, or is not asked for
}

// Week is the week, from midnight on Monday in the team's zone, that a day is in: when each
// role is on duty, whoever holds it.
func Week(team *roster.Team, in roster.Date) Timeline {
	monday := in.AddDays(-((int(in.Weekday()) + 6) % 7))
	zone := team.SettingsOn(monday).Zone
	whole := roster.Shift{Start: zone.Instant(monday, 0), End: zone.Instant(monday.AddDays(7), 0)}
	return layOut(team, whole, func(roster.Date, roster.RoleID) (roster.PersonID, bool) { return "", true })
}

// Coming is the time from an instant on, with who holds each role. dayOn gives the team's days;
// it needs those from two days before to two days after.
func Coming(team *roster.Team, from time.Time, length time.Duration, dayOn func(roster.Date) roster.Day) Timeline {
	return layOut(team, roster.Shift{Start: from, End: from.Add(length)}, func(d roster.Date, role roster.RoleID) (roster.PersonID, bool) {
		person := dayOn(d).Assignments[role]
		return person, person != ""
	})
}

// layOut puts on the line what lies in the whole. holds says who has a seat, and whether that
// covers its time.
func layOut(team *roster.Team, whole roster.Shift, holds func(roster.Date, roster.RoleID) (roster.PersonID, bool)) Timeline {
	line := Timeline{Shift: whole, Lanes: make([]Lane, len(team.Roles))}
	// Time that lies in the whole belongs to a day at most two days away: a day's last span
	// begins on it in some zone, and ends on the next.
	from, to := roster.DateOf(whole.Start.UTC()).AddDays(-2), roster.DateOf(whole.End.UTC()).AddDays(2)
	var covered []roster.Shift
	for i, role := range team.Roles {
		lane := Lane{Role: role}
		for d := from; !to.Before(d); d = d.AddDays(1) {
			person, covers := holds(d, role.ID)
			for _, on := range team.OnDuty(role.ID, d) {
				if on = within(on, whole); on.IsEmpty() {
					continue
				}
				if covers {
					covered = append(covered, on)
				}
				last := len(lane.Blocks) - 1
				if last >= 0 && lane.Blocks[last].Person == person && lane.Blocks[last].End.Equal(on.Start) {
					lane.Blocks[last].End = on.End
					continue
				}
				lane.Blocks = append(lane.Blocks, Block{on, person})
			}
		}
		line.Lanes[i] = lane
	}
	line.Uncovered = Without(whole, covered)
	return line
}

// Covered is how much of the whole is not uncovered.
func (line Timeline) Covered() time.Duration {
	covered := line.Hours()
	for _, u := range line.Uncovered {
		covered -= u.Hours()
	}
	return covered
}

// within is the part of a shift that lies in the whole.
func within(s, whole roster.Shift) roster.Shift {
	if s.Start.Before(whole.Start) {
		s.Start = whole.Start
	}
	if s.End.After(whole.End) {
		s.End = whole.End
	}
	return s
}

// Without is what of the whole lies in none of the shifts, in order. It sorts the shifts.
func Without(whole roster.Shift, shifts []roster.Shift) []roster.Shift {
	slices.SortFunc(shifts, func(a, b roster.Shift) int { return a.Start.Compare(b.Start) })
	var rest []roster.Shift
	at := whole.Start
	for _, s := range shifts {
		if s.Start.After(at) {
			if !s.Start.Before(whole.End) {
				break
			}
			rest = append(rest, roster.Shift{Start: at, End: s.Start})
		}
		if s.End.After(at) {
			at = s.End
		}
	}
	if at.Before(whole.End) {
		rest = append(rest, roster.Shift{Start: at, End: whole.End})
	}
	return rest
}
