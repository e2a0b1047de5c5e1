package handlers

import (
	"context"

	"dailyroster/roster"
	"dailyroster/store"
)

// checkPast is where the past asks for a reason: a change of a day whose shift is over that
// does not say why is a roster.FieldErrors at roster.ReasonField. Every edit of a roster comes
// here, before anything else is done for it.
func (s *Server) checkPast(team *roster.Team, reason string, days ...roster.Date) error {
	edit := roster.Edit{Reason: reason, Days: make([]roster.DayEdit, len(days))}
	for i, d := range days {
		edit.Days[i].Day.Date = d
	}
	return s.checkEdit(team, edit)
}

func (s *Server) checkEdit(team *roster.Team, edit roster.Edit) error {
	return edit.CheckPast(team.Present(s.Now()))
}

// save makes an edit of the team's roster.
func (s *Server) save(ctx context.Context, team *roster.Team, edit roster.Edit) (store.Saved, error) {
	if err := s.checkEdit(team, edit); err != nil {
		return store.Saved{}, err
	}
	return s.Store.Save(ctx, team.ID, edit)
}

// saveAll makes the edits one after the other, until one fails, or none if one is refused.
func (s *Server) saveAll(ctx context.Context, team *roster.Team, edits []roster.Edit) error {
	for _, e := range edits {
		if err := s.checkEdit(team, e); err != nil {
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
