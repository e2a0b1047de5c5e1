package roster_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// crew makes n people called a, b, c, … and gives their ids too.
func crew(n int) (people []roster.Person, ids []roster.PersonID) {
	for i := range n {
		id := roster.PersonID(string(rune('a' + i)))
		people = append(people, roster.Person{ID: id, Name: strings.ToUpper(string(id)), Active: true})
		ids = append(ids, id)
	}
	return people, ids
}

func ids(letters string) []roster.PersonID {
	list := []roster.PersonID{}
	for _, r := range letters {
		list = append(list, roster.PersonID(string(r)))
	}
	return list
}

// daily is a version with a turn a day.
func daily(from string, days roster.Weekdays, people ...roster.PersonID) roster.RotationVersion {
	return roster.RotationVersion{From: date(from), Weekdays: days, DaysPerTurn: 1, People: people}
}

func rotation(id string, role roster.RoleID, versions ...roster.RotationVersion) roster.Rotation {
	return roster.Rotation{ID: roster.RotationID(id), Role: role, Name: strings.ToUpper(id), Versions: versions}
}

// rotating is a team with these rotations, which are known to be valid.
func rotating(rotations ...roster.Rotation) *roster.Team {
	team := teamIn("Europe/Berlin", "09:00")
	team.Rotations = rotations
	if err := team.Validate(); err != nil {
		panic(err)
	}
	return team
}

// desk is a team's days and history in memory, kept by Edit.Apply as a store keeps them.
type desk struct {
	days    map[roster.Date]roster.Day
	history []roster.Change // newest first
	edits   map[roster.ChangeID]bool
}

func newDesk() *desk {
	return &desk{days: map[roster.Date]roster.Day{}, edits: map[roster.ChangeID]bool{}}
}

func (d *desk) day(on roster.Date) roster.Day {
	if day, ok := d.days[on]; ok {
		return day.Clone()
	}
	return roster.Day{Date: on}
}

// save does what a store does: it takes an edit once, and only if each day is at the
// revision that it was based on.
func (d *desk) save(edit roster.Edit) error {
	if err := edit.Validate(); err != nil {
		return err
	}
	if d.edits[edit.Change] {
		return nil
	}
	for _, e := range edit.Days {
		if now := d.day(e.Day.Date); now.Revision != e.BasedOn {
			return fmt.Errorf("%s is at %q, not at %q", now.Date, now.Revision, e.BasedOn)
		}
	}
	days, changes := edit.Apply("ops", d.day)
	for _, day := range days {
		d.days[day.Date] = day
	}
	for _, c := range changes {
		d.history = append([]roster.Change{c}, d.history...)
	}
	d.edits[edit.Change] = true
	return nil
}

func (d *desk) set(t interface{ Fatalf(string, ...any) }, on roster.Date, role roster.RoleID, person roster.PersonID) {
	day := d.day(on)
	based := day.Revision
	if day.Assignments == nil {
		day.Assignments = held{}
	}
	day.Assignments[role] = person
	if person == "" {
		delete(day.Assignments, role)
	}
	if err := d.save(roster.Edit{
		Change: roster.DeriveChangeID("by hand", fmt.Sprint(len(d.edits))), Actor: roster.Actor{Name: "ana"}, Why: roster.WhyEdit,
		Days: []roster.DayEdit{{BasedOn: based, Day: day}},
	}); err != nil {
		t.Fatalf("save by hand: got %v, want nil", err)
	}
	d.edits[roster.DeriveChangeID("by hand, done", fmt.Sprint(len(d.edits)))] = true
}

func (d *desk) input(team *roster.Team, people []roster.Person, from, to roster.Date) planning.FillInput {
	return planning.FillInput{
		Team: team, People: roster.NewNames(people), From: from, To: to, Days: d.day,
		SetBy: planning.SetBy(d.history),
	}
}

func act(group string) roster.Act {
	return roster.Act{Group: roster.DeriveChangeID("act", group), Actor: roster.Actor{Name: "bo"}, Time: instant("2026-11-23T12:00:00Z")}
}

