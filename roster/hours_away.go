package roster

// Absences are whole days. A role that is on duty from hand-off to hand-off needs its holder on
// the day of the roster alone, and whoever is away from the 24th on still ends the shift of the
// 23rd. A role with hours needs them on the civil days that its hours touch, on the clocks where
// the person lives.

// reach is the time from the first hours of a role that begin on day d to the end of the last;
// has says whether the role has hours then at all. Hours of one day begin within a day, so what
// lies between them leaves no civil day out.
func (t *Team) reach(role RoleID, d Date) (whole Shift, has bool) {
	hours, has := t.hoursOn(role, d)
	if !has {
		return whole, false
	}
	from, to := ClockTime(minutesOfDay), 0
	for _, s := range hours.Spans {
		if s.Days.Has(d.weekday()) {
			from, to = min(from, s.From), max(to, int(s.From)+s.minutes())
		}
	}
	if to == 0 {
		return whole, true
	}
	zone := t.zoneOf(hours, d)
	return Shift{zone.Instant(d, from), zone.Instant(d.AddDays(to/minutesOfDay), ClockTime(to%minutesOfDay))}, true
}

// zoneOf is the zone in which hours that hold on day d are meant.
func (t *Team) zoneOf(hours Hours, d Date) Zone {
	if hours.Zone != (Zone{}) {
		return hours.Zone
	}
	return t.SettingsOn(d).Zone
}

// needs finds out on which days of their life the holders of a role have to be there.
type needs struct {
	team *Team
	role RoleID
	// known are the reaches that were asked for; nil keeps none.
	known map[dayNumber]Shift
}

// days are those for day n of the roster, where the person lives; an end before the beginning
// is none.
func (w *needs) days(n dayNumber, p *Person) (from, to dayNumber) {
	d := n.date()
	hours, has := w.team.hoursOn(w.role, d)
	if !has {
		return n, n
	}
	whole, known := w.known[n]
	if !known {
		whole, _ = w.team.reach(w.role, d)
		if w.known != nil {
			w.known[n] = whole
		}
	}
	if whole.IsEmpty() {
		return n, n - 1
	}
	home := p.Zone
	if home == (Zone{}) {
		home = w.team.zoneOf(hours, d)
	}
	return DateOf(whole.Start.In(home.loc)).number(), DateOf(whole.End.Add(-1).In(home.loc)).number()
}

// clash reports whether a person who is away in the spans is so while day n needs them.
func (w *needs) clash(n dayNumber, p *Person, away spans) bool {
	from, to := w.days(n, p)
	away = away.from(from)
	return len(away) > 0 && away[0].from <= to
}

// isAway reports whether a person, who is away in the spans, is so while a seat needs them.
func (t *Team) isAway(p *Person, away spans, seat Seat) bool {
	if len(away) == 0 {
		return false
	}
	if len(t.HoursOf(seat.Role)) == 0 { // nearly always
		return away.have(seat.Date.number())
	}
	return (&needs{team: t, role: seat.Role}).clash(seat.Date.number(), p, away)
}

// absenceIn is the absence for which the person is away while a seat needs them.
func (t *Team) absenceIn(p *Person, seat Seat) (Absence, bool) {
	from, to := (&needs{team: t, role: seat.Role}).days(seat.Date.number(), p)
	for n := from; n <= to; n++ {
		if a, away := p.AwayOn(n.date()); away {
			return a, true
		}
	}
	return Absence{}, false
}

// of are the days of the roster on which somebody who is away in the spans cannot hold the role.
func (w *needs) of(p *Person, away spans) spans {
	if p == nil {
		return away
	}
	var days spans
	for i, s := range away {
		cannot := func(n dayNumber) bool { return w.clash(n, p, away[i:i+1]) }
		// Hours reach into few days before and after theirs; within an absence every day is one.
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
