package handlers_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

// The company is as large as docs/security.md and docs/configuration.md let one be: 10,000
// people in 1,000 teams of ten. Most teams have two roles, two rotations, and 25 months that
// are filled. Some have all that a team can have, see fullTeam: each request that writes gets
// one of its own. What all teams cannot have at once, because a store would then be a
// gigabyte, no request is measured with.
const (
	companyTeams  = 1000
	companyPeople = 10_000
	fullTeams     = 24 // of the thousand, as many as there are requests that write days
	fullPeople    = 100
)

// usualSample and fullSample are the ids of what is copied, and stand in all that belongs to it.
const (
	usualSample = "t-0000"
	fullSample  = "full-00"
)

var (
	companyStarts = roster.Month{Year: 2025, Month: time.November}
	usualMonths   = 25
	fullMonths    = 37 // one year back and two ahead, as far as a roster can be filled
	// firstFill and lastFill are the groups of the two acts that filled a team, one after the
	// other. Of the last a full team has the history: a change of each seat and of each note.
	firstFill = roster.DeriveChangeID("company", "first fill")
	lastFill  = roster.DeriveChangeID("company", "last fill")
)

// longName is a name with as many characters as there can be, most of which take a table to
// compare.
func longName(of string) string {
	return string([]rune(of + strings.Repeat(" Žoë Ñandú", roster.MaxName))[:roster.MaxName-1]) + "é"
}

// newCompany builds the company in a file, and opens it.
func newCompany(t *testing.T) *bolt.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "company.db")
	begun := time.Now()
	s := openCompany(t, path)
	makeUsual(t, s)
	makeFull(t, s)
	for i := range companyPeople - 10*(companyTeams-fullTeams) - fullPeople {
		putCompanyPerson(t, s, roster.PersonID(fmt.Sprintf("in-no-team-%03d", i)), 2)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copyEntries(t, path, usualSample, "t-%04d", companyTeams-fullTeams)
	copyEntries(t, path, fullSample, "full-%02d", fullTeams)
	s = openCompany(t, path)
	t.Cleanup(func() { _ = s.Close() })
	teams, err := s.Teams(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	people, err := s.People(t.Context())
	if err != nil || len(teams) != companyTeams || len(people) != companyPeople {
		t.Fatalf("got %d teams and %d people, %v", len(teams), len(people), err)
	}
	t.Logf("%d teams and %d people in %s", len(teams), len(people), time.Since(begun).Round(time.Millisecond))
	return s
}

func openCompany(t *testing.T, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// makeUsual makes a team of ten, whose ids begin with that of the team.
func makeUsual(t *testing.T, s store.Store) {
	t.Helper()
	team := roster.Team{
		ID: usualSample, Name: longName(usualSample), Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: zoneOf("Europe/Berlin"), HandOff: roster.DefaultHandOff}},
		Revision: storetest.NewID(),
	}
	people := make([]roster.PersonID, 10)
	for i := range people {
		people[i] = roster.PersonID(fmt.Sprintf("%s-%d", usualSample, i))
		putCompanyPerson(t, s, people[i], 2)
	}
	for _, role := range team.Roles {
		team.Rotations = append(team.Rotations, since1970(role.ID, "", roster.MonToFri, people))
	}
	putCompanyTeam(t, s, team)
	fillMonths(t, s, &team, people, usualMonths, false)
}

// makeFull makes a team with all that a team can have, and its hundred people with all the
// absences that a person can have.
func makeFull(t *testing.T, s store.Store) {
	t.Helper()
	team, people := fullTeam(fullSample)
	for _, id := range people {
		putCompanyPerson(t, s, id, roster.MaxAbsences)
	}
	putCompanyTeam(t, s, team)
	fillMonths(t, s, &team, people, fullMonths, true)
}

