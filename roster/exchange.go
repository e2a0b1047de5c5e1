package roster

import (
	"errors"
	"fmt"
)

// Move passes one seat from one person to another; "" is nobody.
type Move struct {
	Seat
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
}

// Exchange is a swap of two seats, or the passing on of one. It says of each seat who
// had it when the exchange was agreed, so that it can be made later, by someone else,
// or a second time, and is always the same.
//
// A swap within one month is one edit and happens as a whole. One across two months is
// two edits, and a process can die between them. So that it can be finished, keep the
// Exchange (it is all that is needed) before the first edit is saved, and forget it
// after the second. To finish it, ask for its Edits again: a seat that has its new
// holder needs none, one that has its old holder still does, and anything else is
// refused. Sending all of its edits again is harmless too: their ids come from Group
// and month, by which the store knows those that took effect.
type Exchange struct {
	Group ChangeID `json:"group"`
	Moves []Move   `json:"moves"`
}

// Swap is the exchange of two seats as the days have them.
func Swap(group ChangeID, a, b Seat, now func(Date) Day) Exchange {
	ofA, ofB := now(a.Date).Assignments[a.Role], now(b.Date).Assignments[b.Role]
	return Exchange{group, []Move{{a, ofA, ofB}, {b, ofB, ofA}}}
}

// Give passes a seat to a person; whoever takes a seat gives it to themselves.
func Give(group ChangeID, seat Seat, to PersonID, now func(Date) Day) Exchange {
	return Exchange{group, []Move{{seat, now(seat.Date).Assignments[seat.Role], to}}}
}

// RefusedMove says why an exchange cannot be made. Exactly one of the reasons is set.
type RefusedMove struct {
	Move
	Hindrance *Hindrance // what keeps To from the seat
	Holder    *PersonID  // who has the seat meanwhile, neither From nor To
	Nothing   bool       // nothing would change
}

// Error says it with ids; pages have the fields to say it with names.
func (e *RefusedMove) Error() string {
	switch {
	case e.Hindrance != nil:
		return fmt.Sprintf("%s of %s cannot pass to %s: %s", e.Role, e.Date, e.To,
			e.Hindrance.Text(func(p PersonID) string { return string(p) }, func(r RoleID) string { return string(r) }))
	case e.Holder != nil:
		return fmt.Sprintf("%s of %s is no longer held by %q but by %q", e.Role, e.Date, e.From, *e.Holder)
	default:
		return "nothing would change"
	}
}

// Check refuses, as a *RefusedMove, an exchange that would change nothing, or would put
// someone on call who is away, inactive or has another role on that day.
func (x Exchange) Check(people []Person, now func(Date) Day) error {
	known := byID(people)
	for _, m := range x.Moves {
		if m.From == m.To {
			return &RefusedMove{Move: m, Nothing: true}
		}
		if m.To == "" {
			continue
		}
		held := now(m.Date).Clone()
		for _, other := range x.Moves {
			if other.Date == m.Date {
				held.assign(other.Role, other.To)
			}
		}
		if h, hindered := hindrance(known, m.To, m.Seat, held.Assignments); hindered {
			return &RefusedMove{Move: m, Hindrance: &h}
		}
	}
	return nil
}

// Edits are what is left to do of the exchange, none if it is done. It refuses, as a
// *RefusedMove, a seat that neither its old nor its new holder has. The act's group is
// not looked at; that of the exchange counts.
func (x Exchange) Edits(act Act, now func(Date) Day) ([]Edit, error) {
	if len(x.Moves) == 0 {
		return nil, errors.New("an exchange has at least one move")
	}
	act.Group = x.Group
	edits := editsOf(now)
	for _, m := range x.Moves {
		switch holder := now(m.Date).Assignments[m.Role]; holder {
		case m.To:
		case m.From:
			edits.day(m.Date).assign(m.Role, m.To)
		default:
			return nil, &RefusedMove{Move: m, Holder: &holder}
		}
	}
	return act.edits(WhySwap, edits.list(), act.byMonth), nil
}
