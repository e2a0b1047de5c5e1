package bolt

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dailyroster/store"
)

// Writes that come while one is being committed share a commit, and none of them hears of the
// failures of others.
func TestSharedCommits(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const writers = 40
	errBroken := errors.New("broken")
	slow := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.commits.update(func(*bbolt.Tx) error { close(slow); time.Sleep(50 * time.Millisecond); return nil })
	})
	<-slow
	got := make([]error, writers)
	for i := range writers {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					got[i] = fmt.Errorf("panic %v", p)
				}
			}()
			got[i] = s.commits.update(func(tx *bbolt.Tx) error {
				if i%10 == 1 {
					return &store.ConflictError[int]{}
				}
				if err := tx.Bucket(metaBucket).Put(fmt.Append(nil, "w", i), []byte("x")); err != nil {
					return err
				}
				switch i % 10 {
				case 2:
					return errBroken
				case 3:
					panic("broken")
				}
				return nil
			})
		})
	}
	wg.Wait()
	err = s.db.View(func(tx *bbolt.Tx) error {
		for i := range writers {
			written := tx.Bucket(metaBucket).Get(fmt.Append(nil, "w", i)) != nil
			want := i%10 != 1 && i%10 != 2 && i%10 != 3
			if written != want || (got[i] == nil) != want {
				t.Errorf("writer %d: written %t, error %v, want %t", i, written, got[i], want)
			}
			if i%10 == 1 && !errors.Is(got[i], store.ErrConflict) || i%10 == 2 && !errors.Is(got[i], errBroken) || i%10 == 3 && got[i].Error() != "panic broken" {
				t.Errorf("writer %d: got %v", i, got[i])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Many writers at once wait for the disk together.
func TestCommitsAreFewerThanWrites(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const writers, each = 16, 20
	last := 0
	commits := map[int]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := s.commits.update(func(tx *bbolt.Tx) error {
					mu.Lock()
					defer mu.Unlock()
					commits[tx.ID()] = true
					last++
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if last != writers*each || len(commits) > last/2 {
		t.Errorf("%d writes took %d commits, want at most half as many", last, len(commits))
	}
}
