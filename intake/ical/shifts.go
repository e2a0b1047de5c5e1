package ical

import (
	"slices"
	"time"

	"dailyroster/intake"
	"dailyroster/roster"
	"dailyroster/words/said"
)

// Shifts reads who is on call, in the two years before today and the two after it. An
// event of whole days is these days. One at a time is each day of the team of which it
// covers more than half the shift, or more than half of the hours of a role; or, if it covers none so far, the one of which it
// covers most. Times without a zone are those of the team. The error is a *SyntaxError.
func Shifts(data []byte, team *roster.Team, today roster.Date) (Reading[intake.Event], error) {
	var came Reading[intake.Event]
	err := read(data, &came, task{
		from: today.AddDays(-2 * 366), to: today.AddDays(2 * 366),
		take: func(e event, _ roster.Zone) error {
			shift := intake.Event{Line: e.line, Summary: e.summary}
			shift.From, shift.To = e.span.days(nil)
			if shift.From.DaysUntil(shift.To) >= maxAbsence {
				return said.New("it lasts more than 366 days")
			}
			if !e.span.whole() {
				shift.From, shift.To = daysOf(team, e.span)
			}
			if shift.Summary == "" {
				return said.New("it does not say who it is")
			}
			if len(came.Taken) == MaxTaken {
				return tooMany(e.line, "shifts")
			}
			came.Taken = append(came.Taken, shift)
			return nil
		},
	})
	slices.SortStableFunc(came.Taken, func(a, b intake.Event) int { return a.From.Compare(b.From) })
	return came, err
}

// daysOf are the days of the team that an event at a time stands for.
func daysOf(team *roster.Team, s span) (from, to roster.Date) {
	at := func(m moment) time.Time {
		if m.zone == nil {
			m.zone = team.SettingsOn(m.date).Zone.Location()
		}
		return m.instant()
	}
	start, end := at(s.start), at(s.end)
	first, last := team.DayAt(start), team.DayAt(end)
	most, best := time.Duration(-1), first
	if len(team.Hours) > 0 { // which may be those of days around
		first, last, most = first.AddDays(-roster.HoursReach), last.AddDays(roster.HoursReach), 0
	}
	for d := first; !last.Before(d); d = d.AddDays(1) {
		part, enough := covered(team, d, roster.Shift{Start: start, End: end})
		if part > most {
			most, best = part, d
		}
		if enough && from.IsZero() {
			from = d
		}
		if enough {
			to = d
		}
	}
	if from.IsZero() {
		return best, best
	}
	return from, to
}

// covered is how much of a day an event covers, and whether that is more than half. Where roles
// have hours, it is that of the role of whose hours that day it covers most.
func covered(team *roster.Team, d roster.Date, event roster.Shift) (most time.Duration, enough bool) {
	if len(team.Hours) == 0 {
		shift := team.ShiftOf(d)
		part := overlap(shift, event)
		return part, 2*part > shift.End.Sub(shift.Start)
	}
	for _, role := range team.Roles {
		var part, all time.Duration
		for _, on := range team.OnDuty(role.ID, d) {
			part += max(0, overlap(on, event))
			all += on.Hours()
		}
		most, enough = max(most, part), enough || 2*part > all
	}
	return most, enough
}

// overlap is the time that both have; less than nothing if they are apart.
func overlap(a, b roster.Shift) time.Duration {
	if a.Start.Before(b.Start) {
		a.Start = b.Start
	}
	if b.End.Before(a.End) {
		a.End = b.End
	}
	return a.End.Sub(a.Start)
}
