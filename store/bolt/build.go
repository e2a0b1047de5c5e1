package bolt

import (
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

// Build makes a new file at path of what fill writes into a store. It does not wait for the
// disk at each write, only once at the end, so it takes a fraction of the time that the same
// writes take in a store that serves. Until all is on the disk there is no file at path: after
// an error or a crash, nothing is there.
func Build(path string, fill func(*Store) error) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("the store %s is there already", path), err)
	}
	unfinished := path + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s, err := Open(unfinished)
	if err != nil {
		return err
	}
	s.db.NoSync, s.db.NoFreelistSync = true, true
	if err := fill(s); err != nil {
		return errors.Join(err, s.Close(), os.Remove(unfinished))
	}
	s.db.NoFreelistSync = false
	if err := errors.Join(s.db.Update(func(*bbolt.Tx) error { return nil }), s.db.Sync(), s.Close()); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	return os.Rename(unfinished, path)
}
