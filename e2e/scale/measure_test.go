package scale

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/live"
	"dailyroster/intake/fetch"
	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/store/lastknown"
	"dailyroster/store/measured"
	"dailyroster/telling"
)

// sample is what a work took.
type sample struct {
	failed string        // why it did not work; "" if it did
	p50    time.Duration // over a loopback connection, one request at a time
	bare   time.Duration // the same of a handler that only answers as many bytes
	bytes  int
	allocs float64
	trips  float64
}

// site is one of the place's own, as the program would serve it.
func (p *place) site(t *testing.T) http.Handler {
	t.Helper()
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fetch.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return handlers.New(t.Context(), handlers.Config{
		Store: lastknown.New(p.store, time.Now), Assets: files, Log: silent(), Now: time.Now, Random: rand.Reader,
		Instance: "bench", Version: "bench", Zone: roster.UTC(), Pages: pages,
	})
}

// measureAll measures every work.
func (p *place) measureAll(t *testing.T) map[string]sample {
	t.Helper()
	site := p.site(t)
	server := httptest.NewServer(site)
	defer server.Close()
	p.waitForIndex(t, server.URL)
	samples := map[string]sample{}
	for _, w := range works() {
		switch w.name {
		case liveWork:
			samples[w.name] = p.liveRound(t)
		case noticeWork:
			samples[w.name] = p.noticeRound(t)
		default:
			samples[w.name] = p.measure(t, site, server.URL, w)
		}
	}
	return samples
}

// waitForIndex waits until the cluster knows who is in which team. It learns that in the
// background, once in its life, from the first time that somebody asks; until then what is about
// a person looks at all teams.
func (p *place) waitForIndex(t *testing.T, url string) {
	t.Helper()
	const few, most = 50, 5 * time.Minute
	for begun := time.Now(); ; time.Sleep(time.Second) {
		trips := p.trips()
		if _, err := send(t, url, get("/people/{person}")(p, 0)); err == nil && p.trips()-trips < few {
			t.Logf("%s, %d people: who is in which team was known after %s", p.kind, p.company.Size.People, time.Since(begun).Round(time.Second))
			return
		}
		if time.Since(begun) > most {
			t.Fatalf("who is in which team is not known after %s", most)
		}
	}
}

// tooSlow is what is measured once.
const tooSlow = 2 * time.Second

func (p *place) measure(t *testing.T, site http.Handler, url string, w work) (s sample) {
	t.Helper()
	trips, first := p.trips(), time.Now()
	answer, err := send(t, url, w.ask(p, -1)) // the first fills what is kept in memory
	if err != nil {
		s.failed = err.Error()
		return s
	}
	s.bytes = len(answer)
	if s.p50 = time.Since(first); s.p50 > tooSlow {
		s.trips = float64(p.trips() - trips)
		return s
	}
	var times []time.Duration
	trips = p.trips()
	for begun := time.Now(); len(times) < 3 || time.Since(begun) < set.budget && len(times) < 500; {
		one := time.Now()
		if _, err := send(t, url, w.ask(p, len(times))); err != nil {
			s.failed = err.Error()
			return s
		}
		times = append(times, time.Since(one))
	}
	s.p50, s.trips = median(times), float64(p.trips()-trips)/float64(len(times))
	s.bare = bareTime(t, w.ask(p, 0), s.bytes, len(times))
	s.allocs = allocations(t, site, func(i int) request { return w.ask(p, 1000+i) })
	return s
}

// bareTime is the time of a handler that does nothing but answer.
func bareTime(t *testing.T, r request, size, times int) time.Duration {
	answer := make([]byte, size)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	}))
	defer bare.Close()
	var took []time.Duration
	for range times {
		one := time.Now()
		if _, err := send(t, bare.URL, r); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(one))
	}
	return median(took)
}

