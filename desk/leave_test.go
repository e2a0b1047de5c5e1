package desk_test

import (
	"errors"
	"testing"

	"dailyroster/desk"
	"dailyroster/roster"
)

// Whoever may not edit a team cannot take its people off its roster by way of the person.
func TestLeaveAsksEachTeam(t *testing.T) {
	k, team := newDesk(t)
	d := date("2026-11-24")
	if _, err := k.SetDay(t.Context(), sheetOf(t, k, team, d), dayWish(t, k, d, "Ana")); err != nil {
		t.Fatal(err)
	}
	ana, err := k.Person(t.Context(), "ana")
	if err != nil {
		t.Fatal(err)
	}
	group, err := k.NewChangeID()
	if err != nil {
		t.Fatal(err)
	}
	act := roster.Act{Group: group, Actor: roster.Actor{Name: "test"}, Time: k.Now(), Reason: desk.LeaveReason(ana, false)}
	nobody := func(*roster.Team) bool { return false }
	if _, err := k.Leave(t.Context(), ana, ana.Revision, d, false, act, nobody); !errors.Is(err, desk.KindForbidden) {
		t.Fatalf("without the right: got %v, want kind %s", err, desk.KindForbidden)
	}
	if now, err := k.Person(t.Context(), "ana"); err != nil || now.Revision != ana.Revision {
		t.Errorf("without the right: got revision %s and %v, want %s", now.Revision, err, ana.Revision)
	}
	left, err := k.Leave(t.Context(), ana, ana.Revision, d, false, act, func(*roster.Team) bool { return true })
	if err != nil || len(left.Teams) != 1 || len(left.Teams[0].Departure.Seats) != 1 {
		t.Fatalf("with the right: got %+v and %v, want the one seat", left, err)
	}
	seats, found, err := k.Left(t.Context(), team, "ana", group)
	if want := (roster.Seat{Date: d, Role: primary}); err != nil || !found || len(seats) != 1 || seats[0] != want {
		t.Errorf("what was left: got %v, %t and %v, want %v", seats, found, err, want)
	}
}
