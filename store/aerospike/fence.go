package aerospike

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	fenceInterval = 250 * time.Millisecond
	// fenceMemory is how long a node's last answer counts. It is over three polls, so
	// that one slow answer does not put a healthy node outside.
	fenceMemory = time.Second
	// fenceForgets is how long a silent node still counts as one of the cluster's, so
	// that nodes that were replaced do not make the others a minority for ever.
	fenceForgets = 10 * time.Minute
	// lostAfter is how long no majority may be seen until nothing is attempted twice.
	// It is longer than the cluster takes to form again when nodes die or start.
	lostAfter = 2 * time.Second
)

// fence knows which nodes are with the majority of the cluster, so that what the
// others answer is not believed: a node that was cut off keeps answering from its old
// copies until it has noticed, for seconds in a partial cut.
type fence struct {
	log *slog.Logger
	now func() time.Time
	mu  sync.Mutex
	// views by node name, of every node that answered in the last fenceForgets.
	views  map[string]view
	out    map[string]bool
	agreed time.Time // when a majority was seen last; at first, when the watch began
	// lifes are those of the node at each address, as far as they were watched; changed
	// is closed when they change.
	lifes   map[string]life
	changed chan struct{}
	probes  []chan struct{} // ask each watched node
}

// view is what a node said of itself.
type view struct {
	at     time.Time
	member bool
	key    string // the cluster's, which changes with its set of nodes
}

// life is a time during which one process was there for certain: it kept a connection
// open and answered on it. A node that was started again has another life.
type life struct{ from, to time.Time }

func newFence(log *slog.Logger, now func() time.Time) *fence {
	return &fence{log: log, now: now, views: map[string]view{}, out: map[string]bool{}, agreed: now(), lifes: map[string]life{}, changed: make(chan struct{})}
}

// lost reports whether there has been no majority for so long that there will be none
// soon. What fails then need not be tried again: whoever waits for it is told at once.
func (f *fence) lost() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now().Sub(f.agreed) > lostAfter
}

// outside reports whether answers of the node are not to be believed.
func (f *fence) outside(node string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.out[node]
}

// watch asks every node what it thinks of the cluster, until the context ends.
func (f *fence) watch(ctx context.Context, addresses func() []string) {
	var wg sync.WaitGroup
	defer wg.Wait()
	watched := map[string]bool{}
	tick := time.NewTicker(fenceInterval)
	defer tick.Stop()
	for {
		for _, a := range addresses() {
			if !watched[a] {
				watched[a] = true
				wg.Go(func() { f.watchNode(ctx, a) })
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.decide(f.now())
		}
	}
}

// watchNode asks the node at one address, so that a dead one holds up no other: at
// intervals what it thinks of the cluster, and whenever that is wanted whether it lives.
func (f *fence) watchNode(ctx context.Context, address string) {
	conn := &infoConn{address: address}
	defer conn.close()
	wanted := make(chan struct{}, 1)
	f.mu.Lock()
	f.probes = append(f.probes, wanted)
	f.mu.Unlock()
	tick := time.NewTicker(fenceInterval)
	defer tick.Stop()
	for {
		sent := f.now()
		if answers, err := conn.ask("node", "statistics"); err == nil {
			stats := parseInfo(answers["statistics"])
			now := f.now()
			f.mu.Lock()
			f.views[answers["node"]] = view{at: now, member: stats.isTrue("cluster_is_member"), key: stats["cluster_key"]}
			f.mu.Unlock()
			f.decide(now)
			f.lives(conn, answers["node"], sent)
		}
		for pending := true; pending; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				pending = false
			case <-wanted:
				sent := f.now()
				if answers, err := conn.ask("node"); err == nil {
					f.lives(conn, answers["node"], sent)
				}
			}
		}
	}
}

// lives notes that a node answered on the connection what was sent at some instant.
func (f *fence) lives(conn *infoConn, node string, sent time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.out[node] {
		return
	}
	f.lifes[conn.address] = life{from: conn.opened, to: sent}
	close(f.changed)
	f.changed = make(chan struct{})
}

// outlived waits until a node that is with the majority is known to have lived all the
// time between two instants. Those who wait at the same time share the asking.
func (f *fence) outlived(ctx context.Context, from, to time.Time) error {
	for {
		f.mu.Lock()
		possible := len(f.lifes) == 0
		for _, l := range f.lifes {
			possible = possible || l.from.Before(from)
			if l.from.Before(from) && l.to.After(to) {
				f.mu.Unlock()
				return nil
			}
		}
		if !possible {
			f.mu.Unlock()
			return errUnsettled
		}
		changed := f.changed
		for _, wanted := range f.probes {
			select {
			case wanted <- struct{}{}:
			default: // it is wanted already
			}
		}
		f.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (f *fence) decide(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for node, v := range f.views {
		if now.Sub(v.at) > fenceForgets {
			delete(f.views, node)
		}
	}
	out, agreed := outsiders(f.views, now)
	if agreed {
		f.agreed = now
	}
	for node := range f.views {
		if out[node] != f.out[node] {
			f.log.Debug("a node's answers are believed or not", "node", node, "believed", !out[node])
		}
	}
	f.out = out
}

// outsiders are the nodes that are not with the majority, of all nodes that are
// remembered. Where no majority agrees on one cluster key, as for a moment whenever a node
// comes or goes, nobody is outside: the cluster itself refuses then what it must.
func outsiders(views map[string]view, now time.Time) (out map[string]bool, agreed bool) {
	agree := map[string]int{}
	for _, v := range views {
		if v.member && now.Sub(v.at) < fenceMemory {
			agree[v.key]++
		}
	}
	for key, n := range agree {
		if 2*n <= len(views) {
			continue
		}
		out = map[string]bool{}
		for node, v := range views {
			if !v.member || v.key != key || now.Sub(v.at) >= fenceMemory {
				out[node] = true
			}
		}
		return out, true
	}
	return map[string]bool{}, false
}
