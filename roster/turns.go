package roster

import (
	"iter"
	"slices"
)

// Place is a role on a day that a rotation covers, with what the rotation gives.
type Place struct {
	Rotation *Rotation
	Person   PersonID // "": none of its people can be on call
	line     *line    // as it stands after the day's turn was given out, until the next day
}

// Line are the people of the rotation, whose turn comes first first, as they stand after the
// day's turn was given out. It may only be asked while the day is reported.
func (p *Place) Line() iter.Seq[PersonID] {
	return func(yield func(PersonID) bool) {
		for _, n := range p.line.people {
			if !yield(p.line.members.id(n)) {
				return
			}
		}
	}
}

// askEvery is after how many days of a walk somebody is asked whether it is to go on.
const askEvery = 512

// Rotate follows the team's rotations from their first days on and reports, for each
// day from–to that has time, what they give: one place for each of the team's roles,
// nil where no rotation covers it or the role is off duty all day. It looks at absences and at nothing else, so changes by
// hand never alter its answer for a day.
//
// Who is away when decides who is next, so each day since the first is looked at. But a day
// takes some hundred nanoseconds: where nobody is away it is one comparison for each
// rotation, and an absence is looked at once for each turn that it is part of.
//
// ended is asked now and then; once it says so, the walk stops.
func (t *Team) Rotate(where *Whereabouts, from, to Date, ended func() bool, report func(Date, []*Place)) {
	lines := make([][]*line, len(t.Roles))
	first := to.AddDays(1)
	numbers := &numbering{number: map[PersonID]member{}}
	wholeDays := &members{numbering: numbers, away: where.spans}
	for i := range t.Rotations {
		r := &t.Rotations[i]
		role := slices.IndexFunc(t.Roles, func(role Role) bool { return role.ID == r.Role })
		if role < 0 || len(r.Versions) == 0 {
			continue
		}
		members := wholeDays
		if len(t.HoursOf(r.Role)) > 0 {
			members = membersWithHours(t, r.Role, where, numbers)
		}
		lines[role] = append(lines[role], &line{rotation: r, members: members, holder: nobody})
		if r.Versions[0].From.Before(first) {
			first = r.Versions[0].From
		}
	}
	begin := t.boundary(first)
	n, start := first.number(), from.number()
	var busy []member
	for d := first; !to.Before(d); d, n = d.AddDays(1), n+1 {
		if n%askEvery == 0 && ended() {
			return
		}
		end := t.boundary(d.AddDays(1))
		// A day without time is nobody's turn: its holder would lose a turn.
		if begin.Before(end) {
			var places []*Place
			if n >= start {
				places = make([]*Place, len(lines))
			}
			busy = busy[:0]
			for role := range lines {
				if len(lines[role]) == 0 || t.offDuty(t.Roles[role].ID, d) {
					continue
				}
				for _, l := range lines[role] {
					person, covered := l.next(d, n, busy)
					if !covered {
						continue
					}
					if person != nobody {
						busy = append(busy, person)
					}
					if places != nil {
						places[role] = &Place{l.rotation, numbers.id(person), l}
					}
					break
				}
			}
			if places != nil {
				report(d, places)
			}
		}
		begin = end
	}
}

// member is a person of a rotation, by a number that is theirs during a walk.
type member int

const nobody member = -1

// numbering gives people numbers.
type numbering struct {
	known  []PersonID
	number map[PersonID]member
}

func (p *numbering) of(id PersonID) member {
	n, known := p.number[id]
	if !known {
		n = member(len(p.known))
		p.number[id], p.known = n, append(p.known, id)
	}
	return n
}

func (p *numbering) id(n member) PersonID {
	if n == nobody {
		return ""
	}
	return p.known[n]
}

// members are the people of the rotations that are walked, with the days on which they cannot
// hold a role.
type members struct {
	*numbering
	away  func(PersonID) spans
	ahead []spans // of each by number, those that are not over
	now   []span  // of each, the first of these; the zero span of somebody not asked about
	asked []bool
}

// membersWithHours are the people of the rotations of a role that has hours.
func membersWithHours(t *Team, role RoleID, where *Whereabouts, numbers *numbering) *members {
	needs := &needs{t, role, map[dayNumber]Shift{}}
	return &members{numbering: numbers, away: func(id PersonID) spans { return needs.of(where.person(id), where.spans(id)) }}
}

// of are the numbers of people.
func (m *members) of(people []PersonID) []member {
	numbers := make([]member, len(people))
	for i, id := range people {
		n := m.numbering.of(id)
		if more := int(n) + 1 - len(m.asked); more > 0 {
			m.ahead, m.now, m.asked = append(m.ahead, make([]spans, more)...), append(m.now, make([]span, more)...), append(m.asked, make([]bool, more)...)
		}
		if !m.asked[n] {
			m.asked[n], m.ahead[n] = true, m.away(id)
			m.now[n] = m.ahead[n].first()
		}
		numbers[i] = n
	}
	return numbers
}

// next is the absence of a person that is under way on the day or follows it. Days are
// asked about in order.
func (m *members) next(n member, day dayNumber) span {
	if m.now[n].to < day {
		m.ahead[n] = m.ahead[n].from(day)
		m.now[n] = m.ahead[n].first()
	}
	return m.now[n]
}

