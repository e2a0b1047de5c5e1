package roster_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/planning"
)

// A change to a rotation from a date on leaves what it gives for every earlier day as it
// was, for its own role and every other; and nobody who stays is moved in the line.
func TestDatedChangesLeaveThePastAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		team, people, first := drawWorld(t)
		var all []roster.PersonID
		for _, p := range people {
			all = append(all, p.ID)
		}
		from := first.AddDays(rapid.IntRange(1, 60).Draw(t, "change on"))
		if from.Before(team.Rotations[0].Versions[0].From) {
			from = team.Rotations[0].Versions[0].From.AddDays(1)
		}
		before := must(json.Marshal(team))
		after := *team
		after.Rotations = slices.Clone(team.Rotations)
		r := &after.Rotations[rapid.IntRange(0, len(after.Rotations)-1).Draw(t, "rotation")]
		if !r.Versions[0].From.Before(from) {
			t.Skip("the rotation has no past")
		}
		kept := r.Versions[0]
		switch rapid.SampledFrom([]string{"version", "join", "leave", "gone"}).Draw(t, "change") {
		case "version":
			v := drawVersion(t, from, all)
			v.Weekdays = kept.Weekdays
			*r = r.With(v)
		case "join":
			*r = r.Join("new", rapid.SampledFrom(all).Draw(t, "after"), from)
		case "leave":
			*r = r.Leave(rapid.SampledFrom(kept.People).Draw(t, "who"), from)
		case "gone":
			after = team.WithoutPerson(rapid.SampledFrom(kept.People).Draw(t, "who"), from)
		}
		if got := must(json.Marshal(team)); !bytes.Equal(got, before) {
			t.Fatalf("the change altered the team it was made from: got %s, want %s", got, before)
		}
		if err := after.Validate(); err != nil {
			t.Fatalf("Validate after the change: got %v, want nil", err)
		}
		if err := after.KeepsPast(team, from); err != nil {
			t.Fatalf("KeepsPast(%s): got %v, want nil", from, err)
		}
		d := newDesk()
		was := planning.Fill(d.input(team, people, first, from.AddDays(-1))).Seats
		is := planning.Fill(d.input(&after, people, first, from.AddDays(40))).Seats
		for i, s := range was {
			if i >= len(is) || is[i].Seat != s.Seat || is[i].Will != s.Will {
				t.Fatalf("before the change on %s: got %v, want %v", from, is[i], s)
			}
		}
		if len(is) > len(was) && is[len(was)].Date.Before(from) {
			t.Fatalf("before the change on %s: got %v, want nothing", from, is[len(was)])
		}
	})
}

// Whoever joins or leaves, the others go on in their order.
func TestJoinAndLeaveKeepTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawDate(t)
		people, all := crew(rapid.IntRange(2, 12).Draw(t, "people"))
		v := roster.RotationVersion{From: first, Weekdays: drawVersion(t, first, all).Weekdays, DaysPerTurn: 1, People: all[1:]}
		one := all[len(all)-1]
		r := rotation("w", "primary", v)
		at := first.AddDays(rapid.IntRange(1, 40).Draw(t, "at"))
		stay := all[1:]
		if rapid.Bool().Draw(t, "join") {
			one = all[0]
			r = r.Join(one, rapid.SampledFrom(append([]roster.PersonID{""}, stay...)).Draw(t, "after"), at)
		} else if len(stay) > 1 {
			r = r.Leave(one, at)
			stay = stay[:len(stay)-1]
		}
		n := 0
		last := 0 // the seat on which one served, or the last before they joined
		for i, seat := range planning.Fill(newDesk().input(rotating(r), people, first, first.AddDays(120))).Seats {
			if seat.Date.Before(at) {
				last = i
			}
			if seat.Will == one {
				if i-last > len(all) {
					t.Fatalf("%s: %s is reached after %d seats of %d people", seat.Date, one, i-last, len(all))
				}
				last = i
				continue
			}
			if want := stay[n%len(stay)]; seat.Will != want {
				t.Fatalf("%s: got %s, want %s", seat.Date, seat.Will, want)
			}
			n++
		}
	})
}

