package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// records reads all months of the fixture's team, by the calls that everybody uses.
func (f *fixture) records(t *testing.T) []store.MonthRecord {
	t.Helper()
	months, err := f.Months(f.ctx, f.team)
	if err != nil {
		t.Fatalf("Months: got %v, want nil", err)
	}
	versions, err := f.Versions(f.ctx, f.team, months)
	if err != nil {
		t.Fatal(err)
	}
	history := f.allChanges(t, store.ChangeQuery{})
	slices.Reverse(history)
	var all []store.MonthRecord
	for _, m := range months {
		r := store.MonthRecord{Team: f.team, Month: m, Version: versions[m]}
		days, err := f.Days(f.ctx, f.team, m.First(), m.Last())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			if d.Revision != "" {
				r.Days = append(r.Days, d)
			}
		}
		for i, c := range history {
			if c.Date.InMonth() == m {
				r.Changes = append(r.Changes, store.Entry{Number: int64(i + 1), Change: c})
			}
		}
		all = append(all, r)
	}
	return all
}

// asOf is the record as that of another team.
func asOf(r store.MonthRecord, team roster.TeamID) store.MonthRecord {
	r.Team, r.Changes = team, slices.Clone(r.Changes)
	for i := range r.Changes {
		r.Changes[i].Change.Team = team
	}
	return r
}

func testMonths(t *testing.T, f *fixture) {
	read := func(want ...roster.Month) {
		t.Helper()
		got, err := f.Months(f.ctx, f.team)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Months: got %v, %v, want %v", got, err, want)
		}
	}
	read()
	far := roster.Date{Year: 1999, Month: time.December, Day: 31}
	f.mustSave(t, dayEdit(day23, "", "ana", ""))
	f.mustSave(t, dayEdit(far, "", "ana", ""))
	f.mustSave(t, dayEdit(day23.AddDays(1), "", "ana", ""))
	read(far.InMonth(), day23.InMonth())
	other := *f
	other.team = f.team + "-2"
	f = &other
	read()
}

// A team's past is loaded as that of another team, and is the same there, entry for entry.
func testLoad(t *testing.T, f *fixture) {
	const edits = 70 // more than one record of history holds
	d := day23
	first := dayEdit(d, "", "ana", "first")
	f.mustSave(t, first)
	for i := range edits {
		e := dayEdit(d, f.mustDay(t, d).Revision, []roster.PersonID{"ana", "bo", ""}[i%3], fmt.Sprint("edit ", i))
		e.Group, e.Reason = NewID(), fmt.Sprint("reason ", i)
		e.Days[0].With = map[roster.RoleID]roster.Seat{"primary": {Date: d.AddDays(i), Role: "secondary"}}
		f.mustSave(t, e)
	}
	f.mustSave(t, weekEdit(map[roster.Date]roster.Revision{d: f.mustDay(t, d).Revision}))
	f.mustSave(t, dayEdit(d.AddDays(40), "", "cleo", ""))
	f.mustSave(t, dayEdit(d.AddDays(1), f.mustDay(t, d.AddDays(1)).Revision, "", ""))
	want := f.records(t)

	g := *f
	g.team = roster.TeamID(uniqueSlug("loaded"))
	for range 2 { // the second is a repeat of the first
		for _, r := range want {
			if err := g.Load(g.ctx, asOf(r, g.team)); err != nil {
				t.Fatalf("Load of %s: got %v, want nil", r.Month, err)
			}
		}
	}
	got := g.records(t)
	if len(got) != len(want) {
		t.Fatalf("after the load: got %d months, want %d", len(got), len(want))
	}
	for i, r := range want {
		if !got[i].Same(asOf(r, g.team)) {
			wantDiff(t, "the month "+r.Month.String(), got[i], asOf(r, g.team))
		}
	}
	wantDiff(t, "the history", g.allChanges(t, store.ChangeQuery{Limit: 17}), asTeam(f.allChanges(t, store.ChangeQuery{}), g.team))

	// Life goes on where it was.
	if again := g.mustSave(t, first); !again.Repeated {
		t.Error("a repeat of an edit that was loaded: got not Repeated, want Repeated")
	}
	_, err := g.Save(g.ctx, g.team, dayEdit(d, "", "bo", ""))
	wantConflict[[]roster.Day](t, "an edit that has not seen what was loaded", err)
	before := len(g.allChanges(t, store.ChangeQuery{}))
	g.mustSave(t, dayEdit(d, g.mustDay(t, d).Revision, "dora", "after"))
	history := g.allChanges(t, store.ChangeQuery{})
	if len(history) != before+2 || history[0].Note != "after" {
		t.Errorf("after an edit: got %d changes, the newest %+v, want %d and the edit's", len(history), history[0], before+2)
	}
	wantInvalid(t, "Load of a month that was edited since", g.Load(g.ctx, asOf(want[0], g.team)))
}

func asTeam(changes []roster.Change, team roster.TeamID) []roster.Change {
	for i := range changes {
		changes[i].Team = team
	}
	return changes
}

func testLoadInvalid(t *testing.T, f *fixture) {
	f.mustSave(t, dayEdit(day23, "", "ana", "note"))
	good := asOf(f.records(t)[0], f.team+"-2")
	for what, spoil := range map[string]func(*store.MonthRecord){
		"a team that is none":         func(m *store.MonthRecord) { m.Team = "a/b" },
		"no version":                  func(m *store.MonthRecord) { m.Version = 0 },
		"a day of another month":      func(m *store.MonthRecord) { m.Days[0].Date = day23.AddDays(20) },
		"a day twice":                 func(m *store.MonthRecord) { m.Days = append(m.Days, m.Days[0]) },
		"a day without a revision":    func(m *store.MonthRecord) { m.Days[0].Revision = "" },
		"a change of another team":    func(m *store.MonthRecord) { m.Changes[0].Change.Team = f.team },
		"a change of another month":   func(m *store.MonthRecord) { m.Changes[0].Change.Date = day23.AddDays(20) },
		"a change without an id":      func(m *store.MonthRecord) { m.Changes[0].Change.ID = "" },
		"changes with a number twice": func(m *store.MonthRecord) { m.Changes[1].Number = m.Changes[0].Number },
	} {
		bad := good
		bad.Days, bad.Changes = slices.Clone(good.Days), slices.Clone(good.Changes)
		spoil(&bad)
		wantInvalid(t, "Load of "+what, f.Load(f.ctx, bad))
	}
	if months, err := f.Months(f.ctx, good.Team); err != nil || len(months) != 0 {
		t.Errorf("after refused loads: got months %v, %v, want none", months, err)
	}
}
