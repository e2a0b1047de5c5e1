package written

import (
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Weekdays reads what roster.Weekdays.String writes, and what people write: days of three letters or in
// full, in lower case, as a list or in ranges (mon-fri; a range may pass the end of the week),
// and every day, daily, weekdays and weekends.
func Weekdays(text string) (roster.Weekdays, error) {
	switch strings.TrimSpace(text) {
	case "every day", "daily":
		return roster.EveryDay, nil
	case "weekdays", "workdays":
		return roster.MonToFri, nil
	case "weekends", "weekend":
		return roster.TheWeekend, nil
	}
	var set roster.Weekdays
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(text, " - ", "-"), func(r rune) bool { return r == ',' || r == ' ' }) {
		first, last, isRange := strings.Cut(part, "-")
		from, err := parseDayName(first)
		if err != nil {
			return 0, err
		}
		to := from
		if isRange {
			if to, err = parseDayName(last); err != nil {
				return 0, err
			}
		}
		for w := from; ; w = w%roster.Sunday + 1 {
			set |= roster.WeekdaysOf(w)
			if w == to {
				break
			}
		}
	}
	if set == 0 {
		return 0, said.New("%.40q names no day of the week", text)
	}
	return set, nil
}

// parseDayName reads mon or monday.
func parseDayName(s string) (roster.Weekday, error) {
	if len(s) > 3 {
		for w := roster.Monday; w <= roster.Sunday; w++ {
			if s == strings.ToLower(time.Weekday(w%7).String()) {
				return w, nil
			}
		}
	}
	return roster.ParseWeekday(s)
}
