package web

import (
	"cmp"
	"net/http"

	"github.com/gorilla/mux"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/roster/credential"
)

// TeamOf is the {team} of the path, if it is listed, with no exchange half made.
func (s *Gate) TeamOf(r *http.Request) (*roster.Team, error) {
	asking := AskingOf(r.Context())
	if team := asking.team; team != nil { // read when the caller's rights were checked
		asking.team = nil
		return team, nil
	}
	id, err := roster.ParseTeamID(mux.Vars(r)["team"])
	if err != nil {
		return nil, desk.NotFound("There is no such team.")
	}
	return s.Desk.TeamAhead(r.Context(), id, expected(r, id, s.Now()))
}

// TeamWithNames is the {team} of the path, as TeamOf is, and everybody's names.
func (s *Gate) TeamWithNames(r *http.Request) (*roster.Team, roster.Names, error) {
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, roster.Names{}, err
	}
	names, err := s.Desk.Names(r.Context())
	return team, names, err
}

// ExchangeOf is the {team} of the path, as TeamOf is, and the id of the {exchange}, which may
// be one that the team does not have.
func (s *Gate) ExchangeOf(r *http.Request) (*roster.Team, roster.ChangeID, error) {
	team, err := s.TeamOf(r)
	if err != nil {
		return nil, "", err
	}
	id, err := pathExchange(r)
	return team, id, err
}

// PersonOf is the {person} of the path, if listed.
func (s *Gate) PersonOf(r *http.Request) (roster.Person, error) {
	id, err := roster.ParsePersonID(mux.Vars(r)["person"])
	if err != nil {
		return roster.Person{}, desk.NotFound("There is no such person.")
	}
	return s.Desk.Person(r.Context(), id)
}

// AnyPersonOf is the {person} of the path, removed or not.
func (s *Gate) AnyPersonOf(r *http.Request) (roster.Person, error) {
	id, err := roster.ParsePersonID(mux.Vars(r)["person"])
	if err != nil {
		return roster.Person{}, desk.NotFound("There is no such person.")
	}
	return s.Desk.AnyPerson(r.Context(), id)
}

// TeamToRemove is the {team} of the path for a request that removes it, perhaps again.
func (s *Gate) TeamToRemove(r *http.Request) (*roster.Team, error) {
	id, err := roster.ParseTeamID(mux.Vars(r)["team"])
	if err != nil {
		return nil, desk.NotFound("There is no such team.")
	}
	return s.Desk.TeamToRemove(r.Context(), id)
}

// PersonToRemove is the {person} of the path for a request that removes them, perhaps again.
func (s *Gate) PersonToRemove(r *http.Request) (roster.Person, error) {
	id, err := roster.ParsePersonID(mux.Vars(r)["person"])
	if err != nil {
		return roster.Person{}, desk.NotFound("There is no such person.")
	}
	return s.Desk.PersonToRemove(r.Context(), id)
}

// PathDate is the {date} of the path.
func PathDate(r *http.Request) (roster.Date, error) {
	d, err := roster.ParseDate(mux.Vars(r)["date"])
	if err != nil {
		return d, BadRequest("%v", err)
	}
	return d, nil
}

func pathExchange(r *http.Request) (roster.ChangeID, error) {
	id, err := roster.ParseChangeID(mux.Vars(r)["exchange"])
	if err != nil {
		return "", desk.NotFound("There is no such exchange.")
	}
	return id, nil
}

// PathToken is the {token} or {feed} of the path.
func PathToken(r *http.Request) (credential.TokenID, error) {
	id, err := credential.ParseTokenID(cmp.Or(mux.Vars(r)["token"], mux.Vars(r)["feed"]))
	if err != nil {
		return "", desk.NotFound("There is no such token.")
	}
	return id, nil
}

// RevokeTokenOf revokes the token of the path, if pick picks it.
func (s *Gate) RevokeTokenOf(r *http.Request, pick desk.Pick) error {
	id, err := PathToken(r)
	if err != nil {
		return err
	}
	return s.Desk.RevokeToken(r.Context(), id, pick, Actor(r))
}
