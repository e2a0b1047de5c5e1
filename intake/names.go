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
	text := footnote.ReplaceAllString(cell, "")
	text = inBrackets.ReplaceAllString(text, "")
	var names []string
	seen := map[string]bool{}
	for _, part := range separator.Split(text, -1) {
		part = strings.Trim(strings.TrimLeft(strings.TrimSpace(part), "@*"), " .:*-–")
		if part == "" || nobody(part) || seen[roster.FoldName(part)] {
			continue
		}
		seen[roster.FoldName(part)] = true
		names = append(names, part)
	}
	return names
}

// findPerson is the person whom a text means: by id, name or email, the handle that the
// id would be, the family name first, or the given name alone if only one person has it.
func findPerson(people []roster.Person, text string) (roster.PersonID, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	if text == "" {
		return "", false
	}
	if p, ok := roster.FindPerson(people, text); ok {
		return p.ID, true
	}
	if family, given, ok := strings.Cut(text, ","); ok {
		if p, found := roster.FindPerson(people, strings.TrimSpace(given)+" "+strings.TrimSpace(family)); found {
			return p.ID, true
		}
	}
	folded := roster.FoldName(text)
	var byGiven []roster.PersonID
	for i := range people {
		p := &people[i]
		if p.Removed {
			continue
		}
		if p.Email != "" && strings.EqualFold(p.Email, text) {
			return p.ID, true
		}
		if given, _, more := strings.Cut(roster.FoldName(p.Name), " "); more && given == folded && p.Active {
			byGiven = append(byGiven, p.ID)
		}
	}
	if len(byGiven) == 1 {
		return byGiven[0], true
	}
	return "", false
}
