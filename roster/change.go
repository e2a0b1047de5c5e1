package roster

import (
	"maps"
	"slices"
	"time"

	"dailyroster/words/said"
)

// Why says what kind of act a change was part of.
type Why string

// The acts that change a day.
const (
	WhyEdit     Why = "edit"
	WhyRotation Why = "rotation"
	WhySwap     Why = "swap" // two seats exchanged their people
	WhyTake     Why = "take" // somebody took a seat from its holder, or an empty one
	WhyGive     Why = "give" // a holder passed a seat on
	WhyImport   Why = "import"
	WhyUndo     Why = "undo"
	WhyLeave    Why = "leave" // the holder left, see Depart
)

// Change is one entry of a team's history: one role of one day, or the day's note,
// before and after. It is never altered and never deleted.
type Change struct {
	ID   ChangeID `json:"id"`
	Team TeamID   `json:"team"`
	Date Date     `json:"date"`
	// Role is the role that changed hands; "" when it was the note that changed.
	Role RoleID `json:"role,omitempty"`
	// From and To are who held the role before and after; "" is nobody.
	From PersonID `json:"from,omitempty"`
	To   PersonID `json:"to,omitempty"`
	// NoteFrom and Note are the day's note before and after, where Role is "".
	NoteFrom string `json:"noteFrom,omitempty"`
	Note     string `json:"note,omitempty"`
	Actor    string `json:"actor"` // what whoever made it is called
	// ActorID is Actor.ID; "" for changes from before it was kept, too.
	ActorID string    `json:"actorId,omitempty"`
	Time    time.Time `json:"time"` // UTC, when the change was applied, by the clock of the app
	Why     Why       `json:"why"`
	// Reason is what the actor says about it, in their words; a change of the past has one.
	Reason string `json:"reason,omitempty"`
	// Group is shared by changes that belong together; "" for a change on its own.
	Group ChangeID `json:"group,omitempty"`
	// With is the seat for which this one was swapped; the zero Seat if it was not.
	With Seat `json:"with,omitzero"`
}

// Act is what the change was part of: its group or, if it stands alone, itself.
func (c Change) Act() ChangeID {
	if c.Group != "" {
		return c.Group
	}
	return c.ID
}

// Seat is the seat that the change is about; its role is "" for a note.
func (c Change) Seat() Seat { return Seat{Date: c.Date, Role: c.Role} }

// Edit is what someone wants some days of one month to be: all of them, or none.
type Edit struct {
	// Change is the id of this edit, chosen before its first attempt.
	Change ChangeID
	// Group is the id of the act that this edit is a part of, "" if it stands alone.
	Group ChangeID
	Actor Actor
	Why   Why
	// Reason is why, in the actor's words, see ParseReason.
	Reason string
	Time   time.Time // when it is made
	Days   []DayEdit // of one month, each date once
}

// DayEdit is one day of an Edit.
type DayEdit struct {
	// BasedOn is the day's revision that the editor saw.
	BasedOn Revision
	// Day is the day as it is to be; its Revision is ignored.
	Day Day
	// With has, for each role that changes hands in a swap, the seat it is swapped for.
	With map[RoleID]Seat
}

// Validate refuses an edit that no store could take: without an id, without days,
// with days of several months or one twice. What it returns is for programmers.
func (e Edit) Validate() error {
	if _, err := ParseChangeID(string(e.Change)); err != nil {
		return err
	}
	if len(e.Days) == 0 {
		return said.New("an edit has at least one day")
	}
	seen := map[Date]bool{}
	for _, d := range e.Days {
		if d.Day.Date.InMonth() != e.Month() {
			return said.New("an edit is about one month, not about %s and %s", e.Month(), d.Day.Date.InMonth())
		}
		if seen[d.Day.Date] {
			return said.New("the edit has %s twice", d.Day.Date)
		}
		seen[d.Day.Date] = true
		if len(d.Day.Assignments) > MaxRoles {
			return said.New("a day has at most %d assignments", MaxRoles)
		}
	}
	return nil
}

