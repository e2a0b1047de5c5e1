package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// noon is when most notices are due.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123e6, time.UTC)

// newNotice is a claimed notice of the case's own team.
func (f *fixture) newNotice(due time.Time, what string) notice.Record {
	return notice.Record{
		ID: notice.NewID(string(f.team), what), Day: notice.DayOf(due), Kind: roster.NoticeNow, Team: f.team, Person: "ana",
		To: "a…@example.org", Subject: "You are on call now: " + what, Due: due, State: notice.StateClaimed,
		By: "one", Until: due.Add(30 * time.Second), Tries: 1, Revision: NewID(),
	}
}

// followed is the record in another state, at a new revision.
func followed(r notice.Record, state notice.State) notice.Record {
	r.State, r.By, r.Until, r.Revision = state, "", time.Time{}, NewID()
	if state.Final() {
		r.Ended = r.Due.Add(2 * time.Second)
	}
	return r
}

func (f *fixture) mustPut(t *testing.T, r notice.Record, basedOn roster.Revision) {
	t.Helper()
	if err := f.PutNotice(f.ctx, r, basedOn); err != nil {
		t.Fatalf("PutNotice(%s): got %v, want nil", r.Subject, err)
	}
}

func (f *fixture) noticesAt(t *testing.T, keys ...notice.Key) []notice.Record {
	t.Helper()
	records, err := f.NoticesAt(f.ctx, keys)
	if err != nil || len(records) != len(keys) {
		t.Fatalf("NoticesAt: got %d records, %v, want %d", len(records), err, len(keys))
	}
	return records
}

// noticesOf are the records of a day that are of the case's own team, or of one named after it.
func (f *fixture) noticesOf(t *testing.T, day roster.Date) []notice.Record {
	t.Helper()
	records, err := f.NoticesOf(f.ctx, day)
	if err != nil {
		t.Fatalf("NoticesOf(%s): got %v, want nil", day, err)
	}
	if !slices.IsSortedFunc(records, func(a, b notice.Record) int { return cmpStrings(a.ID, b.ID) }) {
		t.Errorf("NoticesOf(%s): got them out of order, want them by id", day)
	}
	own := slices.DeleteFunc(slices.Clone(records), func(r notice.Record) bool { return r.Team != f.team })
	listed, err := f.TeamNoticesOf(f.ctx, day, f.team)
	if err != nil {
		t.Fatalf("TeamNoticesOf(%s): got %v, want nil", day, err)
	}
	if len(listed) > 0 || len(own) > 0 { // nil or empty is the same
		wantDiff(t, "those of the team alone", listed, own)
	}
	return slices.DeleteFunc(records, func(r notice.Record) bool { return !strings.HasPrefix(string(r.Team), string(f.team)) })
}

func testNotices(t *testing.T, f *fixture) {
	claimed := f.newNotice(noon, "the life of a notice")
	if err := f.PutNotice(f.ctx, claimed, NewID()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("PutNotice of an unknown one: got %v, want ErrNotFound", err)
	}
	for range 2 { // the second is a repeat of the first
		f.mustPut(t, claimed, "")
	}
	rival := claimed
	rival.By, rival.Revision = "two", NewID()
	wantDiff(t, "the record in the conflict of a second claim",
		wantConflict[notice.Record](t, "second claim", f.PutNotice(f.ctx, rival, "")), claimed)

	waiting := followed(claimed, notice.StateWaiting)
	waiting.Next, waiting.Error = noon.Add(time.Minute), "451 try again later"
	for range 2 {
		f.mustPut(t, waiting, claimed.Revision)
	}
	wantDiff(t, "the record in the conflict of a stale update",
		wantConflict[notice.Record](t, "stale update", f.PutNotice(f.ctx, rival, claimed.Revision)), waiting)
	sent := followed(waiting, notice.StateSent)
	sent.Acts = []roster.ChangeID{NewID(), NewID()}
	f.mustPut(t, sent, waiting.Revision)
	wantDiff(t, "the record", f.noticesAt(t, claimed.Key())[0], sent)

	var want []notice.Record
	for i := range 300 { // more than there are places for the records of a day
		r := f.newNotice(noon, fmt.Sprint("one of many ", i))
		f.mustPut(t, r, "")
		want = append(want, r)
	}
	want = append(want, sent)
	slices.SortFunc(want, func(a, b notice.Record) int { return cmpStrings(a.ID, b.ID) })
	wantDiff(t, "the records of the day", f.noticesOf(t, day23), want)

	noRevision := sent
	noRevision.Revision = ""
	wantInvalid(t, "PutNotice without a revision", f.PutNotice(f.ctx, noRevision, sent.Revision))
	noID := f.newNotice(noon, "")
	noID.ID = "../teams"
	wantInvalid(t, "PutNotice without an id", f.PutNotice(f.ctx, noID, ""))
	noDay := f.newNotice(noon, "no day")
	noDay.Day = roster.Date{}
	wantInvalid(t, "PutNotice without a day", f.PutNotice(f.ctx, noDay, ""))
	_, err := f.NoticesAt(f.ctx, []notice.Key{claimed.Key(), noDay.Key()})
	wantInvalid(t, "NoticesAt without a day", err)
}

