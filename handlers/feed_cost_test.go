package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

// historian counts of how many months' histories were read.
type historian struct {
	store.Store
	read map[roster.Month]int
}

func (h *historian) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	for _, m := range roster.MonthsOf(q.From, q.To) {
		h.read[m]++
	}
	return h.Store.Changes(ctx, team, q)
}

// A feed says how often each shift was revised. The history that tells is read once, and
// then again only of months that were edited: a calendar program that asks while others edit
// does not have all of it read each time.
func TestFeedReadsHistoryOnce(t *testing.T) {
	file, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	h := &historian{Store: file}
	s := siteOn(t, h)
	s.putPeople(t, "ana", "Ana Ruiz", "bo", "Bo Chen")
	feed := s.newFeed(t, "/teams/ops/feeds", "name=Phone")
	for i := range 3 {
		for _, month := range []string{"2026-11", "2026-12", "2027-01"} {
			s.seat(t, "ops", month+"-25", fmt.Sprint(i), map[roster.RoleID]roster.PersonID{"primary": "ana"})
		}
	}
	fetch := func(want int) {
		t.Helper()
		h.read = map[roster.Month]int{}
		_, events := readCalendar(t, s.send(t, "GET", feed, "").want(http.StatusOK))
		if len(events) != 3 || len(h.read) != want {
			t.Errorf("got %d events after reading the history of %v, want 3 after that of %d months", len(events), h.read, want)
		}
	}
	fetch(3)
	fetch(0)
	s.seat(t, "ops", "2026-12-25", "once more", map[roster.RoleID]roster.PersonID{"primary": "ana"})
	fetch(1)
	_, events := readCalendar(t, s.send(t, "GET", feed, ""))
	for i, want := range []string{"3", "4", "3"} { // the seat once, the note three times or four
		if got := events[i].Props.Get("SEQUENCE").Value; got != want {
			t.Errorf("event %d: got SEQUENCE %s, want %s", i, got, want)
		}
	}
}

// What nobody has is not looked for in all of a long history at once: an answer is empty
// then, with the cursor with which to go on.
func TestChangesOfNobody(t *testing.T) {
	s := newSite(t)
	// Edits of a month with all the seats that a day can have, and its note.
	for n := 0; n*31*9 <= 2*store.MaxWalked; n++ {
		edit := roster.Edit{Change: storetest.NewID(), Why: roster.WhyEdit, Actor: roster.Actor{Name: "test"}, Time: s.now()}
		days, err := s.store.Days(t.Context(), "ops", must(roster.ParseDate("2026-12-01")), must(roster.ParseDate("2026-12-31")))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			day := roster.Day{Date: d.Date, Note: fmt.Sprint(n), Assignments: map[roster.RoleID]roster.PersonID{}}
			for role := range 8 {
				day.Assignments[roster.RoleID(fmt.Sprint("role-", role))] = roster.PersonID(fmt.Sprint("p-", n))
			}
			edit.Days = append(edit.Days, roster.DayEdit{BasedOn: d.Revision, Day: day})
		}
		if _, err := s.store.Save(t.Context(), "ops", edit); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []string{"person=nobody", "group=" + string(storetest.NewID())} {
		pages, cursor := 0, ""
		for next := new(string); next != nil; pages++ {
			var part struct {
				Changes []struct{ ID string }
				Next    *string
			}
			s.send(t, "GET", "/api/v1/teams/ops/changes?"+query+"&cursor="+cursor, "").want(http.StatusOK).json(&part)
			if next = part.Next; next != nil {
				cursor = *next
			}
			if len(part.Changes) != 0 {
				t.Errorf("%s: got %d changes, want none", query, len(part.Changes))
			}
		}
		if pages != 3 {
			t.Errorf("%s: got %d parts, want 3", query, pages)
		}
		page := s.send(t, "GET", "/teams/ops/history?"+query, "").want(http.StatusOK).html()
		if wantText(t, page, "main", "There is nothing among the newest changes."); !strings.Contains(page.Text(), "Older changes") {
			t.Error("the page does not lead on")
		}
	}
}
