package desk

import (
	"context"
	"errors"
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// ExchangeSeat is a seat that somebody names, with what they know about it.
type ExchangeSeat struct {
	roster.Seat
	Holder   *roster.PersonID // who held it when they looked
	Revision *roster.Revision // of the day
}

// ExchangeWish is an exchange as somebody asks for it.
type ExchangeWish struct {
	ID    roster.ChangeID // of the act, chosen before the first attempt
	Actor roster.Actor    // of the changes
	Why   roster.Why      // WhySwap, WhyTake or WhyGive
	Seat  ExchangeSeat
	With  ExchangeSeat    // of a swap
	By    roster.PersonID // who asks for it; "" is not known
	// OnBehalf: somebody else says that By asks for it.
	OnBehalf bool
	To       roster.PersonID // who gets the seat, unless it is a swap
}

// seats are the seats that the request names.
func (w ExchangeWish) seats() []ExchangeSeat {
	if w.Why == roster.WhySwap {
		return []ExchangeSeat{w.Seat, w.With}
	}
	return []ExchangeSeat{w.Seat}
}

// personField is the field that names who is to get a seat.
func (w ExchangeWish) personField() string {
	switch w.Why {
	case roster.WhySwap:
		return "with"
	case roster.WhyTake:
		return "by"
	default:
		return "to"
	}
}

// asks reports whether the offer comes from this same request.
func (w ExchangeWish) asks(o roster.Offer) bool {
	if o.Why != w.Why || o.By != w.By || o.Moves[0].Seat != w.Seat.Seat {
		return false
	}
	if w.Why == roster.WhySwap {
		return len(o.Moves) == 2 && o.Moves[1].Seat == w.With.Seat
	}
	return len(o.Moves) == 1 && o.Moves[0].To == w.To
}

// exchange is the exchange that the wish asks for, if it is possible. What it refuses is a
// roster.FieldErrors, or a Refusal of KindStale if the caller saw other holders.
func (w ExchangeWish) exchange(team *roster.Team, names roster.Names, past roster.Past, dayOn func(roster.Date) roster.Day) (x roster.Exchange, err error) {
	var errs roster.FieldErrors
	for i, seat := range w.seats() {
		field := [...]string{"seat", "with"}[i]
		day := dayOn(seat.Date)
		holder := day.Assignments[seat.Role]
		switch {
		case !team.HasRole(seat.Role):
			errs.Add(field+".role", said.New("the team has no such role"))
		case seat.Date.Before(past.Present):
			errs.Add(field+".date", said.New("the past stays as it is; give today or a later day"))
		case past.Over(seat.Seat):
			errs.Add(field+".date", said.New("the hours of %s on %s are over; give a later day", team.RoleName(seat.Role), said.On(seat.Date)))
		case seat.Holder != nil && *seat.Holder != holder, seat.Revision != nil && *seat.Revision != day.Revision:
			return x, Stale()
		case holder == "" && w.Why != roster.WhyTake:
			errs.Add(field, said.New("nobody has %s on %s; take it instead", team.RoleName(seat.Role), said.On(seat.Date)))
		}
	}
	if err := errs.Err(); err != nil {
		return x, err
	}
	switch w.Why {
	case roster.WhySwap:
		x = roster.Swap(w.ID, w.Seat.Seat, w.With.Seat, dayOn)
	case roster.WhyTake:
		x = roster.Take(w.ID, w.Seat.Seat, w.To, dayOn)
	default:
		x = roster.Give(w.ID, w.Seat.Seat, w.To, dayOn)
	}
	if refused, ok := errors.AsType[*roster.RefusedMove](x.Check(team, names.Where(), dayOn)); ok {
		text := RefusedText(team, names, refused)
		if refused.Nothing {
			text = said.New("nothing would change: %s already has it", names.Of(refused.To))
		}
		return x, roster.FieldErrors{{Field: w.personField(), Err: text}}
	}
	return x, nil
}

// RefusedText says with names why an exchange cannot be made.
func RefusedText(team *roster.Team, names roster.Names, refused *roster.RefusedMove) error {
	return refused.Text(names.Of, func(id roster.RoleID) string { return team.RoleName(id) })
}

// OfferExchange records the wish as an offer of the team and, unless somebody has to agree
// first, carries it out. A repeated request finds its offer and continues with it.
func (k *Desk) OfferExchange(ctx context.Context, team *roster.Team, w ExchangeWish) (roster.Offer, error) {
	if _, known := team.Offer(w.ID); !known {
		if err := k.recordExchange(ctx, team, w); err != nil {
			// A copy of this request may have been faster; then its offer is the answer.
			now, again := k.Store.Team(ctx, team.ID)
			if again != nil {
				return roster.Offer{}, err
			}
			if _, known := now.Offer(w.ID); !known {
				return roster.Offer{}, err
			}
		}
	}
	o, err := k.carryOut(ctx, team.ID, w.ID)
	if err == nil && !w.asks(o) {
		return o, Refuse(KindKeyReused, "The key was used for something else", "This Idempotency-Key came with another body before. Use a new key for a new exchange.")
	}
	return o, err
}

func (k *Desk) recordExchange(ctx context.Context, team *roster.Team, w ExchangeWish) error {
	names, err := k.Names(ctx)
	if err != nil {
		return err
	}
	dates := []roster.Date{w.Seat.Date}
	if w.Why == roster.WhySwap {
		dates = append(dates, w.With.Date)
	}
	dayOn, err := k.daysOn(ctx, team.ID, dates)
	if err != nil {
		return err
	}
	x, err := w.exchange(team, names, team.PastAt(k.Now()), dayOn)
	if err != nil {
		return err
	}
	_, err = k.changeOffer(ctx, team.ID, w.ID, func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if known {
			return o, nil
		}
		for _, open := range team.OpenOffers(team.PastAt(k.Now())) {
			if slices.Equal(open.Moves, x.Moves) {
				return o, roster.FieldErrors{{Field: w.personField(), Err: said.New("this same exchange already waits for an answer")}}
			}
		}
		offer := roster.NewOffer(team, names, x, w.By, w.Actor, k.Now())
		if w.By == "" {
			return offer, nil
		}
		return offer.WithAnswer(roster.AnswerAsked, w.By, w.Actor, w.OnBehalf), nil
	})
	return err
}
