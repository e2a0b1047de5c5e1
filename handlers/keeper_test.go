package handlers_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dailyroster/desk"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

// counting is a real store that counts what it is asked.
type counting struct {
	store.Store
	mu    sync.Mutex
	asked []string
}

func (c *counting) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
}

// since is what was asked since the last time.
func (c *counting) since() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.asked)
	asked := strings.Join(c.asked, " ")
	c.asked = nil
	return asked
}

func (c *counting) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	for what, asked := range map[string]bool{
		"teams": l.Teams, "team": l.Team != "", "people": l.People, "teams-of": l.Of != "", "days": len(l.Days) > 0, "versions": len(l.Versions) > 0,
	} {
		if asked {
			c.note(what)
		}
	}
	return c.Store.Look(ctx, l)
}

func (c *counting) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	if q.From.IsZero() && q.Group == "" {
		c.note("whole-history")
	} else {
		c.note("changes")
	}
	return c.Store.Changes(ctx, team, q)
}

func (c *counting) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	c.note("save")
	return c.Store.Save(ctx, team, e)
}

// keptSite is a site whose team takes daily turns and keeps itself filled.
func keptSite(t *testing.T, weeks string) (*site, *counting) {
	t.Helper()
	c := &counting{Store: newSite(t).store}
	s := siteOn(t, c)
	form := weekdayRotation("Ana Ruiz, Bo Chen, Cleo Diaz")
	form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
	settings := formOf(t, s.send(t, "GET", "/teams/ops/settings", "").want(http.StatusOK).html().Find(`form[action$="/settings"]`))
	settings.Set("keepFilled", weeks)
	s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusSeeOther)
	c.since()
	return s, c
}

func round(t testing.TB, k *desk.Keeper) {
	t.Helper()
	if err := k.Round(t.Context()); err != nil {
		t.Fatalf("Round: got %v, want nil", err)
	}
}

// The roster keeps itself filled, at little cost while nothing happens, and says so.
func TestKeepsItselfFilled(t *testing.T) {
	s, c := keptSite(t, "8")
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"Dora"}}`).want(http.StatusOK)
	c.since()
	k := s.Desk.NewKeeper()
	round(t, k)
	if got, want := c.since(), "changes days people save save save teams versions"; got != want {
		t.Errorf("the first round asked for %q, want %q", got, want)
	}
	history := s.history(t)
	if len(history) != 8*5 || history[0].Why != "rotation" || history[0].Actor != "roster" { // 39 and the one by hand
		t.Fatalf("the history: got %d changes, the newest %+v, want 40, by the roster", len(history), history[0])
	}
	wantText(t, s.send(t, "GET", "/teams/ops/history", "").html(), ".acts .reason", "kept filled 8 weeks ahead")
	round(t, k) // finds that nothing is left
	c.since()
	round(t, k)
	if got, want := c.since(), "people teams versions"; got != want {
		t.Errorf("a round with nothing to do asked for %q, want %q", got, want)
	}
	s.set(s.now().AddDate(0, 0, 1))
	round(t, k)
	s.set(s.now().AddDate(0, 0, -1))
	if got := len(s.history(t)); got != 41 {
		t.Errorf("a day later: got %d changes, want one day more", got)
	}

	// Cleared by hand, it stays empty, and what is undone is not done again.
	s.send(t, "DELETE", apiDay, "").want(http.StatusOK)
	round(t, k)
	s.send(t, "DELETE", "/api/v1/teams/ops/days/2026-12-01", "").want(http.StatusOK)
	round(t, s.Desk.NewKeeper()) // an instance that was just started knows no more
	n := len(s.history(t))
	if n != 43 {
		t.Errorf("after days were cleared: got %d changes, want 43", n)
	}
	var page struct {
		Changes []struct{ Group, Date, Why string }
	}
	s.send(t, "GET", "/api/v1/teams/ops/changes?date=2026-12-15", "").want(http.StatusOK).json(&page)
	s.send(t, "POST", "/teams/ops/undo", "change="+page.Changes[0].Group).want(http.StatusSeeOther)
	if n = len(s.history(t)); n != 43+37 {
		t.Errorf("after the undo of the first round: got %d changes, want 80: two of its 39 days were empty already", n)
	}
	round(t, k)
	round(t, s.Desk.NewKeeper())
	if got := len(s.history(t)); got != n {
		t.Errorf("after the undo: got %d changes more, want none", got-n)
	}
	c.since()
	settings := formOf(t, s.send(t, "GET", "/teams/ops/settings", "").html().Find(`form[action$="/settings"]`))
	settings.Set("keepFilled", "0")
	s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusSeeOther)
	c.since()
	round(t, k)
	if got, want := c.since(), "teams"; got != want {
		t.Errorf("a round for a team that wants none asked for %q, want %q", got, want)
	}
	for weeks, message := range map[string]string{"53": "1 to 52 weeks", "-1": "1 to 52 weeks", "many": "give a number"} {
		settings = formOf(t, s.send(t, "GET", "/teams/ops/settings", "").html().Find(`form[action$="/settings"]`))
		settings.Set("keepFilled", weeks)
		wantText(t, s.send(t, "POST", "/teams/ops/settings", settings.Encode()).want(http.StatusUnprocessableEntity).html(), "#f-keepFilled-says .error", message)
	}
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","keepFilled":99}`).wantProblem(http.StatusUnprocessableEntity, "invalid", "keepFilled")
}

