package telling

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
)

// item is a notice to one receiver.
type item struct {
	id     notice.ID
	due    notice.Due
	to     receiver
	record notice.Record // as the store has it; without a revision there is none
}

// perDay is how many notices of one team can be due on a day; those that are due later are not
// sent. No team needs a tenth of it. But one with very many hours, lead times and channels could
// fill the records of the store that it shares with others.
const perDay = 1000

// find gives the notices of all teams in the window, for each of their receivers.
func (w *watch) find(names roster.Names, to receivers, in notice.Window) []item {
	var found []item
	for id, is := range w.teams {
		of := len(found)
		for _, due := range w.dues(is, names, len(to.byTeam[id]) > 0, in) {
			found = appendItems(found, due, names, to)
		}
		if len(found)-of > perDay {
			found = append(found[:of], firstOfDays(found[of:])...)
		}
	}
	return found
}

// firstOfDays are the first notices of each day, as many as there can be, in the order in which
// they are due.
func firstOfDays(items []item) []item {
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Or(a.due.At.Compare(b.due.At), cmp.Compare(a.id, b.id)) })
	of := map[roster.Date]int{}
	return slices.DeleteFunc(items, func(it item) bool {
		day := it.key().Day
		of[day]++
		return of[day] > perDay
	})
}

// dues are the notices of one team in the window.
func (w *watch) dues(is *watched, names roster.Names, hasChannels bool, in notice.Window) []notice.Due {
	dues := notice.Shifts(is.team, is.starts, names, in)
	dues = append(dues, notice.Swaps(is.team, in)...)
	if w.loaded && len(is.changes) > 0 {
		told := func(p roster.PersonID, c roster.ChangeID) bool { return w.told[p][c] }
		dues = append(dues, notice.Changed(is.team, is.changes, names, told, in)...)
	}
	if hasChannels {
		dues = append(dues, notice.TeamShifts(is.team, is.starts, in)...)
		dues = append(dues, notice.Weeks(is.team, in)...)
	}
	return dues
}

// appendItems adds the notice for each of its receivers.
func appendItems(found []item, due notice.Due, names roster.Names, to receivers) []item {
	var all []receiver
	if due.Person == "" {
		all = to.toTeam(due.Team.ID, due.Kind)
	} else if person, known := names.Person(due.Person); known {
		all = to.toPerson(&person, due.Kind)
	}
	for _, r := range all {
		found = append(found, item{id: due.ID(r.channel), due: due, to: r})
	}
	return found
}

// handOut gives what is due to the lanes, and gives when the next one of the others is due. What
// is over ends here.
func (w *watch) handOut(ctx context.Context, found []item, now time.Time) (next time.Time, err error) {
	var ask []item
	var keys []notice.Key
	for _, it := range found {
		switch {
		case it.due.At.After(now):
			if next.IsZero() || it.due.At.Before(next) {
				next = it.due.At
			}
			continue
		case w.quiet(it.id, now) || w.lanes.has(it.id):
			w.noteKnown(it)
			continue
		}
		ask = append(ask, it)
		keys = append(keys, it.key())
	}
	if len(keys) == 0 {
		return next, nil
	}
	records, err := w.Store.NoticesAt(ctx, keys)
	if err != nil {
		return next, err
	}
	for i, it := range ask {
		it.record = records[i]
		w.take(it, now)
	}
	return next, nil
}

// noteKnown takes over what a lane has learned of changes that people were told of.
func (w *watch) noteKnown(it item) {
	if it.due.Kind != roster.NoticeChanged {
		return
	}
	w.mu.Lock()
	k := w.known[it.id]
	w.mu.Unlock()
	if k.final {
		w.noteTold(&notice.Record{Kind: it.due.Kind, Person: it.due.Person, State: notice.StateSent, Acts: k.acts})
	}
}

// take hands a notice to its lane, if it is still to be sent.
func (w *watch) take(it item, now time.Time) {
	if it.record.Revision != "" {
		w.learn(&it.record)
		w.noteTold(&it.record)
	}
	over := !it.due.Over.After(now)
	switch {
	case w.quiet(it.id, now):
	case over && it.record.Revision == "" && !it.due.At.After(w.started):
		// It was due before this process looked, and nobody has begun to send it: it is no news.
		w.learn(&notice.Record{ID: it.id, Due: it.due.At, State: notice.StateDropped})
	default:
		w.lanes.add(it)
	}
}

// key is where the record of the notice is.
func (it item) key() notice.Key {
	return notice.Key{Day: notice.DayOf(it.due.At), Team: it.due.Team.ID, ID: it.id}
}

// newRecord is the record of a notice that nobody has begun to send.
func (it item) newRecord() notice.Record {
	r := notice.Record{
		ID: it.id, Day: notice.DayOf(it.due.At), Kind: it.due.Kind, Team: it.due.Team.ID, Person: it.due.Person,
		Channel: it.to.channel, To: it.to.shown, Due: it.due.At.UTC(),
	}
	for _, c := range it.due.Changes {
		r.Acts = append(r.Acts, c.ID)
	}
	return r
}
