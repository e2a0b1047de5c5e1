package bolt_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dailyroster/roster"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

func TestBuild(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "roster.db")
	ana := roster.Person{ID: "ana", Name: "Ana", Active: true, Revision: storetest.NewID()}
	failed := errors.New("halfway")
	err := bolt.Build(path, func(s *bolt.Store) error { return errors.Join(s.PutPerson(t.Context(), ana, ""), failed) })
	if left, globErr := filepath.Glob(path + "*"); !errors.Is(err, failed) || len(left) != 0 || globErr != nil {
		t.Errorf("a build that failed: got %v, and left %v, want %v and nothing", err, left, failed)
	}
	if err := os.WriteFile(path+".unfinished", []byte("of a crash"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Build(path, func(s *bolt.Store) error { return s.PutPerson(t.Context(), ana, "") }); err != nil {
		t.Fatalf("a build after a crash: got %v, want nil", err)
	}
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if got, err := s.Person(t.Context(), "ana"); err != nil || got.Name != "Ana" {
		t.Errorf("what was built: got %+v, %v, want Ana", got, err)
	}
	if err := bolt.Build(path, func(*bolt.Store) error { return nil }); err == nil {
		t.Error("a build over a store: got nil, want an error")
	}
}
