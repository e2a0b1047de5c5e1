package aerospike

import (
	"testing"

	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/storetest"
)

func TestThreeNodes(t *testing.T) {
	c := asdtest.Start(t, 3, "that the Aerospike store keeps the contract of package store")
	t.Run("conformance", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store { return openStore(t, c) })
	})
	for _, own := range []struct {
		name string
		run  func(*testing.T, *asdtest.Cluster)
	}{
		{"round trips", testRoundTrips},
		{"large people and their neighbours", testLargeEntities},
		{"people as they were once kept", testOldLayout},
		{"history outgrows its month", testOverflow},
		{"a crash while history is moved", testOverflowCrash},
		{"first edits of many months at once", testManyMonths},
		{"attempts too short for an answer", testTinyTimeouts},
		{"KEY_BUSY", testKeyBusy},
		{"a node outside the majority", testFencedNode},
		{"nodes that have come back", testComeBack},
		{"nothing is known of the cluster", testNoFooting},
		{"refused by one cluster, confirmed by the next", testMoved},
		{"an answer older than one seen", testOlderAnswer},
		{"500 notices at once", testNoticeSpeed},
		{"claims of notices in doubt", testNoticeInDoubt},
		{"large records of notices that are dropped", testNoticeBodies},
		{"the master is frozen", testFrozenMaster},
		{"a claim while the master is frozen", testNoticeFrozen},
		{"writes that waited in a frozen node", testLateWrites},
		{"the cluster's status", testClusterStatus},
	} {
		t.Run(own.name, func(t *testing.T) { own.run(t, c) })
	}
}

// openStore opens a store on the cluster, without closing it.
func openStore(t testing.TB, c *asdtest.Cluster) *Store {
	t.Helper()
	cfg, err := ParseURL(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), cfg, Deps{Log: testLog(t)})
	if err != nil {
		t.Fatalf("Open: got %v, want nil", err)
	}
	return s
}
