package views

import (
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

// noteField is the name of the note's field in a day's form.
const noteField = "note"

// shortDate is a date in a column of dates: Mon 23 Nov. The first week of January has the year.
func shortDate(d roster.Date) string { return d.Format(shortLayout(d)) }

// shortLayout is the layout of a date in a column of dates.
func shortLayout(d roster.Date) string {
	if d.Month == time.January && d.Day <= 7 {
		return "Mon 2 Jan 2006"
	}
	return "Mon 2 Jan"
}

// LongDate is a date in a sentence.
func LongDate(d roster.Date) string { return d.Format("Monday 2 January 2006") }

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

// WeekdaysText is a set of weekdays in a sentence: "Mon–Fri", "Sat, Sun", "every day".
func WeekdaysText(s roster.Weekdays) string {
	if s == roster.EveryDay {
		return "every day"
	}
	text := strings.ReplaceAll(s.String(), "-", "–")
	for _, day := range s.Days() {
		text = strings.ReplaceAll(text, day.String(), weekdayName(day)[:3])
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// seatText is a seat in a sentence.
func seatText(t *roster.Team, seat roster.Seat) string {
	return t.RoleName(seat.Role) + " on " + seat.Date.Text()
}

// OfferText says in a sentence what an exchange is.
func OfferText(t *roster.Team, o roster.Offer, names roster.Names) string {
	m := o.Moves[0]
	switch o.Why {
	case roster.WhySwap:
		other := o.Moves[1]
		return fmt.Sprintf("%s (%s) and %s (%s) swap", names.Of(m.From), seatText(t, m.Seat), names.Of(other.From), seatText(t, other.Seat))
	case roster.WhyTake:
		if m.From == "" {
			return fmt.Sprintf("%s takes %s", names.Of(m.To), seatText(t, m.Seat))
		}
		return fmt.Sprintf("%s takes %s from %s", names.Of(m.To), seatText(t, m.Seat), names.Of(m.From))
	default:
		return fmt.Sprintf("%s gives %s to %s", names.Of(m.From), seatText(t, m.Seat), names.Of(m.To))
	}
}

// OfferNews says what became of an exchange, and who answered for somebody else.
func OfferNews(t *roster.Team, o roster.Offer, names roster.Names) string {
	return withBehalf(newsText(t, o, names), o, names)
}

// withBehalf adds to a text who answered for somebody else.
func withBehalf(text string, o roster.Offer, names roster.Names) string {
	said := []string{text}
	for _, a := range o.Answers {
		if !a.OnBehalf {
			continue
		}
		what := map[roster.OfferAnswered]string{
			roster.AnswerAsked: "Asked for", roster.AnswerAgreed: "Agreed", roster.AnswerDeclined: "Declined", roster.AnswerWithdrawn: "Withdrawn",
		}[a.Answer]
		text := what + " by " + a.Actor
		if a.Person != "" {
			text += " for " + names.Of(a.Person)
		}
		said = append(said, text+".")
	}
	return strings.Join(said, " ")
}

func newsText(t *roster.Team, o roster.Offer, names roster.Names) string {
	what := OfferText(t, o, names)
	switch o.State {
	case roster.OfferWaiting:
		return what + ": " + waitText(o, names)
	case roster.OfferDone:
		return what + ": done. You can undo it in the history."
	case roster.OfferDeclined:
		return what + ": " + names.Of(o.ClosedBy) + " declined."
	case roster.OfferWithdrawn:
		return what + ": withdrawn."
	case roster.OfferLapsed:
		return what + ": no longer possible. " + o.Reason
	default:
		return what + ": in progress."
	}
}

// waitText says whose agreement an exchange waits for.
func waitText(o roster.Offer, names roster.Names) string {
	who := make([]string, len(o.WaitsFor()))
	for i, id := range o.WaitsFor() {
		who[i] = names.Of(id)
	}
	return "waits for " + strings.Join(who, " and ") + " to agree."
}

// whyText says why a change was made.
func whyText(t *roster.Team, c roster.Change, names roster.Names) string {
	switch {
	case c.Why == roster.WhySwap && c.With != roster.Seat{}:
		other := shortDate(c.With.Date)
		if c.With.Role != c.Role {
			other += ", " + t.RoleName(c.With.Role)
		}
		return "swap with " + names.Of(c.To) + ", " + other
	case c.Why == roster.WhyTake && c.From != "":
		return "taken from " + names.Of(c.From)
	case c.Why == roster.WhyTake:
		return "taken"
	case c.Why == roster.WhyGive:
		return "given by " + names.Of(c.From)
	default:
		return string(c.Why)
	}
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
func (r *Row) class() string {
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
	mark("monday", weekday == weekBegin)
	mark("handover", r.handsOver())
	mark("past", r.Past)
	mark("undoable", r.Undo != nil)
	return strings.Join(marks[:n], " ")
}

// describes reports whether there is a message below the field.
func (r Row) describes(field string) bool { return r.Form.Conflict || r.Form.Errors.For(field) != "" }

// ago says how long ago something was, in the largest unit that fits.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute ago"
	case d < time.Hour:
		n := int(d / time.Minute)
		return fmt.Sprintf("%d %s ago", n, plural(n, "minute", "minutes"))
	case d < 48*time.Hour:
		n := int(d / time.Hour)
		return fmt.Sprintf("%d %s ago", n, plural(n, "hour", "hours"))
	default:
		return fmt.Sprintf("%d days ago", int(d/(24*time.Hour)))
	}
}

func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

func orNothing(note string) string {
	if note == "" {
		return "nothing"
	}
	return note
}

// weekdayName is a day of the week in full.
func weekdayName(w roster.Weekday) string { return time.Weekday(w % 7).String() }

func rotationFieldID(form RotationForm, name string) string {
	if form.ID == "" {
		return "new-" + name
	}
	return "r-" + string(form.ID) + "-" + name
}

// own are the people of the team, as far as they take turns or stand in the view.
func (r Roster) own() []roster.PersonID { return tally.Own(r.Team, r.days()) }
