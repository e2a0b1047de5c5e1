package page

import (
	"context"
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// calendarPage answers GET /people/{person}/calendar: the form that takes a person's
// absences from a calendar.
func (s *Site) calendarPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return s.showCalendar(w, r, http.StatusOK, p, views.Upload{})
}

func (s *Site) showCalendar(w http.ResponseWriter, r *http.Request, status int, p roster.Person, upload views.Upload) error {
	return shell.Render(w, r, status, views.Calendar(s.Frame(r, words.T(r.Context(), "Absences of %s", p.Name), nil), p, s.Zone, upload))
}

// uploadCalendar answers POST /people/{person}/calendar: a preview of a file or, when it saves
// what was ticked there, 303 to the person.
func (s *Site) uploadCalendar(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return uploadPage{
		preview: func(file []byte) (*views.Preview, error) { return s.previewAbsences(r.Context(), p, file) },
		take:    func(ticked []string) error { return s.takeAbsences(r, p.ID, ticked) },
		show: func(status int, upload views.Upload) error {
			return s.showCalendar(w, r, status, p, upload)
		},
		done: views.PersonURL(p.ID),
	}.answer(w, r)
}

func (s *Site) previewAbsences(ctx context.Context, p roster.Person, file []byte) (*views.Preview, error) {
	came, err := s.Desk.AbsencesIn(&p, file)
	if err != nil {
		return nil, err
	}
	known := roster.AbsencesOf(p.Absences)
	return preview(came, func(a roster.Absence) views.PreviewRow {
		row := views.PreviewRow{From: a.From, To: a.To, Name: a.Note}
		switch merged := known.Take(a); {
		case merged.Same > 0:
			row.State = words.T(ctx, "there already")
		case merged.Changed > 0:
			row.State, row.Takes = words.T(ctx, "changed since the last upload"), true
		}
		return row
	})
}

func (s *Site) takeAbsences(r *http.Request, id roster.PersonID, ticked []string) error {
	absences, err := tickedAs[roster.Absence](ticked)
	if err != nil {
		return err
	}
	_, err = s.Desk.MergePerson(r.Context(), id, func(p *roster.Person) (roster.Person, error) {
		changed, _ := p.WithAbsences(absences)
		return changed, nil
	})
	return web.AtFile(err)
}
