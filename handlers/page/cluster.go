package page

import (
	"fmt"
	"net/http"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
)

// clusterPage answers GET /cluster: the state of the store's machines; for htmx, only the
// region.
func (s *Site) clusterPage(w http.ResponseWriter, r *http.Request) error {
	state := views.Cluster{Sentence: desk.SingleMachine}
	if status, known := s.Desk.ClusterStatus(r.Context()); known {
		state = clusterView(status)
	}
	if shell.WantsFragment(r) {
		return shell.Render(w, r, http.StatusOK, views.ClusterState(state))
	}
	return shell.Render(w, r, http.StatusOK, views.ClusterPage(s.Frame(r, words.T(r.Context(), "Store"), nil), state))
}

func clusterView(c store.ClusterStatus) views.Cluster {
	health, sentence := c.Verdict()
	view := views.Cluster{Health: string(health), Sentence: sentence, At: c.At}
	for _, n := range c.Nodes {
		view.Nodes = append(view.Nodes, nodeView(n))
	}
	return view
}

func nodeView(n store.NodeStatus) views.Node {
	node := views.Node{Title: n.Address, State: n.Problem}
	if n.Name != "" {
		node.Title = n.Name + " · " + n.Address
	}
	if !n.Reachable {
		return node
	}
	node.OK = n.Member && n.WithMajority && n.NamespaceAvailable
	switch {
	case node.OK && n.ClockOff:
		node.OK, node.State = false, "serves, its clock is off"
	case node.OK && n.Principal == n.Name:
		node.State = "serves, leads the cluster"
	case node.OK:
		node.State = "serves"
	case !n.NamespaceAvailable:
		node.State = "does not have the roster's namespace"
	default:
		node.State = "outside the majority, not trusted"
	}
	node.Facts = []views.Fact{
		{Name: "Build", Value: n.Build},
		{Name: "Up for", Value: n.Uptime.String()},
		{Name: "Cluster size", Value: fmt.Sprint(n.ClusterSize)},
		{Name: "Cluster key", Value: n.ClusterKey},
		{Name: "Integrity", Value: yesNo(n.Integrity)},
		{Name: "Principal", Value: n.Principal},
		{Name: "Member", Value: yesNo(n.Member)},
		{Name: "Clients", Value: fmt.Sprint(n.Clients)},
		{Name: "Partitions to move", Value: fmt.Sprint(n.MigrationsLeft)},
		{Name: "Clock skew", Value: n.ClockSkew.String()},
		{Name: "Since the last change", Value: n.SinceRebalance.String()},
	}
	if d := n.Namespace; n.NamespaceAvailable {
		node.Data = []views.Fact{
			{Name: "Records", Value: fmt.Sprintf("%d (%d own, %d copies)", d.Objects, d.MasterObjects, d.ProleObjects)},
			{Name: "Copies of each", Value: fmt.Sprint(d.EffectiveReplicas)},
			{Name: "Disk", Value: fmt.Sprintf("%s of %s, %d %% free", bytesText(d.DataUsed), bytesText(d.DataTotal), d.DataAvailablePct)},
			{Name: "Index memory", Value: bytesText(d.IndexUsed)},
			{Name: "Refuses writes", Value: yesNo(d.StopWrites)},
			{Name: "Partitions to send, to receive", Value: fmt.Sprintf("%d, %d", d.MigrateTransmitLeft, d.MigrateReceiveLeft)},
		}
	}
	return node
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// bytesText is a size in the largest binary unit that leaves at least 1.
func bytesText(n int64) string {
	size, unit := float64(n), "B"
	for _, larger := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if size < 1024 {
			break
		}
		size, unit = size/1024, larger
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}
