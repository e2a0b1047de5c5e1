package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/bolt"
)

const dailyTeam = "/api/v1/teams/daily-roster"

// assign makes somebody primary on a day.
func (s *server) assign(t *testing.T, date, name string) {
	t.Helper()
	if status, body := s.call(t, "PUT", dailyTeam+"/days/"+date, fmt.Sprintf(`{"assignments":{"primary":%q}}`, name)); status != http.StatusOK {
		t.Fatalf("assigning %s to %s: got %d %s", name, date, status, body)
	}
}

func (s *server) primary(t *testing.T, date string) string {
	t.Helper()
	var day struct {
		Assignments map[string]*struct{ Name string }
	}
	status, body := s.call(t, "GET", dailyTeam+"/days/"+date, "")
	if err := json.Unmarshal([]byte(body), &day); err != nil || status != http.StatusOK || day.Assignments["primary"] == nil {
		t.Fatalf("%s: got %d %s, %v, want somebody", date, status, body, err)
	}
	return day.Assignments["primary"].Name
}

// Two days are swapped across the end of a month, one is taken by the button that stands
// at who is away, and one waits for agreement: by clicks alone, on a desk and a phone.
func TestSwapInTheBrowser(t *testing.T) {
	s := start(t, storeFile(t))
	days := []string{inDays(t, 1), inDays(t, 3), inDays(t, 32)}
	for i, name := range []string{"Ana Ruiz", "Bo Chen", "Cleo Diaz"} {
		s.assign(t, days[i], name)
	}
	page := openBrowser(t).newTab(t)
	page.open(s.url + "/")
	page.click(row(days[0]) + " .exchange")
	page.waitFor(".seats", "Primary: Ana Ruiz")
	page.keep("exchange")
	page.do(chromedp.SetValue(chromedp.CSS("#f-with"), days[2]+" primary cleo-diaz"))
	page.click("#swap ~ form button")
	page.waitFor(".notice", "done. You can undo it in the history.")
	page.waitFor(cell(days[0], 1), "Cleo Diaz")
	page.waitFor(cell(days[2], 1), "Ana Ruiz")
	page.open(s.url + "/teams/daily-roster/history")
	page.waitFor(".acts > li:first-of-type", "swapped")
	page.keep("exchange-history")
	page.click(".acts > li:first-of-type form button")
	page.waitFor(".acts > li:first-of-type", "undid 2 changes")
	if got := s.primary(t, days[0]) + ", " + s.primary(t, days[2]); got != "Ana Ruiz, Cleo Diaz" {
		t.Errorf("after the undo: got %s, want both as they were", got)
	}

	s.call(t, "PUT", "/api/v1/people/bo-chen", fmt.Sprintf(`{"name":"Bo Chen","absences":[{"from":%q,"to":%q,"note":"leave"}]}`, days[1], days[1]))
	page.open(s.url + "/")
	page.waitFor(row(days[1])+" .clash", "is free")
	page.keep("clash")
	instead := page.text(row(days[1]) + " .clash button")
	page.click(row(days[1]) + " .clash button")
	page.waitFor(".notice", "takes Primary")
	if name := page.text(cell(days[1], 1)); instead != name+" takes it" {
		t.Errorf("after %q: got %q on call", instead, name)
	}

	s.call(t, "PUT", dailyTeam, `{"name":"Daily Roster","agreeFirst":true}`)
	page.size(360, 740)
	page.open(s.url + "/")
	page.click(cell(days[0], 1)) // on a phone the way leads through the form
	page.click(row(days[0]) + ".editing .exchange")
	page.waitFor(".seats", "Primary: Ana Ruiz")
	for _, name := range []string{"exchange-narrow", "offer-narrow"} {
		if got := page.value("document.documentElement.scrollWidth"); got != "360" {
			t.Errorf("%s: the page is %s px wide on a screen of 360", name, got)
		}
		page.keep(name)
		if name == "exchange-narrow" {
			page.click("#f-by")
			page.keys("Cleo Diaz", kb.Enter)
			page.waitFor("#offers", "waits for Ana Ruiz to agree")
		}
	}
	if got := s.primary(t, days[0]); got != "Ana Ruiz" {
		t.Errorf("while it waits: got %s on call, want Ana Ruiz still", got)
	}
	page.click("#offers button.primary")
	page.waitFor(".notice", "done. You can undo it in the history.")
	page.waitFor(cell(days[0], 1), "Cleo Diaz")
	page.waitUntil("!document.querySelector('#offers li')")
}

func TestSwapWithoutJavaScript(t *testing.T) {
	s := start(t, storeFile(t))
	first, second := inDays(t, 1), inDays(t, 2)
	s.assign(t, first, "Ana Ruiz")
	s.assign(t, second, "Bo Chen")
	page := openBrowser(t).newTab(t)
	page.withoutScript()
	page.open(s.url + "/")
	page.click(row(first) + " .exchange")
	page.do(chromedp.SendKeys(chromedp.CSS("#f-with"), kb.ArrowDown))
	page.click("#swap ~ form button")
	page.do(chromedp.WaitVisible(chromedp.CSS(".notice")))
	if got := s.primary(t, first) + ", " + s.primary(t, second); got != "Bo Chen, Ana Ruiz" {
		t.Errorf("after the swap: got %s, want Bo Chen, Ana Ruiz", got)
	}
}

