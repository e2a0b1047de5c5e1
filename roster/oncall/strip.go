package oncall

import (
	"slices"
	"time"

	"dailyroster/roster"
)

// Strip is a stretch of time with who is on duty in each role, and who gets called.
type Strip struct {
	roster.Shift
	Roles []RoleStrip // in the team's order
	// Called are in order and leave nothing out: where nobody would be called, Person is "".
	Called []CalledTime
}

// RoleStrip is when a role is on duty within a strip, in order.
type RoleStrip struct {
	Role  roster.Role
	Times []HeldTime
}

// HeldTime is a time of a day for which a role is on duty, and who holds it; "" is a gap.
type HeldTime struct {
	roster.Shift
	Date   roster.Date
	Person roster.PersonID
}

// CalledTime is a time in which the same person gets called for the same role.
type CalledTime struct {
	roster.Shift
	Role   roster.RoleID // "" while nobody would be called
	Person roster.PersonID
}

// StripSpan is the days that StripOf needs to answer for a stretch of time: both are included.
func StripSpan(t *roster.Team, whole roster.Shift) (from, to roster.Date) {
	from, _ = Span(t, whole.Start)
	if len(t.Hours) == 0 {
		return from, t.DayAt(whole.End)
	}
	return from, roster.DateOf(whole.End.UTC()).AddDays(1)
}

// StripOf is the strip of a stretch of time. dayOn gives the team's days in StripSpan.
func StripOf(t *roster.Team, whole roster.Shift, dayOn func(roster.Date) roster.Day) Strip {
	strip := Strip{Shift: whole, Roles: make([]RoleStrip, len(t.Roles))}
	from, to := StripSpan(t, whole)
	on := make(rolesHeld, len(t.Roles))
	marks := []time.Time{whole.Start, whole.End}
	for i, role := range t.Roles {
		strip.Roles[i].Role = role
		for h := range held(t, role.ID, from, to, dayOn) {
			h.Shift = within(h.Shift, whole)
			if h.IsEmpty() {
				continue
			}
			on[i] = append(on[i], h)
			strip.Roles[i].Times = append(strip.Roles[i].Times, HeldTime{h.Shift, h.date, h.person})
			marks = append(marks, h.Start, h.End)
		}
	}
	slices.SortFunc(marks, time.Time.Compare)
	marks = slices.CompactFunc(marks, time.Time.Equal)
	for i, at := range marks[:len(marks)-1] {
		now := CalledTime{Shift: roster.Shift{Start: at, End: marks[i+1]}}
		var role int
		if role, now.Person = on.firstAt(at); now.Person != "" {
			now.Role = t.Roles[role].ID
		}
		if last := len(strip.Called) - 1; last >= 0 && strip.Called[last].Role == now.Role && strip.Called[last].Person == now.Person {
			strip.Called[last].End = now.End
			continue
		}
		strip.Called = append(strip.Called, now)
	}
	return strip
}

// Week is the strip of the seven days from a date on, as if every role were held by somebody:
// what the team's hours cover, whoever serves. Nobody gets called where no role is on duty.
func Week(t *roster.Team, from roster.Date) Strip {
	anybody := make(map[roster.RoleID]roster.PersonID, len(t.Roles))
	for _, role := range t.Roles {
		anybody[role.ID] = "anybody"
	}
	midnight := func(d roster.Date) time.Time { return t.SettingsOn(d).Zone.Instant(d, 0) }
	return StripOf(t, roster.Shift{Start: midnight(from), End: midnight(from.AddDays(7))}, func(d roster.Date) roster.Day {
		return roster.Day{Date: d, Assignments: anybody}
	})
}

// within is what of the shift lies in the whole.
func within(s, whole roster.Shift) roster.Shift {
	if s.Start.Before(whole.Start) {
		s.Start = whole.Start
	}
	if whole.End.Before(s.End) {
		s.End = whole.End
	}
	return s
}
