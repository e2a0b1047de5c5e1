package handlers

import (
	"net/http"

	"dailyroster/handlers/openapi"
)

// apiDescription answers GET /api/v1/openapi.json: what the API is.
func (s *Server) apiDescription(w http.ResponseWriter, _ *http.Request) error {
	return answerJSON(w, http.StatusOK, s.described().Document)
}

func describeDescription(d *describer) {
	d.group("Description", "What you are reading, for programs.")
	openapi.Name[*openapi.Document](&d.Types, "OpenAPI", &openapi.Schema{
		Type: "object", Description: "A description in OpenAPI 3.1.", Required: []string{"openapi", "info", "paths"},
		AdditionalProperties: &openapi.Schema{},
	})
	d.add(operation{
		id: "getDescription", method: "GET", path: "/openapi.json", summary: "This description in OpenAPI 3.1", storeless: true,
		answers: []answered{{status: http.StatusOK, text: "The description.", value: (*openapi.Document)(nil)}},
	})
}
