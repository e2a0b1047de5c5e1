package api

import (
	"fmt"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/export"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// holderJSON is somebody who is on call, and how they are reached; nobody is null.
type holderJSON struct {
	ID      roster.PersonID `json:"id"`
	Name    string          `json:"name"`
	Contact *contactJSON    `json:"contact"`
}

// contactJSON is how a person is reached; what is not known is empty.
type contactJSON struct {
	Email string `json:"email"`
	Phone string `json:"phone"`
	Chat  string `json:"chat"`
}

// of makes it that of a person and returns it, nil for nobody. The contact is null where the
// caller may not read it.
func (h *holderJSON) of(id roster.PersonID, names roster.Names, reach web.Reach) *holderJSON {
	if id == "" {
		return nil
	}
	h.ID, h.Name = id, names.Of(id)
	if p, known := names.Person(id); known && reach.Sees(&p) {
		h.Contact = &contactJSON{p.Email, p.Phone, p.Chat}
	}
	return h
}

// queryAs is what ?as= asks to be told of a person.
func queryAs(r *http.Request) (func(roster.Person) string, error) {
	switch as := r.URL.Query().Get("as"); as {
	case "", "name":
		return func(p roster.Person) string { return p.Name }, nil
	case "phone":
		return func(p roster.Person) string { return p.Dials() }, nil
	case "email":
		return func(p roster.Person) string { return p.Email }, nil
	default:
		return nil, web.BadRequest("as: %q is neither name, phone nor email", as)
	}
}

func asSchema() *openapi.Schema {
	return &openapi.Schema{Type: "string", Enum: []any{"name", "phone", "email"}, Default: "name"}
}

// cardsOf are the cards of who is on call, in the order of teams and roles: one for each
// person, with a note of each role.
func cardsOf(teams []roster.Team, now []desk.Answer, names roster.Names, reach web.Reach) []export.Card {
	var cards []export.Card
	at := map[roster.PersonID]int{}
	for i := range teams {
		for _, d := range now[i].Duties {
			p, known := names.Person(d.Person)
			if d.Off || !known {
				continue
			}
			if _, has := at[p.ID]; !has {
				at[p.ID] = len(cards)
				cards = append(cards, export.Card{Person: reach.Shown(p)})
			}
			card := &cards[at[p.ID]]
			until := "until"
			if d.Open {
				until = "at least until"
			}
			card.Notes = append(card.Notes, fmt.Sprintf("On call for %s (%s) %s %s", teams[i].Name, d.Role.Name, until, d.Until.Format("2006-01-02 15:04 MST")))
		}
	}
	return cards
}

func describeReached(t *openapi.Types) {
	openapi.Answered[contactJSON](t, "Contact", "How a person is reached.", openapi.Notes{
		"email": {Text: "The email address, or empty."},
		"phone": {Text: "The phone number as people write it, or empty."},
		"chat":  {Text: "The chat handle, or empty."},
	})
	openapi.Answered[holderJSON](t, "Holder", "A person who is on call, and how to reach them.", openapi.Notes{
		"name":    {Text: "The person's current name."},
		"contact": {Text: "How to reach the person. Null if the caller may not know.", Schema: openapi.OrNull(openapi.SchemaAt("Contact"))},
	})
}
