package roster

import (
	"fmt"
	"slices"

	"dailyroster/words/said"
)

// Limits of a team's rotations. A team is one record of the store, so the names in
// all versions are limited together.
const (
	MaxRotations        = 16
	MaxRotationVersions = 100
	MaxRotationPeople   = 100
	MaxRotationNames    = 5000
	MaxDaysPerTurn      = 91 // a quarter
)

// RotationID is a slug that names a rotation within its team.
type RotationID string

// ParseRotationID checks that s is a slug.
func ParseRotationID(s string) (RotationID, error) { return parseSlug[RotationID](s) }

// Rotation is how a role is passed on among people, day by day or in longer turns. A
// role can have several that cover different days: a weekday crew and a weekend crew.
//
// # Rules
//
// The people of a rotation stand in a line. A turn goes to the first in line who can
// take it; that person then goes to the end of the line. Only covered days are part
// of turns, so nobody is passed over for a weekend, and the line is moved by civil
// dates alone, so no change of clocks can move it.
//
// A person who is away when their turn comes keeps their place at the head of the line and
// takes the first turn after they are back. The other rules in use treat someone unfairly:
// if the turn is lost, a person who is away every Friday may never have a turn, and if the
// missed days are owed, a long leave ends in weeks on call. The line owes one turn,
// whatever the length of the leave. So any two people who are always there alternate: over
// any stretch of time, neither has two turns more than the other, whoever else is away.
//
// For a turn of several days "can take it" means to be there for more than half of its
// days; if nobody is, the turn goes to the person who is there for most of them. On a day
// when the turn's holder is away, the first in line who is there stands in, and keeps
// their place.
//
// Nobody has two roles on one day: a person who has the day by the rotation of an earlier
// role of the team is passed over and keeps their place, as if away.
type Rotation struct {
	ID   RotationID `json:"id"`
	Role RoleID     `json:"role"`
	Name string     `json:"name"`
	// Versions are in order of From, each in force until the next. The rotation begins
	// with the first.
	Versions []RotationVersion `json:"versions"`
}

// RotationVersion is what a rotation is from a date on.
//
// A new version changes no day before From and keeps the line: people who stay keep their
// place; those who leave are removed from it; those who join stand behind the person
// listed before them (behind the last, if listed first) and are reached when the line
// comes to them. If those who stay are listed in another order than before, going
// round in a circle, the line is the new list, starting from the first in line of those
// who stay. A turn under way goes on, with others standing in for a holder
// who left, unless Weekdays, DaysPerTurn or HandOver changed or nobody stays: then the
// next covered day begins a new turn.
type RotationVersion struct {
	From     Date     `json:"from"`
	Weekdays Weekdays `json:"weekdays"` // the days that it covers
	// DaysPerTurn counts covered days, if there is no HandOver: 1 is a turn a day.
	DaysPerTurn int `json:"daysPerTurn"`
	// HandOver, if there is one, is the weekday on which calendar weeks begin: a turn is
	// then the covered days of DaysPerTurn/7 such weeks, the first turn of a version
	// what is left of them.
	HandOver Weekday `json:"handOver,omitempty"`
	// People are in the order in which they serve. Without any the rotation rests: it
	// covers no day, and when people come back the line is their list.
	People []PersonID `json:"people"`
}

// sameTurns reports whether both versions have turns of the same days.
func (v *RotationVersion) sameTurns(w *RotationVersion) bool {
	return v.Weekdays == w.Weekdays && v.DaysPerTurn == w.DaysPerTurn && v.HandOver == w.HandOver
}

func (v *RotationVersion) equal(w *RotationVersion) bool {
	return v.From == w.From && v.sameTurns(w) && slices.Equal(v.People, w.People)
}

// covers is the set of days on which the version has someone on call.
func (v *RotationVersion) covers() Weekdays {
	if len(v.People) == 0 {
		return 0
	}
	return v.Weekdays
}

// On is the version in force on d; ok is false before the first.
func (r *Rotation) On(d Date) (v RotationVersion, ok bool) {
	for i := len(r.Versions) - 1; i >= 0; i-- {
		if !d.Before(r.Versions[i].From) {
			return r.Versions[i], true
		}
	}
	return RotationVersion{}, false
}

