package telling

import (
	"context"
	"maps"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/roster/tally"
	"dailyroster/store"
)

const (
	// daysBack is how many days before today are read, so that it is known which shifts begin.
	daysBack = 3
	// atOnce is how many teams' days one read has, and histories how many histories one round.
	atOnce    = 250
	histories = 64
	// horizon is how far ahead a round looks for the next notice.
	horizon = time.Minute
)

// watch finds what is due, round by round. It is for one goroutine.
type watch struct {
	*Teller
	teams map[roster.TeamID]*watched
	// loaded: the records of today and yesterday tell which changes people know of.
	loaded  bool
	told    map[roster.PersonID]map[roster.ChangeID]bool
	cleaned roster.Date
}

// watched is what is known of a team.
type watched struct {
	team     *roster.Team
	revision roster.Revision
	today    roster.Date
	versions map[roster.Month]int64
	starts   []tally.Run
	// changes are those of the last day, the oldest first. They are read if stale.
	changes []roster.Change
	read    time.Time
	stale   bool
}

func newWatch(t *Teller) *watch {
	return &watch{Teller: t, teams: map[roster.TeamID]*watched{}, told: map[roster.PersonID]map[roster.ChangeID]bool{}}
}

// Rounds finds what is due and hands it to be sent, round by round. It is for one goroutine.
type Rounds struct{ watch *watch }

// NewRounds begins to look.
func (t *Teller) NewRounds() *Rounds { return &Rounds{newWatch(t)} }

// Round looks once at all teams, and gives when the next notice is due, if within the next minute;
// the zero time otherwise. It does not wait for what is sent.
func (r *Rounds) Round(ctx context.Context) (next time.Time, err error) { return r.watch.round(ctx) }

// round looks once at everything, and hands what is due to the lanes. It gives when the next
// notice is due, if soon.
func (w *watch) round(ctx context.Context) (next time.Time, err error) {
	ctx, age := store.WithAge(ctx)
	channels, err := w.Store.Channels(ctx)
	if err != nil {
		return next, err
	}
	receivers := newReceivers(w.Ways, channels)
	if receivers.none() {
		return next, nil
	}
	begun := time.Now()
	sight, err := w.look(ctx)
	if err != nil {
		return next, err
	}
	if !age.Oldest().IsZero() {
		return next, errRemembered
	}
	now := w.Now()
	found := w.find(sight.People, receivers, notice.Window{Now: now, From: now.Add(-notice.Patience), To: now.Add(horizon)})
	next, err = w.handOut(ctx, found, now)
	w.counts.round(time.Since(begun))
	w.tidy(ctx, now)
	return next, err
}

// look reads what has changed since the last round, and gives everybody's names.
func (w *watch) look(ctx context.Context) (store.Sight, error) {
	sight, err := w.Store.Look(ctx, store.Look{Teams: true, People: true})
	if err != nil {
		return sight, err
	}
	now := w.Now()
	var look store.Look
	var listed []*roster.Team
	for i := range sight.Teams.Listed() {
		team := &sight.Teams.Listed()[i]
		today := team.Today(now)
		from := today.AddDays(-daysBack)
		look.Versions = append(look.Versions, store.TeamMonths{Team: team.ID, Months: roster.MonthsOf(from, today.AddDays(notice.ChangesAhead))})
		listed = append(listed, team)
	}
	versions, err := w.Store.Look(ctx, look)
	if err != nil {
		return sight, err
	}
	var old []*watched
	seen := make(map[roster.TeamID]*watched, len(listed))
	for i, team := range listed {
		is, today := w.teams[team.ID], team.Today(now)
		switch {
		case is == nil:
			is = &watched{stale: true}
		case !maps.Equal(is.versions, versions.Versions[i]):
			is.stale = true
		case is.revision == team.Revision && is.today == today:
			seen[team.ID] = is
			continue
		}
		is.team, is.revision, is.today, is.versions = team, team.Revision, today, versions.Versions[i]
		seen[team.ID] = is
		old = append(old, is)
	}
	if err := w.readDays(ctx, old); err != nil {
		w.teams = map[roster.TeamID]*watched{} // what they are at was not read
		return sight, err
	}
	w.teams = seen
	return sight, w.readHistories(ctx, now)
}

