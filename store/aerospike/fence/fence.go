// Package fence knows which nodes of a cluster are together, more than half of them, so that
// nothing is believed of the others and nothing sent to them. It asks each node itself, over
// connections of its own: what a client knows of a cluster is older, and may be of a part of it.
package fence

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"syscall"
	"time"

	"dailyroster/store/aerospike/info"
)

const (
	// Interval is how often each node is asked.
	Interval = 250 * time.Millisecond
	// memory is how long a node's last answer counts. It is over three polls, so
	// that one slow answer does not put a healthy node outside.
	memory = time.Second
	// forgets is how long a silent node still counts as one of the cluster's, so
	// that nodes that were replaced do not leave the others a minority.
	forgets = 10 * time.Minute
	// lostAfter is how long no majority may be seen until nothing is attempted twice.
	// It is longer than the cluster takes to form again when nodes die or start.
	lostAfter = 2 * time.Second
)

// Fence knows which nodes are with the majority of the cluster, so that what the
// others answer is not believed: a node that was cut off keeps answering from its old
// copies until it has noticed, for seconds in a partial cut.
type Fence struct {
	log *slog.Logger
	now func() time.Time
	mu  sync.Mutex
	// views by node name, of every node that answered in the last forgets.
	views  map[string]view
	out    map[string]bool
	agreed time.Time // when a majority was seen last; at first, when the watch began
	// heard is what the node at each address said last; changed is closed when it
	// changes.
	heard   map[string]word
	changed chan struct{}
	probes  []chan struct{} // ask each watched node whether it lives
	doubts  []chan struct{} // ask each what it thinks of the cluster, before its time
	formed  formed
}

// formed is the cluster that a majority is in, and when it was seen first.
type formed struct {
	key string
	at  time.Time
}

// view is what a node said of itself.
type view struct {
	since, at time.Time // when it first said this of the cluster, and last
	asked     time.Time // when it was asked for that
	member    bool
	key       string    // the cluster's, which changes with its set of nodes
	size      int       // how many nodes it counts in that cluster
	gone      time.Time // when no process was found there, since it said this; zero: one may be there
}

// word is a node's answer to a question of its own: one process was there for certain
// from when the connection was opened to when the question was sent.
type word struct {
	node         string
	opened, sent time.Time
	key          string // of the cluster that the node was in; "" while it was changing
	refused      bool   // no process is there
}

// The questions of a probe. The second is answered with the cluster's key, or with an
// error while the node and others agree on a new cluster.
const (
	askNode   = "node"
	askStable = "cluster-stable:ignore-migrations=true"
)

// roundTime is how long somebody who waits gives the nodes to answer, and to agree,
// until they are asked again.
const roundTime = 10 * time.Millisecond

// ErrNotUpheld is that what a node acknowledged may not have been kept by the others.
var ErrNotUpheld = errors.New("the node that acknowledged it is not with the others any more")

// New makes a fence that knows of no node yet. Watch lets it learn.
func New(log *slog.Logger, now func() time.Time) *Fence {
	return &Fence{log: log, now: now, views: map[string]view{}, out: map[string]bool{}, agreed: now(), heard: map[string]word{}, changed: make(chan struct{})}
}

// Lost reports whether there has been no majority for so long that there will be none
// soon. A failure then is not retried, and is reported at once.
func (f *Fence) Lost() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.isLost()
}

func (f *Fence) isLost() bool { return f.now().Sub(f.agreed) > lostAfter }

// Outside reports whether answers of the node are not to be believed.
func (f *Fence) Outside(node string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.out[node]
}

// Distrust puts the nodes outside, until any node is heard again: for tests.
func (f *Fence) Distrust(nodes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.out = map[string]bool{}
	for _, n := range nodes {
		f.out[n] = true
	}
}

// Witnesses is how many nodes must have a version of a month that was not shown before: two,
// but where the client knows only one and there never were others, or where there has been no
// majority for long and what is left of the cluster takes no edits.
func (f *Fence) Witnesses(known int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if max(known, len(f.views)) == 1 || f.isLost() {
		return 1
	}
	return 2
}

