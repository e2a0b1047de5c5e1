package lastknown_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
	"dailyroster/store/lastknown"
	"dailyroster/store/storetest"
)

// copied is a store with two teams, a person in the days of one, and a copy.
type copied struct {
	*outage
	dir   string
	clock time.Time
	log   bytes.Buffer
}

func newCopied(t *testing.T) *copied {
	t.Helper()
	c := &copied{outage: &outage{Store: openBolt(t)}, dir: filepath.Join(t.TempDir(), "copy"), clock: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	t.Cleanup(func() { _ = c.Close() })
	for _, id := range []roster.TeamID{"ops", "web"} {
		err := c.PutTeam(t.Context(), roster.Team{
			ID: id, Name: "Team " + string(id), Roles: roster.DefaultRoles(), Settings: []roster.Settings{{HandOff: roster.DefaultHandOff}}, Revision: storetest.NewID(),
		}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.PutPerson(t.Context(), roster.Person{ID: "ana", Name: "Ana", Phone: "123", Active: true, Revision: storetest.NewID()}, ""); err != nil {
		t.Fatal(err)
	}
	if err := c.PutToken(t.Context(), credential.Token{ID: "01k9", Name: "Screen", Revision: storetest.NewID()}, ""); err != nil {
		t.Fatal(err)
	}
	c.put(t, day, "ana", "first")
	return c
}

func (c *copied) put(t *testing.T, d roster.Date, person roster.PersonID, note string) {
	t.Helper()
	days, err := c.Days(t.Context(), "ops", d, d)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Save(t.Context(), "ops", roster.Edit{
		Change: storetest.NewID(), Why: roster.WhyEdit, Time: c.clock,
		Days: []roster.DayEdit{{BasedOn: days[0].Revision, Day: roster.Day{Date: d, Note: note, Assignments: map[roster.RoleID]roster.PersonID{"primary": person}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start is a program that starts with the copy.
func (c *copied) start(t *testing.T) (*lastknown.Store, *lastknown.Copy) {
	t.Helper()
	s := lastknown.New(c.outage, func() time.Time { return c.clock })
	file, err := lastknown.OpenCopy(c.dir, "aerospike://db/roster", s, slog.New(slog.NewTextHandler(&c.log, nil)), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s, file
}

func (c *copied) round(t *testing.T, file *lastknown.Copy) {
	t.Helper()
	if err := file.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// told is what a look says of the day, with its age.
func told(t *testing.T, s *lastknown.Store) string {
	t.Helper()
	ctx, age := store.WithAge(t.Context())
	sight, err := s.Look(ctx, store.Look{People: true, Teams: true, Team: "ops", Of: "ana", Days: []store.Range{{Team: "ops", From: day.AddDays(-20), To: day.AddDays(60)}}})
	if err != nil {
		return fmt.Sprint(store.ErrUnavailable.Error() == "" || errors.Is(err, store.ErrUnavailable))
	}
	d := sight.Days[0][20]
	return fmt.Sprintf("%s %s of %s: %s, in %v, %s", sight.People.Of(d.Assignments["primary"]), d.Note, sight.Team.Name, d.Date, sight.Of, age.Oldest().Format(time.TimeOnly))
}

// What the copy has is answered with all of the store away, after a restart, with its age; the
// store's own word counts again as soon as there is one.
func TestCopySurvives(t *testing.T) {
	c := newCopied(t)
	_, file := c.start(t)
	c.round(t, file)
	c.clock = c.clock.Add(time.Minute)
	c.put(t, day, "ana", "second")
	c.round(t, file)
	c.clock = c.clock.Add(time.Minute)
	c.round(t, file) // nothing changed: it is confirmed

	c.down.Store(true)
	c.clock = c.clock.Add(time.Hour)
	s, file := c.start(t)
	if got, want := told(t, s), "Ana second of Team ops: 2026-11-23, in [ops], 12:02:00"; got != want {
		t.Errorf("after a restart: got %q, want %q", got, want)
	}
	if token, err := s.Token(t.Context(), "01k9"); err != nil || token.Name != "Screen" {
		t.Errorf("the token: got %+v, %v", token, err)
	}
	if _, err := s.Save(t.Context(), "ops", edit("no", "")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("an edit: got %v, want that the store is away", err)
	}
	if err := file.Round(t.Context()); err == nil {
		t.Error("a round without the store: got no error")
	}

	c.down.Store(false)
	c.clock = c.clock.Add(time.Minute)
	c.put(t, day, "ana", "third")
	c.round(t, file)
	if got, want := told(t, s), "Ana third of Team ops: 2026-11-23, in [ops], 00:00:00"; got != want {
		t.Errorf("when the store is back: got %q, want %q", got, want)
	}
}

// A copy that cannot be trusted is left out, with a line in the log: as a whole if it is of
// another store or its lists are damaged, else for the team concerned.
func TestCopyRefused(t *testing.T) {
	known := "Ana first of Team ops: 2026-11-23, in [ops], 12:00:00"
	for name, spoil := range map[string]struct {
		do        func(t *testing.T, c *copied)
		want, log string
	}{
		"nothing":                      {func(*testing.T, *copied) {}, known, "the copy of the roster is read"},
		"a bit of the days":            {func(t *testing.T, c *copied) { flip(t, filepath.Join(c.dir, "days", "ops")) }, "true", "it is damaged"},
		"a bit of another team's days": {func(t *testing.T, c *copied) { flip(t, filepath.Join(c.dir, "days", "web")) }, known, "it is damaged"},
		"a bit of the people":          {func(t *testing.T, c *copied) { flip(t, filepath.Join(c.dir, "people")) }, "true", "it is damaged"},
		"half of the teams": {func(t *testing.T, c *copied) {
			if err := os.Truncate(filepath.Join(c.dir, "teams"), 100); err != nil {
				t.Fatal(err)
			}
		}, "true", "it is damaged"},
		"an empty file": {func(t *testing.T, c *copied) {
			if err := os.Truncate(filepath.Join(c.dir, "about"), 0); err != nil {
				t.Fatal(err)
			}
		}, "true", "it is damaged"},
		"another version": {func(t *testing.T, c *copied) {
			edited(t, filepath.Join(c.dir, "about"), "roster-copy 1 ", "roster-copy 2 ")
		}, "true", "it has the format 2"},
		"another address": {func(t *testing.T, c *copied) {
			s := lastknown.New(c.outage, func() time.Time { return c.clock })
			if err := os.RemoveAll(c.dir); err != nil {
				t.Fatal(err)
			}
			file, err := lastknown.OpenCopy(c.dir, "aerospike://other/roster", s, slog.New(slog.DiscardHandler), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			c.round(t, file)
		}, "true", "it is the copy of another store"},
		"one file of another store": {func(t *testing.T, c *copied) {
			other := newCopied(t)
			_, file := other.start(t)
			other.round(t, file)
			content, err := os.ReadFile(filepath.Join(other.dir, "days", "ops"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(c.dir, "days", "ops"), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "true", "it is the copy of another store"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCopied(t)
			_, file := c.start(t)
			c.round(t, file)
			spoil.do(t, c)
			c.down.Store(true)
			s, _ := c.start(t)
			if got := told(t, s); got != spoil.want {
				t.Errorf("got %q, want %q", got, spoil.want)
			}
			if !strings.Contains(c.log.String(), spoil.log) {
				t.Errorf("the log: got %s, want %q", &c.log, spoil.log)
			}
		})
	}
}

// A store that answers at the same address, and is another, makes the copy void.
func TestCopyOfAnotherStore(t *testing.T) {
	c := newCopied(t)
	_, file := c.start(t)
	c.round(t, file)
	c.outage = &outage{Store: openBolt(t)} // empty, as after a loss of everything
	t.Cleanup(func() { _ = c.Close() })
	c.down.Store(true)
	s, file := c.start(t)
	if got := told(t, s); !strings.HasPrefix(got, "Ana first") {
		t.Errorf("before the store answers: got %q, want what is known", got)
	}
	c.down.Store(false)
	c.clock = c.clock.Add(time.Minute)
	c.round(t, file)
	if !strings.Contains(c.log.String(), "the copy was of another store, and is dropped") {
		t.Errorf("the log: got %s", &c.log)
	}
	if entries, err := os.ReadDir(filepath.Join(c.dir, "days")); err != nil || len(entries) > 0 {
		t.Errorf("the days of the other store: got %v, %v, want none", entries, err)
	}
	c.down.Store(true)
	c.clock = c.clock.Add(time.Minute)
	if got := told(t, s); strings.HasPrefix(got, "Ana") {
		t.Errorf("after that: got %q of the other store", got)
	}
}

// Only the user of the program reads the copy, and what is removed is removed from it.
func TestCopyFiles(t *testing.T) {
	c := newCopied(t)
	_, file := c.start(t)
	c.round(t, file)
	if err := os.WriteFile(filepath.Join(c.dir, ".people123"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, file = c.start(t)
	team, err := c.Team(t.Context(), "web")
	if err != nil {
		t.Fatal(err)
	}
	was := team.Revision
	team.Removed, team.Revision = true, storetest.NewID()
	if err := c.PutTeam(t.Context(), team, was); err != nil {
		t.Fatal(err)
	}
	c.round(t, file)
	var names []string
	err = filepath.WalkDir(c.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others may read it (%s)", name, info.Mode())
		}
		if !entry.IsDir() {
			rel, _ := filepath.Rel(c.dir, name)
			names = append(names, rel)
		}
		return nil
	})
	if got, want := strings.Join(names, " "), "about days/ops people teams tokens"; err != nil || got != want {
		t.Errorf("the files: got %s, %v, want %s", got, err, want)
	}
}

func flip(t *testing.T, name string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)-20] ^= 1
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func edited(t *testing.T, name, from, to string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Replace(content, []byte(from), []byte(to), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (o *outage) About(ctx context.Context, fresh roster.Revision) (store.About, error) {
	if err := o.refuse(); err != nil {
		return store.About{}, err
	}
	return o.Store.About(ctx, fresh)
}
