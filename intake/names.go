package intake

import (
	"regexp"
	"strings"

	"dailyroster/roster"
)

// nobody reports whether a cell says that nobody is meant, or nothing at all.
func nobody(cell string) bool {
	switch text := strings.Trim(plain(cell), " -.?/*_"); text {
	case "", "n/a", "na", "none", "nobody", "no one", "noone", "tbd", "tba", "tbc", "open", "vacant", "unassigned", "free", "gap", "frei", "offen", "niemand", "keiner", "unbesetzt", "x":
		return true
	}
	return false
}

var (
	footnote  = regexp.MustCompile(`\[[0-9a-z]{1,3}\]`)
	separator = regexp.MustCompile(`\s*(?:[\n,;/+&|]|\band\b|\bund\b|→|->)\s*`)
)

// namesIn are the names in a cell, each once: without marks of footnotes, what stands in
// brackets, and the @ of a user's handle.
func namesIn(cell string) []string {
	text := cell
	if strings.ContainsAny(text, "([") {
		text = inBrackets.ReplaceAllString(footnote.ReplaceAllString(text, ""), "")
	}
	var names []string
	seen := map[string]bool{}
	for _, part := range separator.Split(text, -1) {
		part = strings.Trim(strings.TrimLeft(strings.TrimSpace(part), "@*"), " .:*-–")
		if part == "" || nobody(part) {
			continue
		}
		folded := roster.FoldName(part)
		if seen[folded] {
			continue
		}
		seen[folded] = true
		names = append(names, part)
	}
	return names
}

// directory finds people by what is written of them.
type directory struct{ names roster.Names }

func newDirectory(names roster.Names) directory { return directory{names} }

// find is the person whom a text means: by id, name or email, the handle that the id would
// be, the family name first, or the given name alone if only one person has it.
func (dir directory) find(text string) (roster.PersonID, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	if text == "" {
		return "", false
	}
	if p, ok := dir.names.Find(text); ok {
		return p.ID, true
	}
	if family, given, ok := strings.Cut(text, ","); ok {
		if p, found := dir.names.Find(strings.TrimSpace(given) + " " + strings.TrimSpace(family)); found {
			return p.ID, true
		}
	}
	p, found := dir.names.WithEmail(text)
	if !found {
		p, found = dir.names.WithGivenName(text)
	}
	return p.ID, found
}

// placeOf is the place of a role among those of a team, from 0, for a word that people have
// for it.
func placeOf(word string) (place int, ok bool) {
	switch word {
	case "primary", "1st", "first", "l1", "haupt", "hauptbereitschaft", "erste", "erster":
		return 0, true
	case "secondary", "2nd", "second", "backup", "l2", "vertretung", "zweite", "zweiter", "stellvertretung", "ersatz", "shadow":
		return 1, true
	}
	return 0, false
}
