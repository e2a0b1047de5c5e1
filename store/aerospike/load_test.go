package aerospike

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/storetest"
)

// The load: so many writers and readers, of the days of so many months of one team,
// through two stores, as two instances of the program would be.
const (
	loadWriters = 8
	loadReaders = 8
	loadMonths  = 8
	loadDays    = 28
	loadPause   = 12 * time.Millisecond // after each operation of each of them
	minOps      = 5000
)

// load is a running load, and everything that came of it.
type load struct {
	t      *testing.T
	team   roster.TeamID
	stores []*Store
	start  time.Time
	stop   context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.Mutex
	ops    []porcupine.Operation
	reads  []timed
	writes []timed
	failed []error
	// stalled is the longest time that the machine let nothing of this process run: it
	// is in the times of reads and writes, and no doing of the store's.
	stalled time.Duration
	acked   map[roster.ChangeID]roster.Date
	doubt   map[roster.ChangeID]roster.Date // may have taken effect
}

type timed struct{ at, took time.Duration }

// dayOp is what was asked of one day, dayState what it was like then.
type dayOp struct {
	date roster.Date
	save bool
	from dayState // for a save: what it was based on, as far as its revision goes
	to   dayState
}

type dayState struct {
	revision roster.Revision
	note     string
}

type dayAnswer struct {
	kind  answerKind
	state dayState // as read, or as a conflict shows it
}

type answerKind int

const (
	answerRead answerKind = iota
	answerSaved
	answerConflict
	answerUnknown
)

func startLoad(t *testing.T, stores ...*Store) *load {
	ctx, stop := context.WithCancel(t.Context())
	l := &load{
		t: t, team: roster.TeamID(roster.Slug("load " + string(storetest.NewID()))), stores: stores, start: time.Now(), stop: stop,
		acked: map[roster.ChangeID]roster.Date{}, doubt: map[roster.ChangeID]roster.Date{},
	}
	t.Cleanup(func() {
		stop()
		l.wg.Wait()
	})
	l.wg.Go(func() { l.watchMachine(ctx) })
	for i := range loadWriters {
		l.wg.Go(func() { l.run(ctx, i, l.write) })
	}
	for i := range loadReaders {
		l.wg.Go(func() { l.run(ctx, loadWriters+i, l.read) })
	}
	return l
}

// run repeats an act, each time to its end, until the load is stopped.
func (l *load) run(ctx context.Context, client int, act func(client int, s *Store, d roster.Date)) {
	s := l.stores[client%len(l.stores)]
	for ctx.Err() == nil {
		d := roster.Date{Year: 2026, Month: time.Month(1 + rand.IntN(loadMonths)), Day: 1 + rand.IntN(loadDays)}
		act(client, s, d)
		time.Sleep(loadPause)
	}
}

// watchMachine sleeps a little over and over, and notes when it was let sleep too long.
func (l *load) watchMachine(ctx context.Context) {
	const nap = time.Millisecond
	for ctx.Err() == nil {
		begun := time.Now()
		time.Sleep(nap)
		over := time.Since(begun) - nap
		l.mu.Lock()
		l.stalled = max(l.stalled, over)
		l.mu.Unlock()
	}
}

func (l *load) since() int64 { return int64(time.Since(l.start)) }

// read reads five weeks, beginning with a date, and notes what three of these days were.
func (l *load) read(client int, s *Store, d roster.Date) {
	const pageDays = 35
	call := l.since()
	days, err := s.Days(context.Background(), l.team, d, d.AddDays(pageDays-1))
	done := l.since()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads = append(l.reads, timed{time.Duration(call), time.Duration(done - call)})
	if err != nil {
		l.failed = append(l.failed, err)
		return
	}
	for range 3 {
		l.note(client, call, done, days[rand.IntN(len(days))])
	}
}

func (l *load) note(client int, call, done int64, day roster.Day) {
	l.ops = append(l.ops, porcupine.Operation{
		ClientId: client, Input: dayOp{date: day.Date}, Call: call, Return: done,
		Output: dayAnswer{answerRead, stateOf(day)},
	})
}

