package roster_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

// plan is a team's days in a row from a first one: for each role the people day by
// day, "" for nobody.
type plan map[roster.RoleID][]roster.PersonID

func (p plan) days(first string) func(roster.Date) roster.Day {
	byDate := map[roster.Date]roster.Day{}
	for role, people := range p {
		for i, person := range people {
			d := date(first).AddDays(i)
			day, ok := byDate[d]
			if !ok {
				day = roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{}}
			}
			if person != "" {
				day.Assignments[role] = person
			}
			byDate[d] = day
		}
	}
	var days []roster.Day
	for _, day := range byDate {
		days = append(days, day)
	}
	return roster.ByDate(days)
}

// repeat is one person on many days in a row.
func repeat(person roster.PersonID, days int) []roster.PersonID {
	return slices.Repeat([]roster.PersonID{person}, days)
}

// said is a duty as one would say it.
func said(d oncall.Duty) string {
	name := func(p roster.PersonID) string {
		if p == "" {
			return "nobody"
		}
		return string(p)
	}
	until := d.Until.Format(time.RFC3339)
	if d.Open {
		return fmt.Sprintf("%s of %s: %s until %s or longer", d.Role.ID, d.Date, name(d.Person), until)
	}
	return fmt.Sprintf("%s of %s: %s until %s, then %s", d.Role.ID, d.Date, name(d.Person), until, name(d.Next))
}

