package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dailyroster/words/said"
)

// Limits of a team.
const (
	MaxRoles    = 8
	MaxSettings = 50
	MaxEditors  = 200
	// MaxKeepFilled is the most weeks that a roster keeps itself filled ahead.
	MaxKeepFilled = 52
)

// Role is one of the seats that a team fills every day.
type Role struct {
	ID   RoleID `json:"id"`
	Name string `json:"name"`
}

// DefaultRoles are the roles of a team that names none: primary and secondary.
func DefaultRoles() []Role {
	return []Role{{"primary", "Primary"}, {"secondary", "Secondary"}}
}

// Settings hold from a date on, until the next Settings of the team.
type Settings struct {
	From    Date      `json:"from"` // the zero Date: from the start
	Zone    Zone      `json:"zone"`
	HandOff ClockTime `json:"handOff"`
}

// Team is a group of people who share one roster.
type Team struct {
	ID    TeamID `json:"id"`
	Name  string `json:"name"`
	Roles []Role `json:"roles"` // in order of importance; the first is who gets called
	// Settings are in order of From; the first holds from the start.
	Settings []Settings `json:"settings"`
	// Hours are when roles are on duty that are not so from hand-off to hand-off.
	Hours []RoleHours `json:"hours,omitempty"`
	// Rates are what hours on call are paid; the zero Rates are none.
	Rates Rates `json:"rates,omitzero"`
	// Rotations fill the roster; each role's cover different days.
	Rotations []Rotation `json:"rotations,omitempty"`
	// Holidays are in order of their dates.
	Holidays []Holiday `json:"holidays,omitempty"`
	// OpenEditing lets everyone who is signed in edit the team's roster and settings.
	OpenEditing bool `json:"openEditing,omitempty"`
	// Editors are people who may edit, in addition to those whom a group makes members:
	// emails, or what the sign-in calls people.
	Editors []string `json:"editors,omitempty"`
	// KeepFilled is how many weeks ahead, today's included, the roster keeps itself filled
	// from the rotations, see Keep; 0 is not at all.
	KeepFilled int `json:"keepFilled,omitempty"`
	// AgreeFirst: an exchange waits until the others whom it concerns agree.
	AgreeFirst bool `json:"agreeFirst"`
	// Offers are the exchanges of seats that people asked for, the oldest first.
	Offers []Offer `json:"offers,omitempty"`
	// Example: the program made the team, for people to look at and to remove again.
	Example bool `json:"example,omitempty"`
	// Removed teams keep their id and history; they are listed nowhere.
	Removed  bool     `json:"removed,omitempty"`
	Revision Revision `json:"revision"`
	// Settled is the revision of the last write of more than Offers; "" if that is
	// Revision itself. See Base.
	Settled Revision `json:"settled,omitempty"`
}

// Validate checks the team and tidies its names. It changes no list that the team shares with
// a copy of it. What it returns is a FieldErrors or nil.
func (t *Team) Validate() error {
	var errs FieldErrors
	t.Roles, t.Holidays, t.Editors = slices.Clone(t.Roles), slices.Clone(t.Holidays), slices.Clone(t.Editors)
	t.Rotations = slices.Clone(t.Rotations)
	for i := range t.Rotations {
		t.Rotations[i].Versions = slices.Clone(t.Rotations[i].Versions)
	}
	if _, err := ParseTeamID(string(t.ID)); err != nil {
		errs.Add("id", err)
	}
	if name, err := ParseName(t.Name); err != nil {
		errs.Add("name", err)
	} else {
		t.Name = name
	}
	t.validateRoles(&errs)
	t.validateSettings(&errs)
	t.validateHours(&errs)
	t.validateRates(&errs)
	t.validateRotations(&errs)
	t.validateHolidays(&errs)
	t.validateEditors(&errs)
	if t.KeepFilled < 0 || t.KeepFilled > MaxKeepFilled {
		errs.Add("keepFilled", said.New("give 1 to %d weeks, or 0 to turn this off", MaxKeepFilled))
	}
	if len(errs) == 0 {
		t.validateSize(&errs)
	}
	return errs.Err()
}

func (t *Team) validateEditors(errs *FieldErrors) {
	if len(t.Editors) > MaxEditors {
		errs.Add("editors", said.New("at most %d people can be listed, not %d; a group has room for more", MaxEditors, len(t.Editors)))
		return
	}
	for i, e := range t.Editors {
		name := strings.TrimSpace(e)
		if name == "" || len(name) > maxEditor || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == ',' }) || !utf8.ValidString(name) {
			errs.Add("editors", said.New("%q is neither an email nor a person's subject at the sign-in", Clip(e)))
			return
		}
		t.Editors[i] = name
	}
}

// maxEditor is the most bytes of an entry of Team.Editors.
const maxEditor = 254

func (t *Team) validateRoles(errs *FieldErrors) {
	if len(t.Roles) == 0 || len(t.Roles) > MaxRoles {
		errs.Add("roles", said.New("a team has 1 to %d roles, not %d", MaxRoles, len(t.Roles)))
		return
	}
	seen := map[RoleID]bool{}
	for i := range t.Roles {
		r := &t.Roles[i]
		field := fmt.Sprintf("roles.%d", i)
		if _, err := ParseRoleID(string(r.ID)); err != nil {
			errs.Add(field, err)
		} else if seen[r.ID] {
			errs.Add(field, said.New("the role %q is listed twice", r.ID))
		} else if r.ID.reserved() {
			errs.Add(field, said.New("%q cannot be a role's id; the day's form uses it", r.ID))
		}
		seen[r.ID] = true
		if name, err := ParseName(r.Name); err != nil {
			errs.Add(field, err)
		} else {
			r.Name = name
		}
	}
}

