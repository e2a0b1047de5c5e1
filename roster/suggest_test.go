package roster_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	names := roster.NewNames([]roster.Person{
		{ID: "gone", Name: "Ana Gone", Active: true, Removed: true},
		{ID: "idle", Name: "Ana Idle"},
		{ID: "joanna", Name: "Joanna Bell", Active: true},
		{ID: "ana-ruiz", Name: "Ana Ruiz", Active: true},
		{ID: "simunek", Name: "Dana Šimůnek", Active: true},
		{ID: "x-2", Name: "Łukasz Ørsted", Active: true, Email: "L.Anders@example.org"},
		{ID: "bo", Name: "Bo Anand", Active: true},
	}).With([]roster.Person{{ID: "anais", Name: "Anaïs New", Active: true}})
	tests := []struct {
		name, query string
		own         []roster.PersonID
		limit       int
		want        []roster.PersonID
	}{
		{"those whose name begins so first, then a word, a part, an email", "an", nil, 20, []roster.PersonID{"anais", "ana-ruiz", "bo", "simunek", "joanna", "x-2"}},
		{"one's own before all others", "an", []roster.PersonID{"joanna", "x-2"}, 20, []roster.PersonID{"joanna", "x-2", "anais", "ana-ruiz", "bo", "simunek"}},
		{"no more than asked for", "an", []roster.PersonID{"joanna"}, 2, []roster.PersonID{"joanna", "anais"}},
		{"without accents", "SIMUN", nil, 20, []roster.PersonID{"simunek"}},
		{"with accents", "šimů", nil, 20, []roster.PersonID{"simunek"}},
		{"letters as passports write them", "lukasz oer", nil, 20, []roster.PersonID{"x-2"}},
		{"words in any order", "ruiz an", nil, 20, []roster.PersonID{"ana-ruiz"}},
		{"every word", "ana bell", nil, 20, nil},
		{"by id", "x-2", nil, 20, []roster.PersonID{"x-2"}},
		{"nobody who is inactive or removed", "idle", nil, 20, nil},
		{"nothing typed", " ", []roster.PersonID{"bo"}, 3, []roster.PersonID{"bo", "anais", "ana-ruiz"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []roster.PersonID
			for _, p := range names.Suggest(tt.query, func(id roster.PersonID) bool { return slices.Contains(tt.own, id) }, nil, tt.limit) {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Suggest(%q): got %v, want %v", tt.query, got, tt.want)
			}
		})
	}
	if got := (roster.Names{}).Suggest("a", nil, nil, 20); len(got) != 0 {
		t.Errorf("Suggest among nobody: got %v", got)
	}
}

// People who are added to an index are found as if all had been indexed at once.
func TestWithIsAnIndexOfAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(what string) []roster.Person {
			people := make([]roster.Person, rapid.IntRange(0, 5).Draw(rt, what))
			for i := range people {
				people[i] = roster.Person{
					ID:     roster.PersonID(rapid.SampledFrom([]string{"ana", "bo", "zoe"}).Draw(rt, "id")),
					Name:   rapid.SampledFrom([]string{"Ana", "ana", "Bo", "Zoë", "bo"}).Draw(rt, "name"),
					Active: rapid.Bool().Draw(rt, "active"), Removed: rapid.Bool().Draw(rt, "removed"),
					Phone: what + fmt.Sprint(i),
				}
			}
			return people
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		layered, whole := roster.NewNames(a).With(b).With(c), roster.NewNames(slices.Concat(a, b, c))
		for _, text := range []string{"ana", "Ana", "bo", "Bo", "zoe", "ZOË", ""} {
			got, found := layered.Find(text)
			if want, is := whole.Find(text); got.Phone != want.Phone || found != is {
				rt.Fatalf("Find(%q): got %+v, %t, want %+v, %t", text, got, found, want, is)
			}
			one, known := layered.Person(roster.PersonID(text))
			if want, is := whole.Person(roster.PersonID(text)); one.Phone != want.Phone || known != is {
				rt.Fatalf("Person(%q): got %+v, %t, want %+v, %t", text, one, known, want, is)
			}
		}
		if got, want := activeTexts(layered), activeTexts(whole); !slices.Equal(got, want) {
			rt.Fatalf("Suggestions: got %q, want %q", got, want)
		}
		if got, want := len(layered.People()), len(a)+len(b)+len(c); got != want {
			rt.Fatalf("People: got %d, want %d", got, want)
		}
	})
}

// To find twenty takes no allocation for each of those who fit.
func TestSuggestInACompany(t *testing.T) {
	names := roster.NewNames(company(10_000))
	names.Suggest("", nil, nil, 20)
	allocations := testing.AllocsPerRun(5, func() {
		if got := names.Suggest("zoe per", nil, nil, 20); len(got) != 20 {
			t.Errorf("got %d, want 20", len(got))
		}
	})
	if allocations > 60 {
		t.Errorf("got %.0f allocations, want at most 60", allocations)
	}
}
