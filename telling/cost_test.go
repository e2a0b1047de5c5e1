//go:build unix

package telling

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/store/bolt"
	"dailyroster/store/measured"
	"dailyroster/store/storetest/company"
)

// A round that looks at the largest company takes at most 200 ms and 15 questions to the store,
// also when somebody has edited since, and when 1,000 notices fall due.
func TestCostOfRound(t *testing.T) {
	const most, questions = 200 * time.Millisecond, 15
	today := roster.Date{Year: 2026, Month: 11, Day: 24}
	size := company.Large()
	size.Months = 4 // what is long ago, or far ahead, is not looked at
	of, err := company.New(size, today)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := of.InFile(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	file, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := measured.New(file)
	asked := 0
	s.Tell(func(operation string, _ time.Duration, _ any) {
		if operation != "put_notice" && operation != "drop_notices" {
			asked++
		}
	})
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	sent := make(chan bool, 100_000)
	teller := New(Config{
		Store: s, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }, Random: rand.Reader,
		Ways: Ways{Email: func(context.Context, string, notify.Message) error { sent <- true; return nil }},
	})
	w := newWatch(teller)
	for range 1 + len(of.Teams())/histories + 1 { // until all that happened before is known
		if _, err := w.round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.lanes.under.Wait()
	before := len(sent)
	for _, tc := range []struct {
		what string
		do   func()
	}{
		{"nothing has changed", func() {}},
		{"a day was edited", func() {
			d := today.AddDays(3)
			days, err := s.Days(t.Context(), of.Team(), d, d)
			if err != nil {
				t.Fatal(err)
			}
			id, err := teller.newRevision()
			if err != nil {
				t.Fatal(err)
			}
			edited := days[0].Clone()
			edited.Assign("primary", of.Member())
			edited.Note += "."
			edit := roster.Edit{Change: id, Actor: roster.Actor{Name: "a test"}, Why: roster.WhyEdit, Time: now, Days: []roster.DayEdit{{BasedOn: days[0].Revision, Day: edited}}}
			if _, err := s.Save(t.Context(), of.Team(), edit); err != nil {
				t.Fatal(err)
			}
		}},
		{"an hour has passed", func() { now = now.Add(time.Hour) }},
		{"all have hand-offs", func() { now = now.Add(3 * time.Hour) }},
	} {
		tc.do()
		asked = 0
		begun := processorTime(t) // by the clock it takes longer where others work beside
		if _, err := w.round(t.Context()); err != nil {
			t.Fatal(err)
		}
		took := processorTime(t) - begun
		count := asked
		w.lanes.under.Wait()
		t.Logf("%s: %s, %d questions, %d notices", tc.what, took.Round(time.Millisecond), count, len(sent)-before)
		before = len(sent)
		if took > most || count > questions {
			t.Errorf("%s: got %s and %d questions, want at most %s and %d", tc.what, took, count, most, questions)
		}
	}
	if len(sent) < 1000 {
		t.Errorf("got %d notices, want at least 1,000 in all", len(sent))
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
