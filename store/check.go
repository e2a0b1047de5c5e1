package store

import (
	"dailyroster/roster"
	"dailyroster/roster/notice"
)

// CheckRange refuses, as an *InvalidError, a range of days that runs backwards.
func CheckRange(from, to roster.Date) error {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return Invalid("the range %s to %s is reversed or lacks an end", from, to)
	}
	return nil
}

// CheckEdit refuses, as an *InvalidError, an edit that no backend could take.
func CheckEdit(e roster.Edit) error {
	if err := e.Validate(); err != nil {
		return Invalid("%v", err)
	}
	return nil
}

// CheckRevision refuses, as an *InvalidError, a new revision that is none.
func CheckRevision(r roster.Revision) error {
	if _, err := roster.ParseChangeID(string(r)); err != nil {
		return Invalid("%v", err)
	}
	return nil
}

// CheckNoticeKeys refuses, as an *InvalidError, a key at which no record of a notice can be.
func CheckNoticeKeys(keys ...notice.Key) error {
	for _, k := range keys {
		if _, err := notice.ParseID(string(k.ID)); err != nil {
			return Invalid("%v", err)
		}
		if _, err := roster.ParseDate(k.Day.String()); err != nil {
			return Invalid("%v", err)
		}
		if _, err := roster.ParseTeamID(string(k.Team)); err != nil {
			return Invalid("%v", err)
		}
	}
	return nil
}

// CheckQuery refuses, as an *InvalidError, a limit outside 1 to MaxChanges and a range
// of days that runs backwards or lacks an end.
func CheckQuery(q ChangeQuery) error {
	if q.Limit < 1 || q.Limit > MaxChanges {
		return Invalid("the limit %d is outside 1 to %d", q.Limit, MaxChanges)
	}
	if q.From != (roster.Date{}) || q.To != (roster.Date{}) {
		return CheckRange(q.From, q.To)
	}
	return nil
}

// BasedOnCurrent reports whether each of the edit's days is at the revision that
// the edit was based on, and gives the days as they are.
func BasedOnCurrent(e roster.Edit, now func(roster.Date) roster.Day) (current []roster.Day, ok bool) {
	ok = true
	current = make([]roster.Day, len(e.Days))
	for i, d := range e.Days {
		current[i] = now(d.Day.Date)
		ok = ok && current[i].Revision == d.BasedOn
	}
	return current, ok
}