// stage is how far a swap was when its process was killed.
type stage struct {
	recorded, done bool
	swapped        int // of the two days
}

// swapKiller kills a program (SIGKILL) in swaps of two days, again and again.
type swapKiller struct {
	first, second string
	took          time.Duration // of a swap; learned on the way
	seen          map[stage]int
	between       int // how often it died between the two days
}

func newSwapKiller(t *testing.T) *swapKiller {
	t.Helper()
	return &swapKiller{first: inDays(t, 1), second: inDays(t, 40), took: 20 * time.Millisecond, seen: map[stage]int{}}
}

// kill makes the days Ana's and Bo's, has them swapped, and kills the program at some
// moment of that.
func (k *swapKiller) kill(t *testing.T, s *server) {
	t.Helper()
	s.assign(t, k.first, "Ana Ruiz")
	s.assign(t, k.second, "Bo Chen")
	swap := fmt.Sprintf(`{"kind":"swap","seat":{"date":%q,"role":"primary"},"with":{"date":%q,"role":"primary"}}`, k.first, k.second)
	answered := make(chan time.Duration, 1)
	go func() {
		defer close(answered)
		begun := time.Now()
		if status, _, err := s.try(t.Context(), "POST", dailyTeam+"/exchanges", swap); err == nil && status == http.StatusCreated {
			answered <- time.Since(begun)
		}
	}()
	time.Sleep(rand.N(k.took))
	s.kill()
	if whole := <-answered; whole > 0 {
		k.took = (k.took + whole) / 2
	} else {
		k.took += k.took / 10 // so that late deaths are tried too
	}
}

// look is how far the swap is in the store itself, which no program reads.
func (k *swapKiller) look(t *testing.T, data store.Store) (at stage) {
	t.Helper()
	team, err := data.Team(t.Context(), "daily-roster")
	if err != nil {
		t.Fatal(err)
	}
	for date, was := range map[string]roster.PersonID{k.first: "ana-ruiz", k.second: "bo-chen"} {
		d, err := roster.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		days, err := data.Days(t.Context(), "daily-roster", d, d)
		if err != nil {
			t.Fatal(err)
		}
		if days[0].Assignments["primary"] != was {
			at.swapped++
		}
	}
	if n := len(team.Offers); n > 0 && (team.Offers[n-1].State != roster.OfferDone || at.swapped == 2) {
		at.recorded, at.done = true, team.Offers[n-1].State == roster.OfferDone
	}
	return at
}

// check notes how far the swap was, and holds a program that reads the days then to all
// or nothing.
func (k *swapKiller) check(t *testing.T, at stage, reader *server) {
	t.Helper()
	k.seen[at]++
	if at.swapped == 1 {
		k.between++
	}
	want := "Ana Ruiz, Bo Chen"
	if at.recorded {
		want = "Bo Chen, Ana Ruiz"
	}
	if got := reader.primary(t, k.first) + ", " + reader.primary(t, k.second); got != want {
		t.Fatalf("killed at %+v: the next reader got %s, want %s", at, got, want)
	}
}

// end holds the test to having proved something.
func (k *swapKiller) end(t *testing.T) {
	t.Helper()
	t.Logf("the deaths: %v", k.seen)
	if k.between == 0 {
		t.Errorf("in %d attempts no process died between the two months; the test proves nothing", most)
	}
}

// most is how often a program is killed at most, to have it die between two months.
const most = 150

// A swap across two months is killed at any moment until it died between the two. Whenever
// it dies, the process that is started again finds, and shows, all of a swap that was
// recorded and nothing of one that was not.
func TestKilledInASwap(t *testing.T) {
	k := newSwapKiller(t)
	look := func(file string) stage {
		t.Helper()
		data, err := bolt.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = data.Close() }()
		return k.look(t, data)
	}
	for i := 0; i < most && k.between < 2; i++ {
		s := start(t, storeFile(t))
		k.kill(t, s)
		at := look(s.file)
		again := start(t, s.file)
		k.check(t, at, again)
		if err := again.stop(); err != nil {
			t.Errorf("stopping: got %v", err)
		}
		if end := look(s.file); end.recorded && !end.done {
			t.Errorf("killed at %+v: got %+v after the restart, want it done", at, end)
		}
	}
	k.end(t)
}

// On a cluster the other instance finishes what the one that died began, as soon as
// anybody asks it about the team.
func TestKilledInASwapOnACluster(t *testing.T) {
	c := asdtest.Start(t, 3, "that an instance finishes the swap in which another died")
	there := startOn(t, c.URL(), "app-two")
	there.waitStatus(t, time.Minute, http.StatusOK, "GET", "/readyz", "")
	cfg, err := aerospike.ParseURL(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	data, err := aerospike.Open(t.Context(), cfg, aerospike.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	k := newSwapKiller(t)
	for i := 0; i < most && k.between < 1; i++ {
		s := startOn(t, c.URL(), "app-one")
		s.waitStatus(t, time.Minute, http.StatusOK, "GET", "/readyz", "")
		k.kill(t, s)
		time.Sleep(300 * time.Millisecond) // what it had sent may still be on its way
		k.check(t, k.look(t, data), there)
	}
	k.end(t)
}
