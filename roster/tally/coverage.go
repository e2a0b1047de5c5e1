package tally

import "dailyroster/roster"

// Coverage is how much of a role is filled over a range of days.
type Coverage struct {
	Role roster.Role
	Days int           // on which the role serves
	Gaps []roster.Date // the days of them that nobody holds the role on, in order
}

// TeamCoverage is the coverage of one team's roles, in their order, over the days From to
// To; From is the day that is on call now.
type TeamCoverage struct {
	Team     *roster.Team
	From, To roster.Date
	Roles    []Coverage
	// Time tells the same by the hour; nil where no role has hours.
	Time *TimeCoverage
}

// CoverageOf tells, for each of the team's roles in their order, on which of the days
// nobody holds it.
func CoverageOf(team *roster.Team, days []roster.Day) []Coverage {
	roles := make([]Coverage, len(team.Roles))
	at := make(map[roster.RoleID]int, len(team.Roles))
	for i, r := range team.Roles {
		roles[i] = Coverage{Role: r, Days: len(days)}
		if len(team.HoursOf(r.ID)) > 0 {
			roles[i].Days = 0
			for _, d := range days {
				if team.Serves(r.ID, d.Date) {
					roles[i].Days++
				}
			}
		}
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

// Gap is a role that nobody holds on a day on which it serves.
type Gap struct {
	Date roster.Date
	Role roster.RoleID
}

// Gaps lists the gaps in the days, in order of days and then of the team's roles.
func Gaps(team *roster.Team, days []roster.Day) []Gap {
	var gaps []Gap
	for _, d := range days {
		for _, r := range team.Roles {
			if d.Assignments[r.ID] == "" && team.Serves(r.ID, d.Date) {
				gaps = append(gaps, Gap{d.Date, r.ID})
			}
		}
	}
	return gaps
}
