package telling_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
	"dailyroster/telling"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func date(s string) roster.Date { return must(roster.ParseDate(s)) }

// house is a store with the team ops, whose instances tell of its roster. Its clock stands until
// it is set.
type house struct {
	t     *testing.T
	store store.Store

	mu   sync.Mutex
	now  time.Time
	sent []letter
	// refuse, if set, is asked what becomes of a message.
	refuse func(to string) error
}

// letter is what a receiver got.
type letter struct {
	from, to string // the instance, and the receiver
	notify.Message
}

// The day in Berlin begins at nine.
func newHouse(t *testing.T) *house {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h := &house{t: t, store: s, now: time.Date(2026, 11, 24, 7, 59, 59, 0, time.UTC)}
	zone := must(roster.ParseZone("Europe/Berlin"))
	h.must(s.PutTeam(t.Context(), roster.Team{
		ID: "ops", Name: "Ops", Roles: roster.DefaultRoles(), Revision: storetest.NewID(),
		Settings: []roster.Settings{{From: date("2000-01-01"), Zone: zone, HandOff: 9 * 60}},
	}, ""))
	for _, name := range []string{"Ana Ruiz", "Bo Chen", "Cleo Diaz"} {
		given, _, _ := strings.Cut(strings.ToLower(name), " ")
		h.must(s.PutPerson(t.Context(), roster.Person{
			ID: roster.PersonID(given), Name: name, Email: given + "@example.org", Phone: "+49 30 1234", Active: true, Zone: zone, Revision: storetest.NewID(),
		}, ""))
	}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) set(at string) {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = must(time.ParseInLocation("2006-01-02 15:04:05", at, must(time.LoadLocation("Europe/Berlin"))))
}

// assign gives days from the first on to people as primary, one for each name.
func (h *house) assign(first, names, actor string) roster.ChangeID {
	h.t.Helper()
	var days []roster.DayEdit
	for i, name := range strings.Fields(names) {
		d := date(first).AddDays(i)
		now, err := h.store.Days(h.t.Context(), "ops", d, d)
		h.must(err)
		day := now[0].Clone()
		day.Assign("primary", roster.PersonID(strings.Trim(name, "-")))
		days = append(days, roster.DayEdit{BasedOn: now[0].Revision, Day: day})
	}
	id := storetest.NewID()
	_, err := h.store.Save(h.t.Context(), "ops", roster.Edit{
		Change: id, Actor: roster.Actor{Name: actor, ID: roster.PersonActor(actor)}, Why: roster.WhyEdit, Time: h.clock().UTC(), Days: days,
	})
	h.must(err)
	return id
}

// take is how every receiver takes a message.
func (h *house) take(from, to string, m notify.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse != nil {
		if err := h.refuse(to); err != nil {
			return err
		}
	}
	h.sent = append(h.sent, letter{from, to, m})
	return nil
}

// instance is a process that tells.
func (h *house) instance(name string) *telling.Teller {
	return telling.New(telling.Config{
		Store: h.store, Log: slog.New(slog.DiscardHandler), Now: h.clock, Random: rand.Reader, Instance: name, Site: "https://roster.example.org",
		Ways: telling.Ways{
			Email:   func(_ context.Context, to string, m notify.Message) error { return h.take(name, to, m) },
			Webhook: func(_ context.Context, url, _ string, m notify.Message) error { return h.take(name, url, m) },
			Chat:    func(_ context.Context, url string, m notify.Message) error { return h.take(name, url, m) },
			Check:   func(notice.Way, string) error { return nil },
		},
	})
}

