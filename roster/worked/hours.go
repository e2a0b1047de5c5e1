// Package worked counts the hours that people were on call, by kind, and what they are paid
// for them.
package worked

import (
	"time"

	"dailyroster/roster"
)

// Night is from 22:00 to 06:00 on the clocks where the person lives.
const (
	NightFrom roster.ClockTime = 22 * 60
	NightTo   roster.ClockTime = 6 * 60
)

// Hours are times on call. The kinds are views of the same time, not parts of a sum: a
// Saturday night that is a holiday counts in all of them.
type Hours struct {
	Total    time.Duration
	Night    time.Duration // of it, from NightFrom to NightTo
	Weekend  time.Duration // of it, on Saturdays and Sundays
	Holidays time.Duration // of it, on the team's holidays
}

// Plus is the sum of both.
func (h Hours) Plus(o Hours) Hours {
	return Hours{h.Total + o.Total, h.Night + o.Night, h.Weekend + o.Weekend, h.Holidays + o.Holidays}
}

// piece is a time in which the kind does not change.
type piece struct {
	roster.Shift
	night, weekend, holiday bool
}

// Calendar tells kinds of time apart for one person in one team.
type Calendar struct {
	home     *time.Location // where the person lives
	work     *time.Location // where the team's holidays are
	holidays map[roster.Date]bool
}

// NewCalendar makes a calendar. Nights and weekends are those of the clocks in home;
// holidays are those of the team, on civil days in the zone of work.
func NewCalendar(team *roster.Team, home, work roster.Zone) Calendar {
	holidays := make(map[roster.Date]bool, len(team.Holidays))
	for _, h := range team.Holidays {
		holidays[h.Date] = true
	}
	return Calendar{home.Location(), work.Location(), holidays}
}

// Of counts the hours of a shift by kind. Time is time that passes: an hour that clocks
// show twice counts twice, one that they skip does not count.
func (c Calendar) Of(shift roster.Shift) Hours {
	var sum Hours
	for _, p := range c.pieces(shift) {
		took := p.Hours()
		sum.Total += took
		if p.night {
			sum.Night += took
		}
		if p.weekend {
			sum.Weekend += took
		}
		if p.holiday {
			sum.Holidays += took
		}
	}
	return sum
}

// pieces cuts a shift where its kind can change.
func (c Calendar) pieces(shift roster.Shift) []piece {
	var pieces []piece
	for at := shift.Start; at.Before(shift.End); {
		end := earliest(shift.End, nextMark(at, c.home), nextMark(at, c.work))
		home := at.In(c.home)
		clock := roster.ClockTime(home.Hour()*60 + home.Minute())
		pieces = append(pieces, piece{
			Shift:   roster.Shift{Start: at, End: end},
			night:   clock >= NightFrom || clock < NightTo,
			weekend: home.Weekday() == time.Saturday || home.Weekday() == time.Sunday,
			holiday: c.holidays[roster.DateOf(at.In(c.work))],
		})
		at = end
	}
	return pieces
}

// nextMark is the next instant at which clocks in the zone show NightFrom, NightTo or
// midnight, or are changed.
func nextMark(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	passed := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	var next time.Time
	for _, mark := range []time.Duration{minutes(NightTo), minutes(NightFrom), 24 * time.Hour} {
		if mark > passed {
			next = at.Add(mark - passed)
			break
		}
	}
	// The end of a zone's rule can be wrong on the last day of leap years, and lie before at.
	if _, end := local.ZoneBounds(); !end.IsZero() && end.After(at) && end.Before(next) {
		return end
	}
	return next
}

func minutes(c roster.ClockTime) time.Duration { return time.Duration(c) * time.Minute }

func earliest(times ...time.Time) time.Time {
	first := times[0]
	for _, t := range times[1:] {
		if t.Before(first) {
			first = t
		}
	}
	return first
}
