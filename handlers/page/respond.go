package page

import (
	"bytes"
	"context"
	"net/http"

	"github.com/a-h/templ"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/views"
)

// Handler runs an action for people: an error is a page or, for htmx, a message in the page's
// status line.
func (s *Site) Handler(do web.Action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := do(w, r)
		if err == nil || s.toSignIn(w, r, err) {
			return
		}
		answer := s.refusePeople(w, r, err)
		if wantsFragment(r) {
			message := answer.Detail
			if answer.Status >= http.StatusInternalServerError {
				message += " (Request " + web.RequestID(r.Context()) + ")"
			}
			err = s.render(w, r, answer.Status, views.Status(message, true, true))
		} else {
			frame := s.frame(r, answer.Title, nil)
			frame.Foot.StoreOK = answer.Status != http.StatusServiceUnavailable
			err = s.render(w, r, answer.Status, views.Problem(frame, answer.Title, answer.Detail))
		}
		if err != nil {
			s.Log.Error("the answer to an error failed too", "path", web.LogPath(r), "error", err)
			http.Error(w, answer.Detail, answer.Status) // saying nothing would be 200
			return
		}
	})
}

// refusePeople is Refuse for people, who state no revisions: they base an edit on the page that
// they see.
func (s *Site) refusePeople(w http.ResponseWriter, r *http.Request, err error) web.Answer {
	answer := s.Refuse(w, r, err)
	if answer.Kind == desk.KindStale {
		answer.Status = http.StatusConflict
		answer.Detail = "Someone changed this while you were looking at it. Go back, reload the page and repeat your edit."
	}
	return answer
}

// wantsFragment reports whether htmx asks for a part of a page. To restore a page from the
// browser's history, it wants the whole page.
func wantsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// render draws the components, one after the other, and only then writes the status. It also
// draws for a request whose time is over: templ draws nothing for a context that has ended,
// and an error without a message would look like success.
func (s *Site) render(w http.ResponseWriter, r *http.Request, status int, components ...templ.Component) error {
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
