// Package api is the JSON API, and its description.
//
// # A new route
//
// A line in routes.go, and next to its handler, in a describe… function that describe
// calls, what it is:
//
//	openapi.Answered[swapJSON](&d.Types, "Swap", "Two shifts that change hands.", openapi.Notes{
//		"made": {Text: "When it was made."},
//	})
//	d.add(Operation{
//		ID: "getSwap", Method: "GET", Path: "/teams/{team}/swaps/{swap}", Summary: "Read a swap", Tagged: true,
//		Answers:  []Answered{{Status: http.StatusOK, Text: "The swap.", Value: swapJSON{}}},
//		Examples: []Example{{Summary: "A swap", Target: "/teams/ops/swaps/first"}},
//	})
//
// What is answered has a type …JSON of this package, made by new…JSON, and what is read a
// type …Body: never a struct of another package, whose fields change for other reasons.
// The schema of what is sent alone is called …Input. Answered and Sent make the schema of a
// type from its fields; the notes say what a field means, and what its Go type does not
// tell. Parameters of the path, headers and
// problems follow from the rest (see Described.Refusals); a new parameter of a path is
// described in commonParameters, a new kind of problem in ProblemKinds. Then
//
//	go test ./handlers -run TestExamples -update
//
// sends the examples to the new route and keeps the answers. Tests fail where a route is
// not described or a description has no route, and where anything that any test sends to
// the API, or is answered, is not as described (contract_test.go): a status, a header, a
// field.
package api

import (
	"sync"

	"dailyroster/handlers/export"
	"dailyroster/handlers/web"
)

// Site serves the API.
type Site struct {
	*web.Gate
	Exports *export.Site
	// Described is the description of the API, which is made when it is first asked for.
	Described func() *Description
}

// New makes the Site.
func New(gate *web.Gate, exports *export.Site) *Site {
	s := &Site{Gate: gate, Exports: exports}
	s.Described = sync.OnceValue(func() *Description { return describeAPI(s.describedRoutes(), s.Version) })
	return s
}
