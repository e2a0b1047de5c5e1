package store

import (
	"slices"

	"dailyroster/roster"
)

// MonthRecord is everything that a store keeps of one month of a team.
type MonthRecord struct {
	Team    roster.TeamID
	Month   roster.Month
	Version int64        // see Store.Versions
	Days    []roster.Day // those that have ever been edited, in order
	Changes []Entry      // in the order in which they took effect
}

// Entry is a change with its place in the whole history of its team.
type Entry struct {
	Number int64 // from 1 on, each once in a team's history
	Change roster.Change
}

// CheckMonth refuses, as an *InvalidError, a record that no store can have given.
func CheckMonth(m MonthRecord) error {
	if _, err := roster.ParseTeamID(string(m.Team)); err != nil {
		return Invalid("%v", err)
	}
	if m.Version < 1 {
		return Invalid("the version %d of %s is less than 1", m.Version, m.Month)
	}
	last := roster.Date{}
	for _, d := range m.Days {
		if d.Date.InMonth() != m.Month || !last.Before(d.Date) {
			return Invalid("the day %s is not in %s, or not in order", d.Date, m.Month)
		}
		if err := CheckRevision(d.Revision); err != nil {
			return err
		}
		last = d.Date
	}
	number := int64(0)
	for _, e := range m.Changes {
		if e.Change.Team != m.Team || e.Change.Date.InMonth() != m.Month || e.Number <= number {
			return Invalid("the change %s is not of this team's %s, or not in order", e.Change.ID, m.Month)
		}
		if err := CheckRevision(e.Change.ID); err != nil {
			return err
		}
		number = e.Number
	}
	return nil
}

// Same reports whether the records say the same. The numbers of the changes count only
// by their order.
func (m MonthRecord) Same(n MonthRecord) bool {
	return m.Team == n.Team && m.Month == n.Month && m.Version == n.Version &&
		slices.EqualFunc(m.Days, n.Days, func(a, b roster.Day) bool { return a.Same(b) && a.Revision == b.Revision }) &&
		slices.EqualFunc(m.Changes, n.Changes, func(a, b Entry) bool { return sameChange(a.Change, b.Change) })
}

func sameChange(a, b roster.Change) bool {
	sameTime := a.Time.Equal(b.Time)
	a.Time = b.Time
	return sameTime && a == b
}

// Renumbered is the record with the changes numbered among themselves, from 1 on.
func (m MonthRecord) Renumbered() MonthRecord {
	m.Changes = slices.Clone(m.Changes)
	for i := range m.Changes {
		m.Changes[i].Number = int64(i + 1)
	}
	return m
}
