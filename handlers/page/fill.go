package page

import (
	"context"
	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"errors"
	"net/http"
	"net/url"
)

// fillFields reads a form's fill. What is refused is a roster.FieldErrors.
func fillFields(q url.Values) (desk.FillWish, error) {
	asked, err := web.ParseFill(q.Get("fill-from"), q.Get("fill-to"), q.Get("of"), q.Get(roster.ReasonField))
	asked.Overwrite = q.Get("overwrite") != ""
	return asked, err
}

// fillErrors names the fields of a fill as its form does.
func fillErrors(err error) error {
	return atFields(err, func(field string) string {
		if field == "from" || field == "to" {
			return "fill-" + field
		}
		return field
	})
}

// fillTeam answers POST /teams/{team}/fill: the roster is filled month by month, and
// the browser sent to it; 422 the rotations page with what is wrong. A fill that was cut
// off goes on when it is sent again.
func (s *Site) fillTeam(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.teamForm(r)
	if err != nil {
		return err
	}
	group, err := roster.ParseChangeID(fields.Get("group"))
	if err != nil {
		return web.BadRequest("group: %v", err)
	}
	asked, err := fillFields(fields)
	if err == nil {
		_, err = s.Desk.Fill(r.Context(), team, asked, group, web.Actor(r))
	}
	if _, refused := errors.AsType[roster.FieldErrors](err); refused {
		return s.showRotations(w, r, http.StatusUnprocessableEntity, team, nil, fields)
	}
	if err != nil {
		return err
	}
	url := views.RosterURL(team.ID, views.View{From: asked.From, Days: min(desk.MaxDays, asked.From.DaysUntil(asked.To)+1)}, "done", string(group))
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// previewFill puts what the fill would do on the page, or gives what is wrong with its form.
func (s *Site) previewFill(ctx context.Context, page *views.Rotations, names roster.Names, q url.Values) (refused roster.FieldErrors, err error) {
	today := page.Team.Present(s.Now())
	asked, err := fillFields(q)
	page.Fill.Past = asked.From.Before(today) && !asked.From.IsZero()
	var plan roster.FillPlan
	if err == nil {
		plan, err = s.Desk.PlanFill(ctx, page.Team, names, asked)
	}
	if refused, ok := errors.AsType[roster.FieldErrors](fillErrors(err)); ok {
		return refused, nil
	}
	if err != nil {
		return nil, err
	}
	page.Plan = &plan
	page.GroupID, err = s.Desk.NewChangeID()
	return nil, err
}
