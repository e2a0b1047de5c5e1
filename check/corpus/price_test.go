package corpus

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// told is a test that keeps what it is told.
type told struct {
	testing.TB
	errors []string
}

func (t *told) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

var kept [][]byte // so that the compiler lets it be allocated

// pieces allocates so many times so many bytes.
func pieces(n, size int) {
	kept = nil
	for range n {
		kept = append(kept, make([]byte, size))
	}
}

func TestPrice(t *testing.T) {
	withoutRaceDetector(t)
	price := Price{Bytes: Line{1 << 20, 100}, Allocs: Line{1000, 1}, Steps: Line{10, 1}}
	for _, tt := range []struct {
		what string
		size int
		do   func() uint64
		want string // is part of the error; "" for none
	}{
		{"nothing", 0, func() uint64 { return 10 }, ""},
		{"much of a long input", 30_000, func() uint64 { pieces(300, 10_000); return 30_000 }, ""},
		{"the same of a short one", 300, func() uint64 { pieces(300, 10_000); return 0 }, "bytes allocated, want at most 1048576 + 100 for each byte, 1078576"},
		{"many small pieces", 300, func() uint64 { pieces(10_000, 16); return 0 }, "allocations, want at most 1000 + 1 for each byte, 1300"},
		{"many steps", 5, func() uint64 { return 16 }, "got 16 steps, want at most 10 + 1 for each byte, 15"},
	} {
		got := &told{TB: t}
		price.Of(got, tt.size, tt.do)
		if all := strings.Join(got.errors, "\n"); (all == "") != (tt.want == "") || !strings.Contains(all, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.what, all, tt.want)
		}
	}
}

// What other goroutines allocate is not held against the input.
func TestPriceOfNoise(t *testing.T) {
	withoutRaceDetector(t)
	times := 0
	Price{Bytes: Line{Base: 1 << 20}, Allocs: Line{Base: 1000}}.Of(t, 0, func() uint64 {
		times++
		if times < tries {
			pieces(10, 1<<20)
		}
		return 0
	})
	if times != tries {
		t.Errorf("got %d calls, want them to end with the first that is cheap, the third", times)
	}
}

// What is quadratic is found at the length to which the input is repeated.
func TestPriceOfRepeated(t *testing.T) {
	withoutRaceDetector(t)
	quadratic := func(s string) { pieces(len(s)/64, len(s)) }
	found := 0
	for i := range 10 * oneOut {
		got := &told{TB: t}
		Each(got, Price{Bytes: Line{1 << 20, 100}, Allocs: Line{1 << 20, 1}}, fmt.Sprintf("input %d", i), quadratic)
		found += len(got.errors)
	}
	if found < 1 || found > 3*10 {
		t.Errorf("got %d of %d inputs that are too expensive, want about one of %d", found, 10*oneOut, oneOut)
	}
}

func TestSteps(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	s := &Steps{Context: ctx}
	if s.Err() != nil {
		t.Errorf("got %v, want a context that has not ended", s.Err())
	}
	end()
	if err := s.Err(); err == nil || s.Taken() != 2 {
		t.Errorf("got %v after %d steps, want its end after two", err, s.Taken())
	}
}

// withoutRaceDetector skips what can only be held without the race detector. The checks run
// this package once more so.
func withoutRaceDetector(t *testing.T) {
	t.Helper()
	if RaceDetector {
		t.Skip("the race detector multiplies what is allocated; the check timed runs this without it")
	}
}
