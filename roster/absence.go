package roster

import (
	"fmt"
	"slices"
	"strings"

	"dailyroster/words/said"
)

// MaxAbsences is the most absences that are kept of one person.
const MaxAbsences = 200

// Absence is a time in which a person is not on call: whole days of the roster, From
// and To both included. Who is away from the 24th on still ends the shift of the 23rd.
type Absence struct {
	From Date   `json:"from"`
	To   Date   `json:"to"`
	Note string `json:"note,omitempty"`
	// Event names the event of an uploaded calendar that the absence was read from: the
	// same event read again is the same absence. "" was entered by hand.
	Event string `json:"event,omitempty"`
}

// MaxEvent is the most bytes in the name of an absence's event.
const MaxEvent = 64

// Contains reports whether d is a day of the absence.
func (a Absence) Contains(d Date) bool { return !d.Before(a.From) && !a.To.Before(d) }

// Meets reports whether a day from–to, both included, is one of the absence.
func (a Absence) Meets(from, to Date) bool { return !a.To.Before(from) && !to.Before(a.From) }

// AwayOn gives the absence of the person that contains d, if there is one.
func (p *Person) AwayOn(d Date) (Absence, bool) {
	for _, a := range p.Absences {
		if a.Contains(d) {
			return a, true
		}
	}
	return Absence{}, false
}

// Merge is what came of taking absences in.
type Merge struct{ Added, Changed, Same int }

// Absences are absences that are found by their event or their days. Finding one takes as
// long however many they are.
type Absences struct {
	list    []Absence
	byEvent map[string]int  // its place in the list
	byDays  map[Absence]int // how many are of these days
}

// AbsencesOf are the absences of a list, of which it makes a copy.
func AbsencesOf(list []Absence) *Absences {
	all := &Absences{slices.Clone(list), make(map[string]int, len(list)), make(map[Absence]int, len(list))}
	for i, a := range list {
		if _, twice := all.byEvent[a.Event]; a.Event != "" && !twice {
			all.byEvent[a.Event] = i
		}
		all.byDays[a.days()]++
	}
	return all
}

// Take takes an absence in, and gives what came of it. One that is read from an event takes
// the place of what was read from it before; one of days that are an absence of their own
// already is there.
func (all *Absences) Take(a Absence) Merge {
	at, known := all.byEvent[a.Event]
	switch {
	case known && all.list[at] != a:
		all.byDays[all.list[at].days()]--
		all.byDays[a.days()]++
		all.list[at] = a
		return Merge{Changed: 1}
	case known || all.byDays[a.days()] > 0:
		return Merge{Same: 1}
	}
	if a.Event != "" {
		all.byEvent[a.Event] = len(all.list)
	}
	all.byDays[a.days()]++
	all.list = append(all.list, a)
	return Merge{Added: 1}
}

// days are the days of an absence alone.
func (a Absence) days() Absence { return Absence{From: a.From, To: a.To} }

// WithAbsences is a copy of the person who keeps the absences too, and what came of them.
// With more than a person may keep it ends: Validate refuses the copy.
func (p *Person) WithAbsences(more []Absence) (changed Person, came Merge) {
	all := AbsencesOf(p.Absences)
	for _, a := range more {
		if len(all.list) > MaxAbsences {
			break
		}
		one := all.Take(a)
		came.Added, came.Changed, came.Same = came.Added+one.Added, came.Changed+one.Changed, came.Same+one.Same
	}
	changed = *p
	changed.Absences = all.list
	return changed, came
}

// WithEvents is a copy of the person whose absences from uploaded calendars are these
// and, of the earlier ones, those that ended before today. What was entered by hand
// stays.
func (p *Person) WithEvents(events []Absence, today Date) Person {
	kept := *p
	kept.Absences = slices.DeleteFunc(slices.Clone(p.Absences), func(a Absence) bool { return a.Event != "" && !a.To.Before(today) })
	changed, _ := kept.WithAbsences(events)
	return changed
}

// validateAbsences tidies the notes in place and puts the absences in order.
func (p *Person) validateAbsences(errs *FieldErrors) {
	if len(p.Absences) > MaxAbsences {
		errs.Add("absences", said.New("a person has at most %d absences; this would be more", MaxAbsences))
		return
	}
	before := len(*errs)
	for i := range p.Absences {
		a, field := &p.Absences[i], fmt.Sprintf("absences.%d", i)
		switch {
		case a.From.IsZero():
			errs.Add(field+".from", said.New("the first day is missing"))
		case a.To.IsZero():
			errs.Add(field+".to", said.New("the last day is missing"))
		case a.To.Before(a.From):
			errs.Add(field+".to", said.New("the last day is before the first"))
		}
		if len(a.Event) > MaxEvent || strings.IndexFunc(a.Event, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
			errs.Add(field+".event", said.New("an event's name has at most %d ASCII characters, without spaces", MaxEvent))
		}
		if note, err := ParseNote(a.Note); err != nil {
			errs.Add(field+".note", err)
		} else {
			a.Note = note
		}
	}
	if len(*errs) == before {
		slices.SortStableFunc(p.Absences, func(a, b Absence) int { return a.From.Compare(b.From) })
	}
}

// Collision is a day on which someone holds a role and is away.
type Collision struct {
	Seat
	Person  PersonID
	Absence Absence
}

// Collisions lists who is away on a day of theirs, in order of the days and then of
// the team's roles.
func Collisions(team *Team, where *Whereabouts, days []Day) []Collision {
	var found []Collision
	for _, d := range days {
		for _, r := range team.Roles {
			p, seat := where.person(d.Assignments[r.ID]), Seat{d.Date, r.ID}
			if p == nil || !team.isAway(p, where.spans(p.ID), seat) {
				continue
			}
			if a, away := team.absenceIn(p, seat); away {
				found = append(found, Collision{seat, p.ID, a})
			}
		}
	}
	return found
}
