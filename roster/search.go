package roster

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Search looks for teams and people by parts of names, ids and emails. Neither case nor
// accents count. An empty one finds everything.
type Search struct {
	query string // folded, see FoldSearch
	words []string
	// Sees reports whose emails may be searched; nil is everybody's.
	Sees func(*Person) bool
}

// NewSearch is a search for what somebody typed.
func NewSearch(text string) Search {
	query := FoldSearch(text)
	return Search{query: query, words: strings.Fields(query)}
}

// Team reports whether it finds the team.
func (s Search) Team(t *Team) bool {
	e := newSearchEntry(0, string(t.ID), FoldName(t.Name), "")
	return s.rank(&e, nil) < ranks
}

// People are those it finds, removed ones left out, in the order in which they came.
func (s Search) People(n Names) iter.Seq[*Person] {
	return func(yield func(*Person) bool) {
		for _, among := range [...]*people{n.all, n.more} {
			if among == nil {
				continue
			}
			if s.query == "" {
				for i := range among.list {
					if !among.list[i].Removed && !yield(&among.list[i]) {
						return
					}
				}
				continue
			}
			entries := among.search().entries
			for i := range entries {
				if p := &among.list[entries[i].at]; s.rank(&entries[i], p) < ranks && !yield(p) {
					return
				}
			}
		}
	}
}

// searchIndex has what a list of teams or people is searched by, removed ones left out.
type searchIndex struct {
	entries []searchEntry // in the order of the list
	byName  []int         // the places of the entries, in order of names and then of ids
}

// searchEntry is a team or a person, by what is typed to look for them.
type searchEntry struct {
	at    int // in the list
	id    string
	name  string // see FoldSearch
	email string // in lower case
}

// newSearchEntry is the entry of who has the folded name.
func newSearchEntry(at int, id, name, email string) searchEntry {
	return searchEntry{at, id, searchForm(name), strings.ToLower(email)}
}

func newSearchIndex(entries []searchEntry) searchIndex {
	s := searchIndex{entries, make([]int, len(entries))}
	for i := range s.byName {
		s.byName[i] = i
	}
	slices.SortFunc(s.byName, func(i, j int) int {
		return cmp.Or(cmp.Compare(entries[i].name, entries[j].name), cmp.Compare(entries[i].id, entries[j].id))
	})
	return s
}

// ranks are how many ways of fitting there are: the best is to be the id, then come those of
// searchEntry.fit.
const ranks = fitsNot + 1

// rank is how well the entry fits, which is that of the person if it is one.
func (s Search) rank(e *searchEntry, p *Person) int {
	if s.query == e.id {
		return 0
	}
	fit, byEmail := e.fit(s.query, s.words)
	if byEmail && s.Sees != nil && !s.Sees(p) {
		return ranks
	}
	return 1 + fit
}

// Found is a team or a person that was searched for; the other is nil.
type Found struct {
	Team   *Team
	Person *Person
}

// Among finds at most limit of the teams and people, the best first: who has exactly the id,
// whose name begins so, a word of whose name does, whose name has it, whose id or email has
// it. Of equals, teams come first, each in order of names. Nobody may change what it finds.
func (s Search) Among(teams Teams, names Names, limit int) []Found {
	var found [ranks][]Found
	add := func(among searchIndex, one func(at int) Found) {
		for _, i := range among.byName {
			e := &among.entries[i]
			f := one(e.at)
			if rank := s.rank(e, f.Person); rank < ranks && len(found[rank]) < limit {
				found[rank] = append(found[rank], f)
			}
		}
	}
	if teams.search != nil {
		add(teams.search(), func(at int) Found { return Found{Team: &teams.listed[at]} })
	}
	for _, among := range [...]*people{names.all, names.more} {
		if among != nil {
			add(among.search(), func(at int) Found { return Found{Person: &among.list[at]} })
		}
	}
	var best []Found
	for _, equals := range found {
		best = append(best, equals[:min(len(equals), limit-len(best))]...)
	}
	return best
}
