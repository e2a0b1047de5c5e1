package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/check/corpus"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/archive"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

func open(t *testing.T) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var first = roster.Date{Year: 2026, Month: time.January, Day: 1}

// fill makes a year's roster of several teams: people and teams that were changed and
// removed, fills, edits over them, notes, days that were cleared, much history of one day.
func fill(t *testing.T, s store.Store, teams, days int) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	berlin, err := roster.ParseZone("Europe/Berlin")
	must(err)
	clock := time.Date(2025, 12, 1, 8, 0, 0, 0, time.UTC)
	var people []roster.PersonID
	for i, name := range []string{"Ana Ruiz", "Bo Chen", "Zoë Ångström", "王芳", "O’Connor \"Q\" <x>", "Gone"} {
		p := roster.Person{ID: roster.PersonID(roster.Slug(name)), Name: name, Active: true, Revision: storetest.NewID()}
		must(s.PutPerson(t.Context(), p, ""))
		changed := p
		changed.Zone, changed.Phone, changed.Chat, changed.Revision = berlin, "+49 30 123456", "ana+ops@example.org", storetest.NewID()
		changed.Absences = []roster.Absence{{From: first, To: first.AddDays(i), Note: "away"}}
		changed.Removed = i == 5
		must(s.PutPerson(t.Context(), changed, p.Revision))
		people = append(people, p.ID)
	}
	id, text := credential.NewTokenText(storetest.NewID(), [32]byte{1})
	must(s.PutToken(t.Context(), credential.Token{
		ID: id, Name: "Status page", Scope: credential.ScopeRead, Hash: credential.HashSecret(text), MadeBy: "tester",
		Team: "team-0", Made: clock, Expires: clock.AddDate(1, 0, 0), Revision: storetest.NewID(),
	}, ""))
	for n := range teams {
		team := roster.Team{
			ID: roster.TeamID(fmt.Sprintf("team-%d", n)), Name: fmt.Sprintf("Team %d", n), Roles: roster.DefaultRoles(),
			Settings: []roster.Settings{{Zone: berlin, HandOff: roster.DefaultHandOff}}, Revision: storetest.NewID(),
			Rotations: []roster.Rotation{{ID: "weekdays", Name: "Weekdays", Role: "primary", Versions: []roster.RotationVersion{
				{From: first, Weekdays: roster.MonToFri, DaysPerTurn: 1, People: people[:3]},
			}}},
			Holidays: []roster.Holiday{{Date: first, Name: "New Year"}},
			Removed:  n == 2,
		}
		must(s.PutTeam(t.Context(), team, ""))
		revisions := map[roster.Date]roster.Revision{}
		save := func(why roster.Why, group roster.ChangeID, days ...roster.Day) {
			t.Helper()
			clock = clock.Add(time.Minute)
			e := roster.Edit{Change: storetest.NewID(), Group: group, Actor: roster.Actor{Name: "tester", ID: "person:tester"}, Why: why, Time: clock}
			for _, d := range days {
				e.Days = append(e.Days, roster.DayEdit{BasedOn: revisions[d.Date], Day: d})
			}
			saved, err := s.Save(t.Context(), team.ID, e)
			must(err)
			for _, d := range saved.Days {
				revisions[d.Date] = d.Revision
			}
		}
		day := func(d roster.Date, i int, note string) roster.Day {
			return roster.Day{Date: d, Note: note, Assignments: map[roster.RoleID]roster.PersonID{
				"primary": people[i%3], "secondary": people[(i+1)%5],
			}}
		}
		group := storetest.NewID()
		for _, m := range roster.MonthsOf(first, first.AddDays(days-1)) {
			var month []roster.Day
			for d := m.First(); d.InMonth() == m; d = d.AddDays(1) {
				month = append(month, day(d, n+d.Day, ""))
			}
			save(roster.WhyRotation, group, month...)
		}
		for i := 0; i < days; i += 9 {
			save(roster.WhyEdit, "", day(first.AddDays(i), i, "note\n"+fmt.Sprint(i)))
			save(roster.WhyUndo, "", roster.Day{Date: first.AddDays(i)})
		}
		for i := range 40 {
			save(roster.WhySwap, "", day(first.AddDays(3), i, ""))
		}
	}
}

