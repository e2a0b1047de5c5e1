package notice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/roster"
	"dailyroster/roster/notice"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func date(s string) roster.Date { return must(roster.ParseDate(s)) }

// team has the default roles, and its hand-off in the zone.
func team(zone, handOff string) *roster.Team {
	return &roster.Team{
		ID: "ops", Name: "Ops", Roles: roster.DefaultRoles(), Revision: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
		Settings: []roster.Settings{{From: date("2000-01-01"), Zone: must(roster.ParseZone(zone)), HandOff: must(roster.ParseClockTime(handOff))}},
	}
}

// held are days from the first on, one for each name of the primary; - is nobody.
func held(first, names string) []roster.Day {
	var days []roster.Day
	for i, name := range strings.Fields(names) {
		d := roster.Day{Date: date(first).AddDays(i)}
		if name != "-" {
			d.Assign("primary", roster.PersonID(name))
		}
		days = append(days, d)
	}
	return days
}

func people(list ...roster.Person) roster.Names {
	for i := range list {
		list[i].Name, list[i].Active = strings.ToUpper(string(list[i].ID)), true
	}
	return roster.NewNames(list)
}

// says writes notices as a test reads them, on a clock.
func says(dues []notice.Due, loc *time.Location) []string {
	slices.SortStableFunc(dues, notice.ByTime)
	var all []string
	for _, d := range dues {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s until %s %s", d.At.In(loc).Format("Mon 2 Jan 15:04"), d.Kind, d.Over.In(loc).Format("Mon 2 Jan 15:04"), d.Person)))
	}
	return all
}

func at(s string, loc *time.Location) time.Time {
	return must(time.ParseInLocation("2006-01-02 15:04:05", s, loc))
}

func window(from, to string, loc *time.Location) notice.Window {
	return notice.Window{Now: at(from, loc), From: at(from, loc), To: at(to, loc)}
}

