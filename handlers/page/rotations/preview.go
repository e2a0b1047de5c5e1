package rotations

import (
	"errors"
	"net/http"
	"slices"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/views"
	"dailyroster/words"
)

// previewDays is how far ahead an edited rotation is drawn: four weeks.
const previewDays = 28

// previewRotation answers POST /teams/{team}/rotations/preview: what the rotation in the form
// would give in its first four weeks, as a fragment. It changes nothing, and knows people who do
// not exist yet by their names.
func (s *Site) previewRotation(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	form := &views.RotationForm{ID: roster.RotationID(fields.Get("id")), Values: shell.FirstValues(fields)}
	var changed roster.Team
	version, err := rotationVersion(fields, team.Today(s.Now()))
	if err == nil {
		names, version.People, err = draftPeople(names, fields.Get("people"))
	}
	if err == nil {
		changed, err = withVersion(team, fields, form, version)
	}
	var plan planning.FillPlan
	if err == nil {
		plan, err = s.Desk.PlanFill(r.Context(), &changed, names, desk.FillWish{From: version.From, To: version.From.AddDays(previewDays - 1)})
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return shell.Render(w, r, http.StatusOK, views.NoPreview(words.Said(r.Context(), refused[0].Err)))
	}
	if err != nil {
		return err
	}
	role := roster.RoleID(fields.Get("role"))
	return shell.Render(w, r, http.StatusOK, views.DrawnRotation(views.RotationPreview{
		Team: team, Names: names, From: version.From, Days: previewDays,
		Seats: slices.DeleteFunc(plan.Seats, func(seat planning.FillSeat) bool { return seat.Role != role }),
		Away:  awayIn(names, version.People, version.From, version.From.AddDays(previewDays-1)),
	}))
}

// draftPeople finds the people of a list of names. Names that are nobody's are people of their
// own, whom only the returned names know.
func draftPeople(known roster.Names, text string) (roster.Names, []roster.PersonID, error) {
	ids, newNames, err := listed(known, text)
	if err != nil {
		return known, nil, err
	}
	var drafts []roster.Person
	for i, name := range newNames {
		if name != "" {
			ids[i] = roster.PersonID("draft-" + roster.Slug(name))
			drafts = append(drafts, roster.Person{ID: ids[i], Name: name, Active: true})
		}
	}
	return known.With(drafts), ids, nil
}

// awayIn are the absences of people among some days, in their order.
func awayIn(names roster.Names, people []roster.PersonID, from, to roster.Date) []views.Away {
	var away []views.Away
	for _, id := range people {
		p, known := names.Person(id)
		if !known {
			continue
		}
		for _, a := range p.Absences {
			if a.Meets(from, to) {
				away = append(away, views.Away{Person: id, Absence: a})
			}
		}
	}
	return away
}
