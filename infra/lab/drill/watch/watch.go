// Package watch looks at a lab from beside while a drill runs: who has the virtual IP, how big the
// cluster is, whether an address answers, and whether the machine was held up.
package watch

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"dailyroster/infra/lab/control"
	"dailyroster/infra/lab/drill/node"
)

// Span is a time during which something was the same.
type Span struct {
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Value string        `json:"value"`
}

// track collects samples into spans. It is for one goroutine.
type track []Span

func (t *track) add(at time.Duration, value string) {
	if n := len(*t); n > 0 {
		last := &(*t)[n-1]
		last.To = at
		if last.Value == value {
			return
		}
	}
	*t = append(*t, Span{at, at, value})
}

// overlay joins the tracks of several hosts: who of them is "yes", at any time.
func overlay(tracks map[string]track) []Span {
	var edges []time.Duration
	for _, t := range tracks {
		for _, s := range t {
			edges = append(edges, s.From, s.To)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var all track
	for i := 0; i+1 < len(edges); i++ {
		var holders []string
		for name, t := range tracks {
			for _, s := range t {
				if s.From <= edges[i] && edges[i] < s.To && s.Value == yes {
					holders = append(holders, name)
				}
			}
		}
		slices.Sort(holders)
		all.add(edges[i], strings.Join(holders, " "))
	}
	if len(all) > 0 {
		all[len(all)-1].To = edges[len(edges)-1]
	}
	return all
}

const yes = "yes"

// Watch looks at the lab from beside while a drill runs: who has the virtual IP, how big
// the cluster is, and whether the machine itself was held up.
type Watch struct {
	clock func() time.Duration
	stop  context.CancelFunc
	wg    sync.WaitGroup

	mu      sync.Mutex
	holders map[string]track // of each host that can have the address
	cluster track
	stalls  []Span
	errs    []error
}

const (
	stallPause = 10 * time.Millisecond
	stallLeast = 50 * time.Millisecond
	// HolderPause is how often it is looked who has the virtual IP.
	HolderPause  = 20 * time.Millisecond
	clusterPause = 100 * time.Millisecond
)

// Start begins to look.
func Start(ctx context.Context, state control.State, clock func() time.Duration) *Watch {
	w := &Watch{clock: clock, holders: map[string]track{}}
	ctx, w.stop = context.WithCancel(ctx)
	var nodes []node.Node
	for _, h := range state.Hosts {
		if _, ok := h.Process("keepalived"); ok {
			w.wg.Go(func() { w.watchHolder(ctx, h, state.VirtualIP) })
		}
		if _, ok := h.Process("asd"); ok {
			nodes = append(nodes, node.Of(h))
		}
	}
	if len(nodes) > 0 {
		w.wg.Go(func() { w.watchCluster(ctx, nodes) })
	}
	w.wg.Go(func() { w.watchMachine(ctx) })
	return w
}

// Watched is what a watch has seen.
type Watched struct {
	// Holders are the hosts that have the virtual IP.
	Holders []Span `json:"holders"`
	// Cluster is the size of the largest cluster that any node is in, "0" where none
	// answers.
	Cluster []Span `json:"cluster"`
	// Stalls are the times at which this program itself was not let run, so that nothing
	// that was measured then says much of the site.
	Stalls []Span `json:"stalls"`
}

// LongestStall is the longest of them.
func (w *Watched) LongestStall() time.Duration {
	var most time.Duration
	for _, s := range w.Stalls {
		most = max(most, s.To-s.From)
	}
	return most
}

// End ends the watch.
func (w *Watch) End() (Watched, error) {
	w.stop()
	w.wg.Wait()
	if len(w.errs) > 0 {
		return Watched{}, w.errs[0]
	}
	return Watched{overlay(w.holders), w.cluster, w.stalls}, nil
}

// watchMachine sleeps a little over and over, and notes when it was let sleep too long.
func (w *Watch) watchMachine(ctx context.Context) {
	for before := w.clock(); ctx.Err() == nil; {
		time.Sleep(stallPause)
		now := w.clock()
		if now-before >= stallLeast {
			w.stalls = append(w.stalls, Span{before, now, ""})
		}
		before = now
	}
}

func (w *Watch) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errs = append(w.errs, err)
}

func (w *Watch) watchHolder(ctx context.Context, h control.Host, address string) {
	var t track
	err := Within(h.Namespace, func() error {
		for ctx.Err() == nil {
			holds, err := has(address)
			if err != nil {
				return err
			}
			value := ""
			if holds {
				value = yes
			}
			t.add(w.clock(), value)
			time.Sleep(HolderPause)
		}
		return nil
	})
	if err != nil {
		w.fail(fmt.Errorf("who has the virtual IP: %w", err))
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holders[h.Name] = t
}

// has tells whether an interface with a cable has the address.
func has(address string) (bool, error) {
	all, err := net.Interfaces()
	if err != nil {
		return false, err
	}
	for _, i := range all {
		if i.Flags&net.FlagRunning == 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			return false, err
		}
		for _, a := range addresses {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.String() == address {
				return true, nil
			}
		}
	}
	return false, nil
}

// What is not the size of a cluster: of nodes that agree on a new one it is the size of the
// one before that counts, for the moment that it takes.
const (
	agreeing = 0
	silent   = -1
)

func (w *Watch) watchCluster(ctx context.Context, nodes []node.Node) {
	for ctx.Err() == nil {
		sizes := slices.Repeat([]int{silent}, len(nodes))
		var wg sync.WaitGroup
		for i, n := range nodes {
			wg.Go(func() {
				if size, err := n.ClusterSize(ctx, len(nodes)); err == nil {
					sizes[i] = size
				}
			})
		}
		wg.Wait()
		if ctx.Err() == nil {
			size := slices.Max(sizes)
			if size == agreeing && len(w.cluster) > 0 {
				w.cluster.add(w.clock(), w.cluster[len(w.cluster)-1].Value)
			} else {
				w.cluster.add(w.clock(), fmt.Sprint(max(size, 0)))
			}
			time.Sleep(clusterPause)
		}
	}
}

// Probes ask the site every few milliseconds, each on a connection of its own and
// whatever became of the ones before, so that it is known from when to when nobody
// answered there.
type Probes struct {
	stop context.CancelFunc
	wg   sync.WaitGroup
	mu   sync.Mutex
	all  []probe
}

type probe struct {
	at time.Duration
	ok bool
}

const (
	probePause = 5 * time.Millisecond
	// A packet that is lost is sent again after a second; a probe does not wait for it.
	probeTime = 250 * time.Millisecond
)

// Ask begins to ask for url.
func Ask(ctx context.Context, url string, clock func() time.Duration) *Probes {
	p := &Probes{}
	ctx, p.stop = context.WithCancel(ctx)
	client := &http.Client{
		Timeout:   probeTime,
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	p.wg.Go(func() {
		ticks := time.NewTicker(probePause)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
			}
			p.wg.Go(func() {
				one := probe{at: clock()}
				one.ok = answers(context.WithoutCancel(ctx), client, url)
				p.mu.Lock()
				defer p.mu.Unlock()
				p.all = append(p.all, one)
			})
		}
	})
	return p
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// End ends the probes.
func (p *Probes) End() {
	p.stop()
	p.wg.Wait()
	slices.SortFunc(p.all, func(a, b probe) int { return cmp.Compare(a.at, b.at) })
}

// Silence is the longest time in [from, to) during which no probe was answered, from
// the first without an answer to the first with one. A single one that failed for
// itself is not the silence of the address and lasts one pause.
func (p *Probes) Silence(from, to time.Duration) time.Duration {
	var (
		longest, began time.Duration
		silent         bool
	)
	for _, one := range p.all {
		if one.at < from || one.at >= to {
			continue
		}
		switch {
		case !one.ok && !silent:
			silent, began = true, one.at
		case one.ok && silent:
			silent, longest = false, max(longest, one.at-began)
		}
	}
	if silent {
		longest = max(longest, to-began)
	}
	return longest
}
