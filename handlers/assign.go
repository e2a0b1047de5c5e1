package handlers

import (
	"context"
	"errors"
	"fmt"

	"dailyroster/roster"
)

// wish is what someone wants for a role: a person by id or name, or nobody.
type wish struct {
	role roster.RoleID
	text string // id or name; "" is nobody
	// known: the text must be the id of somebody; an unknown one makes no new person.
	known bool
	on    roster.Date // the last day that it is for
	// holder has the role now; keeping it is always fine.
	holder roster.PersonID
	field  string // at which it is refused
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
	for i, w := range wishes {
		wishes[i].on, wishes[i].holder, wishes[i].field = now.Date, now.Assignments[w.role], field(w.role)
	}
	ids, added, err := s.whoIsMeant(ctx, people, wishes)
	if err != nil {
		return nil, added, err
	}
	for i, w := range wishes {
		if ids[i] != "" {
			assigned[w.role] = ids[i]
		}
	}
	return assigned, added, nil
}

// whoIsMeant gives, for each wish, the person that it means, "" for nobody. Unknown names
// become new people, who are added, if every wish is fine. What is refused is a
// roster.FieldErrors.
func (s *Server) whoIsMeant(ctx context.Context, people []roster.Person, wishes []wish) (ids []roster.PersonID, added []roster.Person, err error) {
	var errs roster.FieldErrors
	ids = make([]roster.PersonID, len(wishes))
	newNames := make([]string, len(wishes))
	for i, w := range wishes {
		if w.text == "" {
			continue
		}
		if ids[i], newNames[i], err = meant(people, w); err != nil {
			errs.Add(w.field, err)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, nil, err
	}
	made := map[string]roster.PersonID{} // by folded name
	for i, name := range newNames {      // in their order, so that ids do not depend on chance
		if name == "" {
			continue
		}
		folded := roster.FoldName(name)
		if made[folded] == "" {
			p, err := s.addPersonNamed(ctx, roster.Person{Name: name, Active: true}, true)
			if refused, is := errors.AsType[roster.FieldErrors](err); is {
				errs.Add(wishes[i].field, errors.New(refused[0].Message))
				return nil, added, errs
			}
			if err != nil {
				return nil, added, err
			}
			made[folded] = p.ID
			added = append(added, p)
		}
		ids[i] = made[folded]
	}
	return ids, added, nil
}

// meant is the person whom a wish means, or the name of a new one. Who has the role now
// can always keep it.
func meant(people []roster.Person, w wish) (id roster.PersonID, newName string, err error) {
	if w.text == string(w.holder) {
		return w.holder, "", nil
	}
	p, found := roster.FindPerson(people, w.text)
	switch {
	case found && w.known && string(p.ID) != w.text, !found && w.known:
		return "", "", fmt.Errorf("there is no person with the id %q", w.text)
	case found && !p.ActiveOn(w.on) && p.ID != w.holder:
		return "", "", fmt.Errorf("%s is not active on that day; that can be changed on the people page", p.Name)
	case found:
		return p.ID, "", nil
	}
	name, err := roster.ParseName(w.text)
	return "", name, err
}
