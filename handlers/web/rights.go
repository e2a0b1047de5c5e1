package web

import (
	"slices"

	"dailyroster/roster"
	"dailyroster/signin"
)

// Right is what a caller must have to use a route. Every Route names one.
type Right int

// The rights. Without a sign-in, everybody has all of them.
const (
	_                  Right = iota
	Open                     // anybody, signed in or not
	Read                     // everybody who is signed in, and every token
	ReadInPerson             // everybody who is signed in, but no token
	Edit                     // editors of the team in the path
	EditInPerson             // the same, but no token
	EditPeople               // editors of some team
	EditPerson               // editors of some team, and the person in the path
	EditPersonInPerson       // the same, but no token
	Administer               // admins, and never a token
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

// Matters reports whether members of the group have any rights from it.
func (a Access) Matters(group string, teams []roster.Team) bool {
	return slices.Contains(a.AdminGroups, group) || len(a.GroupTeams[group]) > 0 ||
		slices.ContainsFunc(teams, func(t roster.Team) bool { return string(t.ID) == group })
}
