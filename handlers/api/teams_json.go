package api

import (
	"dailyroster/handlers/openapi"
	"dailyroster/roster"
)

// teamJSON is a roster.Team as the API answers it: without its offers, which have an
// address of their own, at the revision on which an edit of the team is based.
type teamJSON struct {
	ID          roster.TeamID   `json:"id"`
	Name        string          `json:"name"`
	Roles       []roleJSON      `json:"roles"`
	Settings    []settingsJSON  `json:"settings"`
	Rotations   []rotationJSON  `json:"rotations,omitempty"`
	Holidays    []holidayJSON   `json:"holidays,omitempty"`
	OpenEditing bool            `json:"openEditing,omitempty"`
	Editors     []string        `json:"editors,omitempty"`
	KeepFilled  int             `json:"keepFilled,omitempty"`
	AgreeFirst  bool            `json:"agreeFirst"`
	Revision    roster.Revision `json:"revision"`
}

func newTeamJSON(t roster.Team) teamJSON {
	return teamJSON{
		ID: t.ID, Name: t.Name,
		Roles:     each(t.Roles, newRoleJSON),
		Settings:  each(t.Settings, newSettingsJSON),
		Rotations: each(t.Rotations, newRotationJSON),
		Holidays:  each(t.Holidays, newHolidayJSON),

		OpenEditing: t.OpenEditing, Editors: t.Editors, KeepFilled: t.KeepFilled, AgreeFirst: t.AgreeFirst, Revision: t.Base(),
	}
}

// teamsJSON is a list of teams.
type teamsJSON struct {
	Teams []teamJSON `json:"teams"`
}

// settingsJSON is a roster.Settings; an empty From is from the start.
type settingsJSON struct {
	From    roster.Date      `json:"from"`
	Zone    roster.Zone      `json:"zone"`
	HandOff roster.ClockTime `json:"handOff"`
}

func newSettingsJSON(s roster.Settings) settingsJSON { return settingsJSON(s) }

// rotationJSON is a roster.Rotation.
type rotationJSON struct {
	ID       roster.RotationID     `json:"id"`
	Role     roster.RoleID         `json:"role"`
	Name     string                `json:"name"`
	Versions []rotationVersionJSON `json:"versions"`
}

func newRotationJSON(r roster.Rotation) rotationJSON {
	return rotationJSON{r.ID, r.Role, r.Name, each(r.Versions, newRotationVersionJSON)}
}

// rotationVersionJSON is a roster.RotationVersion.
type rotationVersionJSON struct {
	From        roster.Date       `json:"from"`
	Weekdays    roster.Weekdays   `json:"weekdays"`
	DaysPerTurn int               `json:"daysPerTurn"`
	HandOver    roster.Weekday    `json:"handOver,omitempty"`
	People      []roster.PersonID `json:"people"`
}

func newRotationVersionJSON(v roster.RotationVersion) rotationVersionJSON {
	return rotationVersionJSON(v)
}

// holidayJSON is a roster.Holiday.
type holidayJSON struct {
	Date roster.Date `json:"date"`
	Name string      `json:"name"`
}

func newHolidayJSON(h roster.Holiday) holidayJSON { return holidayJSON(h) }

func describeTeamAnswers(t *openapi.Types) {
	openapi.Answered[settingsJSON](t, "Settings", "What holds from a date on, until the next settings.", openapi.Notes{
		"from":    {Text: "The first date; empty for the first settings, which hold since ever.", Schema: orEmpty("Date")},
		"handOff": {Text: "When, on each date, one shift ends and the next begins."},
	})
	openapi.Answered[rotationVersionJSON](t, "RotationVersion", "A rotation as it is from a date on.", openapi.Notes{
		"from":        {Text: "The first day, on which the first of the people begins."},
		"weekdays":    {Text: "The days that it covers; the order of people advances on these only."},
		"daysPerTurn": {Text: "How many days in a row are one person's turn.", Schema: &openapi.Schema{Type: "integer"}},
		"handOver":    {Text: "The day of the week on which turns begin; not there if on any."},
		"people":      {Text: "In order of their turns."},
	})
	openapi.Answered[rotationJSON](t, "Rotation", "Who takes turns in a role.", openapi.Notes{
		"name":     {Text: "Its name."},
		"versions": {Text: "In order of their dates."},
	})
	openapi.Answered[holidayJSON](t, "Holiday", "A date on which the team does not work.", openapi.Notes{"name": {Text: "Its name."}})
	openapi.Answered[teamJSON](t, "Team", "A group of people who share one roster.", openapi.Notes{
		"name":        {Text: "Its name."},
		"roles":       {Text: "In order of importance: the first is who gets called."},
		"settings":    {Text: "In order of their dates."},
		"rotations":   {Text: "The rotations from which the roster is filled. Those of one role cover different days."},
		"holidays":    {Text: "In order of their dates."},
		"keepFilled":  {Text: "How many weeks ahead, today's included, the roster keeps itself filled; not there for none."},
		"agreeFirst":  {Text: "Whether those whose seats an exchange is about have to agree first."},
		"openEditing": {Text: "Whether everybody who is signed in may edit the roster."},
		"editors":     {Text: "Who else may, by what the sign-in calls them or by e-mail."},
	})
	openapi.Answered[teamsJSON](t, "Teams", "A list of teams.", openapi.Notes{"teams": {Text: "In order of ids."}})
}