// reserved reports whether the id is another field of a day's form, where a role's id
// is the name of a field too.
func (id RoleID) reserved() bool {
	switch id {
	case "note", "revision", "change", "clear", "why", "edit":
		return true
	}
	return false
}

func (t *Team) validateSettings(errs *FieldErrors) {
	if len(t.Settings) == 0 || len(t.Settings) > MaxSettings {
		errs.Add("settings", said.New("a team has 1 to %d settings, not %d", MaxSettings, len(t.Settings)))
		return
	}
	for i, s := range t.Settings {
		field := fmt.Sprintf("settings.%d", i)
		if s.Zone == (Zone{}) {
			errs.Add(field+".zone", said.New("the time zone is missing"))
		}
		if s.HandOff < 0 || s.HandOff >= 24*60 {
			errs.Add(field+".handOff", said.New("the hand-off is not a time of day"))
		}
		switch {
		case i == 0 && !s.From.IsZero():
			errs.Add(field+".from", said.New("the first settings apply from the start and have no date"))
		case i > 0 && !t.Settings[i-1].From.Before(s.From):
			errs.Add(field+".from", said.New("settings are in order of their dates, each date once"))
		}
	}
}

// HasRole reports whether the team fills the role.
func (t *Team) HasRole(id RoleID) bool {
	return slices.ContainsFunc(t.Roles, func(r Role) bool { return r.ID == id })
}

// SettingsOn are the settings that hold on day d.
func (t *Team) SettingsOn(d Date) Settings {
	in := t.Settings[0]
	for _, s := range t.Settings[1:] {
		if d.Before(s.From) {
			break
		}
		in = s
	}
	return in
}

// WithSettings is a copy of the team in which s holds from s.From, and replaces what was
// planned for that date; later settings stay. A date before today
// is refused: settings never rewrite the past.
func (t *Team) WithSettings(s Settings, today Date) (Team, error) {
	changed := *t
	changed.Settings = nil
	for _, old := range t.Settings {
		if old.From != s.From {
			changed.Settings = append(changed.Settings, old)
		}
	}
	changed.Settings = append(changed.Settings, s)
	slices.SortFunc(changed.Settings, func(a, b Settings) int { return a.From.Compare(b.From) })
	return changed, changed.KeepsPast(t, today)
}

// KeepsPast refuses, as FieldErrors, settings or rotations that differ from before's on
// a day earlier than today.
func (t *Team) KeepsPast(before *Team, today Date) error {
	past := func(s Settings) bool { return s.From.Before(today) }
	var was, is []Settings
	for _, s := range before.Settings {
		if past(s) {
			was = append(was, s)
		}
	}
	for _, s := range t.Settings {
		if past(s) {
			is = append(is, s)
		}
	}
	if slices.EqualFunc(was, is, func(a, b Settings) bool {
		return a.From == b.From && a.HandOff == b.HandOff && a.Zone.String() == b.Zone.String()
	}) {
		if err := t.keepsPastHours(before, today); err != nil {
			return err
		}
		return t.keepsPastRotations(before, today)
	}
	return FieldErrors{{"settings", said.New("settings before today stay as they are; a change takes effect on %s or later", today)}}
}

// KeepsServed refuses, as FieldErrors, settings by which the time until now would belong
// to other days than by before's: the roster would then name other people for that time.
func (t *Team) KeepsServed(before *Team, now time.Time) error {
	for d := before.firstOtherSettings(t); !d.IsZero() && (!t.boundary(d).After(now) || !before.boundary(d).After(now)); d = d.AddDays(1) {
		if !t.boundary(d).Equal(before.boundary(d)) {
			return FieldErrors{{"settings", said.New(
				"that would move hours that were served to the people of another day; let the change take effect on %s or later", before.DayAt(now).AddDays(1))}}
		}
	}
	return t.keepsServedHours(before, now)
}

// firstOtherSettings is the first day on which the settings of two teams differ; the
// zero Date if none does, or all do.
func (t *Team) firstOtherSettings(u *Team) Date {
	var first Date
	for _, s := range slices.Concat(t.Settings, u.Settings) {
		a, b := t.SettingsOn(s.From), u.SettingsOn(s.From)
		if (a.Zone.String() != b.Zone.String() || a.HandOff != b.HandOff) && (first.IsZero() || s.From.Before(first)) {
			first = s.From
		}
	}
	return first
}

// Present is the first day that is not past at an instant: today, or an earlier day while
// its shift, or a role's hours of it, still run. A shift that runs at 03:00 is not history yet.
func (t *Team) Present(at time.Time) Date {
	today := t.Today(at)
	present := Earlier(today, t.DayAt(at))
	if len(t.Hours) == 0 {
		return present
	}
	for d := today.AddDays(-HoursReach); d.Before(present); d = d.AddDays(1) {
		for _, h := range t.Hours {
			if end, has := t.dutyEnd(h.Role, d); has && end.After(at) {
				return d
			}
		}
	}
	return present
}

// Today is the civil date at instant t where the team works.
func (t *Team) Today(at time.Time) Date {
	d := DateOf(at.UTC()).AddDays(1)
	for {
		s := t.SettingsOn(d)
		if local := DateOf(at.In(s.Zone.Location())); !local.Before(d) {
			return d
		}
		d = d.AddDays(-1)
	}
}

// KeepRange is the days that the team wants filled; ok is false if it wants none.
func (t *Team) KeepRange(today Date) (from, to Date, ok bool) {
	return today, today.AddDays(7*t.KeepFilled - 1), t.KeepFilled > 0 && len(t.Rotations) > 0
}

// RoleName is the name of the team's role; the id for one that it has no more.
func (t *Team) RoleName(id RoleID) string {
	for _, r := range t.Roles {
		if r.ID == id {
			return r.Name
		}
	}
	return string(id)
}
