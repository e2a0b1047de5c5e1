package archive_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/archive"
	"dailyroster/store/storetest"
)

const secret, address = "whsec_c2VjcmV0LXNlY3JldA==", "https://hooks.example.org/in?key=s3cret"

func hook() notice.Channel {
	return notice.Channel{
		ID: "01arz3ndektsv4rrffq69g5fav", Team: "team-0", Name: "Hook", Way: notice.WayWebhook, Address: address, Secret: secret,
		Shown: "hooks.example.org", Kinds: []roster.NoticeKind{roster.NoticeNow}, MadeBy: "tester", Made: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC),
		Revision: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
	}
}

// lastDay is the last day that has notices.
var lastDay = roster.Date{Year: 2026, Month: 3, Day: 1}

// fillNotices puts a channel into the store, and so many notices on each of the three days that an
// export has.
func fillNotices(t *testing.T, s store.Store, eachDay int) {
	t.Helper()
	if err := s.PutChannel(t.Context(), hook(), ""); err != nil {
		t.Fatal(err)
	}
	for back := range 3 {
		for i := range eachDay {
			putNotice(t, s, lastDay.AddDays(-back), fmt.Sprint(i))
		}
	}
}

func putNotice(t *testing.T, s store.Store, day roster.Date, what string) {
	t.Helper()
	due := time.Date(day.Year, day.Month, day.Day, 8, 0, 0, 0, time.UTC)
	r := notice.Record{
		ID: notice.NewID(day.String(), what), Day: day, Kind: roster.NoticeChanged, Team: "team-0", Person: "ana-ruiz", Channel: hook().ID, To: "hooks.example.org",
		Subject: "<Your shifts changed> & more", Due: due, State: notice.StateSent, Tries: 2, Error: "503", Ended: due.Add(time.Second),
		Acts: []roster.ChangeID{storetest.NewID()}, Stop: "s3cret-stop", Revision: storetest.NewID(),
	}
	if err := s.PutNotice(t.Context(), r, ""); err != nil {
		t.Fatal(err)
	}
}

// wantChannel wants the store's only channel to have the address and the secret of another.
func wantChannel(t *testing.T, s store.Store, want notice.Channel) {
	t.Helper()
	got, err := s.Channel(t.Context(), hook().ID)
	if err != nil || got.Name != hook().Name || got.Address != want.Address || got.Secret != want.Secret {
		t.Errorf("the channel: got %+v, %v, want the address %q and the secret %q", got, err, want.Address, want.Secret)
	}
}

// Who was told of what is restored, so that nobody is told again; where notices go is restored
// without what lets others in.
func TestNotices(t *testing.T) {
	from, into := open(t), open(t)
	fill(t, from, 1, 10)
	fillNotices(t, from, 20)
	lines, sum := export(t, from)
	if !strings.Contains(string(lines), `"version":3,`) || sum.Counts["channels"] != 1 || sum.Counts["notices"] != 60 {
		t.Errorf("got %.120s with %v, want version 3 with a channel and 60 notices", lines, sum.Counts)
	}
	for _, text := range []string{secret, address, "s3cret"} {
		if bytes.Contains(lines, []byte(text)) {
			t.Errorf("the export has %q, want it without", text)
		}
	}
	for range 2 { // the second finds all done
		if got, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil || !got.Equal(sum) {
			t.Fatalf("Restore: got %+v, %v, want %+v", got, err, sum)
		}
	}
	wantSame(t, "the restored store", into, from)
	wantChannel(t, into, notice.Channel{})
	if again, _ := export(t, into); !bytes.Equal(again, lines) {
		t.Error("an export of the restored store: got other bytes, want the same")
	}

	direct := open(t)
	was, is, err := archive.Copy(t.Context(), from, direct, archive.None)
	if err != nil || !was.Equal(sum) || !is.Equal(sum) {
		t.Fatalf("Copy: got %+v and %+v, %v, want %+v", was, is, err, sum)
	}
	wantSame(t, "the copy", direct, from)
	wantChannel(t, direct, hook())
}

// Of notices only the last day that has any, and the two before it, are exported.
func TestRecentNotices(t *testing.T) {
	from, into := open(t), open(t)
	want := open(t)
	for i, day := range []roster.Date{lastDay, lastDay.AddDays(-2), lastDay.AddDays(-3), lastDay.AddDays(-30)} {
		putNotice(t, from, day, "all")
		if i < 2 {
			got, err := from.NoticesOf(t.Context(), day)
			if err != nil || len(got) != 1 {
				t.Fatalf("NoticesOf: got %d, %v, want 1", len(got), err)
			}
			if err := want.PutNotice(t.Context(), got[0], ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	lines, sum := export(t, from)
	if sum.Counts["notices"] != 2 {
		t.Errorf("the counts: got %v, want 2 notices", sum.Counts)
	}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "the last days", into, want)
}

// Somebody who has chosen which notices they want makes an export that older programs refuse by
// its version.
func TestNoticeWishes(t *testing.T) {
	from, into := open(t), open(t)
	ana := roster.Person{ID: "ana", Name: "Ana", Active: true, Revision: storetest.NewID()}
	ana.Notices = roster.NoticeWishes{NotByEmail: []roster.NoticeKind{roster.NoticeSwap}, Leads: []roster.Lead{roster.DefaultLead}}
	if err := from.PutPerson(t.Context(), ana, ""); err != nil {
		t.Fatal(err)
	}
	lines, _ := export(t, from)
	if !strings.Contains(string(lines), `"version":3,`) {
		t.Errorf("got %.120s, want version 3", lines)
	}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(lines), into, archive.None); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "the restored store", into, from)
}