// Many instances that keep the same roster make each change once.
func TestManyKeepers(t *testing.T) {
	s, _ := keptSite(t, "20")
	var keepers []*desk.Keeper
	for range 5 { // each in an instance of its own
		keepers = append(keepers, siteOn(t, s.store).Desk.NewKeeper())
	}
	var all sync.WaitGroup
	for _, k := range keepers {
		all.Go(func() {
			if err := k.Round(t.Context()); err != nil {
				t.Errorf("Round: got %v, want nil", err)
			}
		})
	}
	all.Wait()
	for _, k := range keepers {
		round(t, k)
	}
	seats := map[string]int{}
	for _, c := range s.history(t) {
		seats[c.Date]++
	}
	if len(seats) != 20*5 {
		t.Errorf("got %d days filled, want %d", len(seats), 20*5)
	}
	for d, n := range seats {
		if n != 1 {
			t.Errorf("%s: got %d changes, want one", d, n)
		}
	}
}

// While the store does not answer nothing is done, not even from what is remembered; then
// the work goes on.
func TestKeeperInAnOutage(t *testing.T) {
	first, _ := keptSite(t, "4")
	behind := &outage{Store: first.store}
	s := siteOn(t, lastknown.New(behind, time.Now))
	k := s.Desk.NewKeeper()
	s.send(t, "GET", "/teams/ops/rotations", "").want(http.StatusOK) // so that there is something to remember
	s.send(t, "GET", "/teams/ops?days=60", "").want(http.StatusOK)
	s.send(t, "GET", "/teams", "").want(http.StatusOK)
	behind.down.Store(true)
	for range 2 {
		if err := k.Round(t.Context()); err == nil {
			t.Error("Round during an outage: got nil, want an error")
		}
	}
	behind.down.Store(false)
	if n := len(first.history(t)); n != 0 {
		t.Errorf("during the outage: got %d changes, want none", n)
	}
	deadline := time.Now().Add(30 * time.Second)
	for k.Round(t.Context()) != nil { // the memory gives the store a rest before it asks again
		if time.Now().After(deadline) {
			t.Fatal("the keeper did not recover")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := len(first.history(t)); n != 20 {
		t.Errorf("after the outage: got %d changes, want 20", n)
	}
}

// Keep ends with its context.
func TestKeepStops(t *testing.T) {
	s := newSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Desk.Keep(ctx); close(ended) }()
	cancel()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Error("Keep went on after its context ended")
	}
}