// allocations is what a request allocates, without a connection.
func allocations(t *testing.T, site http.Handler, ask func(i int) request) float64 {
	const runs = 5
	var requests []*http.Request
	var answers []recorder
	for i := range runs {
		requests, answers = append(requests, ask(i).http(t, "")), append(answers, recorder{httptest.NewRecorder()})
		answers[i].Body.Grow(1 << 20)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i, r := range requests {
		site.ServeHTTP(answers[i], r)
	}
	runtime.ReadMemStats(&after)
	for i, answer := range answers {
		if answer.Code != http.StatusOK {
			t.Errorf("%s: got %d without a connection, want what there is over one", requests[i].URL, answer.Code)
		}
	}
	return float64(after.Mallocs-before.Mallocs) / runs
}

// recorder has deadlines, as connections have.
type recorder struct{ *httptest.ResponseRecorder }

func (recorder) SetReadDeadline(time.Time) error  { return nil }
func (recorder) SetWriteDeadline(time.Time) error { return nil }

func (r request) http(t *testing.T, url string) *http.Request {
	t.Helper()
	made := httptest.NewRequestWithContext(within(t, 2*time.Minute), r.method, url+r.path, strings.NewReader(r.body))
	made.RequestURI = ""
	if url == "" {
		made.Host = "localhost"
	}
	made.Header.Set("Accept-Encoding", "identity")
	if strings.HasPrefix(r.body, "{") {
		made.Header.Set("Content-Type", "application/json")
	} else if r.body != "" {
		made.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.cookie != "" {
		made.Header.Set("Cookie", r.cookie)
	}
	return made
}

// send sends a request and gives the body of the answer, which has to be a good one.
func send(t *testing.T, url string, r request) ([]byte, error) {
	res, err := http.DefaultClient.Do(r.http(t, url))
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	return body.Bytes(), nil
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// liveRound watches every team and measures what a round of the hub asks of the store.
func (p *place) liveRound(t *testing.T) (s sample) {
	type asked struct{ begun, ended time.Time }
	var mu sync.Mutex
	var all []asked
	counting := measured.New(p.store)
	counting.Tell(func(_ string, took time.Duration, _ any) {
		now := time.Now()
		mu.Lock()
		defer mu.Unlock()
		all = append(all, asked{now.Add(-took), now})
	})
	watching, leave := context.WithCancel(t.Context())
	defer leave() // ends the hub, and with it all that is watched
	hub := live.NewHub(watching, counting, silent())
	from, to := watchedDays(p.company.Today)
	for _, team := range p.company.Teams() {
		_, _, _, err := hub.Watch(t.Context(), team.ID, live.Range{From: from, To: to})
		if err != nil {
			s.failed = err.Error()
			return s
		}
	}
	time.Sleep(4 * live.Interval) // the first round reads everything
	mu.Lock()
	all = nil
	mu.Unlock()
	trips := p.trips()
	time.Sleep(8 * live.Interval)
	mu.Lock()
	defer mu.Unlock()
	trips = p.trips() - trips
	var rounds []time.Duration
	for i := 0; i < len(all); {
		last := i
		for last+1 < len(all) && all[last+1].begun.Sub(all[last].ended) < live.Interval/10 {
			last++
		}
		rounds = append(rounds, all[last].ended.Sub(all[i].begun))
		i = last + 1
	}
	if len(rounds) < 2 {
		s.failed = fmt.Sprintf("rounds follow each other without a pause: %d operations in %s", len(all), 8*live.Interval)
		return s
	}
	s.p50, s.trips = median(rounds), float64(trips)/float64(len(rounds))
	return s
}

// noticeRound measures a round that looks at every team, after those that have found and sent
// what was due before.
func (p *place) noticeRound(t *testing.T) (s sample) {
	const settling, measuredRounds = 40, 20
	teller := telling.New(telling.Config{
		Store: p.store, Log: silent(), Now: time.Now, Random: rand.Reader, Instance: "scale",
		Ways: telling.Ways{Email: func(context.Context, string, notify.Message) error { return nil }},
	})
	rounds := teller.NewRounds()
	var times []time.Duration
	trips := p.trips()
	for n := range settling + measuredRounds {
		if n == settling {
			time.Sleep(time.Second) // what was begun ends
			trips = p.trips()
		}
		begun := time.Now()
		if _, err := rounds.Round(t.Context()); err != nil {
			s.failed = err.Error()
			return s
		}
		if n >= settling {
			times = append(times, time.Since(begun))
		}
	}
	s.p50, s.trips = median(times), float64(p.trips()-trips)/measuredRounds
	return s
}
