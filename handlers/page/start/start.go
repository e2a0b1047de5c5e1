// Package start is the pages of the first minutes: three ways in for whoever opens a site on
// which nobody has begun, and the example to look at.
package start

import (
	"errors"
	"net/http"
	"strconv"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// Site serves the pages.
type Site struct {
	*shell.Shell
	// Home answers GET / once somebody has begun, with the teams.
	Home func(http.ResponseWriter, *http.Request, []roster.Team) error
}

// Routes are the routes of the pages.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/", web.Read, s.home).Costs(web.Heavy),
		web.Post("/teams/{team}/start", web.Edit, s.putOnCall).Costs(web.Heavy),
		web.Get("/example", web.Administer, s.examplePage),
		web.Post("/example", web.Administer, s.makeExample).Costs(web.Heavy),
		web.Post("/example/remove", web.Administer, s.removeExample).Costs(web.Heavy),
	}
}

// home answers GET /: the three ways in for whoever may begin, while nobody has begun; else
// what Home answers.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	b, empty, err := s.Desk.Beginning(r.Context())
	if err != nil {
		return err
	}
	if !empty || shell.WantsFragment(r) || !web.CallerOf(r.Context()).MayEdit(&b.Team) {
		return s.Home(w, r, b.Teams)
	}
	values := map[string]string{}
	if c := web.CallerOf(r.Context()); c.Person != nil && c.Token == nil {
		values["name"] = web.NameOf(*c.Person)
	}
	return s.showStart(w, r, http.StatusOK, b, values, nil)
}

func (s *Site) showStart(w http.ResponseWriter, r *http.Request, status int, b desk.Beginning, values map[string]string, errs roster.FieldErrors) error {
	change, err := s.Desk.NewChangeID()
	if err != nil {
		return err
	}
	page := views.Start{Team: &b.Team, Example: b.Example, Values: values, Errors: errs, Change: change}
	return shell.Render(w, r, status, views.StartPage(s.Frame(r, b.Team.Name, nil), page))
}

// putOnCall answers POST /teams/{team}/start: 303 to the roster, on which whoever was named is
// on call now; 422 the ways in with what is wrong, or 409 if somebody else is on call by now.
func (s *Site) putOnCall(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	change, err := roster.ParseChangeID(fields.Get("change"))
	if err != nil {
		return web.BadRequest("change: %v", err)
	}
	err = s.Desk.PutOnCall(r.Context(), team, fields.Get("name"), change, web.Actor(r))
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showStart(w, r, http.StatusUnprocessableEntity, desk.Beginning{Team: *team}, shell.FirstValues(fields), refused)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.TeamURL(team.ID), http.StatusSeeOther)
	return nil
}

// examplePage answers GET /example: the example, or a button that makes it. After a removal, it
// says what that did.
func (s *Site) examplePage(w http.ResponseWriter, r *http.Request) error {
	return s.showExample(w, r, http.StatusOK, nil)
}

func (s *Site) showExample(w http.ResponseWriter, r *http.Request, status int, errs roster.FieldErrors) error {
	team, people, err := s.Desk.Example(r.Context())
	if err != nil {
		return err
	}
	page := views.Example{Team: team, Left: people, Errors: errs}
	if n, err := strconv.Atoi(r.URL.Query().Get("removed")); err == nil && team == nil {
		page.Removed, page.People = true, max(n, 0)
	}
	return shell.Render(w, r, status, views.ExamplePage(s.Frame(r, words.T(r.Context(), "Example"), nil), page))
}

// makeExample answers POST /example: 303 to the example, which it makes if there is none; 422
// if there is no room for it.
func (s *Site) makeExample(w http.ResponseWriter, r *http.Request) error {
	team, err := s.Desk.MakeExample(r.Context(), web.Actor(r))
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showExample(w, r, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.TeamURL(team.ID), http.StatusSeeOther)
	return nil
}

// removeExample answers POST /example/remove: 303 to the page that says what was removed.
func (s *Site) removeExample(w http.ResponseWriter, r *http.Request) error {
	removed, err := s.Desk.RemoveExample(r.Context())
	to := views.ExampleURL
	switch {
	case err == nil:
		to += "?removed=" + strconv.Itoa(removed)
	case !errors.Is(err, desk.KindNotFound): // there was none: the page says so
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
