package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
	"dailyroster/views"
	"dailyroster/words"
)

// signIn answers GET /signin?back=: 303 to the sign-in provider. After the sign-in, the
// browser goes to back.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	door := s.Door()
	if door == nil {
		return desk.NotFound("There is no such page.")
	}
	back := signin.Back(r.URL.Query().Get("back"))
	if web.CallerOf(r.Context()).Known() { // another tab may have been faster
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	if err := s.LimitAttempt(r); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.signInError(door.Begin(w, r, back))
}

// signInCallback answers GET /signin/callback, to which the provider sends the browser back:
// 303 to the page that the person wanted at first.
func (s *Site) signInCallback(w http.ResponseWriter, r *http.Request) error {
	door := s.Door()
	if door == nil {
		return desk.NotFound("There is no such page.")
	}
	if err := s.LimitAttempt(r); err != nil {
		return err
	}
	var teams []roster.Team
	var teamsErr error
	w.Header().Set("Cache-Control", "no-store")
	who, back, err := door.Finish(w, r, func(group string) bool {
		if teams == nil && teamsErr == nil {
			teams, teamsErr = s.Store.Teams(r.Context())
		}
		return s.Access.Matters(group, teams)
	})
	if errors.Is(err, signin.ErrInterrupted) && web.CallerOf(r.Context()).Known() {
		back, err = "/", nil // another tab was faster
	} else if err == nil {
		s.Seen(who)
		s.Log.Info("signed in", "who", who.Subject)
	}
	if err := errors.Join(err, teamsErr); err != nil {
		return s.signInError(err)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// signOut answers POST /signout: 303 to a page that offers to sign in again. The browser is
// signed out here, but may still be signed in at the provider.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	door := s.Door()
	if door == nil {
		return desk.NotFound("There is no such page.")
	}
	door.End(w)
	http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
	return nil
}

// signOutEverywhere answers POST /signout/everywhere: 303 as signOut, after all sessions of
// the caller are over, on this browser and any other.
func (s *Site) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	door := s.Door()
	if door == nil {
		return desk.NotFound("There is no such page.")
	}
	if err := s.SignOutEverywhere(r.Context(), credential.SubjectSignOut(web.CallerOf(r.Context()).Person.Subject), web.Actor(r)); err != nil {
		return err
	}
	door.End(w)
	http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
	return nil
}

// signOutSomebody answers POST /signouts: 303 to the tokens, after all sessions are over of
// whoever the sign-in calls so or, with an @, has the verified email; 422 the form.
func (s *Site) signOutSomebody(w http.ResponseWriter, r *http.Request) error {
	if s.Door() == nil {
		return desk.NotFound("There is no such page.")
	}
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	who := strings.TrimSpace(fields.Get("who"))
	id := credential.SubjectSignOut(who)
	if strings.Contains(who, "@") {
		id = credential.EmailSignOut(who)
	}
	err = s.SignOutEverywhere(r.Context(), id, web.Actor(r))
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		page := views.Tokens{SignOut: views.TokenForm{Values: shell.FirstValues(fields), Errors: refused}}
		return s.showTokens(w, r, http.StatusUnprocessableEntity, nil, page)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/tokens?signed-out", http.StatusSeeOther)
	return nil
}

// signedOut answers GET /signed-out.
func (s *Site) signedOut(w http.ResponseWriter, r *http.Request) error {
	if s.Door() == nil {
		return desk.NotFound("There is no such page.")
	}
	return shell.Render(w, r, http.StatusOK, views.SignedOut(s.Frame(r, words.T(r.Context(), "Signed out"), nil)))
}

// signInError turns what went wrong into an answer that tells the person what to do.
func (s *Site) signInError(err error) error {
	if err == nil {
		return nil
	}
	s.Log.Warn("a sign-in failed", "error", err)
	if refused, is := errors.AsType[*signin.RefusedError](err); is {
		return desk.RefuseFor(web.KindSignInRefused, "You are not signed in", errors.New(refused.Reason))
	}
	if _, is := errors.AsType[*signin.UnreachableError](err); is {
		return desk.Refuse(web.KindSignInUnavailable, "You are not signed in",
			"The sign-in provider does not answer. Try again in a moment.")
	}
	if errors.Is(err, signin.ErrInterrupted) {
		return desk.Refuse(web.KindSignInInterrupted, "You are not signed in",
			"This sign-in began in another browser, or too long ago. Sign in again.")
	}
	return err
}

// toSignIn sends a browser that asks for a page to the sign-in. It returns false if the request
// is for something else, or if people do not sign in at this site.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request, err error) bool {
	asksForPage := r.Method == http.MethodGet && web.Prefers(r, "text/html", "application/json") && !shell.WantsFragment(r)
	if s.Door() == nil || !asksForPage || !errors.Is(err, web.KindNotSignedIn) {
		return false
	}
	http.Redirect(w, r, "/signin?back="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return true
}
