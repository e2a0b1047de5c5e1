package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Clustered is a store on several machines.
type Clustered interface {
	Store

	// Cluster asks every machine about itself and does not wait for dead ones. It
	// returns early, with what it has, when the context ends.
	Cluster(ctx context.Context) ClusterStatus
}

// ClusterStatus is the cluster as its nodes describe it. It belongs to the caller.
type ClusterStatus struct {
	At    time.Time    // when it was asked for
	Nodes []NodeStatus // every node known, in order of addresses
}

// NodeStatus is one node as it describes itself.
type NodeStatus struct {
	Address string // host:port
	// Reachable: it answered in time. Otherwise Problem says why not, for people, and
	// nothing else but perhaps the name is known.
	Reachable bool
	Problem   string
	Name      string // its node id
	Build     string // the server's version

	Uptime             time.Duration
	ClusterSize        int           // nodes in the cluster as it sees it
	ClusterKey         string        // equal on all nodes that are in one cluster
	Integrity          bool          // its view of the cluster is consistent
	Principal          string        // the node id that leads the cluster
	Member             bool          // it is part of a cluster
	WithMajority       bool          // its answers are believed
	Clients            int           // open client connections
	MigrationsLeft     int64         // partitions that are still to be moved
	ClockSkew          time.Duration // the largest difference between any two nodes' clocks
	ClockOff           bool          // it is this node's clock that is not as the others'
	SinceRebalance     time.Duration // since the cluster changed last
	Namespace          NamespaceStatus
	NamespaceAvailable bool // the node has the namespace
}

// Serves tells whether the node takes part in answering: it is there, it is believed, and it has the
// roster.
func (n *NodeStatus) Serves() bool { return n.Reachable && n.WithMajority && n.NamespaceAvailable }

// NamespaceStatus is the roster's namespace on one node. Sizes are in bytes.
type NamespaceStatus struct {
	Objects             int64 // records, those of replicas too
	MasterObjects       int64
	ProleObjects        int64 // replicas
	EffectiveReplicas   int   // copies of each record, as few as there are nodes
	StopWrites          bool  // it refuses writes, for lack of space
	DataUsed            int64
	DataTotal           int64
	DataAvailablePct    int // free, in percent
	IndexUsed           int64
	MigrateTransmitLeft int64 // partitions
	MigrateReceiveLeft  int64
}

// Health is the state of a cluster in one word.
type Health string

// The states of a cluster.
const (
	Well     Health = "well"     // everything is there
	Degraded Health = "degraded" // it serves, and another loss would be felt
	Refusing Health = "refusing" // it serves no edits
)

// Verdict is the state of the cluster, and one sentence that says what it means for people
// who use the roster.
func (s ClusterStatus) Verdict() (Health, string) {
	total := len(s.Nodes)
	serving, migrating, full := 0, int64(0), false
	var off []string
	for _, n := range s.Nodes {
		if n.Serves() {
			serving++
			migrating += n.MigrationsLeft
			full = full || n.Namespace.StopWrites
			if n.ClockOff {
				off = append(off, fmt.Sprintf("The clock of %s is %s off.", n.Name, n.ClockSkew.Round(time.Second/10)))
			}
		}
	}
	switch {
	case serving*2 <= total || serving == 0:
		return Refusing, count(serving, total) + " can serve: edits are refused, and the last known roster is shown, until a majority is back."
	case full:
		return Refusing, "A node has no space left and refuses writes: edits are refused until there is space."
	case serving < total:
		return Degraded, count(serving, total) + " serve: reading and editing work as always, but the loss of one more node would stop edits."
	case off != nil:
		return Degraded, strings.Join(off, " ") + " Set it by the network's time: until then what happens when another machine is lost is not certain. Reading and editing work as always."
	case migrating > 0:
		return Degraded, "All nodes serve; copies are still being brought up to date after a change. Reading and editing work as always."
	default:
		return Well, "All is well: every node serves, and any one may fail without anybody noticing."
	}
}

func count(n, total int) string {
	if n == 0 {
		return fmt.Sprintf("None of %d nodes", total)
	}
	return fmt.Sprintf("%d of %d nodes", n, total)
}
