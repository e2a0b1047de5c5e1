package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Names tells people by their ids, whom a text means, and what to type for each of them.
// It is an index that is made once for a list of people, and that many goroutines may use:
// each name is folded once, when somebody is first looked for by name, however often that is.
type Names struct {
	all  *people
	more *people // who came after, see With; nil is nobody
}

// people are an index of a list.
type people struct {
	list   []Person
	byID   map[PersonID]int         // the last, where several have an id
	folded func() []string          // the names of the list, see FoldName
	made   atomic.Pointer[[]string] // what folded gave, once it did
	texts  func() texts
	where  func() *Whereabouts
	search func() searchIndex
	digest func() string
	// reached has people by email and given name.
	reached func() contacts
}

// texts are people by what is typed for them.
type texts struct {
	byName map[string]int // folded
	// byID has the ids that several have, of whom the last is in people.byID: somebody who
	// was removed and is back may be in a list twice.
	byID map[PersonID]int
}

// NewNames indexes the people, removed ones too. It keeps the list, which is not to be
// changed any more.
func NewNames(list []Person) Names { return Names{all: newPeople(list)} }

// Renewed is NewNames for people most of whom are among these. A name that was folded already,
// and is the same, is not folded again.
func (n Names) Renewed(list []Person) Names {
	p := newPeople(list)
	if n.all == nil {
		return Names{all: p}
	}
	if was := n.all.made.Load(); was != nil {
		folded := p.fold(func(one *Person) (string, bool) {
			i, known := n.all.byID[one.ID]
			if !known || n.all.list[i].Name != one.Name {
				return "", false
			}
			return (*was)[i], true
		})
		p.made.Store(&folded)
	}
	return Names{all: p}
}

// fold folds the names that are not known.
func (p *people) fold(known func(*Person) (string, bool)) []string {
	folded := make([]string, len(p.list))
	for i := range p.list {
		text, is := known(&p.list[i])
		if !is {
			text = FoldName(p.list[i].Name)
		}
		folded[i] = text
	}
	return folded
}

func newPeople(list []Person) *people {
	p := &people{list: list, byID: make(map[PersonID]int, len(list))}
	for i := range list {
		p.byID[list[i].ID] = i
	}
	p.folded = sync.OnceValue(func() []string {
		if was := p.made.Load(); was != nil {
			return *was
		}
		folded := p.fold(func(*Person) (string, bool) { return "", false })
		p.made.Store(&folded)
		return folded
	})
	p.texts = sync.OnceValue(p.index)
	p.where = sync.OnceValue(func() *Whereabouts { return newWhereabouts(p, nil) })
	p.search = sync.OnceValue(p.searchable)
	p.reached = sync.OnceValue(p.contacts)
	p.digest = sync.OnceValue(p.sum)
	return p
}

func (p *people) index() texts {
	t := texts{byName: make(map[string]int, len(p.list)), byID: map[PersonID]int{}}
	names := p.folded()
	for i := range p.list {
		one := &p.list[i]
		if one.Removed {
			continue
		}
		if _, twice := t.byID[one.ID]; p.byID[one.ID] != i && !twice {
			t.byID[one.ID] = i
		}
		if at, taken := t.byName[names[i]]; !taken || !p.list[at].Active && one.Active {
			t.byName[names[i]] = i
		}
	}
	return t
}

// get is who has the id; nil is nobody known.
func (p *people) get(id PersonID) *Person {
	if p == nil {
		return nil
	}
	if i, known := p.byID[id]; known {
		return &p.list[i]
	}
	return nil
}

// withID is the first who has the text as id and is not removed.
func (p *people) withID(text string) *Person {
	if p == nil {
		return nil
	}
	if i, twice := p.texts().byID[PersonID(text)]; twice {
		return &p.list[i]
	}
	if one := p.get(PersonID(text)); one != nil && !one.Removed {
		return one
	}
	return nil
}

// called is the first who has the folded name and is not removed, an active one before an
// inactive one.
func (p *people) called(folded string) *Person {
	if p == nil {
		return nil
	}
	if i, known := p.texts().byName[folded]; known {
		return &p.list[i]
	}
	return nil
}

// People are all of them, in the order in which they came. The list is not to be changed.
func (n Names) People() []Person {
	switch {
	case n.all == nil:
		return nil
	case n.more == nil:
		return n.all.list
	}
	return slices.Concat(n.all.list, n.more.list)
}

// With returns the names of these people and of more, who come last. It indexes only those
// who were added.
func (n Names) With(more []Person) Names {
	switch {
	case len(more) == 0:
		return n
	case n.all == nil:
		return NewNames(more)
	case n.more != nil:
		more = slices.Concat(n.more.list, more)
	}
	return Names{n.all, newPeople(more)}
}

// Person is who has the id, removed or not.
func (n Names) Person(id PersonID) (Person, bool) {
	if p := n.get(id); p != nil {
		return *p, true
	}
	return Person{}, false
}

// get is who has the id; nil is nobody known.
func (n Names) get(id PersonID) *Person {
	if p := n.more.get(id); p != nil {
		return p
	}
	return n.all.get(id)
}

// Find gives the person whom a text means: by id, else by name (folded), an active one
// before an inactive one. Removed people are not found.
func (n Names) Find(text string) (Person, bool) {
	if p := n.find(text); p != nil {
		return *p, true
	}
	return Person{}, false
}

func (n Names) find(text string) *Person {
	for _, among := range [...]*people{n.all, n.more} {
		if p := among.withID(text); p != nil {
			return p
		}
	}
	if n.all == nil {
		return nil
	}
	folded := FoldName(text)
	first, later := n.all.called(folded), n.more.called(folded)
	if later == nil || first != nil && (first.Active || !later.Active) {
		return first
	}
	return later
}

// Where tells when each of them is away. It is made once, and many goroutines may use it.
func (n Names) Where() *Whereabouts {
	switch {
	case n.all == nil:
		return WhereaboutsOf(nil)
	case n.more == nil:
		return n.all.where()
	}
	return newWhereabouts(n.more, n.all.where())
}

// Of is the person's name; "" for nobody, the id for someone unknown.
func (n Names) Of(id PersonID) string {
	if p := n.get(id); p != nil {
		return p.Name
	}
	return string(id)
}

// Digest is equal for people with equal ids and names. It is made once.
func (n Names) Digest() string {
	var digest string
	for _, among := range [...]*people{n.all, n.more} {
		if among != nil {
			digest += among.digest()
		}
	}
	return digest
}

// sum is a digest of ids and names.
func (p *people) sum() string {
	h := sha256.New()
	for i := range p.list {
		_, _ = fmt.Fprintf(h, "%s %q\n", p.list[i].ID, p.list[i].Name) // a hash never fails to take
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Text is what to type for this person: the name, or the id where the name would
// mean somebody else.
func (n Names) Text(id PersonID) string {
	name := n.Of(id)
	if p := n.find(name); p != nil && p.ID != id {
		return string(id)
	}
	return name
}
