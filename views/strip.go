package views

import (
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/timeline"
)

// Strip is a line of time, drawn: a lane for each role, and one of what nobody covers. All of
// it is also there as text, for screen readers.
type Strip struct {
	timeline.Timeline
	Team  *roster.Team
	Names roster.Names
	Zone  roster.Zone // of the clock that it shows
	Now   time.Time   // marked with a line; the zero time is not
	// Plan: it shows when roles are on duty, whoever holds them.
	Plan bool
}

// WeekStrip is the week that a day is in, as the team's roles have hours then.
func WeekStrip(team *roster.Team, in roster.Date) Strip {
	return Strip{Timeline: timeline.Week(team, in), Team: team, Zone: team.SettingsOn(in).Zone, Plan: true}
}

// comingHours is how far ahead the strip of a roster shows.
const comingHours = 48 * time.Hour

// strip is the coming hours of the banner's team.
func (b Banner) strip() Strip {
	return Strip{Timeline: *b.Coming, Team: b.Team, Names: b.Names, Zone: b.zone(), Now: b.Now}
}

// ComingFrom is where the strip of the coming hours begins: the full hour before now, so that
// what ends now shows too.
func ComingFrom(now time.Time) (from time.Time, length time.Duration) {
	return now.Truncate(time.Hour).Add(-time.Hour), comingHours + 2*time.Hour
}

// at is where an instant lies on the strip.
func (s Strip) at(t time.Time) string {
	return share(int(t.Sub(s.Start)/time.Second), int(s.Hours()/time.Second))
}

// width is how wide a time is on the strip.
func (s Strip) width(of roster.Shift) string {
	return share(int(of.Hours()/time.Second), int(s.Hours()/time.Second))
}

// mark is an instant with a name on the scale.
type mark struct {
	At     time.Time
	Text   string
	Strong bool // a midnight
}

// marks are the midnights and, between them, where there is room, every sixth hour.
func (s Strip) marks() []mark {
	var marks []mark
	last := roster.DateOf(s.End.In(s.Zone.Location()))
	for d := roster.DateOf(s.Start.In(s.Zone.Location())); !last.Before(d); d = d.AddDays(1) {
		for hour := 0; hour < 24; hour += 6 {
			at := s.Zone.Instant(d, roster.ClockTime(hour*60))
			switch {
			case at.Before(s.Start) || !at.Before(s.End):
			case hour == 0:
				marks = append(marks, mark{at, d.Format("Mon"), true})
			case !s.Plan:
				marks = append(marks, mark{at, fmt.Sprintf("%02d", hour), false})
			}
		}
	}
	return marks
}

// class is how a block is coloured: by its role, or as a gap.
func (s Strip) class(lane int, b timeline.Block) string {
	if !s.Plan && b.Person == "" {
		return "gap"
	}
	return fmt.Sprintf("role-%d", lane)
}

// says is a block in words.
func (s Strip) says(b timeline.Block) string {
	text := s.spanText(b.Shift)
	if s.Plan {
		return text
	}
	return orNobody(s.Names.Of(b.Person)) + " " + text
}

// laneSays is a lane in words.
func (s Strip) laneSays(lane timeline.Lane) string {
	if len(lane.Blocks) == 0 {
		return "off duty"
	}
	said := make([]string, len(lane.Blocks))
	for i, b := range lane.Blocks {
		said[i] = s.says(b)
	}
	return strings.Join(said, "; ")
}

// spanText is a time on the strip in words. What reaches beyond the strip has no end.
func (s Strip) spanText(of roster.Shift) string {
	from, to := of.Start.In(s.Zone.Location()), of.End.In(s.Zone.Location())
	begins, ends := from.Format("Mon 15:04"), to.Format("Mon 15:04")
	if roster.DateOf(from) == roster.DateOf(to) {
		ends = to.Format("15:04")
	}
	switch {
	case s.Plan && of == s.Shift:
		return "all week"
	case !s.Plan && of.End.Equal(s.End) && !of.Start.After(s.Now):
		return "all the time"
	case !s.Plan && of.End.Equal(s.End):
		return "from " + begins
	case !s.Plan && !of.Start.After(s.Now):
		return "until " + ends
	}
	return begins + "–" + ends
}

// allCovered says that nothing is uncovered.
func (s Strip) allCovered() string {
	if s.Plan {
		return "Some role is on duty at each hour of the week."
	}
	return "Somebody is on call at each of these hours."
}

// openSum says how much of the strip is uncovered.
func (s Strip) openSum() string {
	open := hoursNumber((s.Hours() - s.Covered()).Hours())
	if s.Plan {
		return fmt.Sprintf("No role is on duty in %s of %s hours of the week:", open, hoursNumber(s.Hours().Hours()))
	}
	return fmt.Sprintf("Nobody is on call in %s of these hours:", open)
}

// hoursNumber is a number of hours with as many digits as it needs.
func hoursNumber(h float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", h), "0"), ".")
}

// listedSpans is how many spans of uncovered time are written out.
const listedSpans = 7

// uncoveredText lists what is uncovered.
func (s Strip) uncoveredText() string {
	said := make([]string, 0, listedSpans+1)
	for i, u := range s.Uncovered {
		if i == listedSpans {
			said = append(said, fmt.Sprintf("and %d more", len(s.Uncovered)-listedSpans))
			break
		}
		said = append(said, s.spanText(u))
	}
	return strings.Join(said, ", ") + "."
}

// HoursText is when a role is on duty, in a few words: Mon–Fri 08:00–20:00, Asia/Singapore. It
// is "" for a role from hand-off to hand-off.
func HoursText(team *roster.Team, role roster.RoleID, on roster.Date) string {
	h := team.HoursOn(role, on)
	if len(h.Spans) == 0 {
		return ""
	}
	said := make([]string, len(h.Spans))
	for i, span := range h.Spans {
		said[i] = span.From.String() + "–" + endText(span)
		if span.Days != roster.EveryDay {
			said[i] = WeekdaysText(span.Days) + " " + said[i]
		}
	}
	text := strings.Join(said, ", ")
	if h.Zone.String() != team.SettingsOn(on).Zone.String() {
		text += " " + h.Zone.String()
	}
	return text
}

// endText is the end of a span; midnight is 24:00.
func endText(span roster.HourSpan) string {
	if span.To == 0 {
		return "24:00"
	}
	return span.To.String()
}
