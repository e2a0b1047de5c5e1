package page

import (
	"net/http"
	"slices"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
)

// maxWall is how many teams fit on a screen that is read across a room.
const maxWall = 12

// wallPage answers GET /wall?teams=&token=: who is on call, for a screen on the wall; for htmx
// only what changes. Without teams it is all of them, or a form to choose some.
func (s *Site) wallPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	// The address may have a token.
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	all, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	teams, err := wallTeams(all, q.Get("teams"))
	if err != nil {
		return err
	}
	if len(teams) == 0 || len(teams) > maxWall {
		return shell.Render(w, r, http.StatusOK, views.WallChoice(s.Frame(r, words.T(r.Context(), "Wall"), nil), maxWall, q.Get(web.WallToken)))
	}
	now := s.Now()
	answers, names, err := s.Desk.OnCall(r.Context(), teams, now)
	if err != nil {
		return err
	}
	wall := views.Wall{
		Assets: s.Files, Version: s.Version, Now: now, AsOf: store.AgeOf(r.Context()).Oldest(), Names: names,
		URL: views.WallURL(q.Get("teams"), q.Get(web.WallToken)),
	}
	for i := range teams {
		wall.Teams = append(wall.Teams, views.Banner{Team: &teams[i], Duties: answers[i].Duties, Call: answers[i].Call, Names: names, Now: now})
	}
	if shell.WantsFragment(r) {
		return shell.Render(w, r, http.StatusOK, views.WallScreen(wall))
	}
	return shell.Render(w, r, http.StatusOK, views.WallPage(wall))
}

// wallTeams are the teams that a list of ids and names asks for, in its order; all of them if
// it is empty.
func wallTeams(all []roster.Team, asked string) ([]roster.Team, error) {
	var teams []roster.Team
	for text := range strings.SplitSeq(asked, ",") {
		folded := roster.FoldName(text)
		if folded == "" {
			continue
		}
		i := slices.IndexFunc(all, func(t roster.Team) bool { return string(t.ID) == folded })
		if i < 0 {
			i = slices.IndexFunc(all, func(t roster.Team) bool { return roster.FoldName(t.Name) == folded })
		}
		if i < 0 {
			return nil, desk.NotFound("There is no such team as %q.", roster.Clip(text))
		}
		if slices.ContainsFunc(teams, func(t roster.Team) bool { return t.ID == all[i].ID }) {
			continue
		}
		if teams = append(teams, all[i]); len(teams) > maxWall {
			return nil, web.BadRequest("teams: at most %d teams fit on a screen; use several screens", maxWall)
		}
	}
	if teams == nil {
		return all, nil
	}
	return teams, nil
}
