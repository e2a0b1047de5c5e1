package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"dailyroster/roster"
)

func TestFind(t *testing.T) {
	t.Parallel()
	names := roster.NewNames([]roster.Person{
		{ID: "gone", Name: "Zoë", Active: true, Removed: true},
		{ID: "zoe-old", Name: "Zoë"},
		{ID: "zoe", Name: "Zoë", Active: true},
		{ID: "zoe-2", Name: "zoë", Active: true},
		{ID: "trick", Name: "bo", Active: true},
		{ID: "bo", Name: "Bo Berg"},
		{ID: "away", Name: "Cy"},
	})
	tests := []struct {
		name, text string
		want       roster.PersonID // "" is nobody
	}{
		{"by id, though another's name says the same", "bo", "bo"},
		{"by name, an active one first", "Zoë", "zoe"},
		{"by name as it may be typed", "  ZOE\u0308 ", "zoe"},
		{"by the id of an inactive one", "zoe-old", "zoe-old"},
		{"an inactive one if there is no other", "cy", "away"},
		{"by full name", "bo  berg", "bo"},
		{"a part of a name", "Berg", ""},
		{"a removed one's id", "gone", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, found := names.Find(tt.text)
			if got.ID != tt.want || found != (tt.want != "") {
				t.Errorf("Find(%q): got %q, %t, want %q", tt.text, got.ID, found, tt.want)
			}
		})
	}
	if p, found := (roster.Names{}).Find("bo"); found {
		t.Errorf("Find among nobody: got %v", p)
	}
}

// findPerson says what Names.Find does, as it is done without an index.
func findPerson(people []roster.Person, text string) (roster.Person, bool) {
	var byName *roster.Person
	for i := range people {
		p := &people[i]
		if p.Removed {
			continue
		}
		if string(p.ID) == text {
			return *p, true
		}
		if slowFold(p.Name) == slowFold(text) && (byName == nil || !byName.Active && p.Active) {
			byName = p
		}
	}
	if byName == nil {
		return roster.Person{}, false
	}
	return *byName, true
}

// slowFold says what FoldName does.
func slowFold(name string) string {
	return norm.NFC.String(cases.Fold().String(strings.Join(strings.Fields(norm.NFC.String(name)), " ")))
}

// Whoever they are and whatever is typed, the index finds whom a search through the list
// finds: names that are ids, names of several, removed people, ids that come twice.
func TestFindIsASearch(t *testing.T) {
	texts := []string{"", "ana", "Ana", "ANA ", "bo", "Bo", "zoe", "Zoë", "ZOE\u0308", "Groß", "GROSS", "ana bo", " ana\u00a0Bo", "ΣΊΣΥΦΟΣ", "σίσυφος", "x\ty"}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.SampledFrom(texts), rapid.String())
		people := make([]roster.Person, rapid.IntRange(0, 12).Draw(rt, "people"))
		for i := range people {
			people[i] = roster.Person{
				ID:     roster.PersonID(rapid.SampledFrom([]string{"ana", "bo", "zoe", "gross", "ana-2", "x"}).Draw(rt, "id")),
				Name:   text.Draw(rt, "name"),
				Active: rapid.Bool().Draw(rt, "active"), Removed: rapid.Bool().Draw(rt, "removed"),
				Phone: fmt.Sprint(i),
			}
		}
		names := roster.NewNames(people)
		typed := append(slices.Clone(texts), text.Draw(rt, "typed"))
		for _, p := range people {
			typed = append(typed, p.Name, string(p.ID))
		}
		for _, s := range typed {
			got, found := names.Find(s)
			if want, is := findPerson(people, s); found != is || got.Phone != want.Phone {
				rt.Fatalf("Find(%q) in %+v: got %+v, %t, want %+v, %t", s, people, got, found, want, is)
			}
			if got, want := roster.FoldName(s), slowFold(s); got != want {
				rt.Fatalf("FoldName(%q): got %q, want %q", s, got, want)
			}
		}
	})
}

