package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// AnswerOffer records a person's answer to an offer and, if everybody has agreed, carries the
// offer out. It calls check before it changes anything.
func (k *Desk) AnswerOffer(ctx context.Context, team *roster.Team, id roster.ChangeID, answer ExchangeAnswer, person roster.PersonID, check func(roster.Offer) error) (roster.Offer, error) {
	people, err := k.Store.People(ctx)
	if err != nil {
		return roster.Offer{}, err
	}
	o, err := k.changeOffer(ctx, team.ID, id, func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, NotFound("exchange")
		}
		if asOf := o.AsOf(team.Present(k.Now()), k.Now()); asOf.State != o.State {
			return asOf, nil
		}
		answered, err := answer.to(o, person, k.Now())
		if err != nil || answered.State == o.State && len(answered.Agreed) == len(o.Agreed) {
			return answered, err
		}
		if err := check(o); err != nil || answer != Agree {
			return answered, err
		}
		dayOn, err := k.daysOn(ctx, team.ID, o.Dates())
		if err != nil {
			return o, err
		}
		refused, ok := errors.AsType[*roster.RefusedMove](o.Stands(people, team.Present(k.Now()), dayOn))
		if !ok {
			return answered, nil
		}
		reason := roster.Sentence(RefusedText(team, people, refused))
		if refused.Hindrance != nil { // and a hindrance may pass
			return o, lapsed(reason)
		}
		return o.Advance(roster.OfferLapsed, reason, k.Now()), nil
	})
	if closed, ok := errors.AsType[*roster.ClosedOfferError](err); ok {
		return o, Refuse(KindExchangeClosed, "This does not wait for an answer", roster.Sentence(closed.Error()))
	}
	if err != nil {
		return o, err
	}
	if o, err = k.carryOut(ctx, team.ID, id); err != nil {
		return o, err
	}
	return o, LapsedOffer(o)
}

// ExchangeAnswer is a person's answer to an exchange.
type ExchangeAnswer string

// The answers, as the API and the page's buttons name them.
const (
	Agree    ExchangeAnswer = "agree"
	Decline  ExchangeAnswer = "decline"
	Withdraw ExchangeAnswer = "withdraw"
)

// ParseExchangeAnswer reads one of the answers.
func ParseExchangeAnswer(text string) (ExchangeAnswer, error) {
	switch answer := ExchangeAnswer(text); answer {
	case Agree, Decline, Withdraw:
		return answer, nil
	}
	return "", fmt.Errorf("%q is not one of agree, decline and withdraw", text)
}

// to is the offer after the answer of a person.
func (answer ExchangeAnswer) to(o roster.Offer, person roster.PersonID, now time.Time) (roster.Offer, error) {
	switch answer {
	case Decline:
		return o.Decline(person, now)
	case Withdraw:
		return o.Withdraw(person, now)
	default:
		return o.Agree(person)
	}
}

// LapsedOffer is the refusal that says why an offer has lapsed, or nil if it has not.
func LapsedOffer(o roster.Offer) error {
	if o.State == roster.OfferLapsed {
		return lapsed(o.Reason)
	}
	return nil
}

// OpenOffer is an offer that waits for an answer.
type OpenOffer struct {
	roster.Offer
	Problem string // why it is no longer possible, in a sentence; "" if it still is
}

// OpenOffers returns a team's offers that wait for an answer. If the store does not answer
// whether one is still possible, it counts as possible.
func (k *Desk) OpenOffers(ctx context.Context, team *roster.Team, people []roster.Person) ([]OpenOffer, error) {
	today := team.Present(k.Now())
	var offers []OpenOffer
	for _, o := range team.OpenOffers(today) {
		if o.State != roster.OfferWaiting {
			continue // it is under way: made, or undone, in a moment
		}
		open := OpenOffer{Offer: o}
		dayOn, err := k.daysOn(ctx, team.ID, o.Dates())
		if err != nil && !errors.Is(err, store.ErrUnavailable) {
			return nil, err
		}
		if err == nil {
			if refused, ok := errors.AsType[*roster.RefusedMove](o.Stands(people, today, dayOn)); ok {
				open.Problem = roster.Sentence(RefusedText(team, people, refused))
			}
		}
		offers = append(offers, open)
	}
	return offers, nil
}
