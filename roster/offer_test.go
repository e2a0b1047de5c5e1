package roster_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/roster"
)

var offerTime = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func agreeFirst() *roster.Team {
	team := teamIn("Europe/Berlin", "09:00")
	team.AgreeFirst = true
	return team
}

func TestWhoHasToAgree(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "abc.")
	people, _ := crew(5)
	people = away(people, "b", "2026-11-24", "2026-11-24")
	people[2].Active = false
	mon, tue, wed, thu := seat("2026-11-23", "primary"), seat("2026-11-24", "primary"), seat("2026-11-25", "primary"), seat("2026-11-26", "primary")
	tests := []struct {
		name string
		x    roster.Exchange
		by   roster.PersonID
		want string
	}{
		{"swap by its holder", roster.Swap("", mon, tue, d.day), "a", "b"},
		{"swap by somebody else", roster.Swap("", mon, tue, d.day), "", "ab"},
		{"take", roster.Take("", mon, "d", d.day), "d", "a"},
		{"take of an empty seat", roster.Take("", thu, "d", d.day), "d", ""},
		{"take from who is away", roster.Take("", tue, "d", d.day), "d", ""},
		{"take from who is not active", roster.Take("", wed, "d", d.day), "d", ""},
		{"give", roster.Give("", mon, "d", d.day), "a", "d"},
		{"give by somebody else", roster.Give("", mon, "d", d.day), "e", "ad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := roster.NewOffer(agreeFirst(), roster.NewNames(people), tt.x, tt.by, roster.Actor{Name: "page"}, offerTime)
			if want := ids(tt.want); !slices.Equal(o.WaitsFor(), want) && len(want)+len(o.WaitsFor()) > 0 {
				t.Errorf("WaitsFor: got %v, want %v", o.WaitsFor(), want)
			}
			if want := roster.OfferWaiting; tt.want != "" && o.State != want {
				t.Errorf("the state: got %s, want %s", o.State, want)
			}
			if tt.want == "" && o.State != roster.OfferAgreed {
				t.Errorf("the state: got %s, want agreed, as nobody is asked", o.State)
			}
			if o := roster.NewOffer(teamIn("Europe/Berlin", "09:00"), roster.NewNames(people), tt.x, tt.by, roster.Actor{Name: "page"}, offerTime); o.State != roster.OfferAgreed {
				t.Errorf("in a team that does not wait: got %s, want agreed", o.State)
			}
		})
	}
}

// Whatever is answered, in whatever order and however often, an offer is agreed exactly
// if all who were asked agreed before anybody declined or withdrew it, and once closed it
// stays so.
func TestOfferAnswers(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "ab")
	people, _ := crew(4)
	rapid.Check(t, func(t *rapid.T) {
		o := roster.NewOffer(agreeFirst(), roster.NewNames(people), roster.Swap("", seat("2026-11-23", "primary"), seat("2026-11-24", "primary"), d.day), "", roster.Actor{Name: "page"}, offerTime)
		agreed := map[roster.PersonID]bool{}
		for i := range rapid.IntRange(1, 8).Draw(t, "answers") {
			person := rapid.SampledFrom(ids("abc")).Draw(t, fmt.Sprint("person ", i))
			before := o
			var err error
			asked := person != "c"
			switch rapid.SampledFrom([]string{"agree", "decline", "withdraw"}).Draw(t, fmt.Sprint("answer ", i)) {
			case "agree":
				if o, err = o.Agree(person); err == nil {
					agreed[person] = true
				}
			case "decline":
				o, err = o.Decline(person, offerTime)
			default:
				asked = true
				o, err = o.Withdraw(person, offerTime)
			}
			if !asked && err == nil {
				t.Fatalf("an answer of %s, who was not asked: got nil, want an error", person)
			}
			if err != nil && o.State != before.State {
				t.Fatalf("a refused answer: got %s, want %s as before", o.State, before.State)
			}
			if before.State != roster.OfferWaiting && o.State != before.State {
				t.Fatalf("after %s: got %s", before.State, o.State)
			}
		}
		both := agreed["a"] && agreed["b"]
		if o.State == roster.OfferAgreed && !both || o.State == roster.OfferWaiting && both {
			t.Fatalf("got %s with the agreement of %v", o.State, agreed)
		}
		if closed := o.State == roster.OfferDeclined || o.State == roster.OfferWithdrawn; closed == o.Open() || closed == o.Closed.IsZero() {
			t.Fatalf("%s: got Open %t, closed at %s", o.State, o.Open(), o.Closed)
		}
	})
}

func TestWithdrawByWhoAsked(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-23", "ab")
	people, _ := crew(2)
	o := roster.NewOffer(agreeFirst(), roster.NewNames(people), roster.Swap("", seat("2026-11-23", "primary"), seat("2026-11-24", "primary"), d.day), "a", roster.Actor{Name: "page"}, offerTime)
	if _, err := o.Withdraw("b", offerTime); err == nil {
		t.Error("Withdraw by who was asked: got nil, want it refused")
	}
	if got, err := o.Withdraw("a", offerTime); err != nil || got.State != roster.OfferWithdrawn || got.ClosedBy != "a" {
		t.Errorf("Withdraw by who asked for it: got %+v, %v, want it withdrawn by a", got, err)
	}
}

