package roster

import "slices"

// place is a role on a day that a rotation covers, with what the rotation gives.
type place struct {
	rotation *Rotation
	person   PersonID   // "": none of its people can be on call
	line     []PersonID // as it stands after the day's turn was given out
}

// rotate follows the team's rotations from their first days on and reports, for each
// day from–to that has time, what they give: one place for each of the team's roles,
// nil where no rotation covers it. It looks at absences and at nothing else, so changes by
// hand never alter its answer for a day.
func (t *Team) rotate(people Names, from, to Date, report func(Date, []*place)) {
	away := func(p PersonID, d Date) bool {
		person := people.get(p)
		if person == nil {
			return false
		}
		_, is := person.AwayOn(d)
		return is
	}
	lines := make([][]*line, len(t.Roles))
	first := to.AddDays(1)
	for i := range t.Rotations {
		r := &t.Rotations[i]
		role := slices.IndexFunc(t.Roles, func(role Role) bool { return role.ID == r.Role })
		if role < 0 || len(r.Versions) == 0 {
			continue
		}
		lines[role] = append(lines[role], &line{rotation: r, away: away})
		if r.Versions[0].From.Before(first) {
			first = r.Versions[0].From
		}
	}
	begin := t.boundary(first)
	for d := first; !to.Before(d); d = d.AddDays(1) {
		end := t.boundary(d.AddDays(1))
		// A day without time is nobody's turn: its holder would lose a turn.
		if begin.Before(end) {
			wanted := !d.Before(from)
			var places []*place
			if wanted {
				places = make([]*place, len(lines))
			}
			var busy []PersonID
			for role := range lines {
				for _, l := range lines[role] {
					person, covered := l.next(d, busy)
					if !covered {
						continue
					}
					if person != "" {
						busy = append(busy, person)
					}
					if wanted {
						places[role] = &place{l.rotation, person, slices.Clone(l.people)}
					}
					break
				}
			}
			if wanted {
				report(d, places)
			}
		}
		begin = end
	}
}

// line is a rotation on its way through the calendar.
type line struct {
	rotation *Rotation
	away     func(PersonID, Date) bool
	versions int        // how many are or were in force
	people   []PersonID // the line, its head first
	holder   PersonID   // of the turn under way; "" if nobody could take it
	left     int        // covered days left of the turn, if it has no hand-over
	until    Date       // the hand-over that ends the turn, if it has one
}

// next moves on to day d and says who is on call then. It is called for each day in
// order. The busy have another role that day.
func (l *line) next(d Date, busy []PersonID) (person PersonID, covered bool) {
	for versions := l.rotation.Versions; l.versions < len(versions) && !d.Before(versions[l.versions].From); l.versions++ {
		l.enter()
	}
	if l.versions == 0 {
		return "", false
	}
	v := &l.rotation.Versions[l.versions-1]
	if !v.covers().Has(d.weekday()) {
		return "", false
	}
	if v.HandOver != 0 && !d.Before(l.until) || v.HandOver == 0 && l.left == 0 {
		l.begin(v, d, busy)
	}
	l.left--
	can := func(p PersonID) bool { return !slices.Contains(busy, p) && !l.away(p, d) }
	if slices.Contains(l.people, l.holder) && can(l.holder) {
		return l.holder, true
	}
	if i := slices.IndexFunc(l.people, can); i >= 0 {
		return l.people[i], true
	}
	return "", true
}

// begin gives out the turn that begins on d. It looks at absences during the turn, but
// not at versions or other roles of later days: those are dated changes, which must not
// reach back.
func (l *line) begin(v *RotationVersion, d Date, busy []PersonID) {
	days := v.turn(d)
	l.left = len(days)
	if v.HandOver != 0 {
		l.until = v.handOver(d)
	}
	chosen, most := -1, 0
	for i, p := range l.people {
		if slices.Contains(busy, p) {
			continue
		}
		there := 0
		for _, day := range days {
			if !l.away(p, day) {
				there++
			}
		}
		if there > most {
			chosen, most = i, there
		}
		if 2*there > len(days) {
			chosen = i
			break
		}
	}
	l.holder = ""
	if chosen >= 0 {
		l.holder = l.people[chosen]
		l.people = append(slices.Delete(l.people, chosen, chosen+1), l.holder)
	}
}

// turn lists the covered days of the turn that begins on the covered day d.
func (v *RotationVersion) turn(d Date) []Date {
	if v.HandOver == 0 && v.DaysPerTurn == 1 {
		return []Date{d}
	}
	var days []Date
	until := v.handOver(d)
	for w := d.weekday(); ; d, w = d.AddDays(1), w%7+1 {
		if v.HandOver != 0 && d == until || v.HandOver == 0 && len(days) == v.DaysPerTurn {
			return days
		}
		if v.Weekdays.Has(w) {
			days = append(days, d)
		}
	}
}

// handOver is when a turn ends that is under way on d and began in the week of d.
func (v *RotationVersion) handOver(d Date) Date {
	if v.HandOver == 0 {
		return Date{}
	}
	days := (int(v.HandOver)-int(d.weekday())+6)%7 + 1 // 1 to 7
	return d.AddDays(days + v.DaysPerTurn - 7)
}

// enter brings the next version into force.
func (l *line) enter() {
	v := &l.rotation.Versions[l.versions]
	if l.versions == 0 {
		l.people = slices.Clone(v.People)
		return
	}
	before := &l.rotation.Versions[l.versions-1]
	if !v.sameTurns(before) {
		l.left, l.until = 0, Date{}
	}
	stays := func(people, others []PersonID) []PersonID {
		return slices.DeleteFunc(slices.Clone(people), func(p PersonID) bool { return !slices.Contains(others, p) })
	}
	l.people = stays(l.people, v.People)
	if len(l.people) == 0 {
		l.people = slices.Clone(v.People)
		l.left, l.until = 0, Date{}
		return
	}
	if !sameCircle(stays(before.People, v.People), stays(v.People, before.People)) {
		l.people = circleFrom(v.People, l.people[0])
		return
	}
	circle := circleFrom(v.People, l.people[0])
	for i, p := range circle[1:] {
		if !slices.Contains(l.people, p) {
			l.people = slices.Insert(l.people, slices.Index(l.people, circle[i])+1, p)
		}
	}
}

// circleFrom is the circle of people, started at one of them.
func circleFrom(people []PersonID, first PersonID) []PersonID {
	at := slices.Index(people, first)
	return slices.Concat(people[at:], people[:at])
}

// sameCircle reports whether two lists of the same people go round in the same order.
func sameCircle(a, b []PersonID) bool {
	return len(a) == 0 || slices.Equal(a, circleFrom(b, a[0]))
}
