package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// maxFillTries is how often a fill is planned anew because somebody edited meanwhile.
const maxFillTries = 5

// fillRange is the days of a fill, from today on. What is refused is a
// roster.FieldErrors.
func fillRange(q url.Values, today roster.Date) (from, to roster.Date, err error) {
	var errs roster.FieldErrors
	if from, err = roster.ParseDate(q.Get("fill-from")); err != nil {
		errs.Add("fill-from", err)
	} else if from.Before(today) {
		errs.Add("fill-from", errors.New("the past is not filled; give today or a later day"))
	}
	if to, err = roster.ParseDate(q.Get("fill-to")); err != nil {
		errs.Add("fill-to", err)
	}
	if len(errs) == 0 {
		switch n := from.DaysUntil(to); {
		case n < 0:
			errs.Add("fill-to", errors.New("the last day comes before the first"))
		case n >= maxDays:
			errs.Add("fill-to", errors.New("at most 366 days are filled at a time"))
		case today.DaysUntil(to) > 10*maxDays:
			errs.Add("fill-to", errors.New("that is more than ten years away"))
		}
	}
	return from, to, errs.Err()
}

// planFill is what a fill of the days does. Preview and apply are this same call.
func (s *Server) planFill(ctx context.Context, team *roster.Team, people []roster.Person, from, to roster.Date, overwrite bool) (roster.FillPlan, error) {
	days, err := s.Store.Days(ctx, team.ID, from, to)
	if err != nil {
		return roster.FillPlan{}, err
	}
	history, err := s.wholeHistory(ctx, team.ID)
	if err != nil {
		return roster.FillPlan{}, err
	}
	return roster.Fill(roster.FillInput{
		Team: team, People: people, From: from, To: to, Days: roster.ByDate(days), SetBy: roster.SetBy(history), Overwrite: overwrite,
	}), nil
}

// wholeHistory is every change of the team, newest first.
func (s *Server) wholeHistory(ctx context.Context, team roster.TeamID) ([]roster.Change, error) {
	var all []roster.Change
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for {
		page, err := s.Store.Changes(ctx, team, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Changes...)
		if page.Next == "" {
			return all, nil
		}
		q.Cursor = page.Next
	}
}

// fillTeam answers POST /teams/{team}/fill: the roster is filled month by month, and
// the browser sent to it. A fill that was cut off goes on when it is sent again.
func (s *Server) fillTeam(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	team, err := s.team(r)
	if err != nil {
		return err
	}
	from, to, err := fillRange(fields, team.Today(s.Now()))
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(fields.Get("group"))
	if err != nil {
		return badRequest("group: %v", err)
	}
	people, err := s.Store.People(r.Context())
	if err != nil {
		return err
	}
	act := roster.Act{Group: group, Actor: actor(r), Time: s.Now()}
	for range maxFillTries {
		plan, err := s.planFill(r.Context(), team, people, from, to, fields.Get("overwrite") != "")
		if err != nil {
			return err
		}
		err = s.saveAll(r.Context(), team.ID, plan.Edits(act))
		if isConflict(err) {
			continue // somebody edited one of the days: what they did is part of a new plan
		}
		if err != nil {
			return err
		}
		url := views.RosterURL(team.ID, views.View{From: from, Days: min(maxDays, from.DaysUntil(to)+1)}, "done", string(group))
		http.Redirect(w, r, url, http.StatusSeeOther)
		return nil
	}
	return stalePage(&store.ConflictError[roster.Team]{Current: *team})
}

// saveAll makes the edits one after the other, until one fails.
func (s *Server) saveAll(ctx context.Context, team roster.TeamID, edits []roster.Edit) error {
	for _, e := range edits {
		if _, err := s.Store.Save(ctx, team, e); err != nil {
			return err
		}
	}
	return nil
}

// undoChanges answers POST /teams/{team}/undo: what the field group or change names is
// taken back, all of it or nothing; the browser is sent to the history.
func (s *Server) undoChanges(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	team, err := s.team(r)
	if err != nil {
		return err
	}
	id, err := roster.ParseChangeID(fields.Get("change"))
	if err != nil {
		return badRequest("change: %v", err)
	}
	history, err := s.wholeHistory(r.Context(), team.ID)
	if err != nil {
		return err
	}
	changes := belonging(history, id)
	if len(changes) == 0 {
		return notFound("change")
	}
	for i := range changes {
		if changes[i].Date.Before(team.Today(s.Now())) {
			return &refusal{http.StatusConflict, "past", "The past stays as it is", "One of these changes is of a day before today.", nil}
		}
	}
	now, err := s.daysOf(r.Context(), team.ID, changes)
	if err != nil {
		return err
	}
	plan := roster.Undo(roster.UndoInput{Changes: changes, History: history, Days: roster.ByDate(now)})
	if err := plan.Err(); err != nil {
		return &refusal{http.StatusConflict, "undo-blocked", "This cannot be undone as a whole", sentence(err.Error()), nil}
	}
	group, err := s.changeID(r.Context(), "undo of "+string(id))
	if err != nil {
		return err
	}
	if err := s.saveAll(r.Context(), team.ID, plan.Edits(roster.Act{Group: group, Actor: actor(r), Time: s.Now()})); err != nil {
		return stalePage(err)
	}
	http.Redirect(w, r, views.HistoryURL(team.ID, roster.Date{}, ""), http.StatusSeeOther)
	return nil
}

// belonging are the changes of the group or, for a change on its own, just that one.
func belonging(history []roster.Change, id roster.ChangeID) []roster.Change {
	var changes []roster.Change
	for _, c := range history {
		if c.Group == id || c.ID == id && c.Group == "" {
			changes = append(changes, c)
		}
	}
	return changes
}

// daysOf reads the days that the changes are of.
func (s *Server) daysOf(ctx context.Context, team roster.TeamID, changes []roster.Change) ([]roster.Day, error) {
	var days []roster.Day
	read := map[roster.Month]bool{}
	for _, c := range changes {
		m := c.Date.InMonth()
		if read[m] {
			continue
		}
		read[m] = true
		part, err := s.Store.Days(ctx, team, m.First(), m.Next().First().AddDays(-1))
		if err != nil {
			return nil, err
		}
		days = append(days, part...)
	}
	return days, nil
}
