package fence

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// Lateness is how long after the nodes were asked a write that goes by their answer may
	// still take effect, by the clock of the node that does it.
	Lateness = 300 * time.Millisecond
	// ripening is how long after a cluster has formed without one of the nodes nothing is
	// written to it: longer than that node may still take what was sent before.
	ripening = Lateness + 50*time.Millisecond
	// FootingAge is how old an answer a write may go by without asking anew.
	FootingAge = 100 * time.Millisecond
)

// ErrNoFooting is that nothing can be written, and little read.
var ErrNoFooting = errors.New("no majority of the nodes is known to be in one cluster")

// Footing is what a write goes by: more than half of the nodes were in one cluster.
type Footing struct {
	Key   string          // the cluster's, which names its set of nodes
	At    time.Time       // when they all were in it still
	Nodes map[string]bool // that are known to be in it
}

// newest is the newest footing there is. Of a node with several addresses only its last word counts.
func (f *Fence) newest() (on Footing, ok bool) {
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
		on = Footing{Key: key, At: words[len(f.views)/2].sent, Nodes: map[string]bool{}}
		for _, w := range words {
			on.Nodes[w.node] = true
		}
		return on, true
	}
	return Footing{}, false
}

// sayTime is how long the nodes get to say in which cluster they are, when a reader waits for it.
const sayTime = 50 * time.Millisecond

// Together are the nodes that were in the cluster of the majority at some time after an instant, when
// all have been asked; those that have said so, if one does not answer. It is empty if there is no such
// cluster, or none is known.
func (f *Fence) Together(ctx context.Context, after time.Time) (nodes map[string]bool) {
	ctx, cancel := context.WithTimeout(ctx, sayTime)
	defer cancel()
	_ = f.until(ctx, func() (bool, error) { // an error is that time is over
		nodes = map[string]bool{}
		on, known := f.newest()
		known = known && !on.At.Before(after)
		all := true
		for _, w := range f.heard {
			switch {
			case w.refused:
			case w.sent.Before(after):
				all = false
			case known && w.key == on.Key:
				nodes[w.node] = true
			}
		}
		return known && all, nil
	})
	return nodes
}

// ripe reports whether nothing can take effect any more at a node that was left out when the
// cluster formed: because there is none, as every address is that of one of its nodes or of
// no process, or as it was long enough ago.
func (f *Fence) ripe(on Footing, now time.Time) bool {
	if on.Key == f.formed.key && now.Sub(f.formed.at) >= ripening {
		return true
	}
	for _, w := range f.heard {
		if w.key != on.Key && !w.refused {
			return false
		}
	}
	return true
}

// Ready waits until a write may be sent, and says what it goes by. The error is ErrNoFooting
// where there has been no majority for long, or the context's.
func (f *Fence) Ready(ctx context.Context) (on Footing, err error) {
	begun := f.now()
	err = f.until(ctx, func() (bool, error) {
		var known bool
		now := f.now()
		on, known = f.newest()
		switch {
		case known && f.ripe(on, now) && (!on.At.Before(begun) || now.Sub(on.At) <= FootingAge):
			return true, nil
		case f.isLost():
			return false, ErrNoFooting
		}
		return false, nil
	})
	return on, err
}