// Watch asks every node what it thinks of the cluster, until the context ends.
func (f *Fence) Watch(ctx context.Context, addresses func() []string) {
	var wg sync.WaitGroup
	defer wg.Wait()
	watched := map[string]bool{}
	tick := time.NewTicker(Interval)
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
// intervals, and whenever answers are in doubt, what it thinks of the cluster, and whenever
// that is wanted whether it lives.
func (f *Fence) watchNode(ctx context.Context, address string) {
	conn := &info.Conn{Address: address}
	defer conn.Close()
	wanted, doubted := make(chan struct{}, 1), make(chan struct{}, 1)
	f.mu.Lock()
	f.probes = append(f.probes, wanted)
	f.doubts = append(f.doubts, doubted)
	f.heard[address] = word{} // not heard yet
	f.mu.Unlock()
	tick := time.NewTicker(Interval)
	defer tick.Stop()
	for {
		sent := f.now()
		answers, err := conn.Ask(askNode, askStable, "statistics")
		if err == nil {
			stats := info.Parse(answers["statistics"])
			now := f.now()
			f.note(answers[askNode], view{
				since: now, at: now, asked: sent, member: stats.IsTrue("cluster_is_member"), key: stats["cluster_key"], size: int(stats.Number("cluster_size")),
			})
			f.decide(now)
		}
		f.hear(conn, answers, err, sent)
		for pending := true; pending; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				pending = false
			case <-doubted:
				pending = false
			case <-wanted:
				sent := f.now()
				answers, err := conn.Ask(askNode, askStable)
				f.hear(conn, answers, err, sent)
			}
		}
	}
}

// note keeps what a node said, and since when it has.
func (f *Fence) note(node string, said view) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if before, ok := f.views[node]; ok && before.key == said.key {
		said.since = before.since
	}
	f.views[node] = said
}