// got gives what was sent since it was asked last, when all is done, sorted.
func (h *house) got(rounds ...*telling.Rounds) []letter {
	h.t.Helper()
	for _, r := range rounds {
		h.must(r.Settle(h.t.Context()))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	sent := h.sent
	h.sent = nil
	slices.SortFunc(sent, func(a, b letter) int { return strings.Compare(a.to+a.Subject, b.to+b.Subject) })
	return sent
}

// want compares who got what, each as "to: subject".
func want(t *testing.T, what string, got []letter, want ...string) {
	t.Helper()
	var lines []string
	for _, l := range got {
		lines = append(lines, l.to+": "+l.Subject)
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// A shift comes and begins: each notice is sent once, at its second, whoever sends it.
func TestShiftIsTold(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-23", "ana bo bo", "ana")
	day, err := h.store.Days(t.Context(), "ops", date("2026-11-23"), date("2026-11-23"))
	h.must(err)
	noted := day[0].Clone()
	noted.Note = "The pager is in the drawer."
	_, err = h.store.Save(t.Context(), "ops", roster.Edit{
		Change: storetest.NewID(), Actor: roster.Actor{Name: "ana"}, Why: roster.WhyEdit, Time: h.clock(), Days: []roster.DayEdit{{BasedOn: day[0].Revision, Day: noted}},
	})
	h.must(err)
	h.set("2026-11-23 08:59:59")
	one, two := h.instance("one").NewRounds(), h.instance("two").NewRounds()
	want(t, "a second before the day before", h.got(one, two), "ana@example.org: Your shift is coming: Ops (Primary), from Mon 23 Nov, 09:00 CET")
	h.set("2026-11-23 09:00:00")
	sent := h.got(one, two)
	want(t, "the day before", sent,
		"ana@example.org: You are on call now: Ops (Primary), until Tue 24 Nov, 09:00 CET",
		"bo@example.org: Your shift is coming: Ops (Primary), from Tue 24 Nov, 09:00 CET")
	if cal := string(sent[1].Calendar); strings.Count(cal, "BEGIN:VEVENT") != 2 || !strings.Contains(cal, "UID:2026-11-24.primary.ops@dailyroster") {
		t.Errorf("the calendar of a shift of two days: got %s", cal)
	}
	if sent[0].from != "one" || sent[0].Calendar != nil {
		t.Errorf("the notice that a shift has begun: got %+v, want it from the first, without a calendar", sent[0])
	}
	h.set("2026-11-24 08:59:59")
	want(t, "a second before", h.got(two, one))
	h.set("2026-11-24 09:00:00")
	sent = h.got(two, one)
	want(t, "the hand-off", sent, "bo@example.org: You are on call now: Ops (Primary), until Thu 26 Nov, 09:00 CET")
	for _, part := range []string{"Before you: Ana Ruiz", "The pager is in the drawer.", "https://roster.example.org/teams/ops", "No more notices of this kind: https://roster.example.org/unsubscribe/ops/2026-11-24/"} {
		if !strings.Contains(sent[0].Text, part) {
			t.Errorf("the text: got %s, want %q in it", sent[0].Text, part)
		}
	}
	if !strings.Contains(sent[0].HTML, "The pager is in the drawer.") || strings.Contains(sent[0].Text, "late") {
		t.Errorf("the letter: got %s and %s, want both with the note, and not late", sent[0].Text, sent[0].HTML)
	}
	want(t, "the same again", h.got(one, two, h.instance("three").NewRounds()))
}

// What was to be sent while no instance ran is sent late, and says so; what is over is not.
func TestLate(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-24", "ana bo", "cleo@example.org")
	h.set("2026-11-25 07:30:00")
	sent := h.got(h.instance("one").NewRounds())
	want(t, "after an outage", sent,
		"ana@example.org: You are on call now: Ops (Primary), until Wed 25 Nov, 09:00 CET",
		"ana@example.org: Your shifts changed: Ops",
		"bo@example.org: Your shift is coming: Ops (Primary), from Wed 25 Nov, 09:00 CET",
		"bo@example.org: Your shifts changed: Ops")
	for _, l := range sent {
		if strings.Contains(l.Text, "This notice is late. It was due on Tue 24 Nov, 09:00 CET.") == strings.Contains(l.Subject, "changed") {
			t.Errorf("%s: got %s, want all but changes to say that they are late", l.Subject, l.Text)
		}
	}
}

// A receiver that refuses is tried again with growing pauses, and holds up no other; what is over
// meanwhile is dropped, and says so.
func TestRefused(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-23", "ana bo", "bo@example.org")
	attempts := 0
	h.refuse = func(to string) error {
		if to != "bo@example.org" {
			return nil
		}
		attempts++
		return errors.New("451 4.7.1 try again later")
	}
	h.set("2026-11-24 09:00:00")
	one, two := h.instance("one").NewRounds(), h.instance("two").NewRounds()
	h.got(one, two)
	tries := []int{attempts}
	for _, at := range []string{"09:00:29", "09:00:31", "09:01:00", "09:01:32", "09:03:31", "09:03:40"} {
		h.set("2026-11-24 " + at)
		h.got(two, one)
		tries = append(tries, attempts)
	}
	if want := []int{1, 1, 2, 2, 3, 3, 4}; !slices.Equal(tries, want) {
		t.Errorf("attempts: got %v, want %v", tries, want)
	}
	h.set("2026-11-25 09:00:00")
	h.got(one, two)
	h.got(one, two)
	records, err := h.store.NoticesOf(t.Context(), date("2026-11-24"))
	h.must(err)
	states := map[string]string{}
	for _, r := range records {
		states[string(r.Person)+" "+string(r.Kind)] += fmt.Sprintf("%s %d %s", r.State, r.Tries, r.Error)
	}
	if got := states["bo now"]; got != "dropped 4 it was over before it could be sent: 451 4.7.1 try again later" {
		t.Errorf("what was never taken: got %q, want it dropped with the reason", got)
	}
}

// A notice that will never be taken is given up at once.
func TestPermanent(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-24", "ana", "ana")
	h.refuse = func(string) error { return &notify.PermanentError{} }
	h.set("2026-11-24 09:00:00")
	one := h.instance("one").NewRounds()
	h.got(one)
	records, err := h.store.NoticesOf(t.Context(), date("2026-11-24"))
	h.must(err)
	if len(records) != 1 || records[0].State != notice.StateFailed || records[0].Tries != 1 {
		t.Errorf("got %+v, want one that failed", records)
	}
}

// An instance that dies with a claim leaves it to another, which sends the same notice.
func TestTakenOver(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-24", "ana", "ana")
	h.set("2026-11-24 09:00:00")
	died := make(chan struct{})
	defer close(died)
	var first []notify.Message
	began := make(chan bool, 1)
	dying := telling.New(telling.Config{
		Store: h.store, Log: slog.New(slog.DiscardHandler), Now: h.clock, Random: rand.Reader, Instance: "dying", Site: "https://roster.example.org",
		Ways: telling.Ways{Email: func(_ context.Context, _ string, m notify.Message) error {
			first = append(first, m)
			began <- true
			<-died
			return errors.New("never told")
		}},
	}).NewRounds()
	h.must(dying.Begin(t.Context()))
	<-began
	two := h.instance("two").NewRounds()
	want(t, "while it is claimed", h.got(two))
	h.set("2026-11-24 09:00:11")
	want(t, "before the lease ends", h.got(two))
	h.set("2026-11-24 09:00:13")
	sent := h.got(two)
	want(t, "after the lease", sent, "ana@example.org: You are on call now: Ops (Primary), until Wed 25 Nov, 09:00 CET")
	if len(first) != 1 || len(sent) != 1 || sent[0].ID != first[0].ID || sent[0].Unsubscribe != first[0].Unsubscribe || !bytes.Equal([]byte(sent[0].Text), []byte(first[0].Text)) {
		t.Errorf("the second time: got %+v, want the same as %+v", sent, first)
	}
}

// Changes are gathered, told once, and say what was before.
func TestChanges(t *testing.T) {
	h := newHouse(t)
	h.set("2026-11-24 12:00:00")
	h.assign("2026-12-10", "bo bo cleo", "bo")
	one, two := h.instance("one").NewRounds(), h.instance("two").NewRounds()
	h.got(one, two)
	h.set("2026-11-24 12:10:00")
	h.got(one, two)
	h.assign("2026-12-10", "ana", "cleo@example.org")
	h.set("2026-11-24 12:11:30")
	h.assign("2026-12-11", "ana", "cleo@example.org")
	want(t, "while they are gathered", h.got(one, two))
	h.set("2026-11-24 12:12:00")
	sent := h.got(two, one)
	want(t, "gathered", sent, "ana@example.org: Your shifts changed: Ops", "bo@example.org: Your shifts changed: Ops")
	for _, line := range []string{
		"Thu 10 Dec 2026, Primary: you before, Ana Ruiz now. Changed by cleo@example.org.", "Fri 11 Dec 2026, Primary: you before, Ana Ruiz now.",
	} {
		if len(sent) == 2 && !strings.Contains(sent[1].Text, line) {
			t.Errorf("the notice: got %s, want %q in it", sent[1].Text, line)
		}
	}
	h.set("2026-11-24 12:20:00")
	want(t, "later", h.got(one, two, h.instance("three").NewRounds()))
	h.assign("2026-12-10", "bo", "ana@example.org") // by the person who had it
	h.set("2026-11-24 12:23:00")
	want(t, "by oneself", h.got(one, two), "bo@example.org: Your shifts changed: Ops")
}

// A team's channel hears of hand-offs, gaps and weeks, and nobody else's.
func TestChannel(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-29", "ana bo", "ana")
	h.assign("2026-12-01", "bo", "ana")
	one := h.instance("one")
	for _, kinds := range [][]roster.NoticeKind{{roster.NoticeNow, roster.NoticeGap, roster.NoticeWeek}, {roster.NoticeComing}} {
		_, err := one.AddChannel(t.Context(), notice.Channel{
			Team: "ops", Name: "Ops " + string(kinds[0]), Way: notice.WayEmail, Address: string(kinds[0]) + "@example.org", Kinds: kinds, MadeBy: "ana",
		})
		h.must(err)
	}
	rounds := one.NewRounds()
	var all []letter
	for _, at := range []string{"2026-11-29 08:59:59", "2026-11-29 09:00:00", "2026-11-30 08:59:59", "2026-11-30 09:00:00", "2026-12-01 09:00:00", "2026-12-02 08:00:00"} {
		h.set(at)
		for _, l := range h.got(rounds) {
			if l.to == "now@example.org" || l.to == "coming@example.org" {
				l.Subject = at[5:16] + " " + l.Subject
				all = append(all, l)
			}
		}
	}
	want(t, "the channels", all,
		"coming@example.org: 11-29 08:59 Ops: on call from Sun 29 Nov, 09:00 CET are Ana Ruiz (Primary) and nobody (Secondary)",
		"now@example.org: 11-29 08:59 Ops: nobody is on call from Wed 2 Dec, 09:00 CET",
		"coming@example.org: 11-29 09:00 Ops: on call from Mon 30 Nov, 09:00 CET are Bo Chen (Primary) and nobody (Secondary)",
		"now@example.org: 11-29 09:00 Ops: on call now are Ana Ruiz (Primary) and nobody (Secondary)",
		"now@example.org: 11-30 09:00 Ops: on call in the week of Mon 30 Nov 2026",
		"now@example.org: 11-30 09:00 Ops: on call now are Bo Chen (Primary) and nobody (Secondary)",
		"now@example.org: 12-01 09:00 Ops: nobody is on call from Wed 2 Dec, 09:00 CET",
	)
}

// One click ends the emails of a kind; the link is worth nothing without its secret.
func TestUnsubscribe(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-24", "ana bo", "ana")
	h.set("2026-11-24 09:00:00")
	one := h.instance("one")
	rounds := one.NewRounds()
	var link string
	for _, l := range h.got(rounds) {
		if l.Type == "shift.began" {
			link = l.Unsubscribe
		}
	}
	parts := strings.Split(link, "/")
	if len(parts) != 8 {
		t.Fatalf("the link: got %q, want the notice and a secret in it", link)
	}
	key := notice.Key{Team: roster.TeamID(parts[4]), Day: date(parts[5]), ID: notice.ID(parts[6])}
	for _, secret := range []string{"", "x", parts[7] + "x"} {
		if _, err := one.Subscription(t.Context(), key, secret); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the secret %q: got %v, want ErrNotFound", secret, err)
		}
	}
	of, err := one.Subscription(t.Context(), key, parts[7])
	h.must(err)
	if of.Ended || of.To != "ana@example.org" || of.Kind != roster.NoticeNow {
		t.Errorf("the subscription: got %+v, want Ana's of being on call now", of)
	}
	h.must(one.End(t.Context(), of))
	h.must(one.End(t.Context(), of))
	if of, err = one.Subscription(t.Context(), key, parts[7]); err != nil || !of.Ended {
		t.Errorf("after it: got %+v, %v, want it ended", of, err)
	}
	h.assign("2026-11-26", "ana", "ana")
	h.set("2026-11-26 09:00:00")
	for _, l := range h.got(rounds) {
		if l.to == "ana@example.org" && l.Type == "shift.began" {
			t.Errorf("got %q, want no more of its kind", l.Subject)
		}
	}
}

// A team with all that it may have sends no more on a day than the store bears, and the first ones.
func TestPerDay(t *testing.T) {
	h := newHouse(t)
	team, err := h.store.Team(t.Context(), "ops")
	h.must(err)
	var spans []roster.HourSpan
	for n := range roster.ClockTime(roster.MaxSpansOfDay) {
		spans = append(spans, roster.HourSpan{Days: roster.EveryDay, From: (10 + n) * 60, To: (10+n)*60 + 1})
	}
	team.Roles = nil
	for n := range roster.MaxRoles {
		role := roster.RoleID(fmt.Sprint("role-", n))
		team.Roles = append(team.Roles, roster.Role{ID: role, Name: fmt.Sprint("Role ", n)})
		team = team.WithHoursOf(role, []roster.Hours{{From: date("2026-11-20"), Spans: spans}})
	}
	basedOn := team.Revision
	team.Revision = storetest.NewID()
	h.must(h.store.PutTeam(t.Context(), team, basedOn))
	one := h.instance("one")
	for i := range notice.MaxChannels {
		_, err := one.AddChannel(t.Context(), notice.Channel{
			Person: "ana", Name: fmt.Sprint("Phone ", i), Way: notice.WayChat, Address: fmt.Sprint("ntfy://ntfy.example.org/", i), Kinds: roster.PersonNotices(), MadeBy: "ana",
		})
		h.must(err)
	}
	ana, err := h.store.Person(t.Context(), "ana")
	h.must(err)
	basedOn, ana.Revision = ana.Revision, storetest.NewID()
	ana.Notices.Leads = []roster.Lead{24 * 60, 4 * 60, 3 * 60, 2 * 60, 60}
	h.must(h.store.PutPerson(t.Context(), ana, basedOn))
	var days []roster.DayEdit
	for n := range 3 {
		day := roster.Day{Date: date("2026-11-23").AddDays(n)}
		for _, role := range team.Roles {
			day.Assign(role.ID, "ana")
		}
		days = append(days, roster.DayEdit{Day: day})
	}
	_, err = h.store.Save(t.Context(), "ops", roster.Edit{Change: storetest.NewID(), Actor: roster.Actor{Name: "ana", ID: roster.PersonActor("ana@example.org")}, Why: roster.WhyEdit, Time: h.clock(), Days: days})
	h.must(err)
	h.set("2026-11-24 09:59:59")
	if sent := h.got(one.NewRounds()); len(sent) < telling.PerDay {
		t.Errorf("got %d notices, want as many as a day can have, %d, or more", len(sent), telling.PerDay)
	}
	records, err := h.store.NoticesOf(t.Context(), date("2026-11-24"))
	if err != nil || len(records) != telling.PerDay {
		t.Errorf("the records of a day: got %d, %v, want %d", len(records), err, telling.PerDay)
	}
}
