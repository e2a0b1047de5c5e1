package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/roster/tally"
)

func name(p roster.PersonID) string   { return strings.ToUpper(string(p)) }
func roleName(r roster.RoleID) string { return strings.ToUpper(string(r)) }
func daysOf(d *desk, from, to string) (days []roster.Day) {
	for on := date(from); !date(to).Before(on); on = on.AddDays(1) {
		days = append(days, d.day(on))
	}
	return days
}

func TestSubstitutes(t *testing.T) {
	t.Parallel()
	people, five := crew(7)
	five = five[:5]
	team := rotating(rotation("w", "primary", daily("2026-11-01", roster.MonToFri, five...)))
	tests := []struct {
		name   string
		days   string // who has primary from Monday Mon 16 Nov on
		second roster.PersonID
		people []roster.Person
		seat   roster.Seat
		best   string
		want   string
	}{
		{
			"who served least lately", "abcde..abcde", "", people, seat("2026-11-24", "primary"), "cdea",
			"C is free on Tue 24 Nov and was last on call on Wed 18 Nov, longer ago than the 3 other people who are free.",
		},
		{
			"who is away or has another role is not asked", "abcde..abcde", "c", away(people, "d", "2026-11-20", "2026-11-24"), seat("2026-11-24", "primary"), "ea",
			"E is free on Tue 24 Nov and was last on call on Fri 20 Nov, longer ago than the one other person who is free.",
		},
		{
			"who never served, and of those who is next last", "aaaaaaaabcdd", "", people, seat("2026-11-24", "primary"), "edca",
			"E is free on Tue 24 Nov and was not on call recently.",
		},
		{
			"a day of no rotation: everyone", "abcde..abcde", "", people, seat("2026-11-21", "primary"), "fgabcde",
			"F is free on Sat 21 Nov and was not on call recently.",
		},
		{
			"none of the rotation: everyone", "abcde..abcde", "",
			away(away(away(away(people, "a", "2026-11-24", "2026-11-24"), "c", "2026-11-24", "2026-11-24"), "d", "2026-11-24", "2026-11-24"), "e", "2026-11-24", "2026-11-24"),
			seat("2026-11-24", "primary"), "fg", "F is free on Tue 24 Nov and was not on call recently.",
		},
		{
			"nobody", "abcde..abcde", "", people[:1], seat("2026-11-23", "primary"), "",
			"Nobody is free on Mon 23 Nov.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := deskWith(t, "2026-11-16", tt.days)
			if tt.second != "" {
				d.set(t, tt.seat.Date, "secondary", tt.second)
			}
			got := planning.Substitutes(team, roster.WhereaboutsOf(tt.people), tt.seat, daysOf(d, "2026-11-01", "2026-12-31"))
			best := ""
			for _, s := range got.Best {
				best += string(s.Person)
			}
			if best != tt.best {
				t.Errorf("substitutes: got %s, want %s", best, tt.best)
			}
			if s := got.Text(name).Error(); s != tt.want {
				t.Errorf("Text: got %s, want %s", s, tt.want)
			}
		})
	}
}

func TestCollisionsAndReason(t *testing.T) {
	t.Parallel()
	people, _ := crew(3)
	people = away(people, "b", "2026-11-24", "2026-11-26")
	people[2].Active = false
	team := rotating(rotation("w", "primary", daily("2026-11-23", roster.MonToFri, ids("abc")...)))
	d := deskWith(t, "2026-11-23", "abcb")
	got := roster.Collisions(team, roster.WhereaboutsOf(people), daysOf(d, "2026-11-23", "2026-11-30"))
	if want := "[{{2026-11-24 primary} b {2026-11-24 2026-11-26  }} {{2026-11-26 primary} b {2026-11-24 2026-11-26  }}]"; fmt.Sprint(got) != want {
		t.Errorf("Collisions: got %v, want %s", got, want)
	}
	d = newDesk()
	d.set(t, date("2026-11-24"), "secondary", "a")
	plan := planning.Fill(d.input(team, people, date("2026-11-24"), date("2026-11-24")))
	if got, want := plan.Seats[0].Text(name, roleName).Error(), "Nobody can take it: B is away, A has SECONDARY that day, C is not active."; len(plan.Seats) != 1 || got != want {
		t.Errorf("Reason: got %s, want %s", got, want)
	}
}

// After someone was deactivated the fill keeps off them; once they left, it goes round
// without them and the others keep their order.
func TestDeactivating(t *testing.T) {
	t.Parallel()
	people, four := crew(4)
	team := rotating(rotation("w", "primary", daily("2026-11-23", roster.EveryDay, four...)))
	people[1].Active = false
	if got, want := fill(team, people, "primary", "2026-11-23", "2026-12-06"), "accdacc daccdac"; got != want {
		t.Errorf("inactive: got %s, want %s", got, want)
	}
	left := team.WithoutPerson("b", date("2026-11-26"))
	if got, want := fill(&left, people, "primary", "2026-11-23", "2026-12-06"), "accdacd acdacda"; got != want {
		t.Errorf("left: got %s, want %s", got, want)
	}
}

