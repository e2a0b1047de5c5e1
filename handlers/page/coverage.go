package page

import (
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/views"
	"dailyroster/words"
)

// coveragePage answers GET /coverage?weeks=.
func (s *Site) coveragePage(w http.ResponseWriter, r *http.Request) error {
	weeks, all, err := s.CoverageOf(r)
	if err != nil {
		return err
	}
	return shell.Render(w, r, http.StatusOK, views.Coverage(s.Frame(r, words.T(r.Context(), "Coverage"), nil), views.CoveragePage{Weeks: weeks, Most: web.MostWeeks(len(all)), Teams: all}))
}
