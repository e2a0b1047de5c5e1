package roster

import "iter"

// Absences are whole days. A role that is on duty from hand-off to hand-off needs its holder on
// the day of the roster alone, and whoever is away from the 24th on still ends the shift of the
// 23rd. A role with hours needs them on the civil days that its hours touch, on the clocks where
// the person lives.

// touched are the civil days on which the holder of a seat has to be there.
func (t *Team) touched(seat Seat, p *Person) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		hours, spans := t.hoursOn(seat.Role, seat.Date)
		if !spans {
			yield(seat.Date)
			return
		}
		home := p.Zone
		if home == (Zone{}) {
			home = t.zoneOf(hours, seat.Date)
		}
		last := Date{}
		for _, on := range t.OnDuty(seat.Role, seat.Date) {
			end := DateOf(on.End.Add(-1).In(home.Location()))
			for d := Later(last, DateOf(on.Start.In(home.Location()))); !end.Before(d); d = d.AddDays(1) {
				if d != last && !yield(d) {
					return
				}
				last = d
			}
		}
	}
}

// zoneOf is the zone in which hours that hold on day d are meant.
func (t *Team) zoneOf(hours Hours, d Date) Zone {
	if hours.Zone != (Zone{}) {
		return hours.Zone
	}
	return t.SettingsOn(d).Zone
}

// isAway reports whether a person, who is away in the spans, is so while a seat needs them.
func (t *Team) isAway(p *Person, away spans, seat Seat) bool {
	if len(away) == 0 {
		return false
	}
	if len(t.HoursOf(seat.Role)) == 0 { // nearly always
		return away.have(seat.Date.number())
	}
	for d := range t.touched(seat, p) {
		if away.have(d.number()) {
			return true
		}
	}
	return false
}

// absenceIn is the absence for which the person is away while a seat needs them.
func (t *Team) absenceIn(p *Person, seat Seat) (Absence, bool) {
	for d := range t.touched(seat, p) {
		if a, away := p.AwayOn(d); away {
			return a, true
		}
	}
	return Absence{}, false
}

// awayFrom are the days of the roster on which somebody who is away in the spans cannot hold
// the role.
func (t *Team) awayFrom(role RoleID, p *Person, away spans) spans {
	if len(away) == 0 || p == nil || len(t.HoursOf(role)) == 0 {
		return away
	}
	var days spans
	for i, s := range away {
		cannot := func(n dayNumber) bool { return t.isAway(p, away[i:i+1], Seat{n.date(), role}) }
		// Hours reach into two days before and after theirs at most; within an absence every
		// day is one.
		from, to := s.from, s.to
		for n := s.from - HoursReach; n < s.from; n++ {
			if cannot(n) {
				from = n
				break
			}
		}
		for from <= to && from < s.from+HoursReach && !cannot(from) {
			from++
		}
		for n := s.to + HoursReach; n > s.to; n-- {
			if cannot(n) {
				to = n
				break
			}
		}
		for to >= from && to > s.to-HoursReach && !cannot(to) {
			to--
		}
		if from <= to {
			days = append(days, span{from, to})
		}
	}
	return days.apart()
}
