package page

import (
	"errors"
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// fairnessPage answers GET /teams/{team}/fairness?by=&from=&to=&role=.
func (s *Site) fairnessPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	asked, refused := web.ParseFairnessQuery(q, team, team.Today(s.Now()))
	page := views.FairnessPage{Team: team, By: asked.By, Role: asked.Role, Today: team.Today(s.Now()), From: q.Get("from"), To: q.Get("to")}
	if refused != nil {
		if page.Errors, _ = errors.AsType[roster.FieldErrors](refused); page.Errors == nil {
			return refused
		}
		return shell.Render(w, r, http.StatusBadRequest, views.Fairness(s.Frame(r, words.T(r.Context(), "Fairness of %s", team.Name), team), page))
	}
	page.From, page.To = asked.From.String(), asked.To.String()
	if page.Names, err = s.Desk.Names(r.Context()); err != nil {
		return err
	}
	counted, err := s.Desk.Fairness(r.Context(), team, asked)
	if err != nil {
		return err
	}
	page.Table = asked.InRole(team, counted)
	return shell.Render(w, r, http.StatusOK, views.Fairness(s.Frame(r, words.T(r.Context(), "Fairness of %s", team.Name), team), page))
}
