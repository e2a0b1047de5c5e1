package roster_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		by             tally.Grain
		from, to, want string
	}{
		{tally.ByMonth, "2026-11-12", "2027-01-31", "[{2026-11-12 2026-11-30} {2026-12-01 2026-12-31} {2027-01-01 2027-01-31}]"},
		{tally.ByQuarter, "2026-11-12", "2027-04-01", "[{2026-11-12 2026-12-31} {2027-01-01 2027-03-31} {2027-04-01 2027-04-01}]"},
		{tally.ByYear, "2026-11-12", "2027-04-01", "[{2026-11-12 2026-12-31} {2027-01-01 2027-04-01}]"},
		{tally.ByRange, "2026-11-12", "2027-04-01", "[{2026-11-12 2027-04-01}]"},
		{tally.ByQuarter, "2028-02-29", "2028-02-29", "[{2028-02-29 2028-02-29}]"},
	} {
		if got := fmt.Sprint(tt.by.Periods(date(tt.from), date(tt.to))); got != tt.want {
			t.Errorf("%s of %s to %s: got %s, want %s", tt.by, tt.from, tt.to, got, tt.want)
		}
	}
	if _, err := tally.ParseGrain("week"); err == nil {
		t.Error("ParseGrain(week): got no error")
	}
}

// Whatever the grain, the periods meet and end with the range, and lie in one of the
// calendar.
func TestPeriodsMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := date("1990-01-01").AddDays(rapid.IntRange(0, 40000).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 2000).Draw(t, "days"))
		by := rapid.SampledFrom(tally.Grains()).Draw(t, "by")
		periods := by.Periods(from, to)
		if first, last := periods[0], periods[len(periods)-1]; first.From != from || last.To != to {
			t.Fatalf("periods: got %v, want %s to %s", periods, from, to)
		}
		for i, p := range periods {
			if p.To.Before(p.From) || i > 0 && periods[i-1].To.AddDays(1) != p.From {
				t.Fatalf("periods: got %v, want each to follow the other", periods)
			}
			if in := by.Contains(p.From); by != tally.ByRange && in.To.Before(p.To) {
				t.Fatalf("periods: got %v, want %v within %v", periods, p, in)
			}
		}
	})
}