func stateOf(d roster.Day) dayState { return dayState{d.Revision, d.Note} }

// write reads a day and changes its note, every eighth time to nothing.
func (l *load) write(client int, s *Store, d roster.Date) {
	call := l.since()
	days, err := s.Days(context.Background(), l.team, d, d)
	done := l.since()
	l.mu.Lock()
	l.reads = append(l.reads, timed{time.Duration(call), time.Duration(done - call)})
	if err != nil {
		l.failed = append(l.failed, err)
		l.mu.Unlock()
		return
	}
	l.note(client, call, done, days[0])
	l.mu.Unlock()

	id := storetest.NewID()
	note := fmt.Sprintf("%d-%d", client, call)
	if days[0].Note != "" && rand.IntN(8) == 0 {
		note = ""
	}
	edit := roster.Edit{
		Change: id, Actor: roster.Actor{Name: "load"}, Why: roster.WhyEdit, Time: time.Now(),
		Days: []roster.DayEdit{{BasedOn: days[0].Revision, Day: roster.Day{Date: d, Note: note}}},
	}
	op := porcupine.Operation{ClientId: client, Input: dayOp{date: d, save: true, from: stateOf(days[0]), to: dayState{id, note}}, Call: l.since()}
	_, err = s.Save(context.Background(), l.team, edit)
	op.Return = l.since()

	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = append(l.writes, timed{time.Duration(op.Call), time.Duration(op.Return - op.Call)})
	conflict, isConflict := errors.AsType[*store.ConflictError[[]roster.Day]](err)
	switch {
	case err == nil:
		l.acked[id] = d
		op.Output = dayAnswer{kind: answerSaved}
	case isConflict:
		op.Output = dayAnswer{answerConflict, stateOf(conflict.Current[0])}
	case errors.Is(err, errUnsent):
		l.failed = append(l.failed, err)
		return
	default:
		l.failed = append(l.failed, err)
		l.doubt[id] = d
		op.Output = dayAnswer{kind: answerUnknown}
		op.Return = 1 << 62
	}
	l.ops = append(l.ops, op)
}

// end stops the load, once it is enough to prove something, and checks what came of it:
// every answer, and the history.
func (l *load) end() {
	l.t.Helper()
	const most = time.Minute // a slow machine gets the time that it needs
	for begun := time.Now(); l.operations() < minOps && time.Since(begun) < most; {
		time.Sleep(100 * time.Millisecond)
	}
	l.stop()
	l.wg.Wait()
	if n := l.operations(); n < minOps {
		l.t.Errorf("the load was %d operations, want %d at least; fewer prove nothing", n, minOps)
	}
	l.checkLinear()
	l.checkHistory()
	l.t.Logf("reads %s · writes %s · %d acknowledged, %d in doubt, %d failed · checked %d operations of days",
		figures(l.reads), figures(l.writes), len(l.acked), len(l.doubt), len(l.failed), len(l.ops))
}

// operations is how many have ended.
func (l *load) operations() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.reads) + len(l.writes)
}

// wantNoneFailed is for faults that nobody should have noticed.
func (l *load) wantNoneFailed() {
	l.t.Helper()
	if len(l.failed) > 0 {
		l.t.Errorf("%d operations failed, want 0; the first: %v", len(l.failed), l.failed[0])
	}
}

// wantWithin bounds the slowest read and write, on a machine that holds nothing up.
func (l *load) wantWithin(read, write time.Duration) {
	l.t.Helper()
	l.t.Logf("the longest time that the machine held up the test itself: %s", l.stalled.Round(time.Millisecond))
	read, write = read+l.stalled, write+l.stalled
	if got := slowest(l.reads); got > read {
		l.t.Errorf("the slowest read: got %s, want at most %s", got, read)
	}
	if got := slowest(l.writes); got > write {
		l.t.Errorf("the slowest write: got %s, want at most %s", got, write)
	}
}

func slowest(all []timed) time.Duration {
	var most time.Duration
	for _, t := range all {
		most = max(most, t.took)
	}
	return most
}