// With is a copy of the rotation in which v holds from v.From until the next later
// version. It replaces a version that was planned for that date.
func (r Rotation) With(v RotationVersion) Rotation {
	v.People = slices.Clone(v.People)
	versions := []RotationVersion{v}
	for _, old := range r.Versions {
		if old.From != v.From {
			versions = append(versions, old)
		}
	}
	r.Versions = versions
	slices.SortFunc(r.Versions, func(a, b RotationVersion) int { return a.From.Compare(b.From) })
	return r
}

// Join is a copy of the rotation in which the person is a member from the date on, in
// later versions too, listed behind the member after, or last if after is no member.
// Before the first version, a rotation has nobody to join.
func (r Rotation) Join(person, after PersonID, from Date) Rotation {
	return r.change(from, func(people []PersonID) []PersonID {
		if slices.Contains(people, person) {
			return people
		}
		at := slices.Index(people, after) + 1
		if at == 0 {
			at = len(people)
		}
		return slices.Insert(slices.Clone(people), at, person)
	})
}

// Leave is a copy of the rotation in which the person is no member from the date on,
// in later versions too.
func (r Rotation) Leave(person PersonID, from Date) Rotation {
	return r.change(from, func(people []PersonID) []PersonID {
		if !slices.Contains(people, person) {
			return people
		}
		return slices.DeleteFunc(slices.Clone(people), func(p PersonID) bool { return p == person })
	})
}

// change alters who is in the rotation from the date on.
func (r Rotation) change(from Date, people func([]PersonID) []PersonID) Rotation {
	r.Versions = slices.Clone(r.Versions)
	if now, ok := r.On(from); ok {
		if changed := people(now.People); now.From.Before(from) && !slices.Equal(changed, now.People) {
			now.From, now.People = from, changed
			r = r.With(now)
		}
	}
	for i := range r.Versions {
		if v := &r.Versions[i]; !v.From.Before(from) {
			v.People = people(v.People)
		}
	}
	return r
}

// WithoutPerson is a copy of the team in which the person is a member of no rotation from
// the date on, as when they are deactivated. Fill then gives their days to others.
func (t *Team) WithoutPerson(person PersonID, from Date) Team {
	changed := *t
	changed.Rotations = slices.Clone(t.Rotations)
	for i, r := range changed.Rotations {
		changed.Rotations[i] = r.Leave(person, from)
	}
	return changed
}

// RotationOn is the rotation that covers the role on d; ok is false if none does.
func (t *Team) RotationOn(d Date, role RoleID) (r *Rotation, v RotationVersion, ok bool) {
	for i := range t.Rotations {
		if r = &t.Rotations[i]; r.Role != role {
			continue
		}
		if v, ok = r.On(d); ok && v.covers().Has(d.weekday()) {
			return r, v, true
		}
	}
	return nil, RotationVersion{}, false
}

// keepsPastRotations refuses a change to a version from before today. A rotation may
// be new, or go, with all its versions: the days that it filled stay as they are.
func (t *Team) keepsPastRotations(before *Team, today Date) error {
	past := func(r *Rotation) []RotationVersion {
		n := 0
		for n < len(r.Versions) && r.Versions[n].From.Before(today) {
			n++
		}
		return r.Versions[:n]
	}
	for i := range t.Rotations {
		is := &t.Rotations[i]
		was := slices.IndexFunc(before.Rotations, func(r Rotation) bool { return r.ID == is.ID })
		if was < 0 {
			continue
		}
		if !slices.EqualFunc(past(is), past(&before.Rotations[was]), func(a, b RotationVersion) bool { return a.equal(&b) }) {
			return FieldErrors{{
				fmt.Sprintf("rotations.%d.versions", i),
				said.New("a rotation stays as it is before today; a change takes effect on %s or later", today),
			}}
		}
	}
	return nil
}

