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

// HolidaysOn are the names of the public holidays of day d, mostly none.
func (t *Team) HolidaysOn(d Date) []string {
	at, _ := slices.BinarySearchFunc(t.Holidays, d, func(h Holiday, d Date) int { return h.Date.Compare(d) })
	var names []string
	for ; at < len(t.Holidays) && t.Holidays[at].Date == d; at++ {
		names = append(names, t.Holidays[at].Name)
	}
	return names
}

// WithHolidays is a copy of the team with these holidays added, and how many of them are
// new. Two of the same date and name (folded) are the same holiday.
func (t *Team) WithHolidays(more []Holiday) (changed Team, added int) {
	changed = *t
	changed.Holidays = slices.Clone(t.Holidays)
	for _, h := range more {
		if !slices.ContainsFunc(changed.Holidays, h.same) {
			changed.Holidays = append(changed.Holidays, h)
			added++
		}
	}
	return changed, added
}

// WithoutHolidays is a copy of the team that no longer keeps these holidays.
func (t *Team) WithoutHolidays(gone []Holiday) Team {
	changed := *t
	changed.Holidays = slices.DeleteFunc(slices.Clone(t.Holidays), func(h Holiday) bool { return slices.ContainsFunc(gone, h.same) })
	return changed
}

func (h Holiday) same(other Holiday) bool {
	return h.Date == other.Date && FoldName(h.Name) == FoldName(other.Name)
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
