package views

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/words"
)

// noteField is the name of the note's field in a day's form.
const noteField = "note"

// shortDate is a date in a column of dates: Mon 23 Nov. The first week of January has the year.
func shortDate(ctx context.Context, d roster.Date) string { return words.Date(ctx, d, shortLayout(d)) }

// shortLayout is the layout of a date in a column of dates.
func shortLayout(d roster.Date) string {
	if d.Month == time.January && d.Day <= 7 {
		return "Mon 2 Jan 2006"
	}
	return "Mon 2 Jan"
}

// LongDate is a date in a sentence.
func LongDate(ctx context.Context, d roster.Date) string {
	return words.Date(ctx, d, "Monday 2 January 2006")
}

// yearDate is a date of any year in a list: Mon 23 Nov 2026.
func yearDate(ctx context.Context, d roster.Date) string { return words.Date(ctx, d, "Mon 2 Jan 2006") }

// stamp is an instant for programs. Where such a time has data-clock, and the viewer's clock shows
// another, clock.js writes that beside it.
func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// ZoneName is what people call the zone of an instant, then: CET; for zones without a name, the
// offset.
func ZoneName(t time.Time) string {
	if name := t.Format("MST"); name[0] != '+' && name[0] != '-' {
		return name
	}
	return offset(t)
}

// offsetText is the name and the offset of a zone at an instant: CET, UTC+1.
func offsetText(t time.Time) string {
	if name, off := ZoneName(t), offset(t); name != off {
		return name + ", " + off
	}
	return offset(t)
}

// offset is how far an instant's zone is from UTC then: UTC+5:30.
func offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	text := fmt.Sprintf("UTC%s%d", sign, seconds/3600)
	if minutes := seconds % 3600 / 60; minutes > 0 {
		text += fmt.Sprintf(":%02d", minutes)
	}
	return text
}

// WeekdayName is a day of the week in full.
func WeekdayName(ctx context.Context, w roster.Weekday) string {
	return words.Date(ctx, dayIn(w), "Monday")
}

// MonthsText is a list of months in a sentence: November 2026, January 2027.
func MonthsText(ctx context.Context, months []roster.Month) string {
	texts := make([]string, len(months))
	for i, m := range months {
		texts[i] = words.Date(ctx, m.First(), "January 2006")
	}
	return strings.Join(texts, ", ")
}

// WeekdaysText is a set of weekdays in a sentence: "Mon–Fri", "Sat, Sun", "every day".
func WeekdaysText(ctx context.Context, s roster.Weekdays) string {
	if s == roster.EveryDay {
		return words.T(ctx, "every day")
	}
	text := strings.ReplaceAll(s.String(), "-", "–")
	for _, day := range s.Days() {
		text = strings.ReplaceAll(text, day.String(), words.Date(ctx, dayIn(day), "Mon"))
	}
	return text
}

// seatText is a seat in a sentence.
func seatText(ctx context.Context, t *roster.Team, seat roster.Seat) string {
	return words.T(ctx, "%s on %s", t.RoleName(seat.Role), yearDate(ctx, seat.Date))
}

// OfferText says in a sentence what an exchange is.
func OfferText(ctx context.Context, t *roster.Team, o roster.Offer, names roster.Names) string {
	m := o.Moves[0]
	switch seat := seatText(ctx, t, m.Seat); o.Why {
	case roster.WhySwap:
		other := o.Moves[1]
		return words.T(ctx, "%s (%s) and %s (%s) swap", names.Of(m.From), seat, names.Of(other.From), seatText(ctx, t, other.Seat))
	case roster.WhyTake:
		if m.From == "" {
			return words.T(ctx, "%s takes %s", names.Of(m.To), seat)
		}
		return words.T(ctx, "%s takes %s from %s", names.Of(m.To), seat, names.Of(m.From))
	default:
		return words.T(ctx, "%s gives %s to %s", names.Of(m.From), seat, names.Of(m.To))
	}
}

// OfferNews says what became of an exchange, and who answered for somebody else.
func OfferNews(ctx context.Context, t *roster.Team, o roster.Offer, names roster.Names) string {
	return withBehalf(ctx, OfferText(ctx, t, o, names)+": "+newsText(ctx, o, names), o, names)
}

// withBehalf adds to a text who answered for somebody else.
func withBehalf(ctx context.Context, text string, o roster.Offer, names roster.Names) string {
	all := []string{text}
	for _, a := range o.Answers {
		if a.OnBehalf {
			all = append(all, behalfText(ctx, a, names.Of(a.Person)))
		}
	}
	return strings.Join(all, " ")
}

// behalfText says who answered for somebody, whose name is "" if it is not known.
func behalfText(ctx context.Context, a roster.OfferAnswer, name string) string {
	if name == "" {
		switch a.Answer {
		case roster.AnswerAsked:
			return words.T(ctx, "Asked for by %s.", a.Actor)
		case roster.AnswerAgreed:
			return words.T(ctx, "Agreed by %s.", a.Actor)
		case roster.AnswerDeclined:
			return words.T(ctx, "Declined by %s.", a.Actor)
		case roster.AnswerWithdrawn:
		}
		return words.T(ctx, "Withdrawn by %s.", a.Actor)
	}
	switch a.Answer {
	case roster.AnswerAsked:
		return words.T(ctx, "Asked for by %s for %s.", a.Actor, name)
	case roster.AnswerAgreed:
		return words.T(ctx, "Agreed by %s for %s.", a.Actor, name)
	case roster.AnswerDeclined:
		return words.T(ctx, "Declined by %s for %s.", a.Actor, name)
	case roster.AnswerWithdrawn:
	}
	return words.T(ctx, "Withdrawn by %s for %s.", a.Actor, name)
}

