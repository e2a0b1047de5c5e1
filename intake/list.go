package intake

import (
	"errors"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Left is a line of a list that is left out, and why, as a sentence part.
type Left struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Says string `json:"says"`
}

const (
	maxLines = 10_000 // of a text that is looked at for a list
	maxLeft  = 300    // lines whose reasons are told
	// maxHolders is how many people below a date are looked at.
	maxHolders = 20
)

// listHead is the first row of a table that was made of a list.
func listHead() []string { return []string{"Days", "Role", "Person"} }

// isList reports whether a table was made of a list.
func isList(t Table) bool { return len(t.Rows) > 0 && slices.Equal(t.Rows[0], listHead()) }

// listMapping says how to read such a table.
func listMapping() Mapping { return Mapping{Columns: []Use{IsDate, IsRole, IsWho}, Heading: 1} }

// listing finds in lines of text who is on call when. People write that in many ways; what
// all have in common is a date beside, above or below a name:
//
//	25 September - 1 October: Ana (link)
//	Ana: 25 September - 1 October, 16-22 October
//	25 September - 1 October, and a line for each name below it
//	Ana, and a line for each date below it
type listing struct {
	team   *roster.Team
	dir    directory
	lines  []textLine
	items  []item
	rows   []listRow
	left   []leftLine
	unread int // lines without a date that were passed over

	roles   remembered[bool]  // roleNamed
	ofRoles map[string]bool   // wordsOfRoles
	looks   remembered[looks] // look

	notNames, particles map[string]bool
}

// item is a line as it was understood.
type item struct {
	saying
	section bool // it is the heading of a month, a year or a role
	context context
	used    bool
}

// context is what the headings above a line say.
type context struct {
	level       int // of the last heading
	month, year int
	role, title string
	part        string // the title of the part of the text: the last heading that names no role
}

// leftLine is a line that is left out, and the part of the text that it stands in.
type leftLine struct {
	Left
	part string
}

type listRow struct {
	line            int
	date, role, who string
	context         context
}

// readLists makes a table of the lists in a text, and where these stand below several
// headings, such as one for each team, another for each of them. There is none without a list.
func readLists(lines []textLine, team *roster.Team, dir directory) ([]Table, error) {
	if len(lines) > maxLines {
		return nil, errTooLarge
	}
	l := listing{team: team, dir: dir, lines: lines, notNames: notNames(), particles: particles()}
	l.roles = remember(func(text string) bool { _, ok := roleNamed(plain(text), team); return ok })
	l.ofRoles = wordsOfRoles(team)
	l.looks = remember(l.look)
	l.understandLines()
	l.collect()
	if len(l.rows) == 0 {
		return nil, nil
	}
	l.tellRest()
	return l.tables()
}

// understandLines says what each line says, by itself and the headings above it.
func (l *listing) understandLines() {
	stack := []context{{level: -1}}
	fresh := true // nothing is dated since the last heading
	for _, line := range l.lines {
		level := line.level
		if level == 0 {
			level = belowHeadings + line.indent
		}
		below := func(strictly bool) context {
			for len(stack) > 1 {
				top := stack[len(stack)-1].level
				if top < level || top == level && !strictly {
					break
				}
				stack = stack[:len(stack)-1]
			}
			return stack[len(stack)-1]
		}
		if month, year, ok := sectionOf(line.low); ok && line.low != "" {
			c := below(true)
			c.level, c.month = level, month
			if year > 0 {
				c.year = year
			}
			stack, fresh = append(stack, c), true
			l.items = append(l.items, item{section: true, context: c})
			continue
		}
		c := below(line.level > 0)
		it := item{saying: l.sayingOf(line, monthAbove{c.month, fresh}), context: c}
		fresh = fresh && len(it.dates) == 0
		switch label := strings.TrimRight(line.text, ": "); {
		case line.level > 0 && len(it.dates) == 0:
			c.level, c.title = level, line.text
			if month, year := inTitle(line.low); year > 0 || month > 0 {
				c.month = month
				if year > 0 {
					c.year = year
				}
			}
			if c.part = line.text; l.isRole(line.text) {
				c.role, c.part, it.who = line.text, it.context.part, nil
			}
			stack, fresh = append(stack, c), true
		case len(it.dates) == 0 && label != line.text && l.isRole(label): // "Primary:"
			c = below(true)
			c.level, c.role = level, label
			stack = append(stack, c)
			it = item{section: true, context: c}
		}
		l.items = append(l.items, it)
	}
}

// belowHeadings is the level of a line that is no heading, and not indented.
const belowHeadings = 10

// onlyDates and onlyPeople report what a line has.
func (it *item) onlyDates() bool  { return len(it.dates) > 0 && len(it.who) == 0 }
func (it *item) onlyPeople() bool { return len(it.dates) == 0 && len(it.who) > 0 }

// namesFirst reports whether people stand above their dates, and not below.
func (l *listing) namesFirst() bool {
	above, below := 0, 0
	for i := range l.items {
		if !l.items[i].onlyDates() {
			continue
		}
		line := l.lines[i]
		if i > 0 && l.items[i-1].onlyPeople() {
			if before := l.lines[i-1]; (!line.gap || before.level > 0) && before.indent <= line.indent {
				above++
			}
		}
		if i+1 < len(l.items) && l.items[i+1].onlyPeople() {
			if after := l.lines[i+1]; after.level == 0 && after.indent >= line.indent && (!after.gap || line.level > 0 || after.bullet && !line.bullet) {
				below++
			}
		}
	}
	return above > below
}

