package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// saying is what a line says by itself.
type saying struct {
	dates []string // as they are written, or with the month of the heading
	who   []holding
	dated bool // there is a date in it that somebody wrote out
}

// holding is somebody, with the role that a text gives them.
type holding struct {
	role string // as it is written, "" for none
	text string
	line int
}

const (
	maxDates = 60 // of a line
	maxAhead = 24 // bytes after the beginning of a date in which a digit stands
)

var (
	betweenDates = regexp.MustCompile(`^ ?(?:,|;|&|\+|and\b|und\b|\|) ?(?:and |und )?`)
	betweenWeek  = regexp.MustCompile(`^[ :,(\[|-]*`)
	bareDays     = regexp.MustCompile(`^((?:` + weekdayNames + `)\b\.?,? ?)?(\d{1,2})(?:st|nd|rd|th|\.)?(?:( ?(?:-+|to\b|until\b|bis\b) ?)((?:` + weekdayNames + `)\b\.?,? ?)?(\d{1,2})(?:st|nd|rd|th|\.)?)?`)
	afterDates   = regexp.MustCompile(`^[\s:;,=|.\-→>)\]]+`)
	beforeDates  = regexp.MustCompile(`[\s:;,=|\-→<(\[]+$`)
	sinceWord    = regexp.MustCompile(`(?i)(?:^|\s)(?:until|till|bis|by|before|vor|after|nach|since|seit)$`)
)

// monthAbove is the month of the heading above a line, 0 if it names none.
type monthAbove struct {
	month int
	first bool // no line before has a date since that heading
}

// sayingOf takes a line apart.
func (l *listing) sayingOf(line textLine, month monthAbove) (s saying) {
	for at := 0; at < len(line.low); at++ {
		if at > 0 && isWordByte(line.low[at-1]) || !strings.ContainsAny(line.low[at:min(at+maxAhead, len(line.low))], "0123456789") {
			continue
		}
		if !isWordByte(line.low[at]) {
			continue
		}
		dates, end, written := datesAt(line, at, month)
		if len(dates) == 0 {
			continue
		}
		s.dates, s.dated = dates, written
		s.who = l.around(line.text[:at], line.text[end:], line.bullet)
		if s.who == nil && strings.Trim(line.text[:at]+line.text[end:], " :;,.-|→()[]") != "" {
			s.dates = nil // it says something else
		}
		return s
	}
	if line.level == 0 || len(line.text) < 60 {
		s.who, _ = l.people(strings.TrimRight(line.text, ": "), line.bullet || line.level > 0 || line.indent > 0)
	}
	return s
}

// isWordByte reports whether a byte is part of a word: a letter, also the part of one, or a
// digit.
func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}

// around is who is named before or after the dates, nil for nobody.
func (l *listing) around(before, after string, bullet bool) []holding {
	sign := afterDates.FindString(after)
	strong := bullet || strings.ContainsAny(sign, ":=|-→")
	after = strings.TrimSpace(after[len(sign):])
	if strings.HasSuffix(sign, "(") {
		after = "(" + after
	}
	cut := beforeDates.FindString(before)
	strongBefore := bullet || strings.ContainsAny(cut, ":=|-→([")
	before = strings.TrimSpace(before[:len(before)-len(cut)])
	if sinceWord.MatchString(before) {
		return nil
	}
	if before == "" {
		who, _ := l.people(after, strong)
		return who
	}
	if label := strings.TrimSuffix(before, ":"); after != "" {
		if l.isRole(label) {
			if who, ok := l.people(after, strong); ok {
				return withRole(who, label)
			}
			return nil
		}
	}
	if who, ok := l.people(before, strongBefore); ok {
		return who
	}
	if strong && len(strings.Fields(before)) <= maxLabel {
		if who, ok := l.people(after, strong); ok {
			return who // "Sprint 12 (3-16 Nov): Ana"
		}
	}
	return nil
}

// maxLabel is how many words before a date may be a label, and not a sentence, and
// maxRoleWords how many the name of a role may have.
const (
	maxLabel     = 3
	maxRoleWords = 4
)

func withRole(who []holding, role string) []holding {
	for i := range who {
		if who[i].role == "" {
			who[i].role = role
		}
	}
	return who
}

