package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

const (
	// maxExchangeTries is how often a step of an exchange is made anew because somebody
	// wrote the same team or day meanwhile.
	maxExchangeTries = 20
	// finishTime is how long a request waits for an exchange that it finishes for others.
	finishTime = 2 * time.Second
)

// seatWanted is a seat as a request names it, with what the request says of it.
type seatWanted struct {
	roster.Seat
	holder   *roster.PersonID // who had it, as the page showed it
	revision *roster.Revision // of the day
}

// exchangeWanted is an exchange as a request asks for it.
type exchangeWanted struct {
	id    roster.ChangeID // of the act, chosen before the first attempt
	actor string          // of the changes
	why   roster.Why
	seat  seatWanted
	with  seatWanted      // of a swap
	by    roster.PersonID // who asks for it; "" is not known
	to    roster.PersonID // who gets the seat, unless it is a swap
}

// seats are the seats that the request names.
func (w exchangeWanted) seats() []seatWanted {
	if w.why == roster.WhySwap {
		return []seatWanted{w.seat, w.with}
	}
	return []seatWanted{w.seat}
}

// personField is the field that names who is to get a seat.
func (w exchangeWanted) personField() string {
	switch w.why {
	case roster.WhySwap:
		return "with"
	case roster.WhyTake:
		return "by"
	default:
		return "to"
	}
}

// asks reports whether the offer came of the same request.
func (w exchangeWanted) asks(o roster.Offer) bool {
	if o.Why != w.why || o.By != w.by || o.Moves[0].Seat != w.seat.Seat {
		return false
	}
	if w.why == roster.WhySwap {
		return len(o.Moves) == 2 && o.Moves[1].Seat == w.with.Seat
	}
	return len(o.Moves) == 1 && o.Moves[0].To == w.to
}

// exchange is the exchange that is wanted, if it is one that can be made. What is
// refused is a roster.FieldErrors, or errStale where the request saw other holders.
func (w exchangeWanted) exchange(team *roster.Team, people []roster.Person, today roster.Date, dayOn func(roster.Date) roster.Day) (x roster.Exchange, err error) {
	var errs roster.FieldErrors
	for i, seat := range w.seats() {
		field := [...]string{"seat", "with"}[i]
		day := dayOn(seat.Date)
		holder := day.Assignments[seat.Role]
		switch {
		case !team.HasRole(seat.Role):
			errs.Add(field+".role", errors.New("the team has no such role"))
		case seat.Date.Before(today):
			errs.Add(field+".date", errors.New("the past stays as it is; give today or a later day"))
		case seat.holder != nil && *seat.holder != holder, seat.revision != nil && *seat.revision != day.Revision:
			return x, errStale
		case holder == "" && w.why != roster.WhyTake:
			errs.Add(field, fmt.Errorf("nobody has %s on %s; it can be taken", team.RoleName(seat.Role), seat.Date.Text()))
		}
	}
	if err := errs.Err(); err != nil {
		return x, err
	}
	switch w.why {
	case roster.WhySwap:
		x = roster.Swap(w.id, w.seat.Seat, w.with.Seat, dayOn)
	case roster.WhyTake:
		x = roster.Take(w.id, w.seat.Seat, w.to, dayOn)
	default:
		x = roster.Give(w.id, w.seat.Seat, w.to, dayOn)
	}
	if refused, ok := errors.AsType[*roster.RefusedMove](x.Check(people, dayOn)); ok {
		text := refusedText(team, people, refused)
		if refused.Nothing {
			text = "nothing would change: " + roster.NewNames(people).Of(refused.To) + " has it already"
		}
		return x, roster.FieldErrors{{Field: w.personField(), Message: text}}
	}
	return x, nil
}

// refusedText says with names why an exchange cannot be made.
func refusedText(team *roster.Team, people []roster.Person, refused *roster.RefusedMove) string {
	return refused.Text(roster.NewNames(people).Of, func(id roster.RoleID) string { return team.RoleName(id) }, roster.Date.Text)
}

