package roster

import (
	"encoding/json"
	"math/bits"
	"strings"

	"dailyroster/words/said"
)

// Weekday is a day of the week, numbered as ISO 8601 does. The zero value is none.
type Weekday uint8

// The days of the week.
const (
	Monday Weekday = iota + 1
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
	Sunday
)

// weekdayNames holds the three letters of each day, one after the other.
const weekdayNames = "montuewedthufrisatsun"

// ParseWeekday reads the form mon.
func ParseWeekday(s string) (Weekday, error) {
	if at := strings.Index(weekdayNames, s); len(s) == 3 && at >= 0 && at%3 == 0 {
		return Weekday(at/3 + 1), nil
	}
	return 0, said.New("%q is not a day of the week; write it like mon", Clip(s))
}

// String is the form that ParseWeekday reads, "" for none.
func (w Weekday) String() string {
	if w < Monday || w > Sunday {
		return ""
	}
	return weekdayNames[3*w-3 : 3*w]
}

// MarshalText makes a Weekday a JSON string.
func (w Weekday) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText is the inverse of MarshalText; "" is none.
func (w *Weekday) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*w = 0
		return nil
	}
	*w, err = ParseWeekday(string(b))
	return err
}

// weekday is the day of the week of d.
func (d Date) weekday() Weekday { return Weekday((d.Weekday()+6)%7 + 1) }

// Weekdays is a set of days of the week. Sets are comparable with ==.
type Weekdays uint8

// Sets that people mean most often.
const (
	EveryDay   Weekdays = 1<<7 - 1
	MonToFri   Weekdays = 1<<5 - 1
	TheWeekend Weekdays = EveryDay &^ MonToFri
)

// WeekdaysOf is the set of the days given.
func WeekdaysOf(days ...Weekday) Weekdays {
	var s Weekdays
	for _, w := range days {
		s |= s.bit(w)
	}
	return s
}

func (Weekdays) bit(w Weekday) Weekdays {
	if w < Monday || w > Sunday {
		return 0
	}
	return 1 << (w - 1)
}

// Has reports whether w is in the set.
func (s Weekdays) Has(w Weekday) bool { return s&s.bit(w) != 0 }

// Len is how many days are in the set.
func (s Weekdays) Len() int { return bits.OnesCount8(uint8(s & EveryDay)) }

// Days lists the set from Monday on.
func (s Weekdays) Days() []Weekday {
	days := make([]Weekday, 0, s.Len())
	for w := Monday; w <= Sunday; w++ {
		if s.Has(w) {
			days = append(days, w)
		}
	}
	return days
}

// String lists the set from Monday on, three or more in a row as a range: mon-fri, or
// mon, wed.
func (s Weekdays) String() string {
	var parts []string
	for w := Monday; w <= Sunday; w++ {
		if !s.Has(w) {
			continue
		}
		first := w
		for s.Has(w + 1) {
			w++
		}
		switch {
		case w-first >= 2:
			parts = append(parts, first.String()+"-"+w.String())
		case w > first:
			parts = append(parts, first.String(), w.String())
		default:
			parts = append(parts, w.String())
		}
	}
	return strings.Join(parts, ", ")
}

// MarshalJSON writes the set as the list of its days: ["mon","tue"].
func (s Weekdays) MarshalJSON() ([]byte, error) { return json.Marshal(s.names()) }

func (s Weekdays) names() []string {
	names := make([]string, 0, s.Len())
	for _, w := range s.Days() {
		names = append(names, w.String())
	}
	return names
}

// UnmarshalJSON is the inverse of MarshalJSON; the order does not matter.
func (s *Weekdays) UnmarshalJSON(b []byte) error {
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return err
	}
	*s = 0
	for _, name := range names {
		w, err := ParseWeekday(name)
		if err != nil {
			return err
		}
		*s |= s.bit(w)
	}
	return nil
}
