package api

import (
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// personJSON is a roster.Person as the API answers it.
type personJSON struct {
	ID           roster.PersonID `json:"id"`
	Name         string          `json:"name"`
	Email        string          `json:"email"`
	Phone        string          `json:"phone"`
	Chat         string          `json:"chat,omitempty"`
	Zone         roster.Zone     `json:"zone"`
	Active       bool            `json:"active"`
	InactiveFrom roster.Date     `json:"inactiveFrom,omitzero"`
	Absences     []absenceJSON   `json:"absences,omitempty"`
	Notices      *wishesJSON     `json:"notices,omitempty"`
	Hidden       bool            `json:"contactHidden,omitempty"`
	Revision     roster.Revision `json:"revision"`
}

// newPersonJSON is the person as who has the reach may see them.
func newPersonJSON(p roster.Person, reach web.Reach) personJSON {
	hidden := !reach.Sees(&p)
	p = reach.Shown(p)
	return personJSON{
		Hidden: hidden,
		ID:     p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Chat: p.Chat, Zone: p.Zone,
		Active: p.Active, InactiveFrom: p.InactiveFrom, Absences: each(p.Absences, newAbsenceJSON), Notices: newWishesJSON(p.Notices), Revision: p.Revision,
	}
}

// wishesJSON are roster.NoticeWishes.
type wishesJSON struct {
	NotByEmail  []roster.NoticeKind `json:"notByEmail,omitempty"`
	LeadMinutes []roster.Lead       `json:"leadMinutes,omitempty"`
}

// newWishesJSON is nil for somebody who wants what everybody gets.
func newWishesJSON(w roster.NoticeWishes) *wishesJSON {
	if w.IsZero() {
		return nil
	}
	return &wishesJSON{w.NotByEmail, w.Leads}
}

// peopleJSON is a list of people, or a part of it. Next is the cursor of the part that
// follows.
type peopleJSON struct {
	People []personJSON `json:"people"`
	Next   string       `json:"next,omitempty"`
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
	openapi.Answered[absenceJSON](t, "Absence", "Days on which a person is away.", openapi.Notes{
		"from":  {Text: "The first day."},
		"to":    {Text: "The last day, inclusive."},
		"note":  {Text: "A note, such as the reason. Missing if there is none."},
		"event": {Text: "The calendar event that the absence came from. Missing if it was entered by hand."},
	})
	openapi.Answered[wishesJSON](t, "NoticeWishes", "Which notices a person wants, and when.", openapi.Notes{
		"notByEmail":  {Text: "The kinds of notices that do not go by email: `coming`, `now`, `changed` or `swap`. Missing if all do."},
		"leadMinutes": {Text: "How many minutes before a shift the person is told that it is coming. Missing for one day."},
	})
	openapi.Answered[personJSON](t, "Person", "A person who can be on call.", openapi.Notes{
		"name":          {Text: "The name."},
		"email":         {Text: "The email address, or empty."},
		"phone":         {Text: "The phone number, or empty."},
		"chat":          {Text: "The chat handle. Missing if there is none."},
		"zone":          {Text: "The person's time zone, or empty.", Schema: orEmpty("Zone")},
		"active":        {Text: "Whether the person can be assigned."},
		"inactiveFrom":  {Text: "The first day on which the person is no longer active. Missing if there is none."},
		"absences":      {Text: "In order of their first days. Missing if there are none."},
		"notices":       {Text: "Which notices the person wants. Missing if it is what everybody gets."},
		"contactHidden": {Text: "Whether email, phone and chat are empty because the caller is in no team of the person. Missing if not."},
	})
	openapi.Answered[peopleJSON](t, "People", "A list of people.", openapi.Notes{"people": {Text: "In order of ids."}, "next": {Text: nextText}})
}
