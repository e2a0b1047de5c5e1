package bolt

import (
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// Teams implements store.Store.
func (s *Store) Teams(ctx context.Context) ([]roster.Team, error) {
	return list[roster.Team](ctx, s, teamsBucket)
}

// Team implements store.Store.
func (s *Store) Team(ctx context.Context, id roster.TeamID) (roster.Team, error) {
	return get[roster.Team](ctx, s, teamsBucket, string(id))
}

// PutTeam implements store.Store.
func (s *Store) PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error {
	return put(ctx, s, teamsBucket, string(team.ID), team, basedOn, func(t roster.Team) roster.Revision { return t.Revision })
}

// People implements store.Store.
func (s *Store) People(ctx context.Context) ([]roster.Person, error) {
	return list[roster.Person](ctx, s, peopleBucket)
}

// Person implements store.Store.
func (s *Store) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	return get[roster.Person](ctx, s, peopleBucket, string(id))
}

// PutPerson implements store.Store.
func (s *Store) PutPerson(ctx context.Context, person roster.Person, basedOn roster.Revision) error {
	return put(ctx, s, peopleBucket, string(person.ID), person, basedOn, func(p roster.Person) roster.Revision { return p.Revision })
}

// Tokens implements store.Store.
func (s *Store) Tokens(ctx context.Context) ([]credential.Token, error) {
	return list[credential.Token](ctx, s, tokensBucket)
}

// Token implements store.Store.
func (s *Store) Token(ctx context.Context, id credential.TokenID) (credential.Token, error) {
	return get[credential.Token](ctx, s, tokensBucket, string(id))
}

// PutToken implements store.Store.
func (s *Store) PutToken(ctx context.Context, token credential.Token, basedOn roster.Revision) error {
	return put(ctx, s, tokensBucket, string(token.ID), token, basedOn, func(t credential.Token) roster.Revision { return t.Revision })
}

// SignOuts implements store.Store.
func (s *Store) SignOuts(ctx context.Context) ([]credential.SignOut, error) {
	return list[credential.SignOut](ctx, s, signOutsBucket)
}

// SignOut implements store.Store.
func (s *Store) SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error) {
	return get[credential.SignOut](ctx, s, signOutsBucket, string(id))
}

// PutSignOut implements store.Store.
func (s *Store) PutSignOut(ctx context.Context, signOut credential.SignOut, basedOn roster.Revision) error {
	return put(ctx, s, signOutsBucket, string(signOut.ID), signOut, basedOn, func(o credential.SignOut) roster.Revision { return o.Revision })
}

// Channels implements store.Store.
func (s *Store) Channels(ctx context.Context) ([]notice.Channel, error) {
	return list[notice.Channel](ctx, s, channelsBucket)
}

// Channel implements store.Store.
func (s *Store) Channel(ctx context.Context, id notice.ChannelID) (notice.Channel, error) {
	return get[notice.Channel](ctx, s, channelsBucket, string(id))
}

// PutChannel implements store.Store.
func (s *Store) PutChannel(ctx context.Context, channel notice.Channel, basedOn roster.Revision) error {
	return put(ctx, s, channelsBucket, string(channel.ID), channel, basedOn, func(c notice.Channel) roster.Revision { return c.Revision })
}

func list[T any](ctx context.Context, s *Store, bucket []byte) ([]T, error) {
	var all []T
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		all, err = listIn[T](ctx, tx.Bucket(bucket))
		return err
	})
	return all, err
}

func listIn[T any](ctx context.Context, b *bbolt.Bucket) (all []T, err error) {
	err = b.ForEach(func(key, data []byte) error {
		if err := store.Alive(ctx); err != nil {
			return err
		}
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return fmt.Errorf("the entry %q: %w", key, err)
		}
		all = append(all, v)
		return nil
	})
	return all, err
}

func get[T any](ctx context.Context, s *Store, bucket []byte, id string) (v T, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		found, err := getJSON(tx.Bucket(bucket), []byte(id), &v)
		if err == nil && !found {
			err = store.ErrNotFound
		}
		return err
	})
	return v, err
}

// put is the compare-and-set of store.PutTeam and its like.
func put[T any](ctx context.Context, s *Store, bucket []byte, id string, v T, basedOn roster.Revision, revision func(T) roster.Revision) error {
	if err := store.CheckRevision(revision(v)); err != nil {
		return err
	}
	return s.update(ctx, func(tx *bbolt.Tx) error { return putIn(tx.Bucket(bucket), id, v, basedOn, revision) })
}

func putIn[T any](b *bbolt.Bucket, id string, v T, basedOn roster.Revision, revision func(T) roster.Revision) error {
	var current T
	found, err := getJSON(b, []byte(id), &current)
	switch {
	case err != nil:
		return err
	case !found && basedOn != "":
		return store.ErrNotFound
	case found && revision(current) == revision(v):
		return nil
	case found && revision(current) != basedOn:
		return &store.ConflictError[T]{Current: current}
	}
	if _, err := b.NextSequence(); err != nil {
		return err
	}
	return putJSON(b, []byte(id), v)
}
