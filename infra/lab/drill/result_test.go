package drill

import (
	"testing"
	"time"
)

// A run of any length is divided into so many bins that they can be drawn, and each request is in
// the one in which it was answered.
func TestBins(t *testing.T) {
	for _, c := range []struct {
		length, each time.Duration
		bins         int
	}{
		{time.Second, 100 * time.Millisecond, 11},
		{399 * time.Second, 100 * time.Millisecond, 3991},
		{10 * time.Minute, 200 * time.Millisecond, 3001},
		{2 * time.Hour, 1900 * time.Millisecond, 3790},
	} {
		h := &History{Events: []Event{
			{Kind: ReadPage, Start: 0, End: 40 * time.Millisecond, Status: 200},
			{Kind: SaveAPI, Start: 0, End: 60 * time.Millisecond, Status: 500},
			{Kind: ReadPage, Start: c.length - time.Millisecond, End: c.length, Status: 200},
			{Kind: ReadSettle, Start: 2 * c.length, End: 3 * c.length, Status: 200}, // after the run
		}}
		var r Result
		r.Bins, r.BinTime = h.Bins()
		if r.BinTime != c.each || len(r.Bins) != c.bins {
			t.Errorf("%s: got %d bins of %s, want %d of %s", c.length, len(r.Bins), r.BinTime, c.bins, c.each)
		}
		last := len(r.Bins) - 1
		if first := r.Bins[0]; first.N != 2 || first.Failed != 1 || first.Max != 60*time.Millisecond || !first.MaxWrite {
			t.Errorf("%s: the first bin is %+v", c.length, first)
		}
		if r.Bins[last].N != 1 || r.TimeOf(last) > c.length || r.TimeOf(last+1) <= c.length {
			t.Errorf("%s: the last bin, from %s to %s, is %+v", c.length, r.TimeOf(last), r.TimeOf(last+1), r.Bins[last])
		}
	}
	if got := (&Result{}).TimeOf(3); got != 300*time.Millisecond {
		t.Errorf("without a length: got %s for the third, want 300 ms", got)
	}
}