func export(t *testing.T, s store.Store) ([]byte, archive.Summary) {
	t.Helper()
	var b bytes.Buffer
	sum, err := archive.Write(t.Context(), &b, s, "test", time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), archive.None)
	if err != nil {
		t.Fatalf("Write: got %v, want nil", err)
	}
	return b.Bytes(), sum
}

// everything is what a store holds, read by the calls that everybody uses.
type everything struct {
	Teams  []roster.Team
	People []roster.Person
	Tokens []credential.Token
	// Channels and Notices are without what an export does not have.
	Channels []notice.Channel
	Notices  []notice.Record // of all days
	Days     map[roster.TeamID][]roster.Day
	Changes  map[roster.TeamID][]roster.Change
}

func read(t *testing.T, s store.Store) everything {
	t.Helper()
	all := everything{Days: map[roster.TeamID][]roster.Day{}, Changes: map[roster.TeamID][]roster.Change{}}
	var err error
	if all.Teams, err = s.Teams(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all.People, err = s.People(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all.Tokens, err = s.Tokens(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all.Channels, err = s.Channels(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range all.Channels {
		all.Channels[i].Address, all.Channels[i].Secret = "", ""
	}
	days, err := s.NoticeDays(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range days {
		records, err := s.NoticesOf(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			r.Stop = ""
			all.Notices = append(all.Notices, r)
		}
	}
	for _, team := range all.Teams {
		if all.Days[team.ID], err = s.Days(t.Context(), team.ID, first.AddDays(-40), first.AddDays(400)); err != nil {
			t.Fatal(err)
		}
		q := store.ChangeQuery{Limit: store.MaxChanges}
		for {
			page, err := s.Changes(t.Context(), team.ID, q)
			if err != nil {
				t.Fatal(err)
			}
			all.Changes[team.ID] = append(all.Changes[team.ID], page.Changes...)
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
	}
	return all
}

func wantSame(t *testing.T, what string, got, want store.Store) {
	t.Helper()
	zones := cmp.Comparer(func(a, b roster.Zone) bool { return a.String() == b.String() })
	if d := cmp.Diff(read(t, want), read(t, got), zones); d != "" {
		t.Errorf("%s (-want +got):\n%.3000s", what, d)
	}
}

func TestRestoreBolt(t *testing.T) {
	from, into := open(t), open(t)
	fill(t, from, 3, 365)
	lines, sum := export(t, from)
	want := map[string]int{"people": 6, "teams": 3, "months": 36, "tokens": 1, "days": 3 * 365, "changes": sum.Counts["changes"]}
	if d := cmp.Diff(want, sum.Counts); d != "" || sum.Counts["changes"] < 3*2*365 {
		t.Errorf("the counts (-want +got):\n%s", d)
	}
	told := 0
	got, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, func(done, total int) {
		told++
		if done != told || total != 6+3+1+36 {
			t.Errorf("progress %d: got %d of %d, want %d of 46", told, done, total, told)
		}
	})
	if err != nil || !got.Equal(sum) || told != 46 {
		t.Fatalf("Restore: got %+v, %v after %d steps, want %+v after 46", got, err, told, sum)
	}
	wantSame(t, "the restored store", into, from)
	if again, _ := export(t, into); !bytes.Equal(again, lines) {
		t.Error("an export of the restored store: got other bytes, want the same")
	}
}

// An export has version 1 as long as programs from before hours could restore it, and both
// versions restore.
func TestRestoreHours(t *testing.T) {
	from := open(t)
	fill(t, from, 1, 10)
	if lines, _ := export(t, from); !strings.Contains(string(lines), `"version":1,`) {
		t.Errorf("without hours: got %.120s, want version 1", lines)
	}
	tokyo, err := roster.ParseZone("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*roster.Team){
		"hours": func(team *roster.Team) {
			team.Hours = []roster.RoleHours{{Role: team.Roles[0].ID, Versions: []roster.Hours{
				{Spans: []roster.HourSpan{{Days: roster.MonToFri, From: 8 * 60, To: 20 * 60}}},
				{From: first, Zone: tokyo, Spans: []roster.HourSpan{{Days: roster.EveryDay, From: 20 * 60, To: 8 * 60}}},
				{From: first.AddDays(40), Spans: []roster.HourSpan{}},
			}}}
		},
		"rates": func(team *roster.Team) { team.Rates = roster.Rates{Currency: "EUR", Hour: 250, Night: 500} },
	} {
		from, into := open(t), open(t)
		team := roster.Team{ID: "sun", Name: "Sun", Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: tokyo}}, Revision: storetest.NewID()}
		change(&team)
		if err := from.PutTeam(t.Context(), team, ""); err != nil {
			t.Fatal(err)
		}
		lines, sum := export(t, from)
		if !strings.Contains(string(lines), `"version":2,`) {
			t.Errorf("%s: got %.120s, want version 2", what, lines)
		}
		if got, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil || !got.Equal(sum) {
			t.Fatalf("%s: got %+v, %v, want %+v", what, got, err, sum)
		}
		wantSame(t, what, into, from)
	}
}

// A restore that is cut off anywhere goes on when it is run again, and only with the same
// export.
func TestRestoreAgain(t *testing.T) {
	from := open(t)
	fill(t, from, 2, 40)
	lines, _ := export(t, from)
	other := open(t)
	fill(t, other, 2, 40)
	foreign, _ := export(t, other)
	for _, after := range []int{0, 1, 5, 7, 9, 10} {
		into := open(t)
		cut := &failing{Store: into, left: after}
		if _, err := archive.Restore(t.Context(), bytes.NewReader(lines), cut, archive.None); !errors.Is(err, errCut) {
			t.Fatalf("cut off after %d writes: got %v, want %v", after, err, errCut)
		}
		if after > 0 {
			before := read(t, into)
			if _, err := archive.Restore(t.Context(), bytes.NewReader(foreign), into, archive.None); !errors.Is(err, archive.ErrNotEmpty) {
				t.Errorf("another export after %d writes of one: got %v, want ErrNotEmpty", after, err)
			}
			zones := cmp.Comparer(func(a, b roster.Zone) bool { return a.String() == b.String() })
			if d := cmp.Diff(before, read(t, into), zones); d != "" {
				t.Errorf("a refused restore changed the store:\n%.2000s", d)
			}
		}
		for range 2 { // the second finds everything there
			if _, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil {
				t.Fatalf("again after %d writes: got %v, want nil", after, err)
			}
		}
		wantSame(t, fmt.Sprintf("after %d writes and the rest", after), into, from)
	}
}

var errCut = errors.New("cut off")

// failing is a store whose writes fail after so many.
type failing struct {
	store.Store
	left int
}

func (f *failing) spend() error {
	f.left--
	if f.left < 0 {
		return errCut
	}
	return nil
}

func (f *failing) PutTeam(ctx context.Context, v roster.Team, r roster.Revision) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.PutTeam(ctx, v, r)
}

func (f *failing) PutPerson(ctx context.Context, v roster.Person, r roster.Revision) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.PutPerson(ctx, v, r)
}

func (f *failing) Load(ctx context.Context, m store.MonthRecord) error {
	if err := f.spend(); err != nil {
		return err
	}
	return f.Store.Load(ctx, m)
}

func TestRestoreRefuses(t *testing.T) {
	from := open(t)
	fill(t, from, 1, 10)
	lines, _ := export(t, from)
	text := string(lines)
	all := strings.SplitAfter(text, "\n")
	all = all[:len(all)-1]
	for what, c := range map[string]struct{ text, want string }{
		"nothing":               {"", "line 1 of the export: the file is empty"},
		"something else":        {"{\"a\":1}\n", "line 1 of the export: this is not an export"},
		"no JSON":               {"PK\x03\x04\n", "line 1 of the export: it is not a JSON object"},
		"another version":       {strings.Replace(text, `"version":1`, `"version":4`, 1), "version 4 of the format"},
		"without its end":       {strings.Join(all[:len(all)-1], ""), "without its last line"},
		"cut in a line":         {text[:len(text)/2], "without its last line"},
		"a line less":           {strings.Join(all[:3], "") + strings.Join(all[4:], ""), "checksum does not fit"},
		"a name altered":        {strings.Replace(text, "Bo Chen", "Bo Chan", 1), "checksum does not fit"},
		"more after the end":    {text + all[1], "something follows the last line"},
		"a kind not known":      {all[0] + "{\"wish\":{}}\n", `line 2 of the export: "wish" is not known here`},
		"a channel's address":   {all[0] + "{\"channel\":{\"id\":\"01arz3ndektsv4rrffq69g5fav\",\"address\":\"https://h\"}}\n", "no export has these"},
		"a channel's secret":    {all[0] + "{\"channel\":{\"id\":\"01arz3ndektsv4rrffq69g5fav\",\"secret\":\"x\"}}\n", "no export has these"},
		"a notice's secret":     {all[0] + "{\"notice\":{\"id\":\"mzxw6ytboi4dqnzwgu2dgmrrga\",\"team\":\"ops\",\"day\":\"2026-11-23\",\"stop\":\"x\"}}\n", "no export has these"},
		"a notice of no day":    {all[0] + "{\"notice\":{\"id\":\"mzxw6ytboi4dqnzwgu2dgmrrga\"}}\n", "a notice: "},
		"a notice without id":   {all[0] + "{\"notice\":{\"day\":\"2026-11-23\",\"team\":\"ops\"}}\n", "is not the id of a notice"},
		"a member not known":    {all[0] + "{\"person\":{\"id\":\"a\",\"wings\":2}}\n", `unknown field "wings"`},
		"an id that is none":    {all[0] + "{\"person\":{\"id\":\"a/b\"}}\n", `"a/b" is not an id`},
		"counts that are wrong": {strings.Replace(text, `"people":6`, `"people":7`, 1), "the counts do not fit"},
	} {
		into := open(t)
		_, err := archive.Restore(t.Context(), strings.NewReader(c.text), into, archive.None)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", what, err, c.want)
		}
		if all := read(t, into); len(all.Teams)+len(all.People) > 0 {
			t.Errorf("%s: got something written, want nothing", what)
		}
	}
}

