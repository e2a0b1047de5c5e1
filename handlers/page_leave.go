package handlers

import (
	"errors"
	"net/http"

	"dailyroster/roster"
	"dailyroster/views"
)

// deactivatePage answers GET /people/{person}/deactivate?from=&remove=: the days that
// become gaps when the person is active no more from the date on, to be confirmed.
func (s *Server) deactivatePage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	today, err := s.EarliestToday(r.Context())
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

// showLeave draws the confirmation, with the list unless the date is refused.
func (s *Server) showLeave(w http.ResponseWriter, r *http.Request, status int, p roster.Person, form views.LeaveForm) error {
	form.Person = p
	from, err := roster.ParseDate(form.Values["from"])
	if err != nil {
		err = roster.FieldErrors{{Field: "from", Message: err.Error()}}
	} else {
		var l Leaving
		l, err = s.PlanLeave(r.Context(), p, from)
		form.From, form.Listed, form.Teams = from, err == nil, leftTeams(l)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		status, form.Errors = http.StatusUnprocessableEntity, append(form.Errors, refused...)
	} else if err != nil {
		return err
	}
	if form.GroupID, err = s.NewChangeID(); err != nil {
		return err
	}
	return s.render(w, r, status, views.LeavePage(s.frame(r, "Deactivate "+p.Name, nil), form))
}

func leftTeams(l Leaving) []views.LeftTeam {
	teams := make([]views.LeftTeam, len(l.Teams))
	for i := range l.Teams {
		teams[i] = views.LeftTeam{Team: &l.Teams[i].Team, Rotations: l.Teams[i].Rotations, Seats: l.Teams[i].Departure.Seats}
	}
	return teams
}

// deactivatePerson answers POST /people/{person}/deactivate: 303 to what became of it;
// 409 or 422 the confirmation again. One that was cut off goes on when it is sent again.
func (s *Server) deactivatePerson(w http.ResponseWriter, r *http.Request) error {
	p, fields, err := s.personForm(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(fields.Get("group"))
	if err != nil {
		return BadRequest("group: %v", err)
	}
	remove := fields.Get("remove") != ""
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		err = roster.FieldErrors{} // showLeave says what is wrong with it
	} else {
		act := roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: LeaveReason(p, remove)}
		_, err = s.Leave(r.Context(), p, roster.Revision(fields.Get("revision")), from, remove, act, callerOf(r.Context()).mayEdit)
	}
	if back, ok := sendBack(err, p, "this person"); ok {
		form := views.LeaveForm{Values: firstValues(fields)}
		if form.Values["revision"] = string(back.now.Revision); back.status == http.StatusConflict {
			form.Errors = back.errors
		}
		return s.showLeave(w, r, back.status, back.now, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.DeactivatedURL(p.ID, group), http.StatusSeeOther)
	return nil
}

// deactivatedPage answers GET /people/{person}/deactivated?group=: which days became gaps
// by it and still are, with an Undo and, for each team, the preview of filling just them.
// The person may be removed.
func (s *Server) deactivatedPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.AnyPersonOf(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(r.URL.Query().Get("group"))
	if err != nil {
		return BadRequest("group: %v", err)
	}
	teams, err := s.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	left := views.Left{Person: p, Group: group}
	for i := range teams {
		seats, found, err := s.Left(r.Context(), &teams[i], p.ID, group)
		if err != nil {
			return err
		}
		if found {
			left.Teams = append(left.Teams, views.LeftTeam{Team: &teams[i], Seats: seats})
		}
	}
	return s.render(w, r, http.StatusOK, views.LeftPage(s.frame(r, p.Name, nil), left))
}

// activatePerson answers POST /people/{person}/activate: the person is active again and,
// with the group of their deactivation, back in their rotations and on their days; 303 to
// the person.
func (s *Server) activatePerson(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
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
			return BadRequest("group: %v", err)
		}
	}
	if p.Removed && group == "" {
		return NotFound("person")
	}
	if _, _, err := s.ComeBack(r.Context(), p, roster.Revision(fields.Get("revision")), group, actor(r), callerOf(r.Context()).mayEdit); err != nil {
		return err
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?back", http.StatusSeeOther)
	return nil
}
