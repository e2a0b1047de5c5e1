package handlers

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"time"

	"dailyroster/handlers/export"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/archive"
	"dailyroster/views"
)

// daysFile is a team's days as they are given out.
type daysFile struct {
	team  *roster.Team
	days  []roster.Day
	names views.Names
	name  string // of the file, without its ending
}

func (s *Server) exportOf(r *http.Request) (daysFile, error) {
	team, err := s.team(r)
	if err != nil {
		return daysFile{}, err
	}
	from, to, err := queryRange(r.URL.Query(), team.Today(s.Now()))
	if err != nil {
		return daysFile{}, err
	}
	days, err := s.Store.Days(r.Context(), team.ID, from, to)
	if err != nil {
		return daysFile{}, err
	}
	names, _, err := s.names(r.Context())
	return daysFile{team, days, names, fmt.Sprintf("%s-%s-%s", team.ID, from, to)}, err
}

// exportCSV answers GET /teams/{team}/days.csv?from=&to=, of the page and of the API: a
// row for each day, a column for each role. What it gives can be imported again.
func (s *Server) exportCSV(w http.ResponseWriter, r *http.Request) error {
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

// exportCalendar answers GET /teams/{team}/days.ics?from=&to=, of the page and of the API:
// an event (RFC 5545) for each shift and role. What it gives can be imported again.
func (s *Server) exportCalendar(w http.ResponseWriter, r *http.Request) error {
	e, err := s.exportOf(r)
	if err != nil {
		return err
	}
	calendar := export.Calendar{Name: e.team.Name, Written: s.Now()}
	for _, d := range e.days {
		for _, role := range e.team.Roles {
			event, takesTime := export.EventOf(e.team, d, role.ID)
			if person := d.Assignments[role.ID]; person != "" && takesTime {
				event.Summary = fmt.Sprintf("%s (%s)", e.names.Of(person), role.Name)
				calendar.Events = append(calendar.Events, event)
			}
		}
	}
	var file bytes.Buffer
	if err := calendar.Write(&file); err != nil {
		return err
	}
	attach(w, "text/calendar; charset=utf-8", e.name+".ics")
	_, _ = w.Write(file.Bytes())
	return nil
}

// attach makes the answer a file.
func attach(w http.ResponseWriter, contentType, name string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// exportTime is the longest that an export of everything may take.
const exportTime = 10 * time.Minute

// exportAll answers GET /export.jsonl and GET /api/v1/export: everything that the store
// keeps, in the form of package archive. An answer that breaks off has no last line, and
// is refused by whoever restores it.
func (s *Server) exportAll(w http.ResponseWriter, r *http.Request) error {
	control, now := http.NewResponseController(w), time.Now()
	_ = control.SetWriteDeadline(now.Add(exportTime)) // a writer without deadlines, as in tests, has none to miss
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

// fresh writes as long as what is written is read now, and not remembered.
type fresh struct {
	http.ResponseWriter
	age *store.Age
}

func (f *fresh) Write(b []byte) (int, error) {
	if oldest := f.age.Oldest(); !oldest.IsZero() {
		return 0, &store.UnavailableError{Err: fmt.Errorf("the store does not answer; what is known is of %s", oldest)}
	}
	return f.ResponseWriter.Write(b)
}

func describeExports(d *describer) {
	days := "/teams/ops/days%s?from=2026-11-23&to=2026-11-24"
	d.add(operation{
		id: "exportDaysCSV", method: "GET", path: "/teams/{team}/days.csv", summary: "Read a range of days as a file for spreadsheets",
		text: "What it gives can be imported again.", query: rangeParameters(),
		answers:  []answered{{status: http.StatusOK, text: "The days.", file: "text/csv", plain: "A row for each day, a column for each role, and the note (RFC 4180). A cell that a spreadsheet would take for a formula has an apostrophe before it."}},
		examples: []example{{summary: "Two days", target: fmt.Sprintf(days, ".csv")}},
	}, operation{
		id: "exportDaysCalendar", method: "GET", path: "/teams/{team}/days.ics", summary: "Read a range of days as a calendar",
		text: "What it gives can be imported again.", query: rangeParameters(),
		answers:  []answered{{status: http.StatusOK, text: "The shifts.", file: calendarType, plain: "An event for each shift and role (RFC 5545)."}},
		examples: []example{{summary: "Two days", target: fmt.Sprintf(days, ".ics")}},
	}, operation{
		id: "exportEverything", method: "GET", path: "/export", summary: "Read everything that is kept, of all teams",
		text:     "People, teams, tokens without their secrets, days and history, for `roster restore`. An answer without its last line, which has the counts and a checksum, broke off.",
		answers:  []answered{{status: http.StatusOK, text: "Everything.", file: "application/jsonl", plain: "A JSON object in each line."}},
		examples: []example{{summary: "Everything", target: "/export"}},
	})
}
