package intake

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dailyroster/roster"
)

// people are those whom a part of a line names, and whether it names anybody. strong says
// that the line is written as an entry: with a colon after the date, or as an item; then a
// name may be in small letters.
func (l *listing) people(text string, strong bool) ([]holding, bool) {
	text = strings.TrimSpace(text)
	if m := leadingNote.FindString(text); m != "" && len(m) < len(text) {
		text = text[len(m):]
	}
	if text == "" || len(text) > maxCell {
		return nil, false
	}
	if l.looks.of(text).whole {
		return []holding{{text: text}}, true
	}
	var who []holding
	for i, part := range partsOf(text) {
		h, also, ok := l.one(part, strong)
		if !ok && i == 0 {
			return nil, false
		}
		if ok { // what follows a name and is none is a note
			who = append(append(who, h), also...)
		}
	}
	return who, len(who) > 0
}

var (
	leadingNote = regexp.MustCompile(`^[(\[][^()\[\]]*[)\]]\s*[:\-|]*\s*`)
	labelSign   = regexp.MustCompile(`^([^:()\[\]]{1,40}):\s*(.+)$`)
	noteSign    = regexp.MustCompile(`\s-\s`)
)

// partsOf splits a text where people are listed, but not in brackets.
func partsOf(text string) (parts []string) {
	depth, from := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth > 0:
		case strings.IndexByte(",;/+&|", c) >= 0:
			parts, from = append(parts, text[from:i]), i+1
		case strings.HasPrefix(text[i:], "→"):
			parts, from = append(parts, text[from:i]), i+len("→")
		case strings.HasPrefix(text[i:], " and ") || strings.HasPrefix(text[i:], " und "):
			parts, from = append(parts, text[from:i]), i+len(" and")
		}
	}
	parts = append(parts, text[from:])
	return slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
}

// one is the person of a part, the role that it gives them, and who else stands in brackets.
func (l *listing) one(part string, strong bool) (h holding, also []holding, ok bool) {
	part = strings.TrimSpace(part)
	if m := labelSign.FindStringSubmatch(part); m != nil {
		label := strings.TrimSpace(m[1])
		inner, also, ok := l.one(m[2], true)
		if !onCallWords.MatchString(label) {
			inner.role = label
		}
		return inner, also, ok && l.nameLike(label, true) != known
	}
	if at := noteSign.FindStringIndex(part); at != nil {
		before, after := part[:at[0]], part[at[1]:]
		if l.isRole(before) || onCallWords.MatchString(before) {
			h, also, ok = l.one(after, strong)
			if l.isRole(before) {
				h.role = before
			}
			return h, also, ok
		}
		h, also, ok = l.one(before, strong)
		if h.role == "" && l.isRole(after) {
			h.role = after
		}
		return h, also, ok
	}
	plainPart := part
	if strings.ContainsAny(part, "([") {
		plainPart = inBrackets.ReplaceAllString(part, " ")
	}
	for _, m := range inBrackets.FindAllStringSubmatch(part, 3) {
		inside := strings.TrimSpace(m[1])
		if l.isRole(inside) {
			h.role = inside
			continue
		}
		label, name, labelled := strings.Cut(inside, ":")
		if labelled && l.isRole(label) {
			if second, _, named := l.one(name, true); named {
				second.role = label
				also = append(also, second)
			}
		}
	}
	h.text = part
	words := strings.Fields(plainPart)
	if n := len(words); n > 1 && h.role == "" && l.nameLike(part, false) != known {
		switch {
		case l.isRole(words[0]):
			h.role, h.text = words[0], strings.Join(words[1:], " ")
		case l.isRole(words[n-1]):
			h.role, h.text = words[n-1], strings.Join(words[:n-1], " ")
		}
	}
	return h, also, l.nameLike(h.text, strong) != noName
}

