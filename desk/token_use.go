package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"dailyroster/roster/credential"
	"dailyroster/store"
)

// usedEvery is how exact the last use of a token is: it is not written more often.
const usedEvery = 5 * time.Minute

// TokenOf returns the live token with the text. The token of a feed does not count: it does
// not let programs in.
func (k *Desk) TokenOf(ctx context.Context, text string) (*credential.Token, error) {
	t, err := k.LiveToken(ctx, text)
	if err != nil {
		return nil, err
	}
	if t.Feed != nil {
		return nil, badToken()
	}
	if seen := t.OwnerSeen(); t.Owner != nil && k.Limits.OwnerSeen > 0 && k.Now().Sub(seen) >= k.Limits.OwnerSeen {
		return nil, unseenOwner(seen)
	}
	if t.Team != "" {
		// The tokens of a removed team let nobody in.
		if team, err := k.Store.Team(ctx, t.Team); err != nil || team.Removed {
			if err == nil || errors.Is(err, store.ErrNotFound) {
				err = endedToken()
			}
			return nil, err
		}
	}
	k.NoteUse(*t)
	return t, nil
}

// LiveToken returns the live token with the text, whatever it is for.
func (k *Desk) LiveToken(ctx context.Context, text string) (*credential.Token, error) {
	id, secret, err := credential.ParseTokenText(text)
	if err != nil {
		return nil, badToken()
	}
	t, err := k.Store.Token(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && !t.Matches(secret):
		return nil, badToken()
	case err != nil:
		return nil, err
	case !t.Live(k.Now()):
		return nil, endedToken()
	}
	return &t, nil
}

// NoteUse records that the token is used now, unless that was recorded a moment ago. It waits
// for nothing; if the record is lost, a later request makes it.
func (k *Desk) NoteUse(t credential.Token) {
	now := k.Now().UTC()
	if now.Sub(t.LastUsed) < usedEvery {
		return
	}
	k.Note("use of "+string(t.ID), now, func(ctx context.Context) error {
		return k.changeToken(ctx, t, func(t *credential.Token) { t.LastUsed = now })
	})
}

// changeToken changes a token, and tries again if somebody else was faster.
func (k *Desk) changeToken(ctx context.Context, t credential.Token, change func(*credential.Token)) error {
	_, err := store.Again(ctx, func() (credential.Token, error) {
		seen := t.Revision
		change(&t)
		var err error
		if t.Revision, err = k.NewChangeID(); err != nil {
			return t, err
		}
		err = k.Store.PutToken(ctx, t, seen)
		if conflict, is := errors.AsType[*store.ConflictError[credential.Token]](err); is {
			t = conflict.Current
		}
		return t, err
	})
	return err
}

// seenEvery is how exact it is when owners were seen: it is written no more often.
const seenEvery = 24 * time.Hour

// UpdateOwner keeps a person's tokens to what their owner is now, and to when that was said.
// What was said earlier than what a token knows, as by a session that is older than another
// one, changes nothing.
func (k *Desk) UpdateOwner(ctx context.Context, subject string, is credential.TokenOwner) error {
	all, err := k.Store.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if !t.OwnedBy(subject) || !t.Live(k.Now()) || !newerOwner(*t.Owner, is) {
			continue
		}
		if err := k.changeToken(ctx, t, func(t *credential.Token) {
			if newerOwner(*t.Owner, is) {
				t.Owner = &is
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// newerOwner reports whether what is said of an owner is to be kept in the place of what was.
func newerOwner(was, is credential.TokenOwner) bool {
	if was.Name == is.Name && was.Email == is.Email && slices.Equal(was.Groups, is.Groups) {
		return is.Seen.Sub(was.Seen) >= seenEvery
	}
	return !is.Seen.Before(was.Seen)
}
