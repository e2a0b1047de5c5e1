package roster

import "slices"

// RotationsOf are the rotations in which the person is a member on the date or later.
func (t *Team) RotationsOf(person PersonID, from Date) []Rotation {
	var found []Rotation
	for _, r := range t.Rotations {
		v, ok := r.On(from)
		in := ok && slices.Contains(v.People, person)
		for _, v := range r.Versions {
			in = in || !v.From.Before(from) && slices.Contains(v.People, person)
		}
		if in {
			found = append(found, r)
		}
	}
	return found
}

// WithPersonBack is the inverse of WithoutPerson: a copy of the team in which the person
// is a member again, from the date on, of the rotations that they left on the day left,
// at the same place. is says whether there are any.
func (t *Team) WithPersonBack(person PersonID, left, date Date) (_ Team, is bool) {
	changed := *t
	changed.Rotations = slices.Clone(t.Rotations)
	for i, r := range changed.Rotations {
		before, ok := r.On(left.AddDays(-1))
		at := slices.Index(before.People, person)
		if !ok || at < 0 {
			continue
		}
		if v, _ := r.On(left); v.From != left || slices.Contains(v.People, person) {
			continue
		}
		n := len(before.People)
		changed.Rotations[i] = r.Join(person, before.People[(at+n-1)%n], date)
		is = true
	}
	return changed, is
}