// datesAt reads the dates that begin at a place, and gives where they end. written is false
// if they are days alone, of the heading's month.
func datesAt(line textLine, at int, month monthAbove) (dates []string, end int, written bool) {
	first := at
	known := month
	for len(dates) < maxDates {
		low := line.low[first:]
		w, rest, ok := startsWith(low)
		switch {
		case ok && !beginsWord(rest):
			stop := len(line.low) - len(rest)
			if w.from.week > 0 && !w.ranged && w.from.weekday == 0 {
				stop = withDays(line, first, stop)
			}
			if w.from.week == 0 || len(dates) == 0 {
				dates = append(dates, strings.TrimSpace(line.text[first:stop]))
			}
			written, end = true, stop
			if w.from.month > 0 {
				known = monthAbove{month: w.from.month}
				if w.to.month > 0 {
					known.month = w.to.month
				}
			}
		case known.month > 0 && (at == 0 || len(dates) > 0):
			date, more, isDate := daysOf(low, known)
			if !isDate || beginsWord(more) {
				return dates, end, written
			}
			dates = append(dates, date)
			end = len(line.low) - len(more)
		default:
			return dates, end, written
		}
		between := betweenDates.FindString(line.low[end:])
		if between == "" {
			return dates, end, written
		}
		first = end + len(between)
	}
	return dates, end, written
}

// withDays is where "Week 48 (23-29 Nov)" ends: what stands behind the week says more.
func withDays(line textLine, first, stop int) int {
	sign := betweenWeek.FindString(line.low[stop:])
	w, rest, ok := startsWith(line.low[stop+len(sign):])
	if !ok || w.from.week > 0 || beginsWord(rest) {
		return stop
	}
	end := len(line.low) - len(rest)
	if strings.ContainsAny(sign, "([") && strings.IndexAny(rest, ")]") == 0 {
		end++
	}
	if _, ok := parseWhen(line.low[first:end]); !ok {
		return stop
	}
	return end
}

func beginsWord(rest string) bool { return rest != "" && isWordByte(rest[0]) }

// daysOf reads days alone, "3" or "Mon 3 - Sun 9", as dates of the month. A range that is
// longer than the month, "30-6", ends in it if it is the first below the heading, and else
// begins in it.
func daysOf(low string, above monthAbove) (date, rest string, ok bool) {
	m := bareDays.FindStringSubmatch(low)
	if m == nil {
		return "", "", false
	}
	rest = low[len(m[0]):]
	if len(rest) > 1 && strings.ContainsRune(":./", rune(rest[0])) && unicode.IsDigit(rune(rest[1])) {
		return "", "", false // a time, or another date
	}
	from, to := above.month, above.month
	switch over := m[5] != "" && number(m[5]) < number(m[2]); {
	case over && above.first:
		from = (from+10)%12 + 1
	case over:
		to = to%12 + 1
	}
	date = m[1] + m[2] + " " + time.Month(from).String()
	if m[5] != "" {
		date += " - " + m[4] + m[5] + " " + time.Month(to).String()
	}
	_, ok = parseWhen(date)
	return date, rest, ok
}

// sectionOf is the month and the year that a line is the heading of, 0 for what it does not
// say. ok is false for a line that says more.
func sectionOf(low string) (month, year int, ok bool) {
	low = strings.Trim(low, " :-()")
	if m := monthSection.FindStringSubmatch(low); m != nil && low != "" {
		if m[1] != "" {
			month = monthOf(m[1])
		}
		return month, number(m[2]), true
	}
	if m := numberSection.FindStringSubmatch(low); m != nil {
		month, year = number(m[2])+number(m[3]), number(m[1])+number(m[4])
		return month, year, month >= 1 && month <= 12
	}
	return 0, 0, false
}

var (
	monthSection  = regexp.MustCompile(`^(?:(` + monthNames + `)\b\.?)?[ ,/'-]*(20\d{2})?$`)
	numberSection = regexp.MustCompile(`^(?:(20\d{2})[-/](\d{1,2})|(\d{1,2})[/.](20\d{2}))$`)
	monthOfTitle  = regexp.MustCompile(`\b(` + monthNames + `)\b\.?,? ?(20\d{2})?$`)
)

// inTitle is the month and the year that a heading of more words names.
func inTitle(low string) (month, year int) {
	if m := monthOfTitle.FindStringSubmatch(low); m != nil {
		month = monthOf(m[1])
	}
	if years := yearPattern.FindAllString(low, 3); len(years) == 1 {
		year, _ = strconv.Atoi(years[0])
	}
	return month, year
}
