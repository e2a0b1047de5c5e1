package handlers

import (
	"dailyroster/handlers/openapi"
	"dailyroster/roster"
	"net/http"
)

// absencesJSON is a person's absences; the rest is what came of an uploaded calendar.
type absencesJSON struct {
	Absences []roster.Absence `json:"absences"`
	Revision roster.Revision  `json:"revision"` // of the person
	*uploadJSON
}

// apiAbsences answers GET /api/v1/people/{person}/absences.
func (s *Server) apiAbsences(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, absencesJSON{Absences: emptyNotNull(p.Absences), Revision: p.Revision}, p.Revision)
}

// apiPutAbsences answers PUT /api/v1/people/{person}/absences, text/calendar: the
// person's absences from calendars become those of this one; with ?preview=yes they
// would. What was entered by hand, and what is over, stays.
func (s *Server) apiPutAbsences(w http.ResponseWriter, r *http.Request) error {
	data, err := WholeBody(r)
	if err != nil {
		return err
	}
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	came, err := s.AbsencesIn(&p, data)
	if err != nil {
		return fileError(err)
	}
	replaced := func(p *roster.Person) (roster.Person, error) {
		changed, err := s.WithEvents(p, came.Taken)
		if err != nil {
			return changed, atFile(err)
		}
		return changed, s.holdOrRefuse(r, nil, "person "+string(p.ID), p.Revision)
	}
	preview := r.URL.Query().Get("preview") != ""
	var changed roster.Person
	if preview {
		changed, err = replaced(&p)
	} else {
		changed, err = s.MergePerson(r.Context(), p.ID, replaced)
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
