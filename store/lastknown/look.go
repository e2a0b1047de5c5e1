package lastknown

import (
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// Days implements store.Store.
func (s *Store) Days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error) {
	sight, err := s.Look(ctx, store.Look{Days: []store.Range{{Team: team, From: from, To: to}}})
	if err != nil {
		return nil, err
	}
	return store.OwnDays(sight.Days[0]), nil
}

// Look implements store.Store. It reads whole months, as the store does anyway, and remembers
// each. Where the store cannot answer it gives all of what is asked for from memory, or
// nothing; versions are not remembered.
func (s *Store) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if err := store.CheckLook(l); err != nil {
		return store.Sight{}, err
	}
	var wanted []monthKey
	for _, r := range l.Days {
		for _, m := range r.Months() {
			wanted = append(wanted, monthKey{r.Team, m})
		}
	}
	whole := l
	whole.Days = make([]store.Range, len(wanted))
	for i, w := range wanted {
		whole.Days[i] = store.Range{Team: w.team, From: w.month.First(), To: w.month.Last()}
	}
	known := s.knows(l, wanted)
	found, err := ask(ctx, s, known, func(ctx context.Context) (store.Sight, error) { return s.Store.Look(ctx, whole) })
	switch {
	case err == nil:
		s.remember(l, wanted, found)
		found.Days = daysOf(l, found.Days)
		return found, nil
	case !known || !unavailable(err) || ctx.Err() != nil: // nobody waits for what is known after their time
		return store.Sight{}, err
	}
	remembered, ok := s.recallSight(ctx, l, wanted)
	if !ok {
		return store.Sight{}, err
	}
	return remembered, nil
}

// daysOf are the days that the look asks for, out of its months, whole and in order.
func daysOf(l store.Look, months [][]roster.Day) [][]roster.Day {
	days := make([][]roster.Day, len(l.Days))
	for i, r := range l.Days {
		days[i], _ = r.Of(func(roster.Month) ([]roster.Day, error) { // which never fails
			month := months[0]
			months = months[1:]
			return month, nil
		})
	}
	return days
}

// knows reports whether all of it is remembered.
func (s *Store) knows(l store.Look, months []monthKey) bool {
	switch {
	case len(l.Versions) > 0,
		l.People && !s.names.has(struct{}{}),
		l.Teams && !s.index.has(struct{}{}),
		l.Team != "" && !s.team.has(l.Team) && !s.index.has(struct{}{}),
		l.Of != "" && !s.teamsOf.has(l.Of):
		return false
	}
	return !slices.ContainsFunc(months, func(key monthKey) bool { return !s.months.has(key) })
}

// remember keeps what a look found, with the days of whole months.
func (s *Store) remember(l store.Look, months []monthKey, found store.Sight) {
	at := s.now()
	if l.People {
		s.names.put(struct{}{}, found.People, at)
	}
	if l.Teams {
		s.index.put(struct{}{}, found.Teams, at)
	}
	if found.Team != nil {
		s.team.put(l.Team, found.Team, at)
	}
	if l.Of != "" {
		s.teamsOf.put(l.Of, found.Of, at)
	}
	for i, key := range months {
		s.months.put(key, found.Days[i], at)
	}
}

// recallSight gives all of it from memory, and notes how old it is.
func (s *Store) recallSight(ctx context.Context, l store.Look, months []monthKey) (sight store.Sight, ok bool) {
	ok = true
	if l.People {
		sight.People, ok = recalled(ctx, s.names, struct{}{}, ok)
	}
	if l.Teams {
		sight.Teams, ok = recalled(ctx, s.index, struct{}{}, ok)
	}
	if l.Team != "" {
		sight.Team, ok = s.recallTeam(ctx, l.Team, ok)
	}
	if l.Of != "" {
		sight.Of, ok = recalled(ctx, s.teamsOf, l.Of, ok)
	}
	days := make([][]roster.Day, len(months))
	for i, key := range months {
		days[i], ok = recalled(ctx, s.months, key, ok)
	}
	if !ok { // somebody else's answers have taken its place in the meantime
		return sight, false
	}
	sight.Days = daysOf(l, days)
	return sight, true
}

// recallTeam is recalled for a team that was read alone, or with all others, or was written.
func (s *Store) recallTeam(ctx context.Context, id roster.TeamID, soFar bool) (*roster.Team, bool) {
	team, at, known := s.team.get(id)
	if all, then, has := s.index.get(struct{}{}); has && (!known || then.After(at)) {
		team, at, known = all.Team(id), then, true
	}
	if known {
		store.NoteAge(ctx, at)
	}
	return team, known && soFar
}

// recalled is what is remembered, if all was before.
func recalled[K comparable, V any](ctx context.Context, m *memory[K, V], key K, soFar bool) (V, bool) {
	v, at, known := m.get(key)
	if known {
		store.NoteAge(ctx, at)
	}
	return v, known && soFar
}
