package page

import (
	"context"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/views"
)

// maxSuggestions is the most people who are suggested at once.
const maxSuggestions = 20

// suggestions answers GET /people/suggestions?q=&team=: the options of a list of people who fit
// what somebody has typed, those of the team first. Without a q it is the page of somebody
// whose id this is.
func (s *Site) suggestions(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("q") {
		return s.personPage(w, mux.SetURLVars(r, map[string]string{"person": "suggestions"}))
	}
	typed, err := web.QuerySearch(q)
	if err != nil {
		return err
	}
	names, own, err := s.suggestedFirst(r.Context(), q.Get("team"))
	if err != nil {
		return err
	}
	isOwn := func(id roster.PersonID) bool { return slices.Contains(own, id) }
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	found := names.Suggest(typed, isOwn, reach.Searchable(), maxSuggestions)
	for i := range found {
		found[i] = reach.Shown(found[i])
	}
	return shell.Render(w, r, http.StatusOK, views.Suggested(names, found, typed))
}

// suggestedFirst returns everybody's names, and the people of the team with the id, who are
// suggested before others; "" is no team.
func (s *Site) suggestedFirst(ctx context.Context, team string) (names roster.Names, own []roster.PersonID, err error) {
	if team == "" {
		names, err = s.Desk.Names(ctx)
		return names, nil, err
	}
	id, err := roster.ParseTeamID(team)
	if err != nil {
		return names, nil, web.BadRequest("team: %v", err)
	}
	t, err := s.Desk.Team(ctx, id)
	if err != nil {
		return names, nil, err
	}
	view := views.View{From: t.DayAt(s.Now()), Days: roster.DefaultDays}
	sheet, err := s.Desk.Sheet(ctx, t, view.From, view.To())
	if err != nil {
		return names, nil, err
	}
	return sheet.Names, tally.Own(t, sheet.Days(view.From, view.To())), nil
}
