package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
)

const everyDay = `["mon","tue","wed","thu","fri","sat","sun"]`

// hours is a role in JSON that is on duty every day.
func hours(name, zone, from, to string) string {
	return fmt.Sprintf(`{"name":%q,"hours":[{"zone":%q,"spans":[{"days":%s,"from":%q,"to":%q}]}]}`, name, zone, everyDay, from, to)
}

// makeTeam makes a team through the API, whose roles are held by people called as they are.
func (s *site) makeTeam(t *testing.T, id, zone, handOff string, from, to roster.Date, roles ...string) {
	t.Helper()
	s.send(t, "POST", "/api/v1/teams", fmt.Sprintf(`{"id":%q,"name":"Team %s","settings":[{"zone":%q,"handOff":%q}],"roles":[%s]}`,
		id, id, zone, handOff, strings.Join(roles, ","))).want(http.StatusCreated)
	var team struct{ Roles []struct{ ID roster.RoleID } }
	s.send(t, "GET", "/api/v1/teams/"+id, "").want(http.StatusOK).json(&team)
	for d := from; !to.Before(d); d = d.AddDays(1) {
		seats := map[roster.RoleID]roster.PersonID{}
		for _, role := range team.Roles {
			seats[role.ID] = roster.PersonID(fmt.Sprintf("%s-%d", role.ID, d.Day))
		}
		s.seat(t, roster.TeamID(id), d.String(), "", seats)
	}
}

func (s *site) called(t *testing.T, team string, at time.Time) string {
	t.Helper()
	got := s.send(t, "GET", "/api/v1/teams/"+team+"/oncall?at="+at.UTC().Format(time.RFC3339), "", "Accept", "text/plain").want(http.StatusOK)
	return strings.TrimSpace(got.Body.String())
}

// TestWhoGetsCalledAllDay asks at each half hour of a day: of a team that follows the sun, with
// eight hours on the clocks of three places, and of a day crew and a night crew on the day that
// clocks change.
func TestWhoGetsCalledAllDay(t *testing.T) {
	s := newSite(t)
	day := func(text string) roster.Date { return must(roster.ParseDate(text)) }
	s.makeTeam(t, "globe", "UTC", "00:00", day("2026-11-20"), day("2026-11-28"),
		hours("apac", "Asia/Tokyo", "09:00", "17:00"), hours("emea", "Europe/Berlin", "08:00", "16:00"), hours("amer", "America/New_York", "09:00", "17:00"))
	s.makeTeam(t, "plant", "Europe/Berlin", "08:00", day("2026-10-20"), day("2026-10-30"),
		hours("day", "", "08:00", "20:00"), hours("night", "", "20:00", "08:00"))
	places := []struct {
		role, zone string
		from, to   int
	}{{"apac", "Asia/Tokyo", 9, 17}, {"emea", "Europe/Berlin", 8, 16}, {"amer", "America/New_York", 9, 17}}
	for half := range 48 {
		at := time.Date(2026, 11, 24, 0, 30*half, 0, 0, time.UTC)
		want := ""
		for _, p := range places {
			local := at.In(must(roster.ParseZone(p.zone)).Location())
			if h := local.Hour(); want == "" && h >= p.from && h < p.to {
				want = fmt.Sprintf("%s-%d", p.role, local.Day())
			}
		}
		if got := s.called(t, "globe", at); got != want {
			t.Errorf("around the sun at %s: got %q, want %q", at, got, want)
		}
	}
	for half := range 60 { // the night has 13 hours
		at := time.Date(2026, 10, 24, 6, 30*half, 0, 0, time.UTC)
		local := at.In(must(roster.ParseZone("Europe/Berlin")).Location())
		want := fmt.Sprintf("day-%d", local.Day())
		switch {
		case local.Hour() < 8:
			want = fmt.Sprintf("night-%d", local.Day()-1)
		case local.Hour() >= 20:
			want = fmt.Sprintf("night-%d", local.Day())
		}
		if got := s.called(t, "plant", at); got != want {
			t.Errorf("day and night at %s: got %q, want %q", local, got, want)
		}
	}

	var now struct {
		Called struct {
			Role   string
			Person struct{ ID string }
			Until  time.Time
			Next   struct{ Person struct{ ID string } }
		}
		Roles []struct {
			Role    struct{ ID string }
			Person  *struct{ ID string }
			OffDuty bool
			Until   time.Time
			Next    struct {
				Person struct{ ID string }
				From   time.Time
			}
		}
	}
	s.send(t, "GET", "/api/v1/teams/globe/oncall?at=2026-11-24T07:30:00Z", "").want(http.StatusOK).json(&now)
	if c := now.Called; c.Role != "apac" || c.Person.ID != "apac-24" || !c.Until.Equal(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) || c.Next.Person.ID != "emea-24" {
		t.Errorf("called: got %+v, want apac-24 until 08:00 UTC, then emea-24", c)
	}
	if amer := now.Roles[2]; amer.Role.ID != "amer" || !amer.OffDuty || amer.Person != nil || amer.Next.Person.ID != "amer-24" || !amer.Until.Equal(time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)) || !amer.Next.From.Equal(amer.Until) {
		t.Errorf("amer: got %+v, want off duty until 14:00 UTC, then amer-24", amer)
	}
	banner := s.send(t, "GET", "/teams/globe", "").want(http.StatusOK).html()
	wantText(t, banner, ".oncall", "On call now: emea-23")
	wantText(t, banner, ".oncall", "off duty until")
}

