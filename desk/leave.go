package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
	"dailyroster/words/said"
)

// leaveDays is how far ahead to look for the days of somebody who leaves: further than any
// fill reaches.
const leaveDays = MaxFillDays + 366

// Leaving is what happens when a person leaves: what becomes a gap, team by team.
type Leaving struct {
	Person roster.Person
	From   roster.Date
	Teams  []TeamLeft
}

// TeamLeft is one team's part of a Leaving.
type TeamLeft struct {
	Team      roster.Team
	From      roster.Date // the first day without the person: when they leave, or today
	Rotations []roster.Rotation
	Departure planning.Departure
}

// May reports whether the caller may edit a team's roster.
type May func(*roster.Team) bool

// earliestToday is the date where it is earliest among the teams, and in UTC without any.
func earliestToday(teams []roster.Team, now time.Time) roster.Date {
	today := roster.DateOf(now.UTC())
	for i := range teams {
		if is := teams[i].Today(now); i == 0 || is.Before(today) {
			today = is
		}
	}
	return today
}

// PlanLeave plans that a person leaves on a date, in every team that has them in its roster
// or rotations. A date before today is a roster.FieldErrors.
func (k *Desk) PlanLeave(ctx context.Context, p roster.Person, from roster.Date) (Leaving, error) {
	l := Leaving{Person: p, From: from}
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, Of: p.ID})
	if err != nil {
		return l, err
	}
	teams := k.listed(ctx, sight.Teams)
	now := k.Now()
	switch today := earliestToday(teams, now); {
	case from.Before(today):
		return l, roster.FieldErrors{{Field: "from", Err: said.New("the past stays as it is; give %s or a later day", today)}}
	case today.DaysUntil(from) > MaxFillDays:
		return l, roster.FieldErrors{{Field: "from", Err: said.New("that is more than two years away")}}
	}
	var parts []TeamLeft
	var ranges []store.Range
	for i := range teams {
		today := teams[i].Today(now)
		part := TeamLeft{From: roster.Later(from, today)}
		part.Rotations = teams[i].RotationsOf(p.ID, part.From)
		if _, in := slices.BinarySearch(sight.Of, teams[i].ID); !in && len(part.Rotations) == 0 {
			continue
		}
		part.Team = teams[i]
		parts = append(parts, part)
		ranges = append(ranges, store.Range{Team: teams[i].ID, From: part.From, To: roster.Later(part.From, today.AddDays(leaveDays))})
	}
	days, err := k.daysOf(ctx, ranges...)
	if err != nil {
		return l, err
	}
	for i, part := range parts {
		part.Departure = planning.Depart(&part.Team, p.ID, days[i])
		if len(part.Rotations) > 0 || len(part.Departure.Seats) > 0 {
			l.Teams = append(l.Teams, part)
		}
	}
	return l, nil
}

// Leave makes a person leave. First, the person's record says that they are inactive, so that
// nobody can assign them. Then they leave the rotations and their days become gaps, as one
// act in all teams. If this stops half way, asking again does the rest.
func (k *Desk) Leave(ctx context.Context, p roster.Person, basedOn roster.Revision, from roster.Date, remove bool, act roster.Act, may May) (Leaving, error) {
	l, err := k.PlanLeave(ctx, p, from)
	if err != nil {
		return l, err
	}
	for i := range l.Teams {
		if err := allowTakingOff(p, &l.Teams[i].Team, may); err != nil {
			return l, err
		}
	}
	switch {
	case remove:
		p.Removed, p.Active, p.InactiveFrom = true, false, from
	case from.Before(earliestToday(nil, k.Now()).AddDays(1)):
		p.Active, p.InactiveFrom = false, from
	default:
		p.InactiveFrom = from
	}
	if l.Person, err = k.PutPerson(ctx, p, basedOn); err != nil {
		return l, err
	}
	planned := false
	return store.Again(ctx, func() (Leaving, error) {
		now, err := k.PlanLeave(ctx, l.Person, from)
		if err != nil {
			return l, err
		}
		if !planned {
			l.Teams, planned = now.Teams, true
		}
		return l, k.takeOff(ctx, now, act)
	})
}

// takeOff carries out a plan, until it finds something that has changed since.
func (k *Desk) takeOff(ctx context.Context, l Leaving, act roster.Act) error {
	for _, part := range l.Teams {
		if len(part.Rotations) > 0 {
			if err := k.changeTeam(ctx, part.Team, part.Team.WithoutPerson(l.Person.ID, part.From)); err != nil {
				return err
			}
		}
		if err := k.saveAll(ctx, &part.Team, part.Departure.Edits(act)); err != nil {
			return err
		}
	}
	return nil
}

// allowTakingOff refuses to change a team's roster and rotations when one of its people leaves
// or comes back, unless the caller may edit the team.
func allowTakingOff(p roster.Person, team *roster.Team, may May) error {
	if may(team) {
		return nil
	}
	return Forbidden("%s is also on the roster of %s, which only its editors and admins may change.", p.Name, team.Name)
}

