package page

import (
	"errors"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/views"
	"dailyroster/words"
)

// teamFeedsPage answers GET /teams/{team}/feeds.
func (s *Site) teamFeedsPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showFeeds(w, r, http.StatusOK, views.Feeds{Team: team})
}

// personFeedsPage answers GET /people/{person}/feeds.
func (s *Site) personFeedsPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.showFeeds(w, r, http.StatusOK, views.Feeds{Person: &p})
}

// feedsOn picks the feeds on a page.
func feedsOn(page views.Feeds) desk.Pick {
	if page.Team != nil {
		return desk.FeedsOf(page.Team.ID, "")
	}
	return desk.FeedsOf("", page.Person.ID)
}

// showFeeds draws the page of a team's or a person's feeds.
func (s *Site) showFeeds(w http.ResponseWriter, r *http.Request, status int, page views.Feeds) error {
	var err error
	if page.Tokens, err = s.Desk.Tokens(r.Context(), feedsOn(page)); err != nil {
		return err
	}
	page.Now = s.Now()
	var whose string
	if page.Team != nil {
		whose = page.Team.Name
	} else {
		whose = page.Person.Name
	}
	w.Header().Set("Cache-Control", "no-store")
	return shell.Render(w, r, status, views.FeedsPage(s.Frame(r, words.T(r.Context(), "Calendar feeds of %s", whose), page.Team), page))
}

// makeTeamFeed answers POST /teams/{team}/feeds: 200 the page with the new feed's URL,
// which is shown only this once, or 422 the form.
func (s *Site) makeTeamFeed(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.makeFeedOnPage(w, r, views.Feeds{Team: team})
}

// makePersonFeed answers POST /people/{person}/feeds, as makeTeamFeed does.
func (s *Site) makePersonFeed(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.makeFeedOnPage(w, r, views.Feeds{Person: &p})
}

func (s *Site) makeFeedOnPage(w http.ResponseWriter, r *http.Request, page views.Feeds) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	var feed credential.Feed
	if page.Team != nil {
		feed.Role = roster.RoleID(fields.Get("role"))
	} else {
		feed.Person = page.Person.ID
	}
	made, text, err := s.Desk.MakeFeed(r.Context(), desk.FeedWish{Name: fields.Get("name"), Team: page.Team, Feed: feed, Actor: web.Actor(r)})
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		page.Form = views.TokenForm{Values: shell.FirstValues(fields), Errors: refused}
		return s.showFeeds(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	page.Made, page.Shown = made, shell.SiteOf(r).JoinPath(web.FeedPrefix+text+web.FeedSuffix).String()
	return s.showFeeds(w, r, http.StatusOK, page)
}

// revokeTeamFeed answers POST /teams/{team}/feeds/{feed}/revoke: 303 to the list.
func (s *Site) revokeTeamFeed(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.revokeFeed(w, r, views.Feeds{Team: team})
}

// revokePersonFeed answers POST /people/{person}/feeds/{feed}/revoke: 303 to the list.
func (s *Site) revokePersonFeed(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.revokeFeed(w, r, views.Feeds{Person: &p})
}

func (s *Site) revokeFeed(w http.ResponseWriter, r *http.Request, page views.Feeds) error {
	if err := s.RevokeTokenOf(r, feedsOn(page)); err != nil {
		return err
	}
	http.Redirect(w, r, views.FeedsURL(page.Team, page.Person), http.StatusSeeOther)
	return nil
}
