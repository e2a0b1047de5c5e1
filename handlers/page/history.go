package page

import (
	"errors"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/store"
	"dailyroster/views"
)

// historyPage answers GET /teams/{team}/history?date=&person=&group=&cursor=&limit=: who
// changed what, newest first.
func (s *Site) historyPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	query, err := web.ChangeQuery(r)
	if err != nil {
		return err
	}
	page, err := s.Store.Changes(r.Context(), team.ID, query)
	if errors.Is(err, store.ErrNotFound) {
		return desk.NotFound("change")
	}
	if err != nil {
		return err
	}
	names, _, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	zone := team.SettingsOn(team.Today(s.Now())).Zone.Location()
	history := views.History{
		Team: team, Person: query.Person, Group: query.Group, Changes: page.Changes, Names: names, Zone: zone, Next: page.Next,
	}
	if query.From == query.To {
		history.Date = query.From
	}
	frame := s.frame(r, "History of "+team.Name, team)
	if r.URL.Query().Has("undone") {
		frame.Notice = "Undone. The changes that undid it are at the top."
	}
	return s.render(w, r, http.StatusOK, views.HistoryPage(frame, history))
}
