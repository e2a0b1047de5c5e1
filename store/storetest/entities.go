package storetest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

func (f *fixture) newTeam() roster.Team {
	return roster.Team{
		ID: f.team, Name: "Team under test", Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: roster.UTC(), HandOff: roster.DefaultHandOff}},
		Revision: NewID(),
	}
}

func testTeams(t *testing.T, f *fixture) {
	team := f.newTeam()
	if _, err := f.Team(f.ctx, team.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Team before its creation: got %v, want ErrNotFound", err)
	}
	if err := f.PutTeam(f.ctx, team, NewID()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("PutTeam of an unknown team: got %v, want ErrNotFound", err)
	}
	for range 2 { // the second is a repeat of the first
		if err := f.PutTeam(f.ctx, team, ""); err != nil {
			t.Fatalf("PutTeam, create: got %v, want nil", err)
		}
	}
	rival := team
	rival.Name, rival.Revision = "Rival", NewID()
	wantDiff(t, "the team in the conflict of a second create",
		wantConflict[roster.Team](t, "second create", f.PutTeam(f.ctx, rival, "")), team)

	changed := team
	changed.Name, changed.Revision = "Renamed", NewID()
	berlin, err := roster.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	changed.Settings = append(slices.Clone(changed.Settings), roster.Settings{From: day23, Zone: berlin, HandOff: 8*60 + 30})
	changed.Hours = []roster.RoleHours{{Role: "primary", Versions: []roster.Hours{
		{Spans: []roster.HourSpan{{Days: roster.MonToFri, From: 8 * 60, To: 20 * 60}, {Days: roster.TheWeekend, From: 20 * 60, To: 8 * 60}}},
		{From: day23, Zone: berlin, Spans: []roster.HourSpan{}},
	}}}
	changed.Rates = roster.Rates{Currency: "EUR", Hour: 250, Night: 500, Weekend: 400, Holiday: 750}
	changed.AgreeFirst, changed.Example, changed.Settled = true, true, team.Revision
	changed.Offers = []roster.Offer{{
		Exchange: roster.Exchange{
			Group: NewID(), Why: roster.WhyTake, Moves: []roster.Move{{Seat: roster.Seat{Date: day23, Role: "primary"}, From: "ana", To: "bo"}},
		},
		By: "bo", Asked: []roster.PersonID{"ana"}, State: roster.OfferDeclined, Actor: "tester", ActorID: "person:tester", Made: time.Now().UTC(), Closed: time.Now().UTC(),
		ClosedBy: "ana", Answers: []roster.OfferAnswer{{Person: "ana", Answer: roster.AnswerDeclined, Actor: "tester", ActorID: "person:tester", OnBehalf: true}}, Revision: NewID(),
	}}
	for range 2 {
		if err := f.PutTeam(f.ctx, changed, team.Revision); err != nil {
			t.Fatalf("PutTeam, update: got %v, want nil", err)
		}
	}
	rival.Revision = NewID()
	wantDiff(t, "the team in the conflict of a stale update",
		wantConflict[roster.Team](t, "stale update", f.PutTeam(f.ctx, rival, team.Revision)), changed)

	got, err := f.Team(f.ctx, team.ID)
	if err != nil {
		t.Fatalf("Team: got %v, want nil", err)
	}
	wantDiff(t, "the team", got, changed)

	removed := changed
	removed.Removed, removed.Revision = true, NewID()
	if err := f.PutTeam(f.ctx, removed, changed.Revision); err != nil {
		t.Fatalf("PutTeam, remove: got %v, want nil", err)
	}
	all, err := f.Teams(f.ctx)
	if err != nil {
		t.Fatalf("Teams: got %v, want nil", err)
	}
	i := slices.IndexFunc(all, func(t roster.Team) bool { return t.ID == team.ID })
	if i < 0 {
		t.Fatalf("Teams: the team is missing among %d", len(all))
	}
	wantDiff(t, "the removed team in the list", all[i], removed)
	if !slices.IsSortedFunc(all, func(a, b roster.Team) int { return cmpStrings(a.ID, b.ID) }) {
		t.Error("Teams: got them out of order, want them by id")
	}
	noRevision := removed
	noRevision.Revision = ""
	wantInvalid(t, "PutTeam without a revision", f.PutTeam(f.ctx, noRevision, removed.Revision))
}

