package api

import (
	"net/http"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
)

// tokenJSON is a credential.Token as the API gives it. Token, its text, is there only in the
// answer to who made it.
type tokenJSON struct {
	ID       credential.TokenID `json:"id"`
	Token    string             `json:"token,omitempty"`
	Name     string             `json:"name"`
	Scope    credential.Scope   `json:"scope"`
	Team     *roster.TeamID     `json:"team"`  // null for a personal one
	Owner    *string            `json:"owner"` // the person's name; null for a team's
	MadeBy   string             `json:"madeBy"`
	Made     time.Time          `json:"made"`
	Expires  time.Time          `json:"expires"`
	Revoked  *time.Time         `json:"revoked"`
	LastUsed *time.Time         `json:"lastUsed"` // give or take five minutes; null if never
	Live     bool               `json:"live"`
}

func newTokenJSON(t *credential.Token, now time.Time, text string) tokenJSON {
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

// tokensJSON is a list of tokens.
type tokensJSON struct {
	Tokens []tokenJSON `json:"tokens"`
}

// tokenBody is what POST takes.
type tokenBody struct {
	Name  string           `json:"name"`
	Scope credential.Scope `json:"scope"`
	Days  *int             `json:"days"` // that it lasts, 90 if missing
}

// tokens answers GET /api/v1/tokens: one's own tokens, newest first.
func (s *Site) tokens(w http.ResponseWriter, r *http.Request) error {
	return s.answerTokens(w, r, web.OwnTokens(web.CallerOf(r.Context())))
}

// teamTokens answers GET /api/v1/teams/{team}/tokens.
func (s *Site) teamTokens(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.answerTokens(w, r, desk.TokensOf(team.ID))
}

func (s *Site) answerTokens(w http.ResponseWriter, r *http.Request, pick desk.Pick) error {
	list, err := s.Desk.Tokens(r.Context(), pick)
	if err != nil {
		return err
	}
	answer := make([]tokenJSON, len(list))
	for i := range list {
		answer[i] = newTokenJSON(&list[i], s.Now(), "")
	}
	return answerJSON(w, http.StatusOK, tokensJSON{answer})
}

// makeToken answers POST /api/v1/tokens: 201 the token with its text.
func (s *Site) makeToken(w http.ResponseWriter, r *http.Request) error {
	return s.answerNewToken(w, r, "")
}

// makeTeamToken answers POST /api/v1/teams/{team}/tokens: 201 the token with its text.
func (s *Site) makeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.answerNewToken(w, r, team.ID)
}

func (s *Site) answerNewToken(w http.ResponseWriter, r *http.Request, team roster.TeamID) error {
	body := tokenBody{}
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	wanted := desk.TokenWish{Name: body.Name, Scope: body.Scope, Days: desk.DefaultTokenDays, Team: team, Owner: web.CallerOf(r.Context()).Owner(), Actor: web.Actor(r)}
	if body.Days != nil {
		wanted.Days = *body.Days
	}
	t, text, err := s.Desk.MakeToken(r.Context(), wanted)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return answerJSON(w, http.StatusCreated, newTokenJSON(&t, s.Now(), text))
}

// revokeToken answers DELETE /api/v1/tokens/{token}: 204. An admin may revoke any.
func (s *Site) revokeToken(w http.ResponseWriter, r *http.Request) error {
	return answerRevoked(w, s.RevokeTokenOf(r, web.OwnOrAll(web.CallerOf(r.Context()))))
}

// revokeTeamToken answers DELETE /api/v1/teams/{team}/tokens/{token}: 204.
func (s *Site) revokeTeamToken(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return answerRevoked(w, s.RevokeTokenOf(r, desk.TokensOf(team.ID)))
}