// fill fills an empty roster and gives who has the role on each day, "." for nobody, as
// one line with a space where weeks (from Monday on) begin.
func fill(team *roster.Team, people []roster.Person, role roster.RoleID, from, to string) string {
	d := newDesk()
	plan := planning.Fill(d.input(team, people, date(from), date(to)))
	for _, e := range plan.Edits(act("fill")) {
		if err := d.save(e); err != nil {
			panic(err)
		}
	}
	return d.line(role, from, to)
}

func (d *desk) line(role roster.RoleID, from, to string) string {
	var b strings.Builder
	for on := date(from); !date(to).Before(on); on = on.AddDays(1) {
		if on.Weekday() == time.Monday && b.Len() > 0 {
			b.WriteByte(' ')
		}
		if p := d.day(on).Assignments[role]; p != "" {
			b.WriteString(string(p))
		} else {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func away(people []roster.Person, id roster.PersonID, from, to string) []roster.Person {
	people = slices.Clone(people)
	for i := range people {
		if people[i].ID == id {
			people[i].Absences = append(slices.Clone(people[i].Absences), roster.Absence{From: date(from), To: date(to)})
		}
	}
	return people
}

// 23 November 2026 is a Monday.
func TestFillByExample(t *testing.T) {
	t.Parallel()
	people, all := crew(14)
	five, six := all[:5], all[:6]
	weekly := func(from string, days roster.Weekdays, handOver roster.Weekday, people ...roster.PersonID) roster.RotationVersion {
		return roster.RotationVersion{From: date(from), Weekdays: days, DaysPerTurn: 7, HandOver: handOver, People: people}
	}
	nDays := func(n int, v roster.RotationVersion) roster.RotationVersion {
		v.DaysPerTurn = n
		return v
	}
	tests := []struct {
		name      string
		rotations []roster.Rotation
		people    []roster.Person
		from, to  string
		want      string
	}{
		{
			"14 people Mon–Fri for 6 weeks",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.MonToFri, all...))},
			people, "2026-11-23", "2027-01-03",
			"abcde.. fghij.. klmna.. bcdef.. ghijk.. lmnab..",
		},
		{
			"the same from the third week on",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.MonToFri, all...))},
			people, "2026-12-07", "2026-12-20", "klmna.. bcdef..",
		},
		{
			"nothing before the first day",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-25", roster.EveryDay, "a", "b"))},
			people, "2026-11-23", "2026-11-29", "..ababa",
		},
		{
			"weekly turns with hand-over on Wednesday",
			[]roster.Rotation{rotation("w", "primary", weekly("2026-11-23", roster.EveryDay, roster.Wednesday, "a", "b", "c"))},
			people, "2026-11-23", "2026-12-20",
			"aabbbbb bbccccc ccaaaaa aabbbbb",
		},
		{
			"weekly turns Mon–Fri with hand-over on Saturday",
			[]roster.Rotation{rotation("w", "primary", weekly("2026-11-25", roster.MonToFri, roster.Saturday, "a", "b", "c"))},
			people, "2026-11-23", "2026-12-13", "..aaa.. bbbbb.. ccccc..",
		},
		{
			"a fortnight each",
			[]roster.Rotation{rotation("w", "primary", nDays(14, weekly("2026-11-23", roster.MonToFri, roster.Monday, "a", "b")))},
			people, "2026-11-23", "2027-01-03", "aaaaa.. aaaaa.. bbbbb.. bbbbb.. aaaaa.. aaaaa..",
		},
		{
			"turns of three covered days",
			[]roster.Rotation{rotation("w", "primary", nDays(3, daily("2026-11-23", roster.MonToFri, "a", "b", "c")))},
			people, "2026-11-23", "2026-12-06", "aaabb.. bccca..",
		},
		{
			"weekday crew and weekend crew",
			[]roster.Rotation{
				rotation("w", "primary", daily("2026-11-23", roster.MonToFri, six...)),
				rotation("e", "primary", weekly("2026-11-23", roster.TheWeekend, roster.Saturday, "x", "y", "z")),
			},
			append(slices.Clone(people), roster.Person{ID: "x", Active: true}, roster.Person{ID: "y", Active: true}, roster.Person{ID: "z", Active: true}),
			"2026-11-23", "2026-12-20", "abcdexx fabcdyy efabczz defabxx",
		},
		{
			"away for a day: serves on the next",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.EveryDay, five...))},
			away(people, "b", "2026-11-24", "2026-11-24"), "2026-11-23", "2026-12-06", "acbdeac bdeacbd",
		},
		{
			"on leave over New Year: serves once when back, and owes nothing",
			[]roster.Rotation{rotation("w", "primary", daily("2026-12-21", roster.MonToFri, five...))},
			away(people, "c", "2026-12-24", "2027-01-05"), "2026-12-21", "2027-01-17", "abcde.. abdea.. bdcea.. bdcea..",
		},
		{
			"away for most of a week: the turn passes",
			[]roster.Rotation{rotation("w", "primary", weekly("2026-11-23", roster.EveryDay, roster.Monday, "a", "b", "c"))},
			away(people, "b", "2026-12-02", "2026-12-06"), "2026-11-23", "2026-12-20", "aaaaaaa ccccccc bbbbbbb aaaaaaa",
		},
		{
			"away for two days of a week: the next stands in and keeps their turn",
			[]roster.Rotation{rotation("w", "primary", weekly("2026-11-23", roster.EveryDay, roster.Monday, "a", "b", "c"))},
			away(people, "b", "2026-12-02", "2026-12-03"), "2026-11-23", "2026-12-20", "aaaaaaa bbccbbb ccccccc aaaaaaa",
		},
		{
			"away for half of a turn: it passes",
			[]roster.Rotation{rotation("w", "primary", nDays(2, daily("2026-11-23", roster.EveryDay, ids("abc")...)))},
			away(people, "b", "2026-11-26", "2026-11-26"), "2026-11-23", "2026-11-29", "aaccbba",
		},
		{
			"nobody there for more than half of a turn: the first in line",
			[]roster.Rotation{rotation("w", "primary", nDays(2, daily("2026-11-23", roster.EveryDay, ids("ab")...)))},
			away(away(people, "a", "2026-11-24", "2026-11-24"), "b", "2026-11-24", "2026-11-24"), "2026-11-23", "2026-11-29", "a.bbaab",
		},
		{
			"shorter turns from a date on begin a new turn",
			[]roster.Rotation{rotation("w", "primary", nDays(3, daily("2026-11-23", roster.EveryDay, ids("abc")...)), daily("2026-11-24", roster.EveryDay, ids("abc")...))},
			people, "2026-11-23", "2026-11-29", "abcabca",
		},
		{
			"all others from a date on begin a new turn",
			[]roster.Rotation{rotation("w", "primary", nDays(3, daily("2026-11-23", roster.EveryDay, "a")), nDays(3, daily("2026-11-24", roster.EveryDay, ids("bc")...)))},
			people, "2026-11-23", "2026-11-29", "abbbccc",
		},
		{
			"everyone away",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.EveryDay, "a", "b"))},
			away(away(people, "a", "2026-11-25", "2026-11-26"), "b", "2026-11-25", "2026-11-26"), "2026-11-23", "2026-11-29", "ab..aba",
		},
		{
			"one joining on 1 February, listed last",
			[]roster.Rotation{rotation("w", "primary", daily("2027-01-18", roster.MonToFri, five...)).Join("f", "", date("2027-02-01"))},
			people, "2027-01-18", "2027-02-21", "abcde.. abcde.. abcde.. fabcd.. efabc..",
		},
		{
			"one joining in the middle of the list",
			[]roster.Rotation{rotation("w", "primary", daily("2027-01-18", roster.MonToFri, five...)).Join("f", "b", date("2027-02-01"))},
			people, "2027-01-18", "2027-02-14", "abcde.. abcde.. abfcd.. eabfc..",
		},
		{
			"one leaving on 1 February",
			[]roster.Rotation{rotation("w", "primary", daily("2027-01-20", roster.MonToFri, five...)).Leave("e", date("2027-02-01"))},
			people, "2027-01-18", "2027-02-14", "..abc.. deabc.. dabcd.. abcda..",
		},
		{
			"leaving in one's own week",
			[]roster.Rotation{rotation("w", "primary", weekly("2026-11-23", roster.EveryDay, roster.Monday, "a", "b", "c")).Leave("b", date("2026-12-03"))},
			people, "2026-11-23", "2026-12-20", "aaaaaaa bbbcccc ccccccc aaaaaaa",
		},
		{
			"another order from a date on keeps whose turn it is",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.EveryDay, five...), daily("2026-11-30", roster.EveryDay, ids("ebdca")...))},
			people, "2026-11-23", "2026-12-06", "abcdeab caebdca",
		},
		{
			"the same circle told from elsewhere changes nothing",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.EveryDay, five...), daily("2026-11-30", roster.EveryDay, ids("bcdea")...))},
			people, "2026-11-23", "2026-12-06", "abcdeab cdeabcd",
		},
		{
			"from daily to weekly turns on a Thursday",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.MonToFri, five...), weekly("2026-12-03", roster.MonToFri, roster.Monday, five...))},
			people, "2026-11-23", "2026-12-20", "abcde.. abcdd.. eeeee.. aaaaa..",
		},
		{
			"at rest for a week, then from the top of the list",
			[]roster.Rotation{rotation("w", "primary", daily("2026-11-23", roster.EveryDay, five...), daily("2026-11-30", roster.EveryDay), daily("2026-12-07", roster.EveryDay, five...))},
			people, "2026-11-23", "2026-12-13", "abcdeab ....... abcdeab",
		},
		{
			"the leap day is a day like others",
			[]roster.Rotation{rotation("w", "primary", daily("2028-02-21", roster.MonToFri, ids("abc")...))},
			people, "2028-02-21", "2028-03-05", "abcab.. cabca..",
		},
		{
			"Sundays over a change of clocks",
			[]roster.Rotation{rotation("w", "primary", daily("2026-03-01", roster.WeekdaysOf(roster.Sunday), ids("ab")...))},
			people, "2026-03-23", "2026-04-05", "......a ......b",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := fill(rotating(tt.rotations...), tt.people, "primary", tt.from, tt.to); got != tt.want {
				t.Errorf("filled:\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Two roles on the same list: nobody has both, and each goes round.
func TestFillTwoRoles(t *testing.T) {
	t.Parallel()
	people, five := crew(5)
	team := rotating(
		rotation("p", "primary", daily("2026-11-23", roster.EveryDay, five...)),
		rotation("s", "secondary", daily("2026-11-23", roster.EveryDay, five...)),
	)
	if got, want := fill(team, people, "primary", "2026-11-23", "2026-12-06"), "abcdeab cdeabcd"; got != want {
		t.Errorf("primary: got %s, want %s", got, want)
	}
	if got, want := fill(team, people, "secondary", "2026-11-23", "2026-12-06"), "badcbea dcbeadc"; got != want {
		t.Errorf("secondary: got %s, want %s", got, want)
	}
}

// Samoa had no 30 December 2011. Nobody loses a turn to it, if they hand over at midnight;
// by the rule for times that do not exist, it has a few hours if they do so later.
func TestFillSkipsDaysWithoutTime(t *testing.T) {
	t.Parallel()
	people, three := crew(3)
	team := rotating(rotation("w", "primary", daily("2011-12-26", roster.EveryDay, three...)))
	team.Settings[0] = roster.Settings{Zone: zone("Pacific/Apia"), HandOff: clock("00:00")}
	if got, want := fill(team, people, "primary", "2011-12-26", "2012-01-08"), "abca.bc abcabca"; got != want {
		t.Errorf("filled: got %s, want %s", got, want)
	}
}

// drawRotation draws a rotation of some of the people around a first day.
func drawVersion(t *rapid.T, from roster.Date, people []roster.PersonID) roster.RotationVersion {
	n := rapid.IntRange(1, len(people)).Draw(t, "members")
	v := roster.RotationVersion{
		From:        from,
		Weekdays:    roster.Weekdays(rapid.IntRange(1, int(roster.EveryDay)).Draw(t, "weekdays")),
		DaysPerTurn: rapid.IntRange(1, 9).Draw(t, "days per turn"),
		People:      slices.Clone(rapid.Permutation(people).Draw(t, "order")[:n]),
	}
	if rapid.Bool().Draw(t, "daily") {
		v.DaysPerTurn = 1
	} else if rapid.Bool().Draw(t, "weekly") {
		v.DaysPerTurn = 7 * rapid.IntRange(1, 3).Draw(t, "weeks")
		v.HandOver = roster.Weekday(rapid.IntRange(1, 7).Draw(t, "hand-over"))
	}
	return v
}

// drawWorld draws a team somewhere, with rotations for both roles, and people who are
// away now and then, around a date on which something odd may happen.
func drawWorld(t *rapid.T) (team *roster.Team, people []roster.Person, first roster.Date) {
	around := drawDate(t)
	first = around.AddDays(-rapid.IntRange(0, 30).Draw(t, "days before"))
	team = teamIn(rapid.SampledFrom([]string{"Pacific/Apia", "Asia/Kathmandu", "America/New_York", "Europe/Berlin"}).Draw(t, "zone"),
		rapid.SampledFrom([]string{"00:00", "02:30"}).Draw(t, "hand-off"))
	people, all := crew(rapid.IntRange(1, 8).Draw(t, "people"))
	for i, role := range []roster.RoleID{"primary", "secondary"} {
		if i > 0 && rapid.Bool().Draw(t, "only one role") {
			break
		}
		v := drawVersion(t, first.AddDays(rapid.IntRange(0, 9).Draw(t, "first")), all)
		team.Rotations = append(team.Rotations, rotation(fmt.Sprint("r", i), role, v))
		if rest := roster.EveryDay &^ v.Weekdays; rest != 0 && rapid.Bool().Draw(t, "weekend crew") {
			other := drawVersion(t, v.From, all)
			other.Weekdays = rest
			team.Rotations = append(team.Rotations, rotation(fmt.Sprint("e", i), role, other))
		}
	}
	for i := range people {
		for range rapid.IntRange(0, 3).Draw(t, "absences") {
			from := first.AddDays(rapid.IntRange(0, 60).Draw(t, "away from"))
			people[i].Absences = append(people[i].Absences, roster.Absence{From: from, To: from.AddDays(rapid.IntRange(0, 20).Draw(t, "away for"))})
		}
		people[i].Active = rapid.IntRange(0, 9).Draw(t, "active") > 0
	}
	if err := team.Validate(); err != nil {
		t.Fatalf("Validate: got %v, want nil", err)
	}
	return team, people, first
}

// apply saves a plan's edits.
func (d *desk) apply(t interface{ Fatalf(string, ...any) }, edits []roster.Edit) {
	for _, e := range edits {
		if err := d.save(e); err != nil {
			t.Fatalf("save of %s: got %v, want nil", e.Month(), err)
		}
	}
}

func (d *desk) clone() *desk {
	c := &desk{map[roster.Date]roster.Day{}, slices.Clone(d.history), maps.Clone(d.edits)}
	for on, day := range d.days {
		c.days[on] = day.Clone()
	}
	return c
}

// sameDays fails if the desks differ in what days say.
func sameDays(t *rapid.T, got, want *desk, what string) {
	for _, both := range []*desk{got, want} {
		for on := range both.days {
			if g, w := got.day(on), want.day(on); !g.Same(w) {
				t.Fatalf("%s: got %v, want %v", what, g, w)
			}
		}
	}
}

// Without absences everyone serves in the order of the list, on covered days only, with
// no day left out and nobody ahead by more than one turn: at the end of any turn.
func TestClosedRotation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawDate(t)
		people, all := crew(rapid.IntRange(1, 14).Draw(t, "people"))
		v := drawVersion(t, first, all)
		team := rotating(rotation("w", "primary", v))
		team.Settings[0].Zone = zone(rapid.SampledFrom([]string{"Pacific/Apia", "Asia/Kathmandu", "America/New_York"}).Draw(t, "zone"))
		team.Settings[0].HandOff = clock(rapid.SampledFrom([]string{"00:00", "09:00"}).Draw(t, "hand-off"))
		plan := planning.Fill(newDesk().input(team, people, first, first.AddDays(rapid.IntRange(0, 500).Draw(t, "days"))))

		var turns []roster.PersonID
		inTurn := 0
		var hand roster.Date // with a hand-over: the first on or after which the turn ends
		at := 0
		for d := first; !first.AddDays(len(plan.Seats)*8).Before(d) && at < len(plan.Seats); d = d.AddDays(1) {
			covered := v.Weekdays.Has(roster.Weekday((d.Weekday()+6)%7+1)) && !team.ShiftOf(d).IsEmpty()
			if !covered {
				if plan.Seats[at].Date == d {
					t.Fatalf("%s is not covered: got %v", d, plan.Seats[at])
				}
				continue
			}
			seat := plan.Seats[at]
			at++
			if seat.Date != d || seat.Kind != planning.FillFilled || seat.Will == "" {
				t.Fatalf("%s: got %v, want it filled", d, seat)
			}
			begins := len(turns) == 0
			if v.HandOver == 0 {
				begins = begins || inTurn == v.DaysPerTurn
			} else {
				begins = begins || !d.Before(hand)
			}
			if begins {
				turns, inTurn = append(turns, seat.Will), 0
				for hand = d.AddDays(1); roster.Weekday((hand.Weekday()+6)%7+1) != v.HandOver && v.HandOver != 0; hand = hand.AddDays(1) {
				}
				hand = hand.AddDays(v.DaysPerTurn - 7)
			}
			inTurn++
			if got := turns[len(turns)-1]; got != seat.Will {
				t.Fatalf("%s, within a turn of %s: got %s", d, got, seat.Will)
			}
		}
		count := map[roster.PersonID]int{}
		for i, p := range turns {
			if want := v.People[i%len(v.People)]; p != want {
				t.Fatalf("turn %d: got %s, want %s", i, p, want)
			}
			count[p]++
			low, high := 1<<30, 0
			for _, q := range v.People {
				low, high = min(low, count[q]), max(high, count[q])
			}
			if high-low > 1 {
				t.Fatalf("turns after %d: got %v, want them at most 1 apart", i, count)
			}
		}
	})
}