func testPeople(t *testing.T, f *fixture) {
	apia, err := roster.ParseZone("Pacific/Apia")
	if err != nil {
		t.Fatal(err)
	}
	p := roster.Person{
		ID: roster.PersonID(uniqueSlug("ana")), Name: "Ana Ruiz", Email: "ana@example.org",
		Phone: "+34 600 000 000", Chat: "@ana:example.org", Zone: apia, Active: true, Revision: NewID(),
	}
	if _, err := f.Person(f.ctx, p.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Person before creation: got %v, want ErrNotFound", err)
	}
	if err := f.PutPerson(f.ctx, p, ""); err != nil {
		t.Fatalf("PutPerson, create: got %v, want nil", err)
	}
	changed := p
	changed.Active, changed.Phone, changed.Zone, changed.Revision = false, "", roster.Zone{}, NewID()
	if err := f.PutPerson(f.ctx, changed, p.Revision); err != nil {
		t.Fatalf("PutPerson, update: got %v, want nil", err)
	}
	stale := p
	stale.Revision = NewID()
	wantDiff(t, "the person in the conflict",
		wantConflict[roster.Person](t, "stale update", f.PutPerson(f.ctx, stale, p.Revision)), changed)
	got, err := f.Person(f.ctx, p.ID)
	if err != nil {
		t.Fatalf("Person: got %v, want nil", err)
	}
	wantDiff(t, "the person", got, changed)
	all, err := f.People(f.ctx)
	if err != nil {
		t.Fatalf("People: got %v, want nil", err)
	}
	if !slices.ContainsFunc(all, func(q roster.Person) bool { return q.ID == p.ID && q.Revision == changed.Revision }) {
		t.Errorf("People: %s is not among %d, or not as it was written last", p.ID, len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b roster.Person) int { return cmpStrings(a.ID, b.ID) }) {
		t.Error("People: got them out of order, want them by id")
	}
}

func testTokens(t *testing.T, f *fixture) {
	id, text := credential.NewTokenText(NewID(), [32]byte{1})
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	token := credential.Token{
		ID: id, Name: "Status page", Scope: credential.ScopeRead, Hash: credential.HashSecret(text), MadeBy: "Ana Ruiz",
		Owner: &credential.TokenOwner{Subject: "ana", Name: "Ana Ruiz", Email: "ana@example.org", Groups: []string{"ops"}},
		Made:  made, Expires: made.AddDate(0, 3, 0), Revision: NewID(),
		Feed: &credential.Feed{Person: "ana", Role: "primary"},
	}
	if _, err := f.Token(f.ctx, id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Token before creation: got %v, want ErrNotFound", err)
	}
	if err := f.PutToken(f.ctx, token, NewID()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("PutToken of an unknown token: got %v, want ErrNotFound", err)
	}
	for range 2 { // the second is a repeat of the first
		if err := f.PutToken(f.ctx, token, ""); err != nil {
			t.Fatalf("PutToken, create: got %v, want nil", err)
		}
	}
	revoked := token
	revoked.Revoked, revoked.RevokedBy, revoked.Revision = made.AddDate(0, 1, 0), "Bo Chen", NewID()
	if err := f.PutToken(f.ctx, revoked, token.Revision); err != nil {
		t.Fatalf("PutToken, revoke: got %v, want nil", err)
	}
	// Who notes the last use of what they read before must not undo the revocation.
	used := token
	used.LastUsed, used.Revision = made.AddDate(0, 1, 1), NewID()
	wantDiff(t, "the token in the conflict",
		wantConflict[credential.Token](t, "stale update", f.PutToken(f.ctx, used, token.Revision)), revoked)
	got, err := f.Token(f.ctx, id)
	if err != nil {
		t.Fatalf("Token: got %v, want nil", err)
	}
	wantDiff(t, "the token", got, revoked)
	all, err := f.Tokens(f.ctx)
	if err != nil {
		t.Fatalf("Tokens: got %v, want nil", err)
	}
	i := slices.IndexFunc(all, func(t credential.Token) bool { return t.ID == id })
	if i < 0 {
		t.Fatalf("Tokens: the token is missing among %d", len(all))
	}
	wantDiff(t, "the token in the list", all[i], revoked)
	if !slices.IsSortedFunc(all, func(a, b credential.Token) int { return cmpStrings(a.ID, b.ID) }) {
		t.Error("Tokens: got them out of order, want them by id")
	}
}