func TestShifts(t *testing.T) {
	ops := team("Europe/Berlin", "09:00")
	berlin := ops.Settings[0].Zone.Location()
	starts := notice.Starts(ops, held("2026-11-20", "ana ana ana bo bo bo bo bo bo bo ana -"))
	names := people(
		roster.Person{ID: "ana", Notices: roster.NoticeWishes{Leads: []roster.Lead{3 * roster.DefaultLead, 60}}},
		roster.Person{ID: "bo"},
	)
	got := says(notice.Shifts(ops, starts, names, window("2026-11-21 00:00:00", "2026-12-30 00:00:00", berlin)), berlin)
	want := []string{
		"Sun 22 Nov 09:00 coming until Mon 23 Nov 09:00 bo",
		"Mon 23 Nov 09:00 now until Tue 24 Nov 09:00 bo",
		"Fri 27 Nov 09:00 coming until Mon 30 Nov 09:00 ana",
		"Mon 30 Nov 08:00 coming until Mon 30 Nov 09:00 ana",
		"Mon 30 Nov 09:00 now until Tue 1 Dec 09:00 ana",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	for _, d := range notice.Shifts(ops, starts, names, window("2026-11-21 00:00:00", "2026-12-30 00:00:00", berlin)) {
		if _, err := notice.ParseID(string(d.ID(notice.ByEmail))); err != nil || d.ID(notice.ByEmail) == d.ID("other") {
			t.Errorf("%s: got the ids %s and %s, %v, want two for two receivers", d.Kind, d.ID(notice.ByEmail), d.ID("other"), err)
		}
	}
}

// A lead of days is on the clock of the person, and in the evening for a shift of the night.
func TestComingAt(t *testing.T) {
	for _, tc := range []struct {
		start, zone string
		lead        roster.Lead
		want        string
	}{
		{"2026-11-24 09:00", "Europe/Berlin", 1440, "Mon 23 Nov 09:00"},
		{"2026-11-24 08:59", "Europe/Berlin", 1440, "Mon 23 Nov 20:00"},
		{"2026-11-24 00:00", "Europe/Berlin", 1440, "Mon 23 Nov 20:00"},
		{"2026-11-24 22:00", "Europe/Berlin", 1440, "Mon 23 Nov 20:00"},
		{"2026-11-24 21:59", "Europe/Berlin", 1440, "Mon 23 Nov 21:59"},
		{"2026-11-24 03:00", "Europe/Berlin", 7 * 1440, "Tue 17 Nov 20:00"},
		{"2026-11-24 03:00", "Europe/Berlin", 60, "Tue 24 Nov 02:00"},
		// Nine in the morning in Berlin is three in the night in New York.
		{"2026-11-24 09:00", "America/New_York", 1440, "Mon 23 Nov 20:00"},
		// One day before, whatever the clocks did meanwhile.
		{"2026-10-25 10:00", "Europe/Berlin", 1440, "Sat 24 Oct 10:00"},
		{"2026-03-29 10:00", "Europe/Berlin", 1440, "Sat 28 Mar 10:00"},
		{"2026-03-30 12:30", "Europe/Berlin", 1440, "Sun 29 Mar 12:30"},
	} {
		zone := must(roster.ParseZone(tc.zone))
		berlin := must(time.LoadLocation("Europe/Berlin"))
		got := notice.ComingAt(at(tc.start+":00", berlin), zone, tc.lead)
		if text := got.In(zone.Location()).Format("Mon 2 Jan 15:04"); text != tc.want {
			t.Errorf("%s, %d minutes before in %s: got %s, want %s", tc.start, tc.lead, tc.zone, text, tc.want)
		}
	}
}

// handOffZones are 30 zones with all kinds of rules: half hours, changes at midnight, in both
// halves of the year, of half an hour, and none.
func handOffZones() []string {
	return []string{
		"Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Bogota", "America/Chicago", "America/Havana", "America/Los_Angeles",
		"America/New_York", "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut",
		"Asia/Dubai", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Atlantic/Azores",
		"Australia/Adelaide", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Europe/Lisbon", "Europe/London", "Pacific/Apia",
		"Pacific/Auckland", "Pacific/Chatham",
	}
}

// At the second before each hand-off the notice that the shift comes is still of use, and the one
// that it has begun is not due; at the hand-off it is the other way around. So it is in 30 zones,
// on the days on which clocks change and on those around them.
func TestSecondBeforeHandOff(t *testing.T) {
	for _, name := range handOffZones() {
		for _, handOff := range []string{"00:00", "02:30", "09:00"} {
			ops := team(name, handOff)
			loc := ops.Settings[0].Zone.Location()
			names := people(roster.Person{ID: "ana"}, roster.Person{ID: "bo"})
			for _, changed := range changesOfClocks(loc, 2026) {
				for back := -1; back <= 1; back++ {
					day := roster.DateOf(changed.In(loc)).AddDays(back)
					days := held(day.AddDays(-2).String(), "ana ana bo ana")
					starts := notice.Starts(ops, days)
					shift := ops.ShiftOf(day)
					for _, tc := range []struct {
						now  time.Time
						want string
					}{{shift.Start.Add(-time.Second), "coming"}, {shift.Start, "now"}} {
						in := notice.Window{Now: tc.now, From: tc.now, To: tc.now.Add(time.Nanosecond)}
						var got []string
						for _, d := range notice.Shifts(ops, starts, names, in) {
							if d.Person == "bo" {
								got = append(got, string(d.Kind))
							}
						}
						if strings.Join(got, " ") != tc.want {
							t.Errorf("%s, hand-off %s on %s, at %s: got %v, want %s", name, handOff, day, tc.now.In(loc), got, tc.want)
						}
					}
				}
			}
		}
	}
}

// changesOfClocks are when clocks change in a year, and its middle where they do not.
func changesOfClocks(loc *time.Location, year int) []time.Time {
	changes := []time.Time{time.Date(year, 7, 1, 0, 0, 0, 0, time.UTC)}
	for at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == year; {
		_, end := at.In(loc).ZoneBounds()
		if end.IsZero() {
			break
		}
		if at = end; at.Year() == year {
			changes = append(changes, at)
		}
	}
	return changes
}

func TestTeamNotices(t *testing.T) {
	ops := team("Europe/Berlin", "09:00")
	ops.Roles = ops.Roles[:1]
	berlin := ops.Settings[0].Zone.Location()
	starts := notice.Starts(ops, held("2026-11-20", "ana ana - - bo bo bo bo bo bo bo bo bo - - -"))
	in := window("2026-11-21 00:00:00", "2026-12-01 00:00:00", berlin)
	got := says(append(notice.TeamShifts(ops, starts, in), notice.Weeks(ops, in)...), berlin)
	want := []string{
		"Sun 15 Nov 09:00 gap until Sat 21 Nov 09:00",
		"Sat 21 Nov 09:00 gap until Sun 22 Nov 09:00",
		"Mon 23 Nov 09:00 coming until Tue 24 Nov 09:00",
		"Mon 23 Nov 09:00 week until Tue 24 Nov 09:00",
		"Tue 24 Nov 09:00 now until Wed 25 Nov 09:00",
		"Thu 26 Nov 09:00 gap until Wed 2 Dec 09:00",
		"Mon 30 Nov 09:00 week until Tue 1 Dec 09:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func change(id int, d, from, to, actor string, at time.Time) roster.Change {
	c := roster.Change{
		ID: roster.ChangeID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ69G5F%02d", id)), Team: "ops", Date: date(d), Role: "primary",
		From: roster.PersonID(from), To: roster.PersonID(to), Actor: actor, Time: at,
	}
	if actor != "" {
		c.ActorID = roster.PersonActor(actor)
	}
	return c
}

// Only what others did to coming shifts is told, what belongs together as one notice, and what
// was told before not again.
func TestChanged(t *testing.T) {
	ops := team("Europe/Berlin", "09:00")
	berlin := ops.Settings[0].Zone.Location()
	names := people(roster.Person{ID: "ana", Email: "ana@example.org"}, roster.Person{ID: "bo"}, roster.Person{ID: "cleo"})
	noon := at("2026-11-24 12:00:00", berlin)
	changes := []roster.Change{
		change(1, "2026-11-26", "ana", "bo", "ana@example.org", noon),                        // Ana herself
		change(2, "2026-11-27", "", "ana", "cleo@example.org", noon.Add(time.Second)),        // told
		change(3, "2026-11-20", "ana", "bo", "cleo@example.org", noon.Add(2*time.Second)),    // is over
		change(4, "2027-02-20", "ana", "bo", "cleo@example.org", noon.Add(3*time.Second)),    // far ahead
		change(5, "2026-11-28", "cleo", "ana", "boss@example.org", noon.Add(4*time.Second)),  // the first that Ana hears of
		change(6, "2026-11-29", "ana", "cleo", "boss@example.org", noon.Add(90*time.Second)), // with the one before
	}
	told := func(p roster.PersonID, id roster.ChangeID) bool { return p == "ana" && id == changes[1].ID }
	in := notice.Window{Now: noon.Add(3 * time.Minute), From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}
	got := map[roster.PersonID]string{}
	for _, d := range notice.Changed(ops, changes, names, told, in) {
		var days []string
		for _, seat := range notice.Net(d.Changes) {
			days = append(days, fmt.Sprintf("%s %s>%s", seat.Date, seat.From, seat.To))
		}
		got[d.Person] += d.At.Sub(noon).String() + " " + strings.Join(days, ", ")
	}
	want := map[roster.PersonID]string{
		"ana":  "2m4s 2026-11-28 cleo>ana, 2026-11-29 ana>cleo",
		"bo":   "2m0s 2026-11-26 ana>bo",
		"cleo": "2m4s 2026-11-28 cleo>ana, 2026-11-29 ana>cleo",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices of changes (-want +got):\n%s", diff)
	}
}

// What was changed and changed back is nothing.
func TestNet(t *testing.T) {
	now := time.Now()
	if got := notice.Net([]roster.Change{change(1, "2026-11-26", "ana", "bo", "", now), change(2, "2026-11-26", "bo", "ana", "", now)}); len(got) != 0 {
		t.Errorf("there and back: got %v, want nothing", got)
	}
}
