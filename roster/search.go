package roster

import (
	"cmp"
	"slices"
	"strings"
)

// Search looks for teams and people by parts of names, ids and emails. Neither case nor
// accents count. An empty one finds everything.
type Search struct {
	query string // folded, see FoldSearch
	words []string
}

// NewSearch is a search for what somebody typed.
func NewSearch(text string) Search {
	query := FoldSearch(text)
	return Search{query: query, words: strings.Fields(query)}
}

// Team reports whether it finds the team.
func (s Search) Team(t *Team) bool { return s.rankTeam(t) < ranks }

// Person reports whether it finds the person.
func (s Search) Person(p *Person) bool { return s.rankPerson(p) < ranks }

// ranks are how many ways of fitting there are: the best is to be the id, then come those of
// searchEntry.fit.
const ranks = fitsNot + 1

func (s Search) rankTeam(t *Team) int { return s.rank(string(t.ID), t.Name, "") }

func (s Search) rankPerson(p *Person) int { return s.rank(string(p.ID), p.Name, p.Email) }

func (s Search) rank(id, name, email string) int {
	if s.query == id {
		return 0
	}
	e := searchEntry{name: FoldSearch(name), others: id + " " + strings.ToLower(email)}
	return 1 + e.fit(s.query, s.words)
}

// Found is a team or a person that was searched for; the other is nil.
type Found struct {
	Team   *Team
	Person *Person
}

func (f Found) name() string {
	if f.Team != nil {
		return f.Team.Name
	}
	return f.Person.Name
}

// Among finds at most limit of the teams and people, the best first: who has exactly the id,
// whose name begins so, a word of whose name does, whose name has it, whose id or email has
// it. Of equals, teams come first, each in order of names.
func (s Search) Among(teams []Team, people []Person, limit int) []Found {
	var found [ranks][]Found
	for i := range teams {
		if rank := s.rankTeam(&teams[i]); rank < ranks {
			found[rank] = append(found[rank], Found{Team: &teams[i]})
		}
	}
	for i := range people {
		if rank := s.rankPerson(&people[i]); rank < ranks {
			found[rank] = append(found[rank], Found{Person: &people[i]})
		}
	}
	var best []Found
	for _, equals := range found {
		if len(best) == limit {
			break
		}
		slices.SortStableFunc(equals, func(a, b Found) int {
			switch {
			case a.Team != nil && b.Person != nil:
				return -1
			case a.Person != nil && b.Team != nil:
				return 1
			}
			return cmp.Compare(a.name(), b.name())
		})
		best = append(best, equals[:min(len(equals), limit-len(best))]...)
	}
	return best
}
