package roster

import "sync"

// Teams are all teams, by their ids and in order of these. They are made once for a list, and
// many goroutines may use them; nobody may change a team of theirs.
type Teams struct {
	all, listed []Team
	byID        map[TeamID]int
	search      func() searchIndex // of those that are listed
}

// NewTeams indexes the teams, removed ones too, which come in order of ids. It keeps the
// list, which is not to be changed any more.
func NewTeams(list []Team) Teams {
	t := Teams{all: list, byID: make(map[TeamID]int, len(list))}
	for i := range list {
		t.byID[list[i].ID] = i
		if !list[i].Removed {
			t.listed = append(t.listed, list[i])
		}
	}
	t.search = sync.OnceValue(t.searchable)
	return t
}

func (t Teams) searchable() searchIndex {
	entries := make([]searchEntry, len(t.listed))
	for i := range t.listed {
		entries[i] = newSearchEntry(i, string(t.listed[i].ID), FoldName(t.listed[i].Name), "")
	}
	return newSearchIndex(entries)
}

// All are all of them, removed ones too. The list is not to be changed.
func (t Teams) All() []Team { return t.all }

// Listed are those that are not removed. The list is not to be changed.
func (t Teams) Listed() []Team { return t.listed }

// Team is the one with the id, removed or not; nil is none. It is not to be changed.
func (t Teams) Team(id TeamID) *Team {
	if i, known := t.byID[id]; known {
		return &t.all[i]
	}
	return nil
}
