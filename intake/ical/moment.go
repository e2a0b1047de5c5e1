package ical

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// moment is a DATE or a DATE-TIME (RFC 5545, sections 3.3.4 and 3.3.5) as it is written.
type moment struct {
	date  roster.Date
	clock time.Duration // since midnight; 0 for a DATE
	whole bool          // a DATE
	// zone is that of the time; nil if it has none, or one that is not known here.
	zone *time.Location
	// unknown is the TZID that is not known here.
	unknown string
}

// parseMoment reads the value of a DTSTART or DTEND, and of what names one of its repetitions.
func parseMoment(value string, params map[string]string) (moment, error) {
	value = strings.TrimSpace(value)
	if strings.EqualFold(params["VALUE"], "DATE") || len(value) == len("20060102") {
		t, err := time.Parse("20060102", value)
		if err != nil {
			return moment{}, said.New("%q is not a date", shorten(value, 40))
		}
		return moment{date: roster.DateOf(t), whole: true}, nil
	}
	local, utc := strings.CutSuffix(value, "Z")
	t, err := time.Parse("20060102T150405", local)
	if err != nil {
		return moment{}, said.New("%q is not a date and time", shorten(value, 40))
	}
	m := moment{date: roster.DateOf(t), clock: t.Sub(t.Truncate(24 * time.Hour))}
	tzid, named := params["TZID"]
	switch {
	case utc:
		m.zone = time.UTC
	case named:
		if m.zone = zoneOf(tzid); m.zone == nil {
			m.unknown = shorten(tzid, 40)
		}
	}
	return m, nil
}

// zoneOf is the IANA zone of a TZID, nil if it names none. Some programs write it after
// a path of their own: /freeassociation.sourceforge.net/Europe/Berlin.
func zoneOf(tzid string) *time.Location {
	name := strings.TrimSpace(tzid)
	for {
		if zone, err := roster.ParseZone(name); err == nil {
			return zone.Location()
		}
		_, rest, more := strings.Cut(name, "/")
		if !more {
			return nil
		}
		name = rest
	}
}

// as is the moment on the clock of another, which may be in another zone. What is a date
// alone, or is to be one, is the same date.
func (m moment) as(other moment) moment {
	switch {
	case m.whole || other.whole:
		other.date = m.date
	case m.zone != nil && other.zone != nil:
		t := m.instant().In(other.zone)
		other.date, other.clock = roster.DateOf(t), time.Duration(t.Hour())*time.Hour+time.Duration(t.Minute())*time.Minute+time.Duration(t.Second())*time.Second
	default:
		other.date, other.clock = m.date, m.clock
	}
	return other
}

// plus is the moment so much later on the same clock.
func (m moment) plus(d time.Duration) moment {
	const day = 24 * time.Hour
	total := m.clock + d
	days := total / day
	if total -= days * day; total < 0 {
		total, days = total+day, days-1
	}
	m.date, m.clock = m.date.AddDays(int(days)), total
	return m
}

// written is the moment as an instant of UTC: for moments that are written in one zone
// it orders them, and tells their distance on the clock.
func (m moment) written() time.Time {
	return time.Date(m.date.Year, m.date.Month, m.date.Day, 0, 0, 0, 0, time.UTC).Add(m.clock)
}

// instant is the moment in its zone, which it must have.
func (m moment) instant() time.Time {
	return time.Date(m.date.Year, m.date.Month, m.date.Day, 0, 0, int(m.clock/time.Second), 0, m.zone)
}

// span is the time of an event: from start up to and without end.
type span struct{ start, end moment }

// whole reports whether the event is one of whole days. A time from midnight to midnight
// is as well: so some programs write them.
func (s span) whole() bool {
	return s.start.whole || s.start.clock == 0 && s.end.clock == 0 && s.start.date.Before(s.end.date) && s.start.zone == s.end.zone
}

// length is how long the event lasts.
func (s span) length() time.Duration {
	if s.start.zone != nil && s.end.zone != nil {
		return s.end.instant().Sub(s.start.instant())
	}
	return s.end.written().Sub(s.start.written())
}

// from is the same event when it begins at a moment on the same clock.
func (s span) from(at moment) span {
	moved := at.clock - s.start.clock
	s.end.date = s.end.date.AddDays(s.start.date.DaysUntil(at.date))
	s.start, s.end = at, s.end.plus(moved)
	return s
}

// days are the first and the last day that the event takes any time of, as clocks in the
// zone show it; with nil, as it is written. Whole days are what is written in any zone.
func (s span) days(zone *time.Location) (from, to roster.Date) {
	start, end := s.start.written(), s.end.written()
	if !s.whole() && zone != nil && s.start.zone != nil && s.end.zone != nil {
		start, end = s.start.instant().In(zone), s.end.instant().In(zone)
	}
	from, to = roster.DateOf(start), roster.DateOf(end.Add(-1))
	if to.Before(from) {
		to = from
	}
	return from, to
}

// spanOf reads when an event is. Without an end, one of whole days takes one day, and
// one at a time no time at all (section 3.6.1).
func spanOf(c component) (span, error) {
	start, ok := c.first("DTSTART")
	if !ok {
		return span{}, said.New("it does not say when it begins")
	}
	var s span
	var err error
	if s.start, err = parseMoment(start.value, start.params); err != nil {
		return s, err
	}
	end, hasEnd := c.first("DTEND")
	lasting, hasLength := c.first("DURATION")
	switch {
	case hasEnd:
		if s.end, err = parseMoment(end.value, end.params); err != nil {
			return s, err
		}
	case hasLength:
		length, err := parseDuration(lasting.value)
		if err != nil {
			return s, err
		}
		s.end = s.start.plus(length)
	case s.start.whole:
		s.end = s.start.plus(24 * time.Hour)
	default:
		s.end = s.start
	}
	if s.start.whole != s.end.whole {
		return s, said.New("it begins with a date and ends with a time, or the other way round")
	}
	if s.length() < 0 {
		return s, said.New("it ends before it begins")
	}
	if s.start.whole && s.start.date == s.end.date {
		s.end = s.start.plus(24 * time.Hour) // some programs write the last day instead of the one after
	}
	return s, nil
}

var durationPattern = regexp.MustCompile(`^\+?P(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?$`)

// parseDuration reads a DURATION that is not negative (section 3.3.6).
func parseDuration(value string) (time.Duration, error) {
	parts := durationPattern.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(value)))
	if parts == nil {
		return 0, said.New("%q is not a duration", shorten(value, 40))
	}
	var sum time.Duration
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if text := parts[i+1]; text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				return 0, said.New("%q is not a duration", shorten(value, 40))
			}
			sum += time.Duration(n) * unit
		}
	}
	return sum, nil
}
