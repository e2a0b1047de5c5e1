package api

import (
	"net/http"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// absencesJSON is a person's absences; the rest is what came of an uploaded calendar.
type absencesJSON struct {
	Absences []absenceJSON   `json:"absences"`
	Revision roster.Revision `json:"revision"` // of the person
	*uploadJSON
}

// absences answers GET /api/v1/people/{person}/absences.
func (s *Site) absences(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, absencesJSON{Absences: each(p.Absences, newAbsenceJSON), Revision: p.Revision}, p.Revision)
}

// putAbsences answers PUT /api/v1/people/{person}/absences, text/calendar: the
// person's absences from calendars become those of this one; with ?preview=yes they
// would. What was entered by hand, and what is over, stays.
func (s *Site) putAbsences(w http.ResponseWriter, r *http.Request) error {
	data, err := web.WholeBody(r)
	if err != nil {
		return err
	}
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	came, err := s.Desk.AbsencesIn(&p, data)
	if err != nil {
		return err
	}
	replaced := func(p *roster.Person) (roster.Person, error) {
		changed, err := s.Desk.WithEvents(p, came.Taken)
		if err != nil {
			return changed, web.AtFile(err)
		}
		return changed, s.HoldOrRefuse(r, nil, "person "+string(p.ID), p.Revision)
	}
	preview := r.URL.Query().Get("preview") != ""
	var changed roster.Person
	if preview {
		changed, err = replaced(&p)
	} else {
		changed, err = s.Desk.MergePerson(r.Context(), p.ID, replaced)
	}
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, absencesJSON{each(changed.Absences, newAbsenceJSON), changed.Revision, newUploadJSON(came, preview)}, changed.Revision)
}

func describeAbsences(d *describer) {
	openapi.Answered[absencesJSON](&d.Types, "Absences", "A person's absences.", uploadNotes(openapi.Notes{
		"absences": {Text: "In order of their first days."}, "revision": {Text: "The person's revision."},
	}))
	d.add(Operation{
		ID: "listAbsences", Method: "GET", Path: "/people/{person}/absences", Summary: "Read a person's absences", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The absences.", Value: absencesJSON{}}},
		Examples: []Example{{Summary: "None yet", Target: "/people/ana-ruiz/absences"}},
	}, Operation{
		ID: "putAbsences", Method: "PUT", Path: "/people/{person}/absences", Summary: "Replace a person's absences with those of a calendar",
		Text:     "Absences that were entered by hand, and past ones, stay. Daily, weekly, monthly and yearly events are repeated for the next three years.",
		Calendar: true, Tagged: true, Query: previewQuery(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The person's absences after the upload.", Value: absencesJSON{}}},
		Examples: []Example{{Summary: "A week", Target: "/people/ana-ruiz/absences", Body: aCalendar("2@example.org", "20261207", "20261214", "Away")}},
	})
}
