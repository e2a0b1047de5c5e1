package compose

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/check/testreport"
	"dailyroster/infra/nginxtest"
)

// nginx asks the second instance for what the first one is too broken for, and for nothing
// that was only slow, or too much.
func TestWhatIsAskedTwice(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		testreport.Skip(t, "what nginx asks twice", "there is no nginx")
	}
	const freezes = 0
	var asked, how atomic.Int64 // how is the status of the instance that is asked first, or freezes
	done := make(chan struct{})
	instance := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 1 {
			return
		}
		if how.Load() == freezes {
			<-done
			return
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(int(how.Load()))
	}))
	t.Cleanup(instance.Close)
	t.Cleanup(func() { close(done) })
	address := instance.Listener.Addr().String()
	site := nginxtest.Start(t, program, withInstances(t, address, address))
	for _, c := range []struct{ how, asked, status int }{
		{http.StatusOK, 1, http.StatusOK},
		{http.StatusGatewayTimeout, 1, http.StatusGatewayTimeout}, // the request took too long
		{http.StatusTooManyRequests, 1, http.StatusTooManyRequests},
		{http.StatusServiceUnavailable, 2, http.StatusOK}, // its store does not answer
		{http.StatusBadGateway, 2, http.StatusOK},
		{freezes, 2, http.StatusOK},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			time.Sleep(1100 * time.Millisecond) // until nginx has forgotten the failure before
			asked.Store(0)
			how.Store(int64(c.how))
			got, _ := ask(t, method, site+"/teams/ops/days/2026-11-24")
			if int(asked.Load()) != c.asked || got != c.status {
				t.Errorf("%s, an instance that says %d (0: nothing): %d were asked, and the answer was %d, want %d and %d", method, c.how, asked.Load(), got, c.asked, c.status)
			}
		}
	}
	testreport.Ran(t, "what nginx asks twice")
}

// An instance that dies just when nginx has the other one in disfavour, as one that was started
// anew a second ago, is no reason to refuse anything.
func TestDiesAfterTheOtherWasAway(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		testreport.Skip(t, "what nginx asks when one instance dies after the other was away", "there is no nginx")
	}
	var away, dies atomic.Bool // what the first instance says 503 for, and the second falls silent for
	var asked atomic.Int64     // the second
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(first.Close)
	second := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		// One that hangs gets new connections. One that was used before and breaks is no attempt.
		w.Header().Set("Connection", "close")
		if dies.Load() {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(second.Close)
	site := nginxtest.Start(t, program, withInstances(t, first.Listener.Addr().String(), second.Listener.Addr().String()))
	const looked, edited = "/teams/ops", "/teams/ops/days/2026-11-24" // by everybody, and by one
	for _, c := range []struct{ method, path string }{
		{http.MethodGet, looked}, {http.MethodGet, edited + "/edit"}, {http.MethodPut, edited},
		{http.MethodGet, looked}, {http.MethodGet, edited + "/edit"}, {http.MethodPut, edited},
	} {
		away.Store(true)
		for range 4 { // until it is the turn of the first
			if got, _ := ask(t, http.MethodGet, site+"/people"); got != http.StatusOK {
				t.Fatalf("with one instance away: got %d", got)
			}
		}
		away.Store(false)
		dies.Store(true)
		asked.Store(0)
		if got, _ := ask(t, c.method, site+c.path); got != http.StatusOK || asked.Load() == 0 {
			t.Errorf("%s %s: got %d after %d attempts at the one that dies, want %d after one or more", c.method, c.path, got, asked.Load(), http.StatusOK)
		}
		dies.Store(false)
		time.Sleep(2100 * time.Millisecond) // until nginx has forgotten, by its clock of whole seconds
	}
	testreport.Ran(t, "what nginx asks when one instance dies after the other was away")
}

// Where no instance has its store, what it says of that is what comes, however often it is asked.
func TestNoInstanceHasItsStore(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		testreport.Skip(t, "what nginx answers when no instance has its store", "there is no nginx")
	}
	var asked atomic.Int64
	refuses := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	first, second := httptest.NewServer(refuses), httptest.NewServer(refuses)
	t.Cleanup(first.Close)
	t.Cleanup(second.Close)
	site := nginxtest.Start(t, program, withInstances(t, first.Listener.Addr().String(), second.Listener.Addr().String()))
	const rounds = 4 // the instances are in favour in the first alone
	for range rounds {
		for _, path := range []string{"/teams/ops", "/teams/ops/days/2026-11-24", "/feeds/x.ics", "/people"} {
			for _, method := range []string{http.MethodGet, http.MethodPut} {
				asked.Store(0)
				got, again := ask(t, method, site+path)
				if got != http.StatusServiceUnavailable || again != "2" || asked.Load() != 2 {
					t.Errorf("%s %s: got %d, Retry-After %q, after %d attempts, want what both say", method, path, got, again, asked.Load())
				}
			}
		}
	}
	testreport.Ran(t, "what nginx answers when no instance has its store")
}

// ask sends a request with a body, and gives the status and the Retry-After of the answer.
func ask(t *testing.T, method, url string) (status int, again string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("note=x"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode, res.Header.Get("Retry-After")
}

// withInstances is the settings for containers, but for times that a test can wait for, and
// with the instances at these addresses.
func withInstances(t *testing.T, first, second string) string {
	t.Helper()
	text, err := os.ReadFile("nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(
		"192.168.64.22:8080", first, "192.168.64.23:8080", second, "fail_timeout=2s", "fail_timeout=1s", "_timeout 6s", "_timeout 2s",
	).Replace(string(text))
}
