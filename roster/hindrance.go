package roster

import "dailyroster/words/said"

// Hindrance is why a person cannot be on call on a day.
type Hindrance struct {
	Person PersonID
	Kind   HindranceKind
	Role   RoleID // the role that they have on the day, if that is the hindrance
}

// HindranceKind is a kind of Hindrance.
type HindranceKind string

// What keeps people from being on call.
const (
	IsAway     HindranceKind = "away"
	IsBusy     HindranceKind = "busy"     // with another role on that day
	IsInactive HindranceKind = "inactive" // or removed, or not known at all
)

// Text says the hindrance as part of a sentence: "Ana is away".
func (h Hindrance) Text(name func(PersonID) string, role func(RoleID) string) error {
	switch h.Kind {
	case IsAway:
		return said.New("%s is away", name(h.Person))
	case IsBusy:
		return said.New("%s has %s that day", name(h.Person), role(h.Role))
	default:
		return said.New("%s is not active", name(h.Person))
	}
}

// Hindrance says what keeps a person from a seat, if the day's other roles are held by
// those given.
func (w *Whereabouts) Hindrance(team *Team, id PersonID, seat Seat, held map[RoleID]PersonID) (Hindrance, bool) {
	h := Hindrance{Person: id}
	p := w.person(id)
	if p == nil || !p.ActiveOn(seat.Date) {
		h.Kind = IsInactive
		return h, true
	}
	if team.isAway(p, w.spans(id), seat) {
		h.Kind = IsAway
		return h, true
	}
	for role, person := range held {
		if person == id && role != seat.Role && (h.Role == "" || role < h.Role) {
			h.Kind, h.Role = IsBusy, role
		}
	}
	return h, h.Kind == IsBusy
}