func answerRevoked(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func describeTokens(d *describer) {
	d.group("Tokens", "Programs send tokens to authenticate. Only people who are signed in can make, list and revoke them.")
	openapi.Name[credential.TokenID](&d.Types, "TokenID", &openapi.Schema{Type: "string", Description: "The id of a token. It is not secret."})
	openapi.Name[credential.Scope](&d.Types, "Scope", &openapi.Schema{
		Type: "string", Enum: []any{credential.ScopeRead, credential.ScopeEdit}, Description: "What a token can do. `edit` includes `read`.",
	})
	openapi.Answered[tokenJSON](&d.Types, "Token", "A token with which a program authenticates.", openapi.Notes{
		"token":    {Text: "The secret that a program sends. Only the answer that makes the token has it."},
		"name":     {Text: "What the token is for. The history shows this name."},
		"team":     {Text: "The team that the token belongs to. Null for a personal token.", Schema: openapi.OrNull(openapi.SchemaAt("TeamID"))},
		"owner":    {Text: "The name of the person that the token belongs to. Null for a team's token."},
		"madeBy":   {Text: "Who made the token."},
		"made":     {Text: "When the token was made."},
		"expires":  {Text: "When the token expires."},
		"revoked":  {Text: "When the token was revoked. Null if it was not.", Schema: openapi.OrNull(openapi.SchemaAt("Instant"))},
		"lastUsed": {Text: "When the token was last used, within five minutes. Null if never.", Schema: openapi.OrNull(openapi.SchemaAt("Instant"))},
		"live":     {Text: "Whether the token is valid now."},
	})
	openapi.Answered[tokensJSON](&d.Types, "Tokens", "A list of tokens.", openapi.Notes{"tokens": {Text: "Newest first."}})
	openapi.Sent[tokenBody](&d.Types, "TokenInput", "A request for a token.", openapi.Notes{
		"name":  {Text: "What the token is for.", Must: true},
		"scope": {Must: true, Schema: openapi.SchemaAt("Scope")},
		"days":  {Text: "How many days until the token expires. The default is 90."},
	})
	forTeam := Example{Summary: "A token for the deploy bot, for a month", Target: "/teams/ops/tokens", Body: `{"name":"Deploy bot","scope":"edit","days":30}`}
	d.add(Operation{
		ID: "listTeamTokens", Method: "GET", Path: "/teams/{team}/tokens", Summary: "List a team's tokens",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The tokens.", Value: tokensJSON{}}},
		Examples: []Example{{Summary: "One", Target: "/teams/ops/tokens", After: []Example{forTeam}}},
	}, Operation{
		ID: "makeTeamToken", Method: "POST", Path: "/teams/{team}/tokens", Summary: "Make a token for a team", Takes: tokenBody{},
		Answers:  []Answered{{Status: http.StatusCreated, Text: "The token, with its secret.", Value: tokenJSON{}}},
		Examples: []Example{forTeam},
	}, Operation{
		ID: "revokeTeamToken", Method: "DELETE", Path: "/teams/{team}/tokens/{token}", Summary: "Revoke a team's token",
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "The token is revoked."}},
		Examples: []Example{{Summary: "At once", Target: "/teams/ops/tokens/{id}", After: []Example{forTeam}}},
	}, Operation{
		ID: "listTokens", Method: "GET", Path: "/tokens", Summary: "List your own tokens",
		Answers: []Answered{{Status: http.StatusOK, Text: "The tokens.", Value: tokensJSON{}}},
	}, Operation{
		ID: "makeToken", Method: "POST", Path: "/tokens", Summary: "Make a token for yourself", Takes: tokenBody{},
		Answers: []Answered{{Status: http.StatusCreated, Text: "The token, with its secret.", Value: tokenJSON{}}},
	}, Operation{
		ID: "revokeToken", Method: "DELETE", Path: "/tokens/{token}", Summary: "Revoke one of your own tokens", Text: "An admin can revoke any token.",
		Answers: []Answered{{Status: http.StatusNoContent, Text: "The token is revoked."}},
	})
}
