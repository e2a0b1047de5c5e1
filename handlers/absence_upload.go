package handlers

import (
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/views"
)

// calendarPage answers GET /people/{person}/calendar: the form that takes a person's
// absences from a calendar.
func (s *Server) calendarPage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	return s.showCalendar(w, r, http.StatusOK, p, views.Upload{})
}

func (s *Server) showCalendar(w http.ResponseWriter, r *http.Request, status int, p roster.Person, upload views.Upload) error {
	return s.render(w, r, status, views.Calendar(s.frame(r, "Absences of "+p.Name, nil), p, s.Zone, upload))
}

// uploadCalendar answers POST /people/{person}/calendar: a preview of a file, or 303 to the
// person with what was ticked in it.
func (s *Server) uploadCalendar(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	return uploadPage{
		preview: func(file []byte) (*views.Preview, error) { return s.previewAbsences(p, file) },
		take:    func(ticked []string) error { return s.takeAbsences(r, ticked) },
		show: func(status int, upload views.Upload) error {
			return s.showCalendar(w, r, status, p, upload)
		},
		done: views.PersonURL(p.ID),
	}.answer(w, r)
}

// absencesIn reads a calendar as the person's.
func (s *Server) absencesIn(p *roster.Person, file []byte) (ical.Reading[roster.Absence], error) {
	return ical.Absences(file, p.Zone, s.Zone, s.personToday(p))
}

// personToday is the date where the person lives; where that is not known, of the site.
func (s *Server) personToday(p *roster.Person) roster.Date {
	zone := p.Zone
	if zone == (roster.Zone{}) {
		zone = s.Zone
	}
	return roster.DateOf(s.Now().In(zone.Location()))
}

func (s *Server) previewAbsences(p roster.Person, file []byte) (*views.Preview, error) {
	came, err := s.absencesIn(&p, file)
	if err != nil {
		return nil, err
	}
	preview := &views.Preview{Remarks: viewRemarks(came.Remarks), Outside: came.Outside}
	values, err := ticks(came.Taken)
	if err != nil {
		return nil, err
	}
	known := roster.AbsencesOf(p.Absences)
	for i, a := range came.Taken {
		row := views.PreviewRow{Value: values[i], From: a.From, To: a.To, Name: a.Note}
		switch merged := known.Take(a); {
		case merged.Same > 0:
			row.State = "there already"
		case merged.Changed > 0:
			row.State, row.Takes = "changed since the last upload", true
		}
		preview.Rows = append(preview.Rows, row)
	}
	return preview, nil
}

func (s *Server) takeAbsences(r *http.Request, ticked []string) error {
	absences, err := tickedAs[roster.Absence](ticked)
	if err != nil {
		return err
	}
	_, err = s.mergePerson(r, func(p *roster.Person) (roster.Person, error) {
		changed, _ := p.WithAbsences(absences)
		return changed, nil
	})
	return atFile(stalePage(err))
}

// absencesJSON is a person's absences; the rest is what came of an uploaded calendar.
type absencesJSON struct {
	Absences []roster.Absence `json:"absences"`
	Revision roster.Revision  `json:"revision"` // of the person
	*uploadJSON
}

// apiAbsences answers GET /api/v1/people/{person}/absences.
func (s *Server) apiAbsences(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, absencesJSON{Absences: emptyNotNull(p.Absences), Revision: p.Revision}, p.Revision)
}

// apiPutAbsences answers PUT /api/v1/people/{person}/absences, text/calendar: the
// person's absences from calendars become those of this one; with ?preview=yes they
// would. What was entered by hand, and what is over, stays.
func (s *Server) apiPutAbsences(w http.ResponseWriter, r *http.Request) error {
	data, err := wholeBody(r)
	if err != nil {
		return err
	}
	p, err := s.person(r)
	if err != nil {
		return err
	}
	came, err := s.absencesIn(&p, data)
	if err != nil {
		return fileError(err)
	}
	replaced := func(p *roster.Person) (roster.Person, error) {
		changed := p.WithEvents(came.Taken, s.personToday(p))
		if err := changed.Validate(); err != nil {
			return changed, atFile(err)
		}
		return changed, s.holdOrRefuse(r, nil, "person "+string(p.ID), p.Revision)
	}
	preview := r.URL.Query().Get("preview") != ""
	var changed roster.Person
	if preview {
		changed, err = replaced(&p)
	} else {
		changed, err = s.mergePerson(r, replaced)
	}
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, absencesJSON{emptyNotNull(changed.Absences), changed.Revision, newUploadJSON(came, preview)}, changed.Revision)
}

func describeAbsences(d *describer) {
	openapi.Answered[absencesJSON](&d.Types, "Absences", "A person's absences.", uploadNotes(openapi.Notes{
		"absences": {Text: "In order of their first days."}, "revision": {Text: "That of the person."},
	}))
	d.add(operation{
		id: "listAbsences", method: "GET", path: "/people/{person}/absences", summary: "Read a person's absences", tagged: true,
		answers:  []answered{{status: http.StatusOK, text: "The absences.", value: absencesJSON{}}},
		examples: []example{{summary: "None yet", target: "/people/ana-ruiz/absences"}},
	}, operation{
		id: "putAbsences", method: "PUT", path: "/people/{person}/absences", summary: "Replace a person's absences from calendars by those of one",
		text:     "What was entered by hand, and what is over, stays. An event that repeats by the day, week, month or year is taken for the next three years.",
		calendar: true, tagged: true, query: previewQuery(),
		answers:  []answered{{status: http.StatusOK, text: "The absences as they are now.", value: absencesJSON{}}},
		examples: []example{{summary: "A week", target: "/people/ana-ruiz/absences", body: aCalendar("2@example.org", "20261207", "20261214", "Away")}},
	})
}