func TestRestoreNotEmpty(t *testing.T) {
	from, into := open(t), open(t)
	fill(t, from, 1, 10)
	lines, _ := export(t, from)
	if err := into.PutTeam(t.Context(), roster.Team{
		ID: "daily-roster", Name: "Daily Roster", Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: roster.UTC()}}, Revision: storetest.NewID(),
	}, ""); err != nil {
		t.Fatal(err)
	}
	_, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None)
	if !errors.Is(err, archive.ErrNotEmpty) || !strings.Contains(err.Error(), "it holds the team daily-roster already") {
		t.Errorf("a store with a team: got %v, want ErrNotEmpty and the team", err)
	}
	if all := read(t, into); len(all.Teams) != 1 || len(all.People) != 0 {
		t.Errorf("after a refused restore: got %d teams and %d people, want 1 and 0", len(all.Teams), len(all.People))
	}
}

// A year's roster of several teams goes from a file into a cluster of three nodes, by an
// export and directly, and comes back.
func TestRestoreAerospike(t *testing.T) {
	c := asdtest.Start(t, 3, "that a roster moved from a file into a cluster is equal, entry for entry")
	cfg, err := aerospike.ParseURL(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	into, err := aerospike.Open(t.Context(), cfg, aerospike.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = into.Close() }()
	from := open(t)
	fill(t, from, 3, 365)
	fillNotices(t, from, 300)
	lines, sum := export(t, from)
	cut := &failing{Store: into, left: 25}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(lines), cut, archive.None); !errors.Is(err, errCut) {
		t.Fatalf("cut off: got %v, want %v", err, errCut)
	}
	begun := time.Now()
	if got, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil || !got.Equal(sum) {
		t.Fatalf("Restore: got %+v, %v, want %+v", got, err, sum)
	}
	t.Logf("restored %v in %s", sum.Counts, time.Since(begun))
	wantSame(t, "the cluster", into, from)
	was, is, err := archive.Copy(t.Context(), from, into, archive.None)
	if err != nil || !was.Equal(sum) || !is.Equal(sum) {
		t.Errorf("Copy of what is there: got %+v and %+v, %v, want %+v", was, is, err, sum)
	}
	back := open(t)
	if _, _, err := archive.Copy(t.Context(), into, back, archive.None); err != nil {
		t.Fatalf("Copy back: got %v, want nil", err)
	}
	wantSame(t, "the file that it came back into", back, from)
	// What was restored has no secrets; what was copied from where they are has them.
	wantChannel(t, back, notice.Channel{})
	direct := open(t)
	if _, _, err := archive.Copy(t.Context(), from, direct, archive.None); err != nil {
		t.Fatalf("Copy: got %v, want nil", err)
	}
	wantChannel(t, direct, hook())
}

