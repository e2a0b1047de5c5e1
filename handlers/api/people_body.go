package api

import (
	"encoding/json"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
)

// personBody is what POST and PUT take: what GET gives, so that an answer can be sent
// back.
type personBody struct {
	ID       string          `json:"id"` // POST: made from the name if missing; PUT: if there, that of the path
	Name     string          `json:"name"`
	Email    string          `json:"email"`
	Phone    string          `json:"phone"`
	Zone     string          `json:"zone"`
	Active   *bool           `json:"active"`   // POST: true if missing; PUT: as it is
	Absences *[]absenceBody  `json:"absences"` // PUT: as they are if missing
	Revision *string         `json:"revision"` // PUT: if there, what the edit is based on
	Removed  json.RawMessage `json:"removed"`  // not looked at
	// InactiveFrom is changed by deactivating, not by a PUT, which may only repeat it.
	InactiveFrom *roster.Date `json:"inactiveFrom"`
}

// apply puts what the body says into the person.
func (b personBody) apply(p *roster.Person) error {
	p.Name, p.Email, p.Phone, p.Zone = b.Name, b.Email, b.Phone, roster.Zone{}
	if b.Absences != nil {
		p.Absences = each(*b.Absences, absenceBody.absence)
	}
	if b.Active != nil {
		if *b.Active && !p.Active {
			p.InactiveFrom = roster.Date{}
		}
		p.Active = *b.Active
	}
	if b.Zone == "" {
		return nil
	}
	var err error
	if p.Zone, err = roster.ParseZone(b.Zone); err != nil {
		return roster.FieldErrors{{Field: "zone", Message: err.Error()}}
	}
	return nil
}

// absenceBody is a roster.Absence that is sent.
type absenceBody struct {
	From  roster.Date `json:"from"`
	To    roster.Date `json:"to"`
	Note  string      `json:"note"`
	Event string      `json:"event"`
}

func (b absenceBody) absence() roster.Absence { return roster.Absence(b) }

func describePersonBodies(t *openapi.Types) {
	openapi.Sent[absenceBody](t, "AbsenceInput", "Days on which somebody shall be away.", openapi.Notes{
		"from":  {Text: "The first day.", Must: true},
		"to":    {Text: "The last day, included.", Must: true},
		"note":  {Text: "Why, or what else is to be known."},
		"event": {Text: "The event of a calendar that it came from."},
	})
	openapi.Sent[personBody](t, "PersonInput", "A person as it shall be. What GET gives can be sent back.", openapi.Notes{
		"id":           {Text: "Made from the name if a new person has none; of a person that there is, its own."},
		"name":         {Text: "At most 80 characters.", Must: true},
		"email":        {Text: "One address, or empty."},
		"phone":        {Text: "As people write it, or empty."},
		"zone":         {Text: "The name of a time zone, or empty."},
		"active":       {Text: "If not given, true for a new person, as before for another."},
		"absences":     {Text: "As before if not given."},
		"inactiveFrom": {Text: "If there, as it is: deactivating changes it."},
		"revision":     {Text: "If there, and without If-Match, the revision that the edit is based on.", Schema: openapi.SchemaAt("Revision")},
		"removed":      {Text: "Not looked at.", Schema: &openapi.Schema{}},
	})
}