func figures(all []timed) string {
	took := make([]time.Duration, len(all))
	for i, t := range all {
		took[i] = t.took
	}
	slices.Sort(took)
	if len(took) == 0 {
		return "none"
	}
	at := func(p float64) time.Duration { return took[int(p*float64(len(took)-1))].Round(10 * time.Microsecond) }
	return fmt.Sprintf("%d (p50 %s, p99 %s, max %s)", len(took), at(0.5), at(0.99), at(1))
}

func dateOf(op porcupine.Operation) roster.Date {
	in, _ := op.Input.(dayOp)
	return in.date
}

// dayModel is one day as a register that is set by compare-and-set.
func dayModel() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byDate := map[roster.Date][]porcupine.Operation{}
			for _, op := range history {
				byDate[dateOf(op)] = append(byDate[dateOf(op)], op)
			}
			var parts [][]porcupine.Operation
			for _, part := range byDate {
				parts = append(parts, part)
			}
			return parts
		},
		Init: func() any { return dayState{} },
		Step: func(state, input, output any) (bool, any) {
			now, ok1 := state.(dayState)
			op, ok2 := input.(dayOp)
			answer, ok3 := output.(dayAnswer)
			if !ok1 || !ok2 || !ok3 {
				return false, state
			}
			matches := now.revision == op.from.revision
			switch answer.kind {
			case answerRead:
				return now == answer.state, now
			case answerSaved:
				return matches, op.to
			case answerConflict:
				return !matches && now == answer.state, now
			case answerUnknown: // it may take effect at any time, or come too late for ever
				if matches {
					return true, op.to
				}
				return true, now
			}
			return false, now
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
	}
}

func (l *load) checkLinear() {
	l.t.Helper()
	const most = 30 * time.Second
	model := dayModel()
	bad := 0
	for _, part := range model.Partition(l.ops) {
		single := model
		single.Partition = nil
		if got := porcupine.CheckOperationsTimeout(single, part, most); got != porcupine.Ok {
			bad++
			if bad <= 2 {
				slices.SortFunc(part, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
				for _, op := range part {
					l.t.Logf("%9.3f–%9.3f ms client %2d %s", float64(op.Call)/1e6, float64(op.Return)/1e6, op.ClientId, model.DescribeOperation(op.Input, op.Output))
				}
			}
			l.t.Errorf("%s: the answers are %s, want linearizable", dateOf(part[0]), got)
		}
	}
}

// checkHistory wants every acknowledged edit in the history, once, no edit that nobody
// made, and each day's changes to follow from each other up to the day as it is.
func (l *load) checkHistory() {
	l.t.Helper()
	s := l.stores[0]
	var all []roster.Change
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for {
		page, err := s.Changes(l.t.Context(), l.team, q)
		if err != nil {
			l.t.Errorf("Changes: got %v, want nil", err)
			return
		}
		all = append(all, page.Changes...)
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	times := map[roster.ChangeID]int{}
	last := map[roster.Date]dayState{}
	for _, c := range slices.Backward(all) {
		times[c.ID]++
		_, acked := l.acked[c.ID]
		_, doubt := l.doubt[c.ID]
		if !acked && !doubt {
			l.t.Errorf("%s: the history has the edit %s, which was refused or never made", c.Date, c.ID)
		}
		if c.NoteFrom != last[c.Date].note {
			l.t.Errorf("%s: the edit %s starts from %q, want %q", c.Date, c.ID, c.NoteFrom, last[c.Date].note)
		}
		last[c.Date] = dayState{c.ID, c.Note}
	}
	for id, d := range l.acked {
		if times[id] != 1 {
			l.t.Errorf("%s: the acknowledged edit %s is in the history %d times, want once", d, id, times[id])
		}
	}
	first := roster.Date{Year: 2026, Month: 1, Day: 1}
	days, err := s.Days(l.t.Context(), l.team, first, first.AddDays(364))
	if err != nil {
		l.t.Errorf("Days: got %v, want nil", err)
		return
	}
	for _, d := range days {
		if got, want := stateOf(d), last[d.Date]; got != want {
			l.t.Errorf("%s: got %+v, want %+v as the history says", d.Date, got, want)
		}
	}
}
