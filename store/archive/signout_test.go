package archive_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/roster/credential"
	"dailyroster/store/archive"
	"dailyroster/store/storetest"
)

// Whose sessions were ended is restored: their cookies may still be about. An export without
// any says nothing of them, as those from before did.
func TestSignOuts(t *testing.T) {
	from, into := open(t), open(t)
	_, sum := export(t, from)
	if _, counted := sum.Counts["signouts"]; counted {
		t.Error("an export without sign-outs counts them")
	}
	out := credential.SignOut{
		ID: credential.SubjectSignOut("ana"), Before: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Actor: "Root", ActorID: "person:root", Revision: storetest.NewID(),
	}
	if err := from.PutSignOut(t.Context(), out, ""); err != nil {
		t.Fatal(err)
	}
	lines, sum := export(t, from)
	for range 2 { // the second finds all done
		if got, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil || !got.Equal(sum) || got.Counts["signouts"] != 1 {
			t.Fatalf("Restore: got %+v, %v, want %+v", got, err, sum)
		}
	}
	got, err := into.SignOut(t.Context(), out.ID)
	if d := cmp.Diff(out, got); err != nil || d != "" {
		t.Errorf("the restored sign-out: got %v (-want +got):\n%s", err, d)
	}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(bytes.Replace(lines, []byte("subject:ana"), []byte("nobody:ana\u0000"), 1)), open(t), archive.None); err == nil {
		t.Error("a sign-out of nobody: got it restored")
	}
}
