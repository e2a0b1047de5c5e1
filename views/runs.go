package views

import (
	"context"
	"strconv"
	"time"

	"dailyroster/roster"
	"dailyroster/words"
)

// Run is how a seat of a row belongs to those of the rows above and below it in the view: a
// person who holds a role for days on end is one block.
type Run struct {
	First, Last bool        // row of the block
	From, To    roster.Date // its days in view; only its first row has them
	// Cut says that the block may go on before the view, or after it.
	Cut bool
	// Again says that the row repeats the name, as the block is in its next week.
	Again bool
}

// RunsOn are the runs of a day's seats, in the order of the team's roles, in weeks that begin on
// that day. day returns the days of the view.
func RunsOn(begins time.Weekday, team *roster.Team, view View, day func(roster.Date) roster.Day, d roster.Date) []Run {
	runs := make([]Run, len(team.Roles))
	here := day(d)
	first, last := d == view.From, d == view.To()
	var above, below roster.Day
	if !first {
		above = day(d.AddDays(-1))
	}
	if !last {
		below = day(d.AddDays(1))
	}
	for i, role := range team.Roles {
		run := &runs[i]
		run.First = first || !sameSeat(team, role.ID, here, above)
		run.Last = last || !sameSeat(team, role.ID, here, below)
		run.Again = d.Weekday() == begins && lasts(team, view, role.ID, day, here)
		if run.First {
			run.From, run.To = d, d
			for run.To != view.To() && sameSeat(team, role.ID, here, day(run.To.AddDays(1))) {
				run.To = run.To.AddDays(1)
			}
			run.Cut = first || run.To == view.To()
		}
	}
	return runs
}

// lasts reports whether a day's seat has been the same for longer than the name at the top of its
// block is in sight.
func lasts(team *roster.Team, view View, role roster.RoleID, day func(roster.Date) roster.Day, here roster.Day) bool {
	const inSight = 4
	if view.From.DaysUntil(here.Date) < inSight {
		return false
	}
	for back := 1; back <= inSight; back++ {
		if !sameSeat(team, role, here, day(here.Date.AddDays(-back))) {
			return false
		}
	}
	return true
}

// sameSeat reports whether a role is held by the same person on two days; nobody counts as one,
// and so does being off duty.
func sameSeat(team *roster.Team, role roster.RoleID, a, b roster.Day) bool {
	if a.Assignments[role] != b.Assignments[role] {
		return false
	}
	return a.Assignments[role] != "" || team.Serves(role, a.Date) == team.Serves(role, b.Date)
}

// handsOver reports whether somebody takes over a role at the beginning of the row's shift.
func (r *Row) handsOver() bool {
	if r.Day.Date == r.View.From {
		return false
	}
	for _, run := range r.Runs {
		if run.First {
			return true
		}
	}
	return false
}

// length says from when to when a block goes: "Tue 24 – Sun 29 · 6 days". The row says the month.
// It is "" for a block of one day.
func (run Run) length(ctx context.Context) string {
	days := run.From.DaysUntil(run.To) + 1
	if days == 1 {
		return ""
	}
	layout := "Mon 2"
	if days >= 28 {
		layout = "2 Jan"
	}
	text := words.Date(ctx, run.From, layout) + " – " + words.Date(ctx, run.To, layout)
	if run.Cut {
		return text
	}
	return text + " · " + words.N(ctx, days, "%d day", "%d days")
}

// monthName is a month in a strip of months. January has its year.
func monthName(ctx context.Context, m roster.Month) string {
	if m.Month == time.January {
		return words.Date(ctx, m.First(), "Jan 2006")
	}
	return words.Date(ctx, m.First(), "Jan")
}

// rolesClass tells the style sheet how many columns the roles need on a phone.
func rolesClass(team *roster.Team) string {
	if n := len(team.Roles); n <= 3 {
		return "roles-" + strconv.Itoa(n)
	}
	return "many"
}
