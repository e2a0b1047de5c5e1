package roster

import (
	"errors"
	"fmt"
	"slices"
)

// MaxHolidays is the most public holidays that are kept of one team.
const MaxHolidays = 500

// Holiday is a public holiday where a team works. A rotation goes on over it; it is
// counted, so that holidays are shared fairly too.
type Holiday struct {
	Date Date   `json:"date"`
	Name string `json:"name"`
}

// validateHolidays tidies the names in place and puts the holidays in order.
func (t *Team) validateHolidays(errs *FieldErrors) {
	if len(t.Holidays) > MaxHolidays {
		errs.Add("holidays", fmt.Errorf("a team has at most %d holidays, not %d", MaxHolidays, len(t.Holidays)))
		return
	}
	before := len(*errs)
	for i := range t.Holidays {
		h, field := &t.Holidays[i], fmt.Sprintf("holidays.%d", i)
		if h.Date.IsZero() {
			errs.Add(field+".date", errors.New("the date is missing"))
		}
		if name, err := ParseName(h.Name); err != nil {
			errs.Add(field+".name", err)
		} else {
			h.Name = name
		}
	}
	if len(*errs) == before {
		slices.SortStableFunc(t.Holidays, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	}
}
