// Package notices is the pages of what teams and people are told, by which channels, and of what
// was sent.
package notices

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/telling"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// Site serves the pages.
type Site struct {
	*shell.Shell
	Teller *telling.Teller
}

// Routes are the routes of the pages.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/teams/{team}/notices", web.EditInPerson, s.noticesPage).Costs(web.Heavy),
		web.Post("/teams/{team}/notices/channels", web.EditInPerson, s.addChannel),
		web.Post("/teams/{team}/notices/{channel}/test", web.EditInPerson, s.testChannel),
		web.Post("/teams/{team}/notices/{channel}/remove", web.EditInPerson, s.removeChannel),
		web.Get("/people/{person}/notices", web.PersonFeeds, s.noticesPage).Costs(web.Heavy),
		web.Post("/people/{person}/notices", web.PersonFeeds, s.saveWishes),
		web.Post("/people/{person}/notices/test", web.PersonFeeds, s.testEmail),
		web.Post("/people/{person}/notices/channels", web.PersonFeeds, s.addChannel),
		web.Post("/people/{person}/notices/{channel}/test", web.PersonFeeds, s.testChannel),
		web.Post("/people/{person}/notices/{channel}/remove", web.PersonFeeds, s.removeChannel),
		web.Get("/groups", web.Administer, s.groupsPage),
		web.Post("/groups", web.Administer, s.addGroup),
		web.Post("/groups/{channel}/remove", web.Administer, s.removeGroup),
		// The secret in the path lets the caller in.
		web.Get(notice.UnsubscribePath+"/{team}/{date}/{notice}/{secret}", web.Open, s.unsubscribePage),
		web.Post(notice.UnsubscribePath+"/{team}/{date}/{notice}/{secret}", web.Open, s.endNotices),
	}
}

// told is whose notices a page is about: a team's or a person's.
type told struct {
	team   *roster.Team
	person *roster.Person
}

// toldOf finds whose page was asked for.
func (s *Site) toldOf(r *http.Request) (told, error) {
	if _, ofTeam := mux.Vars(r)["team"]; ofTeam {
		team, err := s.TeamOf(r)
		return told{team: team}, err
	}
	person, err := s.PersonOf(r)
	return told{person: &person}, err
}

// toldForm reads what a form about them needs: whose page it is of, and its fields.
func (s *Site) toldForm(r *http.Request) (told, url.Values, error) {
	of, err := s.toldOf(r)
	if err != nil {
		return of, nil, err
	}
	fields, err := web.ParseForm(r)
	return of, fields, err
}

func (t told) url() string {
	if t.team != nil {
		return views.TeamNoticesURL(t.team.ID)
	}
	return views.PersonNoticesURL(t.person.ID)
}

func (t told) pick() telling.Pick {
	if t.team != nil {
		return telling.OfTeam(t.team.ID)
	}
	return telling.OfPerson(t.person.ID)
}

// noticesPage answers GET /teams/{team}/notices and GET /people/{person}/notices.
func (s *Site) noticesPage(w http.ResponseWriter, r *http.Request) error {
	of, err := s.toldOf(r)
	if err != nil {
		return err
	}
	return s.showNotices(w, r, http.StatusOK, of, views.Notices{}, "")
}

