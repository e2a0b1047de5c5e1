package roster

import (
	"cmp"
	"slices"
	"time"

	"dailyroster/words/said"
)

// Limits of the offers that a team keeps.
const (
	MaxOpenOffers = 50
	// Closed offers are kept for a while. So the person who asked learns the result, and a
	// request that is sent again gets the first answer.
	maxClosedOffers = 30
	closedOfferTime = 7 * 24 * time.Hour
)

// OfferState is the stage of an offer.
type OfferState string

// The states of an offer. It goes from OfferWaiting, or at once, to OfferAgreed and from
// there to OfferDone; or, if a seat turns out to have changed hands, by OfferFailing to
// OfferLapsed. Nothing ever leads back.
const (
	OfferWaiting   OfferState = "waiting"   // somebody has to agree
	OfferAgreed    OfferState = "agreed"    // is being made: see Exchange
	OfferFailing   OfferState = "failing"   // the part that was made is being undone
	OfferDone      OfferState = "done"      // was made
	OfferDeclined  OfferState = "declined"  // somebody did not agree
	OfferWithdrawn OfferState = "withdrawn" // the person who asked changed their mind
	OfferLapsed    OfferState = "lapsed"    // its day is over, or a seat has changed hands
)

// Offer is an Exchange that somebody asked for, as the team keeps it until it is made
// and for some days after.
type Offer struct {
	Exchange
	// By is who asked for it, and thereby agreed; "" is not known.
	By PersonID `json:"by,omitempty"`
	// Asked are those who have to agree, and Agreed those of them who have.
	Asked  []PersonID `json:"asked,omitempty"`
	Agreed []PersonID `json:"agreed,omitempty"`
	State  OfferState `json:"state"`
	Actor  string     `json:"actor"` // of the changes
	// ActorID is Actor.ID.
	ActorID string    `json:"actorId,omitempty"`
	Made    time.Time `json:"made"`
	Closed  time.Time `json:"closed,omitzero"`
	// ClosedBy is who declined or withdrew it.
	ClosedBy PersonID `json:"closedBy,omitempty"`
	// Answers are what was said to it, in order, by those whom somebody knows.
	Answers  []OfferAnswer `json:"answers,omitempty"`
	Reason   string        `json:"reason,omitempty"` // for which it lapsed
	Revision Revision      `json:"revision"`
}

// OfferAnswer is what was said to an offer for a person, and who said it.
type OfferAnswer struct {
	Person PersonID      `json:"person,omitempty"` // "" is not known
	Answer OfferAnswered `json:"answer"`
	// Actor and ActorID are those of whoever said it, see Actor.
	Actor   string `json:"actor"`
	ActorID string `json:"actorId"`
	// OnBehalf: it was not the person themself.
	OnBehalf bool `json:"onBehalf,omitempty"`
}

// OfferAnswered is which answer it was.
type OfferAnswered string

// The answers. Who asks for an offer thereby agrees.
const (
	AnswerAsked     OfferAnswered = "asked"
	AnswerAgreed    OfferAnswered = "agreed"
	AnswerDeclined  OfferAnswered = "declined"
	AnswerWithdrawn OfferAnswered = "withdrawn"
)

// WithAnswer is the offer with who gave the answer. Where nobody is known it is as it was.
func (o Offer) WithAnswer(answer OfferAnswered, person PersonID, by Actor, onBehalf bool) Offer {
	if by.ID != "" {
		o.Answers = append(slices.Clone(o.Answers), OfferAnswer{person, answer, by.Name, by.ID, onBehalf})
	}
	return o
}

// NewOffer is an exchange as somebody asks for it at an instant. Where the team wants the
// others to agree first, it waits for them.
func NewOffer(team *Team, names Names, x Exchange, by PersonID, actor Actor, at time.Time) Offer {
	o := Offer{Exchange: x, By: by, State: OfferAgreed, Actor: actor.Name, ActorID: actor.ID, Made: at.UTC()}
	if team.AgreeFirst {
		o.Asked = x.asks(team, by, names)
	}
	if len(o.Asked) > 0 {
		o.State = OfferWaiting
	}
	return o
}