// TestHoursInTheAPI sends hours that are wrong, and changes them.
func TestHoursInTheAPI(t *testing.T) {
	s := newSite(t)
	put := func(roles string) answer {
		t.Helper()
		return s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","roles":[`+roles+`]}`)
	}
	role := func(hours string) string { return `{"id":"primary","hours":` + hours + `},"secondary"` }
	span := func(days, from, to string) string {
		return fmt.Sprintf(`{"days":%s,"from":%q,"to":%q}`, days, from, to)
	}
	for _, wrong := range []struct{ hours, field string }{
		{`[{"from":"2026-11-25","zone":"Mars/Base","spans":[` + span(everyDay, "08:00", "20:00") + `]}]`, "roles.0.hours.0.zone"},
		{`[{"from":"soon","spans":[]}]`, "roles.0.hours.0.from"},
		{`[{"from":"2026-11-25","spans":[` + span(everyDay, "8", "20:00") + `]}]`, "roles.0.hours.0.spans.0.from"},
		{`[{"from":"2026-11-25","spans":[` + span(`["mo"]`, "08:00", "20:00") + `]}]`, "roles.0.hours.0.spans.0.days"},
		{`[{"from":"2026-11-25","spans":[` + span(`[]`, "08:00", "20:00") + `]}]`, "roles.0.hours.0.spans.0.days"},
		{`[{"from":"2026-11-25","spans":[` + span(everyDay, "20:00", "08:00") + `,` + span(`["tue"]`, "07:00", "09:00") + `]}]`, "roles.0.hours.0.spans.1"},
		{`[{"from":"2026-11-25","spans":[` + strings.Repeat(span(everyDay, "08:00", "20:00")+",", 14) + span(everyDay, "08:00", "20:00") + `]}]`, "roles.0.hours.0.spans"},
		{`[{"from":"2026-11-22","spans":[` + span(everyDay, "08:00", "20:00") + `]}]`, "roles.0.hours"}, // is past
		{`[{"from":"2026-11-23","spans":[` + span(everyDay, "00:00", "08:00") + `]}]`, "roles.0.hours"}, // was served
		{`[{"from":"2026-11-25","spans":[{"form":"08:00"}]}]`, "roles.0.hours.form"},
		{`"always"`, "roles.0.hours"},
	} {
		put(role(wrong.hours)).wantProblem(http.StatusUnprocessableEntity, "invalid", wrong.field)
	}
	var team struct {
		Roles []struct {
			ID    string
			Hours []struct {
				From, Zone string
				Spans      []struct {
					Days     []string
					From, To string
				}
			}
		}
		Revision string
	}
	first := put(role(`[{"from":"2026-11-25","zone":"Asia/Tokyo","spans":[` + span(everyDay, "08:00", "20:00") + `]}]`)).want(http.StatusOK)
	first.json(&team)
	if got := team.Roles[0].Hours; len(got) != 1 || got[0].From != "2026-11-25" || got[0].Zone != "Asia/Tokyo" || len(got[0].Spans[0].Days) != 7 || got[0].Spans[0].To != "20:00" || team.Roles[1].Hours != nil {
		t.Fatalf("got %+v, want the hours as they were sent, for one role", team.Roles)
	}
	put(`"primary","secondary"`).want(http.StatusOK).json(&team) // what is left out stays
	if len(team.Roles[0].Hours) != 1 {
		t.Errorf("roles without hours: got %+v, want the hours as they were", team.Roles)
	}
	again := s.send(t, "GET", "/api/v1/teams/ops", "").want(http.StatusOK).Body.String()
	s.send(t, "PUT", "/api/v1/teams/ops", again).want(http.StatusOK).json(&team)
	if len(team.Roles[0].Hours) != 1 {
		t.Errorf("an answer sent back: got %+v, want it accepted", team.Roles)
	}
	put(role(`[]`)).want(http.StatusOK) // they had not begun
	if got := s.send(t, "GET", "/api/v1/teams/ops", "").Body.String(); strings.Contains(got, "hours") {
		t.Errorf("without hours: got %s, want none", got)
	}
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","rates":{"currency":"EUR","hour":"1.005"}}`).want(http.StatusUnprocessableEntity)
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","rates":{"currency":"euro"}}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "rates.currency")
}

