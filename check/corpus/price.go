package corpus

import (
	"context"
	"fmt"
	"hash/crc32"
	"math"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
)

// Price is the most that reading an input may cost: so much whatever the input, and so
// much more for each of its bytes. It has no clock in it, so that a busy machine changes
// nothing.
type Price struct {
	Bytes  Line // that are allocated
	Allocs Line // how many times something is allocated
	Steps  Line // what the caller counts; of Steps, of reads of a store
}

// Line is a cost that grows with the input at most as a straight line does.
type Line struct{ Base, Each uint64 }

func (l Line) at(size int) uint64 { return l.Base + l.Each*uint64(size) }

// Cost is what a call cost.
type Cost struct{ Bytes, Allocs, Steps uint64 }

func (c Cost) least(other Cost) Cost {
	return Cost{min(c.Bytes, other.Bytes), min(c.Allocs, other.Allocs), min(c.Steps, other.Steps)}
}

// over says what of a cost is more than the price of an input of this size; "" for nothing.
func (p Price) over(size int, c Cost) string {
	var all []string
	for _, part := range []struct {
		what string
		cost uint64
		most Line
	}{{"bytes allocated", c.Bytes, p.Bytes}, {"allocations", c.Allocs, p.Allocs}, {"steps", c.Steps, p.Steps}} {
		if most := part.most.at(size); part.cost > most {
			all = append(all, fmt.Sprintf("%d %s, want at most %d + %d for each byte, %d", part.cost, part.what, part.most.Base, part.most.Each, most))
		}
	}
	return strings.Join(all, "; ")
}

// tries is how often what costs too much is done again, before that counts: meanwhile
// another goroutine may have allocated something.
const tries = 3

// Of does something with an input of this size, and fails the test if that costs more than
// the price. What is done returns the steps that it took. It is done again if it was too
// expensive, and must be as expensive then.
func (p Price) Of(t testing.TB, size int, do func() (steps uint64)) {
	t.Helper()
	if RaceDetector {
		p.Bytes, p.Allocs = Line{Base: math.MaxUint64}, Line{Base: math.MaxUint64}
	}
	cost := costOf(do)
	for range tries {
		if p.over(size, cost) == "" {
			return
		}
		cost = cost.least(costOf(do))
	}
	if over := p.over(size, cost); over != "" {
		t.Errorf("an input of %d bytes: got %s", size, over)
	}
}

// The length to which an input is repeated, and of how many inputs one is.
const (
	Long   = 64 << 10
	oneOut = 16
)

// Each is Of for what reads all of the input and counts no steps. A fuzzer finds short
// inputs first, and what is quadratic hides there: one input of sixteen, always the same,
// is also read as often as it fits into 64 KiB.
func Each[T ~string | ~[]byte](t testing.TB, p Price, input T, do func(T)) {
	t.Helper()
	read := func(input T) { p.Of(t, len(input), func() uint64 { do(input); return 0 }) }
	read(input)
	if len(input) > 0 && crc32.ChecksumIEEE([]byte(input))%oneOut == 0 {
		read(T(strings.Repeat(string(input), max(1, Long/len(input)))))
	}
}

// costOf is what doing something costs. Other goroutines count too.
func costOf(do func() uint64) Cost {
	var samples [2][2]metrics.Sample
	for i := range samples {
		samples[i][0].Name, samples[i][1].Name = "/gc/heap/allocs:bytes", "/gc/heap/allocs:objects"
	}
	metrics.Read(samples[0][:])
	steps := do()
	metrics.Read(samples[1][:])
	grew := func(i int) uint64 { return samples[1][i].Value.Uint64() - samples[0][i].Value.Uint64() }
	return Cost{Bytes: grew(0), Allocs: grew(1), Steps: steps}
}

// Steps is a context that counts how often it is asked for its end. Loops over what a
// caller can make large ask it in every round.
type Steps struct {
	context.Context
	asked atomic.Uint64
}

// Err counts, and asks the context.
func (s *Steps) Err() error {
	s.asked.Add(1)
	return s.Context.Err()
}

// Taken is how often Err was called.
func (s *Steps) Taken() uint64 { return s.asked.Load() }
