package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
)

// stuck is a store that answers some questions only when it is let.
type stuck struct {
	store.Store
	asked chan struct{} // one for each that waits
	let   chan struct{} // one for each that is let go on
}

func (s *stuck) wait() { s.asked <- struct{}{}; <-s.let }

func (s *stuck) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	s.wait()
	return s.Store.Person(ctx, id)
}

func (s *stuck) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	s.wait()
	return s.Store.Changes(ctx, team, q)
}

// stuckSite is one with limits whose people, one by one, and changes are only given when the
// store is let.
func stuckSite(t *testing.T, l web.Limits) (*site, *stuck) {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	behind := &stuck{file, make(chan struct{}, 100), make(chan struct{}, 100)}
	s := siteOn(t, behind)
	cfg := s.Config
	cfg.Limits = patient(l)
	s.remake(t, cfg)
	s.putPeople(t, "ana", "Ana Ruiz")
	return s, behind
}

// hold sends requests that stay until the store is let, and gives their answers then.
func (s *site) hold(t *testing.T, behind *stuck, n int, remote, path string) <-chan answer {
	t.Helper()
	answers := make(chan answer, n)
	for range n {
		go func() { answers <- s.sendFrom(t, remote, "GET", path, "") }()
		<-behind.asked
	}
	return answers
}

const (
	usualPath = "/api/v1/people/ana"
	heavyPath = "/api/v1/teams/ops/changes"
)

// What is full refuses after a moment, and health and who is on call are answered all the
// same, at once.
func TestPlacesForAll(t *testing.T) {
	s, behind := stuckSite(t, web.Limits{AtOnce: 8})
	held := s.hold(t, behind, 8, "192.0.2.1:1", usualPath)
	for _, path := range []string{"/livez", "/readyz", "/metrics", "/api/v1/oncall", "/api/v1/teams/ops/oncall", "/teams/ops/oncall"} {
		begun := time.Now()
		s.sendFrom(t, "192.0.2.1:1", "GET", path, "").want(http.StatusOK)
		if took := time.Since(begun); took > 900*time.Millisecond {
			t.Errorf("%s: took %s, want it not to wait", path, took)
		}
	}
	s.sendFrom(t, "127.0.0.1:1", "GET", "/api/v1/teams", "").wantTooMany(false) // all are bound by what there is
	s.sendFrom(t, "192.0.2.2:1", "GET", "/teams", "").wantTooMany(true)

	waits := make(chan answer)
	go func() { waits <- s.sendFrom(t, "192.0.2.2:1", "GET", "/api/v1/teams", "") }()
	behind.let <- struct{}{}
	(<-held).want(http.StatusOK)
	(<-waits).want(http.StatusOK)
	for range 7 {
		behind.let <- struct{}{}
		(<-held).want(http.StatusOK)
	}
}

// What is heavy leaves room for the rest.
func TestPlacesForHeavy(t *testing.T) {
	s, behind := stuckSite(t, web.Limits{AtOnce: 16})
	held := s.hold(t, behind, 2, "192.0.2.1:1", heavyPath)
	s.sendFrom(t, "192.0.2.2:1", "GET", heavyPath, "").wantTooMany(false)
	s.sendFrom(t, "192.0.2.2:1", "GET", "/api/v1/teams", "").want(http.StatusOK)
	behind.let <- struct{}{}
	behind.let <- struct{}{}
	(<-held).want(http.StatusOK)
	(<-held).want(http.StatusOK)
	behind.let <- struct{}{}
	s.sendFrom(t, "192.0.2.2:1", "GET", heavyPath, "").want(http.StatusOK)
}

