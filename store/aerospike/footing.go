package aerospike

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// lateness is how long after the nodes were asked a write that goes by their answer may
	// still take effect, by the clock of the node that does it.
	lateness = 300 * time.Millisecond
	// ripening is how long after a cluster has formed without one of the nodes nothing is
	// written to it: longer than that node may still take what was sent before.
	ripening = lateness + 50*time.Millisecond
	// footingAge is how old an answer a write may go by without asking anew.
	footingAge = 100 * time.Millisecond
)

var errNoFooting = errors.New("no majority of the nodes is known to be in one cluster")

// footing is what a write goes by: more than half of the nodes were in one cluster.
type footing struct {
	key   string          // the cluster's, which names its set of nodes
	at    time.Time       // when they all were in it still
	nodes map[string]bool // that are known to be in it
}

// footing is the newest there is. Of a node with several addresses only its last word counts.
func (f *fence) footing() (on footing, ok bool) {
	last := map[string]word{}
	for _, w := range f.heard {
		if w.node != "" && !w.sent.Before(last[w.node].sent) {
			last[w.node] = w
		}
	}
	said := map[string][]word{} // by the cluster's key
	for _, w := range last {
		if w.key != "" {
			said[w.key] = append(said[w.key], w)
		}
	}
	for key, words := range said {
		if 2*len(words) <= len(f.views) {
			continue
		}
		slices.SortFunc(words, func(a, b word) int { return b.sent.Compare(a.sent) })
		on = footing{key: key, at: words[len(f.views)/2].sent, nodes: map[string]bool{}}
		for _, w := range words {
			on.nodes[w.node] = true
		}
		return on, true
	}
	return footing{}, false
}

// ripe reports whether nothing can take effect any more at a node that was left out when the
// cluster formed: because there is none, as every address is that of one of its nodes or of
// no process, or as it was long enough ago.
func (f *fence) ripe(on footing, now time.Time) bool {
	if on.key == f.formed.key && now.Sub(f.formed.at) >= ripening {
		return true
	}
	for _, w := range f.heard {
		if w.key != on.key && !w.refused {
			return false
		}
	}
	return true
}

// ready waits until a write may be sent, and says what it goes by. The error is errNoFooting
// where there has been no majority for long, or the context's.
func (f *fence) ready(ctx context.Context) (on footing, err error) {
	begun := f.now()
	err = f.until(ctx, func() (bool, error) {
		var known bool
		now := f.now()
		on, known = f.footing()
		switch {
		case known && f.ripe(on, now) && (!on.at.Before(begun) || now.Sub(on.at) <= footingAge):
			return true, nil
		case f.isLost():
			return false, errNoFooting
		}
		return false, nil
	})
	return on, err
}
