package views

import (
	"context"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/words"
)

// History is a part of a team's history.
type History struct {
	Team    *roster.Team
	From    roster.Date // only of these days; both zero is every day
	To      roster.Date
	Person  roster.PersonID // only of this person; "" is everybody
	Group   roster.ChangeID // only of this act; "" is every act
	Kind    ActKind         // only of this kind; "" is every kind
	Typed   string          // the name in the filter, as it was typed
	Problem string          // what is wrong with the filter; "" is nothing
	Acts    []Act
	Names   roster.Names
	Zone    *time.Location // of the times that the page shows
	Next    string         // the cursor of what follows; "" at the end
}

func (h History) isFiltered() bool {
	return h.Person != "" || h.Group != "" || h.Kind != "" || !h.From.IsZero() || h.Typed != ""
}

// typed is the name in the filter.
func (h History) typed() string {
	if h.Person != "" {
		return h.Names.Text(h.Person)
	}
	return h.Typed
}

// url is the page with the same filter, and more in pairs.
func (h History) url(more ...string) string {
	filter := []string{"person", string(h.Person), "group", string(h.Group), "kind", string(h.Kind), "from", dateValue(h.From), "to", dateValue(h.To)}
	return TeamURL(h.Team.ID) + "/history" + pairs(append(filter, more...)...)
}

