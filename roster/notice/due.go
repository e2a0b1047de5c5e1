package notice

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

const (
	// Patience is how long a notice is tried, and how late it may be found due.
	Patience = 24 * time.Hour
	// LateAfter is how late a notice says that it is late.
	LateAfter = 10 * time.Minute
	// evening is when people are told of a shift that begins between nightFrom and nightTo.
	evening   roster.ClockTime = 20 * 60
	nightFrom                  = 22
	nightTo                    = 9
)

// Due is a notice for a person or a team, for all of their receivers.
type Due struct {
	Kind   roster.NoticeKind
	Team   *roster.Team
	Person roster.PersonID // "" is the team
	// At is when it is due. From Over on it is of no use and not sent any more.
	At, Over time.Time
	Lead     roster.Lead     // of coming
	Shift    *tally.Run      // of coming and now; nil for a team, which is told of all that begin at Start
	Start    time.Time       // of coming and now
	Offer    *roster.Offer   // of swap
	Date     roster.Date     // of gap: of which day; of week: its first
	Changes  []roster.Change // of changed
	about    []string        // with the kind and the team, what makes it one notice and no other
}

// ID is the id of the notice to one of its receivers.
func (d *Due) ID(to ChannelID) ID {
	return NewID(append([]string{string(d.Kind), string(d.Team.ID), string(d.Person), string(to)}, d.about...)...)
}

// Window is from when to when notices are looked for: those that are of use after From and due
// before To. Now is when they are looked for.
type Window struct{ Now, From, To time.Time }

func (w Window) has(d Due) bool { return d.At.Before(w.To) && d.Over.After(w.From) }

// reach is how long before the latest shift of a window its notice can be due.
func (w Window) reach(lead roster.Lead) time.Time {
	return w.To.Add(lead.Duration() + 36*time.Hour) // a notice of the evening before is earlier by less
}

// StartsAhead is how many days ahead of today shifts must be known for Shifts and Gaps.
const StartsAhead = int(roster.MaxLead/roster.DefaultLead) + 2

// Starts are the shifts and gaps that begin in the days, in the order of their beginning. What
// holds on the first of the days may have begun before, and is not among them.
func Starts(team *roster.Team, days []roster.Day) []tally.Run {
	if len(days) == 0 {
		return nil
	}
	starts := slices.DeleteFunc(tally.RunsOf(team, days), func(r tally.Run) bool { return r.From == days[0].Date || r.IsEmpty() })
	slices.SortStableFunc(starts, func(a, b tally.Run) int { return a.Start.Compare(b.Start) })
	return starts
}

// ComingAt is when a notice with the lead is due, for a shift that begins at start and a person
// in the zone. A lead in whole days is by the calendar: at the same time of day, or, for a shift
// that begins between 22:00 and 09:00, at 20:00. Any other is by the clock.
func ComingAt(start time.Time, zone roster.Zone, lead roster.Lead) time.Time {
	days := lead.Days()
	if days == 0 {
		return start.Add(-lead.Duration())
	}
	local := start.In(zone.Location())
	at := roster.ClockTime(local.Hour()*60 + local.Minute())
	if local.Hour() >= nightFrom || local.Hour() < nightTo {
		at = evening
	}
	return zone.Instant(roster.DateOf(local).AddDays(-days), at)
}

// Shifts are the notices to people that their shifts come and begin, out of the team's starts.
func Shifts(team *roster.Team, starts []tally.Run, names roster.Names, in Window) []Due {
	var found []Due
	add := func(d Due) {
		if in.has(d) {
			found = append(found, d)
		}
	}
	for i := range starts {
		run := &starts[i]
		if run.Start.After(in.reach(roster.MaxLead)) {
			break
		}
		if run.Person == "" || run.Start.Before(in.From.Add(-Patience)) {
			continue
		}
		person, known := names.Person(run.Person)
		if !known || person.Removed {
			continue
		}
		start := stamp(run.Start)
		add(Due{
			Kind: roster.NoticeNow, Team: team, Person: run.Person, At: run.Start, Over: earlier(run.End, run.Start.Add(Patience)),
			Shift: run, Start: run.Start, about: []string{string(run.Role.ID), start},
		})
		for _, lead := range person.Notices.EachLead() {
			if !run.Start.After(in.From) || run.Start.After(in.reach(lead)) {
				continue
			}
			add(Due{
				Kind: roster.NoticeComing, Team: team, Person: run.Person, At: ComingAt(run.Start, home(&person, team, run.From), lead), Over: run.Start,
				Lead: lead, Shift: run, Start: run.Start, about: []string{string(run.Role.ID), start, strconv.Itoa(int(lead))},
			})
		}
	}
	return found
}

