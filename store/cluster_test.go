package store_test

import (
	"strings"
	"testing"
	"time"

	"dailyroster/store"
)

// What a cluster's state means is said by the worst that is true of it.
func TestVerdict(t *testing.T) {
	node := func(name string, is func(*store.NodeStatus)) store.NodeStatus {
		n := store.NodeStatus{Name: name, Reachable: true, WithMajority: true, NamespaceAvailable: true}
		if is != nil {
			is(&n)
		}
		return n
	}
	off := func(n *store.NodeStatus) { n.ClockOff, n.ClockSkew = true, 60*time.Second+2*time.Millisecond }
	for name, c := range map[string]struct {
		nodes  []store.NodeStatus
		health store.Health
		says   string
	}{
		"all serve":            {[]store.NodeStatus{node("A1", nil), node("A2", nil), node("A3", nil)}, store.Well, "every node serves"},
		"one is away":          {[]store.NodeStatus{node("A1", nil), node("A2", nil), {}}, store.Degraded, "2 of 3 nodes serve"},
		"two are away":         {[]store.NodeStatus{node("A1", nil), {}, {}}, store.Refusing, "1 of 3 nodes can serve"},
		"one has no space":     {[]store.NodeStatus{node("A1", func(n *store.NodeStatus) { n.Namespace.StopWrites = true }), node("A2", off)}, store.Refusing, "no space left"},
		"copies are moved":     {[]store.NodeStatus{node("A1", func(n *store.NodeStatus) { n.MigrationsLeft = 2 }), node("A2", nil)}, store.Degraded, "brought up to date"},
		"a clock is off":       {[]store.NodeStatus{node("A1", nil), node("A2", off), node("A3", nil)}, store.Degraded, "The clock of A2 is 1m0s off."},
		"of one that is away":  {[]store.NodeStatus{node("A1", nil), node("A2", nil), {Name: "A3", ClockOff: true}}, store.Degraded, "2 of 3 nodes serve"},
		"none has ever served": {nil, store.Refusing, "None of 0 nodes"},
	} {
		health, says := store.ClusterStatus{Nodes: c.nodes}.Verdict()
		if health != c.health || !strings.Contains(says, c.says) {
			t.Errorf("%s: got %s, %q, want %s, %q", name, health, says, c.health, c.says)
		}
	}
}