// dateValue is a date as a field has it, "" for the zero Date.
func dateValue(d roster.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// ActKind is a kind of act that people choose by.
type ActKind string

// The kinds of acts.
const (
	ActTyped  ActKind = "edit"
	ActFilled ActKind = "rotation"
	ActSwap   ActKind = "swap" // swapped, taken or given
	ActImport ActKind = "import"
	ActUndo   ActKind = "undo"
	ActLeave  ActKind = "leave"
)

// ActKinds are all kinds, in the order in which they are offered.
func ActKinds() []ActKind {
	return []ActKind{ActTyped, ActFilled, ActSwap, ActImport, ActUndo, ActLeave}
}

// ParseActKind reads a kind; "" is every kind.
func ParseActKind(text string) (ActKind, bool) {
	return ActKind(text), text == "" || slices.Contains(ActKinds(), ActKind(text))
}

// Has reports whether changes of a why are of the kind.
func (k ActKind) Has(why roster.Why) bool {
	if k == ActSwap {
		return why == roster.WhySwap || why == roster.WhyTake || why == roster.WhyGive
	}
	return string(k) == string(why)
}

// Text is what people call the kind.
func (k ActKind) Text(ctx context.Context) string {
	switch k {
	case ActTyped:
		return words.T(ctx, "typed")
	case ActFilled:
		return words.T(ctx, "filled from rotations")
	case ActSwap:
		return words.T(ctx, "swapped, taken, given")
	case ActImport:
		return words.T(ctx, "imported")
	case ActUndo:
		return words.T(ctx, "undone")
	default:
		return words.T(ctx, "somebody left")
	}
}

// Act is what somebody did at once: the changes that belong together, newest first.
type Act struct {
	Changes []roster.Change
	Cut     bool // the page ends before the act does
	Undone  bool // a later act of the page took all of it back
}

// ActsOf puts a page of changes together to acts. more says that the history goes on after it.
func ActsOf(changes []roster.Change, more bool) []Act {
	var acts []Act
	for _, c := range changes {
		if n := len(acts); n > 0 && acts[n-1].ID() == c.Act() {
			acts[n-1].Changes = append(acts[n-1].Changes, c)
		} else {
			acts = append(acts, Act{Changes: []roster.Change{c}})
		}
	}
	if n := len(acts); n > 0 && more && acts[n-1].Changes[0].Group != "" {
		acts[n-1].Cut = true
	}
	markUndone(acts)
	return acts
}

// markUndone finds the acts, of those with the newest first, that a later one took back: each of
// its changes was turned round by an undo.
func markUndone(acts []Act) {
	turned := map[roster.Seat]roster.Change{} // by the next undo of the seat; the role "" is the note
	for i := range acts {
		act := &acts[i]
		act.Undone = !act.Cut
		for _, c := range act.Changes {
			undo, found := turned[c.Seat()]
			act.Undone = act.Undone && found && undo.From == c.To && undo.To == c.From && undo.NoteFrom == c.Note && undo.Note == c.NoteFrom
		}
		for _, c := range act.Changes {
			switch {
			case act.Undone:
				delete(turned, c.Seat())
			case c.Why == roster.WhyUndo:
				turned[c.Seat()] = c
			}
		}
	}
}

// ID is the id by which the act is undone.
func (a Act) ID() roster.ChangeID { return a.Changes[0].Act() }

// At is when the act was done.
func (a Act) At() time.Time { return a.Changes[0].Time }

// Why is what kind of act it is.
func (a Act) Why() roster.Why { return a.Changes[0].Why }

// mostSeats is how many seats of an act its line opens to; a link leads to the rest.
const mostSeats = 60

func (a Act) shown(all bool) []roster.Change {
	if all {
		return a.Changes
	}
	return a.Changes[:min(len(a.Changes), mostSeats)]
}

// says says what was done, after the name of who did it: "filled 28 seats, Mon 23 Nov – Sun 20 Dec".
func (a Act) says(ctx context.Context, team *roster.Team, names roster.Names) string {
	c := a.Changes[0]
	n := len(a.Changes)
	if a.Cut {
		n++ // at least
	}
	switch why := a.Why(); {
	case why == roster.WhyRotation:
		return words.N(ctx, n, "filled %d seat from the rotations", "filled %d seats from the rotations") + a.span(ctx)
	case why == roster.WhyImport:
		return words.N(ctx, n, "imported %d seat", "imported %d seats") + a.span(ctx)
	case why == roster.WhyUndo:
		return words.N(ctx, n, "undid %d change", "undid %d changes") + a.span(ctx)
	case why == roster.WhyLeave:
		return words.N(ctx, n, "freed %d seat of somebody who left", "freed %d seats of somebody who left") + a.span(ctx)
	case why == roster.WhySwap && n == 2:
		other := a.Changes[1]
		return words.T(ctx, "swapped %s (%s) and %s (%s)", names.Of(c.From), rowDate(ctx, c.Date), names.Of(other.From), rowDate(ctx, other.Date))
	case why == roster.WhyTake && n == 1:
		return words.T(ctx, "let %s take %s on %s", names.Of(c.To), team.RoleName(c.Role), rowDate(ctx, c.Date))
	case why == roster.WhyGive && n == 1:
		return words.T(ctx, "gave %s on %s from %s to %s", team.RoleName(c.Role), rowDate(ctx, c.Date), names.Of(c.From), names.Of(c.To))
	case n > 1:
		return words.N(ctx, n, "changed %d entry", "changed %d entries") + a.span(ctx)
	case c.Role == "":
		return words.T(ctx, "changed the note of %s", rowDate(ctx, c.Date))
	case c.To == "":
		return words.T(ctx, "removed %s as %s on %s", names.Of(c.From), team.RoleName(c.Role), rowDate(ctx, c.Date))
	case c.From == "":
		return words.T(ctx, "set %s as %s on %s", names.Of(c.To), team.RoleName(c.Role), rowDate(ctx, c.Date))
	default:
		return words.T(ctx, "set %s as %s on %s, in place of %s", names.Of(c.To), team.RoleName(c.Role), rowDate(ctx, c.Date), names.Of(c.From))
	}
}

// span is the days of the act: ", Mon 23 Nov – Sun 20 Dec".
func (a Act) span(ctx context.Context) string {
	from, to := a.Changes[0].Date, a.Changes[0].Date
	for _, c := range a.Changes {
		if c.Date.Before(from) {
			from = c.Date
		}
		to = roster.Later(to, c.Date)
	}
	text := ", " + rowDate(ctx, from)
	if from != to {
		text += " – " + rowDate(ctx, to)
	}
	return text
}
