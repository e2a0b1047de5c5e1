package roster

import (
	"slices"

	"dailyroster/words/said"
)

// Move passes one seat from one person to another; "" is nobody.
type Move struct {
	Seat
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
}

// Exchange is a swap of two seats, or the passing on of one. It says who had each seat when
// the exchange was asked for. So it can be made later, by someone else, or a second time,
// and is always the same.
//
// A swap within one month is one edit and happens as a whole. One across two months is
// two edits, and a process can die between them. So that it can be finished, keep the
// Exchange (it is all that is needed) before the first edit is saved, and forget it
// after the second. To finish it, ask for its Edits again: a seat that has its new
// holder needs none, one that has its old holder still does, and anything else is
// refused. Sending all of its edits again is harmless too: their ids come from Group
// and month, by which the store knows those that took effect. An Offer is an exchange
// that is kept like that.
type Exchange struct {
	Group ChangeID `json:"group"`
	Why   Why      `json:"why"` // WhySwap, WhyTake or WhyGive
	Moves []Move   `json:"moves"`
}

// Swap is the exchange of two seats as the days have them.
func Swap(group ChangeID, a, b Seat, now func(Date) Day) Exchange {
	ofA, ofB := now(a.Date).Assignments[a.Role], now(b.Date).Assignments[b.Role]
	return Exchange{group, WhySwap, []Move{{a, ofA, ofB}, {b, ofB, ofA}}}
}

// Give passes a seat to a person.
func Give(group ChangeID, seat Seat, to PersonID, now func(Date) Day) Exchange {
	return Exchange{group, WhyGive, []Move{{seat, now(seat.Date).Assignments[seat.Role], to}}}
}

// Take is Give by the person who gets the seat.
func Take(group ChangeID, seat Seat, by PersonID, now func(Date) Day) Exchange {
	x := Give(group, seat, by, now)
	x.Why = WhyTake
	return x
}

// RefusedMove says why an exchange cannot be made. Exactly one of the reasons is set.
type RefusedMove struct {
	Move
	Hindrance *Hindrance // what keeps To from the seat
	Holder    *PersonID  // who has the seat meanwhile, neither From nor To
	Nothing   bool       // nothing would change
	Past      bool       // the day is over
}

// Error says it with ids.
func (e *RefusedMove) Error() string {
	return e.text(func(p PersonID) string { return string(p) }, func(r RoleID) string { return string(r) }, "2006-01-02").Error()
}

// Text says it as people do, with the names of people and roles.
func (e *RefusedMove) Text(name func(PersonID) string, role func(RoleID) string) error {
	return e.text(name, role, said.InSentence)
}

func (e *RefusedMove) text(name func(PersonID) string, role func(RoleID) string, layout string) error {
	holder := func(p PersonID) any {
		if p == "" {
			return said.New("nobody")
		}
		return name(p)
	}
	switch seat, day := role(e.Role), (said.Date{Dated: e.Date, Layout: layout}); {
	case e.Past:
		return said.New("%s is over", day)
	case e.Hindrance != nil:
		return said.New("%s of %s cannot pass to %s: %w", seat, day, name(e.To), e.Hindrance.Text(name, role))
	case e.Holder != nil:
		return said.New("%s of %s is no longer held by %s but by %s", seat, day, holder(e.From), holder(*e.Holder))
	default:
		return said.New("nothing would change")
	}
}

// Check refuses, as a *RefusedMove, an exchange that would change nothing, or would put
// someone on call who is away, inactive or has another role on that day.
func (x Exchange) Check(team *Team, where *Whereabouts, now func(Date) Day) error {
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
				held.Assign(other.Role, other.To)
			}
		}
		if h, hindered := where.Hindrance(team, m.To, m.Seat, held.Assignments); hindered {
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
		return nil, said.New("an exchange has at least one move")
	}
	act.Group = x.Group
	edits := EditsOf(now)
	for _, m := range x.Moves {
		switch holder := now(m.Date).Assignments[m.Role]; holder {
		case m.To:
		case m.From:
			edits.Day(m.Date).Assign(m.Role, m.To)
			if with, ok := x.with(m.Seat); ok {
				edits.exchanged(m.Seat, with)
			}
		default:
			return nil, &RefusedMove{Move: m, Holder: &holder}
		}
	}
	return act.Edits(x.Why, edits.List(), act.byMonth), nil
}

// with is the seat for which another one was swapped.
func (x Exchange) with(seat Seat) (Seat, bool) {
	for _, m := range x.Moves {
		if m.Seat != seat {
			return m.Seat, true
		}
	}
	return Seat{}, false
}

// Dates are the days of the exchange, each once.
func (x Exchange) Dates() []Date {
	var dates []Date
	for _, m := range x.Moves {
		if !slices.Contains(dates, m.Date) {
			dates = append(dates, m.Date)
		}
	}
	return dates
}