// offerExchange records what is wanted as an offer of the team and, unless somebody has
// to agree first, makes it. A request that comes again finds its offer, and goes on with
// it.
func (s *Server) offerExchange(ctx context.Context, team *roster.Team, w exchangeWanted) (roster.Offer, error) {
	if _, known := team.Offer(w.id); !known {
		if err := s.recordExchange(ctx, team, w); err != nil {
			// A copy of this request may have been faster; then its offer is the answer.
			now, again := s.Store.Team(ctx, team.ID)
			if again != nil {
				return roster.Offer{}, err
			}
			if _, known := now.Offer(w.id); !known {
				return roster.Offer{}, err
			}
		}
	}
	o, err := s.carryOut(ctx, team.ID, w.id)
	if err == nil && !w.asks(o) {
		return o, errKeyReused
	}
	return o, err
}

func (s *Server) recordExchange(ctx context.Context, team *roster.Team, w exchangeWanted) error {
	people, err := s.Store.People(ctx)
	if err != nil {
		return err
	}
	dates := []roster.Date{w.seat.Date}
	if w.why == roster.WhySwap {
		dates = append(dates, w.with.Date)
	}
	dayOn, err := s.daysOn(ctx, team.ID, dates)
	if err != nil {
		return err
	}
	x, err := w.exchange(team, people, team.Present(s.Now()), dayOn)
	if err != nil {
		return err
	}
	_, err = s.changeOffer(ctx, team.ID, w.id, func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if known {
			return o, nil
		}
		for _, open := range team.OpenOffers(team.Present(s.Now())) {
			if slices.Equal(open.Moves, x.Moves) {
				return o, roster.FieldErrors{{Field: w.personField(), Message: "the very same waits for an answer already"}}
			}
		}
		return roster.NewOffer(team, people, x, w.by, w.actor, s.Now()), nil
	})
	return err
}

// daysOn reads single days.
func (s *Server) daysOn(ctx context.Context, team roster.TeamID, dates []roster.Date) (func(roster.Date) roster.Day, error) {
	var days []roster.Day
	for _, d := range dates {
		part, err := s.Store.Days(ctx, team, d, d)
		if err != nil {
			return nil, err
		}
		days = append(days, part...)
	}
	return roster.ByDate(days), nil
}

// changeOffer writes an offer of the team, as change makes it of what it is now; known
// is whether there is one. What change leaves as it is is not written. Somebody else's
// write of the team in between is no conflict: change is asked again.
func (s *Server) changeOffer(ctx context.Context, id roster.TeamID, offer roster.ChangeID, change func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error)) (roster.Offer, error) {
	for range maxExchangeTries {
		team, err := s.Store.Team(ctx, id)
		if err != nil {
			return roster.Offer{}, err
		}
		was, known := team.Offer(offer)
		o, err := change(&team, was, known)
		if err != nil || known && o.State == was.State && len(o.Agreed) == len(was.Agreed) {
			return o, err
		}
		if o.Revision, err = s.newChangeID(); err != nil {
			return o, err
		}
		changed, err := team.WithOffer(o, s.Now())
		if err != nil {
			return o, err
		}
		changed.Settled, changed.Revision = team.Base(), o.Revision
		err = s.Store.PutTeam(ctx, changed, team.Revision)
		if isConflict(err) {
			continue
		}
		return o, err
	}
	return roster.Offer{}, errTooBusy
}

// errTooBusy is for what others wrote at the same time again and again.
var errTooBusy = &store.UnavailableError{Err: errors.New("others write the same again and again")}