// actOn is undoInput of the act by which a person left. The act did nothing to the days of a
// team in which they never were, so the store is not asked about those; been has the others.
func (k *Desk) actOn(ctx context.Context, team *roster.Team, been []roster.TeamID, act roster.ChangeID) (planning.UndoInput, error) {
	if _, was := slices.BinarySearch(been, team.ID); !was {
		return planning.UndoInput{}, NotFound("There is no such change.")
	}
	return k.undoInput(ctx, team, act)
}

// allowBack is allowTakingOff for every team to which a person comes back. been are the teams in
// whose rosters they have been.
func (k *Desk) allowBack(ctx context.Context, p roster.Person, act roster.ChangeID, teams []roster.Team, been []roster.TeamID, may May) error {
	for i := range teams {
		refusedHere := allowTakingOff(p, &teams[i], may)
		if refusedHere == nil {
			continue
		}
		if !p.InactiveFrom.IsZero() {
			if _, is := teams[i].WithPersonBack(p.ID, p.InactiveFrom, roster.Later(p.InactiveFrom, teams[i].Today(k.Now()))); is {
				return refusedHere
			}
		}
		_, err := k.actOn(ctx, &teams[i], been, act)
		if errors.Is(err, KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		return refusedHere
	}
	return nil
}

// changeTeam writes a team after somebody left or came back to its rotations.
func (k *Desk) changeTeam(ctx context.Context, was, is roster.Team) error {
	if err := is.KeepsPast(&was, was.Today(k.Now())); err != nil {
		return err
	}
	_, err := k.PutTeam(ctx, is, was.Revision)
	return err
}

// ComeBack makes a person active again. With the act of their leaving, it also undoes that:
// they are in their rotations again, and on their days where nothing stands in the way. kept
// is the number of days that others have by now.
func (k *Desk) ComeBack(ctx context.Context, p roster.Person, basedOn roster.Revision, act roster.ChangeID, actor roster.Actor, may May) (_ roster.Person, kept int, err error) {
	var teams []roster.Team
	var sight store.Sight
	if act != "" {
		if sight, err = k.Store.Look(ctx, store.Look{Teams: true, Of: p.ID}); err == nil {
			teams = k.listed(ctx, sight.Teams)
			err = k.allowBack(ctx, p, act, teams, sight.Of, may)
		}
		if err != nil {
			return p, 0, err
		}
	}
	left := p.InactiveFrom
	p.Active, p.Removed, p.InactiveFrom = true, false, roster.Date{}
	if p, err = k.PutPerson(ctx, p, basedOn); err != nil || act == "" {
		return p, 0, err
	}
	for _, team := range teams {
		in, err := k.actOn(ctx, &team, sight.Of, act)
		if errors.Is(err, KindNotFound) {
			in, err = planning.UndoInput{}, nil
		}
		if err != nil {
			return p, kept, err
		}
		if !left.IsZero() {
			today := team.Today(k.Now())
			if back, is := team.WithPersonBack(p.ID, left, roster.Later(left, today)); is {
				if err := k.changeTeam(ctx, team, back); err != nil {
					return p, kept, err
				}
			}
		}
		in.Partly = true
		if in.Days == nil {
			continue
		}
		plan := planning.Undo(in)
		kept += len(plan.Blocked)
		group, err := k.ChangeID(ctx, "undo of "+string(act))
		if err != nil {
			return p, kept, err
		}
		if err := k.saveAll(ctx, &team, plan.Edits(roster.Act{Group: group, Actor: actor, Time: k.Now()})); err != nil {
			return p, kept, err
		}
	}
	return p, kept, nil
}

// EarliestToday is the date where it is earliest among the teams.
func (k *Desk) EarliestToday(ctx context.Context) (roster.Date, error) {
	teams, err := k.ListedTeams(ctx)
	return earliestToday(teams, k.Now()), err
}

// LeaveReason is what the history says of days that became gaps.
func LeaveReason(p roster.Person, remove bool) string {
	if remove {
		return p.Name + " was removed"
	}
	return p.Name + " was deactivated"
}

// Left returns the seats of a team that a leaving emptied and that are still empty; found is
// false if the leaving did not change the team's roster.
func (k *Desk) Left(ctx context.Context, team *roster.Team, id roster.PersonID, act roster.ChangeID) (seats []roster.Seat, found bool, err error) {
	in, err := k.undoInput(ctx, team, act)
	if errors.Is(err, KindNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	for _, c := range slices.Backward(in.Changes) {
		if c.From == id && c.To == "" && c.Role != "" && in.Days(c.Date).Assignments[c.Role] == "" {
			seats = append(seats, c.Seat())
		}
	}
	return seats, true, nil
}
