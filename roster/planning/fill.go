package planning

import (
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// FillInput is what a fill is made from.
type FillInput struct {
	Team   *roster.Team
	People roster.Names
	// From and To are the first and the last day to be filled. Whether days before today
	// may be among them is for the caller to decide, and how far To may be: a fill follows
	// the rotations from their first days on.
	From, To roster.Date
	// Days gives the days as they are, see ByDate.
	Days func(roster.Date) roster.Day
	// SetBy tells why a seat was last changed, see SetBy; "" is not known. It is asked
	// only about days that have a revision. Without it, whoever is there was set by hand.
	SetBy func(roster.Seat) roster.Why
	// Overwrite gives the rotations' answer also to seats that were set by hand.
	Overwrite bool
	// Only, if it is there, chooses the seats that may be changed; the plan has no others.
	// Whom the rotations have for one of these, while nobody is there, is still not taken
	// for another role of the day.
	Only func(roster.Seat) bool
	// Ended is asked now and then. Once it says so the fill stops, and its plan is worth
	// nothing. Without it, it goes on to the end.
	Ended func() bool
}

// FillKind says what a fill means for a seat.
type FillKind string

// What a fill means for a seat. Only FillFilled, FillChanged and FillCleared change it,
// and FillGap where somebody was there.
const (
	FillSame    FillKind = "same"    // it already says what the rotation gives
	FillFilled  FillKind = "filled"  // nobody was there
	FillChanged FillKind = "changed" // somebody else was there
	FillCleared FillKind = "cleared" // a rotation had put somebody there, now none covers it
	FillKept    FillKind = "kept"    // an override: set, or cleared, by hand
	FillGap     FillKind = "gap"     // none of the rotation's people can be on call
)

// FillSeat is one seat of a plan.
type FillSeat struct {
	roster.Seat
	Kind     FillKind
	Rotation roster.RotationID // "" where none covers the seat
	// Was is who is there now, Gives who the rotation gives and Will who is there after
	// the fill.
	Was, Gives, Will roster.PersonID
	// Why has, for a gap, what keeps the first maxHindrances of the rotation's people from
	// it, and Others is how many more there are.
	Why    []roster.Hindrance
	Others int
}

// maxHindrances is of how many people a plan tells why they cannot be on call. More would
// be no help to the reader of a list, and a plan can have thousands of gaps.
const maxHindrances = 10

// Text says in one sentence why the seat is a gap.
func (s FillSeat) Text(name func(roster.PersonID) string, role func(roster.RoleID) string) error {
	var why error
	for _, h := range s.Why {
		if why == nil {
			why = h.Text(name, role)
		} else {
			why = said.New("%w, %w", why, h.Text(name, role))
		}
	}
	if s.Others > 0 {
		why = said.New("%w, and %d more cannot either", why, s.Others)
	}
	return said.Whole("Nobody can take it: %w.", why)
}

// FillPlan is the difference that a fill makes, and the fill itself.
type FillPlan struct {
	// Seats are in order of days and then of the team's roles: each that a rotation
	// covers or has left.
	Seats []FillSeat
	days  []roster.DayEdit
}

// Count is how many of the plan's seats are of the kind.
func (p FillPlan) Count(kind FillKind) int {
	n := 0
	for _, s := range p.Seats {
		if s.Kind == kind {
			n++
		}
	}
	return n
}

// Changes reports whether applying the plan changes anything.
func (p FillPlan) Changes() bool { return len(p.days) > 0 }

// Edits are the plan as edits, a month each, in order; saving them all applies it. Each
// day is based on the day as Fill saw it, so a day that changed meanwhile refuses its
// month: call Fill again. If applying stops half way, Fill with the same group plans only
// the rest.
func (p FillPlan) Edits(act roster.Act) []roster.Edit {
	return act.Edits(roster.WhyRotation, slices.Clone(p.days), nil)
}

// Fill gives each seat of the range what the team's rotations give (see Rotation), and
// says what that changes. Previewing and applying are this one call.
//
// It keeps overrides: a seat whose last change was made by hand (anything but a
// rotation) and that is not what the rotation gives, even if it was cleared. If a person
// would get two roles of a day, because one is an override, or is inactive, the first in
// line who can stands in. Neither moves the line: only rotations and absences move it, so
// a fill gives the same for a day whatever range the day is part of and however often it
// is made. To remove a deactivated person from the line, see Team.WithoutPerson.
//
// A seat that none of its role's rotations covers stays as it is, except that an
// assignment made by a rotation is cleared. If the role has no rotation at all, even that
// stays.
func Fill(in FillInput) FillPlan {
	f := filling{in: in, where: in.People.Where(), edits: roster.EditsOf(in.Days), rotated: map[roster.RoleID]bool{}}
	for _, r := range in.Team.Rotations {
		f.rotated[r.Role] = true
	}
	ended := in.Ended
	if ended == nil {
		ended = func() bool { return false }
	}
	in.Team.Rotate(f.where, in.From, in.To, ended, f.day)
	f.plan.days = f.edits.List()
	return f.plan
}

type filling struct {
	in      FillInput
	where   *roster.Whereabouts
	rotated map[roster.RoleID]bool // the roles that have rotations
	edits   *roster.DayEdits
	plan    FillPlan
}

// day plans one day.
func (f *filling) day(d roster.Date, places []*roster.Place) {
	now := f.in.Days(d)
	roles := f.in.Team.Roles
	will := map[roster.RoleID]roster.PersonID{} // who certainly has a role
	kept := make([]bool, len(roles))
	cleared := make([]bool, len(roles))
	spared := make([]bool, len(roles))
	for i, role := range roles {
		was := now.Assignments[role.ID]
		if spared[i] = f.in.Only != nil && !f.in.Only(roster.Seat{Date: d, Role: role.ID}); spared[i] && was != "" {
			will[role.ID], places[i] = was, nil
			continue
		}
		switch why := f.setBy(now, role.ID); {
		case places[i] == nil:
			cleared[i] = was != "" && why == roster.WhyRotation && f.rotated[role.ID]
			kept[i] = !cleared[i]
		case !f.in.Overwrite:
			kept[i] = byHand(was, why)
		}
		if kept[i] && was != "" {
			will[role.ID] = was
		}
	}
	for i, role := range roles {
		seat := FillSeat{Seat: roster.Seat{Date: d, Role: role.ID}, Was: now.Assignments[role.ID]}
		switch p := places[i]; {
		case p == nil && !cleared[i]:
			continue
		case p == nil:
			seat.Kind = FillCleared
		case kept[i]:
			seat.Rotation, seat.Gives, seat.Will, seat.Kind = p.Rotation.ID, p.Person, seat.Was, FillKept
			if seat.Was == seat.Gives {
				seat.Kind = FillSame
			}
		default:
			seat.Rotation = p.Rotation.ID
			seat.Gives, seat.Why, seat.Others = f.choose(seat.Seat, p, will, places)
			seat.Will = seat.Gives
			switch {
			case seat.Gives == "":
				seat.Kind = FillGap
			case seat.Was == seat.Gives:
				seat.Kind = FillSame
			case seat.Was == "":
				seat.Kind = FillFilled
			default:
				seat.Kind = FillChanged
			}
			if seat.Will != "" {
				will[role.ID] = seat.Will
			}
		}
		if spared[i] {
			continue
		}
		if seat.Was != seat.Will {
			f.edits.Day(d).Assign(role.ID, seat.Will)
		}
		f.plan.Seats = append(f.plan.Seats, seat)
	}
}

// choose gives the person whom the rotation names for the seat. If they cannot be on call,
// it gives the person who stands in, or nobody and the reasons. A person who is meant for
// another role of the day is chosen only if nobody else is left; that role then finds
// someone else.
func (f *filling) choose(seat roster.Seat, p *roster.Place, will map[roster.RoleID]roster.PersonID, places []*roster.Place) (chosen roster.PersonID, why []roster.Hindrance, others int) {
	if p.Person != "" {
		if _, hindered := f.where.Hindrance(f.in.Team, p.Person, seat, will); !hindered {
			return p.Person, nil, 0
		}
	}
	second := roster.PersonID("")
	for person := range p.Line() {
		h, hindered := f.where.Hindrance(f.in.Team, person, seat, will)
		switch {
		case hindered && len(why) < maxHindrances:
			why = append(why, h)
		case hindered:
			others++
		case slices.ContainsFunc(places, func(other *roster.Place) bool { return other != nil && other != p && other.Person == person }):
			if second == "" {
				second = person
			}
		default:
			return person, nil, 0
		}
	}
	if second != "" {
		return second, nil, 0
	}
	return "", why, others
}

func (f *filling) setBy(day roster.Day, role roster.RoleID) roster.Why {
	if day.Revision == "" || f.in.SetBy == nil {
		return ""
	}
	return f.in.SetBy(roster.Seat{Date: day.Date, Role: role})
}

// byHand reports whether a seat is as someone wanted it. An empty seat is what someone
// wanted if they cleared it, other than by undoing a change.
func byHand(was roster.PersonID, why roster.Why) bool {
	switch why {
	case roster.WhyRotation:
		return false
	case "", roster.WhyUndo, roster.WhyLeave:
		return was != ""
	default:
		return true
	}
}

// SetBy turns a history, newest first, into what Fill needs. A change that was undone
// counts as never made: the seat is as the change before left it.
func SetBy(history []roster.Change) func(roster.Seat) roster.Why {
	seats := map[roster.Seat][]roster.Change{}
	for _, c := range history {
		if c.Role != "" {
			s := c.Seat()
			seats[s] = append(seats[s], c)
		}
	}
	return func(s roster.Seat) roster.Why {
		changes := seats[s]
		for len(changes) > 0 && changes[0].Why == roster.WhyUndo {
			// The seat is as it was before the change, if there is one, that moved it away
			// from what it was restored to.
			restored := changes[0].To
			changes = changes[1:]
			for len(changes) > 0 && changes[0].To != restored {
				changes = changes[1:]
			}
		}
		if len(changes) == 0 {
			return ""
		}
		return changes[0].Why
	}
}
