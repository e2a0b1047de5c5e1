package handlers

import (
	"net/http"

	"dailyroster/views"
)

// historyPage answers GET /teams/{team}/history?date=&cursor=&limit=: who changed what,
// newest first.
func (s *Server) historyPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.team(r)
	if err != nil {
		return err
	}
	query, err := changeQuery(r)
	if err != nil {
		return err
	}
	page, err := s.Store.Changes(r.Context(), team.ID, query)
	if err != nil {
		return err
	}
	names, _, err := s.names(r.Context())
	if err != nil {
		return err
	}
	zone := team.SettingsOn(team.Today(s.Now())).Zone.Location()
	return s.render(w, r, http.StatusOK, views.HistoryPage(s.frame(r, "History of "+team.Name, team), views.History{
		Team: team, Date: query.Date, Changes: page.Changes, Names: names, Zone: zone, Next: page.Next, Today: team.Today(s.Now()),
	}))
}
