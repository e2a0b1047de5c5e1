package desk

import (
	"context"
	"errors"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/words/said"
)

// ExchangeReply is what somebody says to an exchange.
type ExchangeReply struct {
	Answer   ExchangeAnswer
	Person   roster.PersonID // whose answer it is
	Actor    roster.Actor    // who gives it
	OnBehalf bool            // that is not the person themself
}

// AnswerOffer records a person's answer to an offer and, if everybody has agreed, carries the
// offer out. It calls check before it changes anything.
func (k *Desk) AnswerOffer(ctx context.Context, team *roster.Team, id roster.ChangeID, reply ExchangeReply, check func(roster.Offer) error) (roster.Offer, error) {
	names, err := k.Names(ctx)
	if err != nil {
		return roster.Offer{}, err
	}
	o, err := k.changeOffer(ctx, team.ID, id, func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, NotFound("There is no such exchange.")
		}
		if asOf := o.AsOf(team.PastAt(k.Now())); asOf.State != o.State {
			return asOf, nil
		}
		answered, err := reply.to(o, k.Now())
		if err != nil || answered.State == o.State && len(answered.Agreed) == len(o.Agreed) {
			return answered, err
		}
		if err := check(o); err != nil || reply.Answer != Agree {
			return answered, err
		}
		dayOn, err := k.daysOn(ctx, team.ID, o.Dates())
		if err != nil {
			return o, err
		}
		refused, ok := errors.AsType[*roster.RefusedMove](o.Stands(names.Where(), team.PastAt(k.Now()), dayOn))
		if !ok {
			return answered, nil
		}
		reason := RefusedText(team, names, refused)
		if refused.Hindrance != nil { // and a hindrance may pass
			return o, lapsed(reason)
		}
		return o.Advance(roster.OfferLapsed, said.Sentence(reason).Error(), k.Now()), nil
	})
	if closed, ok := errors.AsType[*roster.ClosedOfferError](err); ok {
		return o, RefuseFor(KindExchangeClosed, "This does not wait for an answer", closed.Text())
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
	return "", said.New("%q is not one of agree, decline and withdraw", text)
}

// to is the offer after the reply.
func (r ExchangeReply) to(o roster.Offer, now time.Time) (after roster.Offer, err error) {
	var answered roster.OfferAnswered
	switch r.Answer {
	case Decline:
		answered = roster.AnswerDeclined
		after, err = o.Decline(r.Person, now)
	case Withdraw:
		answered = roster.AnswerWithdrawn
		after, err = o.Withdraw(r.Person, now)
	default:
		answered = roster.AnswerAgreed
		after, err = o.Agree(r.Person)
	}
	if err != nil || after.State == o.State && len(after.Agreed) == len(o.Agreed) { // as it was
		return after, err
	}
	return after.WithAnswer(answered, r.Person, r.Actor, r.OnBehalf), nil
}

// LapsedOffer is the refusal that says why an offer has lapsed, or nil if it has not.
func LapsedOffer(o roster.Offer) error {
	if o.State == roster.OfferLapsed {
		return lapsed(errors.New(o.Reason))
	}
	return nil
}

// OpenOffer is an offer that waits for an answer.
type OpenOffer struct {
	roster.Offer
	Problem error // why it is no longer possible, in a sentence; nil if it still is
}

// OpenOffers returns a team's offers that wait for an answer. If the store does not answer
// whether one is still possible, it counts as possible.
func (k *Desk) OpenOffers(ctx context.Context, team *roster.Team, names roster.Names) ([]OpenOffer, error) {
	past := team.PastAt(k.Now())
	var offers []OpenOffer
	var dates []roster.Date
	for _, o := range team.OpenOffers(past) {
		if o.State != roster.OfferWaiting {
			continue // it is under way: made, or undone, in a moment
		}
		offers = append(offers, OpenOffer{Offer: o})
		dates = append(dates, o.Dates()...)
	}
	if len(offers) == 0 {
		return nil, nil
	}
	dayOn, err := k.daysOn(ctx, team.ID, dates)
	switch {
	case errors.Is(err, store.ErrUnavailable):
		return offers, nil
	case err != nil:
		return nil, err
	}
	for i, o := range offers {
		if refused, ok := errors.AsType[*roster.RefusedMove](o.Stands(names.Where(), past, dayOn)); ok {
			offers[i].Problem = said.Sentence(RefusedText(team, names, refused))
		}
	}
	return offers, nil
}
