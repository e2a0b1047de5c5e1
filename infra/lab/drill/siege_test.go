package drill

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"dailyroster/infra/lab/control"
)

// newTestVictim is a small one, of a real site in this process.
func newTestVictim(t *testing.T, spoil func(http.Handler) http.Handler) *victim {
	t.Helper()
	site := newSite(t, spoil)
	v, err := newVictim(t.Context(), []*Site{site, site}, "victim", 4)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What the siege asks for is allowed: the site answers each kind, if it has the time.
func TestWorstIsAllowed(t *testing.T) {
	v := newTestVictim(t, nil)
	names := map[string]bool{}
	if err := v.findWeeks(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range v.worst() {
		if names[w.name] {
			t.Errorf("%s: is there twice, and would be counted as one", w.name)
		}
		names[w.name] = true
		q := w
		status, err := v.site.drain(t.Context(), &q)
		if err != nil || status != http.StatusOK {
			t.Errorf("%s: got %d, %v, want 200", w.name, status, err)
		}
	}
}

// The siege counts what was done, what was refused, and what nobody should get.
func TestSiegeCounts(t *testing.T) {
	v := newTestVictim(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/busy":
				w.WriteHeader(http.StatusTooManyRequests)
			case "/broken":
				w.WriteHeader(http.StatusBadGateway)
			default:
				next.ServeHTTP(w, r)
			}
		})
	})
	s := StartSiege(t.Context(), v.site, []worst{
		{"done", get("/readyz"), false}, {"refused", get("/busy"), false}, {"broken", get("/broken"), false},
	})
	met := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.all["done"].served > 0 && s.all["refused"].refused > 0 && len(s.all["broken"].others) > 0
	}
	for begun := time.Now(); !met() && time.Since(begun) < patience; {
		time.Sleep(2 * refusedPause)
	}
	s.End()
	if b := s.all["done"]; b.served == 0 || b.refused > 0 || len(b.others) > 0 || b.slowest == 0 {
		t.Errorf("done: got %+v, want some served and nothing else", b)
	}
	if b := s.all["refused"]; b.refused == 0 || b.served > 0 || len(b.others) > 0 {
		t.Errorf("refused: got %+v, want some refused and nothing else", b)
	}
	if b := s.all["broken"]; len(b.others) == 0 || !strings.Contains(b.others[0], "502") {
		t.Errorf("broken: got %+v, want the status", b)
	}
	if sent, others := s.counts(); sent < 3 || len(others) != len(s.all["broken"].others) {
		t.Errorf("counts: got %d, %d, want all, and those that are broken", sent, len(others))
	}
}

// Somebody who was refused, or waited, is noticed.
func TestCheckSiege(t *testing.T) {
	marks := []Mark{{At: 0, Fault: true}, {At: time.Second}}
	verdicts := func(change func(events []Event)) map[string]bool {
		var events []Event
		for i := range 200 {
			at := time.Duration(i) * 5 * time.Millisecond
			kind := ReadOnCall
			if i%2 == 0 {
				kind = ReadReady
			}
			events = append(events, Event{Kind: kind, Start: at, End: at + 20*time.Millisecond, Status: http.StatusOK})
		}
		change(events)
		h := &History{Events: events}
		o := &outcome{history: h, marks: marks, end: time.Second, figures: h.Figures(0, time.Second)}
		checkSiege(o)
		failed := map[string]bool{}
		for _, v := range o.all {
			if !v.OK {
				failed[v.What] = true
			}
		}
		return failed
	}
	for name, c := range map[string]struct {
		change func(events []Event)
		want   string
	}{
		"all is well":             {func([]Event) {}, ""},
		"one was refused":         {func(all []Event) { all[7].Status = http.StatusTooManyRequests }, "failed requests"},
		"on call took its time":   {func(all []Event) { all[7].End += time.Second; all[9].End += time.Second }, "99 of 100 answers to oncall meanwhile"},
		"readiness took its time": {func(all []Event) { all[8].End += time.Second; all[10].End += time.Second }, "99 of 100 answers to ready meanwhile"},
		"too few were asked": {func(all []Event) {
			for i := range all[:150] {
				all[i].Kind = ReadSettle
			}
		}, "ordinary requests a second meanwhile"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := verdicts(c.change)
			if c.want == "" && len(failed) > 0 || c.want != "" && (!failed[c.want] || len(failed) != 1) {
				t.Errorf("got %v failed, want %q", failed, c.want)
			}
		})
	}
}

// The memory of a process is read from the kernel, and its limits from what the role wrote.
func TestWatchMemory(t *testing.T) {
	for text, want := range map[string]int64{"MemoryMax=1G": 1 << 30, "[Service]\nMemoryMax=768M\n": 768 << 20, "MemoryMax=4096": 4096, "": 0, "MemoryMax=much": 0} {
		if got, err := memoryMax(text); got != want || (err != nil) != (want == 0) {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	m := memory{pid: os.Getpid()}
	if most, err := m.most(); err != nil || most < 1<<20 {
		t.Errorf("of this process: got %d bytes, %v, want some MiB", most, err)
	}
	state := control.State{Hosts: []control.Host{{Name: "front1", Root: t.TempDir(), Processes: []control.Process{{Name: rosterd, PID: os.Getpid()}}}}}
	if _, err := watchMemory(state, "front1"); err == nil {
		t.Error("without a unit: got nil, want an error")
	}
}
