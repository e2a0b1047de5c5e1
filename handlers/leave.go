package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dailyroster/roster"
)

// leaveDays is how far ahead somebody's days are looked for who leaves: further than any
// fill reaches.
const leaveDays = maxFillDays + 366

// leaving is what it takes for a person to leave: what becomes a gap, team by team.
type leaving struct {
	person roster.Person
	from   roster.Date
	teams  []teamLeft
}

// teamLeft is one team's part of it.
type teamLeft struct {
	team      roster.Team
	from      roster.Date // the first day without the person: that of the leaving, or today
	rotations []roster.Rotation
	departure roster.Departure
}

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

// planLeave is what leaves with a person from the date on, in every team that has them
// in its roster or rotations. A date before today is a roster.FieldErrors.
func (s *Server) planLeave(ctx context.Context, p roster.Person, from roster.Date) (leaving, error) {
	l := leaving{person: p, from: from}
	teams, err := s.listedTeams(ctx)
	if err != nil {
		return l, err
	}
	now := s.Now()
	switch today := earliestToday(teams, now); {
	case from.Before(today):
		return l, roster.FieldErrors{{Field: "from", Message: fmt.Sprintf("the past stays as it is; give %s or a later day", today)}}
	case today.DaysUntil(from) > maxFillDays:
		return l, roster.FieldErrors{{Field: "from", Message: "that is more than two years away"}}
	}
	for _, team := range teams {
		part := teamLeft{team: team, from: later(from, team.Today(now))}
		part.rotations = team.RotationsOf(p.ID, part.from)
		days, err := s.Store.Days(ctx, team.ID, part.from, later(part.from, team.Today(now).AddDays(leaveDays)))
		if err != nil {
			return l, err
		}
		part.departure = roster.Depart(&team, p.ID, days)
		if len(part.rotations) > 0 || len(part.departure.Seats) > 0 {
			l.teams = append(l.teams, part)
		}
	}
	return l, nil
}

// leave makes a person leave. First nobody can newly assign them: the person's record
// says so; then they leave the rotations and their days become gaps, as one act in all
// teams. Where that ends half way, asking again does the rest.
func (s *Server) leave(ctx context.Context, p roster.Person, basedOn roster.Revision, from roster.Date, remove bool, act roster.Act) (leaving, error) {
	l, err := s.planLeave(ctx, p, from)
	if err != nil {
		return l, err
	}
	for i := range l.teams {
		if err := allowTakingOff(ctx, p, &l.teams[i].team); err != nil {
			return l, err
		}
	}
	switch {
	case remove:
		p.Removed, p.Active, p.InactiveFrom = true, false, from
	case from.Before(earliestToday(nil, s.Now()).AddDays(1)):
		p.Active, p.InactiveFrom = false, from
	default:
		p.InactiveFrom = from
	}
	if l.person, err = s.updatePerson(ctx, p, basedOn); err != nil {
		return l, err
	}
	for try := range maxFillTries {
		var now leaving
		if now, err = s.planLeave(ctx, l.person, from); err != nil {
			return l, err
		}
		if try == 0 {
			l.teams = now.teams
		}
		if err = s.takeOff(ctx, now, act); !isConflict(err) {
			return l, err
		}
	}
	return l, err
}

// takeOff makes what was planned, until something is not as it was.
func (s *Server) takeOff(ctx context.Context, l leaving, act roster.Act) error {
	for _, part := range l.teams {
		if len(part.rotations) > 0 {
			if err := s.changeTeam(ctx, part.team, part.team.WithoutPerson(l.person.ID, part.from)); err != nil {
				return err
			}
		}
		if err := s.saveAll(ctx, &part.team, part.departure.Edits(act)); err != nil {
			return err
		}
	}
	return nil
}

// allowTakingOff lets only those change a team's roster and rotations, by way of one of
// its people, who may do so anyway.
func allowTakingOff(ctx context.Context, p roster.Person, team *roster.Team) error {
	if callerOf(ctx).mayEdit(team) {
		return nil
	}
	return mayNot(fmt.Sprintf("%s is on the roster of %s too, which only its editors and admins may change.", p.Name, team.Name))
}

// allowBack is allowTakingOff for the teams to which somebody comes back.
func (s *Server) allowBack(ctx context.Context, p roster.Person, act roster.ChangeID, teams []roster.Team) error {
	for i := range teams {
		refusedHere := allowTakingOff(ctx, p, &teams[i])
		if refusedHere == nil {
			continue
		}
		if !p.InactiveFrom.IsZero() {
			if _, is := teams[i].WithPersonBack(p.ID, p.InactiveFrom, later(p.InactiveFrom, teams[i].Today(s.Now()))); is {
				return refusedHere
			}
		}
		_, err := s.undoInput(ctx, &teams[i], act)
		if _, nothing := errors.AsType[*refusal](err); nothing {
			continue
		}
		if err != nil {
			return err
		}
		return refusedHere
	}
	return nil
}

// changeTeam writes a team whose rotations somebody left or came back to.
func (s *Server) changeTeam(ctx context.Context, was, is roster.Team) error {
	if err := is.KeepsPast(&was, was.Today(s.Now())); err != nil {
		return err
	}
	_, err := s.updateTeam(ctx, is, was.Revision)
	return err
}

// comeBack makes a person active again. With an act, that of their leaving, it takes that
// back too: they are in their rotations again, and on their days where nothing stands in
// the way. kept is how many days others have by now.
func (s *Server) comeBack(ctx context.Context, p roster.Person, basedOn roster.Revision, act roster.ChangeID, actor string) (_ roster.Person, kept int, err error) {
	var teams []roster.Team
	if act != "" {
		if teams, err = s.listedTeams(ctx); err == nil {
			err = s.allowBack(ctx, p, act, teams)
		}
		if err != nil {
			return p, 0, err
		}
	}
	left := p.InactiveFrom
	p.Active, p.Removed, p.InactiveFrom = true, false, roster.Date{}
	if p, err = s.updatePerson(ctx, p, basedOn); err != nil || act == "" {
		return p, 0, err
	}
	for _, team := range teams {
		in, err := s.undoInput(ctx, &team, act)
		if _, nothing := errors.AsType[*refusal](err); nothing {
			in, err = roster.UndoInput{}, nil
		}
		if err != nil {
			return p, kept, err
		}
		if !left.IsZero() {
			today := team.Today(s.Now())
			if back, is := team.WithPersonBack(p.ID, left, later(left, today)); is {
				if err := s.changeTeam(ctx, team, back); err != nil {
					return p, kept, err
				}
			}
		}
		in.Partly = true
		if in.Days == nil {
			continue
		}
		plan := roster.Undo(in)
		kept += len(plan.Blocked)
		group, err := s.changeID(ctx, "undo of "+string(act))
		if err != nil {
			return p, kept, err
		}
		if err := s.saveAll(ctx, &team, plan.Edits(roster.Act{Group: group, Actor: actor, Time: s.Now()})); err != nil {
			return p, kept, err
		}
	}
	return p, kept, nil
}

// today is the date where it is earliest among the teams.
func (s *Server) today(ctx context.Context) (roster.Date, error) {
	teams, err := s.listedTeams(ctx)
	return earliestToday(teams, s.Now()), err
}

// leaveReason is what the history says of days that became gaps.
func leaveReason(p roster.Person, remove bool) string {
	if remove {
		return p.Name + " was removed"
	}
	return p.Name + " was deactivated"
}
