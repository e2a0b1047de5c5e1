package aerospike

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/store"
)

const (
	// maxKnownMembers is how many people of teams are known to be in the index.
	maxKnownMembers = 50_000
	// membersDone is the key of the record that says since when the index has everybody. No
	// person has such an id.
	membersDone = "/done"
	// binSince is its bin: when that was, in ms since 1970.
	binSince = "since"
	// indexAgain is how long after that a process which starts still makes the index again:
	// meanwhile one from before the index may have saved something.
	indexAgain = 24 * time.Hour
	// membersAtOnce is how many people of a team are added at the same time.
	membersAtOnce = 8
)

// memberOf is a person in the days of a team.
type memberOf struct {
	team   roster.TeamID
	person roster.PersonID
}

func (s *Store) memberLookups(person roster.PersonID) []lookup {
	return []lookup{
		{key: s.key(setMembers, string(person)), ops: []*as.Operation{as.MapGetByIndexRangeOp(binTeams, 0, as.MapReturnType.KEY)}},
		{key: s.key(setMembers, membersDone), bins: []string{binSince}},
	}
}

// teamsOf are the teams of a person by the answers to memberLookups: all of them, as long as
// the index may not have everybody.
func (s *Store) teamsOf(all roster.Teams, index, done as.BinMap) ([]roster.TeamID, error) {
	var teams []roster.TeamID
	if index != nil {
		elements, _ := index[binTeams].([]any)
		for _, e := range elements {
			id, ok := e.(string)
			if !ok {
				return nil, errors.New("the teams of a person have an unexpected element")
			}
			teams = append(teams, roster.TeamID(id))
		}
	}
	if since, _ := done[binSince].(int); !s.indexed.Load() && s.now().Sub(time.UnixMilli(int64(since))) < indexAgain || done == nil {
		s.indexMembers()
		for _, t := range all.All() {
			teams = append(teams, t.ID)
		}
	}
	slices.Sort(teams)
	return slices.Compact(teams), nil
}

// enlist puts people on the index of who is in which team, and returns nil when every replica
// has that, on its device. It comes before their days are saved, so that nobody is in a team's
// days who is not found; who is found may be in none of them. Nobody is ever taken off.
func (s *Store) enlist(ctx context.Context, team roster.TeamID, people []roster.PersonID) error {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs error
	)
	room := make(chan struct{}, membersAtOnce)
	for _, p := range people {
		of := memberOf{team, p}
		if _, known := s.members.Get(of); known {
			continue
		}
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
			key := s.key(setMembers, string(p))
			err := repeat(ctx, writePause, func() error {
				rec, err := s.operate(ctx, key, as.UPDATE, nil, as.MapPutOp(ordered, binTeams, string(team), 1))
				return s.settled(ctx, key, rec, err)
			})
			if err == nil {
				s.members.Put(of, struct{}{})
				return
			}
			mu.Lock()
			defer mu.Unlock()
			errs = errors.Join(errs, err)
		})
	}
	wg.Wait()
	return errs
}

// peopleIn are those who hold roles on the days, each once.
func peopleIn(days []roster.Day) []roster.PersonID {
	in := map[roster.PersonID]bool{}
	for _, d := range days {
		for _, p := range d.Assignments {
			in[p] = true
		}
	}
	return slices.Sorted(maps.Keys(in))
}

// indexMembers makes the index of what was saved before there was one, in the background and
// once in the life of a process.
func (s *Store) indexMembers() {
	s.indexing.Do(func() {
		s.background.Go(func() {
			for wait := time.Second; ; wait = min(2*wait, time.Minute) {
				err := s.indexAll(s.ctx)
				if err == nil || s.ctx.Err() != nil {
					return
				}
				s.log.Warn("the index of who is in which team is not made yet", "error", err)
				select {
				case <-time.After(wait):
				case <-s.ctx.Done():
					return
				}
			}
		})
	})
}

// indexAll goes through the days of all teams.
func (s *Store) indexAll(ctx context.Context) error {
	sight, err := s.Look(ctx, store.Look{Teams: true})
	if err != nil {
		return err
	}
	for _, team := range sight.Teams.All() {
		months, err := s.listedMonths(ctx, team.ID)
		if err != nil {
			return err
		}
		in := map[roster.PersonID]bool{}
		for some := range slices.Chunk(months, 100) {
			records, err := s.readMonths(ctx, team.ID, some)
			if err != nil {
				return err
			}
			for _, days := range records {
				for _, p := range peopleIn(slices.Collect(maps.Values(days))) {
					in[p] = true
				}
			}
		}
		if err := s.enlist(ctx, team.ID, slices.Sorted(maps.Keys(in))); err != nil {
			return err
		}
	}
	key := s.key(setMembers, membersDone)
	err = repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.CREATE_ONLY, nil, as.PutOp(as.NewBin(binSince, int(s.now().UnixMilli()))))
		if err != nil && err.Matches(types.KEY_EXISTS_ERROR) {
			return nil
		}
		return s.settled(ctx, key, rec, err)
	})
	s.indexed.Store(err == nil)
	return err
}
