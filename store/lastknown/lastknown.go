// Package lastknown keeps a roster readable while its store is not: it stands in front
// of a store, remembers what was read, and gives that, noting its age (store.NoteAge),
// when the store cannot answer. Writes always go to the store, and fail when it does. So do
// questions about channels and about what was sent to whom: whoever sends has to know.
package lastknown

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
)

const (
	// patience is how long a read waits for the store where something is remembered.
	patience = 1500 * time.Millisecond
	// restTime is how long, after a failure, remembered answers are given at once, before
	// one read asks the store again.
	restTime = time.Second
	// maxMonths and maxOthers bound what is remembered: months of 5 kB or so, which
	// a store that keeps them decoded shares, and single teams, people and tokens. A copy has
	// five months of each team.
	maxMonths = 10_000
	maxOthers = 20_000
)

// Store is a store.Store that remembers. It is safe for use by many goroutines.
type Store struct {
	store.Store
	now func() time.Time

	mu      sync.Mutex
	failing bool
	askNext time.Time // while failing: when the store is asked again where something is remembered

	teamList   *memory[struct{}, []roster.Team]
	teams      *memory[roster.TeamID, roster.Team]
	personList *memory[struct{}, []roster.Person]
	people     *memory[roster.PersonID, roster.Person]
	tokens     *memory[credential.TokenID, credential.Token]
	months     *memory[monthKey, []roster.Day] // whole months, which nobody changes
	names      *memory[struct{}, roster.Names] // likewise
	index      *memory[struct{}, roster.Teams] // likewise
	team       *memory[roster.TeamID, *roster.Team]
	teamsOf    *memory[roster.PersonID, []roster.TeamID]
}

type monthKey struct {
	team  roster.TeamID
	month roster.Month
}

// New puts a memory in front of a store, which it owns from then on.
func New(s store.Store, now func() time.Time) *Store {
	return &Store{
		Store: s, now: now,
		teamList:   newMemory[struct{}](1, cloneTeams),
		teams:      newMemory[roster.TeamID](maxOthers, cloneTeam),
		personList: newMemory[struct{}](1, slices.Clone[[]roster.Person]),
		people:     newMemory[roster.PersonID](maxOthers, func(p roster.Person) roster.Person { return p }),
		tokens:     newMemory[credential.TokenID](maxOthers, func(t credential.Token) credential.Token { return t }),
		months:     newMemory[monthKey](maxMonths, shared[[]roster.Day]),
		names:      newMemory[struct{}](1, shared[roster.Names]),
		index:      newMemory[struct{}](1, shared[roster.Teams]),
		team:       newMemory[roster.TeamID](maxOthers, shared[*roster.Team]),
		teamsOf:    newMemory[roster.PersonID](maxOthers, shared[[]roster.TeamID]),
	}
}

// forgetAll forgets everything.
func (s *Store) forgetAll() {
	s.teamList.clear()
	s.teams.clear()
	s.personList.clear()
	s.people.clear()
	s.tokens.clear()
	s.months.clear()
	s.names.clear()
	s.index.clear()
	s.team.clear()
	s.teamsOf.clear()
}

// Teams implements store.Store.
func (s *Store) Teams(ctx context.Context) ([]roster.Team, error) {
	return recall(ctx, s, s.teamList, struct{}{}, s.Store.Teams)
}

// Team implements store.Store.
func (s *Store) Team(ctx context.Context, id roster.TeamID) (roster.Team, error) {
	return recall(ctx, s, s.teams, id, func(ctx context.Context) (roster.Team, error) { return s.Store.Team(ctx, id) })
}

// People implements store.Store.
func (s *Store) People(ctx context.Context) ([]roster.Person, error) {
	return recall(ctx, s, s.personList, struct{}{}, s.Store.People)
}

// Person implements store.Store.
func (s *Store) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	return recall(ctx, s, s.people, id, func(ctx context.Context) (roster.Person, error) { return s.Store.Person(ctx, id) })
}

// Token implements store.Store. So programs can still read while the store does not
// answer; a token that is revoked meanwhile lets them, until it does again.
func (s *Store) Token(ctx context.Context, id credential.TokenID) (credential.Token, error) {
	return recall(ctx, s, s.tokens, id, func(ctx context.Context) (credential.Token, error) { return s.Store.Token(ctx, id) })
}