func testNoticesAbsent(t *testing.T, f *fixture) {
	if got := f.noticesAt(t); len(got) != 0 {
		t.Errorf("no keys: got %d records, want none", len(got))
	}
	there, other := f.newNotice(noon, "there"), f.newNotice(noon.AddDate(0, 0, 1), "on another day")
	f.mustPut(t, there, "")
	f.mustPut(t, other, "")
	far := roster.Date{Year: 2031, Month: 2, Day: 28}
	got := f.noticesAt(t,
		notice.Key{Day: far, Team: f.team, ID: there.ID}, there.Key(), notice.Key{Day: there.Day, Team: f.team, ID: other.ID},
		notice.Key{Day: there.Day, Team: f.team, ID: notice.NewID(string(f.team), "never")}, other.Key(), there.Key(),
		// The same day in another year, and as many days later as some may share a place.
		notice.Key{Day: there.Day.AddDays(32), Team: f.team, ID: there.ID}, notice.Key{Day: there.Day.AddDays(-32), Team: f.team, ID: there.ID},
	)
	wantDiff(t, "records that are there and that are not", got, []notice.Record{{}, there, {}, {}, other, there, {}, {}})
	if got := f.noticesOf(t, far); len(got) != 0 {
		t.Errorf("NoticesOf a day without any: got %d, want none", len(got))
	}
	if got := f.noticesOf(t, there.Day.AddDays(32)); len(got) != 0 {
		t.Errorf("NoticesOf 32 days later: got %d, want none", len(got))
	}
}

func testNoticesMidnight(t *testing.T, f *fixture) {
	midnight := time.Date(2026, 12, 31, 24, 0, 0, 0, time.UTC)
	for _, when := range []struct {
		due  time.Time
		want roster.Date
	}{
		{midnight.Add(-time.Millisecond), roster.Date{Year: 2026, Month: 12, Day: 31}},
		{midnight, roster.Date{Year: 2027, Month: 1, Day: 1}},
		// It is the day in UTC that counts, whatever day it is where the person is.
		{midnight.Add(-time.Millisecond).In(time.FixedZone("", 14*60*60)), roster.Date{Year: 2026, Month: 12, Day: 31}},
		{midnight.In(time.FixedZone("", -11*60*60)), roster.Date{Year: 2027, Month: 1, Day: 1}},
	} {
		r := f.newNotice(when.due, when.due.String())
		r.Due = r.Due.UTC()
		f.mustPut(t, r, "")
		got := f.noticesOf(t, when.want)
		if r.Day != when.want || !slices.ContainsFunc(got, func(g notice.Record) bool { return g.ID == r.ID }) {
			t.Errorf("a notice that is due at %s: got the day %s and %d records on %s, want it there", when.due, r.Day, len(got), when.want)
		}
	}
	for _, d := range []int{31, 32} {
		if got := len(f.noticesOf(t, roster.Date{Year: 2026, Month: 12, Day: 1}.AddDays(d-1))); got != 2 {
			t.Errorf("December %d: got %d records, want 2", d, got)
		}
	}
	days, err := f.NoticeDays(f.ctx)
	if err != nil || !slices.IsSortedFunc(days, roster.Date.Compare) ||
		!slices.Contains(days, roster.Date{Year: 2026, Month: 12, Day: 31}) || !slices.Contains(days, roster.Date{Year: 2027, Month: 1, Day: 1}) {
		t.Errorf("NoticeDays: got %v, %v, want both days, in order", days, err)
	}
}