// Daily turns with people away: between two days of one person, everyone who was there
// all the time served; whoever is back serves on the first day; those never away
// alternate in the order of the list.
func TestNobodyIsSkipped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawDate(t)
		people, all := crew(rapid.IntRange(2, 10).Draw(t, "people"))
		v := drawVersion(t, first, all)
		v.DaysPerTurn, v.HandOver = 1, 0
		for i := range people {
			for range rapid.IntRange(0, 4).Draw(t, "absences") {
				from := first.AddDays(rapid.IntRange(0, 90).Draw(t, "away from"))
				people[i].Absences = append(people[i].Absences, roster.Absence{From: from, To: from.AddDays(rapid.IntRange(0, 30).Draw(t, "away for"))})
			}
		}
		byID := map[roster.PersonID]*roster.Person{}
		for i := range people {
			byID[people[i].ID] = &people[i]
		}
		team := rotating(rotation("w", "primary", v))
		plan := planning.Fill(newDesk().input(team, people, first, first.AddDays(150)))
		there := func(p roster.PersonID, d roster.Date) bool {
			_, is := byID[p].AwayOn(d)
			return !is
		}
		last := map[roster.PersonID]int{} // index of the seat last served, 1-based
		for i, seat := range plan.Seats {
			if seat.Kind == planning.FillGap {
				if len(seat.Why) != len(v.People) {
					t.Fatalf("gap on %s: got reasons %v, want one for each of %v", seat.Date, seat.Why, v.People)
				}
				for _, p := range v.People {
					if there(p, seat.Date) {
						t.Fatalf("gap on %s: %s is there", seat.Date, p)
					}
				}
				continue
			}
			if !there(seat.Will, seat.Date) {
				t.Fatalf("%s: got %s, who is away", seat.Date, seat.Will)
			}
			// Nobody who is there has waited longer than whoever serves: that is all of it.
			for k, p := range v.People {
				longer := last[p] < last[seat.Will] || last[p] == 0 && last[seat.Will] == 0 && k < slices.Index(v.People, seat.Will)
				if there(p, seat.Date) && longer {
					t.Fatalf("%s: got %s, but %s has waited longer", seat.Date, seat.Will, p)
				}
			}
			last[seat.Will] = i + 1
		}
		var always []roster.PersonID
		for _, p := range v.People {
			if len(byID[p].Absences) == 0 {
				always = append(always, p)
			}
		}
		n := 0
		for _, seat := range plan.Seats {
			if !slices.Contains(always, seat.Will) {
				continue
			}
			if want := always[n%len(always)]; seat.Will != want {
				t.Fatalf("%s: got %s, want %s of those who are always there, %v", seat.Date, seat.Will, want, always)
			}
			n++
		}
	})
}

