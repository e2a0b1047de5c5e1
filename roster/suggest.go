package roster

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func (p *people) searchable() searchIndex {
	entries, names := make([]searchEntry, 0, len(p.list)), p.folded()
	for i := range p.list {
		if one := &p.list[i]; !one.Removed {
			entries = append(entries, newSearchEntry(i, string(one.ID), names[i], one.Email))
		}
	}
	return newSearchIndex(entries)
}

// FoldSearch is the form in which what is typed into a search and what it finds are compared:
// FoldName without accents, with Latin letters as passports write them.
func FoldSearch(s string) string { return searchForm(FoldName(s)) }

// searchForm is FoldSearch of what is folded already.
func searchForm(folded string) string {
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

// fit is how well somebody fits a search, and whether it takes their email; they do if each
// of its words does.
func (e *searchEntry) fit(query string, words []string) (fit int, byEmail bool) {
	if strings.HasPrefix(e.name, query) {
		return fitsBegin, false
	}
	worst := fitsWord
	for _, word := range words {
		switch {
		case beginsWord(e.name, word):
		case strings.Contains(e.name, word):
			worst = max(worst, fitsPart)
		case strings.Contains(e.id, word):
			worst = max(worst, fitsOthers)
		case strings.Contains(e.email, word):
			worst, byEmail = max(worst, fitsOthers), true
		default:
			return fitsNot, false
		}
	}
	return worst, byEmail
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
// query. sees reports whose emails may be searched; nil is everybody's.
func (n Names) Suggest(query string, own func(PersonID) bool, sees func(*Person) bool, limit int) []Person {
	query = FoldSearch(query)
	words := strings.Fields(query)
	var found [2 * fitsNot][]*Person
	for _, among := range [...]*people{n.more, n.all} {
		if among == nil {
			continue
		}
		searched := among.search()
		for _, i := range searched.byName {
			e := &searched.entries[i]
			p := &among.list[e.at]
			fit, byEmail := e.fit(query, words)
			if fit == fitsNot || byEmail && sees != nil && !sees(p) || !p.Active || among == n.all && n.more.get(p.ID) != nil {
				continue
			}
			if own == nil || !own(p.ID) {
				fit += fitsNot
			}
			if len(found[fit]) < limit {
				found[fit] = append(found[fit], p)
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
