package aerospike

import (
	"context"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
)

// maxMonths is how many months are kept decoded, of some 5 kB each; for a moment there may be
// twice as many.
const maxMonths = 4096

// monthOf names a month of a team.
type monthOf struct {
	team  roster.TeamID
	month roster.Month
}

// keptMonth is every day of a month as its record was. Nobody changes it.
type keptMonth struct {
	stamp stamp
	days  []roster.Day
}

// looking is a Look under way: what is asked for, where, and what is still there of it.
type looking struct {
	what                         []lookup
	peopleAt, teamsAt, membersAt int
	people                       []*shard[roster.Person]
	teams                        []*shard[roster.Team]
	months                       map[monthOf]int
	kept                         map[int]keptMonth // by their places in what
}

// Look implements store.Store. It is one round trip as long as nothing has changed since this
// process looked last, and a second one where something has.
func (s *Store) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if err := store.CheckLook(l); err != nil {
		return store.Sight{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	var sight store.Sight
	err := repeat(ctx, readPause, func() (err error) {
		sight, err = s.look(ctx, l)
		return err
	})
	if err != nil {
		return store.Sight{}, err
	}
	return sight, nil
}

func (s *Store) look(ctx context.Context, l store.Look) (sight store.Sight, err error) {
	q := s.looking(l)
	answers, err := s.read(ctx, q.what...)
	if err != nil {
		return sight, err
	}
	if l.People {
		if sight.People, err = s.people.all(ctx, s, q.people, answers[q.peopleAt:]); err != nil {
			return sight, err
		}
	}
	switch {
	case len(q.teams) == shards:
		if sight.Teams, err = s.teams.all(ctx, s, q.teams, answers[q.teamsAt:]); err != nil {
			return sight, err
		}
		sight.Team = sight.Teams.Team(l.Team)
	case l.Team != "":
		h, err := s.teams.shardOf(ctx, s, shardOf(string(l.Team)), q.teams[0], answers[q.teamsAt])
		if err != nil {
			return sight, err
		}
		sight.Team = h.find(string(l.Team))
	}
	if l.Of != "" {
		if sight.Of, err = s.teamsOf(sight.Teams, answers[q.membersAt], answers[q.membersAt+1]); err != nil {
			return sight, err
		}
	}
	sight.Days = make([][]roster.Day, len(l.Days))
	for i, r := range l.Days {
		sight.Days[i], err = r.Of(func(m roster.Month) ([]roster.Day, error) { return s.monthDays(q, r.Team, m, answers) })
		if err != nil {
			return sight, err
		}
	}
	sight.Versions = make([]map[roster.Month]int64, len(l.Versions))
	for i, w := range l.Versions {
		sight.Versions[i] = make(map[roster.Month]int64, len(w.Months))
		for _, m := range w.Months {
			sight.Versions[i][m] = versionOf(answers[q.months[monthOf{w.Team, m}]]).seq
		}
	}
	return sight, nil
}

// looking lists what a look asks for. A record is asked for once, however often it is wanted,
// so that days and versions of one month belong together.
func (s *Store) looking(l store.Look) *looking {
	q := &looking{months: map[monthOf]int{}, kept: map[int]keptMonth{}}
	if l.People {
		q.peopleAt = len(q.what)
		for n := range shards {
			what, was := s.people.lookup(n)
			q.what, q.people = append(q.what, what), append(q.people, was)
		}
	}
	q.teamsAt = len(q.what)
	for n := range shards {
		if l.Teams || l.Of != "" || l.Team != "" && n == shardOf(string(l.Team)) {
			what, was := s.teams.lookup(n)
			q.what, q.teams = append(q.what, what), append(q.teams, was)
		}
	}
	if l.Of != "" {
		q.membersAt = len(q.what)
		q.what = append(q.what, s.memberLookups(l.Of)...)
	}
	for _, r := range l.Days {
		for _, m := range r.Months() {
			s.askMonth(q, monthOf{r.Team, m}, true)
		}
	}
	for _, w := range l.Versions {
		for _, m := range w.Months {
			s.askMonth(q, monthOf{w.Team, m}, false)
		}
	}
	return q
}

// askMonth adds a month to what is asked for: its days, or its version alone.
func (s *Store) askMonth(q *looking, of monthOf, days bool) {
	if _, asked := q.months[of]; asked {
		return
	}
	what := lookup{key: s.monthKey(of.team, of.month), bins: briefBins(), versioned: true}
	if days {
		what.bins = []string{binDays, binSeq, binAt}
		if kept, known := s.months.Get(of); known {
			q.kept[len(q.what)], what.known = kept, kept.stamp
		}
	}
	q.months[of] = len(q.what)
	q.what = append(q.what, what)
}

// monthDays is every day of a month, decoded only if it is not kept as the answer says.
func (s *Store) monthDays(q *looking, team roster.TeamID, m roster.Month, answers []as.BinMap) ([]roster.Day, error) {
	of := monthOf{team, m}
	at := q.months[of]
	is := stampOf(answers[at])
	if kept, known := q.kept[at]; known && kept.stamp == is {
		return kept.days, nil
	}
	record, err := decodeDays(q.what[at].key, m, answers[at])
	if err != nil {
		return nil, err
	}
	days := store.MonthDays(m, func(n int) (roster.Day, bool) { day, ok := record[n]; return day, ok })
	kept := keptMonth{is, days}
	q.kept[at] = kept
	if is != (stamp{}) {
		s.months.Put(of, kept)
	}
	return days, nil
}