func TestOnCall(t *testing.T) {
	t.Parallel()
	type people = []roster.PersonID
	primary := func(ids ...roster.PersonID) plan { return plan{"primary": ids} }
	berlin := teamIn("Europe/Berlin", "09:00")
	berlin.Roles = berlin.Roles[:1]
	night := teamIn("Europe/Berlin", "02:30")
	night.Roles = night.Roles[:1]
	apia := teamIn("Pacific/Apia", "00:00")
	apia.Roles = apia.Roles[:1]
	movedEast := then(teamIn("America/Los_Angeles", "18:00"), "2026-11-24", "Asia/Tokyo", "09:00")
	movedEast.Roles = movedEast.Roles[:1]
	threeRoles := teamIn("UTC", "09:00")
	threeRoles.Roles = append(threeRoles.Roles, roster.Role{ID: "manager", Name: "Manager"})

	tests := []struct {
		name  string
		team  *roster.Team
		plan  plan
		first string // the plan's first day
		at    string
		want  []string
	}{
		{
			"a single day", berlin, primary("ana", "bo"), "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-24T09:00:00+01:00, then bo"},
		},
		{
			"at the hand-off", berlin, primary("ana", "bo", "cy"), "2026-11-23", "2026-11-24T09:00:00+01:00",
			[]string{"primary of 2026-11-24: bo until 2026-11-25T09:00:00+01:00, then cy"},
		},
		{
			"just before the hand-off it is still yesterday's person", berlin, primary("ana", "bo", "cy"), "2026-11-23", "2026-11-24T08:59:59.999999999+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-24T09:00:00+01:00, then bo"},
		},
		{
			"just after midnight it is still yesterday's person", berlin, primary("ana", "bo"), "2026-11-23", "2026-11-24T00:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-24T09:00:00+01:00, then bo"},
		},
		{
			"a run of days", berlin, primary("ana", "ana", "ana", "bo", "ana"), "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-26T09:00:00+01:00, then bo"},
		},
		{
			"the run's days that are over do not count", berlin, primary("ana", "ana", "ana", "bo"), "2026-11-23", "2026-11-25T12:00:00+01:00",
			[]string{"primary of 2026-11-25: ana until 2026-11-26T09:00:00+01:00, then bo"},
		},
		{
			"next is a gap", berlin, primary("ana", "ana", "", "bo"), "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-25T09:00:00+01:00, then nobody"},
		},
		{
			"next is a day that nobody ever touched", berlin, primary("ana"), "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-24T09:00:00+01:00, then nobody"},
		},
		{
			"in a gap", berlin, primary("", "", "bo"), "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: nobody until 2026-11-25T09:00:00+01:00, then bo"},
		},
		{
			"nobody at all", berlin, nil, "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: nobody until 2026-12-28T09:00:00+01:00 or longer"},
		},
		{
			"one person for ever", berlin, plan{"primary": repeat("ana", 100)}, "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-12-28T09:00:00+01:00 or longer"},
		},
		{
			"the last change that the look ahead sees", berlin, plan{"primary": append(repeat("ana", oncall.LookAhead), "bo")}, "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-12-27T09:00:00+01:00, then bo"},
		},
		{
			"the first change that it does not see", berlin, plan{"primary": append(repeat("ana", oncall.LookAhead+1), "bo")}, "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-12-28T09:00:00+01:00 or longer"},
		},
		{
			"each role by itself, in the team's order", threeRoles,
			plan{"secondary": people{"bo", "bo", "cy"}, "primary": people{"ana", "bo", "bo"}}, "2026-11-23", "2026-11-23T12:00:00Z",
			[]string{
				"primary of 2026-11-23: ana until 2026-11-24T09:00:00Z, then bo",
				"secondary of 2026-11-23: bo until 2026-11-25T09:00:00Z, then cy",
				"manager of 2026-11-23: nobody until 2026-12-28T09:00:00Z or longer",
			},
		},
		{
			"a role that the team no longer has", berlin,
			plan{"primary": people{"ana", "bo"}, "driver": people{"cy", "cy"}}, "2026-11-23", "2026-11-23T12:00:00+01:00",
			[]string{"primary of 2026-11-23: ana until 2026-11-24T09:00:00+01:00, then bo"},
		},
		{
			"into summer time", berlin, primary("ana", "ana", "bo"), "2026-03-28", "2026-03-28T12:00:00+01:00",
			[]string{"primary of 2026-03-28: ana until 2026-03-30T09:00:00+02:00, then bo"},
		},
		{
			"the shortened shift", berlin, primary("ana", "bo"), "2026-03-28", "2026-03-28T12:00:00+01:00",
			[]string{"primary of 2026-03-28: ana until 2026-03-29T09:00:00+02:00, then bo"},
		},
		{
			"a hand-off that is skipped", night, primary("ana", "bo"), "2026-03-28", "2026-03-29T01:59:59+01:00",
			[]string{"primary of 2026-03-28: ana until 2026-03-29T03:00:00+02:00, then bo"},
		},
		{
			"after the hand-off that is skipped", night, primary("ana", "bo"), "2026-03-28", "2026-03-29T03:00:00+02:00",
			[]string{"primary of 2026-03-29: bo until 2026-03-30T02:30:00+02:00, then nobody"},
		},
		{
			"the first of two 02:30s hands off", night, primary("ana", "bo"), "2026-10-24", "2026-10-25T02:29:59+02:00",
			[]string{"primary of 2026-10-24: ana until 2026-10-25T02:30:00+02:00, then bo"},
		},
		{
			"the second of two 02:29s is after the hand-off", night, primary("ana", "bo"), "2026-10-24", "2026-10-25T02:29:59+01:00",
			[]string{"primary of 2026-10-25: bo until 2026-10-26T02:30:00+01:00, then nobody"},
		},
		{
			"a month's end", berlin, primary("ana", "bo"), "2026-11-30", "2026-11-30T12:00:00+01:00",
			[]string{"primary of 2026-11-30: ana until 2026-12-01T09:00:00+01:00, then bo"},
		},
		{
			"a year's end", berlin, primary("ana", "ana", "bo"), "2026-12-30", "2027-01-01T08:00:00+01:00",
			[]string{"primary of 2026-12-31: ana until 2027-01-01T09:00:00+01:00, then bo"},
		},
		{
			"a leap day", berlin, primary("ana", "bo", "cy"), "2028-02-28", "2028-02-29T12:00:00+01:00",
			[]string{"primary of 2028-02-29: bo until 2028-03-01T09:00:00+01:00, then cy"},
		},
		{
			"next is not who has a day without time", apia, primary("ana", "bo", "cy"), "2011-12-29", "2011-12-29T12:00:00-10:00",
			[]string{"primary of 2011-12-29: ana until 2011-12-31T00:00:00+14:00, then cy"},
		},
		{
			"a day without time does not break a run", apia, primary("ana", "bo", "ana", "cy"), "2011-12-29", "2011-12-29T12:00:00-10:00",
			[]string{"primary of 2011-12-29: ana until 2012-01-01T00:00:00+14:00, then cy"},
		},
		{
			"the team moves so far east that a day has no time", movedEast, primary("ana", "bo", "cy", "dee"), "2026-11-22", "2026-11-22T20:00:00-08:00",
			[]string{"primary of 2026-11-22: ana until 2026-11-24T11:00:00+09:00, then cy"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, duty := range oncall.Duties(tt.team, instant(tt.at), tt.plan.days(tt.first)) {
				got = append(got, said(duty))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("OnCall(%s):\n got %q\nwant %q", tt.at, got, tt.want)
			}
		})
	}
}

