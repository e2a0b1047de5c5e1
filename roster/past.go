package roster

import (
	"time"

	"dailyroster/words/said"
)

// Past tells what of a team's roster is over at an instant.
type Past struct {
	team *Team
	now  time.Time
	// Present is the first day that is not past, see Team.Present.
	Present Date
}

// PastAt is what is over at an instant.
func (t *Team) PastAt(now time.Time) Past { return Past{t, now, t.Present(now)} }

// Over reports whether nobody is on duty in the seat from now on: its last hours have ended
// or, if the role has none that day, the day is past.
func (p Past) Over(seat Seat) bool {
	if end, has := p.team.dutyEnd(seat.Role, seat.Date); has {
		return !end.After(p.now)
	}
	return seat.Date.Before(p.Present)
}

// dutyEnd is when the hours of a role end that begin on day d, if it has any then.
func (t *Team) dutyEnd(role RoleID, d Date) (end time.Time, has bool) {
	if _, has := t.hoursOn(role, d); !has {
		return end, false
	}
	on := t.OnDuty(role, d)
	if len(on) == 0 {
		return end, false
	}
	return on[len(on)-1].End, true
}

// ReasonField is the field, in forms and in the API, that says why something is changed.
const ReasonField = "why"

// ParseReason tidies a reason; the rules are those of ParseNote. It may be "".
func ParseReason(s string) (string, error) {
	return ParseNote(s)
}

// CheckPast refuses, as FieldErrors at ReasonField, an edit of a day before today that
// does not say why. today is the date where the team works.
func (e Edit) CheckPast(today Date) error {
	if e.Reason != "" {
		return nil
	}
	for _, d := range e.Days {
		if d.Day.Date.Before(today) {
			return NeedsReason(d.Day.Date)
		}
	}
	return nil
}

// NeedsReason refuses, as FieldErrors at ReasonField, to change the past day d without a
// stated reason.
func NeedsReason(d Date) FieldErrors {
	return FieldErrors{{ReasonField, said.New("%s is past; say why you change it", d)}}
}
