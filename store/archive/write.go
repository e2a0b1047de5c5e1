package archive

import (
	"context"
	"io"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// Write writes everything that the store keeps. Who wrote it, and when, stands in the
// first line. A team that is edited meanwhile is written as it was at some moment between
// the beginning and the end. After an error the output is of no use: it has no last
// line. The error is the writer's or one of package store.
func Write(ctx context.Context, w io.Writer, s store.Store, by string, made time.Time, progress Progress) (Summary, error) {
	total, err := size(ctx, s)
	if err != nil {
		return Summary{}, err
	}
	write := func(kind string, value any) error {
		line, err := encode(kind, value)
		if err == nil {
			_, err = w.Write(line)
		}
		return err
	}
	needed, err := versionOf(ctx, s)
	if err != nil {
		return Summary{}, err
	}
	if err := write("export", header{Format: format, Version: needed, Made: made.UTC().Truncate(time.Second), By: by}); err != nil {
		return Summary{}, err
	}
	done := 0
	sum, err := summaryOf(ctx, ofStore(s), func(_ item, line []byte) error {
		done++
		progress(done, max(total, done))
		_, err := w.Write(line)
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	return sum, write("end", sum)
}

// versionOf is the earliest version of the format that has all that the store keeps.
func versionOf(ctx context.Context, s store.Store) (int, error) {
	teams, err := s.Teams(ctx)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(teams, func(t roster.Team) bool { return len(t.Hours) > 0 || t.Rates != (roster.Rates{}) }) {
		return version, nil
	}
	return first, nil
}
