package api

import (
	"dailyroster/handlers/openapi"
	"dailyroster/roster"
)

// personJSON is a roster.Person as the API answers it.
type personJSON struct {
	ID           roster.PersonID `json:"id"`
	Name         string          `json:"name"`
	Email        string          `json:"email"`
	Phone        string          `json:"phone"`
	Zone         roster.Zone     `json:"zone"`
	Active       bool            `json:"active"`
	InactiveFrom roster.Date     `json:"inactiveFrom,omitzero"`
	Absences     []absenceJSON   `json:"absences,omitempty"`
	Revision     roster.Revision `json:"revision"`
}

func newPersonJSON(p roster.Person) personJSON {
	return personJSON{
		ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Zone: p.Zone,
		Active: p.Active, InactiveFrom: p.InactiveFrom, Absences: each(p.Absences, newAbsenceJSON), Revision: p.Revision,
	}
}

// peopleJSON is a list of people.
type peopleJSON struct {
	People []personJSON `json:"people"`
}

// absenceJSON is a roster.Absence.
type absenceJSON struct {
	From  roster.Date `json:"from"`
	To    roster.Date `json:"to"`
	Note  string      `json:"note,omitempty"`
	Event string      `json:"event,omitempty"`
}

func newAbsenceJSON(a roster.Absence) absenceJSON { return absenceJSON(a) }

func describePersonAnswers(t *openapi.Types) {
	openapi.Answered[absenceJSON](t, "Absence", "Days on which somebody is away.", openapi.Notes{
		"from":  {Text: "The first day."},
		"to":    {Text: "The last day, included."},
		"note":  {Text: "Why, or what else is to be known."},
		"event": {Text: "The event of a calendar that it came from; not there if it was entered."},
	})
	openapi.Answered[personJSON](t, "Person", "Somebody who can be on call.", openapi.Notes{
		"name":         {Text: "The name."},
		"email":        {Text: "An address of e-mail, or empty."},
		"phone":        {Text: "As people write it, or empty."},
		"zone":         {Text: "Where the person lives, or empty.", Schema: orEmpty("Zone")},
		"active":       {Text: "Whether the person may be newly assigned, and is suggested."},
		"inactiveFrom": {Text: "The first day on which the person is active no more; not there for none."},
		"absences":     {Text: "In order of their first days."},
	})
	openapi.Answered[peopleJSON](t, "People", "A list of people.", openapi.Notes{"people": {Text: "In order of ids."}})
}
