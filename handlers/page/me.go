package page

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// The cookies of the page that is mine. Where people sign in, who they are comes from there.
const (
	meCookie   = "roster_me"     // the id of the person whom a browser is for, where nobody signs in
	seenCookie = "roster_looked" // when the page was last shown, in Unix seconds
	cookieTime = 365 * 24 * time.Hour
)

// Mine is bounded by the teams of one person.
const (
	maxMyTeams   = 8  // whose history the page asks for
	maxMyChanges = 20 // that it shows
	minesDays    = 90 // how far ahead it shows shifts
)

// meOf is who the caller is in the roster; ok is false if that is not known. A cookie is only a
// choice: it lets nobody do anything.
func (s *Site) meOf(r *http.Request, names roster.Names) (p roster.Person, ok bool) {
	c := web.CallerOf(r.Context())
	if s.SignIn != nil {
		people := names.People()
		for i := range people {
			if c.Is(&people[i]) && !people[i].Removed {
				return people[i], true
			}
		}
		return p, false
	}
	cookie, err := r.Cookie(meCookie)
	if err != nil {
		return p, false
	}
	id, err := roster.ParsePersonID(cookie.Value)
	if err != nil {
		return p, false
	}
	p, ok = names.Person(id)
	return p, ok && !p.Removed
}

// toMine reports whether the start page is the caller's own: they are known, and in a team.
func (s *Site) toMine(r *http.Request) (bool, error) {
	if s.SignIn == nil && len(r.CookiesNamed(meCookie)) == 0 {
		return false, nil
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return false, err
	}
	p, known := s.meOf(r, names)
	if !known {
		return false, nil
	}
	teams, err := s.Desk.TeamsOf(r.Context(), p.ID)
	return len(teams) > 0, err
}

// mePage answers GET /me: what concerns whoever looks, or the question who that is.
func (s *Site) mePage(w http.ResponseWriter, r *http.Request) error {
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	p, known := s.meOf(r, names)
	if !known {
		return s.askWho(w, r, http.StatusOK, "", nil)
	}
	mine, err := s.mine(r, p)
	if err != nil {
		return err
	}
	s.SetCookie(w, r, seenCookie, strconv.FormatInt(s.Now().Unix(), 10), cookieTime)
	frame := s.Frame(r, words.T(r.Context(), "Mine"), nil)
	return shell.Render(w, r, http.StatusOK, views.MePage(frame, mine))
}

// askWho draws the question who the reader is.
func (s *Site) askWho(w http.ResponseWriter, r *http.Request, status int, typed string, errs roster.FieldErrors) error {
	who := views.WhoAreYou{SignIn: s.SignIn != nil, Typed: typed, Errors: errs}
	if c := web.CallerOf(r.Context()); c.Person != nil {
		who.Email = c.Person.Email
	}
	return shell.Render(w, r, status, views.WhoPage(s.Frame(r, words.T(r.Context(), "Mine"), nil), who))
}

// chooseMe answers POST /me: 303 to the page of the person who is named, 422 the question.
func (s *Site) chooseMe(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	p, known := names.Find(fields.Get("name"))
	if !known || p.Removed {
		return s.askWho(w, r, http.StatusUnprocessableEntity, fields.Get("name"), roster.FieldErrors{{
			Field: "name", Err: said.Whole("Nobody is called that. Choose one of the people that are suggested."),
		}})
	}
	s.SetCookie(w, r, meCookie, string(p.ID), cookieTime)
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// forgetMe answers POST /me/forget: 303 to the question.
func (s *Site) forgetMe(w http.ResponseWriter, r *http.Request) error {
	s.SetCookie(w, r, meCookie, "", -1)
	s.SetCookie(w, r, seenCookie, "", -1)
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// mine reads what concerns a person.
func (s *Site) mine(r *http.Request, p roster.Person) (views.Mine, error) {
	ctx := r.Context()
	reach, err := s.Reach(ctx)
	if err != nil {
		return views.Mine{}, err
	}
	m := views.Mine{Person: reach.Shown(p), Now: s.Now(), Chosen: s.SignIn == nil, Form: views.PersonForm{Values: personValues(p)}}
	duties, err := s.Desk.DutiesOf(ctx, p.ID)
	if err != nil {
		return m, err
	}
	for _, shift := range duties.Shifts {
		if shift.Start.Before(m.Now.AddDate(0, 0, minesDays)) {
			m.Shifts = append(m.Shifts, shift)
		}
	}
	to, _, err := s.personToDo(ctx, p)
	if err != nil && !errors.Is(err, store.ErrUnavailable) { // the rest may still be known
		return m, err
	}
	m.ToDo = to
	if m.May, err = s.MayEditPeople(ctx); err != nil {
		return m, err
	}
	m.May = m.May || web.CallerOf(ctx).Is(&p)
	if m.Feeds, err = s.MayHandOutFeeds(ctx, p); err != nil {
		return m, err
	}
	teams, err := s.Desk.TeamsOf(ctx, p.ID)
	if err != nil {
		return m, err
	}
	answers, names, err := s.Desk.OnCall(ctx, teams, m.Now)
	if err != nil {
		return m, err
	}
	m.Names = names
	contacts, err := s.contacts(ctx, names)
	if err != nil {
		return m, err
	}
	for i := range teams {
		m.Teams = append(m.Teams, views.Banner{Team: &teams[i], Duties: answers[i].Duties, Call: answers[i].Call, Names: names, Now: m.Now, Reach: contacts})
	}
	m.News, err = s.newsFor(ctx, teams, p.ID, looked(r))
	return m, err
}

// newsFor are the newest changes of a person's shifts that others made, each act once.
func (s *Site) newsFor(ctx context.Context, teams []roster.Team, id roster.PersonID, since time.Time) ([]views.MyNews, error) {
	var news []views.MyNews
	for i := range teams[:min(len(teams), maxMyTeams)] {
		page, err := s.Store.Changes(ctx, teams[i].ID, store.ChangeQuery{Person: id, Limit: 5 * maxMyChanges})
		if err != nil {
			return nil, err
		}
		for _, act := range views.ActsOf(page.Changes, page.Next != "") {
			news = append(news, views.MyNews{Team: &teams[i], Act: act, Fresh: act.At().After(since)})
		}
	}
	slices.SortStableFunc(news, func(a, b views.MyNews) int { return cmp.Compare(b.Act.At().UnixNano(), a.Act.At().UnixNano()) })
	return news[:min(len(news), maxMyChanges)], nil
}

// looked is when the page was last shown to the browser; the zero time if that is not known.
func looked(r *http.Request) time.Time {
	cookie, err := r.Cookie(seenCookie)
	if err != nil {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(cookie.Value, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}
