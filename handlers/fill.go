package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

const (
	// maxFillTries is how often a fill is planned anew because somebody edited meanwhile.
	maxFillTries = 5
	// maxFillDays is how many days one fill has at most, and how far ahead its last one is.
	maxFillDays = 2 * 366
)

// fillAsked is which fill somebody asks for.
type fillAsked struct {
	from, to  roster.Date
	overwrite bool
	// of is the act that emptied the seats to be filled, and only those; "" is any seat.
	of     roster.ChangeID
	reason string
}

// fillFields reads a form's fill. What is refused is a roster.FieldErrors.
func fillFields(q url.Values, today roster.Date) (fillAsked, error) {
	asked := fillAsked{overwrite: q.Get("overwrite") != ""}
	err := asked.read("fill-", q.Get("fill-from"), q.Get("fill-to"), q.Get("of"), q.Get(roster.ReasonField), today)
	return asked, err
}

// read reads and checks what is written as text; prefix is before the names of the dates.
func (a *fillAsked) read(prefix, from, to, of, reason string, today roster.Date) (err error) {
	var errs roster.FieldErrors
	if a.from, err = roster.ParseDate(from); err != nil {
		errs.Add(prefix+"from", err)
	}
	if a.to, err = roster.ParseDate(to); err != nil {
		errs.Add(prefix+"to", err)
	}
	if len(errs) == 0 {
		switch n := a.from.DaysUntil(a.to); {
		case n < 0:
			errs.Add(prefix+"to", errors.New("the last day comes before the first"))
		case n >= maxFillDays:
			errs.Add(prefix+"to", fmt.Errorf("at most two years (%d days) are filled at a time", maxFillDays))
		case today.DaysUntil(a.to) >= maxFillDays:
			errs.Add(prefix+"to", errors.New("a roster is filled two years ahead at most"))
		}
	}
	if of != "" {
		if a.of, err = roster.ParseChangeID(of); err != nil {
			errs.Add("of", err)
		}
	}
	if a.reason, err = roster.ParseReason(reason); err != nil {
		errs.Add(roster.ReasonField, err)
	}
	return errs.Err()
}

// planFill is what a fill does. Preview and apply are this same call. It reads, of the
// history, that of the days which were ever changed.
func (s *Server) planFill(ctx context.Context, team *roster.Team, people []roster.Person, asked fillAsked) (roster.FillPlan, error) {
	days, err := s.Store.Days(ctx, team.ID, asked.from, asked.to)
	if err != nil {
		return roster.FillPlan{}, err
	}
	history, err := s.historyOf(ctx, team.ID, days)
	if err != nil {
		return roster.FillPlan{}, err
	}
	in := roster.FillInput{
		Team: team, People: people, From: asked.from, To: asked.to, Days: roster.ByDate(days), SetBy: roster.SetBy(history), Overwrite: asked.overwrite,
	}
	if asked.of != "" {
		emptied := map[roster.Seat]bool{}
		for _, c := range history {
			if c.Act() == asked.of && c.To == "" && c.Role != "" {
				emptied[roster.Seat{Date: c.Date, Role: c.Role}] = true
			}
		}
		in.Only = func(seat roster.Seat) bool { return emptied[seat] }
	}
	return roster.Fill(in), nil
}

// historyOf is the history of those of the days, which come in order, that were ever
// changed, newest first; perhaps with days between them.
func (s *Server) historyOf(ctx context.Context, team roster.TeamID, days []roster.Day) ([]roster.Change, error) {
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for _, d := range days {
		if d.Revision == "" {
			continue
		}
		if q.From.IsZero() {
			q.From = d.Date
		}
		q.To = d.Date
	}
	if q.From.IsZero() {
		return nil, nil
	}
	return s.changesUntil(ctx, team, q, func([]roster.Change) bool { return false })
}

// changesUntil are the changes that the query asks for, newest first, page after page
// until the end, or until those read are enough.
func (s *Server) changesUntil(ctx context.Context, team roster.TeamID, q store.ChangeQuery, enough func([]roster.Change) bool) ([]roster.Change, error) {
	var all []roster.Change
	for {
		page, err := s.Store.Changes(ctx, team, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Changes...)
		if page.Next == "" || enough(all) {
			return all, nil
		}
		q.Cursor = page.Next
	}
}

// fillTeam answers POST /teams/{team}/fill: the roster is filled month by month, and
// the browser sent to it; 422 the rotations page with what is wrong. A fill that was cut
// off goes on when it is sent again.
func (s *Server) fillTeam(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.teamForm(r)
	if err != nil {
		return err
	}
	asked, err := fillFields(fields, team.Present(s.Now()))
	if err == nil && asked.from.Before(team.Present(s.Now())) && asked.reason == "" {
		err = roster.NeedsReason(asked.from)
	}
	if _, refused := errors.AsType[roster.FieldErrors](err); refused {
		return s.showRotations(w, r, http.StatusUnprocessableEntity, team, nil, fields)
	}
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(fields.Get("group"))
	if err != nil {
		return badRequest("group: %v", err)
	}
	act := roster.Act{Group: group, Actor: actor(r), Time: s.Now(), Reason: asked.reason}
	if _, err := s.fill(r.Context(), team, asked, act); err != nil {
		return stalePage(err)
	}
	url := views.RosterURL(team.ID, views.View{From: asked.from, Days: min(maxDays, asked.from.DaysUntil(asked.to)+1)}, "done", string(group))
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// fill plans and applies a fill, anew where somebody edits one of the days meanwhile:
// what they did is part of the new plan. plan is the first one.
func (s *Server) fill(ctx context.Context, team *roster.Team, asked fillAsked, act roster.Act) (plan roster.FillPlan, err error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return plan, err
	}
	for try := range maxFillTries {
		now, err := s.planFill(ctx, team, people, asked)
		if err != nil {
			return plan, err
		}
		if try == 0 {
			plan = now
		}
		if err = s.saveAll(ctx, team, now.Edits(act)); !isConflict(err) {
			return plan, err
		}
	}
	return plan, &store.ConflictError[roster.Team]{Current: *team}
}

// save makes an edit of the team's roster. One of the past that does not say why is a
// roster.FieldErrors.
func (s *Server) save(ctx context.Context, team *roster.Team, edit roster.Edit) (store.Saved, error) {
	if err := edit.CheckPast(team.Present(s.Now())); err != nil {
		return store.Saved{}, err
	}
	return s.Store.Save(ctx, team.ID, edit)
}

// saveAll makes the edits one after the other, until one fails, or none if one is
// refused by save.
func (s *Server) saveAll(ctx context.Context, team *roster.Team, edits []roster.Edit) error {
	for _, e := range edits {
		if err := e.CheckPast(team.Present(s.Now())); err != nil {
			return err
		}
	}
	return s.saveEach(ctx, team.ID, edits)
}

// saveEach makes the edits one after the other, until one fails.
func (s *Server) saveEach(ctx context.Context, team roster.TeamID, edits []roster.Edit) error {
	for _, e := range edits {
		if _, err := s.Store.Save(ctx, team, e); err != nil {
			return err
		}
	}
	return nil
}
