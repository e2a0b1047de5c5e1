package drill

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"dailyroster/infra/lab/control"
)

const (
	besiegers = 200
	// Who is refused asks again after refusedPause, and not after the second that the answer
	// speaks of. They share the machine with what they ask.
	refusedPause = 250 * time.Millisecond
	// lastingTime is how long one stays who opens what does not end by itself.
	lastingTime = 2 * time.Second

	siegeTime  = time.Minute
	briefSiege = 12 * time.Second
	// Of the load meanwhile: its pace in all, of which some only asks who is on call, and
	// whether the site is ready.
	siegeRate, siegeFirst = 100, 20
	siegeWorkers          = 40
	firstTime             = 100 * time.Millisecond

	siegePeople, briefPeople = 1000, 200
	leastSiege               = besiegers
)

// Siege is many who send the worst that is allowed, all from one address, again and again.
type Siege struct {
	site  *Site
	worst []worst
	stop  context.CancelFunc
	wg    sync.WaitGroup

	mu  sync.Mutex
	all map[string]*besieged
}

// besieged is what came of one kind of request.
type besieged struct {
	served, refused int
	slowest         time.Duration
	others          []string // answers that nobody should get
}

// StartSiege begins to ask.
func StartSiege(ctx context.Context, site *Site, all []worst) *Siege {
	s := &Siege{site: site, worst: all, all: map[string]*besieged{}}
	ctx, s.stop = context.WithCancel(ctx)
	for _, w := range all {
		s.all[w.name] = &besieged{}
	}
	for i := range besiegers {
		s.wg.Go(func() {
			for next := i; ctx.Err() == nil; next++ {
				if pause := s.ask(ctx, &all[next%len(all)]); pause > 0 {
					select {
					case <-ctx.Done():
					case <-time.After(pause):
					}
				}
			}
		})
	}
	return s
}

// End ends it, and waits until all have left.
func (s *Siege) End() {
	s.stop()
	s.wg.Wait()
}

