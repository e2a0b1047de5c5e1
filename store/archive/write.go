package archive

import (
	"context"
	"io"
	"time"

	"dailyroster/store"
)

// Write writes everything that the store keeps. Who wrote it, and when, stands in the
// first line. A team that is edited meanwhile is written as it was at some moment between
// the beginning and the end. After an error the output is of no use: it has no last
// line. The error is the writer's or one of package store.
func Write(ctx context.Context, w io.Writer, s store.Store, by string, made time.Time, progress Progress) (Summary, error) {
	total, needs, err := size(ctx, s)
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
	if err := write("export", header{Format: format, Version: needs, Made: made.UTC().Truncate(time.Second), By: by}); err != nil {
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
