package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

// searched says whom directory.find finds, as a search through the list does.
func searched(people []roster.Person, text string) (roster.PersonID, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	if text == "" {
		return "", false
	}
	names := roster.NewNames(people)
	if p, ok := names.Find(text); ok {
		return p.ID, true
	}
	if family, given, ok := strings.Cut(text, ","); ok {
		if p, found := names.Find(strings.TrimSpace(given) + " " + strings.TrimSpace(family)); found {
			return p.ID, true
		}
	}
	var byGiven []roster.PersonID
	for _, p := range people {
		if p.Removed {
			continue
		}
		if p.Email != "" && strings.EqualFold(p.Email, text) {
			return p.ID, true
		}
		if given, _, more := strings.Cut(roster.FoldName(p.Name), " "); more && given == roster.FoldName(text) && p.Active {
			byGiven = append(byGiven, p.ID)
		}
	}
	if len(byGiven) == 1 {
		return byGiven[0], true
	}
	return "", false
}

func TestFindIsASearch(t *testing.T) {
	names := []string{"Ana Ruiz", "ANA Lee", "Bo", "Bo Chen", "Zoë  Groß", "Kelvin \u212a", "ſam Sam", "σ ς"}
	emails := []string{"", "ana@x.org", "ANA@x.org", "\u212a@x.org", "ſ@x.org", "\xff@x.org"}
	typed := append(slices.Concat(names, emails), "@ana-ruiz", "Ruiz, Ana", "ana", "ANA", "zoë", "ZOË", "k@X.org", "K@x.ORG", "S@x.org", "\ufffd@x.org", "kelvin", "ſam", "sam", "ς", "@")
	rapid.Check(t, func(rt *rapid.T) {
		people := make([]roster.Person, rapid.IntRange(0, 8).Draw(rt, "people"))
		for i := range people {
			people[i] = roster.Person{
				ID: roster.PersonID(fmt.Sprintf("p-%d", i)), Name: rapid.SampledFrom(names).Draw(rt, "name"), Email: rapid.SampledFrom(emails).Draw(rt, "email"),
				Active: rapid.Bool().Draw(rt, "active"), Removed: rapid.IntRange(0, 3).Draw(rt, "removed") == 0,
			}
		}
		dir := newDirectory(roster.NewNames(people))
		for _, text := range append(typed, rapid.String().Draw(rt, "text")) {
			got, found := dir.find(text)
			if want, is := searched(people, text); got != want || found != is {
				rt.Fatalf("find(%q) in %+v: got %q, %t, want %q, %t", text, people, got, found, want, is)
			}
		}
	})
}
