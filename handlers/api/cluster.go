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
		ClockSkew: n.ClockSkew.Milliseconds(), SinceRebalance: int64(n.SinceRebalance / time.Second),
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
	d.group("Machines", "What keeps the roster.")
	openapi.Name[store.Health](&d.Types, "Health", &openapi.Schema{
		Type: "string", Enum: []any{store.Well, store.Degraded, store.Refusing},
		Description: "How the store is: all is well; another loss would be felt; or edits are refused.",
	})
	openapi.Answered[namespaceJSON](&d.Types, "Namespace", "The roster's data on a node.", openapi.Notes{
		"objects":                    {Text: "Records, replicas too."},
		"masterObjects":              {Text: "Records of which the node is the master."},
		"replicaObjects":             {Text: "Records of which it has a replica."},
		"effectiveReplicationFactor": {Text: "Copies of each record."},
		"stopWrites":                 {Text: "Whether it refuses writes for lack of space."},
		"dataUsedBytes":              {Text: "Space that is used."},
		"dataTotalBytes":             {Text: "Space that there is."},
		"dataAvailablePercent":       {Text: "Space that is free."},
		"indexUsedBytes":             {Text: "Memory of the index."},
		"migrateTransmitLeft":        {Text: "Partitions still to be sent."},
		"migrateReceiveLeft":         {Text: "Partitions still to be received."},
	})
	openapi.Answered[nodeJSON](&d.Types, "Node", "One machine of the store, as it describes itself.", openapi.Notes{
		"address":               {Text: "Host and port."},
		"reachable":             {Text: "Whether it answered in time. If not, only its address and perhaps its name are known."},
		"problem":               {Text: "Why it did not answer."},
		"name":                  {Text: "Its id in the cluster."},
		"build":                 {Text: "The version of its program."},
		"uptimeSeconds":         {Text: "Since its start."},
		"clusterSize":           {Text: "Nodes in the cluster as it sees it."},
		"clusterKey":            {Text: "Equal on nodes that are in one cluster."},
		"integrity":             {Text: "Whether its view of the cluster is consistent."},
		"principal":             {Text: "The node that leads."},
		"member":                {Text: "Whether it is part of a cluster."},
		"withMajority":          {Text: "Whether it is with the majority, whose answers are believed."},
		"clients":               {Text: "Open connections of clients."},
		"migrationsLeft":        {Text: "Partitions still to be moved."},
		"clockSkewMilliseconds": {Text: "How far the clocks of the nodes are apart."},
		"sinceRebalanceSeconds": {Text: "Since the cluster changed last."},
		"namespace":             {Text: "Null where the node has none of the roster."},
	})
	openapi.Answered[clusterJSON](&d.Types, "Cluster", "The machines behind the store.", openapi.Notes{
		"store":   {Text: "What keeps the roster."},
		"meaning": {Text: "What its health means to those who use the roster, in a sentence."},
		"at":      {Text: "When the machines were asked."},
		"nodes":   {Text: "Every node known; none where the roster is kept on one machine."},
	})
	d.add(Operation{
		ID: "getCluster", Method: "GET", Path: "/cluster", Summary: "How the store's machines are", Storeless: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The machines.", Value: clusterJSON{}}},
		Examples: []Example{{Summary: "On a single machine", Target: "/cluster"}},
	})
}
