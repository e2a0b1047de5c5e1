package tally

import (
	"slices"
	"time"

	"dailyroster/roster"
)

// TimeGap is a time that a role is on duty and nobody holds it.
type TimeGap struct {
	Gap
	roster.Shift
}

// CoveredTime is how much time of a role, or of a team, somebody answers for.
type CoveredTime struct {
	OnDuty time.Duration // what is to be covered
	Held   time.Duration // of it, what somebody holds
}

// Percent is the share that is held, rounded down: 100 means that nothing is missing.
func (c CoveredTime) Percent() int {
	if c.OnDuty == 0 {
		return 100
	}
	return int(100 * (c.Held / time.Minute) / (c.OnDuty / time.Minute))
}

// TimeCoverage tells by the hour what is covered in some days of a team.
type TimeCoverage struct {
	Roles []CoveredTime // in the order of the team's roles
	Gaps  []TimeGap     // in order of days and then of roles
	// Team is the time in which somebody would be called, of all time between the first
	// day's hand-off and the end of the last day's shift.
	Team      CoveredTime
	Uncovered []roster.Shift // when nobody would be called, in order
}

// GapsOf are the gaps of one role, in order.
func (c TimeCoverage) GapsOf(role roster.RoleID) []roster.Shift {
	var gaps []roster.Shift
	for _, g := range c.Gaps {
		if g.Role == role {
			gaps = append(gaps, g.Shift)
		}
	}
	return gaps
}

// TimeCoverageOf tells what is covered in the days, which come in order and without holes.
// A team's own time runs from the first day's hand-off to the end of the last; hours of a
// role in another zone can begin before or end after it, and count for the role alone. Days
// before the first, whose hours last into it, are among before, in order.
func TimeCoverageOf(team *roster.Team, before, days []roster.Day) TimeCoverage {
	c := TimeCoverage{Roles: make([]CoveredTime, len(team.Roles))}
	if len(days) == 0 {
		return c
	}
	whole := roster.Shift{Start: team.ShiftOf(days[0].Date).Start, End: team.ShiftOf(days[len(days)-1].Date).End}
	var held []roster.Shift
	for i, role := range team.Roles {
		for _, day := range before {
			if day.Assignments[role.ID] != "" {
				held = append(held, team.OnDuty(role.ID, day.Date)...)
			}
		}
		for _, day := range days {
			for _, on := range team.OnDuty(role.ID, day.Date) {
				c.Roles[i].OnDuty += on.Hours()
				if day.Assignments[role.ID] == "" {
					c.Gaps = append(c.Gaps, TimeGap{Gap{day.Date, role.ID}, on})
					continue
				}
				c.Roles[i].Held += on.Hours()
				held = append(held, on)
			}
		}
	}
	slices.SortStableFunc(c.Gaps, func(a, b TimeGap) int { return a.Date.Compare(b.Date) })
	c.Uncovered = without(whole, held)
	c.Team = CoveredTime{OnDuty: whole.Hours(), Held: whole.Hours()}
	for _, u := range c.Uncovered {
		c.Team.Held -= u.Hours()
	}
	return c
}

// without is what of the whole lies in none of the shifts, in order. It sorts the shifts.
func without(whole roster.Shift, shifts []roster.Shift) []roster.Shift {
	slices.SortFunc(shifts, func(a, b roster.Shift) int { return a.Start.Compare(b.Start) })
	var rest []roster.Shift
	at := whole.Start
	for _, s := range shifts {
		if s.Start.After(at) {
			if !s.Start.Before(whole.End) {
				break
			}
			rest = append(rest, roster.Shift{Start: at, End: s.Start})
		}
		if s.End.After(at) {
			at = s.End
		}
	}
	if at.Before(whole.End) {
		rest = append(rest, roster.Shift{Start: at, End: whole.End})
	}
	return rest
}
