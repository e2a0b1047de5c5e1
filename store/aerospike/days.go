package aerospike

import (
	"context"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
)

// maxSeenDays is how many days are remembered as they were at some revision.
const maxSeenDays = 8192

// dayAt names a day as it was at a revision. A revision is the id of one change, so
// what it names never changes.
type dayAt struct {
	team     roster.TeamID
	date     roster.Date
	revision roster.Revision
}

// Days implements store.Store, in one round trip.
func (s *Store) Days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error) {
	sight, err := s.Look(ctx, store.Look{Days: []store.Range{{Team: team, From: from, To: to}}})
	if err != nil {
		return nil, err
	}
	return store.OwnDays(sight.Days[0]), nil
}

// readMonths reads the days of several months and remembers them.
func (s *Store) readMonths(ctx context.Context, team roster.TeamID, months []roster.Month) ([]map[int]roster.Day, error) {
	what := make([]lookup, len(months))
	for i, m := range months {
		what[i] = lookup{key: s.monthKey(team, m), bins: []string{binDays, binSeq, binAt}, versioned: true}
	}
	answers, err := s.read(ctx, what...)
	if err != nil {
		return nil, err
	}
	records := make([]map[int]roster.Day, len(months))
	for i, m := range months {
		if records[i], err = decodeDays(what[i].key, m, answers[i]); err != nil {
			return nil, store.Wrap(err)
		}
		for _, d := range records[i] {
			s.remember(team, d)
		}
	}
	return records, nil
}

func (s *Store) readMonth(ctx context.Context, team roster.TeamID, m roster.Month) (func(roster.Date) roster.Day, error) {
	records, err := s.readMonths(ctx, team, []roster.Month{m})
	if err != nil {
		return nil, err
	}
	return func(d roster.Date) roster.Day { return dayOf(records[0], d) }, nil
}

func dayOf(record map[int]roster.Day, d roster.Date) roster.Day {
	if day, ok := record[d.Day]; ok {
		return day
	}
	return roster.Day{Date: d}
}

func (s *Store) remember(team roster.TeamID, d roster.Day) {
	if d.Revision != "" {
		s.seen.Add(dayAt{team, d.Date, d.Revision}, d.Clone)
	}
}

// recall gives the edit's days as they were at the revisions that it was based on, if
// all are remembered.
func (s *Store) recall(team roster.TeamID, edit roster.Edit) (func(roster.Date) roster.Day, bool) {
	days := make(map[int]roster.Day, len(edit.Days))
	for _, d := range edit.Days {
		if d.BasedOn == "" {
			continue
		}
		day, ok := s.seen.Get(dayAt{team, d.Day.Date, d.BasedOn})
		if !ok {
			// Or it is among the months that are kept.
			kept, _ := s.months.Get(monthOf{team, edit.Month()})
			if len(kept.days) < d.Day.Date.Day || kept.days[d.Day.Date.Day-1].Revision != d.BasedOn {
				return nil, false
			}
			day = kept.days[d.Day.Date.Day-1]
		}
		days[d.Day.Date.Day] = day
	}
	return func(d roster.Date) roster.Day { return dayOf(days, d) }, true
}

