package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/views"
)

// door is where people sign in; nil where that is not for this site to do.
func (s *Server) door() signin.Door {
	door, _ := s.SignIn.(signin.Door)
	return door
}

// signIn answers GET /signin?back=: 303 to the sign-in provider, which sends the browser
// on to back in the end.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	door := s.door()
	if door == nil {
		return notFound("page")
	}
	back := signin.Back(r.URL.Query().Get("back"))
	if callerOf(r.Context()).known() { // as after a second tab was faster
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	if err := s.limitAttempt(r); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.signInError(door.Begin(w, r, back))
}

// signInCallback answers GET /signin/callback, where the provider sends the browser back
// to: 303 to the page that was wanted in the first place.
func (s *Server) signInCallback(w http.ResponseWriter, r *http.Request) error {
	door := s.door()
	if door == nil {
		return notFound("page")
	}
	if err := s.limitAttempt(r); err != nil {
		return err
	}
	var teams []roster.Team
	var teamsErr error
	w.Header().Set("Cache-Control", "no-store")
	who, back, err := door.Finish(w, r, func(group string) bool {
		if teams == nil && teamsErr == nil {
			teams, teamsErr = s.Store.Teams(r.Context())
		}
		return s.Access.matters(group, teams)
	})
	if errors.Is(err, signin.ErrInterrupted) && callerOf(r.Context()).known() {
		back, err = "/", nil // another tab was faster
	} else if err == nil {
		s.seen(who)
		s.Log.Info("signed in", "who", who.Subject)
	}
	if err := errors.Join(err, teamsErr); err != nil {
		return s.signInError(err)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// signOut answers POST /signout: 303 to a page that offers to sign in again. Here the
// browser is forgotten; at the provider it may still be signed in.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	door := s.door()
	if door == nil {
		return notFound("page")
	}
	door.End(w)
	http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
	return nil
}

// signedOut answers GET /signed-out.
func (s *Server) signedOut(w http.ResponseWriter, r *http.Request) error {
	if s.door() == nil {
		return notFound("page")
	}
	return s.render(w, r, http.StatusOK, views.SignedOut(s.frame(r, "Signed out", nil)))
}

// signInError makes what went wrong an answer that tells the person what to do.
func (s *Server) signInError(err error) error {
	if err == nil {
		return nil
	}
	const title = "You are not signed in"
	s.Log.Warn("a sign-in came to nothing", "error", err)
	if refused, is := errors.AsType[*signin.RefusedError](err); is {
		return &refusal{http.StatusForbidden, "sign-in-refused", title, sentence(refused.Reason), nil}
	}
	if _, is := errors.AsType[*signin.UnreachableError](err); is {
		return &refusal{http.StatusServiceUnavailable, "sign-in-unavailable", title,
			"The sign-in provider does not answer for now. Please try again in a moment.", nil}
	}
	if errors.Is(err, signin.ErrInterrupted) {
		return &refusal{http.StatusBadRequest, "sign-in-interrupted", title,
			"This sign-in was begun elsewhere, or too long ago. Please sign in again.", nil}
	}
	return err
}

// toSignIn sends a browser that asks for a page to where its person signs in; false where
// that is not what was asked for, or not for this site to do.
func (s *Server) toSignIn(w http.ResponseWriter, r *http.Request, err error) bool {
	asksForPage := r.Method == http.MethodGet && prefers(r, "text/html", "application/json") && !wantsFragment(r)
	if s.door() == nil || !asksForPage || !errors.Is(err, errNotSignedIn) {
		return false
	}
	http.Redirect(w, r, "/signin?back="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return true
}

// who is the caller as every page tells it.
func (s *Server) who(r *http.Request) views.Who {
	c := callerOf(r.Context())
	w := views.Who{NoSignIn: s.SignIn == nil, Door: s.door() != nil, InPerson: c.inPerson()}
	if c.person != nil && c.token == nil {
		w.Name = nameOf(*c.person)
	}
	return w
}
