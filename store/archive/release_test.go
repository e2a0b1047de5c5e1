package archive_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dailyroster/store/archive"
	"dailyroster/store/bolt"
)

// firstRelease reads what the first release, 0.1.0, wrote: a store or an export. The files are
// never made anew; a later format gets files beside them.
func firstRelease(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "first-release", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What the first release wrote opens in each later one and holds the same: its store as a file, and
// its export, which restores into any store.
func TestFirstRelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := os.WriteFile(path, firstRelease(t, "roster.db"), 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := bolt.Open(path)
	if err != nil {
		t.Fatalf("open a store of the first release: got %v, want nil", err)
	}
	t.Cleanup(func() { _ = old.Close() })

	into := open(t)
	lines := firstRelease(t, "export.jsonl")
	sum, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None)
	if err != nil {
		t.Fatalf("restore an export of the first release: got %v, want nil", err)
	}
	for what, n := range map[string]int{"teams": 4, "people": 6, "tokens": 1, "channels": 1, "days": 177} {
		if sum.Counts[what] != n {
			t.Errorf("%s in the export: got %d, want %d", what, sum.Counts[what], n)
		}
	}
	wantSame(t, "the restored export", into, old)

	changed, err := old.Team(t.Context(), "sun")
	if err != nil {
		t.Fatal(err)
	}
	was := changed.Revision
	changed.Name, changed.Revision = "Sunrise", "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	if err := old.PutTeam(t.Context(), changed, was); err != nil {
		t.Errorf("change a team in a store of the first release: got %v, want nil", err)
	}
}
