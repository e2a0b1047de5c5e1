package aerospike

import (
	"testing"
	"time"

	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/aerospike/fence"
)

// testClusterStatus looks at the cluster when all is well, when a node is frozen and
// when one is dead.
func testClusterStatus(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	c.WaitStable(t, time.Minute)
	time.Sleep(2 * fence.Interval)
	for _, n := range s.Cluster(t.Context()).Nodes {
		if !n.Reachable || !n.Member || !n.WithMajority || !n.Integrity || n.ClusterSize != 3 || n.Build == "" || n.Name == "" ||
			n.Principal == "" || n.ClusterKey == "" || n.Clients == 0 || !n.NamespaceAvailable || n.Namespace.DataTotal == 0 ||
			n.Namespace.EffectiveReplicas != 3 || n.Namespace.StopWrites || n.Namespace.Objects != n.Namespace.MasterObjects+n.Namespace.ProleObjects {
			t.Errorf("a healthy node: got %+v", n)
		}
	}
	down := func(what string, i int, problem string) {
		t.Helper()
		begun := time.Now()
		status := s.Cluster(t.Context())
		if took := time.Since(begun); took > time.Second {
			t.Errorf("%s: asking took %s, want at most 1 s", what, took)
		}
		if len(status.Nodes) != c.Size() {
			t.Errorf("%s: got %d nodes, want %d", what, len(status.Nodes), c.Size())
		}
		for _, n := range status.Nodes {
			if want := n.Address != c.Address(i); n.Reachable != want || n.Reachable && n.ClusterSize != 2 || !n.Reachable && n.Problem != problem {
				t.Errorf("%s: got %+v, want reachable: %t", what, n, want)
			}
		}
	}
	c.Freeze(1)
	time.Sleep(2 * time.Second)
	down("a frozen node", 1, "it does not answer in time")
	c.Thaw(1)
	time.Sleep(time.Second)
	c.WaitStable(t, time.Minute)
	c.Kill(1)
	time.Sleep(2 * time.Second)
	down("a dead node", 1, "it cannot be reached")
	c.Restart(1)
	c.WaitStable(t, time.Minute)
}
