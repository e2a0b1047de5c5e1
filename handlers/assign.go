package handlers

import (
	"context"
	"fmt"

	"dailyroster/roster"
)

// wish is what someone wants for a role: a person by id or name, or nobody.
type wish struct {
	role roster.RoleID
	text string // id or name; "" is nobody
	// known: the text must be the id of somebody; an unknown one makes no new person.
	known bool
}

// assign makes wishes the assignments of a day: what each text means, new people for
// unknown names. Roles of the day that the team has no more stay as they are. Nothing
// is written unless every wish is fine. What is refused is a roster.FieldErrors, each
// field named by field. added are the people who were made.
func (s *Server) assign(ctx context.Context, team *roster.Team, people []roster.Person, now roster.Day, wishes []wish, field func(roster.RoleID) string) (assigned map[roster.RoleID]roster.PersonID, added []roster.Person, err error) {
	assigned = map[roster.RoleID]roster.PersonID{}
	for role, person := range now.Assignments {
		if !team.HasRole(role) {
			assigned[role] = person
		}
	}
	var errs roster.FieldErrors
	newNames := map[roster.RoleID]string{}
	for _, w := range wishes {
		if w.text == "" {
			continue
		}
		id, name, err := meant(people, now, w)
		switch {
		case err != nil:
			errs.Add(field(w.role), err)
		case id != "":
			assigned[w.role] = id
		default:
			newNames[w.role] = name
		}
	}
	if err := errs.Err(); err != nil {
		return nil, nil, err
	}
	for _, w := range wishes { // in their order, so that ids do not depend on chance
		name, ok := newNames[w.role]
		if !ok {
			continue
		}
		p, err := s.addPersonNamed(ctx, roster.Person{Name: name, Active: true}, true)
		if err != nil {
			return nil, added, err
		}
		assigned[w.role] = p.ID
		added = append(added, p)
	}
	return assigned, added, nil
}

// meant is the person whom a wish means, or the name of a new one. Who has the role now
// can always keep it.
func meant(people []roster.Person, now roster.Day, w wish) (id roster.PersonID, newName string, err error) {
	holder := now.Assignments[w.role]
	if w.text == string(holder) {
		return holder, "", nil
	}
	p, found := roster.FindPerson(people, w.text)
	switch {
	case found && w.known && string(p.ID) != w.text, !found && w.known:
		return "", "", fmt.Errorf("there is no person with the id %q", w.text)
	case found && !p.ActiveOn(now.Date) && p.ID != holder:
		return "", "", fmt.Errorf("%s is not active on that day; that can be changed on the people page", p.Name)
	case found:
		return p.ID, "", nil
	}
	name, err := roster.ParseName(w.text)
	return "", name, err
}
