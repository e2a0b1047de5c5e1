package ical

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// What a rule may cost. A file of 1 MiB has room for ten thousand rules, and each may be
// made to be followed through centuries without ever fitting a day.
const (
	// maxRule is the most bytes of a rule: a list of every day of a month has 80.
	maxRule = 500
	// maxInterval is the most periods from one repetition to the next.
	maxInterval = 1000
	// maxCounted is how many years ago an event may begin that says how often it repeats:
	// to know which repetition is the last one, all have to be gone through.
	maxCounted = 100
	// firstYear is the first in which what repeats may begin: one of our calendar.
	firstYear = 1600
	// maxLooks is the most days that are looked at for the rules of one file: a rule takes
	// as many as lie from its start, or the beginning of the time of interest, to its end.
	// It is enough for hundreds of rules that repeat every day for years.
	maxLooks = 1 << 20
)

var (
	errLooks     = said.New("working out when the events of this calendar repeat takes too long; this one was left out")
	errWithinDay = said.New("it repeats within a day, which is not read")
)

// rule is an RRULE (RFC 5545, section 3.3.10) of an event that begins at start.
type rule struct {
	start  moment
	option rrule.ROption // in UTC, which stands for the clock of start
	until  time.Time     // likewise; zero for without end
}

// parseRule reads the rule of an event.
func parseRule(text string, start moment) (*rule, error) {
	text = strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(text)), ";")
	if len(text) > maxRule {
		return nil, said.New("its rule of repeating has more than %d characters", maxRule)
	}
	if start.date.Year < firstYear {
		return nil, said.New("it repeats from before the year %d on", firstYear)
	}
	r := &rule{start: start}
	parts := map[string]string{}
	var known []string // the parts that the library is to read
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if _, twice := parts[name]; twice {
			return nil, notUnderstood("it says %s twice", shorten(name, 20))
		}
		switch parts[name] = value; name {
		case "FREQ", "INTERVAL", "COUNT", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST":
			known = append(known, part)
		case "UNTIL":
			until, err := parseMoment(value, nil)
			if err != nil {
				return nil, notUnderstood("%v", err)
			}
			r.until = until.as(start).written()
			if until.whole {
				r.until = r.until.Add(-start.clock + 24*time.Hour - time.Second)
			}
		case "BYHOUR", "BYMINUTE", "BYSECOND":
			return nil, errWithinDay
		default:
			return nil, notUnderstood("it says %s", shorten(name, 20))
		}
	}
	switch parts["FREQ"] {
	case "HOURLY", "MINUTELY", "SECONDLY":
		return nil, errWithinDay
	}
	for name, most := range map[string]int{"INTERVAL": maxInterval, "COUNT": 1<<31 - 1} {
		if value, said := parts[name]; said {
			if n, err := strconv.Atoi(value); err != nil || n < 1 || n > most {
				return nil, notUnderstood("%s is a number from 1 to %d", name, most)
			}
		}
	}
	option, err := rrule.StrToROption(strings.Join(known, ";"))
	if err != nil {
		return nil, notUnderstood("%s", shorten(err.Error(), 80))
	}
	r.option = *option
	if err := r.fits(); err != nil {
		return nil, err
	}
	r.option.Dtstart = start.written()
	full, err := rrule.NewRRule(r.option)
	if err != nil {
		return nil, notUnderstood("%s", shorten(err.Error(), 80))
	}
	r.option = full.Options // with what follows from the start, such as the day of the month
	return r, nil
}

func notUnderstood(format string, args ...any) error {
	return said.New("its rule of repeating is not understood: %s", fmt.Sprintf(format, args...))
}

// fits refuses the parts that have no meaning with a frequency, of which the library would
// make something or fail, and tidies the lists.
func (r *rule) fits() error {
	o := &r.option
	yearly, monthly := o.Freq == rrule.YEARLY, o.Freq == rrule.MONTHLY
	switch {
	case !yearly && len(o.Byyearday)+len(o.Byweekno) > 0:
		return notUnderstood("BYYEARDAY and BYWEEKNO are read of what repeats every year")
	case o.Freq == rrule.WEEKLY && len(o.Bymonthday) > 0:
		return notUnderstood("BYMONTHDAY means nothing with WEEKLY")
	case !yearly && !monthly && len(o.Bysetpos) > 0:
		return notUnderstood("BYSETPOS is read of what repeats every month or year")
	case o.Wkst.N() != 0:
		return notUnderstood("WKST is a day of the week")
	}
	most := 0 // n-th weekdays
	switch {
	case yearly && len(o.Bymonth) == 0:
		most = 53
	case yearly, monthly:
		most = 5
	}
	for _, day := range o.Byweekday {
		if day.N() < -most || day.N() > most || day.N() != 0 && len(o.Byweekno) > 0 {
			return notUnderstood("there is no %s with the rest of it", day)
		}
	}
	for _, list := range []*[]int{&o.Bymonth, &o.Bymonthday, &o.Byyearday, &o.Byweekno, &o.Bysetpos} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return nil
}

