package intake

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textLine is a line of a text, without the signs by which Markdown and wikis write it.
type textLine struct {
	number int
	indent int  // how deep it stands: columns of a text, lists around it of a page
	level  int  // of a heading, from 1; 0: it is none
	bullet bool // it is an item of a list
	gap    bool // there is an empty line, a rule or a table before it
	// text has one kind of dash and single spaces; low is the same in lower case, and as long.
	text, low string
}

// maxLine is how many bytes a line may have that is taken apart. Longer ones are prose.
const maxLine = 500

// linesOf takes a text apart.
func linesOf(text string) []textLine {
	r := lineReader{tables: markdownRule.MatchString(text)}
	for raw := range strings.SplitSeq(text, "\n") {
		r.number++
		if len(r.lines) > maxLines {
			break
		}
		r.add(strings.TrimRight(raw, " \t\r"))
	}
	return r.lines
}

type lineReader struct {
	lines  []textLine
	number int
	gap    bool
	fence  string // what ends the block of code that is open
	tables bool   // the text has a table of Markdown, which is read apart
}

var (
	fenceSign   = regexp.MustCompile("^(?:`{3,}|~{3,})")
	ruleLine    = regexp.MustCompile(`^(?:[-*_=~]\s*){3,}$`)
	underline   = regexp.MustCompile(`^(?:={2,}|-{2,})$`)
	hashHeading = regexp.MustCompile(`^(#{1,6})\s+(.*?)[#\s]*$`)
	wikiHeading = regexp.MustCompile(`^(={1,6})\s*([^=].*?)\s*={0,6}$`)
	jiraHeading = regexp.MustCompile(`^h([1-6])\.\s+(.*)$`)
	bulletSign  = regexp.MustCompile(`^(?:[-+•◦▪▸‣·–—→]\s+|\*+\s+|\*[^*\s]|#{1,6}\s*|[a-z][.)]\s+)`)
	numberSign  = regexp.MustCompile(`^\(?\d{1,3}[.)]\s+`)
	taskSign    = regexp.MustCompile(`^\[[ xX✓]?\]\s*`)
	columnGap   = regexp.MustCompile(`(\S)(?:\t+ *| {2,}\t*)([^\s\d])`)
)

// add takes in a line as it is written.
func (r *lineReader) add(raw string) {
	indent, text := 0, raw
	for text != "" {
		width := 1
		switch text[0] {
		case ' ', '>':
		case '\t':
			width = 4
		default:
			width = 0
		}
		if width == 0 {
			break
		}
		indent, text = indent+width, text[1:]
	}
	switch {
	case text == "":
		r.gap = true
		return
	case (text[0] == '`' || text[0] == '~') && fenceSign.MatchString(text):
		r.gap = true
		switch sign := text[:3]; r.fence {
		case "":
			r.fence = sign
		case sign:
			r.fence = ""
		}
		return
	case len(text) > maxLine:
		r.keep(textLine{indent: indent}, "")
		return
	case r.tables && strings.HasPrefix(text, "|"):
		r.gap = true
		return
	}
	sign := strings.IndexByte("-*_=~", text[0]) >= 0
	if n := len(r.lines); sign && n > 0 && !r.gap && underline.MatchString(text) {
		r.lines[n-1].level, r.gap = 1, true
		if text[0] == '-' {
			r.lines[n-1].level = 2
		}
		return
	}
	if sign && ruleLine.MatchString(text) {
		r.gap = true
		return
	}
	line := textLine{indent: indent}
	if r.fence == "" {
		line.level, text = headingOf(text)
	}
	if line.level == 0 {
		var signs int
		line.bullet, signs, text = withoutBullet(text)
		line.indent += signs
	}
	if strings.Contains(text, "  ") || strings.Contains(text, "\t") {
		text = columnGap.ReplaceAllString(text, "$1 | $2")
	}
	r.keep(line, text)
}

// keep adds a line with its text.
func (r *lineReader) keep(line textLine, text string) {
	line.number, line.gap, r.gap = r.number, r.gap, false
	line.text, line.low = lineText(text)
	r.lines = append(r.lines, line)
}

// headingOf is the level of a heading as Markdown, MediaWiki and Jira write it, and its text.
func headingOf(text string) (level int, rest string) {
	switch text[0] {
	case '#':
		if m := hashHeading.FindStringSubmatch(text); m != nil {
			return len(m[1]), m[2]
		}
	case '=':
		if m := wikiHeading.FindStringSubmatch(text); m != nil {
			return len(m[1]), m[2]
		}
	case 'h':
		if m := jiraHeading.FindStringSubmatch(text); m != nil {
			return number(m[1]), m[2]
		}
	}
	return 0, text
}