func (m *members) isAway(n member, day dayNumber) bool { return m.next(n, day).from <= day }

// there is on how many of the covered days of a turn, from begin to before end, a person is
// there.
func (m *members) there(n member, v *RotationVersion, covered int, begin, end dayNumber) int {
	switch s := m.next(n, begin); {
	case s.from >= end:
		return covered
	case s.from <= begin && s.to >= end-1:
		return 0
	}
	return covered - m.ahead[n].covered(v.Weekdays, begin, end)
}

// line is a rotation on its way through the calendar.
type line struct {
	rotation *Rotation
	members  *members
	versions int       // how many are or were in force
	people   []member  // the line, its head first
	holder   member    // of the turn under way; nobody if nobody could take it
	left     int       // covered days left of the turn, if it has no hand-over
	until    dayNumber // the hand-over that ends the turn, if it has one
}

// next moves on to day d, the n-th, and says who is on call then. It is called for each day
// in order. The busy have another role that day.
func (l *line) next(d Date, n dayNumber, busy []member) (person member, covered bool) {
	for versions := l.rotation.Versions; l.versions < len(versions) && !d.Before(versions[l.versions].From); l.versions++ {
		l.enter()
	}
	if l.versions == 0 {
		return nobody, false
	}
	v := &l.rotation.Versions[l.versions-1]
	if !v.covers().Has(n.weekday()) {
		return nobody, false
	}
	if v.HandOver != 0 && n >= l.until || v.HandOver == 0 && l.left == 0 {
		l.begin(v, n, busy)
	}
	l.left--
	can := func(p member) bool { return !slices.Contains(busy, p) && !l.members.isAway(p, n) }
	if slices.Contains(l.people, l.holder) && can(l.holder) {
		return l.holder, true
	}
	if i := slices.IndexFunc(l.people, can); i >= 0 {
		return l.people[i], true
	}
	return nobody, true
}

// begin gives out the turn that begins on the covered day. It looks at absences during the
// turn, but not at versions or other roles of later days: those are dated changes, which
// must not reach back.
func (l *line) begin(v *RotationVersion, day dayNumber, busy []member) {
	end := v.turnEnd(day)
	days := v.Weekdays.until(day, end)
	l.left = days
	if v.HandOver != 0 {
		l.until = end
	}
	chosen, most := -1, 0
	for i, p := range l.people {
		if slices.Contains(busy, p) {
			continue
		}
		there := l.members.there(p, v, days, day, end)
		if there > most {
			chosen, most = i, there
		}
		if 2*there > days {
			chosen = i
			break
		}
	}
	l.holder = nobody
	if chosen >= 0 {
		l.holder = l.people[chosen]
		l.people = append(slices.Delete(l.people, chosen, chosen+1), l.holder)
	}
}

// turnEnd is the day before which a turn ends that begins on the covered day: a hand-over,
// or after its number of covered days.
func (v *RotationVersion) turnEnd(day dayNumber) dayNumber {
	if v.HandOver == 0 {
		return v.Weekdays.after(day, v.DaysPerTurn)
	}
	days := (int(v.HandOver)-int(day.weekday())+6)%7 + 1 // 1 to 7
	return day + dayNumber(days+v.DaysPerTurn-7)
}

// enter brings the next version into force.
func (l *line) enter() {
	v := &l.rotation.Versions[l.versions]
	now := l.members.of(v.People)
	if l.versions == 0 {
		l.people = now
		return
	}
	before := &l.rotation.Versions[l.versions-1]
	if !v.sameTurns(before) {
		l.left, l.until = 0, 0
	}
	was := l.members.of(before.People)
	l.people = among(l.people, now)
	if len(l.people) == 0 {
		l.people = now
		l.left, l.until = 0, 0
		return
	}
	if !sameCircle(among(was, now), among(now, was)) {
		l.people = circleFrom(now, l.people[0])
		return
	}
	circle := circleFrom(now, l.people[0])
	for i, p := range circle[1:] {
		if !slices.Contains(l.people, p) {
			l.people = slices.Insert(l.people, slices.Index(l.people, circle[i])+1, p)
		}
	}
}

// among are those of the people who are among the others.
func among(people, others []member) []member {
	return slices.DeleteFunc(slices.Clone(people), func(p member) bool { return !slices.Contains(others, p) })
}

// circleFrom is the circle of people, started at one of them.
func circleFrom(people []member, first member) []member {
	at := slices.Index(people, first)
	return slices.Concat(people[at:], people[:at])
}

// sameCircle reports whether two lists of the same people go round in the same order.
func sameCircle(a, b []member) bool {
	return len(a) == 0 || slices.Equal(a, circleFrom(b, a[0]))
}

// TakingTurns are the people of the rotations that hold on some day of from–to, of one
// role or, with "", of all: who would be expected to have served.
func (t *Team) TakingTurns(role RoleID, from, to Date) []PersonID {
	var people []PersonID
	for _, r := range t.Rotations {
		if role != "" && r.Role != role {
			continue
		}
		for i, v := range r.Versions {
			over := i+1 < len(r.Versions) && !from.Before(r.Versions[i+1].From)
			if !over && !to.Before(v.From) {
				people = append(people, v.People...)
			}
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}