func (t *Team) validateRotations(errs *FieldErrors) {
	if len(t.Rotations) > MaxRotations {
		errs.Add("rotations", said.New("a team has at most %d rotations, not %d", MaxRotations, len(t.Rotations)))
		return
	}
	before, names := len(*errs), 0
	seen := map[RotationID]bool{}
	for i := range t.Rotations {
		r, field := &t.Rotations[i], fmt.Sprintf("rotations.%d", i)
		if _, err := ParseRotationID(string(r.ID)); err != nil {
			errs.Add(field+".id", err)
		} else if seen[r.ID] {
			errs.Add(field+".id", said.New("the rotation %q is listed twice", r.ID))
		}
		seen[r.ID] = true
		if !t.HasRole(r.Role) {
			errs.Add(field+".role", said.New("the rotation %s fills the role %q, which the team does not have", Clip(r.Name), Clip(string(r.Role))))
		}
		if name, err := ParseName(r.Name); err != nil {
			errs.Add(field+".name", err)
		} else {
			r.Name = name
		}
		r.validateVersions(field, errs)
		for _, v := range r.Versions {
			names += len(v.People)
		}
	}
	if names > MaxRotationNames {
		errs.Add("rotations", said.New("the versions of a team's rotations have at most %d names in all, not %d", MaxRotationNames, names))
	}
	if len(*errs) == before {
		t.validateDisjoint(errs)
	}
}

func (r *Rotation) validateVersions(field string, errs *FieldErrors) {
	if len(r.Versions) == 0 || len(r.Versions) > MaxRotationVersions {
		errs.Add(field+".versions", said.New("a rotation has 1 to %d versions, not %d", MaxRotationVersions, len(r.Versions)))
		return
	}
	for i := range r.Versions {
		v, field := &r.Versions[i], fmt.Sprintf("%s.versions.%d", field, i)
		switch {
		case v.From.IsZero():
			errs.Add(field+".from", said.New("the first day is missing"))
		case i > 0 && !r.Versions[i-1].From.Before(v.From):
			errs.Add(field+".from", said.New("versions are in order of their dates, each date once"))
		}
		if v.Weekdays == 0 || v.Weekdays&^EveryDay != 0 {
			errs.Add(field+".weekdays", said.New("a rotation covers at least one day of the week"))
		}
		switch {
		case v.DaysPerTurn < 1 || v.DaysPerTurn > MaxDaysPerTurn:
			errs.Add(field+".daysPerTurn", said.New("a turn has 1 to %d days", MaxDaysPerTurn))
		case v.HandOver != 0 && v.DaysPerTurn%7 != 0:
			errs.Add(field+".daysPerTurn", said.New("with a hand-over weekday, turns are whole weeks: 7 days, 14 days, …"))
		}
		if v.HandOver > Sunday {
			errs.Add(field+".handOver", said.New("the hand-over is not a day of the week"))
		}
		if v.People == nil {
			v.People = []PersonID{} // a list in JSON, if an empty one
		}
		validateMembers(field+".people", v.People, errs)
	}
}

func validateMembers(field string, people []PersonID, errs *FieldErrors) {
	if len(people) > MaxRotationPeople {
		errs.Add(field, said.New("a rotation has at most %d people, not %d", MaxRotationPeople, len(people)))
		return
	}
	seen := map[PersonID]bool{}
	for _, p := range people {
		if _, err := ParsePersonID(string(p)); err != nil {
			errs.Add(field, err)
			return
		}
		if seen[p] {
			errs.Add(field, said.New("%q is listed twice", p))
			return
		}
		seen[p] = true
	}
}

// validateDisjoint refuses rotations of one role that both cover a day.
func (t *Team) validateDisjoint(errs *FieldErrors) {
	for i := range t.Rotations {
		for j := range i {
			a, b := &t.Rotations[i], &t.Rotations[j]
			if a.Role != b.Role {
				continue
			}
			if at, days := a.overlap(b); days != 0 {
				errs.Add(fmt.Sprintf("rotations.%d.versions.%d.weekdays", i, at), said.New("%s already covers %s for this role", b.Name, days))
			}
		}
	}
}

// overlap finds a version of r during which both rotations cover the same days.
func (r *Rotation) overlap(other *Rotation) (version int, days Weekdays) {
	for i := range r.Versions {
		v := &r.Versions[i]
		for j := range other.Versions {
			w := &other.Versions[j]
			vEnds := i+1 < len(r.Versions) && !w.From.Before(r.Versions[i+1].From)
			wEnds := j+1 < len(other.Versions) && !v.From.Before(other.Versions[j+1].From)
			if both := v.covers() & w.covers(); both != 0 && !vEnds && !wEnds {
				return i, both
			}
		}
	}
	return 0, 0
}