// carryOut makes an offer that is agreed, or goes on where somebody else was interrupted,
// until it is done or has lapsed; any other offer it gives as it is. It may be called by
// many at once, in any process.
func (s *Server) carryOut(ctx context.Context, id roster.TeamID, offer roster.ChangeID) (roster.Offer, error) {
	wrote := false
	for range maxExchangeTries {
		team, err := s.Store.Team(ctx, id)
		if err != nil {
			return roster.Offer{}, err
		}
		o, known := team.Offer(offer)
		switch {
		case !known:
			return o, notFound("exchange")
		case o.State == roster.OfferAgreed:
			err = s.makeMoves(ctx, &team, o)
			wrote = true
		case o.State == roster.OfferFailing, o.State == roster.OfferLapsed && wrote:
			// What this very call wrote may have come after another's taking back.
			err = s.takeBack(ctx, &team, o)
			wrote = false
		default:
			return o, nil
		}
		if err != nil && !isConflict(err) {
			return o, err
		}
	}
	return roster.Offer{}, errTooBusy
}

// makeMoves saves the months of an agreed offer, one after the other, and notes that it
// is done. Where a seat has changed hands it is failing from then on.
func (s *Server) makeMoves(ctx context.Context, team *roster.Team, o roster.Offer) error {
	dayOn, err := s.daysOn(ctx, team.ID, o.Dates())
	if err != nil {
		return err
	}
	if !store.AgeOf(ctx).Oldest().IsZero() { // nothing is decided by what was known before
		return &store.UnavailableError{Err: errors.New("the days are not those of now")}
	}
	edits, err := o.Edits(roster.Act{Actor: o.Actor, Time: s.Now()}, dayOn)
	if refused, ok := errors.AsType[*roster.RefusedMove](err); ok {
		return s.fail(ctx, team, o, refused)
	}
	if err != nil {
		return err
	}
	for _, e := range edits {
		saved, err := s.Store.Save(ctx, team.ID, e)
		if err != nil {
			return err
		}
		if refused, ok := errors.AsType[*roster.RefusedMove](o.MovedOn(saved.Days)); ok {
			return s.fail(ctx, team, o, refused)
		}
	}
	return s.advance(ctx, team.ID, o, roster.OfferDone, "")
}

// fail notes why an agreed offer cannot be made.
func (s *Server) fail(ctx context.Context, team *roster.Team, o roster.Offer, refused *roster.RefusedMove) error {
	people, err := s.Store.People(ctx)
	if err != nil {
		return err
	}
	return s.advance(ctx, team.ID, o, roster.OfferFailing, roster.Sentence(refusedText(team, people, refused)))
}

// advance moves an offer on from the state that it was seen in; if it is not in it any
// more, somebody else has moved it.
func (s *Server) advance(ctx context.Context, team roster.TeamID, seen roster.Offer, to roster.OfferState, reason string) error {
	_, err := s.changeOffer(ctx, team, seen.Group, func(_ *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, notFound("exchange")
		}
		if o.State == seen.State {
			return o.Advance(to, reason, s.Now()), nil
		}
		return o, nil
	})
	return err
}