// showNotices draws the page with what it already has. says is how an act ended; "" leaves that to
// the query.
func (s *Site) showNotices(w http.ResponseWriter, r *http.Request, status int, of told, page views.Notices, says string) error {
	ctx := r.Context()
	page.Team, page.Person, page.Now, page.Site = of.team, of.person, s.Now(), s.Teller.Site != ""
	for _, way := range []notice.Way{notice.WayEmail, notice.WayWebhook, notice.WayChat} {
		if s.Teller.Ways.Has(way) {
			page.Ways = append(page.Ways, way)
		}
	}
	var err error
	if page.Channels, err = s.Teller.Channels(ctx, of.pick()); err != nil {
		return err
	}
	var title string
	teams, person := []roster.Team{}, roster.PersonID("")
	if of.team != nil {
		title, teams = words.T(r.Context(), "Notices for %s", of.team.Name), append(teams, *of.team)
		page.Zone = of.team.SettingsOn(of.team.Today(s.Now())).Zone
	} else {
		title, person = words.T(r.Context(), "Notices for %s", of.person.Name), of.person.ID
		if teams, err = s.Desk.TeamsOf(ctx, person); err != nil {
			return err
		}
		if page.Zone = of.person.Zone; page.Zone == (roster.Zone{}) {
			page.Zone = s.Zone
		}
	}
	if page.Names, err = s.Desk.Names(ctx); err != nil {
		return err
	}
	coming, err := s.Teller.Upcoming(ctx, teams, person)
	if err != nil {
		return err
	}
	for _, c := range coming {
		page.Coming = append(page.Coming, views.ComingNotice{At: c.At, Kind: c.Kind, Team: c.Team, To: c.To, What: page.About(ctx, c.Due)})
	}
	for i := range teams {
		sent, err := s.Teller.Sent(ctx, teams[i].ID, person)
		if err != nil {
			return err
		}
		page.Sent = append(page.Sent, sent...)
	}
	slices.SortStableFunc(page.Sent, func(a, b notice.Record) int { return b.Due.Compare(a.Due) })
	frame := s.Frame(r, title, of.team)
	if says == "" && status == http.StatusOK {
		says = noticeNews(ctx, r.URL.Query())
	}
	if says != "" {
		frame.Notice = says
		if r.URL.Query().Has("saved") && of.person != nil {
			s.Saved(r, &frame, frame.Notice, views.PersonURL(person), of.person.Revision)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return shell.Render(w, r, status, views.NoticesPage(frame, page))
}

// noticeNews says how the act ended after which the browser was sent here.
func noticeNews(ctx context.Context, q url.Values) string {
	switch {
	case q.Has("saved"):
		return words.T(ctx, "Saved.")
	case q.Has("added"):
		return words.T(ctx, "The channel is ready. Send a test to see that it works.")
	case q.Has("removed"):
		return words.T(ctx, "Removed.")
	case q.Has("tested"):
		return words.T(ctx, "The test was taken by the receiver.")
	}
	return ""
}

// saveWishes answers POST /people/{person}/notices: 303 to the page, or 409 or 422 the form.
func (s *Site) saveWishes(w http.ResponseWriter, r *http.Request) error {
	of, fields, err := s.toldForm(r)
	if err != nil {
		return err
	}
	changed := *of.person
	if changed.Notices, err = wishesOf(fields); err == nil {
		err = s.PutPerson(w, r, *of.person, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(err, changed, said.New("this person")); ok {
		of.person = &back.Now
		return s.showNotices(w, r, back.Status, of, views.Notices{Form: views.NoticeForm{Errors: back.Errors}}, "")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, of.url()+"?saved", http.StatusSeeOther)
	return nil
}

// wishesOf reads the form of which notices a person wants.
func wishesOf(fields url.Values) (w roster.NoticeWishes, err error) {
	for _, k := range roster.PersonNotices() {
		if !slices.Contains(fields["kind"], string(k)) {
			w.NotByEmail = append(w.NotByEmail, k)
		}
	}
	for _, text := range fields["lead"] {
		minutes, err := strconv.Atoi(text)
		if err != nil {
			return w, roster.FieldErrors{{Field: "notices.leads", Err: said.New("give a number of minutes")}}
		}
		w.Leads = append(w.Leads, roster.Lead(minutes))
	}
	if len(w.Leads) == 0 && w.ByEmail(roster.NoticeComing) {
		return w, roster.FieldErrors{{Field: "notices.leads", Err: said.New("choose at least one lead time, or no notice that a shift is coming")}}
	}
	return w, nil
}

// addChannel answers POST …/notices/channels: 303 to the page; 200 the page with the secret of a
// webhook, which is shown only this once; or 422 the form.
func (s *Site) addChannel(w http.ResponseWriter, r *http.Request) error {
	of, fields, err := s.toldForm(r)
	if err != nil {
		return err
	}
	channel := notice.Channel{
		Name: fields.Get("name"), Way: notice.Way(fields.Get("way")), Address: fields.Get("address"),
		Kinds: kindsOf(fields), MadeBy: web.Actor(r).Name,
	}
	if of.team != nil {
		channel.Team = of.team.ID
	} else {
		channel.Person = of.person.ID
	}
	made, err := s.Teller.AddChannel(r.Context(), channel)
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		form := views.NoticeForm{Values: shell.FirstValues(fields), Kinds: channel.Kinds, Errors: refused}
		return s.showNotices(w, r, http.StatusUnprocessableEntity, of, views.Notices{Form: form}, "")
	}
	if err != nil {
		return err
	}
	if made.Secret != "" {
		return s.showNotices(w, r, http.StatusOK, of, views.Notices{Made: &made}, "")
	}
	http.Redirect(w, r, of.url()+"?added", http.StatusSeeOther)
	return nil
}

func kindsOf(fields url.Values) []roster.NoticeKind {
	var kinds []roster.NoticeKind
	for _, text := range fields["kind"] {
		kinds = append(kinds, roster.NoticeKind(text))
	}
	return kinds
}

// removeChannel answers POST …/notices/{channel}/remove: 303 to the page.
func (s *Site) removeChannel(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.channelOf(r)
	if err != nil {
		return err
	}
	if err := noChannel(s.Teller.RemoveChannel(r.Context(), id, of.pick())); err != nil {
		return err
	}
	http.Redirect(w, r, of.url()+"?removed#channels", http.StatusSeeOther)
	return nil
}

// testChannel answers POST …/notices/{channel}/test: 303 to the page, or 502 the page that says
// why the receiver did not take the test.
func (s *Site) testChannel(w http.ResponseWriter, r *http.Request) error {
	of, id, err := s.channelOf(r)
	if err != nil {
		return err
	}
	channel, err := s.Teller.Channel(r.Context(), id, of.pick())
	if err := noChannel(err); err != nil {
		return err
	}
	return s.tested(w, r, of, channel.Name, s.Teller.TestChannel(r.Context(), &channel))
}

// testEmail answers POST /people/{person}/notices/test as testChannel does.
func (s *Site) testEmail(w http.ResponseWriter, r *http.Request) error {
	of, err := s.toldOf(r)
	if err != nil {
		return err
	}
	if of.person.Email == "" {
		return roster.FieldErrors{{Field: "email", Err: said.New("the person has no email address")}}
	}
	return s.tested(w, r, of, of.person.Email, s.Teller.TestEmail(r.Context(), of.person))
}

func (s *Site) tested(w http.ResponseWriter, r *http.Request, of told, to string, err error) error {
	if err != nil {
		return s.showNotices(w, r, http.StatusBadGateway, of, views.Notices{}, words.T(r.Context(), "The test to %s was not taken: %s", to, words.Said(r.Context(), err)))
	}
	http.Redirect(w, r, of.url()+"?tested", http.StatusSeeOther)
	return nil
}

func (s *Site) channelOf(r *http.Request) (told, notice.ChannelID, error) {
	of, err := s.toldOf(r)
	if err != nil {
		return of, "", err
	}
	id, err := notice.ParseChannelID(mux.Vars(r)["channel"])
	if err != nil {
		return of, "", desk.NotFound("There is no such channel.")
	}
	return of, id, nil
}

// noChannel says that there is no channel, where the store does.
func noChannel(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return desk.NotFound("There is no such channel.")
	}
	return err
}

// unsubscribePage answers GET /unsubscribe/{team}/{date}/{notice}/{secret}: it asks, as programs
// that look at links in emails must not change anything.
func (s *Site) unsubscribePage(w http.ResponseWriter, r *http.Request) error {
	return s.unsubscribe(w, r, false)
}

// endNotices answers POST to the same: a person who was asked, or a mail program at one click
// (RFC 8058).
func (s *Site) endNotices(w http.ResponseWriter, r *http.Request) error {
	return s.unsubscribe(w, r, true)
}

func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request, end bool) error {
	vars := mux.Vars(r)
	day, err1 := roster.ParseDate(vars["date"])
	team, err2 := roster.ParseTeamID(vars["team"])
	id, err3 := notice.ParseID(vars["notice"])
	if err1 != nil || err2 != nil || err3 != nil {
		return desk.NotFound("There is no such notice.")
	}
	of, err := s.Teller.Subscription(r.Context(), notice.Key{Day: day, Team: team, ID: id}, vars["secret"])
	if errors.Is(err, store.ErrNotFound) {
		return desk.NotFound("There is no such notice.")
	}
	if err == nil && end && !of.Ended {
		err, of.Ended = s.Teller.End(r.Context(), of), true
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return shell.Render(w, r, http.StatusOK, views.UnsubscribePage(s.Frame(r, words.T(r.Context(), "Notices"), nil), of.Kind, of.To, r.URL.Path, of.Ended))
}
