package storetest

import (
	"cmp"
	"context"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

func cmpStrings[S ~string](a, b S) int { return cmp.Compare(a, b) }

func cancelled(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	cancel()
	return ctx, cancel
}

func testUntouched(t *testing.T, f *fixture) {
	wantDiff(t, "the day", f.mustDay(t, day23), roster.Day{Date: day23})
	if got := f.allChanges(t, store.ChangeQuery{}); len(got) != 0 {
		t.Errorf("the history: got %d changes, want 0", len(got))
	}
}

func testEdit(t *testing.T, f *fixture) {
	e := dayEdit(day23, "", "ana", "first day")
	e.Days[0].Day.Assignments["secondary"] = "bo"
	saved := f.mustSave(t, e)
	if saved.Repeated {
		t.Error("the first attempt: got Repeated, want not")
	}
	day := f.mustDay(t, day23)
	wantDiff(t, "the answer of Save", saved.Days, []roster.Day{day})
	wantDiff(t, "primary and secondary", day.Assignments, map[roster.RoleID]roster.PersonID{"primary": "ana", "secondary": "bo"})
	if day.Note != "first day" {
		t.Errorf("the note: got %q, want %q", day.Note, "first day")
	}
	history := f.allChanges(t, store.ChangeQuery{})
	if len(history) != 3 {
		t.Fatalf("the history: got %d changes, want 3", len(history))
	}
	if history[0].ID != day.Revision || history[2].ID != e.Change {
		t.Errorf("ids: newest %s, oldest %s; want the revision %s and the edit's %s", history[0].ID, history[2].ID, day.Revision, e.Change)
	}
	want := roster.Change{
		ID: e.Change, Team: f.team, Date: day23, Role: "primary", To: "ana",
		Actor: "tester", ActorID: "person:tester", Time: e.Time.UTC(), Why: roster.WhyEdit, Group: e.Change,
	}
	wantDiff(t, "the first change", history[2], want)

	second := dayEdit(day23, day.Revision, "cleo", "first day")
	second.Days[0].Day.Assignments["secondary"] = "bo"
	f.mustSave(t, second)
	history = f.allChanges(t, store.ChangeQuery{})
	if len(history) != 4 || history[0].From != "ana" || history[0].To != "cleo" || history[0].Group != "" {
		t.Errorf("the newest change: got %+v of %d, want ana → cleo without a group, of 4", history[0], len(history))
	}
	if got := f.mustDay(t, day23).Revision; got != second.Change {
		t.Errorf("the revision after a single change: got %s, want the edit's id %s", got, second.Change)
	}

	swap := dayEdit(day23, second.Change, "dora", "first day")
	swap.Days[0].Day.Assignments["secondary"] = "bo"
	with := roster.Seat{Date: day23.AddDays(8), Role: "secondary"}
	swap.Why, swap.Days[0].With = roster.WhySwap, map[roster.RoleID]roster.Seat{"primary": with}
	f.mustSave(t, swap)
	if got := f.allChanges(t, store.ChangeQuery{})[0]; got.Why != roster.WhySwap || got.With != with {
		t.Errorf("the change of a swap: got %s with %v, want with %v", got.Why, got.With, with)
	}
}

func testRange(t *testing.T, f *fixture) {
	dates := []roster.Date{{Year: 2026, Month: 11, Day: 30}, {Year: 2026, Month: 12, Day: 1}, {Year: 2026, Month: 12, Day: 31}, {Year: 2027, Month: 1, Day: 1}}
	for _, d := range dates {
		f.mustSave(t, dayEdit(d, "", "ana", d.String()))
	}
	from, to := dates[0].AddDays(-1), dates[3].AddDays(1)
	days, err := f.Days(f.ctx, f.team, from, to)
	if err != nil {
		t.Fatalf("Days: got %v, want nil", err)
	}
	if want := from.DaysUntil(to) + 1; len(days) != want {
		t.Fatalf("Days: got %d, want %d", len(days), want)
	}
	set := map[string]bool{}
	for i, d := range days {
		if want := from.AddDays(i); d.Date != want {
			t.Fatalf("day %d: got %s, want %s", i, d.Date, want)
		}
		if d.Note != "" {
			set[d.Note] = d.Note == d.Date.String()
		}
	}
	for _, d := range dates {
		if !set[d.String()] {
			t.Errorf("%s: got no note or another day's, want its own", d)
		}
	}
	_, err = f.Days(f.ctx, f.team, to, from)
	wantInvalid(t, "Days of a reversed range", err)
}

func testFarMonths(t *testing.T, f *fixture) {
	for _, d := range []roster.Date{
		{Year: roster.MinYear, Month: 1, Day: 1}, {Year: 1999, Month: 12, Day: 31}, {Year: 2000, Month: 2, Day: 29},
		{Year: 2400, Month: 2, Day: 29}, {Year: roster.MaxYear, Month: 12, Day: 31},
	} {
		f.mustSave(t, dayEdit(d, "", "ana", "far"))
		if got := f.mustDay(t, d); got.Note != "far" || got.Assignments["primary"] != "ana" {
			t.Errorf("%s: got %+v, want what was saved", d, got)
		}
	}
	if got := len(f.allChanges(t, store.ChangeQuery{})); got != 10 {
		t.Errorf("the history: got %d changes, want 10", got)
	}
}

func testConflict(t *testing.T, f *fixture) {
	f.mustSave(t, dayEdit(day23, "", "ana", ""))
	current := f.mustDay(t, day23)
	for what, basedOn := range map[string]roster.Revision{"never set": "", "another": NewID()} {
		_, err := f.Save(f.ctx, f.team, dayEdit(day23, basedOn, "bo", ""))
		wantDiff(t, "the day in the conflict of an edit based on "+what,
			wantConflict[[]roster.Day](t, what, err), []roster.Day{current})
	}
	wantDiff(t, "the day after refused edits", f.mustDay(t, day23), current)
	if got := len(f.allChanges(t, store.ChangeQuery{})); got != 1 {
		t.Errorf("the history: got %d changes, want 1", got)
	}
	_, err := f.Save(f.ctx, f.team, dayEdit(day23.AddDays(1), NewID(), "bo", ""))
	wantDiff(t, "the day in the conflict of an edit based on a revision of a day never set",
		wantConflict[[]roster.Day](t, "a day never set", err), []roster.Day{{Date: day23.AddDays(1)}})
}

func testOtherDay(t *testing.T, f *fixture) {
	seen := f.mustDay(t, day23)
	for i := range 20 {
		f.mustSave(t, dayEdit(roster.Date{Year: 2026, Month: 11, Day: 1 + i}, "", "bo", ""))
	}
	f.mustSave(t, dayEdit(day23, seen.Revision, "ana", ""))
}

func testRepeated(t *testing.T, f *fixture) {
	e := dayEdit(day23, "", "ana", "note")
	first := f.mustSave(t, e)
	for range 3 {
		again := f.mustSave(t, e)
		if !again.Repeated {
			t.Error("a repeat: got not Repeated, want Repeated")
		}
		wantDiff(t, "the days of a repeat", again.Days, first.Days)
	}
	if got := len(f.allChanges(t, store.ChangeQuery{})); got != 2 {
		t.Errorf("the history: got %d changes, want 2", got)
	}
}

func testRepeatedLater(t *testing.T, f *fixture) {
	e := dayEdit(day23, "", "ana", "")
	f.mustSave(t, e)
	f.mustSave(t, dayEdit(day23, e.Change, "bo", ""))
	for i := range 62 {
		d := roster.Date{Year: 2026, Month: 11, Day: 1 + i%20}
		f.mustSave(t, dayEdit(d, f.mustDay(t, d).Revision, "bo", time.Duration(i).String()))
	}
	current := f.mustDay(t, day23)
	again := f.mustSave(t, e)
	if !again.Repeated {
		t.Error("a repeat after 63 later edits: got not Repeated, want Repeated")
	}
	wantDiff(t, "the day of the late repeat", again.Days, []roster.Day{current})
	if got := f.mustDay(t, day23).Assignments["primary"]; got != "bo" {
		t.Errorf("primary after the late repeat: got %s, want bo", got)
	}
	asOf, found := roster.AsOf(current, f.allChanges(t, store.OfDay(day23)), e.Change)
	if !found || asOf.Assignments["primary"] != "ana" || asOf.Revision != e.Change {
		t.Errorf("the day as the edit left it: got %+v, %v, want ana at %s", asOf, found, e.Change)
	}
}

func testNoChange(t *testing.T, f *fixture) {
	f.mustSave(t, dayEdit(day23, "", "", ""))
	wantDiff(t, "an empty edit of an untouched day", f.mustDay(t, day23), roster.Day{Date: day23})
	f.mustSave(t, dayEdit(day23, "", "ana", ""))
	before := f.mustDay(t, day23)
	f.mustSave(t, dayEdit(day23, before.Revision, "ana", ""))
	wantDiff(t, "the same again", f.mustDay(t, day23), before)
	if got := len(f.allChanges(t, store.ChangeQuery{})); got != 1 {
		t.Errorf("the history: got %d changes, want 1", got)
	}
	_, err := f.Save(f.ctx, f.team, dayEdit(day23, "", "ana", ""))
	wantConflict[[]roster.Day](t, "the same again, based on a stale revision", err)
}

func testClear(t *testing.T, f *fixture) {
	first := dayEdit(day23, "", "ana", "note")
	revision := f.mustSave(t, first).Days[0].Revision
	cleared := f.mustSave(t, dayEdit(day23, revision, "", "")).Days[0]
	if !cleared.IsEmpty() || cleared.Revision == "" || cleared.Revision == revision {
		t.Errorf("the cleared day: got %+v, want an empty one at a new revision", cleared)
	}
	_, err := f.Save(f.ctx, f.team, dayEdit(day23, "", "bo", ""))
	wantConflict[[]roster.Day](t, "an edit that thinks the cleared day was never set", err)
	f.mustSave(t, dayEdit(day23, cleared.Revision, "bo", ""))
	if got := f.mustDay(t, day23).Assignments["primary"]; got != "bo" {
		t.Errorf("primary: got %s, want bo", got)
	}
}

func testSeveralDays(t *testing.T, f *fixture) {
	e := weekEdit(map[roster.Date]roster.Revision{})
	saved := f.mustSave(t, e)
	days, err := f.Days(f.ctx, f.team, day23, day23.AddDays(6))
	if err != nil {
		t.Fatal(err)
	}
	wantDiff(t, "the days", days, saved.Days)
	history := f.allChanges(t, store.ChangeQuery{})
	if len(history) != 7 {
		t.Fatalf("the history: got %d changes, want 7", len(history))
	}
	for i, d := range days {
		if c := history[6-i]; c.Date != d.Date || c.ID != d.Revision || c.Group != e.Change || !c.PartOf(e.Change) {
			t.Errorf("the change of %s: got %+v, want the day's revision %s in the group %s", d.Date, c, d.Revision, e.Change)
		}
	}
}

func testSeveralDaysConflict(t *testing.T, f *fixture) {
	f.mustSave(t, dayEdit(day23.AddDays(3), "", "bo", ""))
	_, err := f.Save(f.ctx, f.team, weekEdit(map[roster.Date]roster.Revision{}))
	current := wantConflict[[]roster.Day](t, "one day of seven was edited", err)
	if len(current) != 7 || current[3].Assignments["primary"] != "bo" {
		t.Errorf("the days in the conflict: got %+v, want all 7, the fourth with bo", current)
	}
	days, err := f.Days(f.ctx, f.team, day23, day23.AddDays(6))
	if err != nil {
		t.Fatal(err)
	}
	wantDiff(t, "the days after the refused edit", days, current)
	if got := len(f.allChanges(t, store.ChangeQuery{})); got != 1 {
		t.Errorf("the history: got %d changes, want 1", got)
	}
}

// weekEdit is an edit that makes ana primary for the week from day23 on.
func weekEdit(basedOn map[roster.Date]roster.Revision) roster.Edit {
	e := roster.Edit{Change: NewID(), Actor: roster.Actor{Name: "tester"}, Why: roster.WhyRotation, Time: time.Now()}
	for i := range 7 {
		d := day23.AddDays(i)
		e.Days = append(e.Days, roster.DayEdit{
			BasedOn: basedOn[d],
			Day:     roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana"}},
		})
	}
	return e
}

func testInvalid(t *testing.T, f *fixture) {
	noID := dayEdit(day23, "", "ana", "")
	noID.Change = "not-a-ulid"
	noDays := dayEdit(day23, "", "ana", "")
	noDays.Days = nil
	twice := dayEdit(day23, "", "ana", "")
	twice.Days = append(twice.Days, twice.Days[0])
	twoMonths := dayEdit(day23, "", "ana", "")
	twoMonths.Days = append(twoMonths.Days, roster.DayEdit{Day: roster.Day{Date: day23.AddDays(30)}})
	for what, e := range map[string]roster.Edit{"no id": noID, "no days": noDays, "a day twice": twice, "two months": twoMonths} {
		_, err := f.Save(f.ctx, f.team, e)
		wantInvalid(t, what, err)
	}
	wantDiff(t, "the day", f.mustDay(t, day23), roster.Day{Date: day23})
}

func testVersions(t *testing.T, f *fixture) {
	november, december := day23.InMonth(), day23.InMonth().Next()
	read := func() (nov, dec int64) {
		t.Helper()
		versions, err := f.Versions(f.ctx, f.team, []roster.Month{november, december})
		if err != nil || len(versions) != 2 {
			t.Fatalf("Versions: got %v, %v, want two", versions, err)
		}
		return versions[november], versions[december]
	}
	if nov, dec := read(); nov != 0 || dec != 0 {
		t.Errorf("untouched months: got %d and %d, want 0", nov, dec)
	}
	last := int64(0)
	for i := range 3 {
		e := dayEdit(day23.AddDays(i), "", "ana", "")
		f.mustSave(t, e)
		nov, dec := read()
		if nov <= last || dec != 0 {
			t.Errorf("after edit %d: got %d and %d, want more than %d, and 0", i, nov, dec, last)
		}
		last = nov
		f.mustSave(t, e)
		if nov, _ := read(); nov != last {
			t.Errorf("after a repeat of edit %d: got %d, want %d still", i, nov, last)
		}
	}
}

func testTeamsApart(t *testing.T, f *fixture) {
	f.mustSave(t, dayEdit(day23, "", "ana", ""))
	other := *f
	other.team = roster.TeamID(uniqueSlug("other"))
	wantDiff(t, "the other team's day", other.mustDay(t, day23), roster.Day{Date: day23})
	if got := len(other.allChanges(t, store.ChangeQuery{})); got != 0 {
		t.Errorf("the other team's history: got %d changes, want 0", got)
	}
}
