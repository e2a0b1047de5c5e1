package live_test

import (
	"context"
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

// counted counts how often the store is asked for versions.
type counted struct {
	store.Store
	asked atomic.Int64
}

func (c *counted) Versions(ctx context.Context, team roster.TeamID, months []roster.Month) (map[roster.Month]int64, error) {
	c.asked.Add(1)
	return c.Store.Versions(ctx, team, months)
}

// A hundred viewers cost what one costs, and none cost nothing.
func TestOnePollForAllViewers(t *testing.T) {
	file, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := &counted{Store: file}
	hub := live.NewHub(t.Context(), s, slog.New(slog.DiscardHandler))
	from := roster.Date{Year: 2026, Month: 11, Day: 23}
	var viewers []*live.Viewer
	var stops []func()
	for range 100 {
		v, days, stop, err := hub.Watch(t.Context(), "ops", from, from.AddDays(34))
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
