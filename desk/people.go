package desk

import (
	"context"
	"dailyroster/roster"
	"dailyroster/store"
	"errors"
	"slices"
)

// Person is somebody who is listed, or a refusal of KindNotFound.
func (k *Desk) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	p, err := k.AnyPerson(ctx, id)
	if err == nil && p.Removed {
		return roster.Person{}, NotFound("person")
	}
	return p, err
}

// AnyPerson is Person for removed people too.
func (k *Desk) AnyPerson(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	p, err := k.Store.Person(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return p, NotFound("person")
	}
	return p, err
}

// ListedPeople are the people who are not removed, in order of ids.
func (k *Desk) ListedPeople(ctx context.Context) ([]roster.Person, error) {
	all, err := k.Store.People(ctx)
	var listed []roster.Person
	for _, p := range all {
		if !p.Removed {
			listed = append(listed, p)
		}
	}
	return listed, err
}

// Names tells everybody by id, removed people too.
func (k *Desk) Names(ctx context.Context) (roster.Names, []roster.Person, error) {
	people, err := k.Store.People(ctx)
	return roster.NewNames(people), people, err
}

// AddPerson writes a new person under the first free id that the name gives. A removed
// person of that name comes back. With share, a person of that name who is there already is
// the answer, so that two requests that add one at once end with one.
func (k *Desk) AddPerson(ctx context.Context, p roster.Person, share bool) (roster.Person, error) {
	slug := roster.Slug(p.Name)
	for n := 1; ; n++ {
		p.ID = roster.PersonID(roster.NumberedSlug(slug, n))
		made, err := k.ReplacePerson(ctx, p, "")
		conflict, taken := errors.AsType[*store.ConflictError[roster.Person]](err)
		if !taken {
			return made, err
		}
		current := conflict.Current
		if roster.FoldName(current.Name) != roster.FoldName(p.Name) {
			continue
		}
		if current.Removed {
			return k.ReplacePerson(ctx, p, current.Revision)
		}
		if share {
			return current, nil
		}
	}
}

// PutPerson writes a person in the place of the revision that the caller saw, ""
// for a new one, and gives it with its new revision.
func (k *Desk) PutPerson(ctx context.Context, p roster.Person, basedOn roster.Revision) (roster.Person, error) {
	err := p.Validate()
	if err == nil && basedOn == "" {
		err = roomFor(k.Limits.People, "people", func(q roster.Person) bool { return q.ID == p.ID }, func() ([]roster.Person, error) { return k.Store.People(ctx) })
	}
	if err != nil {
		return p, err
	}
	if p.Revision, err = k.ChangeID(ctx, "person "+string(p.ID)); err != nil {
		return p, err
	}
	return p, k.Store.PutPerson(ctx, p, basedOn)
}

// MergePerson changes a person, again if somebody else was faster.
func (k *Desk) MergePerson(ctx context.Context, id roster.PersonID, change func(*roster.Person) (roster.Person, error)) (roster.Person, error) {
	return again(ctx, func() (roster.Person, error) {
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

// inDays is how far ahead somebody's days count for IsIn.
const inDays = 92

// IsIn reports whether somebody takes turns, or is on one of the coming days, in one of the
// teams that among picks. It reads no days of other teams.
func (k *Desk) IsIn(ctx context.Context, id roster.PersonID, among func(*roster.Team) bool) (bool, error) {
	all, err := k.Store.Teams(ctx)
	if err != nil {
		return false, err
	}
	teams := slices.DeleteFunc(all, func(t roster.Team) bool { return t.Removed || !among(&t) })
	for i := range teams {
		if len(teams[i].RotationsOf(id, teams[i].Today(k.Now()))) > 0 {
			return true, nil
		}
	}
	for i := range teams {
		from := teams[i].DayAt(k.Now())
		days, err := k.Store.Days(ctx, teams[i].ID, from, from.AddDays(inDays))
		if err != nil || slices.ContainsFunc(days, func(d roster.Day) bool { return d.Has(id) }) {
			return err == nil, err
		}
	}
	return false, nil
}
