package roster

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MaxAbsences is the most absences that are kept of one person.
const MaxAbsences = 200

// Absence is a time in which a person is not on call: whole days of the roster, From
// and To both included. A person who is away from the 24th still ends the shift of the 23rd.
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

// AwayOn gives the absence of the person that contains d, if there is one.
func (p *Person) AwayOn(d Date) (Absence, bool) {
	for _, a := range p.Absences {
		if a.Contains(d) {
			return a, true
		}
	}
	return Absence{}, false
}

// Merge is the result of adding absences.
type Merge struct{ Added, Changed, Same int }

// WithAbsences is a copy of the person with these absences added. One that is read from
// an event replaces what was read from that event before. One of exactly the same days as
// an absence that exists is not added.
func (p *Person) WithAbsences(more []Absence) (changed Person, came Merge) {
	changed = *p
	changed.Absences = slices.Clone(p.Absences)
	for _, a := range more {
		at := slices.IndexFunc(changed.Absences, a.sameEvent)
		if at < 0 {
			at = slices.IndexFunc(changed.Absences, func(b Absence) bool { return a.From == b.From && a.To == b.To })
			if at >= 0 {
				came.Same++
				continue
			}
			changed.Absences = append(changed.Absences, a)
			came.Added++
			continue
		}
		if changed.Absences[at] == a {
			came.Same++
			continue
		}
		changed.Absences[at] = a
		came.Changed++
	}
	return changed, came
}

// WithEvents is a copy of the person whose absences from uploaded calendars are these,
// and those earlier ones that ended before today. What was entered by hand stays.
func (p *Person) WithEvents(events []Absence, today Date) Person {
	kept := *p
	kept.Absences = slices.DeleteFunc(slices.Clone(p.Absences), func(a Absence) bool { return a.Event != "" && !a.To.Before(today) })
	changed, _ := kept.WithAbsences(events)
	return changed
}

func (a Absence) sameEvent(b Absence) bool { return a.Event != "" && a.Event == b.Event }

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
		if len(a.Event) > MaxEvent || strings.IndexFunc(a.Event, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
			errs.Add(field+".event", fmt.Errorf("an event's name is at most %d ASCII characters without spaces", MaxEvent))
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

// Collisions lists who holds a role on a day while away, in order of the days and then
// of the team's roles.
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
