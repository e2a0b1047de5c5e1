package storetest

import (
	"sync"
	"testing"

	"dailyroster/store"
)

// testAbout asks what the store is, many at once: all are told the same, and so is everybody
// after them.
func testAbout(t *testing.T, f *fixture) {
	const many = 8
	said := make([]store.About, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			var err error
			if said[i], err = f.About(t.Context(), NewID()); err != nil {
				t.Errorf("About: got %v, want nil", err)
			}
		})
	}
	all.Wait()
	for _, a := range said {
		if a != said[0] || a.Format < 1 || store.CheckRevision(a.ID) != nil {
			t.Errorf("About: got %+v and %+v, want the same id and format", said[0], a)
		}
	}
	if again, err := f.About(t.Context(), NewID()); err != nil || again != said[0] {
		t.Errorf("About, later: got %+v, %v, want %+v", again, err, said[0])
	}
}