// A rotation that no longer covers a day takes back what it put there, and nothing else.
func TestFillClears(t *testing.T) {
	t.Parallel()
	people, three := crew(3)
	v := daily("2026-11-23", roster.EveryDay, three...)
	d := newDesk()
	from, to := date("2026-11-23"), date("2026-11-29")
	team := rotating(rotation("w", "primary", v))
	plan := planning.Fill(d.input(team, people, from, to))
	for _, e := range plan.Edits(act("1")) {
		if err := d.save(e); err != nil {
			t.Fatal(err)
		}
	}
	d.set(t, date("2026-11-29"), "primary", "c")
	none := *team
	none.Rotations = nil
	if plan := planning.Fill(d.input(&none, people, from, to)); plan.Changes() {
		t.Errorf("without rotations: got %v, want nothing changed", plan.Seats)
	}
	v.Weekdays = roster.MonToFri
	plan = planning.Fill(d.input(rotating(rotation("w", "primary", v)), people, from, to))
	if plan.Count(planning.FillCleared) != 1 || plan.Count(planning.FillSame) != 5 || len(plan.Seats) != 6 {
		t.Errorf("Mon–Fri instead of every day: got %v, want Saturday cleared and Sunday left", plan.Seats)
	}
}

func TestFairness(t *testing.T) {
	t.Parallel()
	team := rotating()
	team.Holidays = []roster.Holiday{{date("2026-12-25"), "Christmas"}, {date("2026-12-26"), "Christmas"}}
	d := deskWith(t, "2026-12-24", "aaabbaaab") // the 26th is a Saturday; from the 24th to the 1st
	d.set(t, date("2026-12-25"), "secondary", "b")
	d.set(t, date("2026-12-26"), "old", "a")
	got := tally.FairnessOf(team, daysOf(d, "2026-12-01", "2027-01-31"), tally.MonthPeriods(date("2026-12-25"), date("2027-01-31")))
	want := `[{2026-12-25 2026-12-31} {2027-01-01 2027-01-31}]
a primary [{5 1 2} {0 0 0}] {5 1 2}
a old [{1 1 1} {0 0 0}] {1 1 1}
b primary [{2 1 0} {1 0 0}] {3 1 0}
b secondary [{1 0 1} {0 0 0}] {1 0 1}
`
	var b strings.Builder
	fmt.Fprintln(&b, got.Periods)
	for _, r := range got.Rows {
		fmt.Fprintln(&b, r.Person, r.Role, r.Counts, r.Total)
	}
	if b.String() != want {
		t.Errorf("FairnessOf: got\n%swant\n%s", b.String(), want)
	}
	if got, want := got.Of("b"), (tally.Count{Days: 4, Weekend: 1, Holidays: 1}); got != want {
		t.Errorf("Of: got %v, want %v", got, want)
	}
}

// Every assignment in the range is counted once, whatever the periods.
func TestFairnessCountsAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawWorld(t)
		d := newDesk()
		to := first.AddDays(rapid.IntRange(0, 200).Draw(t, "days"))
		plan := planning.Fill(d.input(team, people, first, to))
		d.apply(t, plan.Edits(act("fill")))
		table := tally.FairnessOf(team, slices.Collect(func(yield func(roster.Day) bool) {
			for on := first; !to.Before(on) && yield(d.day(on)); on = on.AddDays(1) {
			}
		}), tally.MonthPeriods(first, to))
		got, want := 0, len(plan.Seats)-plan.Count(planning.FillGap)
		for _, r := range table.Rows {
			var sum tally.Count
			for _, c := range r.Counts {
				sum = sum.Plus(c)
			}
			if sum != r.Total {
				t.Fatalf("total of %s: got %v, want %v", r.Person, r.Total, sum)
			}
			got += r.Total.Days
		}
		if got != want {
			t.Fatalf("days counted: got %d, want %d", got, want)
		}
	})
}

func BenchmarkFillYear(b *testing.B) {
	people, all := crew(26)
	for _, since := range []string{"2027-01-01", "2017-01-01"} {
		b.Run("since "+since, func(b *testing.B) {
			team := rotating()
			team.Roles = append(team.Roles, roster.Role{ID: "third", Name: "Third"})
			for i, r := range team.Roles {
				team.Rotations = append(team.Rotations,
					rotation(fmt.Sprint("w", i), r.ID, daily(since, roster.MonToFri, all[:14]...)),
					rotation(fmt.Sprint("e", i), r.ID, roster.RotationVersion{From: date(since), Weekdays: roster.TheWeekend, DaysPerTurn: 7, HandOver: roster.Saturday, People: all[14:]}),
				)
			}
			for i := range people {
				people[i].Absences = []roster.Absence{{From: date("2027-03-01").AddDays(i), To: date("2027-03-14").AddDays(i)}}
			}
			in := newDesk().input(team, people, date("2027-01-01"), date("2027-12-31"))
			var seats, edits int
			for b.Loop() {
				plan := planning.Fill(in)
				seats, edits = len(plan.Seats), len(plan.Edits(act("fill")))
			}
			if seats != 3*365 || edits != 12 {
				b.Errorf("planned: got %d seats in %d edits, want %d in 12", seats, edits, 3*365)
			}
		})
	}
}

func BenchmarkFairness(b *testing.B) {
	team := rotating()
	var days []roster.Day
	first := date("2026-01-01")
	for i := range 731 {
		days = append(days, roster.Day{Date: first.AddDays(i), Assignments: held{
			"primary":   roster.PersonID(fmt.Sprint("p", i%50)),
			"secondary": roster.PersonID(fmt.Sprint("p", (i+17)%50)),
		}})
	}
	periods := tally.MonthPeriods(first, first.AddDays(730))
	for b.Loop() {
		if got := len(tally.FairnessOf(team, days, periods).Rows); got != 100 {
			b.Fatalf("rows: got %d, want 100", got)
		}
	}
}
