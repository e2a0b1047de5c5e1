package api

import (
	"net/http"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/store"
)

// clusterJSON is store.ClusterStatus as the API gives it. Times are in seconds, the
// clock skew in milliseconds, sizes in bytes.
type clusterJSON struct {
	Store   string       `json:"store"`
	Health  store.Health `json:"health"`
	Meaning string       `json:"meaning"`
	At      time.Time    `json:"at"`
	Nodes   []nodeJSON   `json:"nodes"`
}

type nodeJSON struct {
	Address        string         `json:"address"`
	Reachable      bool           `json:"reachable"`
	Problem        string         `json:"problem"`
	Name           string         `json:"name"`
	Build          string         `json:"build"`
	Uptime         int64          `json:"uptimeSeconds"`
	ClusterSize    int            `json:"clusterSize"`
	ClusterKey     string         `json:"clusterKey"`
	Integrity      bool           `json:"integrity"`
	Principal      string         `json:"principal"`
	Member         bool           `json:"member"`
	WithMajority   bool           `json:"withMajority"`
	Clients        int            `json:"clients"`
	Migrations     int64          `json:"migrationsLeft"`
	ClockSkew      int64          `json:"clockSkewMilliseconds"`
	ClockOff       bool           `json:"clockOff"`
	SinceRebalance int64          `json:"sinceRebalanceSeconds"`
	Namespace      *namespaceJSON `json:"namespace"`
}

type namespaceJSON struct {
	Objects         int64 `json:"objects"`
	MasterObjects   int64 `json:"masterObjects"`
	ReplicaObjects  int64 `json:"replicaObjects"`
	Replication     int   `json:"effectiveReplicationFactor"`
	StopWrites      bool  `json:"stopWrites"`
	DataUsed        int64 `json:"dataUsedBytes"`
	DataTotal       int64 `json:"dataTotalBytes"`
	DataAvailable   int   `json:"dataAvailablePercent"`
	IndexUsed       int64 `json:"indexUsedBytes"`
	MigrateTransmit int64 `json:"migrateTransmitLeft"`
	MigrateReceive  int64 `json:"migrateReceiveLeft"`
}

// cluster answers GET /api/v1/cluster.
func (s *Site) cluster(w http.ResponseWriter, r *http.Request) error {
	c, known := s.Desk.ClusterStatus(r.Context())
	if !known {
		return answerJSON(w, http.StatusOK, clusterJSON{
			Store: s.Store.Name(), Health: store.Well, Meaning: desk.SingleMachine, At: s.Now().UTC(), Nodes: []nodeJSON{},
		})
	}
	answer := clusterJSON{Store: s.Store.Name(), At: c.At.UTC(), Nodes: []nodeJSON{}}
	answer.Health, answer.Meaning = c.Verdict()
	for _, n := range c.Nodes {
		answer.Nodes = append(answer.Nodes, newNodeJSON(n))
	}
	return answerJSON(w, http.StatusOK, answer)
}

func newNodeJSON(n store.NodeStatus) nodeJSON {
	j := nodeJSON{
		Address: n.Address, Reachable: n.Reachable, Problem: n.Problem, Name: n.Name, Build: n.Build,
		Uptime: int64(n.Uptime / time.Second), ClusterSize: n.ClusterSize, ClusterKey: n.ClusterKey, Integrity: n.Integrity,
		Principal: n.Principal, Member: n.Member, WithMajority: n.WithMajority, Clients: n.Clients, Migrations: n.MigrationsLeft,
		ClockSkew: n.ClockSkew.Milliseconds(), ClockOff: n.ClockOff, SinceRebalance: int64(n.SinceRebalance / time.Second),
	}
	if d := n.Namespace; n.NamespaceAvailable {
		j.Namespace = &namespaceJSON{
			d.Objects, d.MasterObjects, d.ProleObjects, d.EffectiveReplicas, d.StopWrites,
			d.DataUsed, d.DataTotal, d.DataAvailablePct, d.IndexUsed, d.MigrateTransmitLeft, d.MigrateReceiveLeft,
		}
	}
	return j
}

func describeCluster(d *describer) {
	d.group("Machines", "The machines that store the roster.")
	openapi.Name[store.Health](&d.Types, "Health", &openapi.Schema{
		Type: "string", Enum: []any{store.Well, store.Degraded, store.Refusing},
		Description: "The state of the store: it works; it works, but cannot lose another machine; or it refuses edits.",
	})
	openapi.Answered[namespaceJSON](&d.Types, "Namespace", "The roster's data on a node.", openapi.Notes{
		"objects":                    {Text: "Records, including replicas."},
		"masterObjects":              {Text: "Records whose master is this node."},
		"replicaObjects":             {Text: "Records of which this node has a replica."},
		"effectiveReplicationFactor": {Text: "Copies of each record."},
		"stopWrites":                 {Text: "Whether the node refuses writes because it is out of space."},
		"dataUsedBytes":              {Text: "Used space."},
		"dataTotalBytes":             {Text: "Total space."},
		"dataAvailablePercent":       {Text: "Free space."},
		"indexUsedBytes":             {Text: "Memory that the index uses."},
		"migrateTransmitLeft":        {Text: "Partitions that the node still has to send."},
		"migrateReceiveLeft":         {Text: "Partitions that the node still has to receive."},
	})
	openapi.Answered[nodeJSON](&d.Types, "Node", "One machine of the store, as it reports itself.", openapi.Notes{
		"address":               {Text: "Host and port."},
		"reachable":             {Text: "Whether the node answered in time. If not, only its address and perhaps its name are known."},
		"problem":               {Text: "Why the node did not answer."},
		"name":                  {Text: "The node's id in the cluster."},
		"build":                 {Text: "The version of the node's software."},
		"uptimeSeconds":         {Text: "Seconds since the node started."},
		"clusterSize":           {Text: "How many nodes this node sees in its cluster."},
		"clusterKey":            {Text: "The same on all nodes of one cluster."},
		"integrity":             {Text: "Whether the node's view of the cluster is consistent."},
		"principal":             {Text: "The node that leads the cluster."},
		"member":                {Text: "Whether the node is part of a cluster."},
		"withMajority":          {Text: "Whether the node is in the majority of the cluster. Only the majority's answers count."},
		"clients":               {Text: "Open client connections."},
		"migrationsLeft":        {Text: "Partitions that still have to move."},
		"clockSkewMilliseconds": {Text: "The largest difference between the nodes' clocks."},
		"clockOff":              {Text: "Whether it is this node's clock that differs from the others'."},
		"sinceRebalanceSeconds": {Text: "Seconds since the cluster last changed."},
		"namespace":             {Text: "The roster's data on the node. Null if it has none."},
	})
	openapi.Answered[clusterJSON](&d.Types, "Cluster", "The machines behind the store.", openapi.Notes{
		"store":   {Text: "The name of the store."},
		"meaning": {Text: "What the health means for users, in a sentence."},
		"at":      {Text: "When the machines were last asked."},
		"nodes":   {Text: "Every known node. Empty if the roster is stored on a single machine."},
	})
	d.add(Operation{
		ID: "getCluster", Method: "GET", Path: "/cluster", Summary: "Read the state of the store's machines", Storeless: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The machines.", Value: clusterJSON{}}},
		Examples: []Example{{Summary: "On a single machine", Target: "/cluster"}},
	})
}
