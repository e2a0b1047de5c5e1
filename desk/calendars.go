package desk

import (
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"errors"
)

// AbsencesIn reads a calendar as the person's. What is no calendar is a
// roster.FieldErrors at file.
func (k *Desk) AbsencesIn(p *roster.Person, file []byte) (ical.Reading[roster.Absence], error) {
	came, err := ical.Absences(file, p.Zone, k.Zone, k.personToday(p))
	return came, atFile(err)
}

// HolidaysIn reads a calendar as the team's. What is no calendar is a
// roster.FieldErrors at file.
func (k *Desk) HolidaysIn(team *roster.Team, file []byte) (ical.Reading[roster.Holiday], error) {
	came, err := ical.Holidays(file, team.Today(k.Now()))
	return came, atFile(err)
}

// atFile makes what is wrong with a calendar a message at the field of the file.
func atFile(err error) error {
	if syntax, ok := errors.AsType[*ical.SyntaxError](err); ok {
		return roster.FieldErrors{{Field: "file", Message: syntax.Error()}}
	}
	return err
}

// personToday is the date where the person lives; where that is not known, of the site.
func (k *Desk) personToday(p *roster.Person) roster.Date {
	zone := p.Zone
	if zone == (roster.Zone{}) {
		zone = k.Zone
	}
	return roster.DateOf(k.Now().In(zone.Location()))
}

// WithEvents is the person with the absences of a calendar in the place of those of the one
// before; what was entered by hand, and what is over, stays. What is refused is a
// roster.FieldErrors.
func (k *Desk) WithEvents(p *roster.Person, absences []roster.Absence) (roster.Person, error) {
	changed := p.WithEvents(absences, k.personToday(p))
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
