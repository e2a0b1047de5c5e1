package page

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// tokensPage answers GET /tokens: the caller's tokens and, for an admin, everybody's.
func (s *Site) tokensPage(w http.ResponseWriter, r *http.Request) error {
	return s.showTokens(w, r, http.StatusOK, nil, views.Tokens{})
}

// teamTokensPage answers GET /teams/{team}/tokens.
func (s *Site) teamTokensPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showTokens(w, r, http.StatusOK, team, views.Tokens{})
}

// showTokens draws the page; team is nil for the caller's own tokens.
func (s *Site) showTokens(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, page views.Tokens) error {
	c := web.CallerOf(r.Context())
	page.Team, page.Now, page.CanMake = team, s.Now(), team != nil || c.Person != nil
	title, pick := words.T(r.Context(), "Your tokens"), web.OwnTokens(c)
	if team != nil {
		title, pick = words.T(r.Context(), "Tokens of %s", team.Name), desk.TokensOf(team.ID)
	}
	all, err := s.Desk.Tokens(r.Context(), func(*credential.Token) bool { return true })
	if err != nil {
		return err
	}
	for i := range all {
		switch {
		case pick(&all[i]):
			page.Tokens = append(page.Tokens, all[i])
		case team == nil && c.IsAdmin():
			page.Others = append(page.Others, all[i])
		}
	}
	if page.Form.Values == nil {
		page.Form.Values = map[string]string{"days": strconv.Itoa(desk.DefaultTokenDays)}
	}
	w.Header().Set("Cache-Control", "no-store")
	frame := s.Frame(r, title, team)
	if r.URL.Query().Has("signed-out") && status == http.StatusOK {
		frame.Notice = words.T(r.Context(), "Signed out: on this instance now, on others within a minute.")
	}
	return shell.Render(w, r, status, views.TokensPage(frame, page))
}

// makeOwnToken answers POST /tokens: 200 the page with the new token, which is shown only
// this once, or 422 the form.
func (s *Site) makeOwnToken(w http.ResponseWriter, r *http.Request) error {
	return s.makeTokenOnPage(w, r, nil)
}

// makeTeamToken answers POST /teams/{team}/tokens, as makeOwnToken does.
func (s *Site) makeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.makeTokenOnPage(w, r, team)
}

func (s *Site) makeTokenOnPage(w http.ResponseWriter, r *http.Request, team *roster.Team) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	wanted, err := tokenFields(fields)
	if wanted.Actor, wanted.Owner = web.Actor(r), web.CallerOf(r.Context()).Owner(); team != nil {
		wanted.Team = team.ID
	}
	page := views.Tokens{}
	if err == nil {
		page.Made, page.Shown, err = s.Desk.MakeToken(r.Context(), wanted)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		page.Form, page.Shown = views.TokenForm{Values: shell.FirstValues(fields), Errors: refused}, ""
		return s.showTokens(w, r, http.StatusUnprocessableEntity, team, page)
	}
	if err != nil {
		return err
	}
	return s.showTokens(w, r, http.StatusOK, team, page)
}

func tokenFields(fields url.Values) (desk.TokenWish, error) {
	wanted := desk.TokenWish{Name: fields.Get("name"), Scope: credential.Scope(fields.Get("scope")), Days: desk.DefaultTokenDays}
	if text := fields.Get("days"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return wanted, roster.FieldErrors{{Field: "days", Err: said.New("give a number of days")}}
		}
		wanted.Days = n
	}
	return wanted, nil
}

// revokeOwnToken answers POST /tokens/{token}/revoke: 303 to the list. An admin may revoke
// any token.
func (s *Site) revokeOwnToken(w http.ResponseWriter, r *http.Request) error {
	if err := s.RevokeTokenOf(r, web.OwnOrAll(web.CallerOf(r.Context()))); err != nil {
		return err
	}
	http.Redirect(w, r, views.TokensURL(nil), http.StatusSeeOther)
	return nil
}

// revokeTeamToken answers POST /teams/{team}/tokens/{token}/revoke: 303 to the list.
func (s *Site) revokeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	if err := s.RevokeTokenOf(r, desk.TokensOf(team.ID)); err != nil {
		return err
	}
	http.Redirect(w, r, views.TokensURL(team), http.StatusSeeOther)
	return nil
}
