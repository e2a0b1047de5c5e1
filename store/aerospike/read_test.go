package aerospike

import (
	"testing"
	"time"
)

// What one node alone has answered is shown when a reader has waited for others, and longer where there
// is one more who could be believed.
func TestEnough(t *testing.T) {
	for _, c := range []struct {
		answered    int
		disbelieved bool
		waited      time.Duration
		want        int
	}{
		{1, false, 0, 2},
		{1, false, aloneTime, 2},
		{1, false, aloneTime + 1, 1},
		{1, true, aloneTime + 1, 2},
		{1, true, outsideTime, 2},
		{1, true, outsideTime + 1, 1},
		{2, false, aloneTime + 1, 2},
		{3, true, outsideTime + 1, 2},
	} {
		if got := enough(2, c.answered, c.disbelieved, c.waited); got != c.want {
			t.Errorf("%d answered, others disbelieved %t, after %s: got %d, want %d", c.answered, c.disbelieved, c.waited, got, c.want)
		}
	}
}
