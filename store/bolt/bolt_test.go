package bolt_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dailyroster/check/testreport"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

func open(t *testing.T, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatalf("Open(%s): got %v, want nil", path, err)
	}
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, filepath.Join(t.TempDir(), "roster.db"))
	})
	testreport.Ran(t, "the store contract on bolt")
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	first := open(t, path)
	if _, err := bolt.Open(path); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("the second Open: got %v, want a message that the file is in use", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if err := again.Close(); err != nil {
		t.Errorf("Close: got %v, want nil", err)
	}
}

func TestOpenAnotherVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("4")) })
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Open(path); err == nil || !strings.Contains(err.Error(), "format 4") {
		t.Errorf("Open of a newer file: got %v, want a message that names format 4", err)
	}
}

// A file of version 1 has no index of its history by days, nor of who is in which team; it
// gets them.
func TestOpenVersion1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	s := open(t, path)
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	var want []roster.ChangeID
	for i := range 3 {
		edit := roster.Edit{Change: storetest.NewID(), Why: roster.WhyEdit, Days: []roster.DayEdit{{Day: roster.Day{Date: d.AddDays(i), Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana"}}}}}
		if _, err := s.Save(t.Context(), "ops", edit); err != nil {
			t.Fatal(err)
		}
		want = append(want, edit.Change)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(tx.DeleteBucket([]byte("day-changes")), tx.DeleteBucket([]byte("members")), tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("1")))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := open(t, path)
		page, err := s.Changes(t.Context(), "ops", store.ChangeQuery{From: d, To: d.AddDays(1), Limit: 10})
		if err != nil || len(page.Changes) != 2 || page.Changes[0].ID != want[1] || page.Changes[1].ID != want[0] {
			t.Errorf("the history of two days: got %+v, %v, want %v", page, err, want[:2])
		}
		sight, err := s.Look(t.Context(), store.Look{Of: "ana"})
		if err != nil || !slices.Equal(sight.Of, []roster.TeamID{"ops"}) {
			t.Errorf("the teams of ana: got %v, %v, want ops", sight.Of, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A file from before there were notices has no room for them; it gets it, and stays as it is
// otherwise: its format is the same.
func TestOpenWithoutNotices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(tx.DeleteBucket([]byte("channels")), tx.DeleteBucket([]byte("notices")))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	want := notice.Record{
		ID: notice.NewID("kept"), Day: roster.Date{Year: 2026, Month: 11, Day: 23}, Team: "ops", State: notice.StateSent, Subject: "You are on call now", Revision: storetest.NewID(),
	}
	for range 2 { // the second finds it in the file
		s := open(t, path)
		if err := s.PutNotice(t.Context(), want, ""); err != nil {
			t.Errorf("PutNotice: got %v, want nil", err)
		}
		got, err := s.NoticesAt(t.Context(), []notice.Key{want.Key()})
		if err != nil || got[0].Subject != want.Subject || got[0].Revision != want.Revision {
			t.Errorf("NoticesAt: got %+v, %v, want %+v", got, err, want)
		}
		if channels, err := s.Channels(t.Context()); err != nil || len(channels) != 0 {
			t.Errorf("Channels: got %v, %v, want none", channels, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenNotAFile(t *testing.T) {
	if _, err := bolt.Open(t.TempDir()); err == nil {
		t.Error("Open of a folder: got nil, want an error")
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	s := open(t, path)
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	edit := roster.Edit{Change: storetest.NewID(), Why: roster.WhyEdit, Days: []roster.DayEdit{{Day: roster.Day{Date: d, Note: "kept"}}}}
	if _, err := s.Save(t.Context(), "ops", edit); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer func() { _ = s.Close() }()
	days, err := s.Days(context.Background(), "ops", d, d)
	if err != nil || days[0].Note != "kept" || days[0].Revision != edit.Change {
		t.Errorf("Days after reopening: got %+v, %v, want the note kept at %s", days, err, edit.Change)
	}
	saved, err := s.Save(t.Context(), "ops", edit)
	if err != nil || !saved.Repeated {
		t.Errorf("the same edit after reopening: got %+v, %v, want Repeated", saved, err)
	}
}
