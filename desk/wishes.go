package desk

import (
	"cmp"
	"context"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Wish is whom somebody wants for a role: a person by id or name, or nobody.
type Wish struct {
	Role roster.RoleID
	Text string // id or name; "" is nobody
	// Known means that the text must be somebody's id; an unknown one adds nobody.
	Known bool
	On    roster.Date // the last day that the wish is for
	Field string      // the field that a refusal names
	// holder has the role now, and can always keep it.
	holder roster.PersonID
}

// Somebody returns the person whom a wish means, who must be known and active; "" is nobody.
func Somebody(names roster.Names, w Wish) (roster.PersonID, error) {
	if w.Text == "" {
		return "", nil
	}
	id, newName, err := meant(names, w)
	if err == nil && newName != "" {
		err = said.New("nobody is called %s; add new people on the people page, or type a name into the roster", newName)
	}
	return id, err
}

// Called returns the person with that name or id, who must be active on the day.
func Called(names roster.Names, name string, on roster.Date) (roster.PersonID, error) {
	id, newName, err := meant(names, Wish{Text: name, On: on})
	if err == nil && newName != "" {
		err = said.New("nobody is called %q", name)
	}
	return id, err
}

// meant returns the person whom a wish means, or the name of a new one. The holder of the
// role can always keep it.
func meant(names roster.Names, w Wish) (id roster.PersonID, newName string, err error) {
	if w.Text == string(w.holder) {
		return w.holder, "", nil
	}
	p, found := names.Find(w.Text)
	switch {
	case found && w.Known && string(p.ID) != w.Text, !found && w.Known:
		return "", "", said.New("there is no person with the id %q", w.Text)
	case found && !p.ActiveOn(w.On) && p.ID != w.holder:
		return "", "", said.New("%s is not active on that day; you can change that on the people page", p.Name)
	case found:
		return p.ID, "", nil
	}
	name, err := roster.ParseName(w.Text)
	return "", name, err
}

// whoIsMeant returns, for each wish, the person whom it means, "" for nobody. If it refuses no
// wish, it adds a new person for each unknown name. What it refuses is a roster.FieldErrors.
func (k *Desk) whoIsMeant(ctx context.Context, names roster.Names, wishes []Wish) (ids []roster.PersonID, added []roster.Person, err error) {
	var errs roster.FieldErrors
	ids = make([]roster.PersonID, len(wishes))
	newNames := make([]string, len(wishes))
	for i, w := range wishes {
		if w.Text == "" {
			continue
		}
		if ids[i], newNames[i], err = meant(names, w); err != nil && errs.For(w.Field) == nil {
			errs.Add(w.Field, err)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, nil, err
	}
	made, added, err := k.AddNewcomers(ctx, newNames, func(i int) string { return wishes[i].Field })
	if err != nil {
		return nil, added, err
	}
	for i, id := range made {
		ids[i] = cmp.Or(ids[i], id)
	}
	return ids, added, nil
}
