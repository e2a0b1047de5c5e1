package desk_test

import (
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/store/bolt"
)

// now is Monday 23 November 2026, 10:00 in Berlin, an hour after the hand-off.
const now = "2026-11-23T09:00:00Z"

const (
	primary   = roster.RoleID("primary")
	secondary = roster.RoleID("secondary")
)

func date(text string) roster.Date {
	d, err := roster.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// newDesk is a desk on a real embedded store with the team ops, and Ana and Bo.
func newDesk(t *testing.T) (*desk.Desk, *roster.Team) {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := roster.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	k := desk.New(t.Context(), desk.Config{
		Store: s, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return at }, Random: rand.Reader, Zone: zone,
	})
	team, err := k.AddTeam(t.Context(), roster.Team{
		ID: "ops", Name: "Ops", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: zone, HandOff: roster.DefaultHandOff}},
	}, "id")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Ana", "Bo"} {
		if _, err := k.AddPerson(t.Context(), roster.Person{Name: name, Active: true}, false); err != nil {
			t.Fatal(err)
		}
	}
	return k, &team
}

// sheetOf is the sheet of a single day.
func sheetOf(t *testing.T, k *desk.Desk, team *roster.Team, d roster.Date) *desk.Sheet {
	t.Helper()
	sheet, err := k.Sheet(t.Context(), team, d, d)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// dayWish is the wish that somebody has a day's first role, with a fresh id.
func dayWish(t *testing.T, k *desk.Desk, d roster.Date, name string) desk.DayWish {
	t.Helper()
	id, err := k.NewChangeID()
	if err != nil {
		t.Fatal(err)
	}
	return desk.DayWish{
		Date: d, Seats: []desk.Wish{{Role: primary, Text: name, Field: "primary"}}, Change: id, Actor: roster.Actor{Name: "test"}, Why: roster.WhyEdit,
	}
}

// onlyIf lets a wish stand as long as the day is at a revision.
func onlyIf(revision roster.Revision) func(roster.Day) bool {
	return func(now roster.Day) bool { return now.Revision == revision }
}

func history(t *testing.T, k *desk.Desk, d roster.Date) []roster.Change {
	t.Helper()
	days, err := k.Store.Days(t.Context(), "ops", d, d)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := k.HistoryOf(t.Context(), "ops", days)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}
