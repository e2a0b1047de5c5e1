package archive

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"dailyroster/store"
)

// ErrNotEmpty: the store holds something that the export does not have, so that nothing
// was written.
var ErrNotEmpty = errors.New("the store is not empty")

// ErrDiffers: what was written is not what there is now. Somebody else wrote meanwhile.
var ErrDiffers = errors.New("what the store holds now is not what was restored")

// Restore reads an export and writes all of it into a store that is empty. First the
// whole export is checked, and then the store: one that holds anything else is an
// ErrNotEmpty and stays as it is. An interrupted restore is run again with the same
// export, and skips what it has already written. At the end the whole store is read and
// summed up.
func Restore(ctx context.Context, file io.ReadSeeker, into store.Store, progress Progress) (Summary, error) {
	sum, _, err := copyAll(ctx, ofFile(file), into, progress)
	return sum, err
}

// Copy writes everything that one store keeps into another, by the rules of Restore. The
// summaries are of both stores, each read anew.
func Copy(ctx context.Context, from, into store.Store, progress Progress) (was, is Summary, err error) {
	_, is, err = copyAll(ctx, ofStore(from), into, progress)
	if err != nil {
		return was, is, err
	}
	was, err = summaryOf(ctx, ofStore(from), ignore)
	return was, is, err
}

func ignore(item, []byte) error { return nil }

func copyAll(ctx context.Context, from source, into store.Store, progress Progress) (was, is Summary, err error) {
	known := map[string]lineSum{}
	was, err = summaryOf(ctx, from, func(it item, _ []byte) error {
		if _, twice := known[it.name()]; twice {
			return fmt.Errorf("the %s is there twice", it.name())
		}
		known[it.name()], err = sumOf(it)
		return err
	})
	if err != nil {
		return was, is, err
	}
	if err := holdsNothingElse(ctx, into, known); err != nil {
		return was, is, err
	}
	done := 0
	err = from(ctx, func(it item) error {
		if err := it.put(ctx, into); err != nil {
			return refused(err)
		}
		done++
		progress(done, len(known))
		return nil
	})
	if err != nil {
		return was, is, err
	}
	if is, err = summaryOf(ctx, ofStore(into), ignore); err == nil && !is.Equal(was) {
		err = fmt.Errorf("%w: it has %v with checksum %.12s…, not %v with %.12s…", ErrDiffers, is.Counts, is.SHA256, was.Counts, was.SHA256)
	}
	return was, is, err
}

// refused is the error of a write. If the store cannot take it, something else is already
// there.
func refused(err error) error {
	if invalid, ok := errors.AsType[*store.InvalidError](err); ok {
		return fmt.Errorf("%w: %s", ErrNotEmpty, invalid.Reason)
	}
	return err
}

// lineSum stands for what an item says, apart from other items.
type lineSum [sha256.Size]byte

func sumOf(it item) (lineSum, error) {
	line, err := encode(it.kind.name, it.alone())
	return sha256.Sum256(line), err
}

// holdsNothingElse refuses a store that has something which is not among what is known,
// or not the same.
func holdsNothingElse(ctx context.Context, s store.Store, known map[string]lineSum) error {
	return ofStore(s)(ctx, func(it item) error {
		is, err := sumOf(it)
		if err != nil {
			return err
		}
		switch sum, may := known[it.name()]; {
		case !may:
			return fmt.Errorf("%w: it holds the %s already", ErrNotEmpty, it.name())
		case sum != is:
			return fmt.Errorf("%w: it holds another %s already", ErrNotEmpty, it.name())
		}
		return nil
	})
}
