// Package bolt keeps the roster in one embedded bbolt file on one machine. Every
// write is on disk (fsync) before it is acknowledged.
//
// What the file holds, bucket by bucket:
//
//	meta        "version" → "3", "id" → the id of this file's roster
//	teams       team id → JSON of roster.Team
//	people      person id → JSON of roster.Person
//	tokens      token id → JSON of credential.Token
//	sign-outs   whose sessions → JSON of credential.SignOut
//	            (the sequence of each of these four buckets counts its writes)
//	channels    channel id → JSON of notice.Channel
//	notices     a bucket per day, such as 2026-11-23: notice id → JSON of notice.Record
//	months      team/2026-11 → JSON of monthRecord: the days that have ever been edited
//	changes     a bucket per team: sequence number, 8 bytes big-endian → JSON of roster.Change
//	change-ids  team/change id → the change's sequence number
//	day-changes team/2026-11-23/sequence number, 8 bytes big-endian → nothing
//	members     person/team → nothing: the person has been in the team's days
//
// Version 1 had no day-changes, and version 2 no members; a file of these is brought up to
// version 3 when it is opened.
//
// An edit writes its month and its history in one transaction. The history stands
// beside the month, not in it, so that reading a month does not cost more with every
// edit of it.
package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"dailyroster/roster"
	"dailyroster/store"
)

var (
	metaBucket      = []byte("meta")
	teamsBucket     = []byte("teams")
	peopleBucket    = []byte("people")
	tokensBucket    = []byte("tokens")
	signOutsBucket  = []byte("sign-outs")
	channelsBucket  = []byte("channels")
	noticesBucket   = []byte("notices")
	monthsBucket    = []byte("months")
	changesBucket   = []byte("changes")
	changeIDsBucket = []byte("change-ids")
	byDayBucket     = []byte("day-changes")
	membersBucket   = []byte("members")

	versionKey = []byte("version")
	idKey      = []byte("id")
)

const version = "3"

// Format is version as a number.
const Format = 3

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = time.Second

// Store is a store.Store in a bbolt file.
type Store struct {
	db      *bbolt.DB
	commits *commits
	people  *directory[roster.Person, roster.Names]
	teams   *directory[roster.Team, roster.Teams]
	months  *store.Recent[monthAt, []roster.Day]
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, or makes it and its folder. A file that another
// process has open, or that is not a roster's, is an error that says so.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("the folder for the store: %w", err)
	}
	db, err := bbolt.Open(path, 0o640, &bbolt.Options{Timeout: lockWait, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("the store %s is in use by another process; stop that one first, or choose another file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the store %s cannot be opened: %w", path, err)
	}
	s := &Store{
		db:      db,
		commits: &commits{db: db},
		people:  newDirectory(peopleBucket, func(list []roster.Person, was roster.Names) roster.Names { return was.Renewed(list) }),
		teams:   newDirectory(teamsBucket, func(list []roster.Team, _ roster.Teams) roster.Teams { return roster.NewTeams(list) }),
		months:  store.NewRecent[monthAt, []roster.Day](maxMonths),
	}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("the store %s: %w", path, err), db.Close())
	}
	return s, nil
}

// prepare makes the buckets of a new file and refuses a file of another version.
func (s *Store) prepare() error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{metaBucket, teamsBucket, peopleBucket, tokensBucket, signOutsBucket, channelsBucket, noticesBucket, monthsBucket, changesBucket, changeIDsBucket, byDayBucket, membersBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(metaBucket)
		switch found := string(meta.Get(versionKey)); found {
		case "":
			return meta.Put(versionKey, []byte(version))
		case version:
			return nil
		case "1", "2":
			if found == "1" {
				if err := indexDays(tx); err != nil {
					return err
				}
			}
			if err := indexMembers(tx); err != nil {
				return err
			}
			return meta.Put(versionKey, []byte(version))
		default:
			if n, err := strconv.Atoi(found); err == nil {
				return store.CheckFormat(n, Format)
			}
			return fmt.Errorf("it has the format %q; this program reads format %s", found, version)
		}
	})
}

// About implements store.Store.
func (s *Store) About(ctx context.Context, fresh roster.Revision) (a store.About, err error) {
	if err := store.CheckRevision(fresh); err != nil {
		return a, err
	}
	read := func(tx *bbolt.Tx) {
		a = store.About{ID: roster.Revision(tx.Bucket(metaBucket).Get(idKey)), Format: Format}
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		read(tx)
		return nil
	})
	if err != nil || a.ID != "" {
		return a, err
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(metaBucket).Get(idKey) == nil { // nobody was faster
			if err := tx.Bucket(metaBucket).Put(idKey, []byte(fresh)); err != nil {
				return err
			}
		}
		read(tx)
		return nil
	})
	if err != nil {
		return a, &store.UnavailableError{Err: err}
	}
	return a, nil
}

// Ping reads from the file.
func (s *Store) Ping(ctx context.Context) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		if string(tx.Bucket(metaBucket).Get(versionKey)) != version {
			return errors.New("the file has lost its format mark")
		}
		return nil
	})
}

// Name is what people call this store.
func (s *Store) Name() string { return "embedded file (bbolt) on this machine" }

// Close waits for running transactions and closes the file.
func (s *Store) Close() error { return s.db.Close() }

// view runs a read transaction; update a write transaction, which is on disk when
// it returns nil. Both turn errors of bbolt into those of package store.
func (s *Store) view(ctx context.Context, read func(*bbolt.Tx) error) error {
	if err := store.Alive(ctx); err != nil {
		return err
	}
	return store.Wrap(s.db.View(read))
}

func (s *Store) update(ctx context.Context, write func(*bbolt.Tx) error) error {
	if err := store.Alive(ctx); err != nil {
		return err
	}
	return store.Wrap(s.commits.update(func(tx *bbolt.Tx) error {
		// The wait for other writers may have been long.
		if err := store.Alive(ctx); err != nil {
			return err
		}
		return write(tx)
	}))
}

// getJSON reads the value at key into v and reports whether there is one.
func getJSON(b *bbolt.Bucket, key []byte, v any) (bool, error) {
	data := b.Get(key)
	if data == nil {
		return false, nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("the entry %q: %w", key, err)
	}
	return true, nil
}

func putJSON(b *bbolt.Bucket, key []byte, v any) error {
	data, err := roster.Record(v)
	if err != nil {
		return err
	}
	return b.Put(key, data)
}
