package storetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"dailyroster/roster"
	"dailyroster/store"
)

// look is a look at what there is of the fixture's team.
func (f *fixture) look(t *testing.T, l store.Look) store.Sight {
	t.Helper()
	sight, err := f.Look(f.ctx, l)
	if err != nil {
		t.Fatalf("Look: got %v, want nil", err)
	}
	return sight
}

// testLook holds a look against single reads of the same.
func testLook(t *testing.T, f *fixture) {
	other := *f
	other.team = f.team + "-2"
	team, person := f.newTeam(), newPerson("Ana Look")
	removed := newPerson("Bo Look")
	removed.Removed = true
	for _, p := range []roster.Person{person, removed} {
		if err := f.PutPerson(f.ctx, p, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.PutTeam(f.ctx, team, ""); err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		f.mustSave(t, dayEdit(day23.AddDays(4*i), "", person.ID, fmt.Sprint("note ", i)))
		other.mustSave(t, dayEdit(day23.AddDays(5*i), "", removed.ID, ""))
	}
	months := roster.MonthsOf(day23, day23.AddDays(70))
	ranges := []store.Range{
		{Team: f.team, From: day23.AddDays(-3), To: day23.AddDays(40)},
		{Team: other.team, From: day23, To: day23},
		{Team: "nobody-edits-this", From: day23, To: day23.AddDays(80)},
		{Team: f.team, From: day23.InMonth().First(), To: day23.InMonth().Last()},
	}
	for round := range 3 { // what was seen before is the same again
		sight := f.look(t, store.Look{People: true, Teams: true, Days: ranges, Versions: []store.TeamMonths{{Team: other.team, Months: months}, {Team: f.team, Months: months}}})
		for i, r := range ranges {
			want, err := f.Days(f.ctx, r.Team, r.From, r.To)
			if err != nil {
				t.Fatal(err)
			}
			wantDiff(t, fmt.Sprintf("look %d, range %d", round, i), sight.Days[i], want)
		}
		for i, team := range []roster.TeamID{other.team, f.team} {
			want, err := f.Versions(f.ctx, team, months)
			if err != nil {
				t.Fatal(err)
			}
			wantDiff(t, fmt.Sprintf("look %d, versions of %s", round, team), sight.Versions[i], want)
		}
		people, err := f.People(f.ctx)
		if err != nil {
			t.Fatal(err)
		}
		wantDiff(t, "the people", sight.People.People(), people)
		teams, err := f.Teams(f.ctx)
		if err != nil {
			t.Fatal(err)
		}
		wantDiff(t, "the teams", sight.Teams.All(), teams)
		if p, known := sight.People.Person(removed.ID); !known || !p.Removed {
			t.Errorf("somebody who was removed: got %+v, %t", p, known)
		}
		if got := sight.Teams.Team(team.ID); got == nil || got.Name != team.Name {
			t.Errorf("the team: got %+v, want %s", got, team.Name)
		}
	}
	_, err := f.Look(f.ctx, store.Look{Days: []store.Range{ranges[0], {Team: f.team, From: day23, To: day23.AddDays(-1)}}})
	wantInvalid(t, "Look at a reversed range", err)
	ended, cancel := cancelled(f.ctx)
	cancel()
	if _, err := f.Look(ended, store.Look{People: true, Days: ranges}); err == nil {
		t.Error("Look with a cancelled context: got nil, want an error")
	}
}

// testLookSeesAll holds that a look sees each write that was acknowledged before it, and that
// what an earlier look gave stays as it was.
func testLookSeesAll(t *testing.T, f *fixture) {
	team, person := f.newTeam(), newPerson("Ana Seen")
	team.ID = f.team
	if err := f.PutTeam(f.ctx, team, ""); err != nil {
		t.Fatal(err)
	}
	if err := f.PutPerson(f.ctx, person, ""); err != nil {
		t.Fatal(err)
	}
	all := store.Look{
		People: true, Teams: true, Days: []store.Range{{Team: f.team, From: day23, To: day23.AddDays(40)}},
		Versions: []store.TeamMonths{{Team: f.team, Months: []roster.Month{day23.InMonth()}}},
	}
	var before []store.Sight
	var revision roster.Revision
	for i := range 8 {
		what := strconv.Itoa(i)
		was, wasTeam := person.Revision, team.Revision
		if i%2 == 0 {
			person.Phone, person.Revision = "+49 30 "+what, NewID()
			if err := f.PutPerson(f.ctx, person, was); err != nil {
				t.Fatal(err)
			}
		} else {
			team.Name, team.Revision = "Team "+what, NewID()
			if err := f.PutTeam(f.ctx, team, wasTeam); err != nil {
				t.Fatal(err)
			}
		}
		e := dayEdit(day23, revision, person.ID, what)
		revision = f.mustSave(t, e).Days[0].Revision
		sight := f.look(t, all)
		if p, _ := sight.People.Person(person.ID); p.Phone != person.Phone {
			t.Errorf("after write %d: got the person with %q, want %q", i, p.Phone, person.Phone)
		}
		if got := sight.Teams.Team(f.team); got == nil || got.Name != team.Name {
			t.Errorf("after write %d: got the team %+v, want %q", i, got, team.Name)
		}
		if got := sight.Days[0][0]; got.Note != what || got.Revision != revision {
			t.Errorf("after write %d: got the day %+v, want the note %q", i, got, what)
		}
		if got := sight.Versions[0][day23.InMonth()]; got != int64(i+1) {
			t.Errorf("after write %d: got version %d, want %d", i, got, i+1)
		}
		before = append(before, sight)
	}
	for i, sight := range before {
		if got := sight.Days[0][0].Note; got != strconv.Itoa(i) {
			t.Errorf("look %d: its day says %q by now, want %d", i, got, i)
		}
	}
}

// testLookTogether holds that many who look and write at once go back in nothing: who has
// written sees that or more, and who has seen something does not see less later.
func testLookTogether(t *testing.T, f *fixture) {
	const lookers, each = 8, 25
	people := make([]roster.Person, lookers)
	for i := range people {
		people[i] = newPerson(fmt.Sprint("Looker ", i))
		if err := f.PutPerson(f.ctx, people[i], ""); err != nil {
			t.Fatal(err)
		}
	}
	look := store.Look{People: true, Days: []store.Range{{Team: f.team, From: day23.InMonth().First(), To: day23.AddDays(30)}}}
	// seen is how far each has come, by what their person and their day say.
	seen := func(ctx context.Context) ([]int, error) {
		sight, err := f.Look(ctx, look)
		if err != nil {
			return nil, err
		}
		counts := make([]int, 0, 2*lookers)
		for i, p := range people {
			now, _ := sight.People.Person(p.ID)
			called, _ := strconv.Atoi(now.Phone)
			noted, _ := strconv.Atoi(sight.Days[0][i].Note)
			counts = append(counts, called, noted)
		}
		return counts, nil
	}
	var wg sync.WaitGroup
	for i := range lookers {
		wg.Go(func() {
			p := people[i]
			var revision roster.Revision
			last := make([]int, 2*lookers)
			for n := 1; n <= each; n++ {
				was := p.Revision
				p.Phone, p.Revision = strconv.Itoa(n), NewID()
				if err := f.PutPerson(f.ctx, p, was); err != nil {
					t.Errorf("looker %d: got %v", i, err)
					return
				}
				saved, err := f.Save(f.ctx, f.team, dayEdit(day23.InMonth().First().AddDays(i), revision, p.ID, strconv.Itoa(n)))
				if err != nil {
					t.Errorf("looker %d: got %v", i, err)
					return
				}
				revision = saved.Days[0].Revision
				now, err := seen(f.ctx)
				if err != nil {
					t.Errorf("looker %d: got %v", i, err)
					return
				}
				if now[2*i] != n || now[2*i+1] != n {
					t.Errorf("looker %d wrote %d, and saw %d and %d", i, n, now[2*i], now[2*i+1])
				}
				if older(now, last) {
					t.Errorf("looker %d saw %v after %v", i, now, last)
				}
				last = now
			}
		})
	}
	wg.Wait()
}

func older(now, before []int) bool {
	for i := range now {
		if now[i] < before[i] {
			return true
		}
	}
	return false
}

func newPerson(name string) roster.Person {
	return roster.Person{ID: roster.PersonID(uniqueSlug(roster.Slug(name))), Name: name, Active: true, Revision: NewID()}
}

// testMembers holds that a look finds every team in whose days somebody has been, whoever
// saved these and however many at once.
func testMembers(t *testing.T, f *fixture) {
	const teams, each = 6, 4
	person := newPerson("Member").ID
	var mu sync.Mutex
	in := map[roster.TeamID]bool{}
	var wg sync.WaitGroup
	for i := range teams {
		team := *f
		team.team = roster.TeamID(fmt.Sprintf("%s-%d", f.team, i))
		wg.Go(func() {
			for n := range each {
				e := dayEdit(day23.AddDays(20*n), "", person, "")
				if _, err := f.Save(f.ctx, team.team, e); err != nil {
					t.Errorf("Save: got %v", err)
					return
				}
				mu.Lock()
				in[team.team] = true
				mu.Unlock()
				sight, err := f.Look(f.ctx, store.Look{Of: person})
				if err != nil || !slices.Contains(sight.Of, team.team) {
					t.Errorf("after a save in %s: got %v, %v", team.team, sight.Of, err)
				}
			}
			// Who has left is still found.
			if _, err := f.Save(f.ctx, team.team, dayEdit(day23, team.mustDay(t, day23).Revision, "somebody", "")); err != nil {
				t.Errorf("Save: got %v", err)
			}
		})
	}
	wg.Wait()
	sight := f.look(t, store.Look{Of: person})
	for team := range in {
		if !slices.Contains(sight.Of, team) {
			t.Errorf("the teams of %s: got %v, want %s among them", person, sight.Of, team)
		}
	}
	if !slices.IsSorted(sight.Of) {
		t.Errorf("the teams: got %v, want them in order", sight.Of)
	}
	// A loaded month counts as much as one that was saved.
	loaded := *f
	loaded.team = f.team + "-loaded"
	saved := *f
	saved.team = f.team + "-0"
	for _, r := range saved.records(t) {
		if err := f.Load(f.ctx, asOf(r, loaded.team)); err != nil {
			t.Fatal(err)
		}
	}
	if sight := f.look(t, store.Look{Of: person}); !slices.Contains(sight.Of, loaded.team) {
		t.Errorf("after a load: got %v, want %s among them", sight.Of, loaded.team)
	}
}
