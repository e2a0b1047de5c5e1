package handlers

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// nodes collects how the machines behind the store are, as each says when this is asked. A store on
// one machine has none.
type nodes struct {
	site                 *Server
	up, off, skew, space *prometheus.Desc
}

func newNodes(s *Server) *nodes {
	label := []string{"node"}
	return &nodes{
		site:  s,
		up:    prometheus.NewDesc("roster_store_node_up", "1 if the machine of the store answers and serves, 0 if not.", label, nil),
		off:   prometheus.NewDesc("roster_store_node_clock_off", "1 if the machine's clock is not as that of the others, 0 if it is.", label, nil),
		skew:  prometheus.NewDesc("roster_store_node_clock_skew_seconds", "The largest difference between the clocks of two machines, as this one sees it.", label, nil),
		space: prometheus.NewDesc("roster_store_node_free_ratio", "How much of the machine's space for the roster is free, of 1.", label, nil),
	}
}

// Describe implements prometheus.Collector.
func (c *nodes) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.up, c.off, c.skew, c.space} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *nodes) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), c.site.Limits.WorkTime())
	defer cancel()
	status, known := c.site.Desk.ClusterStatus(ctx)
	if !known {
		return
	}
	for _, n := range status.Nodes {
		name := n.Address
		is := func(d *prometheus.Desc, value float64) {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, name)
		}
		is(c.up, oneIf(n.Serves()))
		if !n.Reachable {
			continue
		}
		is(c.off, oneIf(n.ClockOff))
		is(c.skew, n.ClockSkew.Seconds())
		if n.NamespaceAvailable {
			is(c.space, float64(n.Namespace.DataAvailablePct)/100)
		}
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
