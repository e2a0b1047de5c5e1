package desk

import (
	"bytes"
	"context"
	"encoding/json"

	"dailyroster/roster"
)

// ReplacePerson is PutPerson for whoever says what the person is to be, whatever it was. A
// key that came with something else before is a refusal of KindKeyReused.
func (k *Desk) ReplacePerson(ctx context.Context, p roster.Person, basedOn roster.Revision) (roster.Person, error) {
	return k.replacePerson(ctx, p, basedOn, func() ([]roster.Person, error) { return k.people(ctx) })
}

func (k *Desk) replacePerson(ctx context.Context, p roster.Person, basedOn roster.Revision, all func() ([]roster.Person, error)) (roster.Person, error) {
	made, err := k.putPerson(ctx, p, basedOn, all)
	if err != nil || !repeats(ctx) {
		return made, err
	}
	is, err := k.Store.Person(ctx, p.ID)
	if err != nil {
		return made, err
	}
	return made, asStored(is, made, is.Revision == made.Revision, is.Revision == basedOn)
}

// ReplaceTeam is to teams what ReplacePerson is to people. Offers are not looked at.
func (k *Desk) ReplaceTeam(ctx context.Context, t roster.Team, basedOn roster.Revision) (roster.Team, error) {
	made, err := k.PutTeam(ctx, t, basedOn)
	if err != nil || !repeats(ctx) {
		return made, err
	}
	is, err := k.Store.Team(ctx, t.ID)
	if err != nil {
		return made, err
	}
	return made, asStored(withoutOffers(is), withoutOffers(made), is.Base() == made.Revision, is.Revision == basedOn)
}

// withoutOffers is the team as whoever edits it sees it: offers come and go by themselves.
func withoutOffers(t roster.Team) roster.Team {
	t.Revision, t.Settled, t.Offers = t.Base(), "", nil
	return t
}

// repeats reports whether the request may have been sent before.
func repeats(ctx context.Context) bool {
	_, with := keyOf(ctx)
	return with
}

// asStored is nil where a write that a store took is what it holds: a store takes one that
// it had before by its revision alone. mine says that what is there has the write's
// revision, and asBefore that it has the one that the write was based on, so that the write
// was made, and followed by others, before that.
func asStored(is, made any, mine, asBefore bool) error {
	switch {
	case mine && !sameJSON(is, made):
		return Refuse(KindKeyReused, "The key was used for other values", "This Idempotency-Key came with another body before. Use a new key for a new edit.")
	case !mine && asBefore:
		return Stale()
	}
	return nil
}

func sameJSON(a, b any) bool {
	textA, errA := json.Marshal(a)
	textB, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(textA, textB)
}
