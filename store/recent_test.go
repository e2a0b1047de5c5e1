package store

import "testing"

func TestRecent(t *testing.T) {
	const n = 10
	r := NewRecent[int, int](n)
	for i := range 100 * n {
		r.Put(i, -i)
		for back := range min(n, i+1) {
			if got, ok := r.Get(i - back); !ok || got != back-i {
				t.Fatalf("after %d: got %d, %t for %d, want %d", i, got, ok, i-back, back-i)
			}
		}
		if got := len(r.now) + len(r.old); got > 2*n {
			t.Fatalf("got %d values kept, want at most %d", got, 2*n)
		}
	}
}