// Each of 50 notices is claimed by 8 at once, each with its own revision: one of them has it,
// and the others are told who.
func testNoticesClaimed(t *testing.T, f *fixture) {
	f.claimTogether(t, func(key int) (notice.Record, roster.Revision) {
		return f.newNotice(noon, fmt.Sprint("contested ", key)), ""
	})
}

// The instance that claimed 50 notices has died. Each is taken over by one of 8.
func testNoticesLease(t *testing.T, f *fixture) {
	var claimed []notice.Record
	for key := range contested {
		r := f.newNotice(noon, fmt.Sprint("left over ", key))
		f.mustPut(t, r, "")
		claimed = append(claimed, r)
	}
	f.claimTogether(t, func(key int) (notice.Record, roster.Revision) {
		r := claimed[key]
		r.Tries, r.Until = r.Tries+1, r.Until.Add(30*time.Second)
		return r, r.Revision
	})
	// The one that was thought dead finds that its claim is gone.
	late := followed(claimed[0], notice.StateSent)
	if current := wantConflict[notice.Record](t, "a late result", f.PutNotice(f.ctx, late, claimed[0].Revision)); current.Tries != 2 {
		t.Errorf("a late result was shown %+v, want the claim that took over", current)
	}
}

const (
	contested = 50
	claimants = 8
)

