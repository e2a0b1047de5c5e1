package roster

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a date in a sentence that has more of them, and in messages: Mon 23 Nov 2026.
func (d Date) Text() string { return d.Format("Mon 2 Jan 2006") }

// Sentence makes a message, which begins in lower case as Go's errors do, a sentence.
func Sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// MonthsText is a list of months in a sentence: November 2026, January 2027.
func MonthsText(months []Month) string {
	texts := make([]string, len(months))
	for i, m := range months {
		texts[i] = m.First().Format("January 2006")
	}
	return strings.Join(texts, ", ")
}
