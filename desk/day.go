package desk

import (
	"context"
	"errors"

	"dailyroster/roster"
	"dailyroster/store"
)

// DayWish is a day as somebody wants it to be.
type DayWish struct {
	Date roster.Date
	// Seats says whom they want in each role; a refusal names its Field. A role that is not
	// listed becomes empty; a role that the team no longer has stays as it is.
	Seats  []Wish
	Note   string // see roster.ParseNote
	Reason string // for the history; a day whose shift is over needs one
	// Change is the edit's id, chosen before its first attempt.
	Change roster.ChangeID
	Actor  roster.Actor
	Why    roster.Why
	// Stands reports whether the day is still what they based the wish on. If nil, it
	// always is: the last edit wins.
	Stands func(now roster.Day) bool
}

// DaySet is what came of a DayWish.
type DaySet struct {
	// Day is the day as the edit left it. After a repeated edit it is the day as the first
	// one left it, whatever followed. The sheet has the day as it is now.
	Day   roster.Day
	Added []roster.Person // new people, for names that nobody had
}

// SetDay makes a day what the wish says, and updates the sheet with the day and with the
// people that this added. If somebody else has saved just the same in the meantime, that is
// no conflict.
//
// A value that it refuses is a roster.FieldErrors. If the day is not what the wish was based
// on, the error is a Refusal of KindStale; if another wish had the same id, one of
// KindKeyReused. The sheet then has the day as it is.
func (k *Desk) SetDay(ctx context.Context, sheet *Sheet, w DayWish) (DaySet, error) {
	team, now := sheet.Team, sheet.Day(w.Date)
	if err := k.checkPast(team, w.Reason, w.Date); err != nil {
		return DaySet{}, err
	}
	for i := range w.Seats {
		w.Seats[i].On, w.Seats[i].holder = w.Date, now.Assignments[w.Seats[i].Role]
	}
	ids, added, err := k.whoIsMeant(ctx, sheet.Names, w.Seats)
	if err != nil {
		return DaySet{}, err
	}
	sheet.add(added)
	wanted := dayWanted(team, now, w, ids)
	return store.Again(ctx, func() (DaySet, error) {
		now := sheet.Day(w.Date)
		basedOn := now.Revision
		if w.Stands != nil && !w.Stands(now) {
			// The edit's own id is a revision that the day cannot have. So the store still
			// recognizes an edit that it has made before.
			basedOn = w.Change
		}
		saved, err := k.save(ctx, team, roster.Edit{
			Change: w.Change, Actor: w.Actor, Why: w.Why, Reason: w.Reason, Time: k.Now(),
			Days: []roster.DayEdit{{BasedOn: basedOn, Day: wanted}},
		})
		if conflict, ok := errors.AsType[*store.ConflictError[[]roster.Day]](err); ok {
			now = conflict.Current[0]
			sheet.put(now)
			switch {
			case now.Same(wanted):
				return DaySet{now, added}, nil
			case w.Stands != nil && !w.Stands(now):
				return DaySet{}, Stale()
			}
		}
		if err != nil {
			return DaySet{}, err
		}
		now = saved.Days[0]
		sheet.put(now)
		if saved.Repeated {
			now, err = k.asFirstAnswered(ctx, team.ID, now, wanted, w.Change)
		}
		return DaySet{now, added}, err
	})
}

// dayWanted is the day that the wish asks for, with the people whom its seats mean.
func dayWanted(team *roster.Team, now roster.Day, w DayWish, ids []roster.PersonID) roster.Day {
	wanted := roster.Day{Date: w.Date, Note: w.Note, Assignments: map[roster.RoleID]roster.PersonID{}}
	for role, person := range now.Assignments {
		if !team.HasRole(role) {
			wanted.Assignments[role] = person
		}
	}
	for i, seat := range w.Seats {
		if ids[i] != "" {
			wanted.Assignments[seat.Role] = ids[i]
		}
	}
	return wanted
}

// asFirstAnswered is the day as a repeated edit left it the first time. It refuses an id that
// comes with a different edit than it did then.
func (k *Desk) asFirstAnswered(ctx context.Context, team roster.TeamID, now, wanted roster.Day, id roster.ChangeID) (roster.Day, error) {
	var history []roster.Change
	for changes, err := range k.pages(ctx, team, store.OfDay(now.Date)) {
		if err != nil {
			return now, err
		}
		history = append(history, changes...)
		day, found := roster.AsOf(now, history, id)
		switch {
		case found && day.Same(wanted):
			return day, nil
		case found:
			return now, Refuse(KindKeyReused, "The key was used for another edit", "This Idempotency-Key came with another body before. Use a new key for a new edit.")
		}
	}
	return now, nil // its history is not kept here: there is only the day as it is now
}
