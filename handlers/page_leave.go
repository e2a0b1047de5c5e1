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
	p, err := s.person(r)
	if err != nil {
		return err
	}
	today, err := s.today(r.Context())
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
		var l leaving
		l, err = s.planLeave(r.Context(), p, from)
		form.From, form.Listed, form.Teams = from, err == nil, leftTeams(l)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		status, form.Errors = http.StatusUnprocessableEntity, append(form.Errors, refused...)
	} else if err != nil {
		return err
	}
	if form.GroupID, err = s.newChangeID(); err != nil {
		return err
	}
	return s.render(w, r, status, views.LeavePage(s.frame(r, "Deactivate "+p.Name, nil), form))
}

func leftTeams(l leaving) []views.LeftTeam {
	teams := make([]views.LeftTeam, len(l.teams))
	for i := range l.teams {
		teams[i] = views.LeftTeam{Team: &l.teams[i].team, Rotations: l.teams[i].rotations, Seats: l.teams[i].departure.Seats}
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
		return badRequest("group: %v", err)
	}
	remove := fields.Get("remove") != ""
	from, err := roster.ParseDate(fields.Get("from"))
	if err != nil {
		err = roster.FieldErrors{} // showLeave says what is wrong with it
	} else {
		act := roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: leaveReason(p, remove)}
		_, err = s.leave(r.Context(), p, roster.Revision(fields.Get("revision")), from, remove, act)
	}
	if back, ok := sendBack(err, p, "this person"); ok {
		form := views.LeaveForm{Values: firstValues(fields)}
		if form.Values["revision"] = string(back.now.Revision); back.status == http.StatusConflict {
			form.Errors = back.errors
		}
		return s.showLeave(w, r, back.status, back.now, form)
	}
	if err != nil {
		return stalePage(err)
	}
	http.Redirect(w, r, views.DeactivatedURL(p.ID, group), http.StatusSeeOther)
	return nil
}

// deactivatedPage answers GET /people/{person}/deactivated?group=: which days became gaps
// by it and still are, with an Undo and, for each team, the preview of filling just them.
// The person may be removed.
func (s *Server) deactivatedPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.anyPerson(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(r.URL.Query().Get("group"))
	if err != nil {
		return badRequest("group: %v", err)
	}
	teams, err := s.listedTeams(r.Context())
	if err != nil {
		return err
	}
	left := views.Left{Person: p, Group: group}
	for i := range teams {
		in, err := s.undoInput(r.Context(), &teams[i], group)
		if _, nothing := errors.AsType[*refusal](err); nothing {
			continue
		}
		if err != nil {
			return err
		}
		part := views.LeftTeam{Team: &teams[i]}
		for j := len(in.Changes) - 1; j >= 0; j-- {
			c := in.Changes[j]
			if c.From == p.ID && c.To == "" && c.Role != "" && in.Days(c.Date).Assignments[c.Role] == "" {
				part.Seats = append(part.Seats, roster.Seat{Date: c.Date, Role: c.Role})
			}
		}
		left.Teams = append(left.Teams, part)
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
	p, err := s.anyPerson(r)
	if err != nil {
		return err
	}
	var group roster.ChangeID
	if text := fields.Get("group"); text != "" {
		if group, err = roster.ParseChangeID(text); err != nil {
			return badRequest("group: %v", err)
		}
	}
	if p.Removed && group == "" {
		return notFound("person")
	}
	if _, _, err := s.comeBack(r.Context(), p, roster.Revision(fields.Get("revision")), group, actor(r)); err != nil {
		return stalePage(err)
	}
	http.Redirect(w, r, views.PersonURL(p.ID)+"?back", http.StatusSeeOther)
	return nil
}
