package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Order is how dates like 11/12/2026 are meant.
type Order string

// The orders. Dates with dots are always day first, and those of ISO 8601 year first.
const (
	OrderUnknown Order = ""
	DayFirst     Order = "day-first"
	MonthFirst   Order = "month-first"
)

// when is a date, a range of dates or a week as it is written. What is not written is zero.
type when struct {
	from, to written
	ranged   bool // to is written, too
	week     bool // from is the first day of a week, in words
}

// written is a date or a week of which perhaps not everything is written.
type written struct {
	year, month, day int
	pair             [2]int // of 11/12/2026: the two numbers, whose order is not known
	week             int    // of ISO 8601, instead of month and day
	weekday          int    // 1 is Monday; 0 is not written
}

var (
	errAmbiguous = said.New("day and month can be meant either way; say which comes first")
)

// The patterns are anchored where the text stands; it is in lower case, with all dashes
// alike and single spaces.
var (
	weekdayPattern = regexp.MustCompile(`^(` + weekdayNames + `)\b\.?,? ?`)
	weekPattern    = regexp.MustCompile(`^(?:(\d{4})[ -]?(?:w|kw|cw)(\d{1,2})|(?:kalenderwoche|calendar week|woche|week|kw|cw|wk|w)\.? ?(?:no\.?|nr\.?|#)? ?(\d{1,2})(?: ?[/,] ?| of | in | - | |-w?)?(\d{4})?)\b`)
	isoPattern     = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`)
	dottedPattern  = regexp.MustCompile(`^(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4}\b|\d{2}\b)?`)
	pairPattern    = regexp.MustCompile(`^(\d{1,2})([/-])(\d{1,2})(?:[/-](\d{4}|\d{2}))?\b`)
	dayFirstName   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?[ -]?(?:of )?(` + monthNames + `)\b\.?(?:,? ?-?(\d{4})\b)?`)
	nameFirst      = regexp.MustCompile(`^(` + monthNames + `)\b\.? ?(\d{1,2})(?:st|nd|rd|th|\.)?\b(?:,? ?(\d{4})\b)?`)
	timePattern    = regexp.MustCompile(`^(?:,? ?(?:at |um )?|t)\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?: ?(?:am|pm|uhr|h))?(?: ?(?:z|utc|gmt|cest|cet|[a-z]{3,4}t|[+-]\d{2}:?\d{2}))?\b`)
	rangePattern   = regexp.MustCompile(`^ ?(?:->|→|=>|-+|to\b|until\b|till\b|through\b|thru\b|bis(?: zum)?\b|\.\.+|/) ?`)
	dayAlone       = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?\.? ?(?:-+|to|bis|/|\+|&) ?`)
	lastDayAlone   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?\b(?:,? ?(\d{4})\b)?`)
	inBrackets     = regexp.MustCompile(`[(\[]([^()\[\]]*)[)\]]`)
	leadingWords   = regexp.MustCompile(`^(?:from|starting|start|week of|week starting|week beginning|week commencing|w/c|w/b|wc|von|vom|ab|woche (?:vom|ab)|woche vom)\b[: ]*`)
	weekOf         = regexp.MustCompile(`^(?:week|w/|wc|woche)`)
	clockEnd       = regexp.MustCompile(`^ ?- ?\d{1,2}:\d{2}\b(?: ?(?:am|pm|uhr|h)\b)?(?: ?(?:utc|gmt|cest|cet|[a-z]{3,4}t)\b)?`)
)

const weekdayNames = `monday|montag|mon|mo|tuesday|tues|tue|tu|dienstag|di|wednesday|wed|we|mittwoch|mi|thursday|thurs|thur|thu|th|donnerstag|do|friday|freitag|fri|fr|saturday|samstag|sonnabend|sat|sa|sunday|sonntag|sun|su|so`

const monthNames = `january|januar|jänner|jan|jän|february|februar|feber|feb|march|märz|maerz|mar|mär|mrz|april|apr|may|mai|june|juni|jun|july|juli|jul|august|aug|september|sept|sep|october|oktober|oct|okt|november|nov|december|dezember|dec|dez`

func monthOf(name string) int {
	switch r := []rune(name); string(r[:3]) {
	case "jan", "jän":
		return 1
	case "feb":
		return 2
	case "mar", "mär", "mae", "mrz":
		return 3
	case "apr":
		return 4
	case "may", "mai":
		return 5
	case "jun":
		return 6
	case "jul":
		return 7
	case "aug":
		return 8
	case "sep":
		return 9
	case "oct", "okt":
		return 10
	case "nov":
		return 11
	default:
		return 12
	}
}

