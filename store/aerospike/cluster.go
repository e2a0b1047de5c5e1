package aerospike

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/store"
	"dailyroster/store/aerospike/info"
)

// Cluster asks every node about itself, all at the same time and each for at most
// 300 ms to connect and as much to answer, so that a dead node does not hold it up.
// It returns early, with what it has, when the context ends.
func (s *Store) Cluster(ctx context.Context) store.ClusterStatus {
	status := store.ClusterStatus{At: s.now()}
	var (
		wg sync.WaitGroup
		mu sync.Mutex
	)
	byAddress := map[string]nodeAnswer{}
	addresses := s.addresses()
	for _, a := range addresses {
		byAddress[a] = nodeAnswer{NodeStatus: store.NodeStatus{Address: a, Problem: "no answer yet"}}
	}
	for _, a := range addresses {
		wg.Go(func() {
			n := s.nodeStatus(a)
			mu.Lock()
			defer mu.Unlock()
			byAddress[a] = n
		})
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	mu.Lock()
	defer mu.Unlock()
	status.Nodes = oneEach(byAddress)
	for i, n := range status.Nodes {
		status.Nodes[i].ClockOff = n.Name != "" && saidOff(byAddress, n.Name)
	}
	slices.SortFunc(status.Nodes, func(a, b store.NodeStatus) int { return cmp.Compare(a.Address, b.Address) })
	return status
}

// nodeAnswer is what a node says of itself, and of the clocks of all.
type nodeAnswer struct {
	store.NodeStatus
	off []string // the nodes whose clocks are not as the others'
}

// saidOff tells whether a node that is believed says that the clock of one is off.
func saidOff(answers map[string]nodeAnswer, name string) bool {
	for _, a := range answers {
		if a.WithMajority && slices.Contains(a.off, name) {
			return true
		}
	}
	return false
}

// oneEach drops the second address of a node that answers at two.
func oneEach(byAddress map[string]nodeAnswer) []store.NodeStatus {
	var nodes []store.NodeStatus
	seen := map[string]bool{}
	addresses := make([]string, 0, len(byAddress))
	for a := range byAddress {
		addresses = append(addresses, a)
	}
	slices.Sort(addresses)
	for _, a := range addresses {
		n := byAddress[a].NodeStatus
		if n.Name != "" && seen[n.Name] {
			continue
		}
		seen[n.Name] = true
		nodes = append(nodes, n)
	}
	return nodes
}

func (s *Store) nodeStatus(address string) nodeAnswer {
	namespace := "namespace/" + s.cfg.Namespace
	conn := &info.Conn{Address: address}
	defer conn.Close()
	answers, err := conn.Ask("node", "build", "statistics", namespace)
	if err != nil {
		return nodeAnswer{NodeStatus: store.NodeStatus{Address: address, Problem: problemOf(err)}}
	}
	statistics := info.Parse(answers["statistics"])
	n := statusOf(statistics)
	n.Address, n.Reachable, n.Name, n.Build = address, true, answers["node"], answers["build"]
	n.WithMajority = n.Member && !s.fence.Outside(n.Name)
	n.Namespace, n.NamespaceAvailable = parseNamespace(answers[namespace])
	return nodeAnswer{n, strings.Split(statistics["cluster_clock_skew_outliers"], ",")}
}

func problemOf(err error) string {
	if e := as.Error(nil); errors.As(err, &e) && e.Matches(types.TIMEOUT) {
		return "it does not answer in time"
	}
	return "it cannot be reached"
}

func statusOf(v info.Values) store.NodeStatus {
	return store.NodeStatus{
		Uptime:         time.Duration(v.Number("uptime")) * time.Second,
		ClusterSize:    int(v.Number("cluster_size")),
		ClusterKey:     v["cluster_key"],
		Integrity:      v.IsTrue("cluster_integrity"),
		Principal:      v["paxos_principal"],
		Member:         v.IsTrue("cluster_is_member"),
		Clients:        int(v.Number("client_connections")),
		MigrationsLeft: v.Number("migrate_partitions_remaining"),
		ClockSkew:      time.Duration(v.Number("cluster_clock_skew_ms")) * time.Millisecond,
		SinceRebalance: time.Duration(v.Number("time_since_rebalance")) * time.Second,
	}
}

func parseNamespace(answer string) (store.NamespaceStatus, bool) {
	v := info.Parse(answer)
	if v["objects"] == "" {
		return store.NamespaceStatus{}, false
	}
	return store.NamespaceStatus{
		Objects:             v.Number("objects"),
		MasterObjects:       v.Number("master_objects"),
		ProleObjects:        v.Number("prole_objects"),
		EffectiveReplicas:   int(v.Number("effective_replication_factor")),
		StopWrites:          v.IsTrue("stop_writes"),
		DataUsed:            v.Number("data_used_bytes"),
		DataTotal:           v.Number("data_total_bytes"),
		DataAvailablePct:    int(v.Number("data_avail_pct")),
		IndexUsed:           v.Number("index_used_bytes"),
		MigrateTransmitLeft: v.Number("migrate_tx_partitions_remaining"),
		MigrateReceiveLeft:  v.Number("migrate_rx_partitions_remaining"),
	}, true
}
