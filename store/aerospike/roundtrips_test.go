package aerospike

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/storetest"
)

// testRoundTrips holds what a page and a save cost: one round trip for each question
// that the page asks, and one for the save.
func testRoundTrips(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	team := roster.Team{
		ID: newTeam("trips"), Name: "Trips", Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}}, Revision: storetest.NewID(),
	}
	if err := s.PutTeam(t.Context(), team, ""); err != nil {
		t.Fatal(err)
	}
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	first := noteEdit(d, "", "first")
	if _, err := s.Save(t.Context(), team.ID, first); err != nil {
		t.Fatal(err)
	}
	cost := func(what string, want RoundTrips, act func() error) {
		t.Helper()
		before, begun := s.RoundTrips(), time.Now()
		err := act()
		took := time.Since(begun)
		after := s.RoundTrips()
		got := RoundTrips{after.Reads - before.Reads, after.Writes - before.Writes}
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", what, got, err, want)
		}
		t.Logf("%s: %+v, %s", what, got, took)
	}
	cost("five weeks", RoundTrips{Reads: 1}, func() error {
		_, err := s.Days(t.Context(), team.ID, d, d.AddDays(34))
		return err
	})
	cost("three months", RoundTrips{Reads: 1}, func() error {
		_, err := s.Days(t.Context(), team.ID, d, d.AddDays(50))
		return err
	})
	cost("the team", RoundTrips{Reads: 1}, func() error { _, err := s.Team(t.Context(), team.ID); return err })
	cost("all teams", RoundTrips{Reads: 1}, func() error { _, err := s.Teams(t.Context()); return err })
	cost("all people", RoundTrips{Reads: 1}, func() error { _, err := s.People(t.Context()); return err })
	cost("versions", RoundTrips{Reads: 1}, func() error {
		v, err := s.Versions(t.Context(), team.ID, []roster.Month{d.InMonth(), d.InMonth().Next()})
		if v[d.InMonth()] != 1 || v[d.InMonth().Next()] != 0 || len(v) != 2 {
			t.Errorf("Versions: got %v, want 1 for November and 0 for December", v)
		}
		return err
	})
	page := store.Look{People: true, Team: team.ID, Days: []store.Range{{Team: team.ID, From: d, To: d.AddDays(34)}}}
	look := func() error { _, err := s.Look(t.Context(), page); return err }
	for same := 0; same < 3; { // until what there is to be made in the background is made
		before := s.RoundTrips()
		if err := look(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
		same++
		if s.RoundTrips() != (RoundTrips{before.Reads + 1, before.Writes}) {
			same = 0
		}
	}
	cost("a page", RoundTrips{Reads: 1}, look)
	many := store.Look{People: true, Teams: true}
	for i := range 1000 {
		many.Days = append(many.Days, store.Range{Team: roster.TeamID(fmt.Sprintf("%s-%d", team.ID, i)), From: d, To: d.AddDays(34)})
	}
	for range 2 {
		if _, err := s.Look(t.Context(), many); err != nil {
			t.Fatal(err)
		}
	}
	// Months that do not exist have no version to ask for alone, so they come in parts.
	cost("all people and five weeks of 1,000 teams", RoundTrips{Reads: 5}, func() error { _, err := s.Look(t.Context(), many); return err })
	second := noteEdit(d, first.Change, "second")
	cost("a save", RoundTrips{Writes: 1}, func() error { _, err := s.Save(t.Context(), team.ID, second); return err })
	cost("a save of a day never set", RoundTrips{Writes: 1}, func() error {
		_, err := s.Save(t.Context(), team.ID, noteEdit(d.AddDays(1), "", "new"))
		return err
	})
	cost("the first save of a month: no record, listed, made, saved", RoundTrips{Writes: 4}, func() error {
		_, err := s.Save(t.Context(), team.ID, noteEdit(d.AddDays(60), "", "new month"))
		return err
	})
	manned := noteEdit(d.AddDays(2), "", "")
	manned.Days[0].Day.Assignments = map[roster.RoleID]roster.PersonID{"primary": roster.PersonID(team.ID)}
	cost("the first save of a person in a team", RoundTrips{Writes: 2}, func() error { _, err := s.Save(t.Context(), team.ID, manned); return err })
	again := noteEdit(d.AddDays(3), "", "")
	again.Days[0].Day.Assignments = manned.Days[0].Day.Assignments
	cost("the next one", RoundTrips{Writes: 1}, func() error { _, err := s.Save(t.Context(), team.ID, again); return err })
	cost("a page after one's own save", RoundTrips{Reads: 1}, look)
	other := openStore(t, c)
	defer func() { _ = other.Close() }()
	before := other.RoundTrips()
	if _, err := other.Save(t.Context(), team.ID, noteEdit(d, second.Change, "third")); err != nil {
		t.Fatal(err)
	}
	after := other.RoundTrips()
	if after.Reads-before.Reads != 2 || after.Writes-before.Writes != 1 {
		t.Errorf("a save by a process that never saw the day: got %+v → %+v, want two reads and one write", before, after)
	}
	cost("a month that another process edited", RoundTrips{Reads: 2}, func() error { _, err := s.Days(t.Context(), team.ID, d, d); return err })
	cost("the same again", RoundTrips{Reads: 1}, func() error { _, err := s.Days(t.Context(), team.ID, d, d); return err })
	was := team.Revision
	team.Name, team.Revision = "Trips of another process", storetest.NewID()
	if err := other.PutTeam(t.Context(), team, was); err != nil {
		t.Fatal(err)
	}
	cost("a page after another process wrote its team", RoundTrips{Reads: 2}, look)
	cost("the page again", RoundTrips{Reads: 1}, look)
	was = team.Revision
	team.Name, team.Revision = "Trips", storetest.NewID()
	if err := s.PutTeam(t.Context(), team, was); err != nil {
		t.Fatal(err)
	}
	cost("a page after its own write", RoundTrips{Reads: 1}, look)
	noticeRoundTrips(t, s, cost)
}