// asks are the people of the exchange who have not said yet that they want it: all but
// by, and but those who lose a seat that they cannot have anyway.
func (x Exchange) asks(team *Team, by PersonID, names Names) []PersonID {
	where := names.Where()
	var asked []PersonID
	ask := func(id PersonID) {
		if id != "" && id != by && !slices.Contains(asked, id) {
			asked = append(asked, id)
		}
	}
	for _, m := range x.Moves {
		if _, hindered := where.Hindrance(team, m.From, m.Seat, nil); !hindered {
			ask(m.From)
		}
		ask(m.To)
	}
	return asked
}

// Open reports whether the offer can still be made.
func (o Offer) Open() bool {
	return o.State == OfferWaiting || o.State == OfferAgreed || o.State == OfferFailing
}

// UnderWay reports whether the offer's days are being written.
func (o Offer) UnderWay() bool { return o.State == OfferAgreed || o.State == OfferFailing }

// WaitsFor are those who still have to agree.
func (o Offer) WaitsFor() []PersonID {
	if o.State != OfferWaiting {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.Asked), func(id PersonID) bool { return slices.Contains(o.Agreed, id) })
}

// ChangesBy is who makes the offer's changes.
func (o Offer) ChangesBy() Actor { return Actor{o.Actor, o.ActorID} }

// Concerns reports whether the person asked for the offer, or has or gets one of its seats.
func (o Offer) Concerns(id PersonID) bool {
	return o.By == id || slices.ContainsFunc(o.Moves, func(m Move) bool { return m.From == id || m.To == id })
}

// Stands refuses, as a *RefusedMove, an offer that can no longer be made as it was asked
// for: its day is over, a seat has changed hands, or somebody cannot be on call there.
func (o Offer) Stands(where *Whereabouts, past Past, now func(Date) Day) error {
	for _, m := range o.Moves {
		if past.Over(m.Seat) {
			return &RefusedMove{Move: m, Past: true}
		}
		if holder := now(m.Date).Assignments[m.Role]; holder != m.From {
			return &RefusedMove{Move: m, Holder: &holder}
		}
	}
	return o.Check(past.team, where, now)
}

// AsOf is the offer as it is now: one that waited too long has lapsed.
func (o Offer) AsOf(past Past) Offer {
	if o.State == OfferWaiting && o.Over(past) {
		return o.Advance(OfferLapsed, "The day is over.", past.now)
	}
	return o
}

// Over reports whether one of the offer's seats is past.
func (o Offer) Over(past Past) bool {
	return slices.ContainsFunc(o.Moves, func(m Move) bool { return past.Over(m.Seat) })
}

// ClosedOfferError refuses an answer to an offer that waits for none.
type ClosedOfferError struct{ State OfferState }

func (e *ClosedOfferError) Error() string { return e.Text().Error() }

// Text says in what state the offer is.
func (e *ClosedOfferError) Text() error {
	switch e.State {
	case OfferDeclined:
		return said.New("this is already declined")
	case OfferWithdrawn:
		return said.New("this is already withdrawn")
	case OfferFailing, OfferLapsed:
		return said.New("this is no longer possible")
	case OfferWaiting:
		return said.New("this still waits for an answer")
	case OfferAgreed, OfferDone:
	}
	return said.New("this is already agreed")
}

// Agree is the offer after a person agreed; with the last of those who were asked it is
// OfferAgreed. To agree again changes nothing. It refuses a person who was not asked, as
// FieldErrors at person, and an offer that no longer waits, with a *ClosedOfferError.
func (o Offer) Agree(by PersonID) (Offer, error) {
	if err := o.mayAnswer(by); err != nil {
		return o, err
	}
	if slices.Contains(o.Agreed, by) && (o.State == OfferWaiting || o.State == OfferAgreed || o.State == OfferDone) {
		return o, nil
	}
	if o.State != OfferWaiting {
		return o, &ClosedOfferError{o.State}
	}
	o.Agreed = append(slices.Clone(o.Agreed), by)
	if len(o.WaitsFor()) == 0 {
		o.State = OfferAgreed
	}
	return o, nil
}

// Decline is the offer after a person did not agree, by the rules of Agree.
func (o Offer) Decline(by PersonID, at time.Time) (Offer, error) {
	if err := o.mayAnswer(by); err != nil {
		return o, err
	}
	return o.close(OfferDeclined, by, at)
}

