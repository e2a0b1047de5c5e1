package web

import (
	"context"
	"net/http"
	"slices"

	"dailyroster/desk"
	"dailyroster/roster"
)

// OnBehalf reports whether the caller answers an exchange of the team for somebody else, which
// only editors may do. Without a sign-in, nobody knows.
func OnBehalf(ctx context.Context, team *roster.Team, people []roster.Person, id roster.PersonID) (bool, error) {
	c := CallerOf(ctx)
	if c.anyone {
		return false, nil
	}
	name := "somebody else"
	if i := slices.IndexFunc(people, func(p roster.Person) bool { return p.ID == id }); i >= 0 {
		if c.Is(&people[i]) {
			return false, nil
		}
		name = people[i].Name
	}
	if !c.MayEdit(team) {
		return false, desk.Forbidden("Only editors of %s may answer for %s.", team.Name, name)
	}
	return true, nil
}

// allowAnswer refuses everybody except editors of the team in the path, and the people who
// asked for the exchange in the path or were asked.
func (s *Gate) allowAnswer(r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	AskingOf(r.Context()).team = team
	c := CallerOf(r.Context())
	if c.MayEdit(team) {
		return nil
	}
	refused := desk.Forbidden("Only editors of %s, and the people in this exchange, may do this.", team.Name)
	exchange, err := pathExchange(r)
	if err != nil || c.Person == nil {
		return refused
	}
	o, _ := team.Offer(exchange)
	for _, id := range append(slices.Clone(o.Asked), o.By) {
		if id == "" {
			continue
		}
		p, err := s.Desk.AnyPerson(r.Context(), id)
		if err != nil || c.Is(&p) {
			return err
		}
	}
	return refused
}