func TestJoinAndLeaveInLaterVersions(t *testing.T) {
	t.Parallel()
	r := rotation("w", "primary",
		daily("2026-11-23", roster.MonToFri, ids("abc")...),
		daily("2027-01-04", roster.MonToFri, ids("cba")...))
	people := func(r roster.Rotation) (got string) {
		for _, v := range r.Versions {
			got += fmt.Sprintf("%s%v ", v.From, v.People)
		}
		return got
	}
	tests := []struct {
		name string
		got  roster.Rotation
		want string
	}{
		{"join", r.Join("d", "a", date("2026-12-01")), "2026-11-23[a b c] 2026-12-01[a d b c] 2027-01-04[c b a d] "},
		{"join last", r.Join("d", "", date("2026-12-01")), "2026-11-23[a b c] 2026-12-01[a b c d] 2027-01-04[c b a d] "},
		{"join on the day of a version", r.Join("d", "c", date("2027-01-04")), "2026-11-23[a b c] 2027-01-04[c d b a] "},
		{"join who is a member", r.Join("a", "c", date("2026-12-01")), "2026-11-23[a b c] 2027-01-04[c b a] "},
		{"leave", r.Leave("b", date("2026-12-01")), "2026-11-23[a b c] 2026-12-01[a c] 2027-01-04[c a] "},
		{"leave who is no member", r.Leave("d", date("2026-12-01")), "2026-11-23[a b c] 2027-01-04[c b a] "},
		{"leave before the first day", r.Leave("b", date("2026-01-01")), "2026-11-23[a c] 2027-01-04[c a] "},
		{"the original", r, "2026-11-23[a b c] 2027-01-04[c b a] "},
	}
	for _, tt := range tests {
		if got := people(tt.got); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestKeepsPastOfRotations(t *testing.T) {
	t.Parallel()
	before := rotating(rotation("w", "primary", daily("2026-11-23", roster.MonToFri, ids("abc")...)))
	change := func(r roster.Rotation) *roster.Team {
		team := *before
		team.Rotations = []roster.Rotation{r}
		return &team
	}
	r := before.Rotations[0]
	today := date("2026-12-01")
	gone := *before
	gone.Rotations = nil
	tests := []struct {
		name string
		team *roster.Team
		want string // the field that is refused, "" for none
	}{
		{"nothing changed", before, ""},
		{"from today on", change(r.Leave("b", today)), ""},
		{"from yesterday on", change(r.Leave("b", date("2026-11-30"))), "rotations.0.versions"},
		{"the first version", change(rotation("w", "primary", daily("2026-11-23", roster.EveryDay, ids("abc")...))), "rotations.0.versions"},
		{"another rotation", change(rotation("x", "primary", daily("2026-11-23", roster.EveryDay, ids("abc")...))), ""},
		{"none", &gone, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkFields(t, tt.team.KeepsPast(before, today), tt.want)
		})
	}
}

func TestRotationValidate(t *testing.T) {
	t.Parallel()
	long := make([]roster.PersonID, roster.MaxRotationPeople+1)
	for i := range long {
		long[i] = roster.PersonID(fmt.Sprint("p", i))
	}
	version := func(change func(*roster.RotationVersion)) func(*roster.Team) {
		return func(t *roster.Team) { change(&t.Rotations[0].Versions[0]) }
	}
	tests := []struct {
		name   string
		change func(*roster.Team)
		want   string
	}{
		{"a weekday crew and a weekend crew", func(*roster.Team) {}, ""},
		{"no slug", func(t *roster.Team) { t.Rotations[0].ID = "W" }, "rotations.0.id"},
		{"twice", func(t *roster.Team) { t.Rotations[1].ID = "w" }, "rotations.1.id"},
		{"no such role", func(t *roster.Team) { t.Rotations[1].Role = "third" }, "rotations.1.role"},
		{"no name", func(t *roster.Team) { t.Rotations[0].Name = " " }, "rotations.0.name"},
		{"no version", func(t *roster.Team) { t.Rotations[0].Versions = nil }, "rotations.0.versions"},
		{"no first day", version(func(v *roster.RotationVersion) { v.From = roster.Date{} }), "rotations.0.versions.0.from"},
		{"no weekday", version(func(v *roster.RotationVersion) { v.Weekdays = 0 }), "rotations.0.versions.0.weekdays"},
		{"turns of nothing", version(func(v *roster.RotationVersion) { v.DaysPerTurn = 0 }), "rotations.0.versions.0.daysPerTurn"},
		{"turns of a year", version(func(v *roster.RotationVersion) { v.DaysPerTurn = 365 }), "rotations.0.versions.0.daysPerTurn"},
		{"a hand-over every three days", version(func(v *roster.RotationVersion) { v.DaysPerTurn, v.HandOver = 3, roster.Monday }), "rotations.0.versions.0.daysPerTurn"},
		{"a hand-over on the eighth day", version(func(v *roster.RotationVersion) { v.DaysPerTurn, v.HandOver = 7, 8 }), "rotations.0.versions.0.handOver"},
		{"nobody: at rest", version(func(v *roster.RotationVersion) { v.People = nil }), ""},
		{"someone twice", version(func(v *roster.RotationVersion) { v.People = ids("aba") }), "rotations.0.versions.0.people"},
		{"no person's id", version(func(v *roster.RotationVersion) { v.People = ids("A") }), "rotations.0.versions.0.people"},
		{"a crowd", version(func(v *roster.RotationVersion) { v.People = long }), "rotations.0.versions.0.people"},
		{"both have Saturday", func(t *roster.Team) { t.Rotations[1].Versions[0].Weekdays |= roster.MonToFri }, "rotations.1.versions.0.weekdays"},
		{"both have Saturday, for other roles", func(t *roster.Team) {
			t.Rotations[1].Versions[0].Weekdays |= roster.MonToFri
			t.Rotations[1].Role = "secondary"
		}, ""},
		{"both have Saturday from a date on", func(t *roster.Team) {
			t.Rotations[0] = t.Rotations[0].With(daily("2027-01-01", roster.EveryDay, "a"))
		}, "rotations.1.versions.0.weekdays"},
		{"one after the other", func(t *roster.Team) {
			t.Rotations[0] = t.Rotations[0].With(daily("2027-01-01", roster.MonToFri))
			t.Rotations[1] = t.Rotations[1].With(daily("2027-01-01", roster.EveryDay, "x"))
		}, ""},
		{"versions out of order", func(t *roster.Team) {
			t.Rotations[0].Versions = append(t.Rotations[0].Versions, daily("2026-01-01", roster.MonToFri, "a"))
		}, "rotations.0.versions.1.from"},
		{"too many", func(t *roster.Team) { t.Rotations = make([]roster.Rotation, roster.MaxRotations+1) }, "rotations"},
		{"a holiday without a date", func(t *roster.Team) { t.Holidays = []roster.Holiday{{Name: "New Year"}} }, "holidays.0.date"},
		{"a holiday without a name", func(t *roster.Team) { t.Holidays = []roster.Holiday{{Date: date("2027-01-01")}} }, "holidays.0.name"},
		{"too many names in all", func(t *roster.Team) {
			v := t.Rotations[0].Versions[0]
			v.People = long[1:]
			for i := range 51 {
				v.From = v.From.AddDays(1 + i)
				t.Rotations[0] = t.Rotations[0].With(v)
			}
		}, "rotations"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			team := rotating(
				rotation("w", "primary", daily("2026-11-23", roster.MonToFri, ids("abc")...)),
				rotation("e", "primary", daily("2026-11-28", roster.TheWeekend, ids("xy")...)),
			)
			tt.change(team)
			checkFields(t, team.Validate(), tt.want)
		})
	}
	team := rotating()
	team.Holidays = []roster.Holiday{{date("2027-01-01"), " New  Year"}, {date("2026-12-25"), "Christmas"}}
	if err := team.Validate(); err != nil || fmt.Sprint(team.Holidays) != "[{2026-12-25 Christmas} {2027-01-01 New Year}]" {
		t.Errorf("holidays: got %v, %v, want them tidied and in order", team.Holidays, err)
	}
}

func TestAbsenceValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []roster.Absence
		want string
	}{
		{"a day", []roster.Absence{{From: date("2026-12-24"), To: date("2026-12-24")}}, ""},
		{"no first day", []roster.Absence{{To: date("2026-12-24")}}, "absences.0.from"},
		{"no last day", []roster.Absence{{From: date("2026-12-24")}}, "absences.0.to"},
		{"backwards", []roster.Absence{{From: date("2026-12-24"), To: date("2026-12-23")}}, "absences.0.to"},
		{"an odd note", []roster.Absence{{From: date("2026-12-24"), To: date("2026-12-24"), Note: "\x00"}}, "absences.0.note"},
		{"too many", make([]roster.Absence, roster.MaxAbsences+1), "absences"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := roster.Person{ID: "ana", Name: "Ana", Absences: tt.in}
			checkFields(t, p.Validate(), tt.want)
		})
	}
}

// What is stored is what the API shows, and comes back as it was.
func TestRotationJSON(t *testing.T) {
	t.Parallel()
	r := rotation("weekdays", "primary", roster.RotationVersion{
		From: date("2026-11-23"), Weekdays: roster.WeekdaysOf(roster.Monday, roster.Sunday), DaysPerTurn: 7, HandOver: roster.Wednesday, People: ids("ab"),
	})
	want := `{"id":"weekdays","role":"primary","name":"WEEKDAYS","versions":[{"from":"2026-11-23","weekdays":["mon","sun"],"daysPerTurn":7,"handOver":"wed","people":["a","b"]}]}`
	got := string(must(json.Marshal(r)))
	if got != want {
		t.Errorf("JSON:\n got %s\nwant %s", got, want)
	}
	var back roster.Rotation
	if err := json.Unmarshal([]byte(got), &back); err != nil || string(must(json.Marshal(back))) != want {
		t.Errorf("back from JSON: got %v, %v, want %v", back, err, r)
	}
	for _, bad := range []string{`["mo"]`, `["Monday"]`, `"mon"`, `[1]`} {
		var days roster.Weekdays
		if err := json.Unmarshal([]byte(bad), &days); err == nil {
			t.Errorf("weekdays %s: got %v, want an error", bad, days)
		}
	}
	if got := string(must(json.Marshal(daily("2026-11-23", roster.MonToFri)))); got != `{"from":"2026-11-23","weekdays":["mon","tue","wed","thu","fri"],"daysPerTurn":1,"people":null}` {
		t.Errorf("JSON of a version without a hand-over: got %s", got)
	}
	person := roster.Person{ID: "ana", Name: "Ana", Absences: []roster.Absence{{From: date("2026-12-24"), To: date("2027-01-03")}}}
	if got, want := string(must(json.Marshal(person.Absences))), `[{"from":"2026-12-24","to":"2027-01-03"}]`; got != want {
		t.Errorf("JSON of absences: got %s, want %s", got, want)
	}
}

func TestWeekdaysString(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		days roster.Weekdays
		want string
	}{
		{0, ""},
		{roster.EveryDay, "mon-sun"},
		{roster.MonToFri, "mon-fri"},
		{roster.TheWeekend, "sat, sun"},
		{roster.WeekdaysOf(roster.Monday, roster.Wednesday, roster.Thursday, roster.Friday, roster.Sunday), "mon, wed-fri, sun"},
		{roster.WeekdaysOf(0, 9), ""},
	} {
		if got := tt.days.String(); got != tt.want {
			t.Errorf("String: got %q, want %q", got, tt.want)
		}
	}
}