// TestHoursAreCounted holds coverage, fairness and pay of a team against numbers made by hand.
func TestHoursAreCounted(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/teams", `{"id":"plant","name":"Plant","settings":[{"zone":"Europe/Berlin","handOff":"08:00"}],"holidays":[{"date":"2026-11-26","name":"Feast"}],
		"roles":[`+hours("day", "", "08:00", "20:00")+`,`+hours("night", "", "20:00", "06:00")+`],"rates":{"currency":"EUR","hour":"2","night":"5","weekend":"4","holiday":"3.33"}}`).want(http.StatusCreated)
	s.putPeople(t, "ana", "Ana", "bo", "Bo")
	for _, d := range []string{"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"} {
		seats := map[roster.RoleID]roster.PersonID{"day": "ana", "night": "bo"}
		if d == "2026-11-25" {
			delete(seats, "night")
		}
		s.seat(t, "plant", d, "", seats)
	}
	type timed struct {
		Total, Covered float64
		Percent        int
		Gaps           []struct{ Start, End time.Time }
	}
	var all struct {
		Teams []struct {
			Team   struct{ ID string }
			Called *timed
			Roles  []struct {
				Percent int
				Hours   *timed
			}
		}
	}
	s.send(t, "GET", "/api/v1/coverage?weeks=1", "").want(http.StatusOK).json(&all)
	at := slices.IndexFunc(all.Teams, func(c struct {
		Team   struct{ ID string }
		Called *timed
		Roles  []struct {
			Percent int
			Hours   *timed
		}
	}) bool {
		return c.Team.ID == "plant"
	})
	plant := all.Teams[at]
	if c := plant.Called; c.Total != 168 || c.Covered != 168-7*2-10 || c.Percent != 85 || len(c.Gaps) != 7 {
		t.Errorf("called: got %+v, want 144 of 168 hours, and a gap before each day, one of them a night longer", c)
	}
	if night := plant.Roles[1].Hours; night.Total != 70 || night.Covered != 60 || len(night.Gaps) != 1 || !night.Gaps[0].Start.Equal(time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)) {
		t.Errorf("night: got %+v, want one gap of 70 hours, from 20:00 on the 25th", night)
	}
	if ops := all.Teams[1-at]; ops.Called != nil || ops.Roles[0].Hours != nil {
		t.Errorf("a team without hours: got %+v, want only days", ops)
	}

	var fair struct {
		People []struct {
			Person     struct{ ID string }
			TotalHours struct{ Total, Night, Weekend, Holidays float64 }
		}
	}
	s.send(t, "GET", "/api/v1/teams/plant/fairness?by=range&from=2026-11-23&to=2026-11-29", "").want(http.StatusOK).json(&fair)
	if h := fair.People[0].TotalHours; h.Total != 84 || h.Night != 0 || h.Weekend != 24 || h.Holidays != 12 {
		t.Errorf("ana: got %+v, want 84 hours, 24 at the weekend, 12 on a holiday", h)
	}
	// Bo: six nights of 10 hours, 8 of them night. Weekend: 6 h of Friday's, 10 of Saturday's, 4 of
	// Sunday's. The feast: 4 h of its own night; nobody has the night that ends in it.
	if h := fair.People[1].TotalHours; h.Total != 60 || h.Night != 48 || h.Weekend != 20 || h.Holidays != 4 {
		t.Errorf("bo: got %+v, want 60 hours, 48 at night, 20 at the weekend, 4 on a holiday", h)
	}
	csv := s.send(t, "GET", "/teams/plant/fairness.csv?by=range&from=2026-11-23&to=2026-11-29", "").want(http.StatusOK).Body.String()
	if want := "bo,Bo,night,2026-11-23,2026-11-29,6,2,1,60.00,48.00,20.00,4.00\r\n"; !strings.Contains(csv, want) {
		t.Errorf("fairness.csv: got %s, want the line %s", csv, want)
	}

	// Ana: 48 h at 2, 12 of the feast at 3.33, 24 at 4. Bo: 48 h of night at 5; of the 12 others, from
	// 20:00 to 22:00, 2 of the feast at 3.33, 4 of the weekend at 4 and 6 at 2.
	pay := s.send(t, "GET", "/api/v1/teams/plant/pay", "").want(http.StatusOK) // October
	if got := pay.Body.String(); !strings.Contains(got, `"rows":[]`) || !strings.Contains(got, `"from":"2026-10-01","to":"2026-10-31"`) {
		t.Errorf("the last month: got %s, want nothing in October", got)
	}
	csv = s.send(t, "GET", "/api/v1/teams/plant/pay.csv?from=2026-11-01", "").want(http.StatusOK).Body.String()
	want := "person,name,from,to,hours,night hours,weekend hours,holiday hours,amount,currency\r\n" +
		"ana,Ana,2026-11-01,2026-11-30,84.00,0.00,24.00,12.00,231.96,EUR\r\n" +
		"bo,Bo,2026-11-01,2026-11-30,60.00,48.00,20.00,4.00,274.66,EUR\r\n"
	if csv != want {
		t.Errorf("pay.csv: got\n%s, want\n%s", csv, want)
	}
	s.send(t, "GET", "/api/v1/teams/plant/pay?from=2026-11-30&to=2026-11-01", "").wantProblem(http.StatusBadRequest, "bad-request", "")
	s.wantMetrics(t, `roster_called{team="plant"} 1`, `roster_on_call{role="day",team="plant"} 1`, `roster_gaps{team="plant"} 15`)
}

// TestFeedOfHours reads feeds across both changes of clocks: a role with two spans a day, one
// of them a night.
func TestFeedOfHours(t *testing.T) {
	s := newSite(t)
	s.send(t, "POST", "/api/v1/teams", `{"id":"plant","name":"Plant","settings":[{"zone":"Europe/Berlin","handOff":"08:00"}],
		"roles":[{"name":"crew","hours":[{"spans":[{"days":["sat"],"from":"20:00","to":"08:00"},{"days":["sat"],"from":"02:30","to":"06:00"},{"days":["sun"],"from":"02:30","to":"04:00"}]}]}]}`).
		want(http.StatusUnprocessableEntity) // Sunday's 02:30 is within Saturday's night
	s.send(t, "POST", "/api/v1/teams", `{"id":"plant","name":"Plant","settings":[{"zone":"Europe/Berlin","handOff":"08:00"}],
		"roles":[{"name":"crew","hours":[{"spans":[{"days":["sat"],"from":"20:00","to":"02:30"},{"days":["sat"],"from":"09:00","to":"12:00"},{"days":["sun"],"from":"02:30","to":"04:00"}]}]}]}`).
		want(http.StatusCreated)
	for _, c := range []struct {
		saturday, sunday string
		want             []string
	}{
		{"2026-10-24", "2026-10-25", []string{ // 02:30 is there twice: its first occurrence counts
			"2026-10-24.crew.plant@dailyroster 07:00-10:00", "2026-10-24.crew.plant.2@dailyroster 18:00-00:30", "2026-10-25.crew.plant@dailyroster 00:30-03:00",
		}},
		{"2027-03-27", "2027-03-28", []string{ // 02:30 is not there: the first instant after it counts
			"2027-03-27.crew.plant@dailyroster 08:00-11:00", "2027-03-27.crew.plant.2@dailyroster 19:00-01:00", "2027-03-28.crew.plant@dailyroster 01:00-02:00",
		}},
	} {
		s.seat(t, "plant", c.saturday, "", map[roster.RoleID]roster.PersonID{"crew": "ana"})
		s.seat(t, "plant", c.sunday, "", map[roster.RoleID]roster.PersonID{"crew": "ana"})
		_, events := decodeCalendar(t, s.send(t, "GET", "/api/v1/teams/plant/days.ics?from="+c.saturday+"&to="+c.sunday, ""))
		var got []string
		for _, e := range events {
			got = append(got, fmt.Sprintf("%s %s-%s", eventText(t, e, "UID"), eventTime(t, e, "DTSTART").UTC().Format("15:04"), eventTime(t, e, "DTEND").UTC().Format("15:04")))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("around %s: got %q, want %q", c.sunday, got, c.want)
		}
	}
	path := s.newFeed(t, "/teams/plant/feeds", "name=Phone")
	_, events := readCalendar(t, s.send(t, "GET", path, ""))
	if len(events) != 6 {
		t.Fatalf("the feed: got %d events, want six", len(events))
	}
	was := sequence(t, events[5])
	s.send(t, "PUT", "/api/v1/teams/plant", `{"name":"Plant","roles":[{"name":"crew","hours":[
		{"spans":[{"days":["sat"],"from":"20:00","to":"02:30"},{"days":["sat"],"from":"09:00","to":"12:00"},{"days":["sun"],"from":"02:30","to":"04:00"}]},
		{"from":"2027-01-01","spans":[{"days":["sat","sun"],"from":"09:00","to":"10:00"}]}]}]}`).want(http.StatusOK)
	_, events = readCalendar(t, s.send(t, "GET", path, ""))
	if len(events) != 5 || sequence(t, events[4]) <= was || eventText(t, events[4], "UID") != "2027-03-28.crew.plant@dailyroster" {
		t.Errorf("after new hours: got %d events, the last of them %s at sequence %d, want five, and more than %d", len(events), eventText(t, events[4], "UID"), sequence(t, events[4]), was)
	}
}

// TestHoursThatAreOver refuses to exchange a seat once its last hours have ended, and not
// before, whatever day it is.
func TestHoursThatAreOver(t *testing.T) {
	s := newSite(t)
	day := func(text string) roster.Date { return must(roster.ParseDate(text)) }
	s.makeTeam(t, "plant", "Europe/Berlin", "00:00", day("2026-11-22"), day("2026-11-26"),
		hours("early", "", "04:00", "08:00"), hours("night", "", "20:00", "11:00"))
	s.putPeople(t, "cleo", "Cleo")
	take := func(date, role string) answer {
		return s.send(t, "POST", "/api/v1/teams/plant/exchanges", fmt.Sprintf(`{"kind":"take","seat":{"date":%q,"role":%q},"by":"cleo"}`, date, role))
	}
	take("2026-11-23", "early").wantProblem(http.StatusUnprocessableEntity, "invalid", "seat.date") // ended at 08:00; it is 10:00
	take("2026-11-22", "early").wantProblem(http.StatusUnprocessableEntity, "invalid", "seat.date")
	take("2026-11-22", "night").want(http.StatusCreated) // ends at 11:00 today
	s.set(time.Date(2026, 11, 23, 11, 30, 0, 0, time.UTC))
	take("2026-11-22", "night").wantProblem(http.StatusUnprocessableEntity, "invalid", "seat.date")
	take("2026-11-23", "night").want(http.StatusCreated)
}

// TestAwayWhileHoursLast: who has a night is needed on both of its civil days, on the clocks
// where they live.
func TestAwayWhileHoursLast(t *testing.T) {
	s := newSite(t)
	day := func(text string) roster.Date { return must(roster.ParseDate(text)) }
	s.makeTeam(t, "plant", "Europe/Berlin", "08:00", day("2026-11-24"), day("2026-11-27"),
		hours("day", "", "08:00", "20:00"), hours("night", "", "20:00", "08:00"))
	for _, p := range []struct{ name, zone, away string }{
		{"Friday", "", "2026-11-27"}, {"Elsewhere", "Pacific/Auckland", "2026-11-26"}, {"Home", "", "2026-11-28"},
	} {
		s.send(t, "POST", "/api/v1/people", fmt.Sprintf(`{"name":%q,"zone":%q,"absences":[{"from":%q,"to":%q}]}`, p.name, p.zone, p.away, p.away)).want(http.StatusCreated)
	}
	for _, c := range []struct {
		date, role, by string
		status         int
	}{
		{"2026-11-26", "night", "friday", http.StatusUnprocessableEntity}, // lasts into Friday
		{"2026-11-26", "day", "friday", http.StatusCreated},
		{"2026-11-25", "night", "home", http.StatusCreated},
		{"2026-11-27", "night", "home", http.StatusUnprocessableEntity},
		{"2026-11-25", "day", "elsewhere", http.StatusUnprocessableEntity}, // ends at 08:00 on the 26th in Auckland
		{"2026-11-24", "day", "elsewhere", http.StatusCreated},
	} {
		got := s.send(t, "POST", "/api/v1/teams/plant/exchanges", fmt.Sprintf(`{"kind":"take","seat":{"date":%q,"role":%q},"by":%q}`, c.date, c.role, c.by))
		if got.Code != c.status {
			t.Errorf("%s takes %s of %s: got %d %s, want %d", c.by, c.role, c.date, got.Code, got.Body, c.status)
		}
	}
}
