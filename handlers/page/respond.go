package page

import (
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// Handler runs an action for people: an error is a page or, for htmx, a message in the page's
// status line.
func (s *Site) Handler(do web.Action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := words.With(r.Context(), words.Pick(r.Header.Get("Accept-Language")))
		r = r.WithContext(views.WithIcons(ctx, s.Files.Icons))
		err := do(w, r)
		if err == nil || s.toSignIn(w, r, err) {
			return
		}
		answer := s.refusePeople(w, r, err)
		if shell.WantsFragment(r) {
			message := words.Said(r.Context(), answer.Detail)
			if answer.Status >= http.StatusInternalServerError {
				message += " " + words.T(r.Context(), "(Request %s)", web.RequestID(r.Context()))
			}
			err = shell.Render(w, r, answer.Status, views.Status(message, true, true))
		} else {
			title, detail := words.Said(r.Context(), answer.Title), words.Said(r.Context(), answer.Detail)
			frame := s.Frame(r, title, nil)
			frame.Foot.StoreOK = answer.Status != http.StatusServiceUnavailable
			err = shell.Render(w, r, answer.Status, views.Problem(frame, title, detail))
		}
		if err != nil {
			s.Log.Error("the answer to an error failed too", "path", web.LogPath(r), "error", err)
			http.Error(w, answer.Detail.Error(), answer.Status) // saying nothing would be 200
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
		answer.Detail = said.Whole("Someone changed this while you were looking at it. Go back, reload the page and repeat your edit.")
	}
	return answer
}