// fullTeam is a team with 8 roles, all but one of 50 settings, 16 rotations from 1970 with almost as many names as
// there can be, 500 holidays, 200 editors and all but one of the 50 exchanges that can wait for an answer, and its people.
func fullTeam(id roster.TeamID) (roster.Team, []roster.PersonID) {
	team := roster.Team{
		ID: id, Name: longName(string(id)), KeepFilled: roster.MaxKeepFilled, AgreeFirst: true,
		Settings: []roster.Settings{{Zone: zoneOf("Europe/Berlin"), HandOff: roster.DefaultHandOff}}, Revision: storetest.NewID(),
	}
	for year := companyDay.Year - roster.MaxSettings; len(team.Settings) < roster.MaxSettings-1; year++ {
		team.Settings = append(team.Settings, roster.Settings{From: newYear(year), Zone: zoneOf("Europe/Berlin"), HandOff: roster.DefaultHandOff})
	}
	people := make([]roster.PersonID, fullPeople)
	for i := range people {
		people[i] = roster.PersonID(fmt.Sprintf("crew-%02d", i))
	}
	anew := []int{companyDay.Year - 20, companyDay.Year + 1}
	for i := range roster.MaxRoles {
		role := roster.Role{ID: roster.RoleID(fmt.Sprintf("role-%d", i)), Name: longName(fmt.Sprintf("Role %d", i))}
		team.Roles = append(team.Roles, role)
		team.Rotations = append(team.Rotations,
			since1970(role.ID, "-week", roster.MonToFri, people, anew...), since1970(role.ID, "-end", roster.WeekdaysOf(roster.Saturday, roster.Sunday), people, anew...))
	}
	for d := companyStarts.First(); len(team.Holidays) < roster.MaxHolidays; d = d.AddDays(2) {
		team.Holidays = append(team.Holidays, roster.Holiday{Date: d, Name: "A holiday with a name of some length"})
	}
	for i := range roster.MaxEditors {
		team.Editors = append(team.Editors, fmt.Sprintf("editor-with-a-long-name-%03d@example.org", i))
	}
	for i := range roster.MaxOpenOffers - 1 {
		seat := roster.Seat{Date: companyDay.AddDays(2 + i), Role: "role-0"}
		from, to := holder(people, seat.Date, 0), holder(people, seat.Date, 50)
		team.Offers = append(team.Offers, roster.Offer{
			Exchange: roster.Exchange{Group: storetest.NewID(), Why: roster.WhyTake, Moves: []roster.Move{{Seat: seat, From: from, To: to}}},
			By:       to, Asked: []roster.PersonID{from}, State: roster.OfferWaiting, Actor: longName("actor"), Made: companyTime, Revision: storetest.NewID(),
		})
	}
	return team, people
}

// companyTime is now, in tests of the company, and companyDay today.
var (
	companyTime = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	companyDay  = roster.Date{Year: 2026, Month: time.November, Day: 23}
)

// holder is who has the n-th role on a day.
func holder(people []roster.PersonID, d roster.Date, n int) roster.PersonID {
	return people[(companyStarts.First().DaysUntil(d)*7+n)%len(people)]
}

// since1970 is a rotation that began as early as there are days, and began anew in the years that
// are given.
func since1970(role roster.RoleID, suffix string, on roster.Weekdays, people []roster.PersonID, anew ...int) roster.Rotation {
	r := roster.Rotation{ID: roster.RotationID(string(role) + suffix), Role: role, Name: longName(string(role) + suffix)}
	for _, year := range append([]int{roster.MinYear}, anew...) {
		r.Versions = append(r.Versions, roster.RotationVersion{From: newYear(year), Weekdays: on, DaysPerTurn: 1, People: people})
	}
	return r
}

func newYear(year int) roster.Date { return roster.Date{Year: year, Month: time.January, Day: 1} }

