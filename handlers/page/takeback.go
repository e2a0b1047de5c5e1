package page

import (
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
)

// takeTeamBack answers POST /teams/{team}/take-back: 303 to the page on which it was offered, or
// 409 if the team was changed again since.
func (s *Site) takeTeamBack(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	home := views.TeamURL(team.ID)
	was, err := shell.TakeBack(r, home, team.Base(), *team)
	if err != nil {
		return err
	}
	if err := was.Validate(); err != nil {
		return err
	}
	if err := web.CallerOf(r.Context()).MaySetEditors(team, &was); err != nil {
		return err
	}
	if err := was.KeepsPast(team, team.Today(s.Now())); err != nil {
		return err
	}
	if err := was.KeepsServed(team, s.Now()); err != nil {
		return err
	}
	if _, err := s.Desk.PutTeam(r.Context(), was, team.Base()); err != nil {
		return err
	}
	s.TookBack(w, r, fields.Get("to"), home)
	return nil
}

// takePersonBack is takeTeamBack for POST /people/{person}/take-back.
func (s *Site) takePersonBack(w http.ResponseWriter, r *http.Request) error {
	p, fields, err := s.PersonForm(r)
	if err != nil {
		return err
	}
	home := views.PersonURL(p.ID)
	was, err := shell.TakeBack(r, home, p.Revision, p)
	if err != nil {
		return err
	}
	if err := s.KeepContact(r.Context(), &p, &was); err != nil {
		return err
	}
	if _, err := s.Desk.PutPerson(r.Context(), was, p.Revision); err != nil {
		return err
	}
	if team, err := roster.ParseTeamID(fields.Get("team")); err == nil { // it was offered on the team's page
		s.TookBack(w, r, views.MembersURL(team), views.MembersURL(team))
		return nil
	}
	s.TookBack(w, r, fields.Get("to"), home)
	return nil
}
