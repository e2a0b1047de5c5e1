package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// page runs an action for people: errors are a page, or for htmx a message in the
// page's status line.
func (s *Server) page(do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		if err == nil || s.toSignIn(w, r, err) {
			return
		}
		answer := s.refusePeople(w, r, err)
		if wantsFragment(r) {
			message := answer.Detail
			if answer.Status >= http.StatusInternalServerError {
				message += " (Request " + requestID(r.Context()) + ")"
			}
			err = s.render(w, r, answer.Status, views.Status(message, true, true))
		} else {
			frame := s.frame(r, answer.Title, nil)
			frame.Foot.StoreOK = answer.Status != http.StatusServiceUnavailable
			err = s.render(w, r, answer.Status, views.Problem(frame, answer.Title, answer.Detail))
		}
		if err != nil {
			s.Log.Error("the answer to an error failed too", "path", logPath(r), "error", err)
			http.Error(w, answer.Detail, answer.Status) // saying nothing would be 200
			return
		}
	})
}

// refusePeople is Refuse for people, who do not state revisions: what they based an edit on
// is the page that they look at.
func (s *Server) refusePeople(w http.ResponseWriter, r *http.Request, err error) Answer {
	answer := s.Refuse(w, r, err)
	if answer.Kind == KindStale {
		answer.Status = http.StatusConflict
		answer.Detail = "This was changed while you looked at it. Go back, load the page again and repeat your edit."
	}
	return answer
}

// frame is what is around a page's content.
func (s *Server) frame(r *http.Request, title string, team *roster.Team) views.Frame {
	asOf := store.AgeOf(r.Context()).Oldest()
	return views.Frame{
		Title: title, Team: team, Assets: s.files, Who: s.who(r), May: s.may(r, team), AsOf: asOf, Now: s.Now(), Request: requestID(r.Context()),
		Foot: views.Foot{ServedBy: s.Instance, Version: s.Version, Store: s.Store.Name(), StoreOK: asOf.IsZero()},
	}
}

// wantsFragment reports whether htmx asks for a part of a page. A page that is
// restored from the history is wanted whole.
func wantsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// render draws the components, one after the other, and only then writes the status. A
// request whose time is over is answered like any other: templ draws nothing for a context
// that has ended, and an error that nobody was told would look like success.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, components ...templ.Component) error {
	var body bytes.Buffer
	ctx := context.WithoutCancel(r.Context())
	for _, c := range components {
		if err := c.Render(ctx, &body); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a browser that went away is no one's error
	return nil
}

// problem runs an action for programs: errors are application/problem+json
// (RFC 9457).
func (s *Server) problem(do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		if err == nil {
			return
		}
		answer := s.Refuse(w, r, err)
		body := problemJSON{
			Type: problemType + string(answer.Kind), Title: answer.Title, Status: answer.Status, Detail: answer.Detail, Request: requestID(r.Context()),
		}
		for _, f := range answer.Fields {
			body.Errors = append(body.Errors, fieldProblem{f.Field, roster.Sentence(f.Message)})
		}
		if err := writeJSON(w, answer.Status, "application/problem+json", body); err != nil {
			s.Log.Error("the answer to an error failed too", "path", logPath(r), "error", err)
			http.Error(w, answer.Detail, answer.Status)
		}
	})
}

// problemType is what the type of every problem begins with. The types are names,
// not addresses, and never change.
const problemType = "urn:dailyroster:problem:"

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

// answerText writes plain text as the answer.
func answerText(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
	return nil
}

// wantsText reports whether the caller prefers plain text to JSON.
func wantsText(r *http.Request) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		switch kind, _, _ := strings.Cut(accepted, ";"); strings.TrimSpace(kind) {
		case "text/plain":
			return true
		case "application/json", "*/*":
			return false
		}
	}
	return false
}

// emptyNotNull makes an empty list [] in JSON, where nil would be null.
func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
