package archive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"dailyroster/store"
)

// FormatError says where an export is not what it should be.
type FormatError struct {
	Line   int // from 1
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("line %d of the export: %s", e.Line, e.Reason)
}

// ofFile gives what an export holds. It ends with a *FormatError when there is no last
// line, or one that does not fit what came before.
func ofFile(file io.ReadSeeker) source {
	return func(ctx context.Context, yield func(item) error) error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return readLines(ctx, file, yield)
	}
}

func readLines(ctx context.Context, r io.Reader, yield func(item) error) error {
	lines, t := bufio.NewReaderSize(r, 1<<16), newTally()
	for number := 1; ; number++ {
		bad := func(format string, args ...any) error { return &FormatError{number, fmt.Sprintf(format, args...)} }
		if err := store.Alive(ctx); err != nil {
			return err
		}
		line, err := lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0 && number == 1:
			return bad("the file is empty")
		case errors.Is(err, io.EOF):
			return bad("the file ends here without its last line; a part of it is missing")
		case err != nil:
			return err
		}
		name, value, err := takeApart(line)
		switch {
		case err != nil:
			return bad("%v", err)
		case number == 1:
			if err := checkHeader(name, value); err != nil {
				return bad("%v", err)
			}
			continue
		case name == "end":
			if err := checkEnd(value, t.summary()); err != nil {
				return bad("%v", err)
			}
			if _, err := lines.ReadByte(); !errors.Is(err, io.EOF) {
				return bad("something follows the last line")
			}
			return nil
		}
		k := kindNamed(name)
		if k == nil {
			return bad("%.40q is not known here; perhaps a newer version of the program wrote it", name)
		}
		it, err := k.parse(value)
		if err != nil {
			return bad("%v", err)
		}
		t.add(it, line)
		if err := yield(it); err != nil {
			return err
		}
	}
}

// takeApart is the one member of a line.
func takeApart(line []byte) (name string, value json.RawMessage, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimSpace(line), &members); err != nil {
		return "", nil, errors.New("it is not a JSON object")
	}
	if len(members) != 1 {
		return "", nil, fmt.Errorf("it has %d members, not one", len(members))
	}
	for name, value = range members {
	}
	return name, value, nil
}

func checkHeader(name string, value json.RawMessage) error {
	var h header
	if name != "export" || json.Unmarshal(value, &h) != nil || h.Format != format {
		return errors.New("this is not an export of Daily Roster")
	}
	if h.Version < first || h.Version > version {
		return fmt.Errorf("it has version %d of the format; this program reads versions %d to %d", h.Version, first, version)
	}
	return nil
}

func checkEnd(value json.RawMessage, got Summary) error {
	var want Summary
	if err := strictly(value, &want); err != nil {
		return err
	}
	if got.SHA256 != want.SHA256 {
		return errors.New("the checksum does not fit; the file was altered or damaged")
	}
	if !got.Equal(want) {
		return fmt.Errorf("the counts do not fit: there are %v, not %v", got.Counts, want.Counts)
	}
	return nil
}
