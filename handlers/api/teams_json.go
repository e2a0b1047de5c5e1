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
	Rates       *ratesJSON      `json:"rates,omitempty"`
	Rotations   []rotationJSON  `json:"rotations,omitempty"`
	Holidays    []holidayJSON   `json:"holidays,omitempty"`
	OpenEditing bool            `json:"openEditing,omitempty"`
	Editors     []string        `json:"editors,omitempty"`
	KeepFilled  int             `json:"keepFilled,omitempty"`
	AgreeFirst  bool            `json:"agreeFirst"`
	Revision    roster.Revision `json:"revision"`
}

// newTeamJSON is the team, perhaps without who edits it.
func newTeamJSON(t roster.Team, editors bool) teamJSON {
	if !editors {
		t.Editors = nil
	}
	return teamJSON{
		ID: t.ID, Name: t.Name,
		Roles:     each(t.Roles, func(r roster.Role) roleJSON { return newRoleJSON(&t, r) }),
		Settings:  each(t.Settings, newSettingsJSON),
		Rates:     newRatesJSON(t.Rates),
		Rotations: each(t.Rotations, newRotationJSON),
		Holidays:  each(t.Holidays, newHolidayJSON),

		OpenEditing: t.OpenEditing, Editors: t.Editors, KeepFilled: t.KeepFilled, AgreeFirst: t.AgreeFirst, Revision: t.Base(),
	}
}

// teamsJSON is a list of teams, or a part of it, as peopleJSON is.
type teamsJSON struct {
	Teams []teamJSON `json:"teams"`
	Next  string     `json:"next,omitempty"`
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
	describeHoursAnswers(t)
	openapi.Answered[settingsJSON](t, "Settings", "Settings that hold from a date until the next settings.", openapi.Notes{
		"from":    {Text: "The first date. Empty for the first settings, which hold from the start.", Schema: orEmpty("Date")},
		"handOff": {Text: "The time of day at which one shift ends and the next starts."},
	})
	openapi.Answered[rotationVersionJSON](t, "RotationVersion", "What a rotation is from a date until the next version.", openapi.Notes{
		"from":        {Text: "The first day."},
		"weekdays":    {Text: "The days that the rotation covers. The order of people advances only on these days."},
		"daysPerTurn": {Text: "How many covered days a turn has. With `handOver`, turns are whole weeks, and 7 is one week.", Schema: &openapi.Schema{Type: "integer"}},
		"handOver":    {Text: "The day of the week on which turns start. Missing if turns can start on any day."},
		"people":      {Text: "In the order of their turns."},
	})
	openapi.Answered[rotationJSON](t, "Rotation", "People who take turns in a role.", openapi.Notes{
		"name":     {Text: "The name."},
		"versions": {Text: "In order of their dates."},
	})
	openapi.Answered[holidayJSON](t, "Holiday", "A holiday of the team.", openapi.Notes{"name": {Text: "The name."}})
	openapi.Answered[teamJSON](t, "Team", "A group of people who share a roster.", openapi.Notes{
		"name":        {Text: "The name."},
		"roles":       {Text: "In order of importance. The first role that is on duty and held gets the calls."},
		"settings":    {Text: "In order of their dates."},
		"rates":       {Text: "What an hour on call is paid. Missing if that is not known."},
		"rotations":   {Text: "The rotations that fill the roster. Rotations of the same role cover different days. Missing if there are none."},
		"holidays":    {Text: "In order of their dates. Missing if there are none."},
		"keepFilled":  {Text: "How many weeks ahead the roster is filled automatically, including this week. Missing if it is not."},
		"agreeFirst":  {Text: "Whether exchanges wait until everybody who is affected agrees."},
		"openEditing": {Text: "Whether everybody who is signed in can edit the roster. Missing if not."},
		"editors":     {Text: "Who else can edit the roster: email addresses, or names from the sign-in. Missing if there are none, or if the caller may not see them."},
	})
	openapi.Answered[teamsJSON](t, "Teams", "A list of teams.", openapi.Notes{"teams": {Text: "In order of ids."}, "next": {Text: nextText}})
}