// pending is what waits for lines that belong to it: dates for people, or the reverse.
type pending struct {
	at     int
	dates  []string
	who    []holding
	named  bool // the line of the dates names somebody itself: only roles may follow
	passed int  // lines of prose since
}

// collect makes the rows.
func (l *listing) collect() {
	namesFirst := l.namesFirst()
	var open *pending
	flush := func() {
		if open != nil {
			l.give(open)
		}
		open = nil
	}
	var person *item // in names first
	var personAt int
	for i := range l.items {
		it, line := &l.items[i], l.lines[i]
		for n := range it.who {
			it.who[n].line = line.number
		}
		switch {
		case len(it.dates) > 0 && len(it.who) > 0:
			flush()
			person = nil
			it.used = true
			open = &pending{at: i, dates: it.dates, who: it.who, named: true}
		case it.onlyDates() && namesFirst && person != nil && (line.indent >= l.lines[personAt].indent):
			it.used, person.used = true, true
			who := slices.Clone(person.who)
			for n := range who {
				who[n].line = line.number
			}
			l.give(&pending{at: i, dates: it.dates, who: who})
		case it.onlyDates():
			flush()
			open = &pending{at: i, dates: it.dates}
		case it.onlyPeople() && open != nil && l.belongs(open, i):
			it.used = true
			open.who = append(open.who, it.who[:min(len(it.who), max(maxHolders-len(open.who), 0))]...)
		case it.onlyPeople() && namesFirst:
			flush()
			person, personAt = it, i
		case line.level > 0 || it.section && it.context.role == "":
			flush()
			person = nil
		case open != nil:
			open.passed++
			if open.passed > 1 && line.indent <= l.lines[open.at].indent {
				flush()
			}
		}
	}
	flush()
}

// belongs reports whether a line with people is about the dates above it.
func (l *listing) belongs(open *pending, i int) bool {
	head, line := l.lines[open.at], l.lines[i]
	if line.level > 0 || line.indent < head.indent && !line.bullet {
		return false
	}
	if open.named {
		return !line.gap && !slices.ContainsFunc(l.items[i].who, func(h holding) bool { return h.role == "" || !l.isRole(h.role) })
	}
	if line.bullet && head.bullet && line.indent <= head.indent {
		return len(open.who) == 0 && !line.gap || !line.gap
	}
	return !line.gap || len(open.who) == 0 || line.bullet
}

// give makes rows of dates and people.
func (l *listing) give(p *pending) {
	it := &l.items[p.at]
	if len(p.who) == 0 {
		return
	}
	it.used = true
	who := l.withRoles(p.who, it.context.role)
	for _, date := range p.dates {
		if len(l.rows) > MaxRows {
			return // the table will be refused
		}
		for _, h := range who {
			l.rows = append(l.rows, listRow{line: h.line, date: date, role: h.role, who: h.text, context: it.context})
		}
	}
}

// withRoles gives people a role who have none: that of the heading, or those of the team in
// order.
func (l *listing) withRoles(who []holding, above string) []holding {
	taken, without := map[roster.RoleID]bool{}, 0
	for _, h := range who {
		if id, ok := roleNamed(plain(h.role), l.team); ok {
			taken[id] = true
		}
		if h.role == "" {
			without++
		}
	}
	var free []roster.Role
	for _, r := range l.team.Roles {
		if !taken[r.ID] {
			free = append(free, r)
		}
	}
	if above != "" || without > len(free) {
		role := above
		if role == "" {
			role = l.team.Roles[0].Name
		}
		var together []holding
		for _, h := range who { // of several in one role, Understand says that they are too many
			if n := len(together); h.role == "" && n > 0 && together[n-1].role == role {
				together[n-1].text += ", " + h.text
				continue
			}
			if h.role == "" {
				h.role = role
			}
			together = append(together, h)
		}
		return together
	}
	for i := range who {
		if who[i].role == "" {
			who[i].role, free = free[0].Name, free[1:]
		}
	}
	return who
}

// Why a line is left out of a list that looks like an entry.
var (
	errNobodyNamed      = said.New("nobody is named")
	errNobodyUnderstood = said.New("it has a date, but nobody who is on call is understood")
	errNoDate           = said.New("no date is understood")
)

// whyLeft is why a line was left out, by what Left says of it.
func whyLeft(says string) error {
	for _, err := range []error{errNobodyNamed, errNobodyUnderstood, errNoDate} {
		if err.Error() == says {
			return err
		}
	}
	return errors.New(says)
}

// tellRest says of the lines that were not used why, if they look like entries.
func (l *listing) tellRest() {
	// beside reports whether a line stands directly beside another that is an entry, and
	// looks like it.
	beside := func(i, other int) bool {
		return other >= 0 && other < len(l.items) && l.items[other].used && !l.lines[max(i, other)].gap &&
			l.lines[i].bullet == l.lines[other].bullet && l.lines[i].indent <= l.lines[other].indent
	}
	for i := range l.items {
		it, line := &l.items[i], l.lines[i]
		if it.used || it.section || line.text == "" {
			continue
		}
		var why error
		switch {
		case it.onlyDates() && it.dated:
			why = errNobodyNamed
		case it.dated:
			why = errNobodyUnderstood
		case line.level > 0:
		case beside(i, i-1) && (line.bullet || beside(i, i+1)), line.bullet && beside(i, i+1):
			why = errNoDate
		}
		if why == nil || len(l.left) == maxLeft {
			l.unread++
			continue
		}
		l.left = append(l.left, leftLine{Left{Line: line.number, Text: tidy(line.text), Says: why.Error()}, it.context.part})
	}
}
