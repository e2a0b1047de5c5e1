package desk

import (
	"context"
	"errors"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// MaxNewcomers is how many people one request can add. Each of them is a write of its own,
// one after the other, and a longer list is rather a file in the wrong place.
const MaxNewcomers = roster.MaxRotationPeople

// AddNewcomers adds a person for each name, in their order; "" is nobody. A name that comes
// twice is one person, and so is one whom somebody else adds meanwhile. What it refuses is a
// roster.FieldErrors at the field of the name. It adds nobody if there are more than
// MaxNewcomers.
func (k *Desk) AddNewcomers(ctx context.Context, names []string, field func(i int) string) (ids []roster.PersonID, added []roster.Person, err error) {
	folded, first := make([]string, len(names)), map[string]int{}
	for i, name := range names { // in their order, so that ids do not depend on chance
		if name == "" {
			continue
		}
		folded[i] = roster.FoldName(name)
		if _, known := first[folded[i]]; !known {
			first[folded[i]] = i
		}
		if len(first) > MaxNewcomers {
			return nil, nil, refuseAt(field(i), said.New("at most %d new people can be added at once; %s would be one more", MaxNewcomers, name))
		}
	}
	ids = make([]roster.PersonID, len(names))
	adder := k.Adder()
	for i, name := range names {
		switch {
		case name == "":
		case first[folded[i]] < i:
			ids[i] = ids[first[folded[i]]]
		default:
			p, err := adder.Add(ctx, roster.Person{Name: name, Active: true}, true)
			if refused, is := errors.AsType[roster.FieldErrors](err); is {
				return nil, added, refuseAt(field(i), refused[0].Err)
			}
			if err != nil {
				return nil, added, err
			}
			ids[i], added = p.ID, append(added, p)
		}
	}
	return ids, added, nil
}

func refuseAt(field string, err error) error {
	return roster.FieldErrors{{Field: field, Err: err}}
}
