// Package storetest holds a backend to the contract of package store. A backend's
// own test calls Run; every case then runs against it.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/roster"
	"dailyroster/store"
)

// Run runs every case. open gives a store that may hold other data already: each
// case keeps to teams and people of its own. It is called once for each case; the
// store is closed when the case ends.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	cases := []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"what the store is", testAbout},
		{"teams", testTeams},
		{"people", testPeople},
		{"tokens", testTokens},
		{"sign-outs", testSignOuts},
		{"channels", testChannels},
		{"notices", testNotices},
		{"notices that are not there", testNoticesAbsent},
		{"notices at the turn of a day", testNoticesMidnight},
		{"two claim each notice at once", testNoticesClaimed},
		{"a lease that is over is taken by one", testNoticesLease},
		{"notices as large as they may be", testNoticesLarge},
		{"a day of 20,000 notices", testNoticesBigDay},
		{"notices of days that are over", testNoticesDropped},
		{"names in any script", testScripts},
		{"concurrent creates of one person", testConcurrentCreate},
		{"an untouched day is empty", testUntouched},
		{"an edit and its history", testEdit},
		{"ranges over months", testRange},
		{"months far in the past and future", testFarMonths},
		{"a conflict carries the current day", testConflict},
		{"another day of the month never disturbs", testOtherDay},
		{"a repeated edit is one edit", testRepeated},
		{"a repeated edit after others", testRepeatedLater},
		{"an edit that changes nothing", testNoChange},
		{"clearing and setting again", testClear},
		{"an edit of several days", testSeveralDays},
		{"an edit of several days with one conflict", testSeveralDaysConflict},
		{"versions of months", testVersions},
		{"a look gives what single reads give", testLook},
		{"a look sees every write before it", testLookSeesAll},
		{"many look and write at once", testLookTogether},
		{"the teams that somebody is in", testMembers},
		{"invalid edits", testInvalid},
		{"history in pages", testChangePages},
		{"history of one day", testChangesOfDay},
		{"history since", testChangesSince},
		{"months that were touched", testMonths},
		{"a past that is loaded", testLoad},
		{"loads that are refused", testLoadInvalid},
		{"history of days, people and groups", testChangesChosen},
		{"history that nothing is chosen of", testChangesRare},
		{"teams do not see each other", testTeamsApart},
		{"a cancelled context changes nothing", testCancelled},
		{"values belong to the caller", testOwnership},
		{"30 writers, 600 edits of one month", testManyWriters},
		{"30 writers repeat every edit", testManyRepeats},
		{"writers of one day: each conflict is resolved", testOneDay},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("Close: got %v, want nil", err)
				}
			})
			c.run(t, &fixture{Store: s, ctx: t.Context(), team: roster.TeamID(uniqueSlug("team"))})
		})
	}
}

// fixture is a store with a team of the case's own.
type fixture struct {
	store.Store
	ctx  context.Context
	team roster.TeamID
}

// NewID makes a change id from the clock and the system's random source.
func NewID() roster.ChangeID {
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	id, err := roster.NewChangeID(time.Now(), random)
	if err != nil {
		panic(err)
	}
	return id
}

func uniqueSlug(prefix string) string {
	return fmt.Sprintf("%s-%s", prefix, roster.Slug(string(NewID())))
}

// day23 is the day that most cases edit.
var day23 = roster.Date{Year: 2026, Month: time.November, Day: 23}

// dayEdit is an edit of one day: primary is person, note is note.
func dayEdit(d roster.Date, basedOn roster.Revision, person roster.PersonID, note string) roster.Edit {
	day := roster.Day{Date: d, Note: note}
	if person != "" {
		day.Assignments = map[roster.RoleID]roster.PersonID{"primary": person}
	}
	return roster.Edit{
		Change: NewID(), Actor: roster.Actor{Name: "tester", ID: "person:tester"}, Why: roster.WhyEdit, Time: time.Now(),
		Days: []roster.DayEdit{{BasedOn: basedOn, Day: day}},
	}
}

func (f *fixture) mustSave(t *testing.T, e roster.Edit) store.Saved {
	t.Helper()
	saved, err := f.Save(f.ctx, f.team, e)
	if err != nil {
		t.Fatalf("Save(%s): got %v, want nil", e.Change, err)
	}
	return saved
}

func (f *fixture) mustDay(t *testing.T, d roster.Date) roster.Day {
	t.Helper()
	days, err := f.Days(f.ctx, f.team, d, d)
	if err != nil || len(days) != 1 {
		t.Fatalf("Days(%s): got %v, %v, want one day", d, days, err)
	}
	return days[0]
}

func (f *fixture) mustChanges(t *testing.T, q store.ChangeQuery) store.ChangePage {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = store.MaxChanges
	}
	page, err := f.Changes(f.ctx, f.team, q)
	if err != nil {
		t.Fatalf("Changes(%+v): got %v, want nil", q, err)
	}
	return page
}

// allChanges is the whole history, newest first, page by page.
func (f *fixture) allChanges(t *testing.T, q store.ChangeQuery) []roster.Change {
	t.Helper()
	var all []roster.Change
	for {
		page := f.mustChanges(t, q)
		all = append(all, page.Changes...)
		if page.Next == "" {
			return all
		}
		q.Cursor = page.Next
	}
}

func wantDiff(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmp.Comparer(sameZone)); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func sameZone(a, b roster.Zone) bool { return a.String() == b.String() }

func wantConflict[T any](t *testing.T, what string, err error) T {
	t.Helper()
	conflict, ok := errors.AsType[*store.ConflictError[T]](err)
	if !ok {
		t.Fatalf("%s: got error %v, want a %T", what, err, conflict)
	}
	return conflict.Current
}

func wantInvalid(t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*store.InvalidError](err); !ok {
		t.Errorf("%s: got error %v, want an *InvalidError", what, err)
	}
}
