package roster

// Names tells people by their ids, and what to type for each of them.
type Names struct {
	people []Person
	byID   map[PersonID]Person
}

// NewNames indexes the people, removed ones too. It keeps the list, which is not to be
// changed any more.
func NewNames(people []Person) Names {
	byID := make(map[PersonID]Person, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	return Names{people, byID}
}

// Of is the person's name; "" for nobody, the id for someone unknown.
func (n Names) Of(id PersonID) string {
	if p, ok := n.byID[id]; ok {
		return p.Name
	}
	return string(id)
}

// Text is what to type for this person: the name, or the id where the name would
// mean somebody else.
func (n Names) Text(id PersonID) string {
	name := n.Of(id)
	if p, ok := FindPerson(n.people, name); ok && p.ID != id {
		return string(id)
	}
	return name
}

// Suggestions are the texts for all active people, in the order of the list.
func (n Names) Suggestions() []string {
	var texts []string
	for _, p := range n.people {
		if p.Active && !p.Removed {
			texts = append(texts, n.Text(p.ID))
		}
	}
	return texts
}
