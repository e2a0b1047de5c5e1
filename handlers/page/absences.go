package page

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/handlers/page/shell"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words/said"
)

// addAbsence answers POST /people/{person}/absences: 303 to the person, 409 or 422 the
// form with what the person typed.
func (s *Site) addAbsence(w http.ResponseWriter, r *http.Request) error {
	return s.changeAbsences(w, r, func(p *roster.Person, fields url.Values) error {
		a, err := absenceFields(fields)
		if err == nil {
			p.Absences = append(slices.Clone(p.Absences), a)
		}
		return err
	})
}

// removeAbsence answers POST /people/{person}/absences/remove: 303 to the person. It is
// no error if the absence is already gone.
func (s *Site) removeAbsence(w http.ResponseWriter, r *http.Request) error {
	return s.changeAbsences(w, r, func(p *roster.Person, fields url.Values) error {
		a, err := absenceFields(fields)
		p.Absences = slices.DeleteFunc(slices.Clone(p.Absences), func(old roster.Absence) bool {
			return old.From == a.From && old.To == a.To
		})
		return err
	})
}

func absenceFields(fields url.Values) (a roster.Absence, err error) {
	var errs roster.FieldErrors
	if a.From, err = roster.ParseDate(fields.Get("from")); err != nil {
		errs.Add("from", err)
	}
	if a.To, err = roster.ParseDate(fields.Get("to")); err != nil {
		errs.Add("to", err)
	}
	a.Note = fields.Get("note")
	return a, errs.Err()
}

func (s *Site) changeAbsences(w http.ResponseWriter, r *http.Request, change func(*roster.Person, url.Values) error) error {
	p, fields, err := s.PersonForm(r)
	if err != nil {
		return err
	}
	changed := p
	if err = change(&changed, fields); err == nil {
		err = s.PutPerson(w, r, p, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(absenceErrors(err), p, said.New("this person")); ok {
		values := personValues(back.Now)
		maps.Copy(values, shell.FirstValues(fields))
		values["revision"] = string(back.Now.Revision)
		return s.showPerson(w, r, back.Status, back.Now, views.PersonForm{Values: values, Errors: back.Errors})
	}
	if err != nil {
		return err
	}
	back := views.PersonURL(p.ID) + "?saved"
	if team, err := roster.ParseTeamID(fields.Get("team")); err == nil { // the form was on the team's page
		back = views.MembersURL(team) + "?saved=" + url.QueryEscape(string(p.ID))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// absenceErrors renames the fields of an absence to those of its form.
func absenceErrors(err error) error {
	return shell.AtFields(err, func(field string) string {
		parts := strings.Split(field, ".")
		if parts[0] == "absences" && len(parts) < 3 {
			return "from"
		}
		return parts[len(parts)-1]
	})
}
