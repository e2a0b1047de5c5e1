package roster

import (
	"slices"
	"sync"
)

// Names tells people by their ids, whom a text means, and what to type for each of them.
// It is an index, made once for a request: each name is folded once, when somebody is first
// looked for by name, however often that is.
type Names struct {
	people []Person
	byID   map[PersonID]int
	texts  func() texts
	where  func() *Whereabouts
}

// texts are people by what is typed for them.
type texts struct {
	byName map[string]int // folded
	// byID has the ids that several have, of whom the last is in Names.byID: somebody who
	// was removed and is back may be in a list twice.
	byID map[PersonID]int
}

// NewNames indexes the people, removed ones too. It keeps the list, which is not to be
// changed any more.
func NewNames(people []Person) Names {
	byID := make(map[PersonID]int, len(people))
	for i := range people {
		byID[people[i].ID] = i
	}
	n := Names{people: people, byID: byID}
	n.texts = sync.OnceValue(n.index)
	n.where = sync.OnceValue(func() *Whereabouts { return WhereaboutsOf(people) })
	return n
}

func (n Names) index() texts {
	t := texts{byName: make(map[string]int, len(n.people)), byID: map[PersonID]int{}}
	for i := range n.people {
		p := &n.people[i]
		if p.Removed {
			continue
		}
		if _, twice := t.byID[p.ID]; n.byID[p.ID] != i && !twice {
			t.byID[p.ID] = i
		}
		folded := FoldName(p.Name)
		if at, taken := t.byName[folded]; !taken || !n.people[at].Active && p.Active {
			t.byName[folded] = i
		}
	}
	return t
}

// People are all of them, in the order in which they came.
func (n Names) People() []Person { return n.people }

// With returns the names of these people and of more, who come last.
func (n Names) With(more []Person) Names { return NewNames(slices.Concat(n.people, more)) }

// Person is who has the id, removed or not.
func (n Names) Person(id PersonID) (Person, bool) {
	if p := n.get(id); p != nil {
		return *p, true
	}
	return Person{}, false
}

// get is who has the id; nil is nobody known.
func (n Names) get(id PersonID) *Person {
	if i, known := n.byID[id]; known {
		return &n.people[i]
	}
	return nil
}

// Find gives the person whom a text means: by id, else by name (folded), an active one
// before an inactive one. Removed people are not found.
func (n Names) Find(text string) (Person, bool) {
	if n.texts == nil {
		return Person{}, false
	}
	t := n.texts()
	i, found := t.byID[PersonID(text)]
	if !found {
		if i, found = n.byID[PersonID(text)]; found && n.people[i].Removed {
			found = false
		}
	}
	if !found {
		i, found = t.byName[FoldName(text)]
	}
	if !found {
		return Person{}, false
	}
	return n.people[i], true
}

// Where tells when each of them is away. It belongs to the goroutine that asks first.
func (n Names) Where() *Whereabouts {
	if n.where == nil {
		return WhereaboutsOf(nil)
	}
	return n.where()
}

// Of is the person's name; "" for nobody, the id for someone unknown.
func (n Names) Of(id PersonID) string {
	if p := n.get(id); p != nil {
		return p.Name
	}
	return string(id)
}

// Text is what to type for this person: the name, or the id where the name would
// mean somebody else.
func (n Names) Text(id PersonID) string {
	name := n.Of(id)
	if p, ok := n.Find(name); ok && p.ID != id {
		return string(id)
	}
	return name
}

// Suggestions are the texts for all active people, in the order of the list.
func (n Names) Suggestions() []string {
	var texts []string
	for i := range n.people {
		if p := &n.people[i]; p.Active && !p.Removed {
			texts = append(texts, n.Text(p.ID))
		}
	}
	return texts
}
