package roster

import (
	"errors"
	"fmt"
	"slices"
)

// MaxAbsences is the most absences that are kept of one person.
const MaxAbsences = 200

// Absence is a time in which a person is not on call: whole days of the roster, From
// and To both included. Who is away from the 24th on still ends the shift of the 23rd.
type Absence struct {
	From Date   `json:"from"`
	To   Date   `json:"to"`
	Note string `json:"note,omitempty"`
}

// Contains reports whether d is a day of the absence.
func (a Absence) Contains(d Date) bool { return !d.Before(a.From) && !a.To.Before(d) }

// AwayOn gives the absence of the person that contains d, if there is one.
func (p *Person) AwayOn(d Date) (Absence, bool) {
	for _, a := range p.Absences {
		if a.Contains(d) {
			return a, true
		}
	}
	return Absence{}, false
}

// validateAbsences tidies the notes in place and puts the absences in order.
func (p *Person) validateAbsences(errs *FieldErrors) {
	if len(p.Absences) > MaxAbsences {
		errs.Add("absences", fmt.Errorf("a person has at most %d absences, not %d", MaxAbsences, len(p.Absences)))
		return
	}
	before := len(*errs)
	for i := range p.Absences {
		a, field := &p.Absences[i], fmt.Sprintf("absences.%d", i)
		switch {
		case a.From.IsZero():
			errs.Add(field+".from", errors.New("the first day is missing"))
		case a.To.IsZero():
			errs.Add(field+".to", errors.New("the last day is missing"))
		case a.To.Before(a.From):
			errs.Add(field+".to", errors.New("the last day is before the first"))
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
func Collisions(team *Team, people []Person, days []Day) []Collision {
	known := byID(people)
	var found []Collision
	for _, d := range days {
		for _, r := range team.Roles {
			p := known[d.Assignments[r.ID]]
			if p == nil {
				continue
			}
			if a, away := p.AwayOn(d.Date); away {
				found = append(found, Collision{Seat{d.Date, r.ID}, p.ID, a})
			}
		}
	}
	return found
}

// byID finds people by their ids; nil is nobody known.
func byID(people []Person) map[PersonID]*Person {
	m := make(map[PersonID]*Person, len(people))
	for i := range people {
		m[people[i].ID] = &people[i]
	}
	return m
}
