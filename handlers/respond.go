package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/elnormous/contenttype"

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
		answer := s.refuse(w, r, err)
		if wantsFragment(r) {
			message := answer.detail
			if answer.status >= http.StatusInternalServerError {
				message += " (Request " + requestID(r.Context()) + ")"
			}
			err = s.render(w, r, answer.status, views.Status(message, true, true))
		} else {
			frame := s.frame(r, answer.title, nil)
			frame.Foot.StoreOK = answer.status != http.StatusServiceUnavailable
			err = s.render(w, r, answer.status, views.Problem(frame, answer.title, answer.detail))
		}
		if err != nil {
			s.Log.Error("the answer to an error failed too", "path", logPath(r), "error", err)
			http.Error(w, answer.detail, answer.status) // saying nothing would be 200
			return
		}
	})
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
		answer := s.refuse(w, r, err)
		body := problemJSON{
			Type: problemType + answer.kind, Title: answer.title, Status: answer.status, Detail: answer.detail, Request: requestID(r.Context()),
		}
		for _, f := range answer.fields {
			body.Errors = append(body.Errors, fieldProblem{f.Field, sentence(f.Message)})
		}
		if err := writeJSON(w, answer.status, "application/problem+json", body); err != nil {
			s.Log.Error("the answer to an error failed too", "path", logPath(r), "error", err)
			http.Error(w, answer.detail, answer.status)
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
func wantsText(r *http.Request) bool { return prefers(r, "text/plain", "application/json") }

// prefers reports whether the caller wants a type more than the usual one (RFC 9110,
// section 12.5.1). Who has no wish, or none that is understood, does not.
func prefers(r *http.Request, kind, usual string) bool {
	var offered []contenttype.MediaType
	for _, name := range []string{usual, kind} {
		// Whoever asks for UTF-8 means no other.
		offered = append(offered, contenttype.NewMediaType(name), contenttype.NewMediaType(name+"; charset=utf-8"))
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(strings.Join(r.Header.Values("Accept"), ", "), offered)
	return err == nil && chosen.MIME() == kind
}

// sentence makes a message, which begins in lower case as Go's errors do, a sentence.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// emptyNotNull makes an empty list [] in JSON, where nil would be null.
func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