// ask sends one request and notes what came of it; who was refused pauses before the next.
func (s *Siege) ask(ctx context.Context, w *worst) (pause time.Duration) {
	begun := time.Now()
	status, err := s.site.drain(ctx, w)
	if ctx.Err() != nil {
		return 0 // the siege is over, and with it the request
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.all[w.name]
	switch {
	case err == nil && status < http.StatusMultipleChoices:
		b.served++
		b.slowest = max(b.slowest, time.Since(begun))
		return 0
	case err == nil && (status == http.StatusTooManyRequests || status == http.StatusGatewayTimeout || status == http.StatusConflict):
		b.refused++
		return refusedPause
	case err == nil:
		b.others = append(b.others, fmt.Sprintf("%s: status %d after %s", w.name, status, Short(time.Since(begun))))
	default:
		b.others = append(b.others, fmt.Sprintf("%s: %v", w.name, err))
	}
	return refusedPause
}

// drain sends a request and lets its answer go by. It leaves one that lasts after a while.
func (s *Site) drain(ctx context.Context, w *worst) (status int, err error) {
	// An answer may come in pieces for as long as it likes; that it begins is waited for.
	ctx, cancel := context.WithTimeout(ctx, 2*s.http.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, w.method, s.base+w.path, bytes.NewReader(w.body))
	if err != nil {
		return 0, err
	}
	for i := 0; i+1 < len(w.header); i += 2 {
		req.Header.Set(w.header[i], w.header[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if w.lasts && res.StatusCode == http.StatusOK {
		leave := time.AfterFunc(lastingTime, cancel)
		defer leave.Stop()
	}
	if _, err = io.Copy(io.Discard, res.Body); w.lasts {
		err = nil // it was left
	}
	return res.StatusCode, err
}

// counts are all answers of the siege, and those that nobody should get.
func (s *Siege) counts() (sent int, others []string) {
	for _, w := range s.worst {
		b := s.all[w.name]
		sent += b.served + b.refused + len(b.others)
		others = append(others, b.others...)
	}
	return sent, others
}

// prepareSiege makes the site as large as it may be.
func prepareSiege(s *Script) {
	if s.err != nil {
		return
	}
	people := siegePeople
	if s.Brief {
		people = briefPeople
	}
	s.say("  %d people, and a team with all that a team may have", people)
	var sites []*Site
	for _, from := range s.state.CallerAddresses {
		sites = append(sites, NewSite(s.URL, 1).From(from))
	}
	defer func() {
		for _, site := range sites {
			site.Close()
		}
	}()
	if sites == nil {
		s.err = errors.New("the lab has no addresses for many callers")
		return
	}
	s.victim, s.err = newVictim(s.ctx, sites, "victim-"+s.begun.UTC().Format("20060102-150405"), people)
}

// besiege lets the siege begin, and end after a while.
func besiege(s *Script) {
	if s.err != nil {
		return
	}
	if s.err = s.victim.findWeeks(s.ctx); s.err != nil {
		return
	}
	s.memory = nil
	for _, front := range s.Hosts(rosterd) {
		m, err := watchMemory(s.state, front)
		if err != nil {
			s.err = err
			return
		}
		s.memory = append(s.memory, m)
	}
	long := siegeTime
	if s.Brief {
		long = briefSiege
	} else {
		superviseApps(s) // a program that is busy is not one that hangs
	}
	site := NewSite(s.URL, besiegers)
	defer site.Close()
	s.mark(true, fmt.Sprintf("%d ask from %s for the worst that is allowed", besiegers, cmp.Or(s.state.ClientAddress, "one address")))
	siege := StartSiege(s.ctx, site, s.victim.worst())
	s.Wait(long)
	siege.End()
	s.mark(false, "they leave")
	s.siegeVerdicts(siege)
}

// siegeVerdicts are about the siege itself, and the memory that it took.
func (s *Script) siegeVerdicts(siege *Siege) {
	if s.err != nil {
		return
	}
	sent, others := siege.counts()
	s.verdicts = append(s.verdicts, Verdict{
		What: "worst requests answered", Bound: fmt.Sprintf("≥ %d", leastSiege), Measured: fmt.Sprint(sent), OK: sent >= leastSiege,
	}, Verdict{
		What: "of them neither done nor refused with 429, 409 or 504", Bound: "0", Measured: fmt.Sprint(len(others)), OK: len(others) == 0,
		Examples: others[:min(len(others), 8)],
	})
	served, refused, slowest := 0, 0, []string(nil)
	for _, w := range siege.worst {
		b := siege.all[w.name]
		served, refused = served+b.served, refused+b.refused
		slowest = append(slowest, fmt.Sprintf("%s: %d done, %d refused, slowest %s", w.name, b.served, b.refused, Short(b.slowest)))
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: "worst requests done and refused", Measured: fmt.Sprintf("%d and %d", served, refused), OK: true, Examples: slowest,
	})
	if !s.Brief { // which runs beside other work, that may keep a program from giving a sign of life
		s.restartVerdict(0)
	}
	for _, m := range s.memory {
		most, err := m.most()
		if err != nil {
			s.err = fmt.Errorf("memory of roster on %s: %w", m.host, err)
			return
		}
		s.verdicts = append(s.verdicts, Verdict{
			What:  fmt.Sprintf("memory of roster on %s (GOMEMLIMIT %s)", m.host, m.soft),
			Bound: fmt.Sprintf("≤ %d MiB", m.limit>>20), Measured: fmt.Sprintf("%d MiB", most>>20), OK: most <= m.limit,
		})
	}
}

// memory is that of a program on a host.
type memory struct {
	host  string
	pid   int
	limit int64  // of its unit
	soft  string // GOMEMLIMIT, as it has it
}

// watchMemory begins to look for how much the program takes at most.
func watchMemory(state control.State, host string) (memory, error) {
	h, _ := state.Host(host)
	p, _ := h.Process(rosterd)
	m := memory{host: host, pid: p.PID}
	unit, err := os.ReadFile(filepath.Join(h.Root, "etc", "systemd", "system", "roster.service"))
	if err != nil {
		return m, err
	}
	if m.limit, err = memoryMax(string(unit)); err != nil {
		return m, err
	}
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", m.pid))
	if err != nil {
		return m, err
	}
	for entry := range strings.SplitSeq(string(environment), "\x00") {
		if value, ok := strings.CutPrefix(entry, "GOMEMLIMIT="); ok {
			m.soft = value
		}
	}
	if m.soft == "" {
		return m, fmt.Errorf("roster on %s has no GOMEMLIMIT", host)
	}
	// From here on: proc_pid_clear_refs(5).
	return m, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", m.pid), []byte("5"), 0)
}

// most is what the program took at most since.
func (m *memory) most() (int64, error) {
	return memoryOf(m.pid, "VmHWM")
}

// memoryOf is a number of bytes that Linux says of a process, such as VmRSS: proc_pid_status(5).
func memoryOf(pid int, name string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("its status says nothing of %s", name)
}

// memoryMax reads the limit of a unit, as 1G.
func memoryMax(unit string) (int64, error) {
	for line := range strings.Lines(unit) {
		value, ok := strings.CutPrefix(strings.TrimSpace(line), "MemoryMax=")
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimRight(value, "KMGT"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("the unit's MemoryMax: %w", err)
		}
		const letters = "KMGT"
		if power := strings.Index(letters, value[len(value)-1:]); power >= 0 {
			n <<= 10 * (1 + power)
		}
		return n, nil
	}
	return 0, errors.New("the unit has no MemoryMax")
}

// checkSiege wants that nobody else noticed it.
func checkSiege(o *outcome) {
	from, to := o.mark(true, 0), o.mark(false, 0)
	o.noneFailed()
	o.noneStale()
	meanwhile := o.history.Figures(from, to)
	const enough = siegeRate * 9 / 10
	rate, least := int(float64(meanwhile.Requests)/(to-from).Seconds()), enough/int(max(o.slack, 1))
	o.add(Verdict{What: "ordinary requests a second meanwhile", Bound: fmt.Sprintf("≥ %d", least), Measured: fmt.Sprint(rate), OK: rate >= least})
	for _, kind := range []Kind{ReadOnCall, ReadReady} {
		l := o.history.latencyOf(kind, from, to)
		o.within(fmt.Sprintf("99 of 100 answers to %s meanwhile", kind), firstTime, l.P99)
		o.tell("slowest of them", "%s", Short(l.Max))
	}
	o.tell("99 of 100 other reads", "%s", Short(meanwhile.Reads.P99))
	o.tell("99 of 100 edits", "%s", Short(meanwhile.Writes.P99))
	o.limits = []Limit{{"who is on call", o.slack.of(firstTime)}}
}

// latencyOf is that of one kind of the events that began in [from, to).
func (h *History) latencyOf(kind Kind, from, to time.Duration) Latency {
	var all []time.Duration
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == kind && e.begunIn(from, to) {
			all = append(all, e.Took())
		}
	}
	return latency(all)
}
