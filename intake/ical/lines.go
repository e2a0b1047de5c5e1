package ical

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// maxNesting is how deep components may lie in each other; of what is read, an alarm in
// an event in a calendar lies deepest.
const maxNesting = 8

// maxParams is the most parameters of a property. The library copies the rest of the line
// for each of them.
const maxParams = 50

// property is one content line of a component (RFC 5545, section 3.1).
type property struct {
	line   int // where it begins in the file
	value  string
	params map[string]string // the first value of each, by its name in capitals
}

// component is the properties of a VEVENT, by their names in capitals.
type component struct {
	line  int // of its BEGIN
	props map[string][]property
}

// first is the first property of a name.
func (c component) first(name string) (property, bool) {
	if all := c.props[name]; len(all) > 0 {
		return all[0], true
	}
	return property{}, false
}

// text is the value of the first property of a name, without space around it.
func (c component) text(name string) string {
	p, _ := c.first(name)
	return strings.TrimSpace(p.value)
}

// contents is a file taken apart.
type contents struct {
	zone    roster.Zone // X-WR-TIMEZONE, in which programs say where the calendar is kept
	events  []component
	strange []strange
}

// strange is a line that was left out, and why.
type strange struct {
	line int
	says error
}

// takeApart reads the components of a file. Lines that are no content lines are left
// out: programs that do not fold long texts write them. What is not nested as calendars
// are is a *SyntaxError.
func takeApart(data []byte) (contents, error) {
	var found contents
	if at := invalidUTF8(data); at >= 0 {
		return found, &SyntaxError{1 + bytes.Count(data[:at], []byte("\n")), said.New("this is not UTF-8 text")}
	}
	lines := &lineReader{rest: bytes.TrimPrefix(data, []byte("\ufeff"))}
	stream := ics.NewCalendarStream(lines)
	var open []string // the components around a line
	var event component
	for {
		begins := max(lines.number, 1) // the stream has looked at the first line of what it gives next
		text, err := stream.ReadLine()
		if text == nil || err != nil && !errors.Is(err, io.EOF) {
			break
		}
		p, says := parseProperty(*text)
		if p == nil {
			if len(open) == 0 {
				return found, notACalendar(begins)
			}
			found.strange = append(found.strange, strange{begins, says})
			continue
		}
		name, value := strings.ToUpper(p.IANAToken), strings.ToUpper(strings.TrimSpace(p.Value))
		switch {
		case name == "BEGIN" && len(open) == 0 && value != "VCALENDAR", name != "BEGIN" && len(open) == 0:
			return found, notACalendar(begins)
		case name == "BEGIN" && len(open) == maxNesting:
			return found, &SyntaxError{begins, said.New("components lie more than %d deep in each other", maxNesting)}
		case name == "BEGIN":
			if open = append(open, value); inEvent(open) {
				event = component{line: begins, props: map[string][]property{}}
			}
		case name == "END" && value != open[len(open)-1]:
			return found, &SyntaxError{begins, said.New("END:%s where END:%s belongs", shorten(value, 20), shorten(open[len(open)-1], 20))}
		case name == "END":
			if inEvent(open) {
				found.events = append(found.events, event)
			}
			open = open[:len(open)-1]
		case inEvent(open):
			event.props[name] = append(event.props[name], newProperty(begins, p))
		case len(open) == 1 && name == "X-WR-TIMEZONE":
			found.zone, _ = roster.ParseZone(strings.TrimSpace(p.Value)) // one that is not known says nothing
		}
	}
	switch {
	case len(open) > 0:
		return found, &SyntaxError{lines.number, said.New("the file ends before END:%s; perhaps a part of it is missing", open[len(open)-1])}
	case lines.number == 0:
		return found, &SyntaxError{1, said.New("the file is empty")}
	}
	return found, nil
}

func notACalendar(line int) error {
	return &SyntaxError{line, said.New("BEGIN:VCALENDAR is expected here; this is not an iCalendar (.ics) file")}
}

func inEvent(open []string) bool {
	return len(open) == 2 && open[0] == "VCALENDAR" && open[1] == "VEVENT"
}

func newProperty(line int, p *ics.BaseProperty) property {
	made := property{line: line, value: p.Value, params: map[string]string{}}
	for name, values := range p.ICalParameters {
		if len(values) > 0 {
			made.params[strings.ToUpper(name)] = values[0]
		}
	}
	return made
}

// parseProperty lets the library read a line; nil and the reason if it is none.
func parseProperty(line ics.ContentLine) (p *ics.BaseProperty, says error) {
	if params(string(line)) > maxParams {
		return nil, said.New("the line has more than %d parameters and was left out", maxParams)
	}
	p, err := ics.ParseProperty(line)
	if err != nil || p == nil {
		return nil, said.New("the line is not of the form NAME:VALUE and was left out")
	}
	return p, nil
}

// params is how many parameters a line seems to have, or more.
func params(line string) (n int) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ';':
			n++
		case c == ':' && !quoted:
			return n
		}
	}
	return n
}

// invalidUTF8 is where the data stops being UTF-8, -1 if it is all the way.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// lineReader gives out a line with each Read, so that whoever reads ahead by no more
// than a line is known to be at line number. Empty lines are counted and not given out.
type lineReader struct {
	rest   []byte
	number int // of the line that was given out last
	within bool
}

// Read implements io.Reader.
func (l *lineReader) Read(p []byte) (int, error) {
	for {
		end := bytes.IndexByte(l.rest, '\n') + 1
		if end == 0 {
			end = len(l.rest)
		}
		if end == 0 {
			return 0, io.EOF
		}
		if !l.within {
			l.number++
			if len(bytes.TrimRight(l.rest[:end], "\r\n")) == 0 {
				l.rest = l.rest[end:]
				continue
			}
		}
		n := copy(p, l.rest[:end])
		l.rest, l.within = l.rest[n:], n < end
		return n, nil
	}
}
