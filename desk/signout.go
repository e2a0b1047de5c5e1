package desk

import (
	"context"
	"errors"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
)

// SignOutEverywhere ends the sessions that somebody has now, on all browsers. What is no
// name of somebody is a roster.FieldErrors at who.
func (k *Desk) SignOutEverywhere(ctx context.Context, id credential.SignOutID, by roster.Actor) error {
	if _, err := credential.ParseSignOutID(string(id)); err != nil {
		return roster.FieldErrors{{Field: "who", Err: err}}
	}
	_, err := store.Again(ctx, func() (credential.SignOut, error) {
		was, err := k.Store.SignOut(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return was, err
		}
		is := credential.SignOut{ID: id, Before: k.Now().UTC(), Actor: by.Name, ActorID: by.ID}
		if was.Before.After(is.Before) { // by a clock that is ahead
			is.Before = was.Before
		}
		if is.Revision, err = k.NewChangeID(); err != nil {
			return is, err
		}
		return is, k.Store.PutSignOut(ctx, is, was.Revision)
	})
	return err
}

// SignedOut is until when sessions of any of these are over; the zero time is none.
func (k *Desk) SignedOut(ctx context.Context, ids ...credential.SignOutID) (before time.Time, err error) {
	for _, id := range ids {
		is, err := k.Store.SignOut(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return before, err
		}
		if is.Before.After(before) {
			before = is.Before
		}
	}
	return before, nil
}
