package roster

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What follows is how rotations were followed at first: each day by its dates, each absence
// looked at for each of them. It took 43 s for eight rotations from 1970 on; it is what
// rotate is held to.

// walkedPlace is a role on a day that a rotation covers, with what the rotation gives.
type walkedPlace struct {
	rotation *Rotation
	person   PersonID   // "": none of its people can be on call
	line     []PersonID // as it stands after the day's turn was given out
}

// walk follows the team's rotations from their first days on and reports, for each
// day from–to that has time, what they give: one place for each of the team's roles,
// nil where no rotation covers it. It looks at absences and at nothing else, so changes by
// hand never alter its answer for a day.
func (t *Team) walk(people map[PersonID]*Person, from, to Date, report func(Date, []*walkedPlace)) {
	away := func(p PersonID, d Date) bool {
		person := people[p]
		if person == nil {
			return false
		}
		_, is := person.AwayOn(d)
		return is
	}
	lines := make([][]*walkedLine, len(t.Roles))
	first := to.AddDays(1)
	for i := range t.Rotations {
		r := &t.Rotations[i]
		role := slices.IndexFunc(t.Roles, func(role Role) bool { return role.ID == r.Role })
		if role < 0 || len(r.Versions) == 0 {
			continue
		}
		lines[role] = append(lines[role], &walkedLine{rotation: r, away: away})
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
			var places []*walkedPlace
			if wanted {
				places = make([]*walkedPlace, len(lines))
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
						places[role] = &walkedPlace{l.rotation, person, slices.Clone(l.people)}
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

// walkedLine is a rotation on its way through the calendar.
type walkedLine struct {
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
func (l *walkedLine) next(d Date, busy []PersonID) (person PersonID, covered bool) {
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
func (l *walkedLine) begin(v *RotationVersion, d Date, busy []PersonID) {
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
func (l *walkedLine) enter() {
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
	if !sameWalkedCircle(stays(before.People, v.People), stays(v.People, before.People)) {
		l.people = walkedCircle(v.People, l.people[0])
		return
	}
	circle := walkedCircle(v.People, l.people[0])
	for i, p := range circle[1:] {
		if !slices.Contains(l.people, p) {
			l.people = slices.Insert(l.people, slices.Index(l.people, circle[i])+1, p)
		}
	}
}

// walkedCircle is the circle of people, started at one of them.
func walkedCircle(people []PersonID, first PersonID) []PersonID {
	at := slices.Index(people, first)
	return slices.Concat(people[at:], people[:at])
}

// sameWalkedCircle reports whether two lists of the same people go round in the same order.
func sameWalkedCircle(a, b []PersonID) bool {
	return len(a) == 0 || slices.Equal(a, walkedCircle(b, a[0]))
}

// drawRotations makes a team whose rotations have people in common, hand-overs and versions,
// and people who are often away, some of them always.
func drawRotations(t *rapid.T) (*Team, []Person, Date) {
	first := Date{2026, 11, 23}.AddDays(rapid.IntRange(-400, 400).Draw(t, "first"))
	zone, err := ParseZone(rapid.SampledFrom([]string{"Europe/Berlin", "Pacific/Apia", "UTC"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	if zone.String() == "Pacific/Apia" {
		first = Date{2011, 12, 1} // which had no 30 December
	}
	var people []Person
	for i := range rapid.IntRange(1, 9).Draw(t, "people") {
		p := Person{ID: PersonID(fmt.Sprint("p", i)), Active: true}
		for range rapid.SampledFrom([]int{0, 1, 4, 30}).Draw(t, "absences") {
			from := first.AddDays(rapid.IntRange(-30, 500).Draw(t, "from"))
			p.Absences = append(p.Absences, Absence{From: from, To: from.AddDays(rapid.SampledFrom([]int{0, 1, 3, 20, 300}).Draw(t, "days"))})
		}
		people = append(people, p)
	}
	team := &Team{ID: "ops", Settings: []Settings{{Zone: zone, HandOff: DefaultHandOff}}}
	for i := range rapid.IntRange(1, 4).Draw(t, "rotations") {
		role := RoleID(fmt.Sprint("role", i))
		team.Roles = append(team.Roles, Role{ID: role})
		r := Rotation{ID: RotationID(role), Role: role}
		from := first.AddDays(rapid.IntRange(0, 40).Draw(t, "begins"))
		for range rapid.IntRange(1, 4).Draw(t, "versions") {
			v := RotationVersion{From: from, Weekdays: Weekdays(rapid.IntRange(1, int(EveryDay)).Draw(t, "weekdays")), DaysPerTurn: rapid.IntRange(1, 9).Draw(t, "turn")}
			if rapid.Bool().Draw(t, "hand-over") {
				v.HandOver, v.DaysPerTurn = Weekday(rapid.IntRange(1, 7).Draw(t, "on")), 7*rapid.IntRange(1, 3).Draw(t, "weeks")
			}
			ids := []PersonID{"unknown"}
			for _, p := range people {
				ids = append(ids, p.ID)
			}
			v.People = rapid.Permutation(ids).Draw(t, "order")[:rapid.IntRange(0, len(ids)).Draw(t, "members")]
			r.Versions = append(r.Versions, v)
			from = from.AddDays(rapid.IntRange(1, 120).Draw(t, "lasts"))
		}
		team.Rotations = append(team.Rotations, r)
	}
	return team, people, first
}

func TestRotateIsTheWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawRotations(t)
		from := first.AddDays(rapid.IntRange(-10, 300).Draw(t, "shown from"))
		to := from.AddDays(rapid.IntRange(0, 200).Draw(t, "shown for"))
		var want, got []string
		byID := map[PersonID]*Person{}
		for i := range people {
			byID[people[i].ID] = &people[i]
		}
		team.walk(byID, from, to, func(d Date, places []*walkedPlace) {
			for role, p := range places {
				if p != nil {
					want = append(want, fmt.Sprint(d, role, p.rotation.ID, p.person, p.line))
				}
			}
		})
		team.Rotate(WhereaboutsOf(people), from, to, func() bool { return false }, func(d Date, places []*Place) {
			for role, p := range places {
				if p == nil {
					continue
				}
				got = append(got, fmt.Sprint(d, role, p.Rotation.ID, p.Person, slices.Collect(p.Line())))
			}
		})
		if at := slices.IndexFunc(want, func(s string) bool { return !slices.Contains(got, s) }); at >= 0 || len(got) != len(want) {
			t.Fatalf("got %d places, want %d; the first that is missing is %q", len(got), len(want), want[max(at, 0)])
		}
	})
}
