package bolt_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/store/storetest"
)

// A character takes the file as many bytes as it has; those that are read as HTML once took
// six each, and what is there so is read as before.
func TestEscapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	s := open(t, path)
	note := strings.Repeat("<", 200)
	p := roster.Person{
		ID: "ana", Name: "Ana & Bo", Active: true, Revision: storetest.NewID(),
		Absences: []roster.Absence{{From: roster.Date{Year: 2026, Month: 11, Day: 23}, To: roster.Date{Year: 2026, Month: 11, Day: 23}, Note: note}},
	}
	if err := s.PutPerson(t.Context(), p, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		people := tx.Bucket([]byte("people"))
		kept := string(people.Get([]byte("ana")))
		if len(kept) > 600 || !strings.Contains(kept, note) || !strings.Contains(kept, "Ana & Bo") {
			t.Errorf("a person with a note of 200 <: got %d bytes, want it as it was typed: %s", len(kept), kept)
		}
		old := strings.NewReplacer("<", `\u003c`, "&", `\u0026`).Replace(kept)
		return people.Put([]byte("ana"), []byte(old))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer func() { _ = s.Close() }()
	got, err := s.Person(t.Context(), "ana")
	if err != nil || got.Name != p.Name || got.Absences[0].Note != note {
		t.Errorf("a person as they were once written: got %+v, %v, want %+v", got, err, p)
	}
}