// What is edited while it is exported is exported as it was at one time.
func TestExportWhileEdited(t *testing.T) {
	s := open(t)
	fill(t, s, 1, 60)
	meddler := &meddling{Store: s, t: t, left: 3}
	var b bytes.Buffer
	if _, err := archive.Write(t.Context(), &b, meddler, "test", time.Time{}, archive.None); err != nil {
		t.Fatal(err)
	}
	if meddler.left != 0 {
		t.Fatalf("%d edits were not made while it was read", meddler.left)
	}
	want, _ := export(t, s)
	_, got, _ := bytes.Cut(b.Bytes(), []byte("\n"))
	_, want, _ = bytes.Cut(want, []byte("\n"))
	if !bytes.Equal(got, want) {
		t.Error("got something else than what there is after the last edit")
	}
}

// meddling edits a day whenever the history was read, so many times.
type meddling struct {
	store.Store
	t    *testing.T
	left int
}

func (m *meddling) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	page, err := m.Store.Changes(ctx, team, q)
	if m.left > 0 && err == nil {
		m.left--
		days, err := m.Days(ctx, team, first, first)
		if err != nil {
			return page, err
		}
		edit := roster.Edit{Change: storetest.NewID(), Actor: roster.Actor{Name: "meddler", ID: "person:meddler"}, Why: roster.WhyEdit, Time: time.Now(), Days: []roster.DayEdit{
			{BasedOn: days[0].Revision, Day: roster.Day{Date: first, Note: fmt.Sprint("meddled ", m.left)}},
		}}
		if _, err := m.Save(ctx, team, edit); err != nil {
			return page, err
		}
	}
	return page, err
}

