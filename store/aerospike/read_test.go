package aerospike

import (
	"testing"
	"time"
)

// What one node alone has answered is shown when a reader has waited for others.
func TestEnough(t *testing.T) {
	for _, c := range []struct {
		answered int
		waited   time.Duration
		want     int
	}{
		{1, 0, 2},
		{1, aloneTime, 2},
		{1, aloneTime + 1, 1},
		{2, aloneTime + 1, 2},
		{3, aloneTime + 1, 2},
	} {
		if got := enough(2, c.answered, c.waited); got != c.want {
			t.Errorf("%d answered, after %s: got %d, want %d", c.answered, c.waited, got, c.want)
		}
	}
}
