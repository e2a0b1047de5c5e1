package views

import (
	"strings"

	"dailyroster/roster"
)

const (
	// ExampleURL is the page of the example; a POST there makes it.
	ExampleURL = "/example"
	// RemoveExampleURL removes the example.
	RemoveExampleURL = "/example/remove"
)

// StartURL puts somebody on call in a team in which nobody is.
func StartURL(t roster.TeamID) string { return TeamURL(t) + "/start" }

// Start is the three ways in for whoever opens a site on which nobody has begun.
type Start struct {
	Team    *roster.Team
	Example *roster.Team // nil if there is none
	Values  map[string]string
	Errors  roster.FieldErrors
	Change  roster.ChangeID // of the form with the name
}

// Example is the page of the example.
type Example struct {
	Team    *roster.Team    // nil if there is none
	Left    []roster.Person // its people who are listed
	Removed bool            // it was just removed
	People  int             // and as many people with it
	Errors  roster.FieldErrors
}

// names are those of the people who are left.
func (e Example) names() string {
	var names []string
	for i := range e.Left {
		names = append(names, e.Left[i].Name)
	}
	return strings.Join(names, ", ")
}
