package drill

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/infra/lab/control"
)

// fakeLab is a lab of one host, of which nothing is real but its answers.
type fakeLab struct {
	mu      sync.Mutex
	orders  []control.Order
	running atomic.Bool
}

func startFakeLab(t *testing.T) (*fakeLab, *control.Client) {
	t.Helper()
	lab := &fakeLab{}
	lab.running.Store(true)
	socket := filepath.Join(t.TempDir(), "lab.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: lab}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return lab, control.NewClient(socket)
}

func (l *fakeLab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(control.State{Hosts: []control.Host{{
			Name: "front1", Processes: []control.Process{{Name: rosterd, PID: 1, Running: l.running.Load()}},
		}}})
		return
	}
	var order control.Order
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil || order.Process == "none" {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(control.Refusal{Error: "there is no such process"})
		return
	}
	l.mu.Lock()
	l.orders = append(l.orders, order)
	l.mu.Unlock()
	l.running.Store(order.Action == control.Start)
	w.WriteHeader(http.StatusNoContent)
}

func testSettings(t *testing.T, site *Site) Settings {
	return Settings{
		URL: site.base, Workers: 8, Rate: 600, Warm: 200 * time.Millisecond, Settle: 200 * time.Millisecond,
		Histories: t.TempDir(), Say: func(line string) { t.Log(line) },
	}
}

func testDrill(act func(*Script)) Drill {
	return Drill{Number: 9, Title: "a test", requests: 1500, act: act, check: checkNoneFailed}
}

func TestRun(t *testing.T) {
	site := newSite(t, nil)
	lab, client := startFakeLab(t)
	settings := testSettings(t, site)
	r := Run(t.Context(), client, testDrill(func(s *Script) {
		s.Kill("front1", rosterd)
		s.Wait(300 * time.Millisecond)
		s.Start("front1", rosterd)
		s.UntilServedBy("front1")
	}), settings)
	if !r.Passed || r.Figures.Requests < 1500 {
		t.Errorf("got %+v, want it passed with 1,500 requests", r)
	}
	want := []control.Order{{Action: control.Kill, Host: "front1", Process: rosterd}, {Action: control.Start, Host: "front1", Process: rosterd}}
	if !slices.Equal(lab.orders, want) {
		t.Errorf("orders: got %v, want %v", lab.orders, want)
	}
	if len(r.Marks) != 2 || !r.Marks[0].Fault || r.Marks[1].At-r.Marks[0].At < 300*time.Millisecond {
		t.Errorf("marks: got %v, want a fault and 300 ms later its end", r.Marks)
	}
	if files, err := filepath.Glob(filepath.Join(settings.Histories, "drill-9-*.jsonl")); err != nil || len(files) != 1 {
		t.Errorf("histories: got %v, want one", files)
	}
}

// A fault that the site does not survive fails the drill.
func TestRunFails(t *testing.T) {
	lab, client := startFakeLab(t)
	site := newSite(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !lab.running.Load() {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	r := Run(t.Context(), client, testDrill(func(s *Script) {
		s.Kill("front1", rosterd)
		s.Wait(300 * time.Millisecond)
		s.Start("front1", rosterd)
	}), testSettings(t, site))
	failed := slices.IndexFunc(r.Verdicts, func(v Verdict) bool { return v.What == "failed requests" && !v.OK })
	if r.Passed || r.Error != "" || failed < 0 {
		t.Errorf("got %+v, want it done and not passed", r)
	}
}

// A script that breaks leaves the lab whole, and says why it broke.
func TestRunBreaks(t *testing.T) {
	lab, client := startFakeLab(t)
	r := Run(t.Context(), client, testDrill(func(s *Script) {
		s.Freeze("front1", rosterd)
		s.Kill("front1", "none")
		s.Wait(time.Hour)
	}), testSettings(t, newSite(t, nil)))
	if r.Passed || !strings.Contains(r.Error, "no such process") {
		t.Errorf("got %q, want the reason", r.Error)
	}
	if thaw := (control.Order{Action: control.Thaw, Host: "front1", Process: rosterd}); !slices.Contains(lab.orders, thaw) {
		t.Errorf("orders: got %v, want %v among them", lab.orders, thaw)
	}
}

// A brief drill works less long, and waits as long as any.
func TestWork(t *testing.T) {
	const span = time.Second
	took := func(brief bool, step func(*Script, time.Duration)) time.Duration {
		s := &Script{Settings: Settings{Brief: brief}, ctx: t.Context()}
		begun := time.Now()
		step(s, span)
		if s.err != nil {
			t.Fatal(s.err)
		}
		return time.Since(begun)
	}
	if got := took(true, (*Script).Work); got < span/4 || got >= span {
		t.Errorf("a brief drill's work of %s: got %s, want less, and some", span, got)
	}
	for what, got := range map[string]time.Duration{
		"a full drill's work": took(false, (*Script).Work), "a brief drill's wait": took(true, (*Script).Wait),
	} {
		if got < span {
			t.Errorf("%s of %s: got %s", what, span, got)
		}
	}
}

// What is tried again and again says at last why it failed.
func TestUntilDone(t *testing.T) {
	bad := errors.New("bad")
	s := &Script{ctx: t.Context()}
	tries := 0
	s.UntilDone("it is done", time.Minute, func() error {
		tries++
		if tries < 2 {
			return bad
		}
		return nil
	})
	if s.err != nil || tries != 2 {
		t.Errorf("got %v after %d tries, want nil after 2", s.err, tries)
	}
	s.UntilDone("anything", 10*time.Millisecond, func() error { return bad })
	if !errors.Is(s.err, bad) || !strings.Contains(s.err.Error(), "anything") {
		t.Errorf("got %v, want what it was and why", s.err)
	}
}

func TestUntilGivesUp(t *testing.T) {
	s := &Script{ctx: t.Context()}
	s.Until("anything", 10*time.Millisecond, func() bool { return false })
	if s.err == nil || !strings.Contains(s.err.Error(), "anything") {
		t.Errorf("got %v, want what was waited for", s.err)
	}
	before := s.err
	s.Wait(time.Hour)
	if !errors.Is(s.err, before) {
		t.Errorf("a later step: got %v, want the first reason", s.err)
	}
}

func TestDrills(t *testing.T) {
	var numbers []int
	for _, d := range Drills() {
		numbers = append(numbers, d.Number)
		if d.act == nil || d.check == nil || d.requests < fewRequests || d.Title == "" || d.Must == "" {
			t.Errorf("drill %d: %+v", d.Number, d)
		}
	}
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25}; !slices.Equal(numbers, want) {
		t.Errorf("the drills: got %v, want %v", numbers, want)
	}
}