func TestFairnessInRole(t *testing.T) {
	t.Parallel()
	team := rotating(
		rotation("w", "primary", daily("2026-01-01", roster.MonToFri, "a", "z"), daily("2026-12-01", roster.MonToFri, "a", "c")),
		rotation("s", "secondary", daily("2027-06-01", roster.MonToFri, "y")),
	)
	d := deskWith(t, "2026-12-24", "aaabb")
	d.set(t, date("2026-12-25"), "secondary", "b")
	counted := tally.FairnessOf(team, daysOf(d, "2026-12-01", "2026-12-31"), tally.ByRange.Periods(date("2026-12-01"), date("2026-12-31")))
	show := func(role roster.RoleID) (text string) {
		for _, r := range counted.InRole(role, team.TakingTurns(role, date("2026-12-01"), date("2026-12-31"))).Rows {
			text += fmt.Sprintf("%s %v; ", r.Person, r.Total)
		}
		return text
	}
	for role, want := range map[roster.RoleID]string{
		"":          "a {3 1 0}; b {3 1 0}; c {0 0 0}; ",
		"primary":   "a {3 1 0}; b {2 1 0}; c {0 0 0}; ",
		"secondary": "b {1 0 0}; ",
	} {
		if got := show(role); got != want {
			t.Errorf("in %q: got %s, want %s", role, got, want)
		}
	}
	if got := fmt.Sprint(team.TakingTurns("", date("2026-11-30"), date("2027-06-01"))); got != "[a c y z]" {
		t.Errorf("TakingTurns: got %s, want [a c y z]", got)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	team := rotating()
	d := deskWith(t, "2026-12-24", "a.ab")
	got := tally.CoverageOf(team, daysOf(d, "2026-12-24", "2026-12-28"))
	if len(got) != 2 || fmt.Sprint(got[0].Gaps) != "[2026-12-25 2026-12-28]" || got[0].Covered() != 3 || got[0].Percent() != 60 || got[1].Percent() != 0 {
		t.Errorf("CoverageOf: got %+v, want primary with gaps on 25 and 28 December, secondary with nothing", got)
	}
	// One gap in a year is not 100 percent.
	if p := (tally.Coverage{Days: 364, Gaps: make([]roster.Date, 1)}).Percent(); p != 99 {
		t.Errorf("Percent with one gap of 364 days: got %d, want 99", p)
	}
}

func TestHolidaysKept(t *testing.T) {
	t.Parallel()
	team := rotating()
	eve, day := roster.Holiday{Date: date("2026-12-24"), Name: "Christmas Eve"}, roster.Holiday{Date: date("2026-12-25"), Name: "Christmas"}
	more, added := team.WithHolidays([]roster.Holiday{day, eve, {Date: day.Date, Name: "CHRISTMAS"}})
	if err := more.Validate(); err != nil || added != 2 || len(team.Holidays) != 0 {
		t.Fatalf("WithHolidays: got %d added, %v, the team itself %v, want 2 and the team as it was", added, err, team.Holidays)
	}
	again, added := more.WithHolidays([]roster.Holiday{eve, {Date: day.Date, Name: "Natale"}})
	if err := again.Validate(); err != nil || added != 1 || fmt.Sprint(again.HolidaysOn(day.Date)) != "[Christmas Natale]" || again.HolidaysOn(date("2026-12-26")) != nil {
		t.Errorf("the second time: got %d added, %v, want one more on the 25th", added, again.Holidays)
	}
	fewer := again.WithoutHolidays([]roster.Holiday{day})
	if fmt.Sprint(fewer.HolidaysOn(day.Date), len(fewer.Holidays), len(again.Holidays)) != "[Natale] 2 3" {
		t.Errorf("WithoutHolidays: got %v", fewer.Holidays)
	}
}

// Twice as many holidays or absences are twice as much work, and a list without end is
// gone through no further than to the most that may be kept.
func TestMergingIsLinear(t *testing.T) {
	team, p := rotating(), roster.Person{ID: "a", Name: "A"}
	holidays, absences := make([]roster.Holiday, 100_000), make([]roster.Absence, 100_000)
	for i := range holidays {
		d := date("2026-01-01").AddDays(i)
		holidays[i] = roster.Holiday{Date: d, Name: "Tág"}
		absences[i] = roster.Absence{From: d, To: d, Event: fmt.Sprint("event", i)}
	}
	for what, merge := range map[string]func(n int){
		"WithHolidays":    func(n int) { team.WithHolidays(holidays[:n]) },
		"WithoutHolidays": func(n int) { team.WithoutHolidays(holidays[:n]) },
		"HolidaysOf": func(n int) {
			known := roster.HolidaysOf(nil)
			for _, h := range holidays[:n] {
				known.Add(h)
			}
		},
		"AbsencesOf": func(n int) {
			known := roster.AbsencesOf(nil)
			for _, a := range absences[:n] {
				known.Take(a)
			}
		},
	} {
		if small, large := testing.AllocsPerRun(1, func() { merge(200) }), testing.AllocsPerRun(1, func() { merge(400) }); large > 2.5*small+10 {
			t.Errorf("%s: got %.0f allocations for 400, want at most twice the %.0f for 200", what, large, small)
		}
	}
	kept, added := team.WithHolidays(holidays)
	if err := kept.Validate(); err == nil || added != roster.MaxHolidays+1 {
		t.Errorf("WithHolidays of a hundred thousand: got %d taken and %v, want one more than may be kept, and an error", added, err)
	}
	away, came := p.WithAbsences(absences)
	if err := away.Validate(); err == nil || came.Added != roster.MaxAbsences+1 {
		t.Errorf("WithAbsences of a hundred thousand: got %d taken and %v, want one more than may be kept, and an error", came.Added, err)
	}
}

func TestAbsencesFromEvents(t *testing.T) {
	t.Parallel()
	absent := func(from, to, event string) roster.Absence {
		return roster.Absence{From: date(from), To: date(to), Event: event}
	}
	p := roster.Person{ID: "a", Name: "A", Absences: []roster.Absence{
		absent("2026-08-01", "2026-08-14", "summer"), absent("2026-12-01", "2026-12-01", ""), absent("2026-12-24", "2026-12-31", "leave"), absent("2027-02-01", "2027-02-02", "gone"),
	}}
	file := []roster.Absence{absent("2026-12-24", "2027-01-02", "leave"), absent("2026-12-01", "2026-12-01", "x"), absent("2027-03-01", "2027-03-01", "new")}
	merged, came := p.WithAbsences(file)
	if (came != roster.Merge{Added: 1, Changed: 1, Same: 1}) || len(merged.Absences) != 5 || merged.Absences[2].To != date("2027-01-02") || len(p.Absences) != 4 {
		t.Errorf("WithAbsences: got %+v, %v", came, merged.Absences)
	}
	if _, came := merged.WithAbsences(file); (came != roster.Merge{Same: 3}) {
		t.Errorf("the second time: got %+v, want all the same", came)
	}
	replaced := p.WithEvents(file, date("2026-11-23"))
	if err := replaced.Validate(); err != nil {
		t.Fatal(err)
	}
	events := make([]string, len(replaced.Absences))
	for i, a := range replaced.Absences {
		events[i] = a.Event
	}
	if want := []string{"summer", "", "leave", "new"}; !slices.Equal(events, want) {
		t.Errorf("WithEvents: got %q, want %q: the past and what was entered by hand stay", events, want)
	}
	p.Absences[0].Event = "with space"
	if p.Validate() == nil {
		t.Error("an event's name with a space: got no error")
	}
}