func testSignOuts(t *testing.T, f *fixture) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 123e6, time.UTC)
	first := credential.SignOut{
		ID: credential.EmailSignOut(uniqueSlug("Ana") + "@example.org"), Before: at, Actor: "Root", ActorID: "person:root", Revision: NewID(),
	}
	if _, err := f.SignOut(f.ctx, first.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("SignOut before there is one: got %v, want ErrNotFound", err)
	}
	for range 2 { // the second is a repeat of the first
		if err := f.PutSignOut(f.ctx, first, ""); err != nil {
			t.Fatalf("PutSignOut, create: got %v, want nil", err)
		}
	}
	second := first
	second.Before, second.Revision = at.Add(time.Hour), NewID()
	wantDiff(t, "the sign-out in the conflict of a second create",
		wantConflict[credential.SignOut](t, "second create", f.PutSignOut(f.ctx, second, "")), first)
	if err := f.PutSignOut(f.ctx, second, first.Revision); err != nil {
		t.Fatalf("PutSignOut, update: got %v, want nil", err)
	}
	got, err := f.SignOut(f.ctx, first.ID)
	if err != nil {
		t.Fatalf("SignOut: got %v, want nil", err)
	}
	wantDiff(t, "the sign-out", got, second)
	all, err := f.SignOuts(f.ctx)
	i := slices.IndexFunc(all, func(o credential.SignOut) bool { return o.ID == first.ID })
	if err != nil || i < 0 {
		t.Fatalf("SignOuts: got %d, %v, want it among them", len(all), err)
	}
	wantDiff(t, "the sign-out in the list", all[i], second)
}

func testChannels(t *testing.T, f *fixture) {
	channel := notice.Channel{
		ID: notice.ChannelID(strings.ToLower(string(NewID()))), Team: f.team, Name: "Ops hook", Way: notice.WayWebhook,
		Address: "https://hooks.example.org/in?key=s3cret", Secret: "whsec_c2VjcmV0", Shown: "hooks.example.org",
		Kinds: []roster.NoticeKind{roster.NoticeNow, roster.NoticeGap}, MadeBy: "Ana Ruiz", Made: noon, Revision: NewID(),
	}
	if _, err := f.Channel(f.ctx, channel.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Channel before creation: got %v, want ErrNotFound", err)
	}
	if err := f.PutChannel(f.ctx, channel, NewID()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("PutChannel of an unknown channel: got %v, want ErrNotFound", err)
	}
	for range 2 { // the second is a repeat of the first
		if err := f.PutChannel(f.ctx, channel, ""); err != nil {
			t.Fatalf("PutChannel, create: got %v, want nil", err)
		}
	}
	removed := channel
	removed.Removed, removed.Address, removed.Secret, removed.Revision = true, "", "", NewID()
	if err := f.PutChannel(f.ctx, removed, channel.Revision); err != nil {
		t.Fatalf("PutChannel, remove: got %v, want nil", err)
	}
	stale := channel
	stale.Name, stale.Revision = "Stale", NewID()
	wantDiff(t, "the channel in the conflict",
		wantConflict[notice.Channel](t, "stale update", f.PutChannel(f.ctx, stale, channel.Revision)), removed)
	group := notice.Channel{
		ID: notice.ChannelID(strings.ToLower(string(NewID()))), Name: "Everybody on call", Way: notice.WayGroup, Address: "S0123", Shown: "S0123",
		Feeds: []notice.Feed{{Team: f.team, Role: "primary"}, {Team: "other"}}, MadeBy: "Ana Ruiz", Made: noon, Revision: NewID(),
	}
	if err := f.PutChannel(f.ctx, group, ""); err != nil {
		t.Fatalf("PutChannel, group: got %v, want nil", err)
	}
	all, err := f.Channels(f.ctx)
	if err != nil {
		t.Fatalf("Channels: got %v, want nil", err)
	}
	for _, want := range []notice.Channel{removed, group} {
		got, err := f.Channel(f.ctx, want.ID)
		if err != nil {
			t.Fatalf("Channel: got %v, want nil", err)
		}
		wantDiff(t, "the channel", got, want)
		i := slices.IndexFunc(all, func(c notice.Channel) bool { return c.ID == want.ID })
		if i < 0 {
			t.Fatalf("Channels: %s is missing among %d", want.ID, len(all))
		}
		wantDiff(t, "the channel in the list", all[i], want)
	}
	if !slices.IsSortedFunc(all, func(a, b notice.Channel) int { return cmpStrings(a.ID, b.ID) }) {
		t.Error("Channels: got them out of order, want them by id")
	}
}

func testScripts(t *testing.T, f *fixture) {
	for _, name := range []string{
		"Zoë Ångström", "王芳", "Владимир Петрович", "محمد علی", "שרה כהן", "अनीता शर्मा", "ปรียา", "이지은", "たなか さくら",
		"O’Connor-Šimůnek", "🦊 Fox", "a\"b<c>&d\\e", "Ġorġ ‏", "𝒜𝓃𝒶",
	} {
		p := roster.Person{ID: roster.PersonID(uniqueSlug("p")), Name: name, Active: true, Revision: NewID()}
		if err := f.PutPerson(f.ctx, p, ""); err != nil {
			t.Errorf("PutPerson(%q): got %v, want nil", name, err)
			continue
		}
		if got, err := f.Person(f.ctx, p.ID); err != nil || got.Name != name {
			t.Errorf("Person: got %q, %v, want %q", got.Name, err, name)
		}
		e := dayEdit(day23, f.mustDay(t, day23).Revision, p.ID, name)
		f.mustSave(t, e)
		if got := f.mustDay(t, day23); got.Note != name {
			t.Errorf("the note: got %q, want %q", got.Note, name)
		}
	}
}