func TestOfferStands(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-24", "ab")
	people, _ := crew(4)
	x := roster.Swap(act("x").Group, seat("2026-11-24", "primary"), seat("2026-11-25", "primary"), d.day)
	o := roster.NewOffer(agreeFirst(), roster.NewNames(people), x, "a", roster.Actor{Name: "page"}, offerTime)
	check := func(when, want string, people []roster.Person, today string) {
		t.Helper()
		got := ""
		if err := o.Stands(roster.WhereaboutsOf(people), agreeFirst().PastAt(instant(today+"T12:00:00Z")), d.day); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
	}
	check("as it was asked for", "", people, "2026-11-24")
	check("on the day after the first", "2026-11-24 is over", people, "2026-11-25")
	check("with somebody away", "primary of 2026-11-24 cannot pass to b: b is away", away(people, "b", "2026-11-24", "2026-11-24"), "2026-11-24")
	d.set(t, date("2026-11-25"), "primary", "c")
	check("after an edit", "primary of 2026-11-25 is no longer held by b but by c", people, "2026-11-24")
	d.set(t, date("2026-11-25"), "primary", "")
	check("after a day was emptied", "primary of 2026-11-25 is no longer held by b but by nobody", people, "2026-11-24")
}

func TestSwapSaysWithWhat(t *testing.T) {
	t.Parallel()
	d := deskWith(t, "2026-11-30", "ab")
	a, b := seat("2026-11-30", "primary"), seat("2026-12-01", "primary")
	edits, err := roster.Swap(act("x").Group, a, b, d.day).Edits(act(""), d.day)
	if err != nil {
		t.Fatal(err)
	}
	d.apply(t, edits)
	for i, want := range []roster.Seat{a, b} { // the newest first: that of b was swapped for a
		if c := d.history[i]; c.With != want || c.Why != roster.WhySwap {
			t.Errorf("the change of %s: got %s with %v, want a swap with %v", c.Date, c.Why, c.With, want)
		}
	}
	x := roster.Take(act("y").Group, a, "c", d.day)
	if edits, err = x.Edits(act(""), d.day); err != nil {
		t.Fatal(err)
	}
	d.apply(t, edits)
	if c := d.history[0]; c.Why != roster.WhyTake || c.With != (roster.Seat{}) {
		t.Errorf("the change of a take: got %s with %v, want take with nothing", c.Why, c.With)
	}
	if err := x.MovedOn([]roster.Day{d.day(a.Date)}); err != nil {
		t.Errorf("MovedOn of what was just made: got %v, want nil", err)
	}
	d.set(t, a.Date, "primary", "b")
	if err := x.MovedOn([]roster.Day{d.day(a.Date)}); err == nil || err.Error() != "primary of 2026-11-30 is no longer held by c but by b" {
		t.Errorf("MovedOn after an edit: got %v, want it refused", err)
	}
}

func TestTeamKeepsOffers(t *testing.T) {
	t.Parallel()
	team := agreeFirst()
	team.Revision = act("first").Group
	people, _ := crew(2)
	d := deskWith(t, "2026-11-23", "ab")
	offer := func(i int, day string) roster.Offer {
		return roster.NewOffer(team, roster.NewNames(people), roster.Give(act(fmt.Sprint(i)).Group, seat(day, "primary"), "b", d.day), "a", roster.Actor{Name: "page"}, offerTime)
	}
	var err error
	kept := *team
	for i := range roster.MaxOpenOffers {
		if kept, err = kept.WithOffer(offer(i, "2026-11-25"), offerTime); err != nil {
			t.Fatalf("offer %d: got %v, want nil", i, err)
		}
	}
	if _, err := kept.WithOffer(offer(99, "2026-11-25"), offerTime); errors.Is(err, nil) {
		t.Errorf("one more than %d: got nil, want it refused", roster.MaxOpenOffers)
	}
	if again, err := kept.WithOffer(offer(3, "2026-11-25"), offerTime); err != nil || len(again.Offers) != roster.MaxOpenOffers {
		t.Errorf("one that is there: got %d offers, %v, want it replaced", len(again.Offers), err)
	}
	if len(team.Offers) != 0 {
		t.Errorf("the team itself: got %d offers, want none", len(team.Offers))
	}

	// Three days on they lapse, which makes room; some are remembered, for a week.
	later := offerTime.AddDate(0, 0, 3)
	if got := kept.OpenOffers(kept.PastAt(later)); len(got) != 0 {
		t.Errorf("OpenOffers after the day: got %d, want none", len(got))
	}
	if kept, err = kept.WithOffer(offer(99, "2026-11-30"), later); err != nil {
		t.Fatal(err)
	}
	if got := kept.OpenOffers(kept.PastAt(later)); len(got) != 1 {
		t.Errorf("OpenOffers then: got %d, want the new one", len(got))
	}
	if o, known := kept.Offer(act("0").Group); known && (o.State != roster.OfferLapsed || o.Reason == "") {
		t.Errorf("an old one: got %s for %q, want it lapsed for a reason", o.State, o.Reason)
	}
	if kept, err = kept.WithOffer(offer(100, "2026-12-10"), later.AddDate(0, 0, 8)); err != nil || len(kept.Offers) != 2 {
		t.Errorf("a week later: got %d offers, %v, want two", len(kept.Offers), err)
	}

	kept.Settled, kept.Revision = kept.Base(), act("second").Group
	if kept.Base() != team.Revision {
		t.Errorf("Base: got %s, want that of the team without offers, %s", kept.Base(), team.Revision)
	}
}
