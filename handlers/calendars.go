package handlers

import (
	"dailyroster/intake/ical"
	"dailyroster/roster"
)

// AbsencesIn reads a calendar as the person's. What is no calendar is an *ical.SyntaxError.
func (s *Server) AbsencesIn(p *roster.Person, file []byte) (ical.Reading[roster.Absence], error) {
	return ical.Absences(file, p.Zone, s.Zone, s.personToday(p))
}

// HolidaysIn reads a calendar as the team's. What is no calendar is an *ical.SyntaxError.
func (s *Server) HolidaysIn(team *roster.Team, file []byte) (ical.Reading[roster.Holiday], error) {
	return ical.Holidays(file, team.Today(s.Now()))
}

// personToday is the date where the person lives; where that is not known, of the site.
func (s *Server) personToday(p *roster.Person) roster.Date {
	zone := p.Zone
	if zone == (roster.Zone{}) {
		zone = s.Zone
	}
	return roster.DateOf(s.Now().In(zone.Location()))
}

// WithEvents is the person with the absences of a calendar in the place of those of the one
// before; what was entered by hand, and what is over, stays. What is refused is a
// roster.FieldErrors.
func (s *Server) WithEvents(p *roster.Person, absences []roster.Absence) (roster.Person, error) {
	changed := p.WithEvents(absences, s.personToday(p))
	return changed, changed.Validate()
}

// WithOnlyHolidays is the team with these holidays and no others. What is refused is a
// roster.FieldErrors.
func WithOnlyHolidays(team *roster.Team, holidays []roster.Holiday) (roster.Team, error) {
	none := *team
	none.Holidays = nil
	changed, _ := none.WithHolidays(holidays)
	return changed, changed.Validate()
}