// Where two roles are taken from one list, as many people as it takes to tell them apart,
// each still goes round: nobody gets more than two turns ahead in either.
func TestTwoRolesStayFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawDate(t)
		people, all := crew(rapid.IntRange(3, 14).Draw(t, "people"))
		one := roster.RotationVersion{From: first, Weekdays: roster.EveryDay, DaysPerTurn: 1, People: rapid.Permutation(all).Draw(t, "primary")}
		two := one
		two.People = rapid.Permutation(all).Draw(t, "secondary")
		plan := planning.Fill(newDesk().input(rotating(rotation("p", "primary", one), rotation("s", "secondary", two)), people, first, first.AddDays(400)))
		counts := map[roster.RoleID]map[roster.PersonID]int{"primary": {}, "secondary": {}}
		for _, seat := range plan.Seats {
			c := counts[seat.Role]
			c[seat.Will]++
			low, high := 1<<30, 0
			for _, p := range all {
				low, high = min(low, c[p]), max(high, c[p])
			}
			if high-low > 2 {
				t.Fatalf("%s by %s: got %v, want at most 2 apart", seat.Role, seat.Date, c)
			}
		}
	})
}

// Whatever is there already: what the preview says is what applying does, nothing else
// changes, overrides stay, nobody is put on call who cannot be, and filling again finds
// nothing to do. A fill that ends half way goes on where it was.
func TestFillDoesWhatItSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawWorld(t)
		d := newDesk()
		var all []roster.PersonID
		for _, p := range people {
			all = append(all, p.ID)
		}
		// Part of it is filled already, by what the team's rotations were then.
		if rapid.Bool().Draw(t, "filled before") {
			before := *team
			before.Rotations = slices.Clone(team.Rotations)
			before.Rotations[0].Versions = []roster.RotationVersion{drawVersion(t, first, all)}
			plan := planning.Fill(d.input(&before, people, first, first.AddDays(40)))
			d.apply(t, plan.Edits(act("before")))
		}
		byHand := map[roster.Seat]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "by hand") {
			s := roster.Seat{Date: first.AddDays(rapid.IntRange(0, 70).Draw(t, "day")), Role: rapid.SampledFrom([]roster.RoleID{"primary", "secondary"}).Draw(t, "role")}
			was := d.day(s.Date).Assignments[s.Role]
			to := rapid.SampledFrom(append([]roster.PersonID{""}, all...)).Draw(t, "person")
			if was == to {
				continue
			}
			d.set(t, s.Date, s.Role, to)
			byHand[s] = true
		}
		before := d.clone()
		from := first.AddDays(rapid.IntRange(0, 20).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 70).Draw(t, "to"))
		in := d.input(team, people, from, to)
		in.Overwrite = rapid.Bool().Draw(t, "overwrite")
		plan := planning.Fill(in)
		edits := plan.Edits(act("fill"))
		sameDays(t, d, before, "a preview changes nothing")

		if n := len(edits); n > 1 {
			half := d.clone()
			half.apply(t, edits[:n/2])
			rest := half.input(team, people, from, to)
			rest.Overwrite = in.Overwrite
			plan := planning.Fill(rest)
			if got, want := plan.Edits(act("fill")), edits[n/2:]; len(got) != len(want) || got[0].Change != want[0].Change {
				t.Fatalf("the rest of a fill: got %d edits, want %d, the first the same", len(got), len(want))
			}
		}
		d.apply(t, edits)
		said := map[roster.Seat]planning.FillSeat{}
		for _, s := range plan.Seats {
			said[s.Seat] = s
		}
		byID := map[roster.PersonID]*roster.Person{}
		for i := range people {
			byID[people[i].ID] = &people[i]
		}
		for on := first.AddDays(-3); !to.AddDays(3).Before(on); on = on.AddDays(1) {
			var put []roster.PersonID
			for _, role := range team.Roles {
				seat := roster.Seat{Date: on, Role: role.ID}
				was, is := before.day(on).Assignments[role.ID], d.day(on).Assignments[role.ID]
				s, planned := said[seat]
				if !planned {
					if was != is {
						t.Fatalf("%v, of which the plan says nothing: got %q, want %q", seat, is, was)
					}
					continue
				}
				if s.Was != was || s.Will != is {
					t.Fatalf("%v: got %q → %q, want as planned: %v", seat, was, is, s)
				}
				if byHand[seat] && !in.Overwrite && was != is {
					t.Fatalf("%v was set by hand to %q: got %q", seat, was, is)
				}
				if s.Kind == planning.FillFilled || s.Kind == planning.FillChanged {
					p := byID[is]
					if _, gone := p.AwayOn(on); gone || !p.Active {
						t.Fatalf("%v: got %s, who cannot", seat, is)
					}
					put = append(put, is)
				}
				if s.Kind == planning.FillGap && len(s.Why) == 0 {
					t.Fatalf("%v: got a gap without a reason", seat)
				}
			}
			for _, p := range put {
				n := 0
				for _, holder := range d.day(on).Assignments {
					if holder == p {
						n++
					}
				}
				if n != 1 {
					t.Fatalf("%s: got %s in %d roles: %v", on, p, n, d.day(on))
				}
			}
		}
		again := d.input(team, people, from, to)
		again.Overwrite = in.Overwrite
		if plan := planning.Fill(again); plan.Changes() {
			t.Fatalf("filling again: got %v, want nothing to do", plan.Edits(act("again")))
		}

		// Undoing the group restores exactly, and then it can be filled again.
		undone := d.clone()
		group := act("fill").Group
		mine := slices.DeleteFunc(slices.Clone(undone.history), func(c roster.Change) bool { return c.Group != group })
		undo := planning.Undo(planning.UndoInput{Changes: mine, History: undone.history, Days: undone.day})
		undone.apply(t, undo.Edits(act("undo")))
		sameDays(t, undone, before, "undo of the fill")
		refill := undone.input(team, people, from, to)
		refill.Overwrite = in.Overwrite
		plan = planning.Fill(refill)
		undone.apply(t, plan.Edits(act("refill")))
		sameDays(t, undone, d, "fill after undo")
	})
}

// Going on with the same group after something changed makes further edits, not repeats
// that a store would take for the first.
func TestFillGoesOnInTheSameGroup(t *testing.T) {
	t.Parallel()
	people, three := crew(3)
	team := rotating(rotation("w", "primary", daily("2026-11-23", roster.EveryDay, three...)))
	d := newDesk()
	for _, people := range [][]roster.Person{people, away(people, "b", "2026-11-24", "2026-11-24")} {
		plan := planning.Fill(d.input(team, people, date("2026-11-23"), date("2026-11-29")))
		for _, e := range plan.Edits(act("same")) {
			if err := d.save(e); err != nil {
				t.Fatalf("save: got %v, want nil", err)
			}
		}
	}
	if got, want := d.line("primary", "2026-11-23", "2026-11-29"), "acbacba"; got != want {
		t.Errorf("filled twice in one group: got %s, want %s", got, want)
	}
}
