package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"dailyroster/roster"
	"dailyroster/store"
)

// Thirty writers with twenty edits each, of the thirty days of one month: each
// writer adds one to the number in its day's note.
const (
	writers      = 30
	editsEach    = 20
	contestedDay = 23
)

func testManyWriters(t *testing.T, f *fixture) { f.countTogether(t, 1, allDays) }

func testManyRepeats(t *testing.T, f *fixture) { f.countTogether(t, 3, allDays) }

func testOneDay(t *testing.T, f *fixture) {
	f.countTogether(t, 1, func(int, int) int { return contestedDay })
}

// allDays spreads the edits so that every day is edited by every third writer.
func allDays(writer, edit int) int { return 1 + (writer*10+edit*3)%30 }

// countTogether lets all writers count at once, each edit sent attempts times as a
// client would that got no answer, and then accounts for every edit.
func (f *fixture) countTogether(t *testing.T, attempts int, dayOf func(writer, edit int) int) {
	t.Helper()
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		done = map[roster.ChangeID]roster.Date{}
	)
	for w := range writers {
		wg.Go(func() {
			for i := range editsEach {
				d := roster.Date{Year: 2026, Month: 11, Day: dayOf(w, i)}
				id, err := f.addOne(d, roster.PersonID(fmt.Sprint("writer-", w)), attempts)
				if err != nil {
					t.Errorf("writer %d, edit %d: got %v, want nil", w, i, err)
					return
				}
				mu.Lock()
				done[id] = d
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	sum := 0
	days, err := f.Days(f.ctx, f.team, roster.Date{Year: 2026, Month: 11, Day: 1}, roster.Date{Year: 2026, Month: 11, Day: 30})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		n, _ := strconv.Atoi(d.Note)
		sum += n
	}
	if want := writers * editsEach; sum != want || len(done) != want {
		t.Errorf("edits: got %d counted, %d acknowledged, want %d", sum, len(done), want)
	}
	f.accountFor(t, done)
}

// addOne adds one to the number in the day's note, again and again until no one
// else was faster, and gives the id of the edit that did it.
func (f *fixture) addOne(d roster.Date, who roster.PersonID, attempts int) (roster.ChangeID, error) {
	for {
		days, err := f.Days(f.ctx, f.team, d, d)
		if err != nil {
			return "", err
		}
		n, _ := strconv.Atoi(days[0].Note)
		e := dayEdit(d, days[0].Revision, who, strconv.Itoa(n+1))
		_, err = f.Save(f.ctx, f.team, e)
		if _, conflict := errors.AsType[*store.ConflictError[[]roster.Day]](err); conflict {
			continue
		}
		for range attempts - 1 {
			if err != nil {
				break
			}
			_, err = f.Save(f.ctx, f.team, e)
		}
		return e.Change, err
	}
}

// accountFor checks that the history has a note change for exactly the edits that
// were acknowledged, each once and each following from the one before.
func (f *fixture) accountFor(t *testing.T, done map[roster.ChangeID]roster.Date) {
	t.Helper()
	history := f.allChanges(t, store.ChangeQuery{})
	seen := map[roster.ChangeID]int{}
	last := map[roster.Date]string{}
	for i := len(history) - 1; i >= 0; i-- {
		c := history[i]
		if c.Role != "" {
			continue
		}
		if c.NoteFrom != last[c.Date] {
			t.Errorf("%s: a change starts from %q, want %q", c.Date, c.NoteFrom, last[c.Date])
		}
		last[c.Date] = c.Note
		edit := c.ID
		if c.Group != "" {
			edit = c.Group
		}
		if done[edit] != c.Date {
			t.Errorf("%s: the history has the edit %s, which nobody was told took effect", c.Date, edit)
		}
		seen[edit]++
	}
	for id, d := range done {
		if seen[id] != 1 {
			t.Errorf("%s: the acknowledged edit %s is in the history %d times, want once", d, id, seen[id])
		}
	}
}
