package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"dailyroster/roster"
	"dailyroster/views"
)

// tokensPage answers GET /tokens: one's own tokens, and to an admin everybody's.
func (s *Server) tokensPage(w http.ResponseWriter, r *http.Request) error {
	return s.showTokens(w, r, http.StatusOK, nil, views.Tokens{})
}

// teamTokensPage answers GET /teams/{team}/tokens.
func (s *Server) teamTokensPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showTokens(w, r, http.StatusOK, team, views.Tokens{})
}

// showTokens draws the page; team is nil for one's own tokens.
func (s *Server) showTokens(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, page views.Tokens) error {
	c := callerOf(r.Context())
	page.Team, page.Now, page.CanMake = team, s.Now(), team != nil || c.person != nil
	title, pick := "Your tokens", ownTokens(c)
	if team != nil {
		title, pick = "Tokens of "+team.Name, TokensOf(team.ID)
	}
	all, err := s.Tokens(r.Context(), func(*roster.Token) bool { return true })
	if err != nil {
		return err
	}
	for i := range all {
		switch {
		case pick(&all[i]):
			page.Tokens = append(page.Tokens, all[i])
		case team == nil && c.isAdmin():
			page.Others = append(page.Others, all[i])
		}
	}
	if page.Form.Values == nil {
		page.Form.Values = map[string]string{"days": strconv.Itoa(DefaultTokenDays)}
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, status, views.TokensPage(s.frame(r, title, team), page))
}

// makeOwnToken answers POST /tokens: 200 the page with the new token, which is shown this
// once, or 422 the form.
func (s *Server) makeOwnToken(w http.ResponseWriter, r *http.Request) error {
	return s.makeTokenOnPage(w, r, nil)
}

// makeTeamToken answers POST /teams/{team}/tokens, as makeOwnToken does.
func (s *Server) makeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.makeTokenOnPage(w, r, team)
}

func (s *Server) makeTokenOnPage(w http.ResponseWriter, r *http.Request, team *roster.Team) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	wanted, err := tokenFields(fields)
	if wanted.Actor, wanted.Owner = actor(r), callerOf(r.Context()).owner(); team != nil {
		wanted.Team = team.ID
	}
	page := views.Tokens{}
	if err == nil {
		page.Made, page.Shown, err = s.MakeToken(r.Context(), wanted)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		page.Form, page.Shown = views.TokenForm{Values: firstValues(fields), Errors: refused}, ""
		return s.showTokens(w, r, http.StatusUnprocessableEntity, team, page)
	}
	if err != nil {
		return err
	}
	return s.showTokens(w, r, http.StatusOK, team, page)
}

func tokenFields(fields url.Values) (TokenWish, error) {
	wanted := TokenWish{Name: fields.Get("name"), Scope: roster.Scope(fields.Get("scope")), Days: DefaultTokenDays}
	if text := fields.Get("days"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return wanted, roster.FieldErrors{{Field: "days", Message: "not a number of days"}}
		}
		wanted.Days = n
	}
	return wanted, nil
}

// revokeOwnToken answers POST /tokens/{token}/revoke: 303 to the list. An admin may revoke
// any.
func (s *Server) revokeOwnToken(w http.ResponseWriter, r *http.Request) error {
	if err := s.RevokeTokenOf(r, ownOrAll(callerOf(r.Context()))); err != nil {
		return err
	}
	http.Redirect(w, r, views.TokensURL(nil), http.StatusSeeOther)
	return nil
}

// revokeTeamToken answers POST /teams/{team}/tokens/{token}/revoke: 303 to the list.
func (s *Server) revokeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	if err := s.RevokeTokenOf(r, TokensOf(team.ID)); err != nil {
		return err
	}
	http.Redirect(w, r, views.TokensURL(team), http.StatusSeeOther)
	return nil
}
