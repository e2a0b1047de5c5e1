package page

import (
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// maxOffered is how many teams and people the box at the top of a page offers.
const maxOffered = 8

// searchPage answers GET /search?q=: the teams and people who fit, or for htmx a few of them.
func (s *Site) searchPage(w http.ResponseWriter, r *http.Request) error {
	text, err := web.QuerySearch(r.URL.Query())
	if err != nil {
		return err
	}
	limit := web.MaxFound
	if shell.WantsFragment(r) {
		limit = maxOffered
	}
	var found []roster.Found
	if text != "" {
		reach, err := s.Reach(r.Context())
		if err != nil {
			return err
		}
		if found, err = s.Desk.Find(r.Context(), text, "", reach.Searchable(), limit); err != nil {
			return err
		}
		for i, f := range found {
			if f.Person != nil {
				found[i].Person = new(reach.Shown(*f.Person))
			}
		}
	}
	if shell.WantsFragment(r) {
		return shell.Render(w, r, http.StatusOK, views.Offered(text, found))
	}
	frame := s.Frame(r, words.T(r.Context(), "Search"), nil)
	frame.Search = text
	return shell.Render(w, r, http.StatusOK, views.SearchPage(frame, found, limit))
}
