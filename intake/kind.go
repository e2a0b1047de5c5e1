package intake

import (
	"bytes"
	"regexp"
)

// Kind is a kind of file.
type Kind string

// The kinds of files.
const (
	KindCSV      Kind = "csv"
	KindHTML     Kind = "html"
	KindCalendar Kind = "calendar"
)

var (
	tableTag = regexp.MustCompile(`(?i)<(?:table|html|!doctype)[\s>]`)
	blockTag = regexp.MustCompile(`(?i)^<(?:[uod]l|li|pre|h[1-6]|p|div|section|article|main|body|head|meta)[\s>]`)
	// markdownSign is what Markdown has that begins with a picture in HTML.
	markdownSign = regexp.MustCompile("(?m)^(?:#{1,6} |[-*] |```|\\|)")
)

// KindOf tells a file's kind by what is in it.
func KindOf(data []byte) Kind {
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(start) >= 15 && bytes.EqualFold(start[:15], []byte("BEGIN:VCALENDAR")):
		return KindCalendar
	case tableTag.Match(data), blockTag.Match(start) && !markdownSign.Match(data):
		return KindHTML
	}
	return KindCSV
}
