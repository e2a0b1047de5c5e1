package desk

import (
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// Somebody is in a team who takes turns in it, or has one of its days from pastDays ago to
// inDays ahead.
const pastDays = 31

// Colleagues are the people of the teams that among picks, and of those in which somebody with
// the email is, and these themselves; "" is nobody. It reads the days of these teams alone.
func (k *Desk) Colleagues(ctx context.Context, email string, among func(*roster.Team) bool) (map[roster.PersonID]bool, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, People: email != ""})
	if err != nil {
		return nil, err
	}
	colleagues := map[roster.PersonID]bool{}
	var theirs store.Sight // in whose days they have ever been
	self, known := sight.People.WithEmail(email)
	if known {
		colleagues[self.ID] = true
		if theirs, err = k.Store.Look(ctx, store.Look{Of: self.ID}); err != nil {
			return nil, err
		}
	}
	var (
		now   = k.Now()
		teams []*roster.Team
		days  []store.Range
	)
	listed := sight.Teams.Listed()
	for i := range listed {
		team := &listed[i]
		perhaps := known && (slices.Contains(theirs.Of, team.ID) || len(team.RotationsOf(self.ID, team.Today(now))) > 0)
		if perhaps || among(team) {
			today := team.DayAt(now)
			teams, days = append(teams, team), append(days, store.Range{Team: team.ID, From: today.AddDays(-pastDays), To: today.AddDays(inDays)})
		}
	}
	daysOf, err := k.daysOf(ctx, days...)
	if err != nil {
		return nil, err
	}
	for i, team := range teams {
		in := team.TakingTurns("", team.Today(now), days[i].To)
		for _, d := range daysOf[i] {
			for _, id := range d.Assignments {
				in = append(in, id)
			}
		}
		if !among(team) && !slices.Contains(in, self.ID) {
			continue
		}
		for _, id := range in {
			colleagues[id] = true
		}
	}
	delete(colleagues, "")
	return colleagues, nil
}
