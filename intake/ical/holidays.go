package ical

import (
	"cmp"
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Holidays reads public holidays, those of the two years before today's and the three
// after it. The error is a *SyntaxError.
func Holidays(data []byte, today roster.Date) (Reading[roster.Holiday], error) {
	var came Reading[roster.Holiday]
	err := read(data, &came, task{
		from: roster.Date{Year: today.Year - 2, Month: 1, Day: 1}, to: roster.Date{Year: today.Year + 3, Month: 12, Day: 31},
		take: func(e event, _ roster.Zone) error {
			if !e.span.whole() {
				return said.New("it is at a time of day; a holiday is a whole day")
			}
			name, err := roster.ParseName(cmp.Or(shorten(e.summary, roster.MaxName), defaultHoliday))
			if err != nil {
				return err
			}
			first, last := e.span.days(nil)
			if first.DaysUntil(last) >= maxHoliday {
				return said.New("it lasts more than %d days", maxHoliday)
			}
			for d := first; !last.Before(d); d = d.AddDays(1) {
				if len(came.Taken) == MaxTaken {
					return tooMany(e.line, "holidays")
				}
				came.Taken = append(came.Taken, roster.Holiday{Date: d, Name: name})
			}
			return nil
		},
	})
	slices.SortStableFunc(came.Taken, func(a, b roster.Holiday) int { return a.Date.Compare(b.Date) })
	return came, err
}