// weekdayOf is a weekday by its first letters, English or German: 1 is Monday.
func weekdayOf(name string) int {
	name += "  "
	switch name[:2] {
	case "mo":
		return 1
	case "tu", "di":
		return 2
	case "we", "mi":
		return 3
	case "th", "do":
		return 4
	case "fr":
		return 5
	case "sa":
		return 6
	case "su":
		return 7
	default: // so is the German Sunday; sonnabend its Saturday
		if strings.HasPrefix(name, "sonna") {
			return 6
		}
		return 7
	}
}

// parseWhen reads a date or a range.
func parseWhen(cell string) (when, bool) {
	if cell == "" {
		return when{}, false
	}
	text := plain(cell)
	if w, ok := parsePlain(text); ok {
		return w, true
	}
	// "Week 48 (23 Nov - 29 Nov)": what is in the brackets says more; else without it.
	for _, m := range inBrackets.FindAllStringSubmatch(text, 3) {
		if w, ok := parsePlain(strings.TrimSpace(m[1])); ok {
			return w, true
		}
	}
	without := strings.TrimSpace(inBrackets.ReplaceAllString(text, " "))
	if w, ok := parsePlain(strings.Join(strings.Fields(without), " ")); ok && without != text {
		return w, true
	}
	// "Week 48: 23 Nov - 29 Nov", or a line for each.
	for _, sign := range []string{"\n", ":", "|", ","} {
		if _, rest, found := strings.Cut(text, sign); found {
			if w, ok := parsePlain(strings.TrimSpace(rest)); ok && (w.ranged || w.from.week == 0) {
				return w, true
			}
		}
	}
	return when{}, false
}

// plain is the text in lower case, with one kind of dash and of space.
func plain(cell string) string {
	text := strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212':
			return '-'
		case '\u00a0', '\u202f', '\u2009':
			return ' '
		}
		return r
	}, strings.ToLower(cell))
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func parsePlain(text string) (w when, ok bool) {
	w, rest, ok := startsWith(strings.ReplaceAll(text, "\n", " "))
	if !ok || strings.TrimSpace(rest) != "" {
		return when{}, false
	}
	return w, true
}

// startsWith reads the date or range that a text begins with, and gives the rest, which is
// the text's end as it is.
func startsWith(text string) (w when, rest string, ok bool) {
	lead := leadingWords.FindString(text)
	text = text[len(lead):]
	w.week = weekOf.MatchString(lead)
	if w.from, rest, ok = parseDate(text); !ok {
		return parseDaysOfMonth(text)
	}
	rest = rest[len(clockEnd.FindString(rest)):]
	to := rangePattern.FindString(rest)
	if to == "" {
		return w, rest, true
	}
	after := rest[len(to):]
	if end, more, isDate := parseDate(after); isDate {
		w.to, w.ranged = end, true
		return w.complete(), more, true
	}
	// "Nov 23-29"
	if m := lastDayAlone.FindStringSubmatch(after); len(m) > 0 && w.from.month > 0 && number(m[1]) > 0 && !strings.HasPrefix(after[len(m[0]):], ":") {
		w.to, w.ranged = written{year: max(number(m[2]), w.from.year), month: w.from.month, day: number(m[1])}, true
		return w.complete(), after[len(m[0]):], true
	}
	return w, rest, true
}

// parseDaysOfMonth reads "23-29 Nov 2026": a day, and then a date with its month. In
// "30 - 6 Dec" the first day is of the month before.
func parseDaysOfMonth(text string) (w when, rest string, ok bool) {
	if m := weekdayPattern.FindString(text); m != "" {
		text = text[len(m):]
	}
	m := dayAlone.FindStringSubmatch(text)
	if m == nil {
		return w, "", false
	}
	if w.to, rest, ok = parseDate(text[len(m[0]):]); !ok || w.to.month == 0 {
		return when{}, "", false
	}
	w.from = written{year: w.to.year, month: w.to.month, day: number(m[1])}
	w.ranged = true
	if turn := 31 - w.from.day + w.to.day; w.from.day > w.to.day && turn < maxTurn {
		w.from.month--
		if w.from.month == 0 {
			w.from.month = 12
			w.from.year = max(w.from.year-1, 0)
		}
		return w, rest, inMonth(w.from.day, w.from.month)
	}
	return w, rest, w.from.day > 0 && w.from.day <= w.to.day
}

// maxTurn is how many days there can be in a range that writes only one of its two months.
const maxTurn = 16

// complete gives the beginning the year of the end where only that is written.
func (w when) complete() when {
	if w.from.year == 0 && w.to.year > 0 && w.from.week == 0 {
		w.from.year = w.to.year
		if w.from.month > w.to.month && w.to.month > 0 {
			w.from.year--
		}
	}
	return w
}

