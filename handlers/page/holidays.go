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

// holidaysPage answers GET /teams/{team}/holidays.
func (s *Site) holidaysPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showHolidays(w, r, http.StatusOK, team, views.Upload{})
}

func (s *Site) showHolidays(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, upload views.Upload) error {
	page := views.HolidaysPage{Team: team, Upload: upload, Today: team.Today(s.Now())}
	var err error
	if page.Values, err = ticks(team.Holidays); err != nil {
		return err
	}
	frame := s.Frame(r, words.T(r.Context(), "Holidays of %s", team.Name), team)
	if r.URL.Query().Has("saved") && status == http.StatusOK && upload.Preview == nil {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.TeamURL(team.ID), team.Base())
	}
	return shell.Render(w, r, status, views.Holidays(frame, page))
}

// uploadHolidays answers POST /teams/{team}/holidays: a preview of a file or, when it saves
// what was ticked there, 303 to the page.
func (s *Site) uploadHolidays(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return uploadPage{
		preview: func(file []byte) (*views.Preview, error) { return s.previewHolidays(r.Context(), team, file) },
		take:    func(ticked []string) error { return s.takeHolidays(r, team.ID, ticked) },
		show: func(status int, upload views.Upload) error {
			return s.showHolidays(w, r, status, team, upload)
		},
		done: views.HolidaysURL(team.ID),
	}.answer(w, r)
}

func (s *Site) previewHolidays(ctx context.Context, team *roster.Team, file []byte) (*views.Preview, error) {
	came, err := s.Desk.HolidaysIn(team, file)
	if err != nil {
		return nil, err
	}
	known := roster.HolidaysOf(team.Holidays)
	return preview(came, func(h roster.Holiday) views.PreviewRow {
		row := views.PreviewRow{From: h.Date, To: h.Date, Name: h.Name}
		if !known.Add(h) {
			row.State = words.T(ctx, "there already")
		}
		return row
	})
}

func (s *Site) takeHolidays(r *http.Request, id roster.TeamID, ticked []string) error {
	holidays, err := tickedAs[roster.Holiday](ticked)
	if err != nil {
		return err
	}
	_, err = s.Desk.MergeTeam(r.Context(), id, func(team *roster.Team) (roster.Team, error) {
		changed, _ := team.WithHolidays(holidays)
		return changed, nil
	})
	return web.AtFile(err)
}

// removeHolidays answers POST /teams/{team}/holidays/remove: 303 to the page.
func (s *Site) removeHolidays(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	gone, err := tickedAs[roster.Holiday](fields["take"])
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	made, err := s.Desk.MergeTeam(r.Context(), team.ID, func(team *roster.Team) (roster.Team, error) { return team.WithoutHolidays(gone), nil })
	if err != nil {
		return err
	}
	if err := s.KeepBefore(w, r, views.TeamURL(team.ID), team, &made, made.Base()); err != nil {
		return err
	}
	http.Redirect(w, r, views.HolidaysURL(team.ID)+"?saved", http.StatusSeeOther)
	return nil
}
