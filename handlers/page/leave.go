package page

import (
	"errors"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// deactivatePage answers GET /people/{person}/deactivate?from=&remove=: it asks to confirm, and
// shows the days that become gaps when the person is inactive from the date.
func (s *Site) deactivatePage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	today, err := s.Desk.EarliestToday(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	values := map[string]string{"from": q.Get("from"), "remove": q.Get("remove"), "revision": string(p.Revision)}
	if values["from"] == "" {
		values["from"] = today.AddDays(1).String()
	}
	return s.showLeave(w, r, http.StatusOK, p, views.LeaveForm{Values: values})
}

// showLeave draws the confirmation, with the list of days unless it refuses the date.
func (s *Site) showLeave(w http.ResponseWriter, r *http.Request, status int, p roster.Person, form views.LeaveForm) error {
	form.Person = p
	from, err := roster.ParseDate(form.Values["from"])
	if err != nil {
		err = roster.FieldErrors{{Field: "from", Err: err}}
	} else {
		var l desk.Leaving
		l, err = s.Desk.PlanLeave(r.Context(), p, from)
		form.From, form.Listed, form.Teams = from, err == nil, leftTeams(l)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		status, form.Errors = http.StatusUnprocessableEntity, append(form.Errors, refused...)
	} else if err != nil {
		return err
	}
	if form.GroupID, err = s.Desk.NewChangeID(); err != nil {
		return err
	}
	return shell.Render(w, r, status, views.LeavePage(s.Frame(r, words.T(r.Context(), "Deactivate %s", p.Name), nil), form))
}

func leftTeams(l desk.Leaving) []views.LeftTeam {
	teams := make([]views.LeftTeam, len(l.Teams))
	for i := range l.Teams {
		teams[i] = views.LeftTeam{Team: &l.Teams[i].Team, Rotations: l.Teams[i].Rotations, Seats: l.Teams[i].Departure.Seats}
	}
	return teams
}

// deactivatePerson answers POST /people/{person}/deactivate: 303 to the page with the result;
// 409 or 422 the confirmation again. A deactivation that was cut off continues when it is sent
// again.
func (s *Site) deactivatePerson(w http.ResponseWriter, r *http.Request) error {
	p, fields, err := s.PersonForm(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(fields.Get("group"))
	if err != nil {
		return web.BadRequest("group: %v", err)
	}
	remove := fields.Get("remove") != ""
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		err = roster.FieldErrors{} // showLeave says what is wrong with it
	} else {
		act := roster.Act{Group: group, Actor: web.Actor(r), Time: s.Now(), Reason: desk.LeaveReason(p, remove)}
		_, err = s.Desk.Leave(r.Context(), p, roster.Revision(fields.Get("revision")), from, remove, act, web.CallerOf(r.Context()).MayEdit)
	}
	if back, ok := shell.SendBack(err, p, said.New("this person")); ok {
		form := views.LeaveForm{Values: shell.FirstValues(fields)}
		if form.Values["revision"] = string(back.Now.Revision); back.Status == http.StatusConflict {
			form.Errors = back.Errors
		}
		return s.showLeave(w, r, back.Status, back.Now, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.DeactivatedURL(p.ID, group), http.StatusSeeOther)
	return nil
}

// deactivatedPage answers GET /people/{person}/deactivated?group=: which days became gaps and
// still are, with an Undo and, for each team, a link to preview filling just these. The person
// may be removed.
func (s *Site) deactivatedPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.AnyPersonOf(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(r.URL.Query().Get("group"))
	if err != nil {
		return web.BadRequest("group: %v", err)
	}
	teams, err := s.Desk.TeamsOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	left := views.Left{Person: p, Group: group}
	for i := range teams {
		seats, found, err := s.Desk.Left(r.Context(), &teams[i], p.ID, group)
		if err != nil {
			return err
		}
		if found {
			left.Teams = append(left.Teams, views.LeftTeam{Team: &teams[i], Seats: seats})
		}
	}
	return shell.Render(w, r, http.StatusOK, views.LeftPage(s.Frame(r, p.Name, nil), left))
}

// activatePerson answers POST /people/{person}/activate: it makes the person active again and,
// with the group of their deactivation, puts them back into their rotations and on their days;
// 303 to the person.
func (s *Site) activatePerson(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	p, err := s.AnyPersonOf(r)
	if err != nil {
		return err
	}
	var group roster.ChangeID
	if text := fields.Get("group"); text != "" {
		if group, err = roster.ParseChangeID(text); err != nil {
			return web.BadRequest("group: %v", err)
		}
	}
	if p.Removed && group == "" {
		return desk.NotFound("There is no such person.")
	}
	if _, _, err := s.Desk.ComeBack(r.Context(), p, roster.Revision(fields.Get("revision")), group, web.Actor(r), web.CallerOf(r.Context()).MayEdit); err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?back", http.StatusSeeOther)
	return nil
}
