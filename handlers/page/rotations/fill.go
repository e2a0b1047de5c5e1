package rotations

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/views"
)

// fillFields reads a fill from a form. What it refuses is a roster.FieldErrors.
func fillFields(q url.Values) (desk.FillWish, error) {
	asked, err := web.ParseFill(q.Get("fill-from"), q.Get("fill-to"), q.Get("of"), q.Get(roster.ReasonField))
	asked.Overwrite = q.Get("overwrite") != ""
	return asked, err
}

// fillErrors renames the fields of a fill to those of its form.
func fillErrors(err error) error {
	return shell.AtFields(err, func(field string) string {
		if field == "from" || field == "to" {
			return "fill-" + field
		}
		return field
	})
}

// fillTeam answers POST /teams/{team}/fill: it fills the roster month by month and sends the
// browser there; 422 the rotations page with what is wrong. A fill that was cut off continues
// when it is sent again.
func (s *Site) fillTeam(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
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

// previewFill puts on the page what the fill would do, or returns what is wrong with its form.
func (s *Site) previewFill(ctx context.Context, page *views.Rotations, names roster.Names, q url.Values) (refused roster.FieldErrors, err error) {
	today := page.Team.Present(s.Now())
	asked, err := fillFields(q)
	page.Fill.Past = asked.From.Before(today) && !asked.From.IsZero()
	var plan planning.FillPlan
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
