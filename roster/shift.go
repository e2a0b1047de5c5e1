package roster

import "time"

// Shift is the half-open time [Start, End) that belongs to a day.
type Shift struct {
	Start, End time.Time
}

// Contains reports whether t lies in the shift.
func (s Shift) Contains(t time.Time) bool { return !t.Before(s.Start) && t.Before(s.End) }

// IsEmpty reports whether no instant lies in the shift.
func (s Shift) IsEmpty() bool { return !s.Start.Before(s.End) }

// Hours is how long a shift is.
func (s Shift) Hours() time.Duration { return max(0, s.End.Sub(s.Start)) }

// ShiftOf is the time for which the people of day d are on call: from the hand-off
// on d to the hand-off on the next day, each by the settings that hold on its day.
// Shifts of consecutive days always meet. One can be empty: a day that a zone
// skipped, or one that a change of zone left no time for.
func (t *Team) ShiftOf(d Date) Shift {
	return Shift{t.boundary(d), t.boundary(d.AddDays(1))}
}

// boundary is where day d begins. It is the hand-off on d, unless new settings put
// that before the beginning of an earlier day; then it is that beginning, so that
// boundaries never run backwards. Hand-offs of one date lie at most 50 hours apart
// (26 between zones, 24 within the day), so three earlier days are enough to look at.
func (t *Team) boundary(d Date) time.Time {
	latest := t.handOff(d)
	if len(t.Settings) == 1 {
		return latest
	}
	for back := 1; back <= 3; back++ {
		if b := t.handOff(d.AddDays(-back)); b.After(latest) {
			latest = b.In(latest.Location())
		}
	}
	return latest
}

func (t *Team) handOff(d Date) time.Time {
	s := t.SettingsOn(d)
	return s.Zone.Instant(d, s.HandOff)
}

// DayAt is the one day whose shift contains the instant.
func (t *Team) DayAt(at time.Time) Date {
	d := DateOf(at.UTC()).AddDays(1) // no later day has begun anywhere
	for t.boundary(d).After(at) {
		d = d.AddDays(-1)
	}
	return d
}
