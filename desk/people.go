package desk

import (
	"context"
	"errors"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// Person returns somebody who is listed, or a refusal of KindNotFound.
func (k *Desk) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	p, err := k.AnyPerson(ctx, id)
	if err == nil && p.Removed {
		return roster.Person{}, NotFound("There is no such person.")
	}
	return p, err
}

// AnyPerson is Person for removed people too.
func (k *Desk) AnyPerson(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	p, err := k.Store.Person(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return p, NotFound("There is no such person.")
	}
	return p, err
}

// PersonToRemove is Person, but also returns somebody whom this same request removed when it
// was sent before, as the revision shows. So a removal that was cut off can continue.
func (k *Desk) PersonToRemove(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	p, err := k.AnyPerson(ctx, id)
	if err != nil || !p.Removed {
		return p, err
	}
	made, err := k.ChangeID(ctx, "person "+string(id))
	if err == nil && p.Revision != made {
		err = NotFound("There is no such person.")
	}
	return p, err
}

// Names returns everybody's names by id, removed people included.
func (k *Desk) Names(ctx context.Context) (roster.Names, error) {
	if names, ok := aheadOf(ctx).takeNames(k.Now()); ok {
		return names, nil
	}
	sight, err := k.Store.Look(ctx, store.Look{People: true})
	return sight.People, err
}

// people returns everybody, removed people included. The list is not to be changed.
func (k *Desk) people(ctx context.Context) ([]roster.Person, error) {
	sight, err := k.Store.Look(ctx, store.Look{People: true})
	return sight.People.People(), err
}

// AddPerson writes a new person with the first free id that the name gives. A removed person
// with that name comes back. With share, it returns an existing person with that name, so
// that two requests that add the same name at once add one person.
func (k *Desk) AddPerson(ctx context.Context, p roster.Person, share bool) (roster.Person, error) {
	return k.Adder().Add(ctx, p, share)
}

// Adder adds people for one request. However many these are, it counts the existing people
// only once. It belongs to one goroutine.
type Adder struct {
	desk *Desk
	all  []roster.Person
	read bool
}

// Adder returns a new Adder.
func (k *Desk) Adder() *Adder { return &Adder{desk: k} }

// Add is AddPerson.
func (a *Adder) Add(ctx context.Context, p roster.Person, share bool) (roster.Person, error) {
	list := func() (_ []roster.Person, err error) {
		if !a.read {
			a.all, err = a.desk.people(ctx)
			a.all, a.read = slices.Clip(a.all), err == nil
		}
		return a.all, err
	}
	slug := roster.Slug(p.Name)
	for n := 1; ; n++ {
		p.ID = roster.PersonID(roster.NumberedSlug(slug, n))
		made, err := a.desk.replacePerson(ctx, p, "", list)
		if err == nil && a.read {
			a.all = append(a.all, made)
		}
		conflict, taken := errors.AsType[*store.ConflictError[roster.Person]](err)
		if !taken {
			return made, err
		}
		current := conflict.Current
		if roster.FoldName(current.Name) != roster.FoldName(p.Name) {
			continue
		}
		if current.Removed {
			return a.desk.ReplacePerson(ctx, p, current.Revision)
		}
		if share {
			return current, nil
		}
	}
}

// PutPerson writes a person in place of the revision that the caller saw, "" for a new
// person, and returns the person with the new revision.
func (k *Desk) PutPerson(ctx context.Context, p roster.Person, basedOn roster.Revision) (roster.Person, error) {
	return k.putPerson(ctx, p, basedOn, func() ([]roster.Person, error) { return k.people(ctx) })
}

func (k *Desk) putPerson(ctx context.Context, p roster.Person, basedOn roster.Revision, all func() ([]roster.Person, error)) (roster.Person, error) {
	err := p.Validate()
	if err == nil && basedOn == "" {
		err = roomFor(k.Limits.People, "people", func(q roster.Person) bool { return q.ID == p.ID }, all)
	}
	if err != nil {
		return p, err
	}
	if p.Revision, err = k.ChangeID(ctx, "person "+string(p.ID)); err != nil {
		return p, err
	}
	wrote(ctx)
	return p, k.Store.PutPerson(ctx, p, basedOn)
}

// MergePerson changes a person, and tries again if somebody else was faster.
func (k *Desk) MergePerson(ctx context.Context, id roster.PersonID, change func(*roster.Person) (roster.Person, error)) (roster.Person, error) {
	return store.Again(ctx, func() (roster.Person, error) {
		p, err := k.Person(ctx, id)
		if err != nil {
			return p, err
		}
		changed, err := change(&p)
		if err != nil {
			return changed, err
		}
		return k.ReplacePerson(ctx, changed, p.Revision)
	})
}

// inDays is how many days ahead IsIn looks.
const inDays = 92

// IsIn reports whether somebody takes turns, or has one of the coming days, in one of the
// teams that among picks. It reads no days of other teams.
func (k *Desk) IsIn(ctx context.Context, id roster.PersonID, among func(*roster.Team) bool) (bool, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, Of: id})
	if err != nil {
		return false, err
	}
	teams := sight.Teams.Listed()
	for i := range teams {
		if team := &teams[i]; len(team.RotationsOf(id, team.Today(k.Now()))) > 0 && among(team) {
			return true, nil
		}
	}
	var coming []store.Range
	for _, of := range sight.Of {
		if team := sight.Teams.Team(of); team != nil && !team.Removed && among(team) {
			from := team.DayAt(k.Now())
			coming = append(coming, store.Range{Team: of, From: from, To: from.AddDays(inDays)})
		}
	}
	days, err := k.daysOf(ctx, coming...)
	return slices.ContainsFunc(days, func(of []roster.Day) bool {
		return slices.ContainsFunc(of, func(d roster.Day) bool { return d.Has(id) })
	}), err
}
