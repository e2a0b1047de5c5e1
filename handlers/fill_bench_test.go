package handlers_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/bolt"
)

// BenchmarkFillYear fills a year of three roles from an empty roster, and takes it back:
// through the API, on the embedded file and on three Aerospike nodes. "trips" is how often
// the store was asked: calls of the file, round trips to the nodes.
func BenchmarkFillYear(b *testing.B) {
	b.Run("bolt", func(b *testing.B) {
		s, err := bolt.Open(filepath.Join(b.TempDir(), "roster.db"))
		if err != nil {
			b.Fatal(err)
		}
		c := &counting{Store: s}
		fillYears(b, c, func() int { c.mu.Lock(); defer c.mu.Unlock(); return len(c.asked) })
	})
	b.Run("aerospike", func(b *testing.B) {
		where, err := aerospike.ParseURL(asdtest.Start(b, 3, "what the fill of a year costs on Aerospike").URL())
		if err != nil {
			b.Fatal(err)
		}
		s, err := aerospike.Open(b.Context(), where, aerospike.Deps{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		fillYears(b, s, func() int { trips := s.RoundTrips(); return int(trips.Reads + trips.Writes) })
	})
}

// fillYears measures on a store, which it closes.
func fillYears(b *testing.B, on store.Store, trips func() int) {
	b.Cleanup(func() { _ = on.Close() })
	s := siteOn(b, on)
	n := 0
	newTeam := func(b *testing.B) string {
		b.Helper()
		n++
		id := fmt.Sprintf("year-%d-%d", s.now().Unix(), n)
		body := fmt.Sprintf(`{"id":%q,"name":"Year","roles":["Primary","Secondary","Manager"]}`, id)
		s.send(b, "POST", "/api/v1/teams", body).want(http.StatusCreated)
		rotation := func(role string) string {
			return fmt.Sprintf(`{"id":%q,"role":%q,"name":%q,"versions":[{"from":"2026-11-23","weekdays":["mon","tue","wed","thu","fri","sat","sun"],
				"daysPerTurn":1,"people":["a-%s","b-%s","c-%s","d-%s"]}]}`, role, role, role, role, role, role, role)
		}
		s.send(b, "PUT", "/api/v1/teams/"+id, fmt.Sprintf(`{"name":"Year","rotations":[%s,%s,%s]}`,
			rotation("primary"), rotation("secondary"), rotation("manager"))).want(http.StatusOK)
		return id
	}
	for _, role := range []string{"primary", "secondary", "manager"} {
		for _, person := range []string{"a", "b", "c", "d"} {
			s.send(b, "POST", "/api/v1/people", fmt.Sprintf(`{"id":"%s-%s","name":"%s %s"}`, person, role, person, role)).want(http.StatusCreated)
		}
	}
	measure := func(name string, prepare, act func(b *testing.B, team string)) {
		b.Run(name, func(b *testing.B) {
			asked := 0
			for b.Loop() {
				b.StopTimer()
				team := newTeam(b)
				prepare(b, team)
				before := trips()
				b.StartTimer()
				act(b, team)
				asked += trips() - before
			}
			b.ReportMetric(float64(asked)/float64(b.N), "trips/op")
		})
	}
	fill := func(b *testing.B, team string) {
		b.Helper()
		var done struct{ Counts map[string]int }
		s.send(b, "POST", "/api/v1/teams/"+team+"/fill", `{"from":"2026-11-23","to":"2027-11-22"}`, "Idempotency-Key", team).want(http.StatusOK).json(&done)
		if done.Counts["filled"] != 3*365 {
			b.Fatalf("the fill: got %v, want three roles on 365 days", done.Counts)
		}
	}
	nothing := func(*testing.B, string) {}
	measure("fill", nothing, fill)
	measure("preview of the same again", fill, func(b *testing.B, team string) {
		s.send(b, "POST", "/api/v1/teams/"+team+"/fill", `{"from":"2026-11-23","to":"2027-11-22","preview":true}`).want(http.StatusOK)
	})
	measure("undo", fill, func(b *testing.B, team string) {
		var page struct{ Changes []struct{ Group string } }
		s.send(b, "GET", "/api/v1/teams/"+team+"/changes?date=2026-12-24&limit=1", "").want(http.StatusOK).json(&page)
		s.send(b, "POST", "/api/v1/teams/"+team+"/undo", fmt.Sprintf(`{"change":%q}`, page.Changes[0].Group)).want(http.StatusOK)
	})
}