// readDays reads the days of teams, and finds which shifts begin.
func (w *watch) readDays(ctx context.Context, teams []*watched) error {
	for part := range slices.Chunk(teams, atOnce) {
		ranges := make([]store.Range, len(part))
		for i, is := range part {
			ranges[i] = store.Range{Team: is.team.ID, From: is.today.AddDays(-daysBack), To: is.today.AddDays(notice.StartsAhead)}
		}
		sight, err := w.Store.Look(ctx, store.Look{Days: ranges})
		if err != nil {
			return err
		}
		for i, is := range part {
			is.starts = notice.Starts(is.team, sight.Days[i])
		}
	}
	return nil
}

// readHistories reads the newest changes of teams whose months have changed: of a part of them,
// if there are many.
func (w *watch) readHistories(ctx context.Context, now time.Time) error {
	if !w.loaded {
		return w.load(ctx, now)
	}
	left := histories
	for _, is := range w.teams {
		if !is.stale {
			continue
		}
		if left == 0 {
			break
		}
		left--
		if err := w.readHistory(ctx, is, now); err != nil {
			return err
		}
	}
	return nil
}

// overlap is how much of a history is read again: the clocks of those who write differ, and an
// edit takes a while.
const overlap = 5 * time.Minute

// historyPage is how many changes one read asks for: most histories have had fewer since the last.
const historyPage = 100

// maxHistory is the most changes of a team that are looked at: more than a fill of everything
// makes within the days that people are told of.
const maxHistory = 4000

func (w *watch) readHistory(ctx context.Context, is *watched, now time.Time) error {
	oldest := now.Add(-notice.Patience)
	since := oldest
	if is.read.After(since) {
		since = is.read
	}
	known := map[roster.ChangeID]bool{}
	for _, c := range is.changes {
		known[c.ID] = true
	}
	query := store.ChangeQuery{Limit: historyPage}
	var fresh []roster.Change
	for read := 0; read < maxHistory; {
		page, err := w.Store.Changes(ctx, is.team.ID, query)
		if err != nil {
			return err
		}
		read += len(page.Changes)
		for _, c := range page.Changes {
			if c.Time.After(oldest) && !known[c.ID] {
				fresh = append(fresh, c)
			}
		}
		if page.Next == "" || len(page.Changes) > 0 && page.Changes[len(page.Changes)-1].Time.Before(since) {
			break
		}
		query.Cursor = page.Next
	}
	slices.Reverse(fresh)
	is.changes = slices.DeleteFunc(append(is.changes, notice.Near(is.team, fresh, now)...), func(c roster.Change) bool { return !c.Time.After(oldest) })
	slices.SortStableFunc(is.changes, func(a, b roster.Change) int { return a.Time.Compare(b.Time) })
	is.read, is.stale = now.Add(-overlap), false
	return nil
}

// load reads which changes people were told of, by whichever instance.
func (w *watch) load(ctx context.Context, now time.Time) error {
	for _, day := range []roster.Date{notice.DayOf(now.Add(-notice.Patience)), notice.DayOf(now)} {
		records, err := w.Store.NoticesOf(ctx, day)
		if err != nil {
			return err
		}
		for i := range records {
			w.learn(&records[i])
			w.noteTold(&records[i])
		}
	}
	w.loaded = true
	return nil
}

// noteTold notes which changes a person knows of. One whose notice is not sent yet is to be
// found again.
func (w *watch) noteTold(r *notice.Record) {
	if r.Kind != roster.NoticeChanged || !r.State.Final() {
		return
	}
	of := w.told[r.Person]
	if of == nil {
		of = map[roster.ChangeID]bool{}
		w.told[r.Person] = of
	}
	for _, id := range r.Acts {
		of[id] = true
	}
}

// tidy forgets what is over, here and once a day in the store.
func (w *watch) tidy(ctx context.Context, now time.Time) {
	today := notice.DayOf(now)
	if w.cleaned == today {
		return
	}
	w.forget(now)
	for id, of := range w.told {
		maps.DeleteFunc(of, func(c roster.ChangeID, _ bool) bool { return now.Sub(c.MadeAt()) > 2*notice.Patience })
		if len(of) == 0 {
			delete(w.told, id)
		}
	}
	if err := w.Store.DropNotices(ctx, today.AddDays(-notice.Memory)); err != nil {
		w.Log.Debug("old notices were not dropped", "error", err)
		return
	}
	w.cleaned = today
}
