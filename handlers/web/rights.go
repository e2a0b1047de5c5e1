package web

import (
	"context"
	"slices"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/words/said"
)

// Right is what a caller must have to use a route. Every Route names one.
type Right int

// The rights. Without a sign-in, everybody has all of them.
const (
	_              Right = iota
	Open                 // anybody, signed in or not
	Read                 // everybody who is signed in, and every token
	ReadByAddress        // the same, and whoever has a token to read in the address, see WallToken
	ReadInPerson         // everybody who is signed in, but no token
	Edit                 // editors of the team in the path
	EditInPerson         // the same, but no token
	AnswerExchange       // editors of the team in the path, and those whom its exchange in the path concerns
	EditPeople           // members of some team, see Caller.IsMember
	EditPerson           // the same, and the person in the path
	PersonFeeds          // the person in the path, members of their teams, and admins, but no token
	Administer           // admins, and never a token
)

// Access says who has which rights, as far as the program's settings say so and not the
// teams.
type Access struct {
	Admins      []string // subjects or emails
	AdminGroups []string
	// GroupTeams are the teams that members of a group may edit. In any case, members of a
	// group that is named like a team's id may edit that team.
	GroupTeams map[string][]roster.TeamID
}

func (a Access) isAdmin(i signin.Identity) bool {
	return slices.ContainsFunc(a.Admins, i.Is) ||
		slices.ContainsFunc(i.Groups, func(g string) bool { return slices.Contains(a.AdminGroups, g) })
}

// isMember reports whether a group makes the person an editor of the team.
func (a Access) isMember(i signin.Identity, team roster.TeamID) bool {
	return slices.ContainsFunc(i.Groups, func(g string) bool {
		return g == string(team) || slices.Contains(a.GroupTeams[g], team)
	})
}

// edits reports whether the person edits the team by a group or as one of its listed editors.
func (a Access) edits(i signin.Identity, team *roster.Team) bool {
	return a.isMember(i, team.ID) || slices.ContainsFunc(team.Editors, i.Is)
}

// Matters reports whether members of the group have any rights from it.
func (a Access) Matters(group string, teams []roster.Team) bool {
	return slices.Contains(a.AdminGroups, group) || len(a.GroupTeams[group]) > 0 ||
		slices.ContainsFunc(teams, func(t roster.Team) bool { return string(t.ID) == group })
}

// MaySetEditors refuses a caller who may not change who edits the team, if is differs from was
// in that.
func (c *Caller) MaySetEditors(was, is *roster.Team) error {
	switch {
	case is.OpenEditing == was.OpenEditing && slices.Equal(is.Editors, was.Editors):
		return nil
	case !c.InPerson(): // whoever has a stolen token must not gain more rights with it
		return NotByToken()
	case !c.IsMember(was): // the right that everybody has in an open team does not count
		return desk.Forbidden("Only admins, and editors of %s by group or name, may change who edits it.", was.Name)
	}
	return nil
}

// MaySetActive refuses a caller who may not activate or deactivate the person, if is differs
// from was in that. The right to edit one's own entry does not cover it.
func (s *Gate) MaySetActive(ctx context.Context, was, is *roster.Person) error {
	if is.Active == was.Active {
		return nil
	}
	may, err := s.MayEditPeople(ctx)
	if err == nil && !may {
		refused := desk.Forbidden("active: only an editor of a team may activate or deactivate people, themselves included.")
		refused.Fields = roster.FieldErrors{{Field: "active", Err: said.New("only an editor of a team may change this")}}
		err = refused
	}
	return err
}