// days are the days on which the event begins, of those in first–last, in order. The start
// counts as the first, whatever the rule says of it. It takes from left how many days were
// looked at.
//
// The library is asked only what surely ends. Of days and weeks, what follows without the
// conditions that may never be met, which are checked here. Of months and years, one of
// them at a time.
func (r *rule) days(first, last roster.Date, left *int) ([]roster.Date, error) {
	o := r.option
	if o.Count > 0 && r.start.date.Year < first.Year-maxCounted {
		return nil, said.New("it counts its repetitions from more than %d years ago", maxCounted)
	}
	var days []roster.Date
	n := 0
	take := func(t time.Time) (goOn bool) {
		d := roster.DateOf(t)
		if last.Before(d) || !r.until.IsZero() && r.until.Before(t) || o.Count > 0 && n == o.Count {
			return false
		}
		n++
		if !d.Before(first) {
			days = append(days, d)
		}
		return true
	}
	if !take(o.Dtstart) {
		return nil, nil
	}
	skip := 0
	if o.Count == 0 { // nothing is counted, so nothing need be gone through
		skip = r.periodsBefore(first)
	}
	for t, looked := range r.after(skip, last) {
		if *left -= looked; *left < 0 {
			return nil, errLooks
		}
		if t.After(o.Dtstart) && r.admits(t) && !take(t) {
			break
		}
	}
	return days, nil
}

// after gives what follows from the rule when so many of its periods are skipped, up to
// the day last, and how many days were looked at for it. A period without any gives the
// zero Time.
func (r *rule) after(skip int, last roster.Date) iter.Seq2[time.Time, int] {
	o := r.option
	end := time.Date(last.Year, last.Month, last.Day+1, 0, 0, 0, 0, time.UTC)
	if o.Freq == rrule.YEARLY || o.Freq == rrule.MONTHLY {
		return func(yield func(time.Time, int) bool) {
			for ; r.period(skip).Before(end); skip++ {
				if !yield(time.Time{}, r.looks()) {
					return
				}
				for _, t := range r.within(r.period(skip)) {
					if !yield(t, 0) {
						return
					}
				}
			}
		}
	}
	plain := rrule.ROption{Freq: o.Freq, Interval: o.Interval, Wkst: o.Wkst, Dtstart: r.period(skip), Until: end}
	if o.Freq == rrule.WEEKLY {
		plain.Byweekday = o.Byweekday
	}
	return func(yield func(time.Time, int) bool) {
		each, err := rrule.NewRRule(plain)
		if err != nil {
			return // it is a part of what was refused or not when it was parsed
		}
		next := each.Iterator()
		for t, more := next(); more && yield(t, r.looks()); t, more = next() {
		}
	}
}

// looks is how many days are looked at for a period, or for what comes of one.
func (r *rule) looks() int { return []int{366, 31, 7, 1}[r.option.Freq] }

// period is the time of a period at which the library is to begin with it.
func (r *rule) period(n int) time.Time {
	start := r.option.Dtstart
	n *= r.option.Interval
	switch r.option.Freq {
	case rrule.YEARLY:
		return start.AddDate(n, 1-int(start.Month()), 1-start.Day())
	case rrule.MONTHLY:
		return start.AddDate(0, n, 1-start.Day())
	case rrule.WEEKLY:
		return start.AddDate(0, 0, 7*n)
	default:
		return start.AddDate(0, 0, n)
	}
}

// periodsBefore is how many periods are over before a day, and one less.
func (r *rule) periodsBefore(d roster.Date) int {
	start := r.start.date
	var over int
	switch r.option.Freq {
	case rrule.YEARLY:
		over = d.Year - start.Year
	case rrule.MONTHLY:
		over = 12*(d.Year-start.Year) + int(d.Month) - int(start.Month)
	case rrule.WEEKLY:
		over = start.DaysUntil(d) / 7
	default:
		over = start.DaysUntil(d)
	}
	return max(over/r.option.Interval-1, 0)
}

// within is what the rule gives in the month or year that begins then. The library ends in
// the year 9999, so this interval makes it stop after the one.
func (r *rule) within(begin time.Time) []time.Time {
	one := r.option
	one.Dtstart, one.Interval, one.Count = begin, 12*(rrule.MAXYEAR+1), 0
	each, err := rrule.NewRRule(one)
	if err != nil {
		return nil // it was none when the rule was parsed
	}
	return each.All()
}

// admits reports whether a day meets the conditions of a rule of days or weeks, of which
// the library does not know.
func (r *rule) admits(t time.Time) bool {
	o := r.option
	if o.Freq < rrule.WEEKLY {
		return true
	}
	if len(o.Bymonth) > 0 && !slices.Contains(o.Bymonth, int(t.Month())) {
		return false
	}
	if o.Freq == rrule.WEEKLY {
		return true
	}
	fromEnd := t.Day() - time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day() - 1
	if len(o.Bymonthday) > 0 && !slices.Contains(o.Bymonthday, t.Day()) && !slices.Contains(o.Bymonthday, fromEnd) {
		return false
	}
	weekday := (int(t.Weekday()) + 6) % 7 // as the library counts them
	return len(o.Byweekday) == 0 || slices.ContainsFunc(o.Byweekday, func(w rrule.Weekday) bool { return w.Day() == weekday })
}