func (f *fixture) claimTogether(t *testing.T, claim func(key int) (r notice.Record, basedOn roster.Revision)) {
	t.Helper()
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		winner = map[notice.ID][]roster.Revision{}
		told   = map[notice.ID][]roster.Revision{}
	)
	for c := range claimants {
		wg.Go(func() {
			for key := range contested {
				r, basedOn := claim(key)
				r.By, r.Revision = fmt.Sprint("claimant ", c), NewID()
				err := f.PutNotice(f.ctx, r, basedOn)
				conflict, lost := errors.AsType[*store.ConflictError[notice.Record]](err)
				mu.Lock()
				switch {
				case err == nil:
					winner[r.ID] = append(winner[r.ID], r.Revision)
				case lost:
					told[r.ID] = append(told[r.ID], conflict.Current.Revision)
				default:
					t.Errorf("a claim: got %v, want nil or a conflict", err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for key := range contested {
		r, _ := claim(key)
		won, lost := winner[r.ID], told[r.ID]
		if len(won) != 1 || len(lost) != claimants-1 {
			t.Errorf("notice %d: got %d winners and %d losers, want 1 and %d", key, len(won), len(lost), claimants-1)
			continue
		}
		if got := f.noticesAt(t, r.Key())[0]; got.Revision != won[0] || slices.ContainsFunc(lost, func(l roster.Revision) bool { return l != won[0] }) {
			t.Errorf("notice %d: got %s, and the losers were shown %v, want the winner's %s", key, got.Revision, lost, won[0])
		}
	}
}

func testNoticesLarge(t *testing.T, f *fixture) {
	var want []notice.Record
	for i := range 20 {
		r := f.newNotice(noon, fmt.Sprint("large ", i))
		r.Subject, r.To, r.Error = strings.Repeat("<é\"", 200), strings.Repeat("o", 500), strings.Repeat("e", 500)
		r.Kind = roster.NoticeChanged
		for range 100 {
			r.Acts = append(r.Acts, NewID())
		}
		f.mustPut(t, r, "")
		want = append(want, r)
	}
	slices.SortFunc(want, func(a, b notice.Record) int { return cmpStrings(a.ID, b.ID) })
	wantDiff(t, "large records", f.noticesOf(t, day23), want)
}

// What a company of 10,000 people has in a day is listed and asked for in a bounded time.
func testNoticesBigDay(t *testing.T, f *fixture) {
	const records, workers, asked = 20_000, 64, 2000
	day := noon.AddDate(0, 0, 100)
	ofBigDay := func(n int64) notice.Record {
		r := f.newNotice(day, fmt.Sprint("of a big day ", n))
		r.Team += roster.TeamID(fmt.Sprint("-", n%500))
		return r
	}
	var (
		wg   sync.WaitGroup
		next atomic.Int64
	)
	begun := time.Now()
	for range workers {
		wg.Go(func() {
			for n := next.Add(1); n <= records; n = next.Add(1) {
				if err := f.PutNotice(f.ctx, ofBigDay(n), ""); err != nil {
					t.Errorf("PutNotice: got %v, want nil", err)
					return
				}
			}
		})
	}
	wg.Wait()
	wrote := time.Since(begun)
	begun = time.Now()
	got := f.noticesOf(t, notice.DayOf(day))
	listed := time.Since(begun)
	if len(got) != records {
		t.Errorf("NoticesOf: got %d records, want %d", len(got), records)
	}
	keys := make([]notice.Key, asked)
	for i := range keys {
		r := ofBigDay(int64(1 + i*7))
		keys[i] = r.Key()
	}
	begun = time.Now()
	for i, r := range f.noticesAt(t, keys...) {
		if r.Key() != keys[i] {
			t.Fatalf("NoticesAt: got %v at %d, want %v", r.Key(), i, keys[i])
		}
	}
	at := time.Since(begun)
	t.Logf("%d records were written in %s and listed in %s; %d of them were asked for in %s", records, wrote, listed, asked, at)
	if most := 5 * time.Second; listed > most || at > most {
		t.Errorf("a big day: got it listed in %s and %d records in %s, want each within %s", listed, asked, at, most)
	}
}

func testNoticesDropped(t *testing.T, f *fixture) {
	// Days long ago, which no other case has.
	first := roster.Date{Year: 1999, Month: 3, Day: 1}
	var kept, gone []notice.Key
	for i := range 40 { // more than a month
		day := first.AddDays(i)
		for n := range 3 {
			r := f.newNotice(time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, time.UTC), fmt.Sprint("dropped ", day, n))
			f.mustPut(t, r, "")
			if day.Before(first.AddDays(35)) {
				gone = append(gone, r.Key())
			} else {
				kept = append(kept, r.Key())
			}
		}
	}
	for range 2 { // the second finds all done
		if err := f.DropNotices(f.ctx, first.AddDays(35)); err != nil {
			t.Fatalf("DropNotices: got %v, want nil", err)
		}
	}
	for i, r := range f.noticesAt(t, gone...) {
		if r.Revision != "" {
			t.Errorf("%s after it was dropped: got %+v, want none", gone[i].Day, r)
		}
	}
	for i, r := range f.noticesAt(t, kept...) {
		if r.Key() != kept[i] {
			t.Errorf("%s after days before it were dropped: got %+v, want it there", kept[i].Day, r)
		}
	}
	days, err := f.NoticeDays(f.ctx)
	if err != nil || len(days) == 0 || days[0] != first.AddDays(35) {
		t.Errorf("NoticeDays: got %v, %v, want %s first", days, err, first.AddDays(35))
	}
	for i := range 40 {
		want := 0
		if i >= 35 {
			want = 3
		}
		if got := len(f.noticesOf(t, first.AddDays(i))); got != want {
			t.Errorf("NoticesOf(%s): got %d, want %d", first.AddDays(i), got, want)
		}
	}
	// The rest goes too, so that the days before those of other cases are as they were.
	if err := f.DropNotices(f.ctx, first.AddDays(40)); err != nil {
		t.Fatalf("DropNotices: got %v, want nil", err)
	}
}