// withoutBullet removes the sign of an item, and gives how deep it is where the sign says
// so. A number is one only if it is not the day of a date: "3. November".
func withoutBullet(text string) (bullet bool, deep int, rest string) {
	if m := bulletSign.FindString(text); m != "" {
		deep = strings.Count(m, "*") + strings.Count(m, "#")
		return true, max(deep-1, 0), strings.TrimSpace(taskSign.ReplaceAllString(text[bulletLength(m):], ""))
	}
	if text[0] == ';' || text[0] == ':' { // a term of MediaWiki, and what it means
		rest = strings.TrimLeft(text, ";:")
		if text[0] == ':' {
			deep = 1
		}
		return true, deep, strings.TrimSpace(rest)
	}
	if m := numberSign.FindString(text); m != "" {
		_, all := lineText(text)
		_, low := lineText(text[len(m):])
		if endOfDate(low) > 0 || endOfDate(all) == 0 {
			if endOfDate(all) == 0 || len(low)-endOfDate(low) < len(all)-endOfDate(all) {
				return true, 0, strings.TrimSpace(text[len(m):])
			}
		}
	}
	return false, 0, text
}

// bulletLength is how long the sign itself is: *word* of MediaWiki has no space after it.
func bulletLength(sign string) int {
	if sign[0] == '*' && !unicode.IsSpace(rune(sign[len(sign)-1])) {
		return 1
	}
	return len(sign)
}

// endOfDate is where the date ends that a text in lower case begins with, 0 for none.
func endOfDate(low string) int {
	if _, rest, ok := startsWith(low); ok {
		return len(low) - len(rest)
	}
	return 0
}

var (
	strucken    = regexp.MustCompile(`~~[^~]*~~`)
	picture     = regexp.MustCompile(`!\[[^\[\]]*\]\([^()\s]*\)`)
	link        = regexp.MustCompile(`\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)`)
	wikiLink    = regexp.MustCompile(`\[\[([^\[\]|]*)(?:\|([^\[\]|]*))?\]\]`)
	addressLink = regexp.MustCompile(`\[(?:https?:|mailto:)\S*\s+([^\[\]]*)\]`)
	jiraLink    = regexp.MustCompile(`\[([^\[\]|~]*)\|[^\[\]]*\]`)
	jiraUser    = regexp.MustCompile(`\[~(?:accountid:)?([^\[\]]*)\]`)
	mark        = regexp.MustCompile(`\[\^?[0-9a-z]{1,3}\]`)
	tag         = regexp.MustCompile(`</?[a-zA-Z@!][^<>]*>`)
	address     = regexp.MustCompile(`<?\b(?:https?://|mailto:)[^\s<>()]*>?`)
	emphasis    = regexp.MustCompile("\\*+|'{2,}|`+|__+")
	underscored = regexp.MustCompile(`(^|[\s(])_([^_]+)_($|[\s).,:;])`)
	shortcode   = regexp.MustCompile(`:[a-z][a-z0-9_+-]*:`)
	emptyPair   = regexp.MustCompile(`\(\s*\)|\[\s*\]`)
)

// lineText is what people read in a line, and the same in lower case.
func lineText(s string) (text, low string) {
	if strings.ContainsAny(s, "[<~") {
		if left := strucken.ReplaceAllString(s, ""); strings.TrimSpace(left) != "" {
			s = left
		}
		s = picture.ReplaceAllString(s, "")
		s = wikiLink.ReplaceAllStringFunc(s, func(all string) string {
			m := wikiLink.FindStringSubmatch(all)
			if m[2] != "" {
				return m[2]
			}
			return m[1][strings.LastIndexAny(m[1], ":/")+1:] // of User:Ana/Notes, and the like
		})
		s = link.ReplaceAllString(s, "$1")
		s = addressLink.ReplaceAllString(s, "$1")
		s = jiraUser.ReplaceAllString(s, "$1")
		s = jiraLink.ReplaceAllString(s, "$1")
		s = address.ReplaceAllString(s, "")
		s = tag.ReplaceAllString(s, " ")
		s = mark.ReplaceAllString(s, "")
	} else if strings.Contains(s, "://") {
		s = address.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	if strings.ContainsAny(s, "*`") || strings.Contains(s, "''") || strings.Contains(s, "__") {
		s = emphasis.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "_") {
		s = underscored.ReplaceAllString(s, "$1$2$3")
	}
	if strings.Count(s, ":") > 1 {
		s = shortcode.ReplaceAllString(s, "")
	}
	if strings.ContainsAny(s, "([") {
		s = emptyPair.ReplaceAllString(s, "")
	}
	if !single(s) {
		s = strings.Join(strings.Fields(strings.Map(lineRune, s)), " ")
	}
	return s, strings.Map(lowerAsLong, s)
}

// single reports whether a text is plain: letters of ASCII with single spaces between.
func single(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// lineRune makes dashes and spaces alike, and leaves out what is a picture or not seen.
func lineRune(r rune) rune {
	switch {
	case r >= '\u2010' && r <= '\u2015', r == '\u2212':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case r == '→' || r == '⇒':
		return '→'
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r) && r > unicode.MaxLatin1, r == '\ufe0f', r == utf8.RuneError:
		return -1
	}
	return r
}

// lowerAsLong is a letter in lower case, if that takes as many bytes: places in a text and in
// its lower case are the same.
func lowerAsLong(r rune) rune {
	if low := unicode.ToLower(r); utf8.RuneLen(low) == utf8.RuneLen(r) {
		return low
	}
	return r
}