// hear notes what a node answered on the connection to a probe that was sent at some
// instant, or that no process takes connections there. What a node said that is silent
// stays.
func (f *Fence) hear(conn *info.Conn, answers map[string]string, err error, sent time.Time) {
	said := word{node: answers[askNode], opened: conn.Opened, sent: sent, key: answers[askStable]}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		said = word{refused: true}
	case err != nil:
		return
	case strings.HasPrefix(said.key, "ERROR"):
		said.key = ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	last := f.heard[conn.Address].node
	if v, ok := f.views[last]; ok && said.refused {
		v.gone = f.now()
		f.views[last] = v
	}
	f.heard[conn.Address] = said
	if on, ok := f.newest(); ok && on.Key != f.formed.key {
		f.formed = formed{on.Key, f.now()}
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

// upheld is the cluster that more than half of the nodes were in after what one of them
// acknowledged at an instant: those who lived from then to another instant. "" is none. It
// also says whether the node was one of them.
func (f *Fence) upheld(node string, from, to time.Time) (key string, yes bool) {
	with := map[string]map[string]bool{} // cluster key → nodes
	for _, w := range f.heard {
		if w.key == "" || !w.opened.Before(from) || !w.sent.After(to) {
			continue
		}
		if with[w.key] == nil {
			with[w.key] = map[string]bool{}
		}
		with[w.key][w.node] = true
	}
	for key, nodes := range with {
		if 2*len(nodes) > len(f.views) {
			return key, nodes[node]
		}
	}
	return "", false
}

// gone reports whether the process that acknowledged something at an instant is known
// not to be there any more.
func (f *Fence) gone(node string, from time.Time) bool {
	for _, w := range f.heard {
		if w.node == node && w.opened.Before(from) {
			return false
		}
	}
	return true
}

// Outlived waits until what the node acknowledged at from is upheld at to, by the cluster
// that the write was sent to. Those who wait at the same time share the asking. The error is
// ErrNotUpheld when there is nothing to wait for, or the context's.
func (f *Fence) Outlived(ctx context.Context, node, cluster string, from, to time.Time) error {
	return f.until(ctx, func() (bool, error) {
		in, upheld := f.upheld(node, from, to)
		if in != "" && in != cluster || f.gone(node, from) {
			return false, ErrNotUpheld
		}
		return in == cluster && upheld, nil
	})
}

// until asks the nodes until their answers are enough, or hopeless. The error says why they
// are, or is the context's.
func (f *Fence) until(ctx context.Context, enough func() (bool, error)) error {
	round := time.NewTicker(roundTime)
	defer round.Stop()
	for asked := false; ; {
		f.mu.Lock()
		done, err := enough()
		changed := f.changed
		f.mu.Unlock()
		if done || err != nil {
			return err
		}
		if !asked {
			f.askAll()
			asked = true
		}
		select {
		case <-changed:
		case <-round.C:
			f.askAll()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// askAll has every watched node asked a probe, soon.
func (f *Fence) askAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	nudge(f.probes)
}

// Doubt has every watched node asked what it thinks of the cluster, soon: a node that is
// outside may have come back since it was asked, and the client may know no other.
func (f *Fence) Doubt() {
	f.mu.Lock()
	defer f.mu.Unlock()
	nudge(f.doubts)
}

func nudge(all []chan struct{}) {
	for _, wanted := range all {
		select {
		case wanted <- struct{}{}:
		default: // it is wanted already
		}
	}
}

func (f *Fence) decide(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for node, v := range f.views {
		if now.Sub(v.at) > forgets {
			delete(f.views, node)
		}
	}
	out, agreed := outsiders(f.views, now)
	maps.DeleteFunc(out, func(node string, _ bool) bool { return indispensable(f.views, node, now) })
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
// comes or goes, those are outside who are mistaken, if not all are: otherwise the cluster
// itself refuses then what it must.
func outsiders(views map[string]view, now time.Time) (out map[string]bool, agreed bool) {
	agree := map[string]int{}
	for _, v := range views {
		if v.member && now.Sub(v.at) < memory {
			agree[v.key]++
		}
	}
	for key, n := range agree {
		if 2*n <= len(views) {
			continue
		}
		out = map[string]bool{}
		for node, v := range views {
			if !v.member || v.key != key || now.Sub(v.at) >= memory {
				out[node] = true
			}
		}
		return out, true
	}
	return mistaken(views, now), false
}

// mistaken are the nodes that are in no cluster, and those that count on more nodes in theirs than
// can be in it, as others say that they are in another: one that was cut off from them, and has
// noticed or not. This tells it from the others even for a client that sees just the two of them. Who is
// silent may be in any cluster, and so may who spoke before the other had anything new to say. If all are mistaken,
// they are about to agree, and nobody is.
func mistaken(views map[string]view, now time.Time) map[string]bool {
	all, fresh := len(views), map[string]view{}
	for node, v := range views {
		all = max(all, v.size)
		if now.Sub(v.at) < memory {
			fresh[node] = v
		}
	}
	out := map[string]bool{}
	for node, v := range fresh {
		elsewhere := 0
		for _, other := range fresh {
			if other.key != v.key && !other.since.After(v.at) && !v.since.After(other.at) {
				elsewhere++
			}
		}
		if !v.member || v.size > all-elsewhere {
			out[node] = true
		}
	}
	if len(out) == len(fresh) {
		return map[string]bool{}
	}
	return out
}

// indispensable reports whether there can be no majority without the node, so that none knows what it
// does not: enough of the others are gone, and those that are left have been in its cluster since, as far
// as they know. It is told apart so from one that was cut off by others that then went. When the node
// dies that led the cluster, the others notice up to 0.3 s one after the other, and the first is in no
// cluster meanwhile.
func indispensable(views map[string]view, node string, now time.Time) bool {
	var gone time.Time // the last of them
	n := 0
	for _, v := range views {
		if !v.gone.IsZero() {
			n++
			if v.gone.After(gone) {
				gone = v.gone
			}
		}
	}
	if v := views[node]; !v.gone.IsZero() || now.Sub(v.at) >= memory || 2*(len(views)-1-n) > len(views) {
		return false
	}
	for other, v := range views {
		if other != node && v.gone.IsZero() && (v.key != views[node].key || now.Sub(v.at) >= memory || !v.asked.After(gone)) {
			return false
		}
	}
	return n > 0
}
