package tally

import (
	"slices"

	"dailyroster/roster"
)

// MaxOwn is the most people whom Own gives.
const MaxOwn = 100

// Own are the team's people: those who take turns in its rotations from the first of the days
// to the last, and those who have one of them. They are in order of their ids, MaxOwn at most.
func Own(team *roster.Team, days []roster.Day) []roster.PersonID {
	if len(days) == 0 {
		return nil
	}
	own := team.TakingTurns("", days[0].Date, days[len(days)-1].Date)
	for _, d := range days {
		for _, id := range d.Assignments {
			if id != "" {
				own = append(own, id)
			}
		}
	}
	slices.Sort(own)
	own = slices.Compact(own)
	return own[:min(len(own), MaxOwn)]
}
