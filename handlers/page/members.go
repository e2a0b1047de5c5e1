package page

import (
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/views"
	"dailyroster/words"
)

// How far ahead a team's page of people looks, in days.
const (
	memberDays = 90
	awayDays   = 8 * 7
)

// membersPage answers GET /teams/{team}/people: who is in the team, when each is on call next, and
// who is away when.
func (s *Site) membersPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	from := team.DayAt(s.Now())
	to := from.AddDays(memberDays - 1)
	sheet, err := s.Desk.Sheet(r.Context(), team, from, to)
	if err != nil {
		return err
	}
	contacts, err := s.contacts(r.Context(), sheet.Names)
	if err != nil {
		return err
	}
	mayAll, err := s.MayEditPeople(r.Context())
	if err != nil {
		return err
	}
	days := sheet.Days(from, to)
	page := views.Members{Team: team, From: from, To: from.AddDays(awayDays - 1)}
	for _, id := range tally.Own(team, days) {
		p, known := sheet.Names.Person(id)
		if !known || p.Removed {
			continue
		}
		m := views.Member{Person: p, Contact: contacts(id), May: mayAll || web.CallerOf(r.Context()).Is(&p)}
		for _, d := range days {
			for _, holder := range d.Assignments {
				if holder != id {
					continue
				}
				if m.Days == 0 {
					m.Next = d.Date
				}
				m.Days++
				break
			}
		}
		for _, a := range p.Absences {
			if a.Meets(page.From, page.To) {
				m.Away = append(m.Away, a)
			}
		}
		page.People = append(page.People, m)
	}
	frame := s.Frame(r, words.T(r.Context(), "People and absences"), team)
	if p, known := sheet.Names.Person(roster.PersonID(r.URL.Query().Get("saved"))); known {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.PersonURL(p.ID), p.Revision)
	}
	return shell.Render(w, r, http.StatusOK, views.MembersPage(frame, page))
}
