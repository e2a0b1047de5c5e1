package export

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"time"

	"dailyroster/calendar"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/archive"
)

// daysFile is a team's days for a file.
type daysFile struct {
	team  *roster.Team
	days  []roster.Day
	names roster.Names
	name  string // of the file, without its ending
}

func (s *Site) exportOf(r *http.Request) (daysFile, error) {
	team, err := s.TeamOf(r)
	if err != nil {
		return daysFile{}, err
	}
	from, to, err := web.QueryRange(r.URL.Query(), team.Today(s.Now()))
	if err != nil {
		return daysFile{}, err
	}
	sheet, err := s.Desk.Sheet(r.Context(), team, from, to)
	if err != nil {
		return daysFile{}, err
	}
	return daysFile{team, sheet.Days(from, to), sheet.Names, fmt.Sprintf("%s-%s-%s", team.ID, from, to)}, err
}

// DaysCSV answers GET /teams/{team}/days.csv?from=&to=, of the page and of the API: a row for
// each day, a column for each role. The file can be imported again.
func (s *Site) DaysCSV(w http.ResponseWriter, r *http.Request) error {
	e, err := s.exportOf(r)
	if err != nil {
		return err
	}
	head := []string{"Date"}
	for _, role := range e.team.Roles {
		head = append(head, role.Name)
	}
	rows := [][]string{append(head, "Note")}
	for _, d := range e.days {
		row := []string{d.Date.String()}
		for _, role := range e.team.Roles {
			row = append(row, e.names.Text(d.Assignments[role.ID]))
		}
		rows = append(rows, append(row, d.Note))
	}
	return answerCSV(w, e.name, rows)
}

// DaysCalendar answers GET /teams/{team}/days.ics?from=&to=, of the page and of the API:
// an event (RFC 5545) for each shift and role. The file can be imported again.
func (s *Site) DaysCalendar(w http.ResponseWriter, r *http.Request) error {
	e, err := s.exportOf(r)
	if err != nil {
		return err
	}
	shifts := calendar.Calendar{Name: e.team.Name, Written: s.Now()}
	for _, d := range e.days {
		for _, role := range e.team.Roles {
			person := d.Assignments[role.ID]
			if person == "" {
				continue
			}
			for _, event := range calendar.EventsOf(e.team, d, role.ID) {
				event.Summary = fmt.Sprintf("%s (%s)", e.names.Of(person), role.Name)
				shifts.Events = append(shifts.Events, event)
			}
		}
	}
	var file bytes.Buffer
	if err := shifts.Write(&file); err != nil {
		return err
	}
	attach(w, "text/calendar; charset=utf-8", e.name+".ics")
	_, _ = w.Write(file.Bytes())
	return nil
}

// attach makes the answer a file to save.
func attach(w http.ResponseWriter, contentType, name string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// exportTime is the longest that an export of everything may take.
const exportTime = 10 * time.Minute

// All answers GET /export.jsonl and GET /api/v1/export: everything that the store keeps, in
// the format of package archive. An answer that breaks off has no last line, and restoring it
// fails.
func (s *Site) All(w http.ResponseWriter, r *http.Request) error {
	control, now := http.NewResponseController(w), time.Now()
	_ = control.SetWriteDeadline(now.Add(exportTime)) // fails for a writer without deadlines, as in tests
	ctx, cancel := context.WithTimeout(r.Context(), exportTime)
	defer cancel()
	ctx, age := store.WithAge(ctx)
	if err := s.Store.Ping(ctx); err != nil {
		return err // while a status can still say so
	}
	attach(w, "application/jsonl", "daily-roster-"+roster.DateOf(s.Now().UTC()).String()+".jsonl")
	_, err := archive.Write(ctx, &fresh{w, age}, s.Store, "Daily Roster "+s.Version, s.Now(), archive.None)
	if err != nil {
		s.Log.Error("an export broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// fresh writes only what comes from the store now, and fails on remembered data.
type fresh struct {
	http.ResponseWriter
	age *store.Age
}

// Write implements io.Writer.
func (f *fresh) Write(b []byte) (int, error) {
	if oldest := f.age.Oldest(); !oldest.IsZero() {
		return 0, &store.UnavailableError{Err: fmt.Errorf("the store does not answer; what is known is of %s", oldest)}
	}
	return f.ResponseWriter.Write(b)
}