// company is a company of as many people, some of them with the same name.
func company(n int) []roster.Person {
	people := make([]roster.Person, n)
	for i := range people {
		people[i] = roster.Person{ID: roster.PersonID(fmt.Sprintf("person-%d", i)), Name: fmt.Sprintf("Zoë Person %d", i/2*2), Active: true}
	}
	return people
}

// activeTexts are what to type for each active person, in the order of the list.
func activeTexts(n roster.Names) (texts []string) {
	for _, p := range n.People() {
		if p.Active && !p.Removed {
			texts = append(texts, n.Text(p.ID))
		}
	}
	return texts
}

// Work grows with who there is and with what is asked, not with their product: it is
// counted by allocations, of which a name that is folded costs several.
func TestNamesAreFoldedOnce(t *testing.T) {
	work := func(n int) float64 {
		people := company(n)
		return testing.AllocsPerRun(1, func() {
			names := roster.NewNames(people)
			if got := activeTexts(names); len(got) != n || got[1] != "person-1" {
				t.Errorf("Suggestions: got %d, %q second, want %d, and the id of who has another's name", len(got), got[1], n)
			}
		})
	}
	if small, large := work(200), work(400); large > 2.2*small {
		t.Errorf("suggestions of 400 people: got %.0f allocations, want at most twice the %.0f of 200", large, small)
	}
}

// A page asks for each day who is away: once somebody is indexed, they stay so.
func TestCollisionsIndexNobody(t *testing.T) {
	team := &roster.Team{Roles: roster.DefaultRoles()}
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	work := func(n int) float64 {
		people := company(n)
		people[3].Absences = []roster.Absence{{From: d, To: d.AddDays(30)}}
		names := roster.NewNames(people)
		return testing.AllocsPerRun(1, func() {
			for i := range 35 {
				day := roster.Day{Date: d.AddDays(i), Assignments: map[roster.RoleID]roster.PersonID{"primary": "person-3"}}
				if got := roster.Collisions(team, names.Where(), []roster.Day{day}); (len(got) == 1) != (i <= 30) {
					t.Errorf("day %d: got %v", i, got)
				}
				if err := roster.Take("", roster.Seat{Date: day.Date, Role: "secondary"}, "person-5", func(roster.Date) roster.Day { return day }).Check(team, names.Where(), func(roster.Date) roster.Day { return day }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if small, large := work(50), work(5000); large > small {
		t.Errorf("35 days with 5,000 people: got %.0f allocations, want the %.0f of 50", large, small)
	}
}

// When somebody changes, the names of all others are not folded again.
func TestRenewed(t *testing.T) {
	list := company(10_000)
	names := roster.NewNames(list)
	if _, found := names.Find(list[0].Name); !found {
		t.Fatalf("%q is not found", list[0].Name)
	}
	list = slices.Clone(list)
	list[7].Name = "Quite Another"
	list = append(list, roster.Person{ID: "new", Name: "Somebody New", Active: true})
	allocations := testing.AllocsPerRun(3, func() {
		now := names.Renewed(list)
		for text, want := range map[string]roster.PersonID{"quite another": list[7].ID, "SOMEBODY new": "new", list[8].Name: list[8].ID} {
			if p, _ := now.Find(text); p.ID != want {
				t.Errorf("%q: got %q, want %q", text, p.ID, want)
			}
		}
	})
	if allocations > 300 {
		t.Errorf("got %.0f allocations, want no more than the index itself takes", allocations)
	}
	if _, found := names.Renewed(list[2:]).Find(list[0].Name); found { // the second has the same name
		t.Errorf("%q is found among those without", list[0].Name)
	}
}

func TestSearchInACompany(t *testing.T) {
	names := roster.NewNames(company(10_000))
	teams := roster.NewTeams([]roster.Team{{ID: "ops", Name: "Operations"}})
	search := func() {
		if got := roster.NewSearch("zoe per").Among(teams, names, 20); len(got) != 20 {
			t.Errorf("got %d, want 20", len(got))
		}
	}
	search() // makes the index
	if allocations := testing.AllocsPerRun(5, search); allocations > 60 {
		t.Errorf("got %.0f allocations, want at most 60: none for each of those who fit", allocations)
	}
}
