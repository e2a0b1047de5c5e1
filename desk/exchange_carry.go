package desk

import (
	"context"
	"errors"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
	"dailyroster/words/said"
)

// changeOffer writes an offer of the team as change returns it. change gets the offer as it
// is now; known says whether there is one. An offer that change leaves alone is not written.
// If somebody else writes the team in between, changeOffer calls change again.
func (k *Desk) changeOffer(ctx context.Context, id roster.TeamID, offer roster.ChangeID, change func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error)) (roster.Offer, error) {
	return store.Again(ctx, func() (roster.Offer, error) {
		team, err := k.Store.Team(ctx, id)
		if err != nil {
			return roster.Offer{}, err
		}
		was, known := team.Offer(offer)
		o, err := change(&team, was, known)
		if err != nil || known && o.State == was.State && len(o.Agreed) == len(was.Agreed) {
			return o, err
		}
		if o.Revision, err = k.NewChangeID(); err != nil {
			return o, err
		}
		changed, err := team.WithOffer(o, k.Now())
		if err != nil {
			return o, err
		}
		changed.Settled, changed.Revision = team.Base(), o.Revision
		return o, k.Store.PutTeam(ctx, changed, team.Revision)
	})
}

// carryOut carries out an agreed offer, or continues where somebody else was interrupted,
// until it is done or has lapsed. Any other offer it returns as it is. Any number of callers,
// in any process, may call it at once.
func (k *Desk) carryOut(ctx context.Context, id roster.TeamID, offer roster.ChangeID) (roster.Offer, error) {
	wrote := false
	for range maxSteps {
		o, more, err := k.step(ctx, id, offer, &wrote)
		if err != nil || !more {
			return o, err
		}
	}
	return roster.Offer{}, store.ErrTooBusy
}

// maxSteps is more than an exchange takes: it is agreed, made, perhaps failing, undone.
const maxSteps = 8

// step does the next step of carryOut, and repeats it if others write at the same time; more
// says whether another step follows. wrote says whether a step of this carryOut saved days.
func (k *Desk) step(ctx context.Context, id roster.TeamID, offer roster.ChangeID, wrote *bool) (o roster.Offer, more bool, err error) {
	o, err = store.Again(ctx, func() (roster.Offer, error) {
		team, err := k.Store.Team(ctx, id)
		if err != nil {
			return roster.Offer{}, err
		}
		o, known := team.Offer(offer)
		switch {
		case !known:
			return o, NotFound("There is no such exchange.")
		case o.State == roster.OfferAgreed:
			*wrote, more = true, true
			return o, k.makeMoves(ctx, &team, o)
		case o.State == roster.OfferFailing, o.State == roster.OfferLapsed && *wrote:
			// What this call wrote may have come after another process undid the exchange.
			more = true
			if err = k.takeBack(ctx, &team, o); err == nil {
				*wrote = false
			}
			return o, err
		default:
			more = false
			return o, nil
		}
	})
	return o, more, err
}

// makeMoves saves the months of an agreed offer, one after the other, and records that it is
// done. If a seat has changed hands, the offer is failing from then on.
func (k *Desk) makeMoves(ctx context.Context, team *roster.Team, o roster.Offer) error {
	dayOn, err := k.daysOn(ctx, team.ID, o.Dates())
	if err != nil {
		return err
	}
	if !store.AgeOf(ctx).Oldest().IsZero() { // old data decides nothing
		return &store.UnavailableError{Err: errors.New("the days are not those of now")}
	}
	edits, err := o.Edits(roster.Act{Actor: o.ChangesBy(), Time: k.Now()}, dayOn)
	if refused, ok := errors.AsType[*roster.RefusedMove](err); ok {
		return k.fail(ctx, team, o, refused)
	}
	if err != nil {
		return err
	}
	for _, e := range edits {
		saved, err := k.Store.Save(ctx, team.ID, e)
		if err != nil {
			return err
		}
		if refused, ok := errors.AsType[*roster.RefusedMove](o.MovedOn(saved.Days)); ok {
			return k.fail(ctx, team, o, refused)
		}
	}
	return k.advance(ctx, team.ID, o, roster.OfferDone, "")
}

// fail records why an agreed offer cannot be carried out.
func (k *Desk) fail(ctx context.Context, team *roster.Team, o roster.Offer, refused *roster.RefusedMove) error {
	names, err := k.Names(ctx)
	if err != nil {
		return err
	}
	return k.advance(ctx, team.ID, o, roster.OfferFailing, said.Sentence(RefusedText(team, names, refused)).Error())
}

// advance moves an offer on from the state in which it was seen. If it is no longer in that
// state, somebody else has moved it on.
func (k *Desk) advance(ctx context.Context, team roster.TeamID, seen roster.Offer, to roster.OfferState, reason string) error {
	_, err := k.changeOffer(ctx, team, seen.Group, func(_ *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, NotFound("There is no such exchange.")
		}
		if o.State == seen.State {
			return o.Advance(to, reason, k.Now()), nil
		}
		return o, nil
	})
	return err
}

// takeBack undoes what was made of a failing offer, except where somebody has changed it
// since, and records that it has lapsed.
func (k *Desk) takeBack(ctx context.Context, team *roster.Team, o roster.Offer) error {
	in := planning.UndoInput{Partly: true}
	for _, d := range o.Dates() {
		changes, err := k.changesUntil(ctx, team.ID, store.OfDay(d), atLeast(store.MaxChanges))
		if err != nil {
			return err
		}
		in.History = append(in.History, changes...)
	}
	for _, c := range in.History {
		if c.Group == o.Group {
			in.Changes = append(in.Changes, c)
		}
	}
	var err error
	if in.Days, err = k.daysOn(ctx, team.ID, o.Dates()); err != nil {
		return err
	}
	group := roster.DeriveChangeID(string(o.Group), "taken back")
	edits := planning.Undo(in).Edits(roster.Act{Group: group, Actor: o.ChangesBy(), Time: k.Now()})
	if err := k.saveEach(ctx, team.ID, edits); err != nil {
		return err
	}
	return k.advance(ctx, team.ID, o, roster.OfferLapsed, o.Reason)
}
