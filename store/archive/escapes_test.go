package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"dailyroster/roster"
	"dailyroster/store/archive"
	"dailyroster/store/storetest"
)

// Exports once wrote <, > and & as six bytes each. They are restored as they were, and what
// is exported now has them as they are typed.
func TestEscapes(t *testing.T) {
	from := open(t)
	const name = "Ana <ana> & Bo"
	if err := from.PutPerson(t.Context(), roster.Person{ID: "ana", Name: name, Active: true, Revision: storetest.NewID()}, ""); err != nil {
		t.Fatal(err)
	}
	lines, sum := export(t, from)
	if !strings.Contains(string(lines), name) {
		t.Errorf("the export has no %q:\n%s", name, lines)
	}
	all := strings.SplitAfter(string(lines), "\n")
	all = all[:len(all)-1]
	digest := sha256.New()
	for i := range all[1 : len(all)-1] {
		line := &all[i+1]
		*line = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(*line)
		_, _ = digest.Write([]byte(*line))
	}
	end := &all[len(all)-1]
	*end = strings.Replace(*end, sum.SHA256, hex.EncodeToString(digest.Sum(nil)), 1)
	old := []byte(strings.Join(all, ""))
	if bytes.Equal(old, lines) {
		t.Fatal("the old export is the new one; nothing is checked")
	}
	into := open(t)
	if _, err := archive.Restore(t.Context(), bytes.NewReader(old), into, archive.None); err != nil {
		t.Fatalf("Restore of an old export: got %v, want nil", err)
	}
	wantSame(t, "what an old export gave", into, from)
}