// Save implements store.Store. When the store has seen the days at the revisions that
// the edit was based on, which it has when it gave them out itself, and nothing is in
// doubt, that is one round trip.
func (s *Store) Save(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	if err := store.CheckEdit(edit); err != nil {
		return store.Saved{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, writeBudget)
	defer cancel()
	var saved store.Saved
	err := repeat(ctx, writePause, func() (err error) {
		saved, err = s.save(ctx, team, edit)
		return err
	})
	if err != nil {
		return store.Saved{}, err
	}
	return saved, nil
}

func (s *Store) save(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	before, known := s.recall(team, edit)
	if !known {
		now, err := s.readMonth(ctx, team, edit.Month())
		if err != nil {
			return store.Saved{}, err
		}
		if _, ok := store.BasedOnCurrent(edit, now); !ok {
			return s.refusal(ctx, team, edit)
		}
		before = now
	}
	after, changes := edit.Apply(team, before)
	if len(changes) == 0 {
		return s.refusal(ctx, team, edit)
	}
	if err := s.enlist(ctx, team, peopleIn(after)); err != nil {
		return store.Saved{}, err
	}
	rec, out, err := s.once(ctx, s.editOf(team, edit, after, changes))
	switch {
	case err != nil:
		return store.Saved{}, err
	case out == refused:
		return s.conflict(ctx, team, edit)
	case out == repeated:
		return s.repeat(ctx, team, edit)
	}
	for _, d := range after {
		s.remember(team, d)
	}
	s.marks.note(markOf(s.monthKey(team, edit.Month())), versionOf(rec.Bins))
	s.months.Forget(monthOf{team, edit.Month()}) // what is kept is not asked for by its version alone
	if n, ok := rec.Bins[binEntry].(int); ok {
		s.relieve(ctx, team, edit.Month(), n)
	}
	return store.Saved{Days: store.OwnDays(after)}, nil
}

// editOf is the edit as a write of the month's record.
func (s *Store) editOf(team roster.TeamID, edit roster.Edit, after []roster.Day, changes []roster.Change) onceWrite {
	var based []*as.Expression
	for _, d := range edit.Days {
		based = append(based, revisionIs(d.Day.Date.Day, d.BasedOn))
	}
	// ExpAnd wants two or more.
	when := as.ExpAnd(append(based, as.ExpBoolVal(true))...)
	days := map[any]any{}
	for _, d := range after {
		if d.Revision != "" {
			days[d.Date.Day] = encodeDay(d)
		}
	}
	entries := make([]any, len(changes))
	for i, c := range changes {
		entries[i] = encodeChange(c)
	}
	ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
	return onceWrite{
		key: s.monthKey(team, edit.Month()), id: edit.Change, when: when,
		ops: []*as.Operation{
			as.MapPutItemsOp(ordered, binDays, days),
			as.ListAppendOp(binEntry, entries...),
			as.AddOp(as.NewBin(binSeq, 1)),
			as.GetBinOp(binSeq),
		},
		create: func(ctx context.Context) error { return s.createMonth(ctx, team, edit.Month()) },
	}
}

// revisionIs holds of a month's record whose day is at the revision; "" is a day that
// was never set.
func revisionIs(day int, revision roster.Revision) *as.Expression {
	at, days := as.ExpIntVal(int64(day)), as.ExpMapBin(binDays)
	if revision == "" {
		return as.ExpEq(as.ExpMapGetByKey(as.MapReturnType.COUNT, as.ExpTypeINT, at, days), as.ExpIntVal(0))
	}
	element := as.ExpMapGetByKey(as.MapReturnType.VALUE, as.ExpTypeLIST, at, days)
	return as.ExpEq(as.ExpListGetByIndex(as.ListReturnTypeValue, as.ExpTypeSTRING, as.ExpIntVal(0), element), as.ExpStringVal(string(revision)))
}

// createMonth makes a month's record. The team's list of months has it before, so
// that no history exists that is not found.
func (s *Store) createMonth(ctx context.Context, team roster.TeamID, m roster.Month) error {
	if err := s.listMonth(ctx, team, m); err != nil {
		return err
	}
	return s.create(ctx, s.monthKey(team, m),
		as.MapCreateOp(binDays, as.MapOrder.KEY_ORDERED, nil),
		as.ListCreateOp(binEntry, as.ListOrderUnordered, false),
		as.PutOp(as.NewBin(binMoved, 0)),
		as.PutOp(as.NewBin(binSeq, 0)),
	)
}

// refusal is the answer to an edit that cannot be sent as it is, since it changes
// nothing or since the days were read at other revisions: it may be a repeat.
func (s *Store) refusal(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	out, err := s.confirmed(ctx, onceWrite{key: s.monthKey(team, edit.Month()), id: edit.Change})
	switch {
	case err != nil:
		return store.Saved{}, err
	case out == repeated:
		return s.repeat(ctx, team, edit)
	}
	return s.conflict(ctx, team, edit)
}

// repeat is the answer to an edit that took effect before.
func (s *Store) repeat(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	now, err := s.readMonth(ctx, team, edit.Month())
	if err != nil {
		return store.Saved{}, err
	}
	current, _ := store.BasedOnCurrent(edit, now)
	return store.Saved{Days: current, Repeated: true}, nil
}

// conflict is the answer to an edit that did not take effect: a conflict; or success,
// where it changes nothing of the days as they are; or another attempt, where nothing
// speaks against it any more.
func (s *Store) conflict(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	now, err := s.readMonth(ctx, team, edit.Month())
	if err != nil {
		return store.Saved{}, err
	}
	current, ok := store.BasedOnCurrent(edit, now)
	_, changes := edit.Apply(team, now)
	if len(changes) == 0 {
		if err := s.confirmDays(ctx, team, edit, current); err != nil {
			return store.Saved{}, err
		}
	}
	if !ok {
		took, err := s.inHistory(ctx, team, edit)
		switch {
		case err != nil:
			return store.Saved{}, err
		case took:
			return store.Saved{Days: current, Repeated: true}, nil
		}
		return store.Saved{}, &store.ConflictError[[]roster.Day]{Current: current}
	}
	if len(changes) == 0 {
		return store.Saved{Days: current}, nil
	}
	return store.Saved{}, again(errOlder)
}

// confirmDays makes sure that the days are as they were read, before who wanted them so is told
// that they are: a phantom of the very edit may have been read, which is gone a moment later. The
// error is one of package store, or to be tried again.
func (s *Store) confirmDays(ctx context.Context, team roster.TeamID, edit roster.Edit, current []roster.Day) error {
	var are []*as.Expression
	for _, d := range current {
		if d.Revision != "" { // what nobody ever touched is no phantom
			are = append(are, revisionIs(d.Date.Day, d.Revision))
		}
	}
	if len(are) == 0 {
		return nil
	}
	out, err := s.confirmed(ctx, onceWrite{key: s.monthKey(team, edit.Month()), id: edit.Change, done: as.ExpAnd(append(are, as.ExpBoolVal(true))...)})
	if err == nil && out == refused {
		err = again(errNotConfirmed)
	}
	return err
}

// Versions gives a number for each of the team's months that grows with every edit of
// it, 0 for a month that was never touched, in one round trip. The error is an
// *store.UnavailableError.
func (s *Store) Versions(ctx context.Context, team roster.TeamID, months []roster.Month) (map[roster.Month]int64, error) {
	sight, err := s.Look(ctx, store.Look{Versions: []store.TeamMonths{{Team: team, Months: months}}})
	if err != nil {
		return nil, err
	}
	return sight.Versions[0], nil
}
