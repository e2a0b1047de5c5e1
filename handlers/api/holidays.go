package api

import (
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/intake/ical"
	"dailyroster/roster"
)

// holidaysJSON is a team's holidays; the rest is what came of an uploaded calendar.
type holidaysJSON struct {
	Holidays []holidayJSON   `json:"holidays"`
	Revision roster.Revision `json:"revision"` // of the team
	*uploadJSON
}

// uploadJSON is what came of an uploaded calendar.
type uploadJSON struct {
	Remarks []remarkJSON `json:"remarks"` // what was not taken, or not as it is written
	Outside int          `json:"outside"` // how many events lie outside the time that is of interest
	Preview bool         `json:"preview"` // nothing was kept
}

// remarkJSON is an ical.Remark.
type remarkJSON struct {
	Line  int    `json:"line"`
	Event string `json:"event"`
	Says  string `json:"says"`
}

func newRemarkJSON(r ical.Remark) remarkJSON { return remarkJSON{r.Line, r.Event, r.Says.Error()} }

func newUploadJSON[T any](came ical.Reading[T], preview bool) *uploadJSON {
	return &uploadJSON{each(came.Remarks, newRemarkJSON), came.Outside, preview}
}

// holidays answers GET /api/v1/teams/{team}/holidays.
func (s *Site) holidays(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return answerHolidays(w, r, team, nil)
}

// answerHolidays answers with a team's holidays, at the revision of the team without its
// exchanges, as the team itself is answered.
func answerHolidays(w http.ResponseWriter, r *http.Request, team *roster.Team, upload *uploadJSON) error {
	answer := holidaysJSON{each(team.Holidays, newHolidayJSON), team.Base(), upload}
	return answerEntity(w, r, http.StatusOK, answer, answer.Revision)
}

// putHolidays answers PUT /api/v1/teams/{team}/holidays, text/calendar: the team's
// holidays become those of the calendar; with ?preview=yes they would.
func (s *Site) putHolidays(w http.ResponseWriter, r *http.Request) error {
	data, err := web.WholeBody(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	came, err := s.Desk.HolidaysIn(team, data)
	if err != nil {
		return err
	}
	preview := r.URL.Query().Get("preview") != ""
	replaced := func(team *roster.Team) (roster.Team, error) {
		changed, err := desk.WithOnlyHolidays(team, came.Taken)
		if err != nil {
			return changed, web.AtFile(err)
		}
		return changed, s.HoldOrRefuse(r, nil, "team "+string(team.ID), team.Base())
	}
	var changed roster.Team
	if preview {
		changed, err = replaced(team)
	} else {
		changed, err = s.Desk.MergeTeam(r.Context(), team.ID, replaced)
	}
	if err != nil {
		return err
	}
	return answerHolidays(w, r, &changed, newUploadJSON(came, preview))
}

// removeHolidays answers DELETE /api/v1/teams/{team}/holidays: 204.
func (s *Site) removeHolidays(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	_, err = s.Desk.MergeTeam(r.Context(), team.ID, func(team *roster.Team) (roster.Team, error) {
		return team.WithoutHolidays(team.Holidays), s.HoldOrRefuse(r, nil, "team "+string(team.ID), team.Base())
	})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// aCalendar is an example of a calendar with one event.
func aCalendar(uid, first, after, summary string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20261101T000000Z\r\n" +
		"DTSTART;VALUE=DATE:" + first + "\r\nDTEND;VALUE=DATE:" + after + "\r\nSUMMARY:" + summary + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

// uploadNotes are what is said of the fields of uploadJSON.
func uploadNotes(notes openapi.Notes) openapi.Notes {
	notes["remarks"] = openapi.Note{Text: "After an upload: events that were left out, or taken differently than written."}
	notes["outside"] = openapi.Note{Text: "After an upload: how many events are too far in the past or future."}
	notes["preview"] = openapi.Note{Text: "After an upload: whether this was a preview, which saves nothing."}
	return notes
}

// previewQuery makes an upload one that keeps nothing.
func previewQuery() []parameter {
	return []parameter{{"preview", "With `yes`, nothing is saved.", &openapi.Schema{Type: "string"}}}
}

func describeHolidays(d *describer) {
	d.group("Calendars", "Holidays of teams and absences of people, entered by hand or from uploaded calendars.")
	openapi.Answered[remarkJSON](&d.Types, "Remark", "A remark about an event of a calendar.", openapi.Notes{
		"line": {Text: "The line of the calendar on which the event begins."}, "event": {Text: "The event's summary."}, "says": {Text: "The remark."},
	})
	openapi.Answered[holidaysJSON](&d.Types, "Holidays", "A team's holidays.", uploadNotes(openapi.Notes{
		"holidays": {Text: "In order of their dates."}, "revision": {Text: "The team's revision."},
	}))
	d.add(Operation{
		ID: "listHolidays", Method: "GET", Path: "/teams/{team}/holidays", Summary: "Read a team's holidays", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The holidays.", Value: holidaysJSON{}}},
		Examples: []Example{{Summary: "None yet", Target: "/teams/ops/holidays"}},
	}, Operation{
		ID: "putHolidays", Method: "PUT", Path: "/teams/{team}/holidays", Summary: "Replace a team's holidays with those of a calendar",
		Text:     "Repeating events are taken from two years before this year to three years after it.",
		Calendar: true, Tagged: true, Query: previewQuery(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The team's holidays after the upload.", Value: holidaysJSON{}}},
		Examples: []Example{{Summary: "One day", Target: "/teams/ops/holidays", Body: aCalendar("1@example.org", "20261225", "20261226", "Christmas Day")}},
	}, Operation{
		ID: "removeHolidays", Method: "DELETE", Path: "/teams/{team}/holidays", Summary: "Remove all holidays of a team", Tagged: true,
		Answers:  []Answered{{Status: http.StatusNoContent, Text: "The holidays are removed."}},
		Examples: []Example{{Summary: "Remove all", Target: "/teams/ops/holidays"}},
	})
}
