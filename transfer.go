package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/archive"
)

// exportCmd writes an export (see package archive) to standard output.
type exportCmd struct {
	StoreConfig `embed:""`
}

// restoreCmd writes an export into an empty store.
type restoreCmd struct {
	StoreConfig `embed:""`

	File string `arg:"" type:"existingfile" help:"The export to restore, as written by roster export."`
}

// migrateCmd copies one store into another.
type migrateCmd struct {
	From string `required:"" help:"Store to read, in the form of --store. Stop the servers that use it first."`
	To   string `required:"" help:"Store to write, in the form of --store. It must be empty."`
}

func (c exportCmd) run(ctx context.Context, stdout, stderr io.Writer) error {
	return withStore(ctx, "store", c.Store, true, stderr, func(from store.Store) error {
		out, bar := bufio.NewWriter(stdout), newProgress(stderr, "exported")
		sum, err := archive.Write(ctx, out, from, "Daily Roster "+version, time.Now(), bar.show)
		bar.end()
		if err := errors.Join(err, out.Flush()); err != nil {
			return fmt.Errorf("the export is not complete: %w", err)
		}
		_, err = fmt.Fprintln(stderr, "Exported", inWords(sum))
		return err
	})
}

func (c restoreCmd) run(ctx context.Context, stdout, stderr io.Writer) (err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return withStore(ctx, "store", c.Store, false, stderr, func(into store.Store) error {
		bar := newProgress(stderr, "restored")
		sum, err := archive.Restore(ctx, file, into, bar.show)
		bar.end()
		if err != nil {
			return fmt.Errorf("nothing, or not all, was restored: %w", err)
		}
		_, err = fmt.Fprintln(stdout, "Restored", inWords(sum))
		return err
	})
}

func (c migrateCmd) run(ctx context.Context, stdout, stderr io.Writer) error {
	if c.From == c.To {
		return errors.New("from and to are the same store")
	}
	return withStore(ctx, "from", c.From, true, stderr, func(from store.Store) error {
		return withStore(ctx, "to", c.To, false, stderr, func(into store.Store) error {
			bar := newProgress(stderr, "migrated")
			was, is, err := archive.Copy(ctx, from, into, bar.show)
			bar.end()
			if err != nil {
				return fmt.Errorf("nothing, or not all, was migrated: %w", err)
			}
			if err := compare(stdout, was, is); err != nil {
				return err
			}
			if !was.Equal(is) {
				return errors.New("the stores differ: the first was edited meanwhile; stop the servers that use it, and migrate into another empty store")
			}
			_, err = fmt.Fprintln(stdout, "Both are equal, entry for entry.")
			return err
		})
	})
}

// withStore opens the store that the setting names, uses it and closes it. One that is
// read must be there.
func withStore(ctx context.Context, setting, location string, mustExist bool, stderr io.Writer, use func(store.Store) error) (err error) {
	open, err := openerOf(location)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(location, aerospike.Scheme) && mustExist {
		path, err := boltPath(location)
		if err != nil {
			return err
		}
		if about, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && about.Size() == 0 {
			return fmt.Errorf("%s: there is no store %s", setting, path)
		}
	}
	warnings := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, _, err := open(ctx, warnings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return use(s)
}

// inWords is what an export holds in a line.
func inWords(sum archive.Summary) string {
	parts := make([]string, 0, len(sum.Counts))
	for _, what := range slices.Sorted(maps.Keys(sum.Counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", sum.Counts[what], what))
	}
	return strings.Join(parts, ", ") + "; checksum " + sum.SHA256
}

// compare prints what two stores hold side by side.
func compare(w io.Writer, was, is archive.Summary) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\tfrom\tto") // the table's errors come with Flush
	for _, what := range slices.Sorted(maps.Keys(was.Counts)) {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\n", what, was.Counts[what], is.Counts[what])
	}
	_, _ = fmt.Fprintf(table, "checksum\t%.16s…\t%.16s…\n", was.SHA256, is.SHA256)
	return table.Flush()
}