// home is the zone of a person: their own or, where it is not known, the team's.
func home(person *roster.Person, team *roster.Team, d roster.Date) roster.Zone {
	if person.Zone != (roster.Zone{}) {
		return person.Zone
	}
	return team.SettingsOn(d).Zone
}

// TeamShifts are the notices to a team that shifts come and begin, one for each instant, and
// that gaps are near, one for each day: seven days ahead and one day ahead, in the order of time.
func TeamShifts(team *roster.Team, starts []tally.Run, in Window) []Due {
	var found []Due
	add := func(d Due) {
		if in.has(d) && !slices.ContainsFunc(found, func(o Due) bool { return o.Kind == d.Kind && slices.Equal(o.about, d.about) }) {
			found = append(found, d)
		}
	}
	gap := map[roster.RoleID]bool{} // the role's last start was one
	for i := range starts {
		run := &starts[i]
		if run.Start.After(in.reach(gapLead)) {
			break
		}
		goesOn := gap[run.Role.ID]
		gap[run.Role.ID] = run.Person == ""
		zone := team.SettingsOn(run.From).Zone
		switch {
		case run.Person == "" && goesOn: // its hours are the next ones of the same gap
		case run.Person == "":
			near := ComingAt(run.Start, zone, roster.DefaultLead)
			add(Due{
				Kind: roster.NoticeGap, Team: team, At: ComingAt(run.Start, zone, gapLead), Over: near,
				Lead: gapLead, Date: run.From, Start: run.Start, about: []string{run.From.String(), "7"},
			})
			add(Due{
				Kind: roster.NoticeGap, Team: team, At: near, Over: run.Start,
				Lead: roster.DefaultLead, Date: run.From, Start: run.Start, about: []string{run.From.String(), "1"},
			})
		case run.Start.Before(in.From.Add(-Patience)):
		default:
			start := []string{stamp(run.Start)}
			add(Due{Kind: roster.NoticeNow, Team: team, At: run.Start, Over: run.Start.Add(Patience), Start: run.Start, about: start})
			add(Due{
				Kind: roster.NoticeComing, Team: team, At: ComingAt(run.Start, zone, roster.DefaultLead), Over: run.Start,
				Lead: roster.DefaultLead, Start: run.Start, about: start,
			})
		}
	}
	return found
}

// gapLead is how long ahead a team is told of a gap for the first time.
const gapLead = 7 * roster.DefaultLead

// Weeks are the notices to a team of the weeks: each is due at the hand-off of a Monday.
func Weeks(team *roster.Team, in Window) []Due {
	var found []Due
	last := roster.WeekOf(team.Today(in.To))
	for monday := roster.WeekOf(team.Today(in.From.Add(-Patience))); !last.Before(monday); monday = monday.AddDays(7) {
		at := team.ShiftOf(monday).Start
		if d := (Due{Kind: roster.NoticeWeek, Team: team, At: at, Over: at.Add(Patience), Date: monday, about: []string{monday.String()}}); in.has(d) {
			found = append(found, d)
		}
	}
	return found
}

// Swaps are the notices to people that a swap waits for them or was answered.
func Swaps(team *roster.Team, in Window) []Due {
	var found []Due
	for i := range team.Offers {
		offer := team.Offers[i].AsOf(team.PastAt(in.Now))
		add := func(person roster.PersonID, at time.Time, what string) {
			d := Due{
				Kind: roster.NoticeSwap, Team: team, Person: person, At: at, Over: at.Add(Patience),
				Offer: &offer, about: []string{string(offer.Group), what},
			}
			if person != "" && in.has(d) {
				found = append(found, d)
			}
		}
		switch offer.State {
		case roster.OfferWaiting:
			for _, person := range offer.WaitsFor() {
				add(person, offer.Made, "asked")
			}
		case roster.OfferDeclined, roster.OfferLapsed:
			add(offer.By, offer.Closed, string(offer.State))
		case roster.OfferWithdrawn:
			for _, person := range offer.Asked {
				add(person, offer.Closed, string(offer.State))
			}
		case roster.OfferDone:
			if len(offer.Asked) > 0 {
				add(offer.By, offer.Closed, string(offer.State))
			}
		case roster.OfferAgreed, roster.OfferFailing: // is being made
		}
	}
	return found
}

// ByTime orders notices by when they are due.
func ByTime(a, b Due) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Team.ID, b.Team.ID), cmp.Compare(a.Person, b.Person))
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