// parseDate reads one date or week at the beginning of the text.
func parseDate(text string) (d written, rest string, ok bool) {
	if m := weekdayPattern.FindStringSubmatch(text); m != nil {
		d.weekday = weekdayOf(m[1])
		text = text[len(m[0]):]
	}
	var m []string
	match := func(p *regexp.Regexp) bool {
		m = p.FindStringSubmatch(text)
		return m != nil
	}
	switch {
	case match(isoPattern):
		d.year, d.month, d.day = number(m[1]), number(m[2]), number(m[3])
	case match(weekPattern):
		d.year, d.week = number(m[1])+number(m[4]), number(m[2])+number(m[3])
		if d.week < 1 || d.week > 53 {
			return d, "", false
		}
	case match(dayFirstName):
		d.day, d.month, d.year = number(m[1]), monthOf(m[2]), number(m[3])
	case match(nameFirst):
		d.month, d.day, d.year = monthOf(m[1]), number(m[2]), number(m[3])
	case match(dottedPattern):
		d.day, d.month, d.year = number(m[1]), number(m[2]), fullYear(m[3])
	case match(pairPattern) && (m[2] == "/" || m[4] != ""):
		d.pair, d.year = [2]int{number(m[1]), number(m[3])}, fullYear(m[4])
		if !inMonth(d.pair[0], d.pair[1]) && !inMonth(d.pair[1], d.pair[0]) {
			return d, "", false
		}
	default:
		return d, "", false
	}
	if d.week == 0 && d.pair == [2]int{} && !inMonth(d.day, d.month) {
		return d, "", false
	}
	rest = text[len(m[0]):]
	rest = rest[len(timePattern.FindString(rest)):]
	if d.weekday == 0 {
		if after := weekdayPattern.FindStringSubmatch(strings.TrimLeft(rest, " ,(")); after != nil {
			d.weekday = weekdayOf(after[1])
			rest = strings.TrimLeft(strings.TrimLeft(rest, " ,(")[len(after[0]):], ")")
		}
	}
	return d, rest, true
}

// number is at most four digits as a number, 0 for none.
func number(digits string) int {
	if digits == "" {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func fullYear(digits string) int {
	if n := number(digits); len(digits) == 4 || n == 0 {
		return n
	}
	return 2000 + number(digits)
}

// inMonth reports whether some month of the number has the day.
func inMonth(day, month int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= time.Date(2024, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// in puts a pair of numbers into an order.
func (d written) in(order Order) (written, error) {
	if d.pair == [2]int{} {
		return d, nil
	}
	if d.pair[0] == d.pair[1] {
		order = DayFirst
	}
	switch order {
	case DayFirst:
		d.day, d.month = d.pair[0], d.pair[1]
	case MonthFirst:
		d.month, d.day = d.pair[0], d.pair[1]
	default:
		return d, errAmbiguous
	}
	d.pair = [2]int{}
	if !inMonth(d.day, d.month) {
		return d, said.New("there is no month %d", d.month)
	}
	return d, nil
}

// yearsAway is how far from the year of reference one is looked for that is not written.
const yearsAway = 3

// days are the first and the last day that are meant. What is not written is taken so
// that the date is nearest to near, and the weekday fits, if one is written.
func (d written) days(near roster.Date) (first, last roster.Date, err error) {
	var best roster.Date
	for year := max(near.Year-yearsAway, roster.MinYear); year <= min(near.Year+yearsAway, roster.MaxYear-1); year++ {
		if d.year > 0 {
			year = d.year
		}
		if day, ok := d.inYear(year); ok && (best.IsZero() || apart(day, near) < apart(best, near)) {
			best = day
		}
		if d.year > 0 {
			break
		}
	}
	switch {
	case best.IsZero() && d.weekday > 0 && d.week == 0:
		return first, last, said.New("no %s with this date is near", time.Weekday(d.weekday%7))
	case best.IsZero():
		return first, last, said.New("the calendar does not have this date")
	case d.week > 0 && d.weekday == 0:
		return best, best.AddDays(6), nil
	}
	return best, best, nil
}

func apart(a, b roster.Date) int {
	n := a.DaysUntil(b)
	return max(n, -n)
}

// inYear is the date in a year, if that has it and the weekday fits. The first week is that
// of the 4th of January (ISO 8601).
func (d written) inYear(year int) (roster.Date, bool) {
	if year < roster.MinYear || year >= roster.MaxYear {
		return roster.Date{}, false
	}
	if d.week > 0 {
		fourth := roster.Date{Year: year, Month: time.January, Day: 4}
		monday := fourth.AddDays(-(int(fourth.Weekday())+6)%7 + 7*(d.week-1))
		if thursday := monday.AddDays(3); thursday.Year != year {
			return roster.Date{}, false
		}
		return monday.AddDays(max(d.weekday-1, 0)), true
	}
	day := roster.DateOf(time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC))
	if int(day.Month) != d.month || day.Day != d.day || d.weekday > 0 && int(day.Weekday()) != d.weekday%7 {
		return roster.Date{}, false
	}
	return day, true
}
