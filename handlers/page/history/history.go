// Package history is a team's history as pages: what was done, by whom, when and why, and how to
// undo it.
package history

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// Site serves the pages of the history.
type Site struct {
	*shell.Shell
}

// Routes are the routes of the history.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/teams/{team}/history", web.Read, s.historyPage).Costs(web.Heavy),
		web.Get("/teams/{team}/days/{date}/history", web.Read, s.dayHistory).Costs(web.Heavy),
		web.Post("/teams/{team}/undo", web.Edit, s.undoChanges).Costs(web.Heavy),
	}
}

// pageChanges is how many changes a page shows at most, of however many acts: a fill of four
// weeks for two roles has 56.
const pageChanges = 200

// historyPage answers GET /teams/{team}/history?date=&from=&to=&name=&person=&kind=&group=&cursor=&limit=:
// who did what, newest first, an act a line.
func (s *Site) historyPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("limit") {
		q.Set("limit", strconv.Itoa(pageChanges))
	}
	for _, name := range []string{"from", "to", "person", "name", "kind"} {
		if q.Get(name) == "" { // a field of the filter that was left empty
			q.Del(name)
		}
	}
	status, problem := http.StatusOK, ""
	if name := q.Get("name"); name != "" {
		names, err := s.Desk.Names(r.Context())
		if err != nil {
			return err
		}
		p, known := names.Find(name)
		if known {
			q.Set("person", string(p.ID))
		} else {
			status, problem = http.StatusUnprocessableEntity, words.T(r.Context(), "Nobody is called %s.", roster.Clip(name))
		}
	}
	kind, known := views.ParseActKind(q.Get("kind"))
	if !known {
		return web.BadRequest("kind: %q is no kind of change", roster.Clip(q.Get("kind")))
	}
	h, err := s.HistoryOf(r, q)
	if err != nil {
		return err
	}
	page := s.shown(h)
	page.Kind, page.Typed, page.Problem = kind, q.Get("name"), problem
	if kind != "" {
		page.Acts = slices.DeleteFunc(page.Acts, func(a views.Act) bool { return !kind.Has(a.Why()) })
	}
	frame := s.Frame(r, words.T(r.Context(), "History"), h.Team)
	if q.Has("undone") {
		frame.Notice = words.T(r.Context(), "Undone. The changes that undid it are at the top.")
	}
	return shell.Render(w, r, status, views.HistoryPage(frame, page))
}

// dayHistory answers GET /teams/{team}/days/{date}/history: the day's acts as a fragment; 303 to
// the page of the day for browsers without JavaScript.
func (s *Site) dayHistory(w http.ResponseWriter, r *http.Request) error {
	d, err := web.PathDate(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	if !shell.WantsFragment(r) {
		http.Redirect(w, r, views.HistoryURL(team.ID, d), http.StatusSeeOther)
		return nil
	}
	q := r.URL.Query()
	q.Set("date", d.String())
	h, err := s.HistoryOf(r, q)
	if err != nil {
		return err
	}
	return shell.Render(w, r, http.StatusOK, views.DayHistory(s.shown(h)))
}

// shown is a part of a history as pages show it: by acts.
func (s *Site) shown(h web.History) views.History {
	return views.History{
		Team: h.Team, From: h.Query.From, To: h.Query.To, Person: h.Query.Person, Group: h.Query.Group,
		Acts: views.ActsOf(h.Changes, h.Next != ""), Names: h.Names, Zone: s.zoneOf(h.Team), Next: h.Next,
	}
}

// zoneOf is the zone of the team's clock today, in which its history is told.
func (s *Site) zoneOf(team *roster.Team) *time.Location {
	return team.SettingsOn(team.Today(s.Now())).Zone.Location()
}
