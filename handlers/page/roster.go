package page

import (
	"net/http"
	"net/url"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
)

// Home answers GET / once somebody has begun: the only team's roster, or the list of teams.
func (s *Site) Home(w http.ResponseWriter, r *http.Request, teams []roster.Team) error {
	if mine, err := s.toMine(r); err != nil {
		return err
	} else if mine && !shell.WantsFragment(r) {
		http.Redirect(w, r, "/me", http.StatusSeeOther)
		return nil
	}
	if len(teams) == 1 {
		return s.showRoster(w, r, &teams[0])
	}
	return s.showTeams(w, r, http.StatusOK, teams, s.newTeamForm())
}

// rosterPage answers GET /teams/{team}?from=&days=: the page, or for htmx the table.
// Without JavaScript, edit= names the day that is a form, and undo= the one that was
// just cleared by change=.
func (s *Site) rosterPage(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.showRoster(w, r, team)
}

func (s *Site) showRoster(w http.ResponseWriter, r *http.Request, team *roster.Team) error {
	q := r.URL.Query()
	view, err := queryView(q, team.DayAt(s.Now()))
	if err != nil {
		return err
	}
	g, err := s.glance(r.Context(), team, view)
	if err != nil {
		return err
	}
	region := g.roster()
	if shell.WantsFragment(r) {
		return shell.Render(w, r, http.StatusOK, views.RosterTable(region))
	}
	for i := range region.Rows {
		if g.locked {
			break // a link with edit= may come from somebody who may edit
		}
		switch row := &region.Rows[i]; row.Day.Date.String() {
		case q.Get("edit"):
			row.Form, err = s.newForm(row, q.Get("focus"))
		case q.Get("undo"):
			row.Undo, err = s.undoOf(r, row, q.Get("change"))
		}
		if err != nil {
			return err
		}
	}
	frame := s.Frame(r, team.Name, team)
	s.sayDone(&frame, r, team, q, g.Names)
	return shell.Render(w, r, http.StatusOK, views.RosterPage(frame, g.banner(), region))
}

// sayDone says what an act has just done that led to the page, and offers to undo it.
func (s *Site) sayDone(frame *views.Frame, r *http.Request, team *roster.Team, q url.Values, names roster.Names) {
	act := ""
	switch {
	case q.Has("imported"):
		act, frame.Notice = q.Get("imported"), words.T(r.Context(), "The roster is imported.")
	case q.Has("done"):
		act, frame.Notice = q.Get("done"), words.T(r.Context(), "The roster is filled.")
	case q.Has("exchange"):
		frame.Notice = exchangeNews(r.Context(), team, q, names)
		if o, known := team.Offer(roster.ChangeID(q.Get("exchange"))); known && o.State == roster.OfferDone {
			act = string(o.Group)
		}
	}
	if id, err := roster.ParseChangeID(act); err == nil {
		frame.NoticeAct = id
	}
}

// onCallBanner answers GET /teams/{team}/oncall?from=&days=: the banner, and the other regions
// that depend on the days. The page asks for it when it hears of a changed day.
func (s *Site) onCallBanner(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	view, err := queryView(r.URL.Query(), team.DayAt(s.Now()))
	if err != nil {
		return err
	}
	g, err := s.glance(r.Context(), team, view)
	if err != nil {
		return err
	}
	region := g.roster()
	return shell.Render(w, r, http.StatusOK, views.OnCall(g.banner(), false), views.GapCount(region, true), views.Offers(region, true), views.Suggestions(region, true))
}

// rosterWithRow draws the whole page with one row as it was sent, for a browser without
// JavaScript.
func (s *Site) rosterWithRow(w http.ResponseWriter, r *http.Request, status int, g *glance, row views.Row) error {
	region := g.roster()
	for i := range region.Rows {
		if region.Rows[i].Day.Date == row.Day.Date {
			region.Rows[i] = row
		}
	}
	return shell.Render(w, r, status, views.RosterPage(s.Frame(r, g.Team.Name, g.Team), g.banner(), region))
}

// undoOf offers to undo an edit that emptied the day; nil if there is no such edit, or others
// have followed.
func (s *Site) undoOf(r *http.Request, row *views.Row, edit string) (*views.Undo, error) {
	if !row.Day.IsEmpty() {
		return nil, nil
	}
	id, err := roster.ParseChangeID(edit)
	if err != nil {
		return nil, web.BadRequest("change: %v", err)
	}
	before, reason, found, err := s.Desk.Cleared(r.Context(), row.Team.ID, row.Day, id)
	if err != nil || !found {
		return nil, err
	}
	return s.newUndo(before, row.Day.Revision, reason)
}

// newUndo offers to bring back what the day said.
func (s *Site) newUndo(before roster.Day, basedOn roster.Revision, reason string) (*views.Undo, error) {
	if before.IsEmpty() {
		return nil, nil
	}
	id, err := s.Desk.NewChangeID()
	return &views.Undo{Day: before, BasedOn: basedOn, ChangeID: id, Reason: reason}, err
}

// newForm returns the row as a form, filled with what the day says.
func (s *Site) newForm(row *views.Row, focus string) (*views.Form, error) {
	id, err := s.Desk.NewChangeID()
	if err != nil {
		return nil, err
	}
	form := &views.Form{Values: map[string]string{"note": row.Day.Note}, BasedOn: row.Day.Revision, ChangeID: id, Focus: focus}
	for role, person := range row.Day.Assignments {
		form.Values[string(role)] = row.Names.Text(person)
	}
	if focus != "note" && !row.Team.HasRole(roster.RoleID(focus)) {
		form.Focus = string(row.Team.Roles[0].ID)
	}
	return form, nil
}

// backToRow sends a browser without JavaScript back to the page, at the row.
func backToRow(w http.ResponseWriter, r *http.Request, g *glance, d roster.Date, more ...string) {
	http.Redirect(w, r, views.RosterURL(g.Team.ID, g.view, more...)+"#"+views.RowID(d), http.StatusSeeOther)
}