// SignOut implements store.Store. It remembers nothing, as whoever asks knows what they were
// told, and waits for a store that fails no longer than for one whose answer is remembered.
func (s *Store) SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error) {
	return ask(ctx, s, true, func(ctx context.Context) (credential.SignOut, error) { return s.Store.SignOut(ctx, id) })
}

// Save implements store.Store.
func (s *Store) Save(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	saved, err := s.Store.Save(ctx, team, edit)
	if err == nil {
		s.answered(true)
		s.months.change(monthKey{team, edit.Month()}, func(days []roster.Day) []roster.Day {
			days = slices.Clone(days)
			for _, d := range saved.Days {
				days[d.Date.Day-1] = d.Clone()
			}
			return days
		})
	}
	return saved, err
}

// PutTeam implements store.Store.
func (s *Store) PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error {
	err := s.Store.PutTeam(ctx, team, basedOn)
	if err == nil {
		s.teams.put(team.ID, team, s.now())
		own := cloneTeam(team)
		s.team.put(team.ID, &own, s.now())
	}
	return err
}

// PutPerson implements store.Store.
func (s *Store) PutPerson(ctx context.Context, person roster.Person, basedOn roster.Revision) error {
	err := s.Store.PutPerson(ctx, person, basedOn)
	if err == nil {
		s.people.put(person.ID, person, s.now())
	}
	return err
}

// PutToken implements store.Store.
func (s *Store) PutToken(ctx context.Context, token credential.Token, basedOn roster.Revision) error {
	err := s.Store.PutToken(ctx, token, basedOn)
	if err == nil {
		s.tokens.put(token.ID, token, s.now())
	}
	return err
}

// recall reads a value and remembers it, or gives what is remembered where the store
// cannot answer.
func recall[K comparable, V any](ctx context.Context, s *Store, m *memory[K, V], key K, read func(context.Context) (V, error)) (V, error) {
	v, err := ask(ctx, s, m.has(key), read)
	switch {
	case err == nil:
		m.put(key, v, s.now())
	case errors.Is(err, store.ErrNotFound):
		m.forget(key)
	case unavailable(err) && ctx.Err() == nil: // nobody waits for what is known after their time
		if old, at, ok := m.get(key); ok {
			store.NoteAge(ctx, at)
			return old, nil
		}
	}
	return v, err
}

// ask asks the store: patiently, unless the answer is remembered. Then it waits for
// patience at most, and not at all while a failure is fresh.
func ask[V any](ctx context.Context, s *Store, known bool, read func(context.Context) (V, error)) (v V, err error) {
	asked := ctx
	if known {
		if s.resting() {
			return v, &store.UnavailableError{Err: errResting}
		}
		var cancel context.CancelFunc
		asked, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	v, err = read(asked)
	if ctx.Err() == nil { // a caller who went away says nothing about the store
		s.answered(!unavailable(err))
	}
	return v, err
}

var errResting = errors.New("the store failed a moment ago")

// resting reports whether the store is not to be asked now. While it fails, one
// caller is let through each restTime.
func (s *Store) resting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.failing {
		return false
	}
	now := s.now()
	if now.Before(s.askNext) {
		return true
	}
	s.askNext = now.Add(restTime + patience)
	return false
}

// answered notes whether the store could answer.
func (s *Store) answered(well bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = !well
	if !well {
		s.askNext = s.now().Add(restTime)
	}
}

func unavailable(err error) bool {
	_, is := errors.AsType[*store.UnavailableError](err)
	return is
}

func cloneTeam(t roster.Team) roster.Team {
	t.Roles, t.Settings, t.Offers, t.Editors = slices.Clone(t.Roles), slices.Clone(t.Settings), slices.Clone(t.Offers), slices.Clone(t.Editors)
	return t
}

func cloneTeams(teams []roster.Team) []roster.Team {
	copied := make([]roster.Team, len(teams))
	for i, t := range teams {
		copied[i] = cloneTeam(t)
	}
	return copied
}

// shared is how what nobody changes is copied.
func shared[V any](v V) V { return v }
