package planning

import (
	"slices"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Substitute is someone who can be on call instead of another.
type Substitute struct {
	Person roster.PersonID
	// Served is their last day on call before the seat's day, with any role, and Next
	// their first one after it; the zero Date is none among the days looked at.
	Served, Next roster.Date
	// Member: they belong to a rotation of the role.
	Member bool
}

// Substitution is who can be on call on a seat instead of who is there.
type Substitution struct {
	roster.Seat
	Best []Substitute       // the best first; empty if nobody can
	Why  []roster.Hindrance // of the rotation's people who cannot
}

// Substitutes ranks who can have the seat instead of its holder. The person who has not
// served for longest, with any role, comes first; of equals, the one whose next day is
// latest; then they come as the rotation lists them, and people by id. Candidates are the
// people of the rotation that covers the seat or, if none does or none of them can,
// everyone who is active. days are the days around the seat's; a quarter before and after
// is enough.
func Substitutes(team *roster.Team, where *roster.Whereabouts, seat roster.Seat, days []roster.Day) Substitution {
	out := Substitution{Seat: seat}
	day := roster.Day{Date: seat.Date}
	served, next := map[roster.PersonID]roster.Date{}, map[roster.PersonID]roster.Date{}
	for _, d := range days {
		if d.Date == seat.Date {
			day = d
		}
		for _, p := range d.Assignments {
			if d.Date.Before(seat.Date) && served[p].Before(d.Date) {
				served[p] = d.Date
			}
			if seat.Date.Before(d.Date) && (next[p].IsZero() || d.Date.Before(next[p])) {
				next[p] = d.Date
			}
		}
	}
	holder := day.Assignments[seat.Role]
	ask := func(id roster.PersonID, member bool) {
		if id == holder {
			return
		}
		if h, hindered := where.Hindrance(team, id, seat, day.Assignments); hindered {
			if member {
				out.Why = append(out.Why, h)
			}
			return
		}
		out.Best = append(out.Best, Substitute{id, served[id], next[id], member})
	}
	if _, v, covered := team.RotationOn(seat.Date, seat.Role); covered {
		for _, id := range v.People {
			ask(id, true)
		}
	}
	if len(out.Best) == 0 {
		for _, id := range where.IDs() {
			ask(id, false)
		}
	}
	slices.SortStableFunc(out.Best, func(a, b Substitute) int {
		if c := a.Served.Compare(b.Served); c != 0 {
			return c
		}
		switch {
		case a.Next == b.Next:
			return 0
		case a.Next.IsZero():
			return -1
		case b.Next.IsZero():
			return 1
		}
		return b.Next.Compare(a.Next)
	})
	return out
}

// Text explains the best substitute, or that there is none, in sentences.
func (s Substitution) Text(name func(roster.PersonID) string) error {
	day := said.Date{Dated: s.Date, Layout: "Mon 2 Jan"}
	if len(s.Best) == 0 {
		return said.Whole("Nobody is free on %s.", day)
	}
	best, others := s.Best[0], len(s.Best)-1
	served := said.Date{Dated: best.Served, Layout: "Mon 2 Jan"}
	switch who := name(best.Person); {
	case best.Served.IsZero():
		return said.Whole("%s is free on %s and was not on call recently.", who, day)
	case others == 0:
		return said.Whole("%s is free on %s and was last on call on %s; nobody else is free.", who, day, served)
	case others == 1:
		return said.Whole("%s is free on %s and was last on call on %s, longer ago than the one other person who is free.", who, day, served)
	default:
		return said.Whole("%s is free on %s and was last on call on %s, longer ago than the %d other people who are free.", who, day, served, others)
	}
}
