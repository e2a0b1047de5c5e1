package aerospike

import (
	"context"

	"dailyroster/roster"
	"dailyroster/store"
)

// Look implements store.Store.
func (s *Store) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	var sight store.Sight
	if err := store.CheckLook(l); err != nil {
		return sight, err
	}
	if l.People {
		people, err := s.People(ctx)
		if err != nil {
			return sight, err
		}
		sight.People = roster.NewNames(people)
	}
	if l.Teams {
		teams, err := s.Teams(ctx)
		if err != nil {
			return sight, err
		}
		sight.Teams = roster.NewTeams(teams)
	}
	sight.Days = make([][]roster.Day, len(l.Days))
	for i, r := range l.Days {
		days, err := s.Days(ctx, r.Team, r.From, r.To)
		if err != nil {
			return sight, err
		}
		sight.Days[i] = days
	}
	sight.Versions = make([]map[roster.Month]int64, len(l.Versions))
	for i, w := range l.Versions {
		versions, err := s.Versions(ctx, w.Team, w.Months)
		if err != nil {
			return sight, err
		}
		sight.Versions[i] = versions
	}
	return sight, nil
}
