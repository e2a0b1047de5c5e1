package desk

import (
	"context"
	"dailyroster/roster"
	"dailyroster/store"
	"errors"
)

// changeOffer writes an offer of the team, as change makes it of what it is now; known
// is whether there is one. What change leaves as it is is not written. Somebody else's
// write of the team in between is no conflict: change is asked again.
func (k *Desk) changeOffer(ctx context.Context, id roster.TeamID, offer roster.ChangeID, change func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error)) (roster.Offer, error) {
	return again(ctx, func() (roster.Offer, error) {
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

// carryOut makes an offer that is agreed, or goes on where somebody else was interrupted,
// until it is done or has lapsed; any other offer it gives as it is. It may be called by
// many at once, in any process.
func (k *Desk) carryOut(ctx context.Context, id roster.TeamID, offer roster.ChangeID) (roster.Offer, error) {
	wrote := false
	for range maxSteps {
		o, more, err := k.step(ctx, id, offer, &wrote)
		if err != nil || !more {
			return o, err
		}
	}
	return roster.Offer{}, errTooBusy
}

// maxSteps is more than an exchange takes: it is agreed, made, perhaps failing, taken back.
const maxSteps = 8

// step is the next step of carryOut, again where others write at the same time; more is
// whether another follows. wrote is whether a step of this carryOut has saved days.
func (k *Desk) step(ctx context.Context, id roster.TeamID, offer roster.ChangeID, wrote *bool) (o roster.Offer, more bool, err error) {
	o, err = again(ctx, func() (roster.Offer, error) {
		team, err := k.Store.Team(ctx, id)
		if err != nil {
			return roster.Offer{}, err
		}
		o, known := team.Offer(offer)
		switch {
		case !known:
			return o, NotFound("exchange")
		case o.State == roster.OfferAgreed:
			*wrote, more = true, true
			return o, k.makeMoves(ctx, &team, o)
		case o.State == roster.OfferFailing, o.State == roster.OfferLapsed && *wrote:
			// What this very call wrote may have come after another's taking back.
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

// makeMoves saves the months of an agreed offer, one after the other, and notes that it
// is done. Where a seat has changed hands it is failing from then on.
func (k *Desk) makeMoves(ctx context.Context, team *roster.Team, o roster.Offer) error {
	dayOn, err := k.daysOn(ctx, team.ID, o.Dates())
	if err != nil {
		return err
	}
	if !store.AgeOf(ctx).Oldest().IsZero() { // nothing is decided by what was known before
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

// fail notes why an agreed offer cannot be made.
func (k *Desk) fail(ctx context.Context, team *roster.Team, o roster.Offer, refused *roster.RefusedMove) error {
	people, err := k.Store.People(ctx)
	if err != nil {
		return err
	}
	return k.advance(ctx, team.ID, o, roster.OfferFailing, roster.Sentence(RefusedText(team, people, refused)))
}

// advance moves an offer on from the state that it was seen in; if it is not in it any
// more, somebody else has moved it.
func (k *Desk) advance(ctx context.Context, team roster.TeamID, seen roster.Offer, to roster.OfferState, reason string) error {
	_, err := k.changeOffer(ctx, team, seen.Group, func(_ *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, NotFound("exchange")
		}
		if o.State == seen.State {
			return o.Advance(to, reason, k.Now()), nil
		}
		return o, nil
	})
	return err
}

// takeBack takes back what was made of a failing offer, where nobody has changed it
// since, and notes that it has lapsed.
func (k *Desk) takeBack(ctx context.Context, team *roster.Team, o roster.Offer) error {
	in := roster.UndoInput{Partly: true}
	for _, d := range o.Dates() {
		page, err := k.Store.Changes(ctx, team.ID, store.OfDay(d))
		if err != nil {
			return err
		}
		in.History = append(in.History, page.Changes...)
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
	edits := roster.Undo(in).Edits(roster.Act{Group: group, Actor: o.ChangesBy(), Time: k.Now()})
	if err := k.saveEach(ctx, team.ID, edits); err != nil {
		return err
	}
	return k.advance(ctx, team.ID, o, roster.OfferLapsed, o.Reason)
}
