package desk

import (
	"errors"

	"dailyroster/intake/ical"
	"dailyroster/roster"
)

// AbsencesIn reads a person's absences from a calendar. A file that is not a calendar is a
// roster.FieldErrors at file.
func (k *Desk) AbsencesIn(p *roster.Person, file []byte) (ical.Reading[roster.Absence], error) {
	came, err := ical.Absences(file, p.Zone, k.Zone, k.personToday(p))
	return came, atFile(err)
}

// HolidaysIn reads a team's holidays from a calendar. A file that is not a calendar is a
// roster.FieldErrors at file.
func (k *Desk) HolidaysIn(team *roster.Team, file []byte) (ical.Reading[roster.Holiday], error) {
	came, err := ical.Holidays(file, team.Today(k.Now()))
	return came, atFile(err)
}

// atFile turns a calendar's syntax error into a message at the field of the file.
func atFile(err error) error {
	if syntax, ok := errors.AsType[*ical.SyntaxError](err); ok {
		return roster.FieldErrors{{Field: "file", Err: syntax}}
	}
	return err
}

// personToday is the date in the person's time zone or, if that is not known, in the site's.
func (k *Desk) personToday(p *roster.Person) roster.Date {
	zone := p.Zone
	if zone == (roster.Zone{}) {
		zone = k.Zone
	}
	return roster.DateOf(k.Now().In(zone.Location()))
}

// WithEvents returns the person with a calendar's absences in place of the previous
// calendar's. Absences that were entered by hand, and those that are over, stay. What it
// refuses is a roster.FieldErrors.
func (k *Desk) WithEvents(p *roster.Person, absences []roster.Absence) (roster.Person, error) {
	changed := p.WithEvents(absences, k.personToday(p))
	return changed, changed.Validate()
}

// WithOnlyHolidays returns the team with these holidays and no others. What it refuses is a
// roster.FieldErrors.
func WithOnlyHolidays(team *roster.Team, holidays []roster.Holiday) (roster.Team, error) {
	none := *team
	none.Holidays = nil
	changed, _ := none.WithHolidays(holidays)
	return changed, changed.Validate()
}
