package handlers

import (
	"net/http"
	"time"

	"dailyroster/roster"
)

// tokenJSON is a roster.Token as the API gives it. Token, its text, is there only in the
// answer to who made it.
type tokenJSON struct {
	ID       roster.TokenID `json:"id"`
	Token    string         `json:"token,omitempty"`
	Name     string         `json:"name"`
	Scope    roster.Scope   `json:"scope"`
	Team     *roster.TeamID `json:"team"`  // null for a personal one
	Owner    *string        `json:"owner"` // the person's name; null for a team's
	MadeBy   string         `json:"madeBy"`
	Made     time.Time      `json:"made"`
	Expires  time.Time      `json:"expires"`
	Revoked  *time.Time     `json:"revoked"`
	LastUsed *time.Time     `json:"lastUsed"` // give or take five minutes; null if never
	Live     bool           `json:"live"`
}

func newTokenJSON(t *roster.Token, now time.Time, text string) tokenJSON {
	j := tokenJSON{
		ID: t.ID, Token: text, Name: t.Name, Scope: t.Scope, MadeBy: t.MadeBy, Made: t.Made, Expires: t.Expires, Live: t.Live(now),
	}
	if t.Owner != nil {
		j.Owner = &t.Owner.Name
	} else {
		j.Team = &t.Team
	}
	if !t.Revoked.IsZero() {
		j.Revoked = &t.Revoked
	}
	if !t.LastUsed.IsZero() {
		j.LastUsed = &t.LastUsed
	}
	return j
}

// tokenBody is what POST takes.
type tokenBody struct {
	Name  string       `json:"name"`
	Scope roster.Scope `json:"scope"`
	Days  *int         `json:"days"` // that it lasts, 90 if missing
}

// apiTokens answers GET /api/v1/tokens: one's own tokens, newest first.
func (s *Server) apiTokens(w http.ResponseWriter, r *http.Request) error {
	return s.answerTokens(w, r, ofPerson(callerOf(r.Context()).person))
}

// apiTeamTokens answers GET /api/v1/teams/{team}/tokens.
func (s *Server) apiTeamTokens(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	return s.answerTokens(w, r, ofTeam(team.ID))
}

func (s *Server) answerTokens(w http.ResponseWriter, r *http.Request, pick func(*roster.Token) bool) error {
	list, err := s.tokens(r.Context(), pick)
	if err != nil {
		return err
	}
	answer := make([]tokenJSON, len(list))
	for i := range list {
		answer[i] = newTokenJSON(&list[i], s.Now(), "")
	}
	return answerJSON(w, http.StatusOK, map[string]any{"tokens": answer})
}

// apiMakeToken answers POST /api/v1/tokens: 201 the token with its text.
func (s *Server) apiMakeToken(w http.ResponseWriter, r *http.Request) error {
	return s.answerNewToken(w, r, "")
}

// apiMakeTeamToken answers POST /api/v1/teams/{team}/tokens: 201 the token with its text.
func (s *Server) apiMakeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	return s.answerNewToken(w, r, team.ID)
}

func (s *Server) answerNewToken(w http.ResponseWriter, r *http.Request, team roster.TeamID) error {
	body := tokenBody{}
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	wanted := wantedToken{name: body.Name, scope: body.Scope, days: defaultTokenDays, team: team}
	if body.Days != nil {
		wanted.days = *body.Days
	}
	t, text, err := s.makeToken(r, wanted)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return answerJSON(w, http.StatusCreated, newTokenJSON(&t, s.Now(), text))
}

// apiRevokeToken answers DELETE /api/v1/tokens/{token}: 204. An admin may revoke any.
func (s *Server) apiRevokeToken(w http.ResponseWriter, r *http.Request) error {
	return answerRevoked(w, s.revokeToken(r, ownOrAll(callerOf(r.Context()))))
}

// apiRevokeTeamToken answers DELETE /api/v1/teams/{team}/tokens/{token}: 204.
func (s *Server) apiRevokeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	return answerRevoked(w, s.revokeToken(r, ofTeam(team.ID)))
}

func answerRevoked(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}
