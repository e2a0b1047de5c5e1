package aerospike

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/storetest"
)

func noticeOn(day roster.Date, what string) notice.Record {
	due := time.Date(day.Year, day.Month, day.Day, 8, 0, 0, 0, time.UTC)
	return notice.Record{
		ID: notice.NewID("test", what), Day: day, Kind: roster.NoticeNow, Team: "ops", Person: "ana", To: "a…@example.org",
		Subject: "You are on call now", Due: due, State: notice.StateClaimed, By: "one", Until: due.Add(30 * time.Second),
		Tries: 1, Revision: storetest.NewID(),
	}
}

// noticeWithMaster is a new notice whose record has its master on node i.
func noticeWithMaster(t *testing.T, s *Store, c *asdtest.Cluster, i int, day roster.Date) notice.Record {
	t.Helper()
	for {
		r := noticeOn(day, string(storetest.NewID()))
		partition, err := as.PartitionForRead(clusterOf(s), as.NewPolicy(), s.key(setNotices, noticeRecord(noticeEntry(r.Key()))))
		if err != nil {
			t.Fatal(err)
		}
		n, err := partition.GetNodeRead(clusterOf(s))
		if err != nil {
			t.Fatal(err)
		}
		if n.GetName() == c.Name(i) {
			return r
		}
	}
}

// testNoticeSpeed claims 500 notices that are due at once, and says that they were sent, as an
// instance with 16 senders does.
func testNoticeSpeed(t *testing.T, c *asdtest.Cluster) {
	const notices, senders = 500, 16
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	day := roster.Date{Year: 2028, Month: 5, Day: 2}
	work := make(chan notice.Record, notices)
	for i := range notices {
		work <- noticeOn(day, fmt.Sprint(storetest.NewID(), i))
	}
	close(work)
	var wg sync.WaitGroup
	begun := time.Now()
	for range senders {
		wg.Go(func() {
			for r := range work {
				if err := s.PutNotice(t.Context(), r, ""); err != nil {
					t.Errorf("a claim: got %v, want nil", err)
				}
				claimed := r.Revision
				r.State, r.Revision = notice.StateSent, storetest.NewID()
				if err := s.PutNotice(t.Context(), r, claimed); err != nil {
					t.Errorf("a result: got %v, want nil", err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(begun)
	t.Logf("%d notices were claimed and sent in %s, which is %.0f writes a second", notices, took, 2*notices/took.Seconds())
	if took > 5*time.Second {
		t.Errorf("500 notices: got %s, want at most 5s", took)
	}
}

// testNoticeInDoubt claims notices by attempts so short that many are in doubt though they took
// effect: whoever claims again with the same revision has it, and with another one has not.
func testNoticeInDoubt(t *testing.T, c *asdtest.Cluster) {
	check := openStore(t, c)
	defer func() { _ = check.Close() }()
	day := roster.Date{Year: 2028, Month: 5, Day: 3}
	doubted := 0
	for attempt := 200 * time.Microsecond; attempt <= 1100*time.Microsecond; attempt += 300 * time.Microsecond {
		s := openStore(t, c)
		s.attempt = attempt
		for i := range 20 {
			r := noticeOn(day, fmt.Sprint(storetest.NewID(), i))
			ctx, cancel := context.WithTimeout(t.Context(), 20*attempt)
			err := s.PutNotice(ctx, r, "")
			cancel()
			if err != nil && !errors.Is(err, store.ErrUnavailable) {
				t.Fatalf("attempts of %s: got %v, want nil or an *UnavailableError", attempt, err)
			}
			if err != nil {
				doubted++
			}
			// The sender asks again, with the same revision.
			if err := check.PutNotice(t.Context(), r, ""); err != nil {
				t.Fatalf("the same claim again: got %v, want nil", err)
			}
			rival := r
			rival.By, rival.Revision = "two", storetest.NewID()
			conflict, is := errors.AsType[*store.ConflictError[notice.Record]](check.PutNotice(t.Context(), rival, ""))
			if !is || conflict.Current.Revision != r.Revision {
				t.Errorf("the claim of another: got %+v, want a conflict with the first", conflict)
			}
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want nil", err)
		}
	}
	if doubted == 0 {
		t.Error("got no claim in doubt, which shows nothing")
	}
	t.Logf("%d of 80 claims were in doubt", doubted)
}

// testNoticeFrozen claims a notice while the master of its record is frozen. When it is back
// there is one claim, the first that was acknowledged.
func testNoticeFrozen(t *testing.T, c *asdtest.Cluster) {
	s, other := openStore(t, c), openStore(t, c)
	defer func() { _, _ = s.Close(), other.Close() }()
	const node = 2
	r := noticeWithMaster(t, s, c, node, roster.Date{Year: 2028, Month: 5, Day: 4})
	if err := s.listDay(t.Context(), r.Day.String()); err != nil {
		t.Fatal(err)
	}
	c.Freeze(node)
	rival := r
	rival.By, rival.Revision = "two", storetest.NewID()
	results := make([]error, 2)
	var wg sync.WaitGroup
	wg.Go(func() { results[0] = s.PutNotice(t.Context(), r, "") })
	wg.Go(func() { results[1] = other.PutNotice(t.Context(), rival, "") })
	wg.Wait()
	c.Thaw(node)
	c.WaitStable(t, time.Minute)
	fresh := openStore(t, c)
	defer func() { _ = fresh.Close() }()
	got, err := fresh.NoticesAt(t.Context(), []notice.Key{r.Key()})
	if err != nil {
		t.Fatal(err)
	}
	want := map[bool]roster.Revision{true: r.Revision, false: rival.Revision}[results[0] == nil]
	if (results[0] == nil) == (results[1] == nil) || got[0].Revision != want {
		t.Errorf("two claims while the master was frozen: got %v and %v, and then %s, want one success that is kept", results[0], results[1], got[0].Revision)
	}
}

// testNoticeBodies drops a day with a record of a notice that is too large to stand among others:
// its room is given back.
func testNoticeBodies(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	s.emptyAfter = 0
	day := roster.Date{Year: 1998, Month: 5, Day: 5}
	r := noticeOn(day, string(storetest.NewID()))
	for range 1000 {
		r.Acts = append(r.Acts, storetest.NewID())
	}
	if err := s.PutNotice(t.Context(), r, ""); err != nil {
		t.Fatal(err)
	}
	if got, err := s.NoticesOf(t.Context(), day); err != nil || len(got) != 1 || len(got[0].Acts) != len(r.Acts) {
		t.Fatalf("NoticesOf: got %d, %v, want the whole record", len(got), err)
	}
	key := s.key(setNotices, noticeRecord(noticeEntry(r.Key())))
	answers, err := s.read(t.Context(), lookup{key: key, ops: []*as.Operation{as.MapGetByKeyOp(binAll, noticeEntry(r.Key()), as.MapReturnType.VALUE)}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := entryOf(key, answers[0][binAll])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DropNotices(t.Context(), day.AddDays(1)); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		answers, err = s.read(t.Context(), lookup{key: s.bodyKey(e.text), bins: []string{binText}})
		if err != nil || answers[0] == nil {
			t.Fatalf("the body: got %v, %v, want it there", answers[0], err)
		}
		if answers[0][binText] == "" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the body of a record that was dropped: got it still there, want it empty")
}
