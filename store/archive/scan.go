package archive

import (
	"context"
	"errors"
	"maps"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// maxTries is how often a team is read again because somebody edited it meanwhile.
const maxTries = 20

// source gives all items, in the order of the lines, as often as it is called.
type source func(ctx context.Context, yield func(item) error) error

// ofStore gives what a store holds.
func ofStore(s store.Store) source {
	return func(ctx context.Context, yield func(item) error) error {
		for _, k := range kinds() {
			if err := k.scan(ctx, s, yield); err != nil {
				return err
			}
		}
		return nil
	}
}

// summaryOf reads all of it and sums it up; seen is told of each item with its line.
func summaryOf(ctx context.Context, from source, seen func(it item, line []byte) error) (Summary, error) {
	t := newTally()
	err := from(ctx, func(it item) error {
		line, err := encode(it.kind.name, it.value)
		if err != nil {
			return err
		}
		t.add(it, line)
		return seen(it, line)
	})
	return t.summary(), err
}

// size is how many items the store holds, as far as that is known without reading the
// months, and the first version of the format that has all that they are.
func size(ctx context.Context, s store.Store) (n, needs int, err error) {
	var teams []roster.Team
	needs = first
	for _, k := range kinds() {
		if k.name == monthKind {
			continue
		}
		err := k.scan(ctx, s, func(it item) error {
			n++
			needs = max(needs, neededBy(it.value))
			if team, is := it.value.(roster.Team); is {
				teams = append(teams, team)
			}
			return nil
		})
		if err != nil {
			return 0, 0, err
		}
	}
	for _, t := range teams {
		months, err := s.Months(ctx, t.ID)
		if err != nil {
			return 0, 0, err
		}
		n += len(months)
	}
	return n, needs, nil
}

// neededBy is the first version of the format that has what is to be written.
func neededBy(value any) int {
	switch v := value.(type) {
	case roster.Team:
		if v.CountsHours() {
			return withHours
		}
	case roster.Person:
		if !v.Notices.IsZero() {
			return version
		}
	case notice.Channel, notice.Record:
		return version
	}
	return first
}

// eachMonth gives every month of every team that has ever been edited.
func eachMonth(ctx context.Context, s store.Store, yield func(store.MonthRecord) error) error {
	teams, err := s.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		records, err := pastOf(ctx, s, t.ID)
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := yield(r); err != nil {
				return err
			}
		}
	}
	return nil
}

var errBusy = errors.New("the roster is edited faster than it can be read")

// pastOf reads a team's months as they were at one time: where a version moved meanwhile,
// all of it again.
func pastOf(ctx context.Context, s store.Store, team roster.TeamID) ([]store.MonthRecord, error) {
	for range maxTries {
		before, err := versions(ctx, s, team)
		if err != nil {
			return nil, err
		}
		records, err := readMonths(ctx, s, team, before)
		if err != nil {
			return nil, err
		}
		after, err := versions(ctx, s, team)
		if err != nil {
			return nil, err
		}
		if maps.Equal(before, after) {
			return records, nil
		}
	}
	return nil, &store.UnavailableError{Err: errBusy}
}

func versions(ctx context.Context, s store.Store, team roster.TeamID) (map[roster.Month]int64, error) {
	months, err := s.Months(ctx, team)
	if err != nil {
		return nil, err
	}
	found, err := s.Versions(ctx, team, months)
	maps.DeleteFunc(found, func(_ roster.Month, version int64) bool { return version == 0 })
	return found, err
}

func readMonths(ctx context.Context, s store.Store, team roster.TeamID, versions map[roster.Month]int64) ([]store.MonthRecord, error) {
	changes, err := historyOf(ctx, s, team)
	if err != nil {
		return nil, err
	}
	var records []store.MonthRecord
	for _, m := range slices.SortedFunc(maps.Keys(versions), func(a, b roster.Month) int { return a.First().Compare(b.First()) }) {
		r := store.MonthRecord{Team: team, Month: m, Version: versions[m], Changes: changes[m]}
		days, err := s.Days(ctx, team, m.First(), m.Last())
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			if d.Revision != "" {
				r.Days = append(r.Days, d)
			}
		}
		records = append(records, r)
	}
	return records, nil
}

// historyOf is the team's history by months, numbered: in the order of taking effect
// within a month, and between months by the changes' times, of which the store promises
// nothing; a later month comes later at the same time.
func historyOf(ctx context.Context, s store.Store, team roster.TeamID) (map[roster.Month][]store.Entry, error) {
	newestFirst := map[roster.Month][]roster.Change{}
	total := int64(0)
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for {
		page, err := s.Changes(ctx, team, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Changes {
			newestFirst[c.Date.InMonth()] = append(newestFirst[c.Date.InMonth()], c)
			total++
		}
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	numbered := map[roster.Month][]store.Entry{}
	for ; total > 0; total-- {
		var newest roster.Month
		for m, left := range newestFirst {
			if len(left) > 0 && (newest == roster.Month{} || laterOf(left[0], newestFirst[newest][0])) {
				newest = m
			}
		}
		numbered[newest] = append(numbered[newest], store.Entry{Number: total, Change: newestFirst[newest][0]})
		newestFirst[newest] = newestFirst[newest][1:]
	}
	for _, entries := range numbered {
		slices.Reverse(entries)
	}
	return numbered, nil
}

// laterOf reports whether a comes after b, changes of two months.
func laterOf(a, b roster.Change) bool {
	if a.Time.Equal(b.Time) {
		return b.Date.Before(a.Date)
	}
	return b.Time.Before(a.Time)
}
