package api

import (
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// foundJSON is a team or a person that a search found.
type foundJSON struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// searchJSON is what a search found.
type searchJSON struct {
	Found []foundJSON `json:"found"`
}

func newFoundJSON(f roster.Found, reach web.Reach) foundJSON {
	if f.Team != nil {
		return foundJSON{Kind: desk.FindTeams, ID: string(f.Team.ID), Name: f.Team.Name}
	}
	p := reach.Shown(*f.Person)
	return foundJSON{Kind: desk.FindPeople, ID: string(p.ID), Name: p.Name, Email: p.Email}
}

// search answers GET /api/v1/search?q=&kind=&limit=.
func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	text, err := web.QuerySearch(q)
	if err != nil {
		return err
	}
	if text == "" {
		return web.BadRequest("q: say what to search for")
	}
	kind := q.Get("kind")
	if kind != "" && kind != desk.FindTeams && kind != desk.FindPeople {
		return web.BadRequest("kind: %q is neither %s nor %s", kind, desk.FindTeams, desk.FindPeople)
	}
	limit, err := web.QueryFound(q)
	if err != nil {
		return err
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	found, err := s.Desk.Find(r.Context(), text, kind, reach.Searchable(), limit)
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, searchJSON{each(found, func(f roster.Found) foundJSON { return newFoundJSON(f, reach) })})
}

// nextText describes the next of a list that can come in parts, listingText such a list.
const (
	nextText    = "The cursor of the next part. Missing on the last part."
	listingText = "Without `limit` and `cursor`, the answer has the whole list."
)

// listingQuery is the query of a list that can come in parts.
func listingQuery() []parameter {
	return []parameter{
		{"q", "Only those whose name, id or email has this. Neither case nor accents count.", textSchema(web.MaxSearch)},
		{"limit", "The most to answer.", numberSchema(web.MaxListed, web.MaxListed)},
		{"cursor", "The `next` of the previous part.", &openapi.Schema{Type: "string"}},
	}
}

func describeSearch(d *describer) {
	d.group("Search", "Teams and people by parts of their names.")
	openapi.Answered[foundJSON](&d.Types, "Found", "A team or a person.", openapi.Notes{
		"kind":  {Text: "What was found.", Schema: &openapi.Schema{Type: "string", Enum: []any{desk.FindTeams, desk.FindPeople}}},
		"id":    {Text: "The id of the team or the person."},
		"name":  {Text: "The name."},
		"email": {Text: "The email address of a person. Missing if there is none."},
	})
	openapi.Answered[searchJSON](&d.Types, "Search", "What a search found.", openapi.Notes{
		"found": {Text: "The best first: whose id it is, whose name begins so, a word of whose name does, whose name has it, whose id or email has it. Of equals, teams come first."},
	})
	d.add(Operation{
		ID: "search", Method: "GET", Path: "/search", Summary: "Find teams and people",
		Text: "Every word of `q` has to be in the name, the id or the email. Neither case nor accents count.",
		Query: []parameter{
			{"q", "What to search for. Required.", textSchema(web.MaxSearch)},
			{"kind", "Only teams, or only people.", &openapi.Schema{Type: "string", Enum: []any{desk.FindTeams, desk.FindPeople}}},
			{"limit", "The most to find.", numberSchema(web.MaxFound, web.DefaultFound)},
		},
		Answers:  []Answered{{Status: http.StatusOK, Text: "What was found.", Value: searchJSON{}}},
		Examples: []Example{{Summary: "Somebody called Ana", Target: "/search?q=ana"}},
	})
}
