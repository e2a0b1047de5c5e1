package api

import (
	"encoding/json"
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/words/said"
)

// Handler runs an action for programs: errors are application/Handler+json
// (RFC 9457).
func (s *Site) Handler(do web.Action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		if err == nil {
			return
		}
		answer := s.Refuse(w, r, err)
		body := problemJSON{
			Type: ProblemType + string(answer.Kind), Title: answer.Title.Error(), Status: answer.Status, Detail: answer.Detail.Error(), Request: web.RequestID(r.Context()),
		}
		for _, f := range answer.Fields {
			body.Errors = append(body.Errors, fieldProblem{f.Field, said.Sentence(f.Err).Error()})
		}
		if err := writeJSON(w, answer.Status, "application/problem+json", body); err != nil {
			s.Log.Error("the answer to an error failed too", "path", web.LogPath(r), "error", err)
			http.Error(w, answer.Detail.Error(), answer.Status)
		}
	})
}

// ProblemType is what the type of every problem begins with. The types are names,
// not addresses, and never change.
const ProblemType = "urn:dailyroster:problem:"

// problemJSON is a problem of RFC 9457. Its extensions are request, the id by which
// people can ask about it, and errors, for single fields.
type problemJSON struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Request string         `json:"request"`
	Errors  []fieldProblem `json:"errors,omitempty"`
}

type fieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// answerJSON writes a value as the answer of the API.
func answerJSON(w http.ResponseWriter, status int, v any) error {
	return writeJSON(w, status, "application/json", v)
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
	return nil
}

// each is what f makes of each of a list. Without any it is [] in JSON.
func each[T, U any](list []T, f func(T) U) []U {
	made := make([]U, len(list))
	for i, one := range list {
		made[i] = f(one)
	}
	return made
}

// emptyNotNull makes an empty list [] in JSON, where nil would be null.
func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
