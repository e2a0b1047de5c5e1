package desk

import (
	"context"

	"dailyroster/roster"
	"dailyroster/store"
)

// checkPast refuses to change a day whose shift is over without a reason, as a
// roster.FieldErrors at roster.ReasonField. Every edit of a roster comes here before anything
// else happens.
func (k *Desk) checkPast(team *roster.Team, reason string, days ...roster.Date) error {
	edit := roster.Edit{Reason: reason, Days: make([]roster.DayEdit, len(days))}
	for i, d := range days {
		edit.Days[i].Day.Date = d
	}
	return k.checkEdit(team, edit)
}

func (k *Desk) checkEdit(team *roster.Team, edit roster.Edit) error {
	return edit.CheckPast(team.Present(k.Now()))
}

// save makes an edit of the team's roster.
func (k *Desk) save(ctx context.Context, team *roster.Team, edit roster.Edit) (store.Saved, error) {
	if err := k.checkEdit(team, edit); err != nil {
		return store.Saved{}, err
	}
	wrote(ctx)
	return k.Store.Save(ctx, team.ID, edit)
}

// saveAll makes the edits one after the other until one fails. If it refuses one, it makes
// none.
func (k *Desk) saveAll(ctx context.Context, team *roster.Team, edits []roster.Edit) error {
	for _, e := range edits {
		if err := k.checkEdit(team, e); err != nil {
			return err
		}
	}
	return k.saveEach(ctx, team.ID, edits)
}

// saveEach makes the edits one after the other until one fails.
func (k *Desk) saveEach(ctx context.Context, team roster.TeamID, edits []roster.Edit) error {
	wrote(ctx)
	for _, e := range edits {
		if _, err := k.Store.Save(ctx, team, e); err != nil {
			return err
		}
	}
	return nil
}