// The resolver's answers, put one after the other, are the roster: whoever it says
// is next is on call when it says so, and nobody else was in between.
func TestOnCallIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		around := drawDate(t)
		team := drawTeam(t, around)
		team.Roles = team.Roles[:1]
		people := rapid.SliceOfN(rapid.SampledFrom([]roster.PersonID{"", "ana", "bo"}), 40, 40).Draw(t, "people")
		days := plan{"primary": people}.days(around.AddDays(-10).String())
		at := team.ShiftOf(around.AddDays(-9)).Start.Add(time.Duration(rapid.Int64Range(0, int64(15*24*time.Hour)).Draw(t, "at")))

		now := oncall.Duties(&team, at, days)[0]
		if !now.Until.After(at) {
			t.Fatalf("Until: got %v, want after %v", now.Until, at)
		}
		if got, want := now.Person, days(team.DayAt(at)).Assignments["primary"]; got != want {
			t.Fatalf("Person: got %q, want %q", got, want)
		}
		last := now.Until.Add(-1)
		if got := days(team.DayAt(last)).Assignments["primary"]; got != now.Person {
			t.Fatalf("on call in the duty's last instant: got %q, want %q", got, now.Person)
		}
		between := at.Add(time.Duration(rapid.Int64Range(0, int64(last.Sub(at))).Draw(t, "between")))
		if got := oncall.Duties(&team, between, days)[0]; got.Person != now.Person || !now.Open && !got.Until.Equal(now.Until) {
			t.Fatalf("within the duty, at %v: got %s, want as at %v: %s", between, said(got), at, said(now))
		}
		if now.Open {
			return
		}
		if now.Next == now.Person {
			t.Fatalf("Next: got %q, want someone else", now.Next)
		}
		if got := oncall.Duties(&team, now.Until, days)[0]; got.Person != now.Next {
			t.Fatalf("on call at Until: got %q, want Next %q", got.Person, now.Next)
		}
	})
}

// OnCall asks for no day outside Span, so that whoever loads the Span has all of it.
func TestOnCallStaysInSpan(t *testing.T) {
	t.Parallel()
	team := teamIn("Europe/Berlin", "09:00")
	at := instant("2026-11-23T08:00:00+01:00")
	from, to := oncall.Span(team, at)
	if got, want := from.String()+"–"+to.String(), "2026-11-22–2026-12-26"; got != want {
		t.Errorf("Span: got %s, want %s", got, want)
	}
	asked := map[roster.Date]bool{}
	oncall.Duties(team, at, func(d roster.Date) roster.Day {
		if d.Before(from) || to.Before(d) {
			t.Errorf("day asked for: got %s, want one of %s–%s", d, from, to)
		}
		asked[d] = true
		return roster.Day{Date: d}
	})
	if got, want := len(asked), oncall.LookAhead+1; got != want {
		t.Errorf("days asked for: got %d, want %d", got, want)
	}
}

func TestByDate(t *testing.T) {
	t.Parallel()
	days := roster.ByDate([]roster.Day{{Date: date("2026-11-23"), Note: "moving house"}})
	if got, want := days(date("2026-11-23")).Note, "moving house"; got != want {
		t.Errorf("note of 2026-11-23: got %q, want %q", got, want)
	}
	other := days(date("2026-11-24"))
	if !other.IsEmpty() || other.Date != date("2026-11-24") {
		t.Errorf("a day that is not among them: got %+v, want the empty 2026-11-24", other)
	}
}
