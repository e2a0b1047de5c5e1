package company_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store/archive"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest/company"
)

var today = roster.Date{Year: 2026, Month: 11, Day: 23}

func made(t *testing.T, size company.Size) *company.Company {
	t.Helper()
	c, err := company.New(size, today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// written writes a company into an embedded store, and gives the sum of what is there.
func written(t *testing.T, c *company.Company, write func(ctx context.Context, path string, c *company.Company) error) archive.Summary {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := write(t.Context(), path, c); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	sum, err := archive.Write(t.Context(), &bytes.Buffer{}, s, "test", time.Time{}, archive.None)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestCompany(t *testing.T) {
	c := made(t, company.Small())
	sum := written(t, c, func(ctx context.Context, path string, c *company.Company) error {
		s, err := bolt.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(c.WriteTo(ctx, s, 4), s.Close())
	})
	for what, want := range map[string]int{"people": 50, "teams": 5, "tokens": 5, "months": 5 * 24, "days": 5 * 730} {
		if got := sum.Counts[what]; got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
	// Two roles a day, and the edits by hand.
	if got, least := sum.Counts["changes"], 2*5*730; got < least+5*24 || got > least+3*2*5*24 {
		t.Errorf("changes: got %d, want %d and those by hand", got, least)
	}
	again := written(t, made(t, company.Small()), func(ctx context.Context, path string, c *company.Company) error {
		return c.InFile(ctx, path)
	})
	if !again.Equal(sum) {
		t.Errorf("the same company again, in a file of its own: got %+v, want %+v", again, sum)
	}
}

func TestPeopleAreVaried(t *testing.T) {
	c := made(t, company.Size{People: 2000, Teams: 200, Months: 1, Absences: 60, Tokens: 40})
	names, marked, absences := map[string]int{}, 0, 0
	phones, zones, inactive := 0, 0, 0
	for _, p := range c.People() {
		names[p.Name]++
		if norm.NFD.String(p.Name) != p.Name {
			marked++
		}
		if p.Phone != "" {
			phones++
		}
		if p.Zone != (roster.Zone{}) {
			zones++
		}
		if !p.Active {
			inactive++
		}
		absences += len(p.Absences)
	}
	shared := 0
	for _, n := range names {
		if n > 1 {
			shared++
		}
	}
	if shared < 100 || len(names) < 1600 || marked < 800 || phones < 1000 || zones < 1000 || inactive != 40 || absences != 60 {
		t.Errorf("of 2000 people: got %d names, %d of them shared, %d with diacritics, %d phones, %d zones, %d inactive, %d absences",
			len(names), shared, marked, phones, zones, inactive, absences)
	}
}

// Who comes first is the same in a company of any size.
func TestFirstTeamIsTheSame(t *testing.T) {
	small, large := made(t, company.Small()), made(t, company.Size{People: 3000, Teams: 300, Months: 24, Absences: 90, Tokens: 60})
	zones := cmp.Comparer(func(a, b roster.Zone) bool { return a.String() == b.String() })
	for i := range 10 {
		if diff := cmp.Diff(small.People()[i], large.People()[i], zones); diff != "" {
			t.Errorf("person %d differs: %s", i, diff)
		}
	}
	if diff := cmp.Diff(small.Teams()[0], large.Teams()[0], zones); diff != "" {
		t.Errorf("the first team differs: %s", diff)
	}
	a, errA := small.Past(0)
	b, errB := large.Past(0)
	if diff := cmp.Diff(a, b); diff != "" || errA != nil || errB != nil || len(a) != 24 {
		t.Errorf("the first team's past differs: %v, %v, %d months, %s", errA, errB, len(a), diff)
	}
	if small.Feed() != large.Feed() || small.Feed() == "" {
		t.Errorf("the first feed: got %q and %q, want the same", small.Feed(), large.Feed())
	}
}

// What the rosters say is what their rotations give, but for edits by hand.
func TestRostersFollowTheirRotations(t *testing.T) {
	c := made(t, company.Small())
	nobodyAway := make([]roster.Person, len(c.People()))
	for i, p := range c.People() {
		p.Absences = nil
		nobodyAway[i] = p
	}
	for i := range c.Teams() {
		team := &c.Teams()[i]
		months, err := c.Past(i)
		if err != nil {
			t.Fatal(err)
		}
		edits := 0
		days := map[roster.Date]roster.Day{}
		for _, m := range months {
			edits += int(m.Version) - 1
			for _, d := range m.Days {
				days[d.Date] = d
			}
		}
		plan := planning.Fill(planning.FillInput{
			Team: team, People: roster.NewNames(nobodyAway), From: months[0].Days[0].Date, To: months[23].Days[0].Date,
			Days: func(d roster.Date) roster.Day { return roster.Day{Date: d} },
		})
		differ := 0
		for _, e := range plan.Edits(roster.Act{}) {
			for _, d := range e.Days {
				for role, who := range d.Day.Assignments {
					if days[d.Day.Date].Assignments[role] != who {
						differ++
					}
				}
			}
		}
		if differ == 0 || differ > edits {
			t.Errorf("%s: got %d seats that its rotations do not give, want some, at most the %d that were edited", team.ID, differ, edits)
		}
	}
}

func TestSizesThatAreNone(t *testing.T) {
	for _, size := range []company.Size{{}, {People: 9, Teams: 1, Months: 1}, {People: 10, Teams: 1}, {People: 10, Teams: 1, Months: 1, Tokens: 5}} {
		if _, err := company.New(size, today); err == nil {
			t.Errorf("a company of %+v: got nil, want an error", size)
		}
	}
}

// BenchmarkWrite is how long it takes to have a company in the embedded store.
func BenchmarkWrite(b *testing.B) {
	for _, size := range []company.Size{company.Small(), company.Large()} {
		b.Run(fmt.Sprintf("%d people", size.People), func(b *testing.B) {
			for b.Loop() {
				c, err := company.New(size, today)
				if err != nil {
					b.Fatal(err)
				}
				if err := c.InFile(b.Context(), filepath.Join(b.TempDir(), "roster.db")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
