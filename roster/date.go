package roster

import (
	"cmp"
	"fmt"
	"time"

	"dailyroster/words/said"
)

// MinYear and MaxYear bound every Date and Month. Before 1970 zone rules are
// folklore; after 9999 RFC 3339 has no notation.
const (
	MinYear = 1970
	MaxYear = 9999
)

// DefaultDays is how many days a range has if nobody says.
const DefaultDays = 35

// Date is a civil date (proleptic Gregorian) without a zone. The zero value is
// no date. Dates are comparable with == and usable as map keys.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads the form 2026-11-23. It refuses dates that the calendar does
// not have and years outside MinYear to MaxYear.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, said.New("%q is not a date of the calendar; write it like 2026-11-23", Clip(s))
	}
	d := DateOf(t)
	if d.Year < MinYear || d.Year > MaxYear {
		return Date{}, said.New("%s is outside the years %d to %d", s, MinYear, MaxYear)
	}
	return d, nil
}

// DateOf is the civil date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// String is the form that ParseDate reads.
func (d Date) String() string { return string(d.append(make([]byte, 0, len(time.DateOnly)))) }

// append adds the form that ParseDate reads to a text.
func (d Date) append(to []byte) []byte {
	if d.Year < 0 || d.Year > MaxYear {
		return fmt.Appendf(to, "%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	return appendTwo(append(d.InMonth().Append(to), '-'), d.Day)
}

// appendTwo adds the last two digits of a number.
func appendTwo(to []byte, n int) []byte { return append(to, byte('0'+n/10%10), byte('0'+n%10)) }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative, zero or positive as d is before, equal to or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// Earlier is the earlier of two dates.
func Earlier(a, b Date) Date {
	if a.Before(b) {
		return a
	}
	return b
}

// Later is the later of two dates.
func Later(a, b Date) Date {
	if a.Before(b) {
		return b
	}
	return a
}

// AddDays is the date n days later (earlier for a negative n).
func (d Date) AddDays(n int) Date {
	if day := d.Day + n; day >= 1 && day <= 28 && d.Month >= time.January && d.Month <= time.December {
		return Date{d.Year, d.Month, day} // every month has these, and most steps stay within one
	}
	return DateOf(d.utc().AddDate(0, 0, n))
}

// DaysUntil is how many days after d the date e is; negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	if d.Year == e.Year && d.Month == e.Month {
		return e.Day - d.Day
	}
	const day = 24 * 60 * 60 // in seconds; a time.Duration ends after 292 years
	return int((e.utc().Unix() - d.utc().Unix()) / day)
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// IsWeekend reports whether d is a Saturday or a Sunday.
func (d Date) IsWeekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// WeekOf is the Monday on which the week of d begins (ISO 8601).
func WeekOf(d Date) Date { return WeekFrom(d, time.Monday) }

// WeekFrom is the day on which the week of d begins, where weeks begin on that day.
func WeekFrom(d Date, begins time.Weekday) Date {
	return d.AddDays(-(int(d.Weekday()-begins) + 7) % 7)
}

// Format writes d with a layout of package time.
func (d Date) Format(layout string) string { return d.utc().Format(layout) }

// InMonth is the month that d lies in.
func (d Date) InMonth() Month { return Month{d.Year, d.Month} }

// MarshalText and UnmarshalText make a Date a JSON string; the zero Date is "".
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText is the inverse of MarshalText.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// utc is midnight UTC of d: a uniform count of days for arithmetic, not an instant of any
// team's day.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Month is a calendar month: the unit in which a team's days are stored.
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth reads the form 2026-11.
func ParseMonth(s string) (Month, error) {
	d, err := ParseDate(s + "-01")
	if err != nil {
		return Month{}, said.New("%q is not a month; write it like 2026-11", Clip(s))
	}
	return d.InMonth(), nil
}

// String is the form that ParseMonth reads.
func (m Month) String() string { return string(m.Append(make([]byte, 0, len("2006-01")))) }

// Append adds the form that ParseMonth reads to a text.
func (m Month) Append(to []byte) []byte {
	if m.Year < 0 || m.Year > MaxYear {
		return fmt.Appendf(to, "%04d-%02d", m.Year, m.Month)
	}
	return appendTwo(append(appendTwo(appendTwo(to, m.Year/100), m.Year), '-'), int(m.Month))
}

// First is the month's first day.
func (m Month) First() Date { return Date{m.Year, m.Month, 1} }

// Last is the last day of the month.
func (m Month) Last() Date { return m.Next().First().AddDays(-1) }

// Next is the month after m.
func (m Month) Next() Month { return m.First().AddDays(31).InMonth() }

// MonthsOf lists the months that the days from–to touch, both included, in order.
func MonthsOf(from, to Date) []Month {
	var months []Month
	for m := from.InMonth(); !to.Before(m.First()); m = m.Next() {
		months = append(months, m)
	}
	return months
}

// Clip keeps a quoted piece of someone's input short enough for a message.
func Clip(s string) string {
	const limit = 40
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