// takeBack takes back what was made of a failing offer, where nobody has changed it
// since, and notes that it has lapsed.
func (s *Server) takeBack(ctx context.Context, team *roster.Team, o roster.Offer) error {
	in := roster.UndoInput{Partly: true}
	for _, d := range o.Dates() {
		page, err := s.Store.Changes(ctx, team.ID, store.OfDay(d))
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
	if in.Days, err = s.daysOn(ctx, team.ID, o.Dates()); err != nil {
		return err
	}
	group := roster.DeriveChangeID(string(o.Group), "taken back")
	edits := roster.Undo(in).Edits(roster.Act{Group: group, Actor: o.Actor, Time: s.Now()})
	if err := s.saveEach(ctx, team.ID, edits); err != nil {
		return err
	}
	return s.advance(ctx, team.ID, o, roster.OfferLapsed, o.Reason)
}

// answerOffer is the answer of a person to an offer, which is then carried out if it is
// agreed. check is asked before anything is changed.
func (s *Server) answerOffer(ctx context.Context, team *roster.Team, id roster.ChangeID, answer string, person roster.PersonID, check func(roster.Offer) error) (roster.Offer, error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return roster.Offer{}, err
	}
	o, err := s.changeOffer(ctx, team.ID, id, func(team *roster.Team, o roster.Offer, known bool) (roster.Offer, error) {
		if !known {
			return o, notFound("exchange")
		}
		if asOf := o.AsOf(team.Present(s.Now()), s.Now()); asOf.State != o.State {
			return asOf, nil
		}
		answered, err := answerTo(o, answer, person, s.Now())
		if err != nil || answered.State == o.State && len(answered.Agreed) == len(o.Agreed) {
			return answered, err
		}
		if err := check(o); err != nil || answer != agree {
			return answered, err
		}
		dayOn, err := s.daysOn(ctx, team.ID, o.Dates())
		if err != nil {
			return o, err
		}
		refused, ok := errors.AsType[*roster.RefusedMove](o.Stands(people, team.Present(s.Now()), dayOn))
		if !ok {
			return answered, nil
		}
		reason := roster.Sentence(refusedText(team, people, refused))
		if refused.Hindrance != nil { // which may pass
			return o, lapsed(reason)
		}
		return o.Advance(roster.OfferLapsed, reason, s.Now()), nil
	})
	if closed, ok := errors.AsType[*roster.ClosedOfferError](err); ok {
		return o, &refusal{http.StatusConflict, "exchange-closed", "This waits for no answer", roster.Sentence(closed.Error()), nil}
	}
	if err != nil {
		return o, err
	}
	if o, err = s.carryOut(ctx, team.ID, id); err != nil {
		return o, err
	}
	return o, lapsedOffer(o)
}

// The answers to an offer, as the API and the page's buttons name them.
const (
	agree    = "agree"
	decline  = "decline"
	withdraw = "withdraw"
)

func answerTo(o roster.Offer, answer string, person roster.PersonID, now time.Time) (roster.Offer, error) {
	switch answer {
	case agree:
		return o.Agree(person)
	case decline:
		return o.Decline(person, now)
	case withdraw:
		return o.Withdraw(person, now)
	default:
		return o, badRequest("answer: %q is not one of agree, decline and withdraw", answer)
	}
}

var errKeyReused = &refusal{http.StatusUnprocessableEntity, "idempotency-key-reused", "The key was used for something else",
	"This Idempotency-Key came with another body before. Use a new key for a new exchange.", nil}

func lapsed(reason string) *refusal {
	return &refusal{http.StatusConflict, "exchange-lapsed", "This is no longer possible", reason, nil}
}

// lapsedOffer is the refusal that tells why an offer has lapsed, nil if it has not.
func lapsedOffer(o roster.Offer) error {
	if o.State == roster.OfferLapsed {
		return lapsed(o.Reason)
	}
	return nil
}

// settled is the team after the exchanges that somebody was interrupted in are finished,
// as far as the store lets them. Every request that reads a team asks for it, so that
// nobody ever sees, or edits, one half of a swap for longer than it takes to finish it.
func (s *Server) settled(ctx context.Context, team roster.Team) roster.Team {
	finished := false
	for _, o := range team.Offers {
		if !o.UnderWay() || !store.AgeOf(ctx).Oldest().IsZero() {
			continue
		}
		attempt, cancel := context.WithTimeout(ctx, finishTime)
		_, err := s.carryOut(attempt, team.ID, o.Group)
		cancel()
		if err != nil {
			s.Log.Warn("an exchange cannot be finished yet", "team", team.ID, "exchange", o.Group, "error", err)
		}
		finished = finished || err == nil
	}
	if !finished {
		return team
	}
	if now, err := s.Store.Team(ctx, team.ID); err == nil {
		return now
	}
	return team
}

// FinishExchanges finishes what another process, or this one before it was started again,
// was interrupted in. It tries until the store has answered, or ctx ends.
func (s *Server) FinishExchanges(ctx context.Context) {
	for {
		attempt, cancel := context.WithTimeout(ctx, storeTime)
		attempt, _ = store.WithAge(attempt)
		_, err := s.listedTeams(attempt)
		cancel()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}