// price is the most that it may cost to restore an export. The steps are those of a store
// and of the archive, which ask the context.
var price = corpus.Price{Bytes: corpus.Line{Base: 4 << 20, Each: 400}, Allocs: corpus.Line{Base: 20_000, Each: 4}, Steps: corpus.Line{Base: 200, Each: 1}}

// No export, whatever it says, makes the reader fail otherwise than by an error, and none
// that is refused leaves anything behind.
func FuzzExport(f *testing.F) {
	head := `{"export":{"format":"daily-roster","version":1,"made":"2026-11-23T09:00:00Z","by":"x"}}` + "\n"
	for _, seed := range []string{
		"", head, head + `{"person":{"id":"ana","name":"Ana","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}}` + "\n",
		head + `{"month":{"team":"ops","month":"2026-11","version":1,"days":[{"date":"2026-11-23","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}],"changes":[]}}` + "\n",
		head + `{"channel":{"id":"01arz3ndektsv4rrffq69g5fav","team":"ops","name":"Hook","way":"webhook","address":"","shown":"h","kinds":["now"],"madeBy":"Ana","made":"2026-11-23T09:00:00Z","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}}` + "\n",
		head + `{"notice":{"id":"mzxw6ytboi4dqnzwgu2dgmrrga","day":"2026-11-23","team":"ops","kind":"now","to":"a","subject":"b","due":"2026-11-23T09:00:00Z","state":"sent","revision":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}}` + "\n",
		head + `{"end":{"counts":{"changes":0,"days":0,"months":0,"people":0,"teams":0},"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}` + "\n",
	} {
		f.Add([]byte(seed))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		into := open(t)
		var sum archive.Summary
		var err error
		price.Of(t, len(data), func() uint64 {
			ctx := &corpus.Steps{Context: t.Context()}
			sum, err = archive.Restore(ctx, bytes.NewReader(data), into, archive.None)
			return ctx.Taken()
		})
		all := read(t, into)
		if err != nil && len(all.Teams)+len(all.People)+len(all.Channels)+len(all.Notices) > 0 {
			t.Errorf("refused with %v: got something written, want nothing", err)
		}
		if err == nil && (len(all.Teams) != sum.Counts["teams"] || len(all.People) != sum.Counts["people"]) {
			t.Errorf("got %d teams and %d people, want %v", len(all.Teams), len(all.People), sum.Counts)
		}
	})
}
