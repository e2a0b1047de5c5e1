package aerospike

import (
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"
)

// warmConnections is how many connections to each node are open beforehand.
const warmConnections = 8

// replicas is how many copies there are of everything, where there are as many nodes.
const replicas = 3

// How long things may take. The reasons are in the package's documentation.
const (
	tendTimeout  = 500 * time.Millisecond // of one exchange with a node about the cluster
	tendInterval = 50 * time.Millisecond  // for as long the client may know no other node that has a copy
	mapTime      = 3 * tendInterval       // for the client to know another master; it takes two in turn
	mapPause     = tendInterval / 10
	readSocket   = 40 * time.Millisecond // of one node, before another is asked
	readAll      = 25 * time.Millisecond // of all replicas at once, when those count that have answered
	readBudget   = 2 * time.Second       // of one read with all its attempts
	writeAttempt = 300 * time.Millisecond
	writeBudget  = 4 * time.Second      // of one write with all its attempts
	settleTime   = 5 * time.Millisecond // until what was written is on a device, with a margin
	settleBudget = 300 * time.Millisecond
	firstPause   = 5 * time.Millisecond // between attempts, doubled up to readPause or writePause
	readPause    = 20 * time.Millisecond
	writePause   = 100 * time.Millisecond
)

func clientPolicy(cfg Config) *as.ClientPolicy {
	p := as.NewClientPolicy()
	p.ClusterName = cfg.ClusterName
	p.Timeout = tendTimeout
	p.TendInterval = tendInterval
	p.MinConnectionsPerNode = warmConnections
	p.IdleTimeout = 55 * time.Second
	// A cluster that is away when the program starts must not keep it from starting.
	p.FailIfNotConnected = false
	return p
}

// batchPolicy is that of every read. With anyNode each entry is asked of the next replica in
// turn, whichever that is; and once only, as the client would ask the same one again. The time
// for all is short then: of a node that died the client has no connections left, which it does
// not count as an attempt, and it would try to open one until the time of the whole is over.
func batchPolicy(budget time.Duration, anyNode bool) *as.BatchPolicy {
	p := as.NewBatchPolicy()
	p.ReadModeAP = as.ReadModeAPAll
	p.SocketTimeout = readSocket
	p.TotalTimeout = budget
	p.MaxRetries = 12
	p.SleepBetweenRetries = 2 * time.Millisecond
	p.SleepMultiplier = 1.5
	p.ReplicaPolicy = as.SEQUENCE
	if anyNode {
		p.ReplicaPolicy = as.MASTER_PROLES
		p.MaxRetries = 0
		p.SocketTimeout = readAll
		p.TotalTimeout = min(budget, readAll)
	}
	p.ConcurrentNodes = 0
	// A node looks up what it is asked for where it was asked, instead of passing each key to
	// another of its threads.
	p.AllowInlineSSD = true
	return p
}

// batchReadPolicy repeats the read mode: the policy of a single read of a batch
// overrules that of the batch, and its default is to ask one copy.
func batchReadPolicy() *as.BatchReadPolicy {
	p := as.NewBatchReadPolicy()
	p.ReadModeAP = as.ReadModeAPAll
	return p
}

func writePolicy(timeout time.Duration, exists as.RecordExistsAction, when *as.Expression) *as.WritePolicy {
	p := as.NewWritePolicy(0, as.TTLDontExpire)
	p.CommitLevel = as.COMMIT_ALL
	p.SendKey = true
	p.TotalTimeout = timeout
	p.SocketTimeout = timeout
	p.MaxRetries = 0
	// The master or nobody: with any other policy the client turns to the next node that has a copy
	// when no connection to the master is free, although that is no retry to it.
	p.ReplicaPolicy = as.MASTER
	p.RecordExistsAction = exists
	p.FilterExpression = when
	return p
}

// passing reports whether the error is one of a cluster that may answer soon: the
// same call is then worth another attempt.
func passing(err as.Error) bool {
	return err.Matches(
		types.TIMEOUT, types.NETWORK_ERROR, types.MAX_RETRIES_EXCEEDED, types.PARTITION_UNAVAILABLE,
		types.KEY_BUSY, types.DEVICE_OVERLOAD, types.INVALID_NODE_ERROR, types.SERVER_NOT_AVAILABLE,
		types.MAX_ERROR_RATE, types.NO_AVAILABLE_CONNECTIONS_TO_NODE, types.INVALID_CLUSTER_PARTITION_MAP,
		types.CLUSTER_KEY_MISMATCH, types.INVALID_NAMESPACE, types.SERVER_ERROR,
	)
}