// Month is the month of the edit's days.
func (e Edit) Month() Month { return e.Days[0].Day.Date.InMonth() }

// Apply makes the edit to the current days, which now gives. The result is the edit's
// days afterwards, in its order, and the history entries: none for a day that already
// says what is wanted. The first entry has the edit's own id,
// further ones the ids that follow it; a day's new revision is the id of its last
// entry. No argument is altered. The caller checks whether the edit may be made at all:
// whether each day's revision is the one that the edit is based on.
func (e Edit) Apply(team TeamID, now func(Date) Day) ([]Day, []Change) {
	days := make([]Day, len(e.Days))
	var changes []Change
	for i, d := range e.Days {
		before := now(d.Day.Date)
		after := before.Clone()
		add := func(c Change) {
			c.ID, c.Team, c.Date = e.Change.plus(len(changes)), team, before.Date
			c.Actor, c.ActorID, c.Time, c.Why, c.Reason, c.Group = e.Actor.Name, e.Actor.ID, e.Time.UTC(), e.Why, e.Reason, e.Group
			changes = append(changes, c)
			after.Revision = c.ID
		}
		for _, role := range rolesOf(before, d.Day) {
			if from, to := before.Assignments[role], d.Day.Assignments[role]; from != to {
				add(Change{Role: role, From: from, To: to, With: d.With[role]})
				after.Assign(role, to)
			}
		}
		if before.Note != d.Day.Note {
			add(Change{NoteFrom: before.Note, Note: d.Day.Note})
			after.Note = d.Day.Note
		}
		days[i] = after
	}
	if len(changes) > 1 && e.Group == "" {
		for i := range changes {
			changes[i].Group = e.Change
		}
	}
	return days, changes
}

// maxEntries is the most history entries that one edit can make.
const maxEntries = 31 * (2*MaxRoles + 1)

// PartOf reports whether the change came from the edit with this id.
func (c Change) PartOf(edit ChangeID) bool {
	if c.ID == edit {
		return true
	}
	steps, ok := edit.stepsTo(c.ID)
	return ok && steps < maxEntries
}

// AsOf is the day as the edit left it: the day as it is now, with every later
// change taken back. history holds the day's changes, newest first, at least down
// to the edit's own. found is false when the edit is not among them; the day is
// then as it was before all of them.
func AsOf(now Day, history []Change, edit ChangeID) (day Day, found bool) {
	day = now.Clone()
	for _, c := range history {
		if c.Date != now.Date {
			continue
		}
		if c.PartOf(edit) {
			day.Revision = c.ID
			return day, true
		}
		day.TakeBack(c)
	}
	day.Revision = ""
	return day, false
}

// Before is the day as it was before the edit, by the same rules as AsOf.
func Before(now Day, history []Change, edit ChangeID) (day Day, found bool) {
	day = now.Clone()
	for _, c := range history {
		switch {
		case c.Date != now.Date:
		case c.PartOf(edit):
			found = true
			day.TakeBack(c)
		case found:
			day.Revision = c.ID
			return day, true
		default:
			day.TakeBack(c)
		}
	}
	day.Revision = ""
	return day, found
}

// TakeBack makes the day what it was before the change.
func (d *Day) TakeBack(c Change) {
	if c.Role == "" {
		d.Note = c.NoteFrom
		return
	}
	d.Assign(c.Role, c.From)
}

// Redo is the inverse of TakeBack.
func (d *Day) Redo(c Change) {
	if c.Role == "" {
		d.Note = c.Note
		return
	}
	d.Assign(c.Role, c.To)
}

// rolesOf lists every role that either day assigns, in order of their ids.
func rolesOf(a, b Day) []RoleID {
	all := maps.Clone(a.Assignments)
	if all == nil {
		all = map[RoleID]PersonID{}
	}
	maps.Copy(all, b.Assignments)
	return slices.Sorted(maps.Keys(all))
}
