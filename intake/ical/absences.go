package ical

import (
	"slices"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Absences reads when a person is away, from today to three years from now. The zone is
// the person's; the zero Zone if it is not known, and then site is what the site lives
// by. The error is a *SyntaxError.
//
// Repetitions of an event that leave no day free between them are one absence, of those
// that begin in one year and of at most 366 days: who is away from Monday to Friday every
// week is away once a week. So an absence keeps its first day, and with it its event's
// name, from one reading to the next.
func Absences(data []byte, zone, site roster.Zone, today roster.Date) (Reading[roster.Absence], error) {
	var came Reading[roster.Absence]
	series := "" // the event of which the last one that was taken is a repetition
	err := read(data, &came, task{
		from: today, to: roster.Date{Year: today.Year + 3, Month: today.Month, Day: 1}, wholeYears: true,
		take: func(e event, calendar roster.Zone) error {
			if err := isAway(e); err != nil {
				return err
			}
			a := absenceOf(e, zone, site, calendar)
			if !e.repeats && a.To.Before(today) {
				return errOutside
			}
			if a.From.DaysUntil(a.To) >= maxAbsence {
				return said.New("it lasts more than %d days", maxAbsence)
			}
			if e.repeats && e.id == series {
				last := &came.Taken[len(came.Taken)-1]
				if joins(last, a) {
					return nil
				}
				if last.To.Before(today) {
					came.Taken = came.Taken[:len(came.Taken)-1]
				}
			}
			if len(came.Taken) == MaxTaken {
				return tooMany(e.line, "absences")
			}
			var err error
			if a.Note, err = roster.ParseNote(e.summary); err != nil {
				return err
			}
			if series = ""; e.repeats {
				series = e.id
			}
			a.Event = e.name()
			came.Taken = append(came.Taken, a)
			return nil
		},
	})
	came.Taken = slices.DeleteFunc(came.Taken, func(a roster.Absence) bool { return a.To.Before(today) })
	slices.SortStableFunc(came.Taken, func(a, b roster.Absence) int { return a.From.Compare(b.From) })
	return came, err
}

// isAway is nil for an event whose person is away.
func isAway(e event) error {
	switch {
	case e.span.whole():
		return nil
	case strings.EqualFold(e.transparency, "TRANSPARENT"):
		return said.New("it is marked as free time")
	case e.lasts < MinAbsence:
		return said.New("it takes %s; from %d hours on it is an absence", spoken(e.lasts), MinAbsence/time.Hour)
	}
	return nil
}

// absenceOf are the days of an event, in the zone in which its person sees it.
func absenceOf(e event, zone, site, calendar roster.Zone) (a roster.Absence) {
	if zone == (roster.Zone{}) && e.span.start.zone == time.UTC {
		if zone = calendar; zone == (roster.Zone{}) {
			zone = site
		}
	}
	if zone == (roster.Zone{}) {
		a.From, a.To = e.span.days(nil)
	} else {
		a.From, a.To = e.span.days(zone.Location())
	}
	return a
}

// joins makes the days of the next repetition part of the last absence, if no day is free
// between them and they may be one.
func joins(last *roster.Absence, next roster.Absence) bool {
	if next.From.Year != last.From.Year || last.To.AddDays(1).Before(next.From) || last.From.DaysUntil(next.To) >= maxAbsence {
		return false
	}
	if last.To.Before(next.To) {
		last.To = next.To
	}
	return true
}
