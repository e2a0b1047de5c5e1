package bolt

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"dailyroster/store"
)

// maxShared is how many writes share a commit at most.
const maxShared = 64

// commits lets writes that come while another is being committed share the next commit: what
// takes long is to wait for the disk, and that is once for all of them. A write that comes alone
// is committed at once. None is reported as done before it is on disk.
type commits struct {
	db *bbolt.DB

	mu      sync.Mutex
	leading bool           // somebody commits
	waiting []*sharedWrite // for the next commit
}

// sharedWrite is a write with what came of it.
type sharedWrite struct {
	write func(*bbolt.Tx) error
	err   error
	// turn gives true to who is to make the next commit, and false to whose write is done.
	turn chan bool
}

// update runs a write transaction, perhaps together with others. It is on disk when that returns
// nil; after an error nothing of it is.
func (c *commits) update(write func(*bbolt.Tx) error) error {
	own := &sharedWrite{write: write, turn: make(chan bool, 1)}
	c.mu.Lock()
	if c.leading {
		c.waiting = append(c.waiting, own)
		c.mu.Unlock()
		if leads := <-own.turn; !leads {
			return own.result()
		}
		c.mu.Lock()
	}
	c.leading = true
	n := min(len(c.waiting), maxShared-1)
	others := slices.Clone(c.waiting[:n])
	c.waiting = slices.Delete(c.waiting, 0, n)
	c.mu.Unlock()

	c.commit(append([]*sharedWrite{own}, others...))

	c.mu.Lock()
	if c.leading = len(c.waiting) > 0; c.leading {
		next := c.waiting[0]
		c.waiting = slices.Delete(c.waiting, 0, 1)
		next.turn <- true
	}
	c.mu.Unlock()
	for _, w := range others {
		w.turn <- false
	}
	return own.result()
}

// commit makes the writes in one transaction. One that fails after it may have written is made
// again alone, and the others without it.
func (c *commits) commit(writes []*sharedWrite) {
	for len(writes) > 0 {
		failed := -1
		err := c.db.Update(func(tx *bbolt.Tx) error {
			for i, w := range writes {
				if w.err = safely(w.write, tx); w.err != nil && !refused(w.err) {
					failed = i
					return w.err
				}
			}
			return nil
		})
		if failed < 0 {
			for _, w := range writes {
				if w.err == nil {
					w.err = err
				}
			}
			return
		}
		if w := writes[failed]; len(writes) > 1 {
			w.err = c.db.Update(func(tx *bbolt.Tx) error { return safely(w.write, tx) })
		}
		writes = slices.Delete(writes, failed, failed+1)
	}
}

// refused reports whether the error is one that a write gives before it writes anything.
func refused(err error) bool {
	return errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrLate)
}

// panicked is what a write panicked with: its own caller is to know, not who shares its commit.
type panicked struct{ with any }

func (p panicked) Error() string { return fmt.Sprint("panic: ", p.with) }

func safely(write func(*bbolt.Tx) error, tx *bbolt.Tx) (err error) {
	defer func() {
		if with := recover(); with != nil {
			err = panicked{with}
		}
	}()
	return write(tx)
}

func (w *sharedWrite) result() error {
	if p, is := errors.AsType[panicked](w.err); is {
		panic(p.with)
	}
	return w.err
}