// Withdraw is the offer after the person who asked for it changed their mind. If that
// person is not known, anybody may withdraw it.
func (o Offer) Withdraw(by PersonID, at time.Time) (Offer, error) {
	if o.By != "" && by != o.By {
		return o, FieldErrors{{"person", said.New("only who asked for it can withdraw it")}}
	}
	return o.close(OfferWithdrawn, by, at)
}

func (o Offer) mayAnswer(by PersonID) error {
	if !slices.Contains(o.Asked, by) {
		return FieldErrors{{"person", said.New("only who was asked can answer")}}
	}
	return nil
}

func (o Offer) close(state OfferState, by PersonID, at time.Time) (Offer, error) {
	if o.State == state && o.ClosedBy == by {
		return o, nil
	}
	if o.State != OfferWaiting {
		return o, &ClosedOfferError{o.State}
	}
	o.ClosedBy = by
	return o.Advance(state, "", at), nil
}

// Offer is the team's offer with the id, which is the Group of its exchange.
func (t *Team) Offer(id ChangeID) (Offer, bool) {
	i := slices.IndexFunc(t.Offers, func(o Offer) bool { return o.Group == id })
	if i < 0 {
		return Offer{}, false
	}
	return t.Offers[i], true
}

// WithOffer is a copy of the team with the offer in the place of the one with its id, or
// as a new one. Offers whose days are over lapse, and those that were closed long ago
// are forgotten. More open ones than MaxOpenOffers are refused as FieldErrors.
func (t *Team) WithOffer(o Offer, now time.Time) (Team, error) {
	changed := *t
	changed.Offers = slices.Clone(t.Offers)
	if i := slices.IndexFunc(changed.Offers, func(old Offer) bool { return old.Group == o.Group }); i >= 0 {
		changed.Offers[i] = o
	} else {
		changed.Offers = append(changed.Offers, o)
	}
	past := t.PastAt(now)
	open, closed := 0, []time.Time{}
	for i := range changed.Offers {
		o := &changed.Offers[i]
		if *o = o.AsOf(past); o.Open() {
			open++
		} else {
			closed = append(closed, o.Closed)
		}
	}
	slices.SortFunc(closed, func(a, b time.Time) int { return b.Compare(a) })
	oldest := now.Add(-closedOfferTime)
	if len(closed) > maxClosedOffers && closed[maxClosedOffers-1].After(oldest) {
		oldest = closed[maxClosedOffers-1]
	}
	changed.Offers = slices.DeleteFunc(changed.Offers, func(o Offer) bool { return !o.Open() && o.Closed.Before(oldest) })
	if _, known := t.Offer(o.Group); !known && open > MaxOpenOffers {
		return *t, FieldErrors{{"", said.New("%d exchanges already wait for an answer; that is the limit", MaxOpenOffers)}}
	}
	return changed, nil
}

// OpenOffers are the offers that can still be made, the oldest first.
func (t *Team) OpenOffers(past Past) []Offer {
	return slices.DeleteFunc(slices.Clone(t.Offers), func(o Offer) bool {
		return !o.Open() || o.State == OfferWaiting && o.Over(past)
	})
}

// UnderWay reports whether the days of one of the team's offers are being written.
func (t *Team) UnderWay() bool {
	return slices.ContainsFunc(t.Offers, func(o Offer) bool { return o.UnderWay() })
}

// Base is the revision of everything in the team except its offers, which come and go
// while somebody edits the rest.
func (t *Team) Base() Revision { return cmp.Or(t.Settled, t.Revision) }

// Advance is an offer that is under way, or waits, in a later state.
func (o Offer) Advance(to OfferState, reason string, at time.Time) Offer {
	o.State, o.Reason = to, reason
	if !o.Open() {
		o.Closed = at.UTC()
	}
	return o
}

// MovedOn refuses, as a *RefusedMove, days as they are after an edit of the exchange was
// saved, if one of its seats does not have its new holder. That is so where the edit had
// taken effect before, and somebody has changed the seat since.
func (x Exchange) MovedOn(days []Day) error {
	for _, d := range days {
		for _, m := range x.Moves {
			if holder := d.Assignments[m.Role]; m.Date == d.Date && holder != m.To {
				return &RefusedMove{Move: Move{m.Seat, m.To, m.To}, Holder: &holder}
			}
		}
	}
	return nil
}
