package roster

import (
	"strings"
)

// Text is a date in a sentence that has more of them, and in messages: Mon 23 Nov 2026.
func (d Date) Text() string { return d.Format("Mon 2 Jan 2006") }

// MonthsText is a list of months in a sentence: November 2026, January 2027.
func MonthsText(months []Month) string {
	texts := make([]string, len(months))
	for i, m := range months {
		texts[i] = m.First().Format("January 2006")
	}
	return strings.Join(texts, ", ")
}
