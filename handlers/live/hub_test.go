package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/handlers/live"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

// counted counts how often the store is asked for versions, and of how many months at most.
type counted struct {
	store.Store
	asked, months atomic.Int64
}

func (c *counted) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	months := 0
	for _, of := range l.Versions {
		months += len(of.Months)
	}
	if months > 0 {
		c.asked.Add(1)
		c.months.Store(max(c.months.Load(), int64(months)))
	}
	return c.Store.Look(ctx, l)
}

func emptyFile(t *testing.T) *bolt.Store {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// A hundred viewers cost what one costs, and none cost nothing.
func TestOnePollForAllViewers(t *testing.T) {
	file := emptyFile(t)
	s := &counted{Store: file}
	hub := live.NewHub(t.Context(), s, slog.New(slog.DiscardHandler))
	from := roster.Date{Year: 2026, Month: 11, Day: 23}
	var viewers []*live.Viewer
	var stops []func()
	for range 100 {
		v, days, stop, err := hub.Watch(t.Context(), "ops", live.Range{From: from, To: from.AddDays(34)})
		if err != nil || len(days) != 35 {
			t.Fatalf("Watch: got %d days, %v, want 35", len(days), err)
		}
		viewers, stops = append(viewers, v), append(stops, stop)
	}
	edit := roster.Edit{Change: storetest.NewID(), Why: roster.WhyEdit, Days: []roster.DayEdit{{Day: roster.Day{Date: from, Note: "n"}}}}
	if _, err := s.Save(t.Context(), "ops", edit); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for i, v := range viewers {
		select {
		case notices := <-v.News:
			if len(notices) != 1 || notices[0].Date != from || notices[0].Revision != edit.Change {
				t.Fatalf("viewer %d: got %v, want the edited day", i, notices)
			}
		case <-time.After(2 * time.Second):
			t.Fatalf("viewer %d heard nothing within 2 s", i)
		}
	}
	t.Logf("100 viewers heard of an edit within %s", time.Since(begun).Round(time.Millisecond))
	before, start := s.asked.Load(), time.Now()
	time.Sleep(4 * live.Interval)
	if got, most := s.asked.Load()-before, int64(time.Since(start)/live.Interval)+1; got > most {
		t.Errorf("in %s the store was asked %d times for 100 viewers, want at most %d", time.Since(start), got, most)
	}
	for _, stop := range stops {
		stop()
	}
	time.Sleep(2 * live.Interval)
	before = s.asked.Load()
	time.Sleep(3 * live.Interval)
	if got := s.asked.Load() - before; got != 0 {
		t.Errorf("with nobody looking the store was asked %d times, want none", got)
	}
}

// What is watched is what is looked at, not what lies between.
func TestFarRangesCostNoMore(t *testing.T) {
	file := emptyFile(t)
	s := &counted{Store: file}
	hub := live.NewHub(t.Context(), s, slog.New(slog.DiscardHandler))
	now, far := roster.Date{Year: 2026, Month: 11, Day: 23}, roster.Date{Year: 9998, Month: 1, Day: 2}
	v, days, stop, err := hub.Watch(t.Context(), "ops", live.Range{From: far, To: far}, live.Range{From: now, To: now.AddDays(34)})
	if err != nil || len(days) != 36 {
		t.Fatalf("got %d days, %v, want the 35 from today and the one far away", len(days), err)
	}
	defer stop()
	for _, d := range []roster.Date{now.AddDays(100), far} {
		edit := roster.Edit{Change: storetest.NewID(), Why: roster.WhyEdit, Days: []roster.DayEdit{{Day: roster.Day{Date: d, Note: "n"}}}}
		if _, err := s.Save(t.Context(), "ops", edit); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case notices := <-v.News:
		if len(notices) != 1 || notices[0].Date != far {
			t.Errorf("got %v, want the day far away", notices)
		}
	case <-time.After(2 * time.Second):
		t.Error("heard nothing of the day far away within 2 s")
	}
	if got := s.months.Load(); got != 3 {
		t.Errorf("the store was asked for %d months, want the 3 that are looked at", got)
	}
}

// There is room for so many months, and what leaves makes room.
func TestHubIsBounded(t *testing.T) {
	file := emptyFile(t)
	hub := live.NewHub(t.Context(), file, slog.New(slog.DiscardHandler))
	first := roster.Date{Year: 1970, Month: 1, Day: 1}
	if _, _, _, err := hub.Watch(t.Context(), "ops", live.Range{From: first, To: first.AddDays(3_000_000)}); !errors.Is(err, live.ErrFull) {
		t.Errorf("eight thousand years: got %v, want ErrFull", err)
	}
	watch := func(team, year int) (func(), error) {
		from := roster.Date{Year: year, Month: 1, Day: 1}
		_, _, stop, err := hub.Watch(t.Context(), roster.TeamID(fmt.Sprint("team-", team)), live.Range{From: from, To: from.AddDays(300)})
		return stop, err
	}
	var stops []func()
	const years = live.MaxMonths / 10 // of ten months each
	for i := range years {
		stop, err := watch(i%7, 2000+i/7)
		if err != nil {
			t.Fatalf("viewer %d: %v", i, err)
		}
		stops = append(stops, stop)
	}
	if _, err := watch(8, 2026); !errors.Is(err, live.ErrFull) {
		t.Fatalf("one more: got %v, want ErrFull", err)
	}
	if _, err := watch(0, 2000); err != nil {
		t.Errorf("months that are watched already: got %v, want no error", err)
	}
	stops[1]()
	stops[1]() // twice is once
	if _, err := watch(8, 2026); err != nil {
		t.Errorf("after one has left: got %v, want no error", err)
	}
}
