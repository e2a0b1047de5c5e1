package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Use says what a column is.
type Use string

// The uses of a column. One that has the people of a role is ForRole of it, one that has
// those of a weekday ForWeekday.
const (
	Unused  Use = ""
	IsDate  Use = "date"   // the day, the days or the week of the row
	IsUntil Use = "until"  // the last day of the row
	IsRole  Use = "role"   // the name of the role that IsPerson is about
	IsWho   Use = "person" // who has the role that IsRole names
)

const (
	rolePrefix    = "role:"
	weekdayPrefix = "weekday:"
)

// ForRole is the use of a column that says who has the role.
func ForRole(role roster.RoleID) Use { return Use(rolePrefix + role) }

// ForWeekday is the use of a column that says who has the first role on that day of the
// row's week: 1 is Monday.
func ForWeekday(day int) Use { return Use(weekdayPrefix + strconv.Itoa(day)) }

// Role is the role of ForRole.
func (u Use) Role() (roster.RoleID, bool) {
	text, ok := strings.CutPrefix(string(u), rolePrefix)
	return roster.RoleID(text), ok
}

// Weekday is the day of ForWeekday.
func (u Use) Weekday() (int, bool) {
	text, ok := strings.CutPrefix(string(u), weekdayPrefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= 7
}

// Ends says what a last day that is written means.
type Ends string

// What a last day can mean.
const (
	EndsGuessed Ends = ""         // by the rows: where each ends on the day on which the next begins, it is the hand-off
	EndsOn      Ends = "included" // it still belongs to the row
	EndsBefore  Ends = "hand-off" // it is the day of the hand-off to the next
)

// Lasts says for how long a row is that has one date.
type Lasts string

// How long a row can be.
const (
	LastsGuessed Lasts = "" // by the dates: LastsOn where they are equally far apart
	LastsADay    Lasts = "day"
	LastsOn      Lasts = "next" // until the date of the next row; the last as long as the one before
)

// Mapping says how a table is to be read. The zero value of each field but Columns is a
// guess.
type Mapping struct {
	Columns []Use
	Heading int // rows at the top that are no data
	Order   Order
	Ends    Ends
	Lasts   Lasts
}

// Validate refuses a mapping that does not fit the table and the team. What it returns is
// a roster.FieldErrors: columns.0 is the first column.
func (m Mapping) Validate(t Table, team *roster.Team) error {
	var errs roster.FieldErrors
	if len(t.Rows) == 0 || len(m.Columns) != len(t.Rows[0]) {
		errs.Add("columns", said.New("the table has other columns"))
		return errs
	}
	counts := map[Use]int{}
	for i, use := range m.Columns {
		role, forRole := use.Role()
		_, forDay := use.Weekday()
		known := use == Unused || use == IsDate || use == IsUntil || use == IsRole || use == IsWho || forDay || forRole && team.HasRole(role)
		counts[use]++
		switch {
		case !known:
			errs.Add(fmt.Sprintf("columns.%d", i), said.New("a column cannot be that"))
		case use != Unused && counts[use] == 2:
			errs.Add(fmt.Sprintf("columns.%d", i), said.New("another column is that already"))
		}
	}
	seats := slices.ContainsFunc(m.Columns, func(u Use) bool { return u != Unused && u != IsDate && u != IsUntil && u != IsRole })
	switch {
	case len(errs) > 0:
	case counts[IsDate] == 0:
		errs.Add("columns", said.New("say which column has the dates"))
	case !seats:
		errs.Add("columns", said.New("say which column has the people"))
	}
	if m.Order != OrderUnknown && m.Order != DayFirst && m.Order != MonthFirst {
		errs.Add("order", said.New("dates have no such order"))
	}
	if m.Ends != EndsGuessed && m.Ends != EndsOn && m.Ends != EndsBefore {
		errs.Add("ends", said.New("a last day cannot mean that"))
	}
	if m.Lasts != LastsGuessed && m.Lasts != LastsADay && m.Lasts != LastsOn {
		errs.Add("lasts", said.New("a row cannot last so long"))
	}
	if m.Heading < 0 || m.Heading > len(t.Rows) {
		errs.Add("heading", said.New("the table has not so many rows"))
	}
	return errs.Err()
}

// Guess says how a table is probably to be read, and how well that went: the share of its
// rows, 0 to 1, that have a date and somebody.
func Guess(t Table, team *roster.Team, names roster.Names) (Mapping, float64) {
	return guessed(t, team, newDirectory(names))
}

func guessed(t Table, team *roster.Team, dir directory) (Mapping, float64) {
	if len(t.Rows) == 0 {
		return Mapping{}, 0
	}
	g := guess{
		table: t, team: team, mapping: Mapping{Columns: make([]Use, len(t.Rows[0]))}, empty: remember(nobody),
		when: remember(func(text string) *when {
			if w, ok := parseWhen(text); ok {
				return &w
			}
			return nil
		}),
		name: remember(func(text string) bool { return likeName(text, dir) }),
		role: remember(func(text string) bool { _, ok := roleNamed(plain(text), team); return ok }),
	}
	if isList(t) {
		g.mapping = listMapping()
		return g.mapping, g.share(0)
	}
	date := g.dates()
	if date < 0 {
		g.mapping.Heading = 1
		return g.mapping, 0
	}
	g.until(date)
	if !g.weekdays() && !g.named() {
		g.anyPeople()
	}
	return g.mapping, g.share(date)
}

// maxHeading is how many rows at the top may be headings.
const maxHeading = 5

type guess struct {
	table   Table
	team    *roster.Team
	mapping Mapping
	empty   remembered[bool]  // nobody
	when    remembered[*when] // parseWhen, nil if it is none
	name    remembered[bool]  // likeName
	role    remembered[bool]  // roleNamed
	people  []bool            // columns of which half look like names, see likePeople
}

// dates finds the column of the dates, -1 if there is none, and with it where the data
// begins. A column that tells ranges beats one of single dates, and that one of weeks,
// which may be any numbers.
func (g *guess) dates() int {
	best, most := -1, 0
	for c := range g.mapping.Columns {
		score := 0
		for _, row := range g.table.Rows {
			switch w := g.when.of(row[c]); {
			case w == nil:
			case w.ranged:
				score += 5
			case w.from.week == 0 || w.from.year > 0:
				score += 4
			default:
				score += 3
			}
		}
		if score > most {
			best, most = c, score
		}
	}
	if best < 0 { // a column of numbers below a word for week
		for c, head := range g.table.Rows[0] {
			if weekWord.MatchString(plain(head)) && best < 0 {
				best = c
			}
		}
		if best < 0 {
			return best
		}
		g.mapping.Heading = 1
	}
	g.mapping.Columns[best] = IsDate
	for i, row := range g.table.Rows[:min(len(g.table.Rows), maxHeading)] {
		if g.when.of(row[best]) != nil {
			break
		}
		if !digits.MatchString(row[best]) { // with a number it is a date that is not understood, or a section
			g.mapping.Heading = i + 1
		}
	}
	return best
}

var (
	weekWord  = regexp.MustCompile(`^(?:iso )?(?:week|woche|kw|cw|wk|kalenderwoche|calendar week)(?: ?(?:no|nr|number|nummer|#)\.?)?$`)
	untilWord = regexp.MustCompile(`\b(?:to|until|till|end|ends|bis|ende|through)\b`)
	whoWord   = regexp.MustCompile(`\b(?:person|people|name|who|wer|engineer|developer|on-?call|assignee|assigned|user|member|mitarbeiter|kolleg\w*|diensthabend\w*|bereitschaft|rufbereitschaft|dienst|responsible|operator)\b`)
	roleWord  = regexp.MustCompile(`\b(?:role|rolle|type|typ|level|tier|duty|schedule|layer)\b`)
	noteWord  = regexp.MustCompile(`\b(?:notes?|comments?|remarks?|bemerkung(?:en)?|notiz(?:en)?|kommentar|holidays?|feiertage?|phone|telefon|tel|email|e-mail|status|swap|hours?|stunden|time ?zone|links?|days?|wochentag|weekday|month|year|#|no|nr|manager|lead|sprint|release)\b`)
	digits    = regexp.MustCompile(`\d`)
)

func (g *guess) head(c int) string {
	if g.mapping.Heading == 0 {
		return ""
	}
	return plain(g.table.Rows[g.mapping.Heading-1][c])
}

// until finds a column that has the last day of the rows.
func (g *guess) until(date int) {
	for c := range g.mapping.Columns {
		if c == date || !untilWord.MatchString(g.head(c)) {
			continue
		}
		if hits, filled := g.count(c, func(text string) bool { w := g.when.of(text); return w != nil && !w.ranged }); hits > 0 && 2*hits > filled {
			g.mapping.Columns[c] = IsUntil
			return
		}
	}
}

// count is how many cells of a column meet the condition is, and how many are not empty.
func (g *guess) count(c int, is func(string) bool) (hits, filled int) {
	for _, row := range g.table.Rows[g.mapping.Heading:] {
		if row[c] == "" || g.empty.of(row[c]) {
			continue
		}
		filled++
		if is(row[c]) {
			hits++
		}
	}
	return hits, filled
}

// weekdays finds columns that are the days of a week.
func (g *guess) weekdays() bool {
	found := 0
	for c := range g.mapping.Columns {
		if m := weekdayPattern.FindString(g.head(c) + " "); m != "" && g.mapping.Columns[c] == Unused && strings.TrimSpace(m) == strings.TrimSpace(g.head(c)) {
			g.mapping.Columns[c] = ForWeekday(weekdayOf(m))
			found++
		}
	}
	if found >= 5 {
		return true
	}
	for c, use := range g.mapping.Columns {
		if _, day := use.Weekday(); day {
			g.mapping.Columns[c] = Unused
		}
	}
	return false
}

// named finds columns whose headings name roles, or one that has names of roles and
// another that has people.
func (g *guess) named() bool {
	taken := map[roster.RoleID]bool{}
	found := false
	for c := range g.mapping.Columns {
		if g.mapping.Columns[c] != Unused {
			continue
		}
		if role, ok := roleNamed(g.head(c), g.team); ok && !taken[role] && !roleWord.MatchString(g.head(c)) {
			g.mapping.Columns[c] = ForRole(role)
			taken[role], found = true, true
		}
	}
	if found {
		// "Bereitschaft" beside "Vertretung": who has the first role has no word for it.
		for c := range g.mapping.Columns {
			if first := g.team.Roles[0].ID; !taken[first] && g.mapping.Columns[c] == Unused && whoWord.MatchString(g.head(c)) {
				g.mapping.Columns[c], taken[first] = ForRole(first), true
			}
		}
		return true
	}
	for c := range g.mapping.Columns {
		if g.mapping.Columns[c] != Unused {
			continue
		}
		hits, filled := g.count(c, g.role.of)
		if hits > 0 && 3*hits >= 2*filled {
			if who := g.mostLikeNames(c); who >= 0 {
				g.mapping.Columns[c], g.mapping.Columns[who] = IsRole, IsWho
				return true
			}
		}
	}
	return false
}

// anyPeople takes the columns that look like names for the team's roles, in order.
func (g *guess) anyPeople() {
	for _, role := range g.team.Roles {
		c := g.mostLikeNames(-1)
		if c < 0 {
			return
		}
		g.mapping.Columns[c] = ForRole(role.ID)
	}
}

// mostLikeNames is the first column without a use whose heading speaks of people, else the
// first that looks like names; -1 if there is none.
func (g *guess) mostLikeNames(but int) int {
	fallback := -1
	for c := range g.mapping.Columns {
		if c == but || g.mapping.Columns[c] != Unused || !g.likePeople(c) {
			continue
		}
		switch head := g.head(c); {
		case whoWord.MatchString(head):
			return c
		case fallback < 0 && !noteWord.MatchString(head):
			fallback = c
		}
	}
	return fallback
}

// likePeople reports whether half of a column looks like names. It is asked for all columns
// again and again, and looks at them once.
func (g *guess) likePeople(c int) bool {
	if g.people == nil {
		for c := range g.mapping.Columns {
			hits, filled := g.count(c, g.name.of)
			g.people = append(g.people, filled > 0 && 2*hits >= filled)
		}
	}
	return g.people[c]
}

// likeName reports whether a cell may be somebody.
func likeName(text string, dir directory) bool {
	for _, name := range namesIn(text) {
		if _, known := dir.find(name); known {
			return true
		}
		if n := len(strings.Fields(name)); n >= 1 && n <= 4 && !digits.MatchString(name) {
			return true
		}
	}
	return false
}

// share is how much of the data has a date and somebody.
func (g *guess) share(date int) float64 {
	rows := g.table.Rows[g.mapping.Heading:]
	good := 0
	for _, row := range rows {
		somebody := false
		for c, use := range g.mapping.Columns {
			somebody = somebody || use != Unused && use != IsDate && use != IsUntil && use != IsRole && g.name.of(row[c])
		}
		if somebody && g.when.of(row[date]) != nil {
			good++
		}
	}
	if len(rows) == 0 {
		return 0
	}
	return float64(good) / float64(len(rows))
}

// roleNamed is the role of the team that a text names: by its id or name, or by a word for
// the first or the second in line.
func roleNamed(text string, team *roster.Team) (roster.RoleID, bool) {
	if strings.ContainsAny(text, "([") {
		text = inBrackets.ReplaceAllString(text, "")
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", false
	}
	folded := roster.FoldName(text)
	for _, r := range team.Roles {
		if text == string(r.ID) || folded == roster.FoldName(r.Name) {
			return r.ID, true
		}
	}
	words := " " + strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' || r == '/' || r == '\n' || r == '_' }), " ") + " "
	for _, r := range team.Roles {
		if strings.Contains(words, " "+strings.ToLower(r.Name)+" ") || strings.Contains(words, " "+string(r.ID)+" ") {
			return r.ID, true
		}
	}
	first := len(team.Roles)
	for word := range strings.FieldsSeq(words) {
		if place, ok := placeOf(word); ok {
			first = min(first, place)
		}
	}
	if first == len(team.Roles) {
		return "", false
	}
	return team.Roles[first].ID, true
}

// Best is the table that is most probably the roster, and how to read it.
func Best(tables []Table, team *roster.Team, names roster.Names) (n int, m Mapping) {
	dir, most := newDirectory(names), -1.0
	for i, t := range tables {
		how, share := guessed(t, team, dir)
		if rows := len(t.Rows) - how.Heading; share*float64(rows) > most {
			n, m, most = i, how, share*float64(rows)
		}
	}
	return n, m
}