// One caller cannot take what is for all, unless it is this machine.
func TestPlacesOfACaller(t *testing.T) {
	s, behind := stuckSite(t, web.Limits{AtOnce: 64, AtOncePerCaller: 3})
	held := s.hold(t, behind, 3, "192.0.2.1:1", usualPath)
	s.sendFrom(t, "192.0.2.1:9", "GET", "/api/v1/teams", "").wantTooMany(false)
	s.sendFrom(t, "192.0.2.2:1", "GET", "/api/v1/teams", "").want(http.StatusOK)
	s.sendFrom(t, "192.0.2.1:9", "GET", "/livez", "").want(http.StatusOK)
	mine := s.hold(t, behind, 9, "127.0.0.1:1", usualPath)
	for range 12 {
		behind.let <- struct{}{}
	}
	for range 3 {
		(<-held).want(http.StatusOK)
	}
	for range 9 {
		(<-mine).want(http.StatusOK)
	}
	s.sendFrom(t, "192.0.2.1:9", "GET", "/api/v1/teams", "").want(http.StatusOK)
}

// Who waits for a place of their own takes none of those of others: however much one caller
// asks for, it is only that caller who waits.
func TestPlacesOfOthers(t *testing.T) {
	for path, other := range map[string]string{usualPath: "/api/v1/teams", heavyPath: "/api/v1/teams/ops/days.csv"} {
		t.Run(path, func(t *testing.T) {
			s, behind := stuckSite(t, web.Limits{AtOnce: 16, AtOncePerCaller: 2})
			of := 2
			if path != usualPath {
				of = 1
			}
			held := s.hold(t, behind, of, "192.0.2.1:1", path)
			const more = 50
			refused := make(chan answer, more)
			for range more {
				go func() { refused <- s.sendFrom(t, "192.0.2.1:1", "GET", path, "") }()
			}
			time.Sleep(100 * time.Millisecond) // they wait now
			begun := time.Now()
			s.sendFrom(t, "192.0.2.2:1", "GET", other, "").want(http.StatusOK)
			if took := time.Since(begun); took > 900*time.Millisecond {
				t.Errorf("somebody else: answered after %s, want it not to wait", took)
			}
			for range more {
				(<-refused).wantTooMany(false)
			}
			for range of {
				behind.let <- struct{}{}
				(<-held).want(http.StatusOK)
			}
		})
	}
}

func TestLimitOfReads(t *testing.T) {
	s := limited(t, web.Limits{ReadsPerSecond: 2})
	for i := range 10 {
		s.sendFrom(t, "192.0.2.1:1", "GET", fmt.Sprint("/api/v1/teams?n=", i), "").want(http.StatusOK)
	}
	s.sendFrom(t, "192.0.2.1:1", "GET", "/api/v1/teams", "").wantTooMany(false)
	s.sendFrom(t, "192.0.2.1:1", "GET", "/teams", "").wantTooMany(true)
	s.sendFrom(t, "192.0.2.1:1", "PUT", apiDay, `{"note":"an edit"}`).want(http.StatusOK)
	s.sendFrom(t, "192.0.2.2:1", "GET", "/teams", "").want(http.StatusOK)
	for range 30 {
		s.sendFrom(t, "192.0.2.1:1", "GET", "/livez", "").want(http.StatusOK)
		s.sendFrom(t, "127.0.0.1:1", "GET", "/api/v1/teams", "").want(http.StatusOK)
	}
	s.advance(time.Second)
	s.sendFrom(t, "192.0.2.1:1", "GET", "/api/v1/teams", "").want(http.StatusOK)
}

// slow is a store that answers, after the request's time.
type slow struct{ store.Store }

func (s slow) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	sight, err := s.Store.Look(ctx, l)
	<-ctx.Done()
	return sight, err
}

// A request whose time is over goes no further, and is told so with a status upon which
// proxies do not ask another instance for the same.
func TestTimeIsOver(t *testing.T) {
	file, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s := siteOn(t, slow{file})
	cfg := s.Config
	cfg.Limits.Work = 20 * time.Millisecond
	s.remake(t, cfg)
	for _, path := range []string{"/teams/ops", "/api/v1/teams/ops/days", "/teams/ops/events"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, http.NoBody))
		if w.Code != http.StatusGatewayTimeout || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: got %d, Retry-After %q, want 504 and one", path, w.Code, w.Header().Get("Retry-After"))
		}
	}
}
