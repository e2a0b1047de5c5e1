package roster

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// searchIndex has what people are searched by, in order of their names.
type searchIndex struct{ entries []searchEntry }

// searchEntry is somebody who is active, by what is typed to look for them.
type searchEntry struct {
	person *Person
	name   string // see FoldSearch
	others string // id and email
}

func (p *people) searchable() searchIndex {
	var s searchIndex
	for i := range p.list {
		one := &p.list[i]
		if one.Removed || !one.Active {
			continue
		}
		s.entries = append(s.entries, searchEntry{one, FoldSearch(one.Name), string(one.ID) + " " + strings.ToLower(one.Email)})
	}
	slices.SortFunc(s.entries, func(a, b searchEntry) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.person.ID, b.person.ID))
	})
	return s
}

// FoldSearch is the form in which what is typed into a search and what it finds are compared:
// FoldName without accents, with Latin letters as passports write them.
func FoldSearch(s string) string {
	folded := FoldName(s)
	if ascii(folded) {
		return folded
	}
	var b strings.Builder
	for _, r := range latin(norm.NFKD.String(folded)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}

// How well a text fits a search, the best first.
const (
	fitsBegin  = iota // it begins so
	fitsWord          // its words begin so
	fitsPart          // it has it somewhere
	fitsOthers        // the id or the email has it
	fitsNot
)

// fit is how well somebody fits a search; they do if each of its words does.
func (e *searchEntry) fit(query string, words []string) int {
	if strings.HasPrefix(e.name, query) {
		return fitsBegin
	}
	worst := fitsWord
	for _, word := range words {
		switch {
		case beginsWord(e.name, word):
		case strings.Contains(e.name, word):
			worst = max(worst, fitsPart)
		case strings.Contains(e.others, word):
			worst = max(worst, fitsOthers)
		default:
			return fitsNot
		}
	}
	return worst
}

// beginsWord reports whether a word of the text begins with the prefix.
func beginsWord(text, prefix string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], prefix)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		if at == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return true
		}
		from = at + 1
	}
}

// Suggest finds active people for what somebody has typed so far, at most limit of them, the
// best first: those whom own picks before others; of these, those whose name begins so, then
// those a word of whose name does, those whose name has it, and those whose id or email has
// it; of equals in order of names. Neither case nor accents count. Everybody fits an empty
// query.
func (n Names) Suggest(query string, own func(PersonID) bool, limit int) []Person {
	query = FoldSearch(query)
	words := strings.Fields(query)
	var found [2 * fitsNot][]*Person
	for _, among := range [...]*people{n.more, n.all} {
		if among == nil {
			continue
		}
		entries := among.search().entries
		for i := range entries {
			e := &entries[i]
			fit := e.fit(query, words)
			if fit == fitsNot || among == n.all && n.more.get(e.person.ID) != nil {
				continue
			}
			if own == nil || !own(e.person.ID) {
				fit += fitsNot
			}
			if len(found[fit]) < limit {
				found[fit] = append(found[fit], e.person)
			}
		}
	}
	var best []Person
	for _, some := range found {
		for _, p := range some {
			if len(best) == limit {
				return best
			}
			best = append(best, *p)
		}
	}
	return best
}
