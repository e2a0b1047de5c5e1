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
	Chat     string          `json:"chat"`
	Zone     string          `json:"zone"`
	Active   *bool           `json:"active"`        // POST: true if missing; PUT: as it is
	Absences *[]absenceBody  `json:"absences"`      // PUT: as they are if missing
	Notices  *wishesBody     `json:"notices"`       // PUT: as they are if missing
	Revision *string         `json:"revision"`      // PUT: if there, what the edit is based on
	Removed  json.RawMessage `json:"removed"`       // ignored
	Hidden   json.RawMessage `json:"contactHidden"` // ignored
	// InactiveFrom is changed by deactivating, not by a PUT, which may only repeat it.
	InactiveFrom *roster.Date `json:"inactiveFrom"`
}

// apply puts what the body says into the person.
func (b personBody) apply(p *roster.Person) error {
	p.Name, p.Email, p.Phone, p.Chat, p.Zone = b.Name, b.Email, b.Phone, b.Chat, roster.Zone{}
	if b.Absences != nil {
		p.Absences = each(*b.Absences, absenceBody.absence)
	}
	if b.Notices != nil {
		p.Notices = roster.NoticeWishes{NotByEmail: b.Notices.NotByEmail, Leads: b.Notices.LeadMinutes}
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
		return roster.FieldErrors{{Field: "zone", Err: err}}
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

// wishesBody are roster.NoticeWishes that are sent.
type wishesBody struct {
	NotByEmail  []roster.NoticeKind `json:"notByEmail"`
	LeadMinutes []roster.Lead       `json:"leadMinutes"`
}

func describePersonBodies(t *openapi.Types) {
	openapi.Sent[absenceBody](t, "AbsenceInput", "Days on which a person is away.", openapi.Notes{
		"from":  {Text: "The first day.", Must: true},
		"to":    {Text: "The last day, inclusive.", Must: true},
		"note":  {Text: "A note, such as the reason."},
		"event": {Text: "The calendar event that the absence came from."},
	})
	openapi.Sent[wishesBody](t, "NoticeWishesInput", "Which notices a person wants, and when.", openapi.Notes{
		"notByEmail":  {Text: "The kinds of notices that do not go by email: `coming`, `now`, `changed` or `swap`."},
		"leadMinutes": {Text: "How many minutes before a shift the person is told that it is coming: at most 5 times, from 5 minutes to 14 days. Empty is one day."},
	})
	openapi.Sent[personBody](t, "PersonInput", "What a person becomes. The answer to GET can be sent back.", openapi.Notes{
		"id":            {Text: "For a new person: the id, made from the name if missing. Otherwise optional; must be the person's id."},
		"name":          {Text: "At most 80 characters.", Must: true},
		"email":         {Text: "An email address, or empty."},
		"phone":         {Text: "A phone number, or empty."},
		"chat":          {Text: "The handle by which the chat knows the person, or empty. At most 80 letters, digits and `@._+:~=-`."},
		"zone":          {Text: "An IANA time zone, or empty."},
		"active":        {Text: "If missing: true for a new person, otherwise unchanged."},
		"absences":      {Text: "If missing: none for a new person, otherwise unchanged."},
		"notices":       {Text: "If missing: what everybody gets for a new person, otherwise unchanged."},
		"inactiveFrom":  {Text: "Optional. Must be the current value; to change it, deactivate the person."},
		"revision":      {Text: "The revision that the edit is based on. Optional. If-Match takes precedence.", Schema: openapi.SchemaAt("Revision")},
		"removed":       {Text: "Ignored.", Schema: &openapi.Schema{}},
		"contactHidden": {Text: "Ignored.", Schema: &openapi.Schema{}},
	})
}
