package telling

import (
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

const (
	// outlookDays is how many days ahead Upcoming looks, and sentDays how many days back Sent does.
	outlookDays = 8
	sentDays    = 7
	// shownMost is the most notices that Upcoming or Sent gives.
	shownMost = 100
)

// Upcoming is a notice that is to be sent, as far as the roster tells now.
type Upcoming struct {
	notice.Due
	To string // as people see it
}

// Upcoming gives what will be sent next for the teams: to the person, or to the teams where that
// is "". What is only known when it happens, such as changes, is not among it.
func (t *Teller) Upcoming(ctx context.Context, teams []roster.Team, person roster.PersonID) ([]Upcoming, error) {
	channels, err := t.Store.Channels(ctx)
	if err != nil {
		return nil, err
	}
	now := t.Now()
	look := store.Look{People: true}
	for i := range teams {
		today := teams[i].Today(now)
		look.Days = append(look.Days, store.Range{Team: teams[i].ID, From: today.AddDays(-daysBack), To: today.AddDays(notice.StartsAhead)})
	}
	sight, err := t.Store.Look(ctx, look)
	if err != nil {
		return nil, err
	}
	to := newReceivers(t.Ways, channels)
	in := notice.Window{Now: now, From: now, To: now.AddDate(0, 0, outlookDays)}
	var all []Upcoming
	for i := range teams {
		team := &teams[i]
		starts := notice.Starts(team, sight.Days[i])
		var dues []notice.Due
		if person == "" {
			dues = append(notice.TeamShifts(team, starts, in), notice.Weeks(team, in)...)
		} else {
			dues = notice.Shifts(team, starts, sight.People, in)
		}
		for _, due := range dues {
			if due.Person != person || !due.At.After(now) {
				continue
			}
			for _, it := range appendItems(nil, due, sight.People, to) {
				all = append(all, Upcoming{due, it.to.shown})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Upcoming) int { return notice.ByTime(a.Due, b.Due) })
	return all[:min(len(all), shownMost)], nil
}

// Sent gives what was sent for the team in the last seven days, and what is being sent, the
// latest first: to the person, or everything where that is "".
func (t *Teller) Sent(ctx context.Context, team roster.TeamID, person roster.PersonID) ([]notice.Record, error) {
	var all []notice.Record
	for today, back := notice.DayOf(t.Now()), 0; back <= sentDays && len(all) < shownMost; back++ {
		records, err := t.Store.TeamNoticesOf(ctx, today.AddDays(-back), team)
		if err != nil {
			return nil, err
		}
		records = slices.DeleteFunc(records, func(r notice.Record) bool { return person != "" && r.Person != person })
		slices.SortStableFunc(records, func(a, b notice.Record) int { return b.Due.Compare(a.Due) })
		all = append(all, records...)
	}
	return all[:min(len(all), shownMost)], nil
}
