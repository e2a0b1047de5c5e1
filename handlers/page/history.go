package page

import (
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/views"
)

// historyPage answers GET /teams/{team}/history?date=&person=&group=&cursor=&limit=: who
// changed what, newest first.
func (s *Site) historyPage(w http.ResponseWriter, r *http.Request) error {
	h, err := s.HistoryOf(r)
	if err != nil {
		return err
	}
	zone := h.Team.SettingsOn(h.Team.Today(s.Now())).Zone.Location()
	history := views.History{
		Team: h.Team, Person: h.Query.Person, Group: h.Query.Group, Changes: h.Changes, Names: h.Names, Zone: zone, Next: h.Next,
	}
	if h.Query.From == h.Query.To {
		history.Date = h.Query.From
	}
	frame := s.Frame(r, "History of "+h.Team.Name, h.Team)
	if r.URL.Query().Has("undone") {
		frame.Notice = "Undone. The changes that undid it are at the top."
	}
	return shell.Render(w, r, http.StatusOK, views.HistoryPage(frame, history))
}
