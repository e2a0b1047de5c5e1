package api

import (
	"encoding/json"
	"errors"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// teamBody is what POST and PUT take: what GET gives, so that an answer can be sent
// back.
type teamBody struct {
	ID        string            `json:"id"` // POST: made from the name if missing; PUT: if there, that of the path
	Name      string            `json:"name"`
	Roles     []json.RawMessage `json:"roles"`     // see parseRole; POST: the default roles if missing; PUT: as they are
	Settings  []settingsBody    `json:"settings"`  // POST: the site's zone if missing; PUT: as they are
	Rates     *ratesBody        `json:"rates"`     // as they are if missing; an empty object is none
	Rotations *[]rotationBody   `json:"rotations"` // PUT: as they are if missing
	Holidays  *[]holidayBody    `json:"holidays"`  // likewise
	// OpenEditing and Editors stay as they are too. A token cannot change them.
	OpenEditing *bool     `json:"openEditing"`
	Editors     *[]string `json:"editors"`
	// KeepFilled is roster.Team.KeepFilled; PUT: as it is if missing.
	KeepFilled *int            `json:"keepFilled"`
	Agree      *bool           `json:"agreeFirst"` // likewise
	Revision   *string         `json:"revision"`   // PUT: if there, what the edit is based on
	Removed    json.RawMessage `json:"removed"`    // ignored
}

// apply puts what the body says into the team; what it leaves out stays.
func (b teamBody) apply(team *roster.Team) error {
	var errs roster.FieldErrors
	team.Name = b.Name
	if b.Roles != nil {
		team.Roles = make([]roster.Role, len(b.Roles))
		for i, data := range b.Roles {
			role, hours, err := parseRole(data)
			if err != nil {
				errs.Add(web.FieldAt("roles", i), err)
				continue
			}
			team.Roles[i] = role
			if hours != nil {
				*team = team.WithHoursOf(role.ID, parseHours(hours, web.FieldAt("roles", i)+".hours", &errs))
			}
		}
	}
	if b.Rates != nil {
		team.Rates = roster.Rates(*b.Rates)
	}
	if b.Rotations != nil {
		team.Rotations = each(*b.Rotations, rotationBody.rotation)
	}
	if b.Holidays != nil {
		team.Holidays = each(*b.Holidays, holidayBody.holiday)
	}
	if b.OpenEditing != nil {
		team.OpenEditing = *b.OpenEditing
	}
	if b.Editors != nil {
		team.Editors = *b.Editors
	}
	if b.KeepFilled != nil {
		team.KeepFilled = *b.KeepFilled
	}
	if b.Agree != nil {
		team.AgreeFirst = *b.Agree
	}
	if b.Settings != nil {
		team.Settings = make([]roster.Settings, len(b.Settings))
		for i, s := range b.Settings {
			team.Settings[i] = s.settings(web.FieldAt("settings", i), &errs)
		}
	}
	return errs.Err()
}

// roleBody is a role that is sent with its id, its name, or both.
type roleBody struct {
	ID    roster.RoleID   `json:"id"`
	Name  string          `json:"name"`
	Hours json.RawMessage `json:"hours"` // see parseHours; as they are if missing
}

// parseRole reads a role: its name as a string, or a roleBody. Its hours are nil if it has none.
func parseRole(data json.RawMessage) (role roster.Role, hours json.RawMessage, err error) {
	var name string
	if json.Unmarshal(data, &name) == nil {
		return roster.Role{ID: roster.RoleID(roster.Slug(name)), Name: name}, nil, nil
	}
	var body roleBody
	if json.Unmarshal(data, &body) != nil || body.Name == "" && body.ID == "" {
		return role, nil, errors.New(`not a role; give a name, or {"id": …, "name": …}`)
	}
	role.ID, role.Name = body.ID, body.Name
	if role.ID == "" {
		role.ID = roster.RoleID(roster.Slug(role.Name))
	}
	if role.Name == "" {
		role.Name = string(role.ID)
	}
	if string(body.Hours) == "null" {
		body.Hours = nil
	}
	return role, body.Hours, nil
}

// settingsBody is a roster.Settings that is sent. A missing hand-off is the default one.
type settingsBody struct {
	From    string  `json:"from"`
	Zone    string  `json:"zone"`
	HandOff *string `json:"handOff"`
}

func (b settingsBody) settings(field string, errs *roster.FieldErrors) roster.Settings {
	s := roster.Settings{HandOff: roster.DefaultHandOff}
	var err error
	if b.From != "" {
		if s.From, err = roster.ParseDate(b.From); err != nil {
			errs.Add(field+".from", err)
		}
	}
	if s.Zone, err = roster.ParseZone(b.Zone); err != nil {
		errs.Add(field+".zone", err)
	}
	if b.HandOff != nil {
		if s.HandOff, err = roster.ParseClockTime(*b.HandOff); err != nil {
			errs.Add(field+".handOff", err)
		}
	}
	return s
}

// rotationBody is a roster.Rotation that is sent.
type rotationBody struct {
	ID       roster.RotationID     `json:"id"`
	Role     roster.RoleID         `json:"role"`
	Name     string                `json:"name"`
	Versions []rotationVersionBody `json:"versions"`
}

func (b rotationBody) rotation() roster.Rotation {
	return roster.Rotation{ID: b.ID, Role: b.Role, Name: b.Name, Versions: each(b.Versions, rotationVersionBody.version)}
}

// rotationVersionBody is a roster.RotationVersion that is sent.
type rotationVersionBody struct {
	From        roster.Date       `json:"from"`
	Weekdays    roster.Weekdays   `json:"weekdays"`
	DaysPerTurn int               `json:"daysPerTurn"`
	HandOver    roster.Weekday    `json:"handOver"`
	People      []roster.PersonID `json:"people"`
}

func (b rotationVersionBody) version() roster.RotationVersion { return roster.RotationVersion(b) }

// holidayBody is a roster.Holiday that is sent.
type holidayBody struct {
	Date roster.Date `json:"date"`
	Name string      `json:"name"`
}

func (b holidayBody) holiday() roster.Holiday { return roster.Holiday(b) }

func describeTeamBodies(t *openapi.Types) {
	describeHoursBodies(t)
	t.Add("RoleInput", &openapi.Schema{
		Description: "A role: its name, or an object with its id, its name, or both, and perhaps its hours.",
		OneOf: []*openapi.Schema{
			{Type: "string", Description: "The name. The id is made from it."},
			{Type: "object", Properties: openapi.Properties{
				{Name: "id", Schema: openapi.SchemaAt("RoleID")},
				{Name: "name", Schema: &openapi.Schema{Type: "string"}},
				{Name: "hours", Schema: &openapi.Schema{
					Type: []string{"array", "null"}, Items: openapi.SchemaAt("HoursInput"),
					Description: "When the role is on duty, in order of dates. If missing: unchanged. Hours of past days cannot change.",
				}},
			}},
		},
	})
	openapi.Sent[settingsBody](t, "SettingsInput", "Settings that hold from a date until the next settings.", openapi.Notes{
		"from":    {Text: "The first date. Empty for the first settings, which hold from the start.", Schema: orEmpty("Date")},
		"zone":    {Must: true, Schema: openapi.SchemaAt("Zone")},
		"handOff": {Text: "The time of day at which shifts change. The default is 09:00.", Schema: openapi.SchemaAt("ClockTime")},
	})
	openapi.Sent[rotationVersionBody](t, "RotationVersionInput", "What a rotation is from a date until the next version.", openapi.Notes{
		"from":        {Text: "The first day.", Must: true},
		"weekdays":    {Text: "The days that the rotation covers. The order of people advances only on these days.", Must: true},
		"daysPerTurn": {Text: "How many covered days a turn has. With `handOver`, turns are whole weeks: 7 is one week, 14 are two.", Must: true},
		"handOver":    {Text: "The day of the week on which turns start. If missing, turns can start on any day."},
		"people":      {Text: "In the order of their turns. Without people, the rotation rests."},
	})
	openapi.Sent[rotationBody](t, "RotationInput", "People who take turns in a role.", openapi.Notes{
		"id":       {Must: true},
		"role":     {Must: true},
		"name":     {Text: "At most 80 characters.", Must: true},
		"versions": {Text: "In order of their dates.", Must: true},
	})
	openapi.Sent[holidayBody](t, "HolidayInput", "A holiday of the team.", openapi.Notes{
		"date": {Must: true},
		"name": {Text: "The name.", Must: true},
	})
	openapi.Sent[teamBody](t, "TeamInput", "What a team becomes. The answer to GET can be sent back.", openapi.Notes{
		"id":   {Text: "For a new team: the id, made from the name if missing. Otherwise optional; must be the team's id."},
		"name": {Text: "At most 80 characters.", Must: true},
		"roles": {
			Text:   "At most 8, in order of importance. If missing: primary and secondary for a new team, otherwise unchanged.",
			Schema: openapi.ListOf(openapi.SchemaAt("RoleInput")),
		},
		"settings":    {Text: "If missing: the server's time zone for a new team, otherwise unchanged. Past settings cannot change."},
		"rates":       {Text: "What an hour on call is paid. If missing: unchanged. An empty object removes them."},
		"rotations":   {Text: "If missing: unchanged."},
		"holidays":    {Text: "If missing: unchanged."},
		"keepFilled":  {Text: "How many weeks ahead to fill the roster automatically. 0 turns this off. If missing: unchanged."},
		"agreeFirst":  {Text: "Whether exchanges wait until everybody who is affected agrees. If missing: unchanged."},
		"openEditing": {Text: "Whether everybody who is signed in can edit the roster. If missing: unchanged."},
		"editors":     {Text: "Who else can edit the roster: email addresses, or names from the sign-in. If missing: unchanged."},
		"revision":    {Text: "The revision that the edit is based on. Optional. If-Match takes precedence.", Schema: openapi.SchemaAt("Revision")},
		"removed":     {Text: "Ignored.", Schema: &openapi.Schema{}},
	})
}
