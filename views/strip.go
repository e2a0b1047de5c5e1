package views

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/words"
)

// Strip is a line of time, drawn: a lane for each role, and one of what nobody covers. All of
// it is also there as text, for screen readers.
type Strip struct {
	oncall.Strip
	Team  *roster.Team
	Names roster.Names
	Zone  roster.Zone // of the clock that it shows
	Now   time.Time   // marked with a line; the zero time is not
	// Plan: it shows when roles are on duty, whoever holds them.
	Plan bool
}

// WeekStrip is the week that a day is in, as the team's roles have hours then.
func WeekStrip(ctx context.Context, team *roster.Team, in roster.Date) Strip {
	return Strip{Strip: oncall.Week(team, roster.WeekFrom(in, words.WeekStart(ctx))), Team: team, Zone: team.SettingsOn(in).Zone, Plan: true}
}

// ComingHours is how many hours the strip of a roster shows.
const ComingHours = 48

// strip is the coming hours of the banner's team.
func (b Banner) strip() Strip {
	return Strip{Strip: *b.Coming, Team: b.Team, Names: b.Names, Zone: b.zone(), Now: b.Now}
}

// blocks are the times of a role, where those of one person that meet are one.
func (s Strip) blocks(role oncall.RoleStrip) []oncall.HeldTime {
	var blocks []oncall.HeldTime
	for _, t := range role.Times {
		if last := len(blocks) - 1; last >= 0 && blocks[last].Person == t.Person && blocks[last].End.Equal(t.Start) {
			blocks[last].End = t.End
			continue
		}
		blocks = append(blocks, t)
	}
	return blocks
}

// uncovered is when nobody would be called.
func (s Strip) uncovered() []roster.Shift {
	var open []roster.Shift
	for _, c := range s.Called {
		if c.Person == "" {
			open = append(open, c.Shift)
		}
	}
	return open
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
func (s Strip) marks(ctx context.Context) []mark {
	var marks []mark
	last := roster.DateOf(s.End.In(s.Zone.Location()))
	for d := roster.DateOf(s.Start.In(s.Zone.Location())); !last.Before(d); d = d.AddDays(1) {
		for hour := 0; hour < 24; hour += 6 {
			at := s.Zone.Instant(d, roster.ClockTime(hour*60))
			switch {
			case at.Before(s.Start) || !at.Before(s.End):
			case hour == 0:
				marks = append(marks, mark{at, words.Date(ctx, d, "Mon"), true})
			case !s.Plan:
				marks = append(marks, mark{at, fmt.Sprintf("%02d", hour), false})
			}
		}
	}
	return marks
}

// class is how a block is coloured: by its role, or as a gap.
func (s Strip) class(lane int, b oncall.HeldTime) string {
	if !s.Plan && b.Person == "" {
		return "gap"
	}
	return fmt.Sprintf("role-%d", lane)
}

// says is a block in words.
func (s Strip) says(ctx context.Context, b oncall.HeldTime) string {
	text := s.spanText(ctx, b.Shift)
	if s.Plan {
		return text
	}
	return orNobody(ctx, s.Names.Of(b.Person)) + " " + text
}

// laneSays is a lane in words.
func (s Strip) laneSays(ctx context.Context, blocks []oncall.HeldTime) string {
	if len(blocks) == 0 {
		return words.T(ctx, "off duty")
	}
	all := make([]string, len(blocks))
	for i, b := range blocks {
		all[i] = s.says(ctx, b)
	}
	return strings.Join(all, "; ")
}

// spanText is a time on the strip in words. What reaches beyond the strip has no end.
func (s Strip) spanText(ctx context.Context, of roster.Shift) string {
	from, to := of.Start.In(s.Zone.Location()), of.End.In(s.Zone.Location())
	begins, ends := words.Date(ctx, from, "Mon 15:04"), words.Date(ctx, to, "Mon 15:04")
	if roster.DateOf(from) == roster.DateOf(to) {
		ends = to.Format("15:04")
	}
	switch {
	case s.Plan && of == s.Shift:
		return words.T(ctx, "all week")
	case !s.Plan && of.End.Equal(s.End) && !of.Start.After(s.Now):
		return words.T(ctx, "all the time")
	case !s.Plan && of.End.Equal(s.End):
		return words.T(ctx, "from %s", begins)
	case !s.Plan && !of.Start.After(s.Now):
		return words.T(ctx, "until %s", ends)
	}
	return begins + "–" + ends
}

// allCovered says that nothing is uncovered.
func (s Strip) allCovered(ctx context.Context) string {
	if s.Plan {
		return words.T(ctx, "Some role is on duty at each hour of the week.")
	}
	return words.T(ctx, "Somebody is on call at each of these hours.")
}

// openSum says how much of the strip is uncovered.
func (s Strip) openSum(ctx context.Context, uncovered []roster.Shift) string {
	var sum time.Duration
	for _, u := range uncovered {
		sum += u.Hours()
	}
	open := hoursNumber(ctx, sum)
	if s.Plan {
		return words.T(ctx, "No role is on duty in %s of %s hours of the week:", open, hoursNumber(ctx, s.Hours()))
	}
	return words.T(ctx, "Nobody is on call in %s of these hours:", open)
}

// hoursNumber is a number of hours with as many digits as it needs.
func hoursNumber(ctx context.Context, of time.Duration) string {
	return words.Number(ctx, of.Hours(), 0, 2)
}

// listedSpans is how many spans of uncovered time are written out.
const listedSpans = 7

// spansText lists times.
func (s Strip) spansText(ctx context.Context, uncovered []roster.Shift) string {
	all := make([]string, 0, listedSpans+1)
	for i, u := range uncovered {
		if i == listedSpans {
			all = append(all, words.T(ctx, "and %s more", fmt.Sprint(len(uncovered)-listedSpans)))
			break
		}
		all = append(all, s.spanText(ctx, u))
	}
	return strings.Join(all, ", ") + "."
}

// HoursText is when a role is on duty, in a few words: Mon–Fri 08:00–20:00, Asia/Singapore. It
// is "" for a role from hand-off to hand-off.
func HoursText(ctx context.Context, team *roster.Team, role roster.RoleID, on roster.Date) string {
	h := team.HoursOn(role, on)
	if len(h.Spans) == 0 {
		return ""
	}
	all := make([]string, len(h.Spans))
	for i, span := range h.Spans {
		all[i] = span.From.String() + "–" + endText(span)
		if span.Days != roster.EveryDay {
			all[i] = WeekdaysText(ctx, span.Days) + " " + all[i]
		}
	}
	text := strings.Join(all, ", ")
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