// Two requests that make the same new person at once must end with one person.
func testConcurrentCreate(t *testing.T, f *fixture) {
	const rivals = 16
	id := roster.PersonID(uniqueSlug("race"))
	var wg sync.WaitGroup
	results := make([]error, rivals)
	revisions := make([]roster.Revision, rivals)
	for i := range rivals {
		revisions[i] = NewID()
		wg.Go(func() {
			results[i] = f.PutPerson(f.ctx, roster.Person{ID: id, Name: "Race", Active: true, Revision: revisions[i]}, "")
		})
	}
	wg.Wait()
	got, err := f.Person(f.ctx, id)
	if err != nil {
		t.Fatalf("Person: got %v, want nil", err)
	}
	winners := 0
	for i, err := range results {
		if err == nil {
			winners++
			if got.Revision != revisions[i] {
				t.Errorf("the person is at %s, want the winner's %s", got.Revision, revisions[i])
			}
			continue
		}
		if current := wantConflict[roster.Person](t, "the loser of a race", err); current.Revision != got.Revision {
			t.Errorf("the loser was shown %s, want %s", current.Revision, got.Revision)
		}
	}
	if winners != 1 {
		t.Errorf("got %d winners of the race, want 1", winners)
	}
}

func testCancelled(t *testing.T, f *fixture) {
	ctx, cancel := cancelled(f.ctx)
	defer cancel()
	team := f.newTeam()
	checks := map[string]error{}
	_, checks["Save"] = f.Save(ctx, f.team, dayEdit(day23, "", "ana", ""))
	_, checks["Days"] = f.Days(ctx, f.team, day23, day23)
	_, checks["Changes"] = f.Changes(ctx, f.team, store.ChangeQuery{Limit: 1})
	_, checks["Teams"] = f.Teams(ctx)
	_, checks["Person"] = f.Person(ctx, "ana")
	_, checks["Channels"] = f.Channels(ctx)
	_, checks["NoticesOf"] = f.NoticesOf(ctx, day23)
	_, checks["TeamNoticesOf"] = f.TeamNoticesOf(ctx, day23, f.team)
	_, checks["NoticesAt"] = f.NoticesAt(ctx, []notice.Key{{Day: day23, Team: f.team, ID: notice.NewID(string(f.team))}})
	checks["PutNotice"] = f.PutNotice(ctx, f.newNotice(noon, "cancelled"), "")
	checks["DropNotices"] = f.DropNotices(ctx, day23)
	checks["PutTeam"] = f.PutTeam(ctx, team, "")
	checks["Ping"] = f.Ping(ctx)
	for call, err := range checks {
		if _, ok := errors.AsType[*store.UnavailableError](err); !ok || !errors.Is(err, ctx.Err()) {
			t.Errorf("%s with a cancelled context: got %v, want an *UnavailableError that wraps %v", call, err, ctx.Err())
		}
	}
	if got := f.mustDay(t, day23); got.Revision != "" {
		t.Errorf("after a cancelled Save: got revision %s, want none", got.Revision)
	}
	if _, err := f.Team(f.ctx, team.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a cancelled PutTeam: got %v, want ErrNotFound", err)
	}
}

func testOwnership(t *testing.T, f *fixture) {
	e := dayEdit(day23, "", "ana", "")
	f.mustSave(t, e)
	e.Days[0].Day.Assignments["primary"] = "mallory"
	first := f.mustDay(t, day23)
	first.Assignments["primary"] = "mallory"
	if got := f.mustDay(t, day23).Assignments["primary"]; got != "ana" {
		t.Errorf("primary after the caller altered its own values: got %s, want ana", got)
	}
	team := f.newTeam()
	if err := f.PutTeam(f.ctx, team, ""); err != nil {
		t.Fatal(err)
	}
	team.Roles[0].Name = "Altered"
	got, err := f.Team(f.ctx, team.ID)
	if err != nil || got.Roles[0].Name != "Primary" {
		t.Errorf("the role after the caller altered its own team: got %v, %v, want Primary", got.Roles, err)
	}
	if time.Since(f.allChanges(t, store.ChangeQuery{})[0].Time) > time.Minute {
		t.Error("the change's time: got one over a minute ago, want now")
	}
}
