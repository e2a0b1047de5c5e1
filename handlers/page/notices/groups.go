package notices

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/telling"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// groupsPage answers GET /groups.
func (s *Site) groupsPage(w http.ResponseWriter, r *http.Request) error {
	return s.showGroups(w, r, http.StatusOK, views.NoticeForm{})
}

func (s *Site) showGroups(w http.ResponseWriter, r *http.Request, status int, form views.NoticeForm) error {
	channels, err := s.Teller.Channels(r.Context(), telling.Groups)
	if err != nil {
		return err
	}
	page := views.Groups{SetUp: s.Teller.Ways.Has(notice.WayGroup), Form: form, Now: s.Now()}
	for i := range channels {
		state := s.Teller.GroupState(channels[i].ID)
		page.Groups = append(page.Groups, views.Group{
			Channel: channels[i], Members: state.Members, NoEmail: state.NoEmail, Unknown: state.Unknown, Error: state.Error, At: state.At,
		})
	}
	if page.Names, err = s.Desk.Names(r.Context()); err != nil {
		return err
	}
	return shell.Render(w, r, status, views.GroupsPage(s.Frame(r, words.T(r.Context(), "Groups in Slack"), nil), page))
}

// addGroup answers POST /groups: 303 to the page, or 422 the form.
func (s *Site) addGroup(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	group := notice.Channel{Name: fields.Get("name"), Way: notice.WayGroup, Address: fields.Get("address"), MadeBy: web.Actor(r).Name}
	if group.Feeds, err = s.feedsOf(r, fields.Get("feeds")); err == nil {
		_, err = s.Teller.AddChannel(r.Context(), group)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showGroups(w, r, http.StatusUnprocessableEntity, views.NoticeForm{Values: shell.FirstValues(fields), Errors: refused})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.GroupsURL, http.StatusSeeOther)
	return nil
}

// feedsOf reads the lines of teams and roles. What it refuses is a roster.FieldErrors.
func (s *Site) feedsOf(r *http.Request, text string) ([]notice.Feed, error) {
	lines := strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' })
	if len(lines) > notice.MaxFeeds {
		return nil, roster.FieldErrors{{Field: "feeds", Err: said.New("a group follows at most %d teams or roles", notice.MaxFeeds)}}
	}
	teams, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return nil, err
	}
	var feeds []notice.Feed
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		feed, known := notice.Feed{Team: roster.TeamID(words[0])}, false
		if len(words) > 1 {
			feed.Role = roster.RoleID(words[1])
		}
		for i := range teams {
			known = known || teams[i].ID == feed.Team && (feed.Role == "" || teams[i].HasRole(feed.Role))
		}
		if !known || len(words) > 2 {
			return nil, roster.FieldErrors{{Field: "feeds", Err: said.New("%q is not the id of a team, or of a team and one of its roles", roster.Clip(line))}}
		}
		feeds = append(feeds, feed)
	}
	return feeds, nil
}

// removeGroup answers POST /groups/{channel}/remove: 303 to the page.
func (s *Site) removeGroup(w http.ResponseWriter, r *http.Request) error {
	id, err := notice.ParseChannelID(mux.Vars(r)["channel"])
	if err != nil {
		return desk.NotFound("There is no such group.")
	}
	if err := noChannel(s.Teller.RemoveChannel(r.Context(), id, telling.Groups)); err != nil {
		return err
	}
	http.Redirect(w, r, views.GroupsURL, http.StatusSeeOther)
	return nil
}
