package aerospike

import (
	"fmt"
	"testing"
)

// A record is touched once at a time, and once more when a write of it came to nothing
// after a touch was begun: that touch may be older than what the write left.
func TestMends(t *testing.T) {
	m := mends{wanted: map[string]bool{}}
	want := func(digest string, begin, room bool) {
		t.Helper()
		if gotBegin, gotRoom := m.want(digest); gotBegin != begin || gotRoom != room {
			t.Errorf("%s: got begin %t and room %t, want %t and %t", digest, gotBegin, gotRoom, begin, room)
		}
	}
	want("a", true, true)
	want("a", false, true)
	if !m.take("a") || m.take("a") {
		t.Error("two writes before the touch began: want one touch")
	}
	want("a", false, true)
	if m.end("a") {
		t.Error("a write since the touch began: got it ended, want one touch more")
	}
	if !m.take("a") || !m.end("a") {
		t.Error("after that touch: want it ended")
	}
	for i := range maxMends {
		want(fmt.Sprint(i), true, true)
	}
	want("a", false, false)
	want("0", false, true)
}
