package roster

// Coverage is how much of a role is filled over a range of days.
type Coverage struct {
	Role Role
	Days int
	Gaps []Date // the days that nobody holds the role on, in order
}

// CoverageOf tells, for each of the team's roles in their order, on which of the days
// nobody holds it.
func CoverageOf(team *Team, days []Day) []Coverage {
	roles := make([]Coverage, len(team.Roles))
	at := make(map[RoleID]int, len(team.Roles))
	for i, r := range team.Roles {
		roles[i] = Coverage{Role: r, Days: len(days)}
		at[r.ID] = i
	}
	for _, g := range Gaps(team, days) {
		c := &roles[at[g.Role]]
		c.Gaps = append(c.Gaps, g.Date)
	}
	return roles
}

// Covered is the number of days that somebody holds the role on.
func (c Coverage) Covered() int { return c.Days - len(c.Gaps) }

// Percent is the share of days covered, rounded down: 100 means that there is no gap.
func (c Coverage) Percent() int {
	if c.Days == 0 {
		return 100
	}
	return 100 * c.Covered() / c.Days
}