// noticeRoundTrips holds what it costs to find out what was sent, and to claim a notice.
func noticeRoundTrips(t *testing.T, s *Store, cost func(what string, want RoundTrips, act func() error)) {
	t.Helper()
	day := roster.Date{Year: 2028, Month: 7, Day: 1}
	keys := make([]notice.Key, 2000) // of two days
	for i := range keys {
		r := noticeOn(day.AddDays(i%2), fmt.Sprint(storetest.NewID(), i))
		keys[i] = r.Key()
	}
	at := func() error { _, err := s.NoticesAt(t.Context(), keys); return err }
	made := func() { // waits until records that were asked for and not there are made
		for writes := int64(-1); writes != s.RoundTrips().Writes; time.Sleep(100 * time.Millisecond) {
			writes = s.RoundTrips().Writes
		}
	}
	if err := at(); err != nil {
		t.Fatal(err)
	}
	made()
	cost("2,000 notices of which nothing is known", RoundTrips{Reads: 1}, at)
	cost("a day that nothing was sent on", RoundTrips{Reads: 1}, func() error { _, err := s.NoticesOf(t.Context(), day); return err })
	claimed := noticeOn(day, string(storetest.NewID()))
	cost("the first claim of a day", RoundTrips{Writes: 2}, func() error { return s.PutNotice(t.Context(), claimed, "") })
	sent := claimed
	sent.State, sent.Revision = notice.StateSent, storetest.NewID()
	cost("its result", RoundTrips{Writes: 1}, func() error { return s.PutNotice(t.Context(), sent, claimed.Revision) })
	next := noticeOn(day, string(storetest.NewID()))
	cost("the next claim", RoundTrips{Writes: 1}, func() error { return s.PutNotice(t.Context(), next, "") })
	keys[7] = sent.Key()
	cost("2,000 notices", RoundTrips{Reads: 1}, at)
	if _, err := s.NoticesOf(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	made()
	cost("all of a day, in parts", RoundTrips{Reads: 6}, func() error {
		records, err := s.NoticesOf(t.Context(), day)
		if len(records) != 2 {
			t.Errorf("NoticesOf: got %d records, want 2", len(records))
		}
		return err
	})
	cost("a claim that comes second", RoundTrips{Reads: 1, Writes: 2}, func() error {
		rival := claimed
		rival.Revision = storetest.NewID()
		if err := s.PutNotice(t.Context(), rival, ""); !errors.Is(err, store.ErrConflict) {
			return fmt.Errorf("got %w, want a conflict", err)
		}
		return nil
	})
}
