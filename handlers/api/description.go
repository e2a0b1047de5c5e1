package api

import (
	"net/http"

	"dailyroster/handlers/openapi"
)

// description answers GET /api/v1/openapi.json: what the API is.
func (s *Site) description(w http.ResponseWriter, _ *http.Request) error {
	return answerJSON(w, http.StatusOK, s.Described().Document)
}

func describeDescription(d *describer) {
	d.group("Description", "This description in a form for programs.")
	openapi.Name[*openapi.Document](&d.Types, "OpenAPI", &openapi.Schema{
		Type: "object", Description: "A description of an API in OpenAPI 3.1.", Required: []string{"openapi", "info", "paths"},
		AdditionalProperties: &openapi.Schema{},
	})
	d.add(Operation{
		ID: "getDescription", Method: "GET", Path: "/openapi.json", Summary: "Read this description in OpenAPI 3.1", Storeless: true,
		Answers: []Answered{{Status: http.StatusOK, Text: "The description.", Value: (*openapi.Document)(nil)}},
	})
}