func zoneOf(name string) roster.Zone {
	zone, err := roster.ParseZone(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func putCompanyPerson(t *testing.T, s store.Store, id roster.PersonID, absences int) {
	t.Helper()
	p := roster.Person{
		ID: id, Name: longName(string(id)), Email: string(id) + "@example.org", Phone: "+49 30 901820", Zone: zoneOf("Europe/Berlin"), Active: true, Revision: storetest.NewID(),
	}
	for i := range absences {
		from := companyDay.AddDays(-100 + i*7)
		p.Absences = append(p.Absences, roster.Absence{From: from, To: from.AddDays(1), Note: "Away, as so often", Event: fmt.Sprintf("event-%d@calendar.example.org", i)})
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := s.PutPerson(t.Context(), p, ""); err != nil {
		t.Fatal(err)
	}
}

func putCompanyTeam(t *testing.T, s store.Store, team roster.Team) {
	t.Helper()
	if err := team.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := s.PutTeam(t.Context(), team, ""); err != nil {
		t.Fatal(err)
	}
}

// fillMonths fills the team's months twice, with or without a history of the last time.
func fillMonths(t *testing.T, s store.Store, team *roster.Team, people []roster.PersonID, months int, history bool) {
	t.Helper()
	records, number := make([]store.MonthRecord, months), int64(0)
	for round, group := range []roster.ChangeID{firstFill, lastFill} {
		month := companyStarts
		for i := range records {
			r := &records[i]
			r.Team, r.Month, r.Version = team.ID, month, r.Version+1
			edit := roster.Edit{
				Change: roster.DeriveChangeID(string(group), month.String()), Group: group, Actor: roster.Actor{Name: longName("planner"), ID: "planner"},
				Why: roster.WhyRotation, Reason: "The plan of the year", Time: companyTime.AddDate(0, 0, round-30),
			}
			for d := month.First(); d.InMonth() == month; d = d.AddDays(1) {
				day := roster.Day{Date: d, Note: strings.Repeat("n", 40+round), Assignments: map[roster.RoleID]roster.PersonID{}}
				for n, role := range team.Roles {
					day.Assignments[role.ID] = holder(people, d, n+1-round)
				}
				edit.Days = append(edit.Days, roster.DayEdit{Day: day})
			}
			days, changes := edit.Apply(team.ID, roster.ByDate(daysOr(r.Days, edit.Days)))
			r.Days = days
			for _, c := range changes {
				number++
				if history && group == lastFill {
					r.Changes = append(r.Changes, store.Entry{Number: number, Change: c})
				}
			}
			month = month.Next()
		}
	}
	for _, r := range records {
		if err := s.Load(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
}

// daysOr are the days or, if there are none, those of the edit before it.
func daysOr(days []roster.Day, edited []roster.DayEdit) []roster.Day {
	if days != nil {
		return days
	}
	for _, e := range edited {
		days = append(days, roster.Day{Date: e.Day.Date})
	}
	return days
}

// copyEntries copies everything that belongs to the sample, under other ids of the same
// length, to have n in all. It works on the file beneath the store, of which it knows that ids stand in its keys and
// values as they are: a thousand times two years by way of the store take minutes.
func copyEntries(t *testing.T, path, sample, format string, n int) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	const atOnce = 50
	for first := 1; first < n; first += atOnce {
		err := db.Update(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
				for i := first; i < min(n, first+atOnce); i++ {
					if err := copyIn(b, []byte(sample), fmt.Appendf(nil, format, i)); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// copyIn copies the entries of a bucket, and the buckets in it, whose key begins with the
// sample.
func copyIn(b *bbolt.Bucket, sample, id []byte) error {
	keys := [][]byte{}
	c := b.Cursor()
	for key, _ := c.Seek(sample); bytes.HasPrefix(key, sample); key, _ = c.Next() {
		keys = append(keys, bytes.Clone(key))
	}
	for _, key := range keys {
		to := bytes.Replace(key, sample, id, 1)
		inner := b.Bucket(key)
		if inner == nil {
			if err := b.Put(to, bytes.ReplaceAll(b.Get(key), sample, id)); err != nil {
				return err
			}
			continue
		}
		made, err := b.CreateBucket(to)
		if err != nil {
			return err
		}
		if err := made.SetSequence(inner.Sequence()); err != nil {
			return err
		}
		err = inner.ForEach(func(key, value []byte) error { return made.Put(bytes.Clone(key), bytes.ReplaceAll(value, sample, id)) })
		if err != nil {
			return err
		}
	}
	return nil
}

// companyLimits are the documented ones, and room for what the requests add.
var companyLimits = web.Limits{Teams: companyTeams + 100, People: companyPeople + 2000}