func (l *listing) isRole(text string) bool {
	if strings.Count(text, " ") >= maxRoleWords {
		return false
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		word = strings.ToLower(word)
		if _, known := placeOf(word); known || l.ofRoles[word] {
			return l.roles.of(text)
		}
	}
	return false
}

// wordsOfRoles are the words in the names of a team's roles.
func wordsOfRoles(team *roster.Team) map[string]bool {
	words := map[string]bool{}
	add := func(text string) {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words[strings.ToLower(word)] = true
		}
	}
	for _, r := range team.Roles {
		add(string(r.ID) + " " + r.Name)
	}
	return words
}

// likeness is how much a text is like a name.
type likeness int

const (
	noName  likeness = iota
	inSmall          // it can be a name in small letters
	like
	known
)

// looks is what a text looks like.
type looks struct {
	likeness
	whole bool // it is somebody as it stands, or says that nobody is meant
}

// nameLike says whether a text can be somebody's name. In prose it has to be written as one.
func (l *listing) nameLike(text string, strong bool) likeness {
	switch is := l.looks.of(text).likeness; {
	case is == inSmall && strong:
		return like
	case is == inSmall:
		return noName
	default:
		return is
	}
}

func (l *listing) look(text string) looks {
	if nobody(text) {
		return looks{like, true}
	}
	if _, is := l.dir.find(text); is {
		return looks{known, true}
	}
	return looks{likeness: l.likenessOf(text)}
}

func (l *listing) likenessOf(text string) likeness {
	names := namesIn(text)
	if len(names) != 1 {
		return noName
	}
	name := names[0]
	if name != text {
		if _, is := l.dir.find(name); is {
			return known
		}
	}
	words := strings.Fields(name)
	if strings.HasPrefix(strings.TrimSpace(text), "@") && len(words) == 1 {
		return like
	}
	if len(words) > maxNameWords || digits.MatchString(name) || onCallWords.MatchString(name) {
		return noName
	}
	big, small := 0, 0
	for _, word := range words {
		first, _ := utf8.DecodeRuneInString(word)
		switch lower := strings.ToLower(strings.Trim(word, ".,!?")); {
		case l.notNames[lower] || monthAlone.MatchString(lower) && len(words) > 1 || !isNameWord(word):
			return noName
		case l.particles[lower]:
		case unicode.IsLower(first):
			small++
		default:
			big++
		}
	}
	switch {
	case big > 0 && small == 0:
		return like
	case big == 0 && small > 0 && small <= 2:
		return inSmall
	default:
		return noName
	}
}

// maxNameWords is how many words a name has at most.
const maxNameWords = 5

var monthAlone = regexp.MustCompile(`^(?:` + monthNames + `)$`)

func isNameWord(word string) bool {
	letters := 0
	for _, r := range word {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
			letters++
		case !strings.ContainsRune(".-'’`@_", r):
			return false
		}
	}
	return letters > 0
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// notNames are words that stand where a name could, and are none.
func notNames() map[string]bool {
	return setOf(`holiday holidays christmas easter thanksgiving closed release freeze deadline meeting retro planning
	sprint vacation leave off party conference offsite summit training update updated changed created modified schedule
	schedules rota roster rotation rotations calendar week weeks weekend weekends weekly daily month months year years
	today tomorrow team teams everyone everybody someone note notes todo until till from by since on before after next
	last current previous upcoming past history see link links here swap swaps swapped covers covering cover for with
	the a an is was are be has have will we you they it this that not no or in at of to as how who what when where why
	overview contact contacts members people contents escalation policy policies runbook runbooks handoff handover
	hand-off shift shifts version edit page wiki
	feiertag urlaub weihnachten ostern silvester neujahr geschlossen plan dienstplan übersicht kontakt
	bank public begin begins end ends start starts date dates days day name names oncall on-call`)
}

// particles are small words of names.
func particles() map[string]bool {
	return setOf("van von de der den del della di da do dos du la le el al bin ibn ten ter zu zur y e af av")
}
