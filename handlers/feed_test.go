package handlers_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	goical "github.com/emersion/go-ical"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store/storetest"
)

// seat makes an edit of one day in the store, past or not.
func (s *site) seat(t *testing.T, team roster.TeamID, on, note string, seats map[roster.RoleID]roster.PersonID) {
	t.Helper()
	d := must(roster.ParseDate(on))
	days, err := s.store.Days(t.Context(), team, d, d)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.store.Save(t.Context(), team, roster.Edit{
		Change: storetest.NewID(), Actor: roster.Actor{Name: "test"}, Why: roster.WhyEdit, Time: s.now(),
		Days: []roster.DayEdit{{BasedOn: days[0].Revision, Day: roster.Day{Date: d, Assignments: seats, Note: note}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// putPeople makes people with ids and names in turn.
func (s *site) putPeople(t *testing.T, idsAndNames ...string) {
	t.Helper()
	for i := 0; i < len(idsAndNames); i += 2 {
		p := roster.Person{ID: roster.PersonID(idsAndNames[i]), Name: idsAndNames[i+1], Active: true, Revision: storetest.NewID()}
		if err := s.store.PutPerson(t.Context(), p, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// newFeed makes a feed on the page at the path, and gives the path of the calendar.
func (s *site) newFeed(t *testing.T, page, form string) string {
	t.Helper()
	html := s.send(t, "POST", page, form).want(http.StatusOK).html()
	shown, err := url.Parse(attr(html, "#feed-url", "value"))
	if err != nil || shown.Scheme != "http" || shown.Host != "example.com" || !strings.HasPrefix(shown.Path, "/feeds/roster_") {
		t.Fatalf("the feed's URL: got %v, %v, want one of this site", shown, err)
	}
	return shown.Path
}

// readCalendar reads a feed.
func readCalendar(t *testing.T, a answer) (*goical.Calendar, []goical.Event) {
	t.Helper()
	if got := a.Header().Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("got Cache-Control %q, want it private", got)
	}
	cal, events := decodeCalendar(t, a)
	if got := cal.Props.Get("REFRESH-INTERVAL"); got == nil || got.Value != "PT1H" || !slices.Equal(got.Params.Values("VALUE"), []string{"DURATION"}) {
		t.Errorf("got the refresh interval %+v, want an hour, as a duration", got)
	}
	return cal, events
}

// decodeCalendar reads an answer with a second iCalendar library and lets that check it.
func decodeCalendar(t *testing.T, a answer) (*goical.Calendar, []goical.Event) {
	t.Helper()
	a.want(http.StatusOK)
	if got := a.Header().Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Errorf("got Content-Type %q, want text/calendar", got)
	}
	for line := range bytes.SplitSeq(bytes.TrimSuffix(a.Body.Bytes(), []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 75 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("the line %q: got %d octets, want at most 75 and CR and LF at its end alone", line, len(line))
		}
	}
	cal, err := goical.NewDecoder(a.Body).Decode()
	if err != nil {
		t.Fatalf("a second library: got %v, want it to read the feed", err)
	}
	// It holds a calendar against RFC 5545 when it writes one.
	if err := goical.NewEncoder(io.Discard).Encode(cal); err != nil {
		t.Errorf("a second library: got %v, want a valid calendar", err)
	}
	events := cal.Events()
	var ids []string
	for _, e := range events {
		id := eventText(t, e, "UID")
		if slices.Contains(ids, id) {
			t.Errorf("the UID %s is there twice", id)
		}
		ids = append(ids, id)
	}
	return cal, events
}

func eventText(t *testing.T, e goical.Event, name string) string {
	t.Helper()
	text, err := e.Props.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func eventTime(t *testing.T, e goical.Event, name string) time.Time {
	t.Helper()
	at, err := e.Props.DateTime(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func sequence(t *testing.T, e goical.Event) int {
	t.Helper()
	n, err := e.Props.Get("SEQUENCE").Int()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// In Berlin clocks change in the night to 25 October 2026 and to 28 March 2027.
func TestFeedOverBothClockChanges(t *testing.T) {
	s := newSite(t)
	s.putPeople(t, "ana", "Ana Ruiz")
	want := map[string]time.Duration{
		"2026-10-23": 24 * time.Hour, "2026-10-24": 25 * time.Hour, "2026-10-25": 24 * time.Hour,
		"2027-03-26": 24 * time.Hour, "2027-03-27": 23 * time.Hour, "2027-03-28": 24 * time.Hour,
	}
	for on := range want {
		s.seat(t, "ops", on, "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	}
	_, events := readCalendar(t, s.send(t, "GET", s.newFeed(t, "/teams/ops/feeds", "name=Wall"), ""))
	if len(events) != len(want) {
		t.Fatalf("got %d events, want %d: a gap is none", len(events), len(want))
	}
	berlin := s.now().Location()
	for _, e := range events {
		start, end := eventTime(t, e, "DTSTART"), eventTime(t, e, "DTEND")
		on := roster.DateOf(start.In(berlin)).String()
		if got := end.Sub(start); got != want[on] {
			t.Errorf("%s: got %v, want %v", on, got, want[on])
		}
		if got := start.In(berlin).Format("15:04") + "-" + end.In(berlin).Format("15:04"); got != "09:00-09:00" {
			t.Errorf("%s: got %s, want from hand-off to hand-off", on, got)
		}
		if got := eventText(t, e, "UID"); got != on+".primary.ops@dailyroster" {
			t.Errorf("%s: got the UID %s, want it made of date, role and team", on, got)
		}
		if got := eventText(t, e, "SUMMARY"); got != "Ana Ruiz (Primary, Ops)" {
			t.Errorf("%s: got %q, want name, role and team", on, got)
		}
	}
}

// A file of days has the events of the feed by the same names, and none for a gap; with
// nobody on call it is a calendar too.
func TestExportedCalendar(t *testing.T) {
	s := newSite(t)
	const file = "/teams/ops/days.ics?from=2026-10-23&to=2026-10-26"
	cal, events := decodeCalendar(t, s.send(t, "GET", file, ""))
	if name, err := cal.Props.Text("NAME"); err != nil || name != "Ops" || len(events) != 0 {
		t.Errorf("of nobody's days: got the calendar %q, %v, with %d events, want none", name, err, len(events))
	}
	s.putPeople(t, "ana", "Ana Ruiz", "bo", strings.Repeat("Bo ", 30)+"Chen")
	for _, on := range []string{"2026-10-23", "2026-10-24", "2026-10-26"} {
		s.seat(t, "ops", on, "one\ntwo; "+strings.Repeat("long, ", 30), map[roster.RoleID]roster.PersonID{"primary": "ana", "secondary": "bo"})
	}
	list := func(events []goical.Event) (all []string) {
		for _, e := range events {
			all = append(all, eventText(t, e, "UID")+eventTime(t, e, "DTSTART").Format(" 02T15:04")+eventTime(t, e, "DTEND").Format("-02T15:04"))
		}
		return all
	}
	_, events = decodeCalendar(t, s.send(t, "GET", file, ""))
	want := []string{
		"2026-10-23.primary.ops@dailyroster 23T07:00-24T07:00", "2026-10-23.secondary.ops@dailyroster 23T07:00-24T07:00",
		"2026-10-24.primary.ops@dailyroster 24T07:00-25T08:00", "2026-10-24.secondary.ops@dailyroster 24T07:00-25T08:00",
		"2026-10-26.primary.ops@dailyroster 26T08:00-27T08:00", "2026-10-26.secondary.ops@dailyroster 26T08:00-27T08:00",
	}
	if got := list(events); !slices.Equal(got, want) {
		t.Errorf("the file: got %q, want %q", got, want)
	}
	if got := eventText(t, events[0], "SUMMARY"); got != "Ana Ruiz (Primary)" {
		t.Errorf("the file: got %q, want name and role", got)
	}
	_, events = readCalendar(t, s.send(t, "GET", s.newFeed(t, "/teams/ops/feeds", "name=Wall"), ""))
	if got := list(events); !slices.Equal(got, want) {
		t.Errorf("the feed: got %q, want %q", got, want)
	}
}

// Names and notes may have whatever means something in a calendar.
func TestFeedWithOddNames(t *testing.T) {
	s := newSite(t)
	names := []string{
		"Zoë, née Ōe; “the” \\n", strings.Repeat("ß漢👩‍🚒", 16)[:200], "محمد بن سلمان",
		"Anna " + strings.Repeat("Łukasiewicz ", 6), "BEGIN:VEVENT",
	}
	names[1] = strings.ToValidUTF8(names[1], "")
	note := "one; two, three\n" + strings.Repeat("ж", 200) + "\nEND:VEVENT \\, \\n"
	for i, name := range names {
		id := string(rune('a' + i))
		s.putPeople(t, id, name)
		s.seat(t, "ops", must(roster.ParseDate("2026-11-24")).AddDays(i).String(), note, map[roster.RoleID]roster.PersonID{"primary": roster.PersonID(id)})
	}
	_, events := readCalendar(t, s.send(t, "GET", s.newFeed(t, "/teams/ops/feeds", "name=Wall"), ""))
	if len(events) != len(names) {
		t.Fatalf("got %d events, want %d", len(events), len(names))
	}
	for i, e := range events {
		if got, want := eventText(t, e, "SUMMARY"), names[i]+" (Primary, Ops)"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := eventText(t, e, "DESCRIPTION"); got != note {
			t.Errorf("got the note %q, want %q", got, note)
		}
	}
}

// An event keeps its UID whoever has the seat, its SEQUENCE grows with each edit, and who
// asks again gets the calendar only when there is something new, for little work.
func TestFeedFollowsTheRoster(t *testing.T) {
	s := newSite(t)
	counted := &counting{Store: s.store}
	s = siteOn(t, counted)
	s.putPeople(t, "ana", "Ana", "bo", "Bo")
	feed := s.newFeed(t, "/teams/ops/feeds", "name=Wall")
	tag := ""
	read := func() []goical.Event {
		t.Helper()
		a := s.send(t, "GET", feed, "", "If-None-Match", tag)
		if got := a.Header().Get("ETag"); got == tag {
			t.Fatalf("got the ETag %s again, want another one", got)
		}
		tag = a.Header().Get("ETag")
		_, events := readCalendar(t, a)
		counted.since()
		if again := s.send(t, "GET", feed, "", "If-None-Match", tag).want(http.StatusNotModified); again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
			t.Errorf("got %d bytes and the ETag %s with a 304, want none and %s", again.Body.Len(), again.Header().Get("ETag"), tag)
		}
		if got := counted.since(); got != "people team versions" {
			t.Errorf("for a 304 the store was asked for %s, want no days", got)
		}
		s.advance(time.Hour)
		return events
	}
	if events := read(); len(events) != 0 {
		t.Errorf("got %d events of nobody's days, want none", len(events))
	}
	last := -1
	for i, step := range []struct {
		note string
		who  roster.PersonID
	}{{"", "ana"}, {"", "bo"}, {"with the new phone", "bo"}, {"", "bo"}} {
		made := s.now()
		s.seat(t, "ops", "2026-11-24", step.note, map[roster.RoleID]roster.PersonID{"secondary": step.who})
		events := read()
		if len(events) != 1 {
			t.Fatalf("step %d: got %d events, want one", i, len(events))
		}
		if got := sequence(t, events[0]); got <= last {
			t.Errorf("step %d: got SEQUENCE %d after %d, want it to grow", i, got, last)
		} else {
			last = got
		}
		if got := eventText(t, events[0], "UID"); got != "2026-11-24.secondary.ops@dailyroster" {
			t.Errorf("step %d: got the UID %s, want it stable", i, got)
		}
		for _, name := range []string{"DTSTAMP", "LAST-MODIFIED"} {
			if got := eventTime(t, events[0], name); !got.Equal(made) {
				t.Errorf("step %d: got %s %v, want when it was edited, %v", i, name, got, made)
			}
		}
	}
	// A later hand-off from the day on moves the event.
	team, err := s.store.Team(t.Context(), "ops")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := team.WithSettings(roster.Settings{From: must(roster.ParseDate("2026-11-24")), Zone: team.Settings[0].Zone, HandOff: 12 * 60}, must(roster.ParseDate("2026-11-23")))
	if err != nil {
		t.Fatal(err)
	}
	changed.Revision = storetest.NewID()
	if err := s.store.PutTeam(t.Context(), changed, team.Revision); err != nil {
		t.Fatal(err)
	}
	if events := read(); sequence(t, events[0]) <= last || eventTime(t, events[0], "DTSTART").Hour() != 11 {
		t.Errorf("after a change of the hand-off: got SEQUENCE %d from %v, want more than %d from 11:00 UTC", sequence(t, events[0]), eventTime(t, events[0], "DTSTART"), last)
	}
	s.seat(t, "ops", "2026-11-24", "nobody", nil)
	if events := read(); len(events) != 0 {
		t.Errorf("got %d events of a gap, want none", len(events))
	}
	// Somebody's new name is news too, and what is far away is not in it.
	s.seat(t, "ops", "2026-09-30", "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	s.seat(t, "ops", "2027-12-01", "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	s.seat(t, "ops", "2026-10-01", "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	s.seat(t, "ops", "2027-11-30", "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	if events := read(); len(events) != 2 {
		t.Errorf("got %d events, want those of last month and in a year", len(events))
	}
	ana, err := s.store.Person(t.Context(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	renamed := ana
	renamed.Name, renamed.Revision = "Ana Ruiz", storetest.NewID()
	if err := s.store.PutPerson(t.Context(), renamed, ana.Revision); err != nil {
		t.Fatal(err)
	}
	if events := read(); eventText(t, events[0], "SUMMARY") != "Ana Ruiz (Primary, Ops)" {
		t.Errorf("got %q, want the new name", eventText(t, events[0], "SUMMARY"))
	}
}

// A feed of one role, and one of a person in every team.
func TestFeedOfARoleAndOfAPerson(t *testing.T) {
	s := newSite(t)
	s.putPeople(t, "ana", "Ana", "bo", "Bo")
	s.send(t, "POST", "/api/v1/teams", `{"name":"Web","settings":[{"zone":"America/New_York","handOff":"09:00"}]}`).want(http.StatusCreated)
	s.send(t, "POST", "/api/v1/teams", `{"name":"Idle"}`).want(http.StatusCreated)
	s.seat(t, "ops", "2026-11-24", "", map[roster.RoleID]roster.PersonID{"primary": "ana", "secondary": "bo"})
	s.seat(t, "web", "2026-11-24", "", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	for _, c := range []struct{ page, form, name, want string }{
		{"/teams/ops/feeds", "name=x&role=secondary", "Ops, Secondary", "Bo (Secondary, Ops) 08:00"},
		{"/teams/ops/feeds", "name=x&role=", "Ops", "Ana (Primary, Ops) 08:00; Bo (Secondary, Ops) 08:00"},
		{"/people/ana/feeds", "name=x", "Ana", "Ana (Primary, Ops) 08:00; Ana (Primary, Web) 14:00"},
	} {
		cal, events := readCalendar(t, s.send(t, "GET", s.newFeed(t, c.page, c.form), ""))
		var got []string
		for _, e := range events {
			got = append(got, eventText(t, e, "SUMMARY")+eventTime(t, e, "DTSTART").Format(" 15:04"))
		}
		if all := strings.Join(got, "; "); all != c.want {
			t.Errorf("%s %s: got %s, want %s", c.page, c.form, all, c.want)
		}
		if got, err := cal.Props.Text("NAME"); err != nil || got != c.name {
			t.Errorf("%s %s: got the name %q, %v, want %q", c.page, c.form, got, err, c.name)
		}
	}
	gone := s.newFeed(t, "/people/bo/feeds", "name=x")
	s.send(t, "DELETE", "/api/v1/people/bo", "").want(http.StatusNoContent)
	s.send(t, "GET", gone, "").want(http.StatusNotFound)
	gone = s.newFeed(t, "/teams/web/feeds", "name=x")
	s.send(t, "DELETE", "/api/v1/teams/web", "").want(http.StatusNoContent)
	s.send(t, "GET", gone, "").want(http.StatusNotFound)
}

// A feed's URL is a secret: it is shown once, is over at once when it is revoked, on every
// instance, opens nothing else, and is in no log.
func TestFeedLife(t *testing.T) {
	p := newPair(t)
	ana := p.as(t, editor)
	made := ana.send(t, "POST", "/teams/other/feeds", "name=Wall").want(http.StatusOK)
	if got := made.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("got Cache-Control %q for the page with the secret, want no-store", got)
	}
	_, path, _ := strings.Cut(attr(made.html(), "#feed-url", "value"), "http://example.com")
	secret := strings.TrimSuffix(strings.TrimPrefix(path, "/feeds/"), ".ics")
	id, _, err := credential.ParseTokenText(secret)
	if err != nil {
		t.Fatal(err)
	}
	nobody := p.withToken("")
	status := func(want int) {
		t.Helper()
		for instance := range p.sites {
			nobody.instance = instance
			nobody.send(t, "GET", path, "").want(want)
		}
	}
	status(http.StatusOK)
	waitFor(t, "the last use", func() bool {
		stored, err := p.store.Token(t.Context(), id)
		return err == nil && stored.LastUsed.Equal(p.now())
	})
	list := ana.send(t, "GET", "/teams/other/feeds", "").want(http.StatusOK)
	if strings.Contains(list.Body.String(), secret) {
		t.Error("the list has the secret, want it shown once")
	}
	wantText(t, list.html(), "table", "Wallall roles")
	if html := ana.send(t, "GET", "/teams/other/tokens", "").want(http.StatusOK).html(); html.Find("table").Length() > 0 {
		t.Error("the list of tokens has the feed, want it in its own")
	}
	p.withToken(secret).send(t, "GET", "/api/v1/oncall", "").wantProblem(http.StatusUnauthorized, "bad-token", "")
	_, token := p.makeToken(t, credential.Token{Team: "other"})
	for _, other := range []string{token, secret[:len(secret)-4] + "AAAA", "roster_", "x"} {
		nobody.send(t, "GET", "/feeds/"+other+".ics", "").want(http.StatusNotFound)
	}
	nobody.instance = 0
	nobody.send(t, "GET", "/teams/"+secret, "").want(http.StatusUnauthorized)
	ana.send(t, "POST", "/people/ana/feeds/"+string(id)+"/revoke", "").want(http.StatusNotFound)
	status(http.StatusOK)
	ana.send(t, "POST", "/teams/other/feeds/"+string(id)+"/revoke", "").want(http.StatusSeeOther)
	status(http.StatusNotFound)
	wantText(t, ana.send(t, "GET", "/teams/other/feeds", "").want(http.StatusOK).html(), "table", "revoked by Ana Ruiz")
	if text := p.log.String(); strings.Contains(text, secret[40:]) || !strings.Contains(text, "path=/feeds/…") || !strings.Contains(text, `by="token `+string(id)) {
		t.Errorf("the log: got %s, want the feed's token told and its secret not", text)
	}
}

func TestFeedForm(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ form, message string }{
		{"name=", "the name is empty"}, {"name=x&role=nonsense", "the team has no such role"},
	} {
		html := s.send(t, "POST", "/teams/ops/feeds", c.form).want(http.StatusUnprocessableEntity).html()
		wantText(t, html, "form .error", c.message)
		if html.Find("#feed-url, table").Length() > 0 {
			t.Errorf("%s: a feed was made, want none", c.form)
		}
	}
	for _, c := range []struct{ origin, proto, want string }{
		{"https://example.com", "", "https://example.com/"}, {"", "https", "https://example.com/"}, {"", "", "http://example.com/"},
	} {
		html := s.send(t, "POST", "/teams/ops/feeds", "name=x", "Origin", c.origin, "X-Forwarded-Proto", c.proto).want(http.StatusOK).html()
		if got := attr(html, "#feed-url", "value"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v: got %s", c, got)
		}
	}
	for range credential.MaxTokens - 3 {
		s.send(t, "POST", "/teams/ops/feeds", "name=x").want(http.StatusOK)
	}
	wantText(t, s.send(t, "POST", "/teams/ops/feeds", "name=x").want(http.StatusUnprocessableEntity).html(), "form .error", "there are already 50 calendar feeds")
}
