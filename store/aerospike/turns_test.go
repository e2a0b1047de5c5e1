package aerospike

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		of, begun := newTurns(), time.Now()
		var order []int
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				done := of.take(t.Context(), "a")
				order = append(order, i) // by one at a time, as the race detector sees
				time.Sleep(time.Millisecond)
				done()
			})
			synctest.Wait() // it has its place in the queue
		}
		of.take(t.Context(), "b")()
		if took := time.Since(begun); took != 0 {
			t.Errorf("a write of another record: got a wait of %s, want none", took)
		}
		all.Wait()
		if took := time.Since(begun); took != 5*time.Millisecond || len(order) != 5 || order[0] != 0 || order[4] != 4 {
			t.Errorf("five writes of 1 ms: got %v in %s, want one after the other in order", order, took)
		}
		if len(of.last) != 0 {
			t.Errorf("after all of them: got %d records, want none", len(of.last))
		}

		hangs := of.take(t.Context(), "a")
		for range 3 {
			all.Go(func() { of.take(t.Context(), "a")() })
		}
		begun = time.Now()
		all.Wait()
		if took := time.Since(begun); took != turnTime {
			t.Errorf("behind a write that hangs: got %s, want %s", took, turnTime)
		}
		hangs()
	})
}