func newsText(ctx context.Context, o roster.Offer, names roster.Names) string {
	switch o.State {
	case roster.OfferWaiting:
		return waitText(ctx, o, names)
	case roster.OfferDone:
		return words.T(ctx, "done. You can undo it in the history.")
	case roster.OfferDeclined:
		return words.T(ctx, "%s declined.", names.Of(o.ClosedBy))
	case roster.OfferWithdrawn:
		return words.T(ctx, "withdrawn.")
	case roster.OfferLapsed:
		return words.T(ctx, "no longer possible. %s", o.Reason)
	default:
		return words.T(ctx, "in progress.")
	}
}

// waitText says whose agreement an exchange waits for.
func waitText(ctx context.Context, o roster.Offer, names roster.Names) string {
	who := make([]string, len(o.WaitsFor()))
	for i, id := range o.WaitsFor() {
		who[i] = names.Of(id)
	}
	return words.N(ctx, len(who), "waits for %s to agree.", "waits for %s to agree.", strings.Join(who, " "+words.T(ctx, "and")+" "))
}

// whyText says why a change was made.
func whyText(ctx context.Context, t *roster.Team, c roster.Change, names roster.Names) string {
	switch {
	case c.Why == roster.WhySwap && c.With != roster.Seat{}:
		other := shortDate(ctx, c.With.Date)
		if c.With.Role != c.Role {
			other += ", " + t.RoleName(c.With.Role)
		}
		return words.T(ctx, "swap with %s, %s", names.Of(c.To), other)
	case c.Why == roster.WhyTake && c.From != "":
		return words.T(ctx, "taken from %s", names.Of(c.From))
	case c.Why == roster.WhyTake:
		return words.T(ctx, "taken")
	case c.Why == roster.WhyGive:
		return words.T(ctx, "given by %s", names.Of(c.From))
	default:
		return whyName(ctx, c.Why)
	}
}

// whyName is the kind of a change in a word or two.
func whyName(ctx context.Context, why roster.Why) string {
	switch why {
	case roster.WhyRotation:
		return words.T(ctx, "rotation")
	case roster.WhySwap:
		return words.T(ctx, "swap")
	case roster.WhyImport:
		return words.T(ctx, "import")
	case roster.WhyUndo:
		return words.T(ctx, "undo")
	case roster.WhyLeave:
		return words.T(ctx, "leave")
	case roster.WhyEdit, roster.WhyTake, roster.WhyGive:
	}
	return words.T(ctx, "edit")
}

func (r Roster) gaps() []tally.Gap { return tally.Gaps(r.Team, r.days()) }

// days are those in view.
func (r Roster) days() []roster.Day {
	days := make([]roster.Day, len(r.Rows))
	for i := range r.Rows {
		days[i] = r.Rows[i].Day
	}
	return days
}

// class is the classes of a row, for the style sheet.
func (r *Row) class(ctx context.Context) string {
	var marks [7]string
	n := 0
	mark := func(name string, on bool) {
		if on {
			marks[n] = name
			n++
		}
	}
	weekday := r.Day.Date.Weekday()
	mark("today", r.Today)
	mark("current", r.Current)
	mark("weekend", weekday == time.Saturday || weekday == time.Sunday)
	mark("begins-week", weekday == words.WeekStart(ctx))
	mark("handover", r.handsOver())
	mark("past", r.Past)
	mark("undoable", r.Undo != nil)
	return strings.Join(marks[:n], " ")
}

// describes reports whether there is a message below the field.
func (r Row) describes(field string) bool { return r.Form.Conflict || r.Form.Errors.For(field) != nil }

// ago says how long ago something was, in the largest unit that fits.
func ago(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return words.T(ctx, "less than a minute ago")
	case d < time.Hour:
		return words.N(ctx, int(d/time.Minute), "%d minute ago", "%d minutes ago")
	case d < 48*time.Hour:
		return words.N(ctx, int(d/time.Hour), "%d hour ago", "%d hours ago")
	default:
		return words.N(ctx, int(d/(24*time.Hour)), "%d day ago", "%d days ago")
	}
}

func orNobody(ctx context.Context, name string) string {
	if name == "" {
		return words.T(ctx, "nobody")
	}
	return name
}

func orNothing(ctx context.Context, note string) string {
	if note == "" {
		return words.T(ctx, "nothing")
	}
	return note
}

func rotationFieldID(form RotationForm, name string) string {
	if form.ID == "" {
		return "new-" + name
	}
	return "r-" + string(form.ID) + "-" + name
}

// own are the people of the team, as far as they take turns or stand in the view.
func (r Roster) own() []roster.PersonID { return tally.Own(r.Team, r.days()) }
