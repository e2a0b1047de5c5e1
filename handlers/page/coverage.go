package page

import (
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/views"
)

// coveragePage answers GET /coverage?weeks=.
func (s *Site) coveragePage(w http.ResponseWriter, r *http.Request) error {
	weeks, err := web.QueryWeeks(r.URL.Query())
	if err != nil {
		return err
	}
	all, err := s.Desk.Coverage(r.Context(), weeks)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.Coverage(s.frame(r, "Coverage", nil), views.CoveragePage{Weeks: weeks, Teams: all}))
}
