package page

import (
	"errors"
	"net/http"
	"net/url"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// peoplePage answers GET /people?q=&cursor=.
func (s *Site) peoplePage(w http.ResponseWriter, r *http.Request) error {
	return s.showPeople(w, r, http.StatusOK, views.PersonForm{})
}

func (s *Site) showPeople(w http.ResponseWriter, r *http.Request, status int, form views.PersonForm) error {
	asked, err := web.QueryListing(r.URL.Query(), web.MaxListed)
	if err != nil {
		return err
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	asked.Sees = reach.Searchable()
	people, next, err := s.Desk.People(r.Context(), asked)
	if err != nil {
		return err
	}
	for i := range people {
		people[i] = reach.Shown(people[i])
	}
	frame := s.Frame(r, words.T(r.Context(), "People"), nil)
	if frame.May.People, err = s.MayEditPeople(r.Context()); err != nil {
		return err
	}
	if r.URL.Query().Has("removed") {
		frame.Notice = words.T(r.Context(), "Removed.")
	}
	return shell.Render(w, r, status, views.PeoplePage(frame, people, views.Part{Path: "/people", Search: asked.Search, After: asked.After, Next: next}, form))
}

// addPerson answers POST /people: 303 to the new person.
func (s *Site) addPerson(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	p, err := personFields(roster.Person{Active: true}, fields)
	if err == nil {
		p, err = s.Desk.AddPerson(r.Context(), p, false)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return s.showPeople(w, r, http.StatusUnprocessableEntity, views.PersonForm{Values: shell.FirstValues(fields), Errors: refused})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?saved", http.StatusSeeOther)
	return nil
}

// personFields reads a form into the person.
func personFields(p roster.Person, fields url.Values) (roster.Person, error) {
	var errs roster.FieldErrors
	var err error
	if p.Name, err = roster.ParseName(fields.Get("name")); err != nil {
		errs.Add("name", err)
	}
	p.Email, p.Phone, p.Chat, p.Zone = fields.Get("email"), fields.Get("phone"), fields.Get("chat"), roster.Zone{}
	if zone := fields.Get("zone"); zone != "" {
		if p.Zone, err = roster.ParseZone(zone); err != nil {
			errs.Add("zone", err)
		}
	}
	return p, errs.Err()
}

// personPage answers GET /people/{person}.
func (s *Site) personPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.showPerson(w, r, http.StatusOK, p, views.PersonForm{Values: personValues(p)})
}

func personValues(p roster.Person) map[string]string {
	values := map[string]string{
		"name": p.Name, "email": p.Email, "phone": p.Phone, "chat": p.Chat, "zone": p.Zone.String(), "revision": string(p.Revision),
	}
	return values
}

func (s *Site) showPerson(w http.ResponseWriter, r *http.Request, status int, p roster.Person, form views.PersonForm) error {
	frame := s.Frame(r, p.Name, nil)
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	form.Hidden, form.Contact = !reach.Sees(&p), s.contact(reach.Shown(p))
	if frame.May.People, err = s.MayEditPeople(r.Context()); err != nil {
		return err
	}
	frame.May.Self = web.CallerOf(r.Context()).Is(&p)
	if frame.May.Feeds, err = s.MayHandOutFeeds(r.Context(), p); err != nil {
		return err
	}
	if r.URL.Query().Has("saved") && status == http.StatusOK {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.PersonURL(p.ID), p.Revision)
	}
	if r.URL.Query().Has("back") && status == http.StatusOK {
		frame.Notice = words.T(r.Context(), "%s is active again.", p.Name)
	}
	duties, err := s.Desk.DutiesOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	to, teams, err := s.personToDo(r.Context(), p)
	if err != nil && !errors.Is(err, store.ErrUnavailable) { // the rest of the page may still be known
		return err
	}
	q := r.URL.Query()
	if team := teams[roster.TeamID(q.Get("team"))]; team != nil && q.Has("exchange") {
		frame.Notice = exchangeNews(r.Context(), team, q, to.Names)
	}
	return shell.Render(w, r, status, views.PersonPage(frame, reach.Shown(p), duties, form, to))
}

// savePerson answers POST /people/{person}: 303 to the person, 409 or 422 the form with what
// the person typed.
func (s *Site) savePerson(w http.ResponseWriter, r *http.Request) error {
	p, fields, err := s.PersonForm(r)
	if err != nil {
		return err
	}
	form := views.PersonForm{Values: shell.FirstValues(fields)}
	changed, err := personFields(p, fields)
	if err == nil && fields.Has("active") { // the form has no such field: activatePerson does this
		asked := p
		asked.Active = fields.Get("active") == "yes"
		err = s.MaySetActive(r.Context(), &p, &asked)
	}
	if err == nil {
		err = s.KeepContact(r.Context(), &p, &changed)
	}
	if err == nil {
		err = s.PutPerson(w, r, p, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(err, p, said.New("this person")); ok {
		form.Errors, form.Values["revision"] = back.Errors, string(back.Now.Revision)
		return s.showPerson(w, r, back.Status, back.Now, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?saved", http.StatusSeeOther)
	return nil
}

// removePerson answers POST /people/{person}/remove: 303 to the list or, if the person is in a
// roster or rotation, to the page that asks to confirm.
func (s *Site) removePerson(w http.ResponseWriter, r *http.Request) error {
	p, fields, err := s.PersonForm(r)
	if err != nil {
		return err
	}
	today, err := s.Desk.EarliestToday(r.Context())
	if err != nil {
		return err
	}
	l, err := s.Desk.PlanLeave(r.Context(), p, today)
	if err != nil {
		return err
	}
	if len(l.Teams) > 0 { // people see this before they confirm
		http.Redirect(w, r, views.DeactivateURL(p.ID, today, true), http.StatusSeeOther)
		return nil
	}
	if _, err := s.Desk.Leave(r.Context(), p, roster.Revision(fields.Get("revision")), today, true, roster.Act{}, web.CallerOf(r.Context()).MayEdit); err != nil {
		return err
	}
	http.Redirect(w, r, "/people?removed", http.StatusSeeOther)
	return nil
}
