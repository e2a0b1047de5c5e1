package roster

import (
	"fmt"
	"slices"

	"dailyroster/words/said"
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

// Holidays are holidays that are found by their date and name (folded): another of the
// same is the same holiday. Finding one takes as long however many they are.
type Holidays struct{ known map[Holiday]bool }

// HolidaysOf are the holidays of a list.
func HolidaysOf(list []Holiday) Holidays {
	h := Holidays{make(map[Holiday]bool, len(list))}
	for _, one := range list {
		h.known[one.folded()] = true
	}
	return h
}

// Add adds a holiday, and reports whether it was not there before.
func (h Holidays) Add(one Holiday) bool {
	one = one.folded()
	if h.known[one] {
		return false
	}
	h.known[one] = true
	return true
}

func (h Holiday) folded() Holiday {
	h.Name = FoldName(h.Name)
	return h
}

// WithHolidays is a copy of the team that keeps the holidays too, and how many of them
// it did not know. With more than a team may keep it ends: Validate refuses the copy.
func (t *Team) WithHolidays(more []Holiday) (changed Team, added int) {
	changed = *t
	changed.Holidays = slices.Clone(t.Holidays)
	known := HolidaysOf(t.Holidays)
	for _, h := range more {
		if len(changed.Holidays) > MaxHolidays {
			break
		}
		if known.Add(h) {
			changed.Holidays = append(changed.Holidays, h)
			added++
		}
	}
	return changed, added
}

// WithoutHolidays is a copy of the team that no longer keeps these holidays.
func (t *Team) WithoutHolidays(gone []Holiday) Team {
	changed := *t
	without := HolidaysOf(gone)
	changed.Holidays = slices.DeleteFunc(slices.Clone(t.Holidays), func(h Holiday) bool { return without.known[h.folded()] })
	return changed
}

// validateHolidays tidies the names in place and puts the holidays in order.
func (t *Team) validateHolidays(errs *FieldErrors) {
	if len(t.Holidays) > MaxHolidays {
		errs.Add("holidays", said.New("a team has at most %d holidays; this would be more", MaxHolidays))
		return
	}
	before := len(*errs)
	for i := range t.Holidays {
		h, field := &t.Holidays[i], fmt.Sprintf("holidays.%d", i)
		if h.Date.IsZero() {
			errs.Add(field+".date", said.New("the date is missing"))
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
