package aerospike

import (
	"testing"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store/aerospike/asdtest"
)

// BenchmarkStore sets what a five-week page and a save cost beside what the bare client
// needs for the same records.
func BenchmarkStore(b *testing.B) {
	c := asdtest.Start(b, 3, "what a page and a save cost")
	s := openStore(b, c)
	defer func() { _ = s.Close() }()
	team := newTeam("bench")
	first := roster.Date{Year: 2026, Month: 11, Day: 1}
	for i := range 60 {
		if _, err := s.Save(b.Context(), team, noteEdit(first.AddDays(i), "", "a note of the usual length")); err != nil {
			b.Fatal(err)
		}
	}
	keys := []*as.Key{s.monthKey(team, first.InMonth()), s.monthKey(team, first.InMonth().Next())}

	b.Run("page/bare client", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.client.BatchGet(batchPolicy(readBudget, false), keys, binDays, binSeq); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("page/store", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Days(b.Context(), team, first.AddDays(22), first.AddDays(56)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("save/bare client", func(b *testing.B) {
		ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
		for b.Loop() {
			_, err := s.client.Operate(writePolicy(writeAttempt, as.UPDATE_ONLY, nil), keys[0],
				as.MapPutOp(ordered, binDays, 5, encodeDay(roster.Day{Date: first.AddDays(4), Note: "a note of the usual length"})))
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("save/store", func(b *testing.B) {
		d := first.AddDays(9)
		days, err := s.Days(b.Context(), team, d, d)
		if err != nil {
			b.Fatal(err)
		}
		revision, notes := days[0].Revision, []string{"one", "the other"}
		for i := 0; b.Loop(); i++ {
			e := noteEdit(d, revision, notes[i%2])
			if _, err := s.Save(b.Context(), team, e); err != nil {
				b.Fatal(err)
			}
			revision = e.Change
		}
	})
}
