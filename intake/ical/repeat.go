package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
)

// errRule is a rule that is not read.
var errRule = errors.New("only what repeats every year on a date, or on a weekday such as the fourth Thursday of November, is read")

// rule is an RRULE (RFC 5545, section 3.3.10) that repeats once in a year: on a day of a
// month, or on the n-th weekday of it. Other rules are left to whoever keeps the
// calendar: a roster's holidays and absences are days, and few.
type rule struct {
	interval int
	count    int         // 0: without end
	until    roster.Date // the zero Date: without end
	month    time.Month
	day      int // of the month; 0: by weekday
	nth      int // 1 is the first, -1 the last
	weekday  time.Weekday
}

// parseRule reads the rule of an event that begins on a day.
func parseRule(text string, start roster.Date) (rule, error) {
	r := rule{interval: 1, month: start.Month, day: start.Day}
	parts := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(text)), ";") {
		name, value, _ := strings.Cut(part, "=")
		parts[name] = value
	}
	if parts["FREQ"] != "YEARLY" {
		return r, errRule
	}
	_, inMonth := parts["BYMONTH"]
	for name, value := range parts {
		n, err := strconv.Atoi(value)
		number := err == nil
		ok := true
		switch name {
		case "FREQ", "WKST", "":
		case "INTERVAL":
			r.interval, ok = n, number && n >= 1 && n <= 1000
		case "COUNT":
			r.count, ok = n, number && n >= 1
		case "UNTIL":
			var until moment
			until, err = parseMoment(value, nil)
			r.until, ok = until.date, err == nil
		case "BYMONTH":
			r.month, ok = time.Month(n), number && n >= 1 && n <= 12
		case "BYMONTHDAY":
			_, weekday := parts["BYDAY"]
			r.day, ok = n, number && n >= 1 && n <= 31 && inMonth && !weekday
		case "BYDAY":
			ok = inMonth && r.onWeekday(value)
		default:
			ok = false
		}
		if !ok {
			return r, errRule
		}
	}
	if _, byWeekday := parts["BYDAY"]; byWeekday {
		r.day = 0
	}
	return r, nil
}

// onWeekday reads the n-th weekday of the month: 4TH, -1MO.
func (r *rule) onWeekday(value string) bool {
	if len(value) < 3 {
		return false
	}
	n, err := strconv.Atoi(value[:len(value)-2])
	if err != nil || n == 0 || n < -5 || n > 5 {
		return false
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(day.String()[:2], value[len(value)-2:]) {
			r.nth, r.weekday = n, day
			return true
		}
	}
	return false
}

// in is the day of a year, if the year has it: not all have a 29 February.
func (r rule) in(year int) (roster.Date, bool) {
	first := roster.Date{Year: year, Month: r.month, Day: 1}
	day := r.day
	switch {
	case r.nth > 0:
		day = 1 + (int(r.weekday)-int(first.Weekday())+7)%7 + 7*(r.nth-1)
	case r.nth < 0:
		last := first.AddDays(31)
		last = last.AddDays(-last.Day)
		day = last.Day - (int(last.Weekday())-int(r.weekday)+7)%7 + 7*(r.nth+1)
	}
	d := roster.Date{Year: year, Month: r.month, Day: day}
	return d, day >= 1 && d.AddDays(0) == d
}

// days are those from start on that lie in from–to. The start counts as the first,
// whatever the rule says of it.
func (r rule) days(start, from, to roster.Date) []roster.Date {
	var days []roster.Date
	n := 0
	take := func(d roster.Date) bool {
		if to.Before(d) || !r.until.IsZero() && r.until.Before(d) || r.count > 0 && n == r.count {
			return false
		}
		n++
		if !d.Before(from) {
			days = append(days, d)
		}
		return true
	}
	if !take(start) {
		return nil
	}
	year := start.Year
	if skip := from.Year - 1 - year; skip > r.interval && r.count == 0 {
		year += skip / r.interval * r.interval // nothing is counted, so nothing need be gone through
	}
	for ; year <= to.Year; year += r.interval {
		if d, exists := r.in(year); exists && start.Before(d) && !take(d) {
			break
		}
	}
	return days
}

// exceptions are the days, as they are written, on which a repeated event is not.
func exceptions(c component) (map[roster.Date]bool, error) {
	days := map[roster.Date]bool{}
	for _, p := range c.props["EXDATE"] {
		for value := range strings.SplitSeq(p.value, ",") {
			m, err := parseMoment(value, p.params)
			if err != nil {
				return nil, fmt.Errorf("an exception to its repeating: %w", err)
			}
			days[m.date] = true
		}
	}
	return days, nil
}
