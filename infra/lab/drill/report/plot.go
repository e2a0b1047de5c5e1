package report

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"

	"dailyroster/infra/lab/drill"
	"dailyroster/infra/lab/drill/watch"
)

// The plot's measures, in its own units. From top to bottom: the faults' names, how long
// answers took, failures, who has the virtual IP, the cluster's size, when the machine
// was too busy to measure, the seconds.
const (
	plotWidth   = 1000
	leftSpace   = 86
	rightSpace  = 14
	latencyTop  = 20
	latencyHigh = 170
	failTop     = latencyTop + latencyHigh + 12
	failHigh    = 26
	holderTop   = failTop + failHigh + 10
	laneHigh    = 15
	clusterTop  = holderTop + laneHigh + 5
	stallTop    = clusterTop + laneHigh + 5
	stallHigh   = 8
	axisTop     = stallTop + stallHigh + 4
	plotHeight  = axisTop + 20

	fastest = 500 * time.Microsecond
	slowest = 10 * time.Second
)

// canvas writes SVG for a time line from 0 to end.
type canvas struct {
	strings.Builder
	end time.Duration
}

func (c *canvas) put(format string, values ...any) { fmt.Fprintf(c, format+"\n", values...) }

func (c *canvas) x(t time.Duration) float64 {
	part := float64(t) / float64(c.end)
	return leftSpace + min(max(part, 0), 1)*(plotWidth-leftSpace-rightSpace)
}

// y is the place of a latency, by its logarithm.
func y(took time.Duration) float64 {
	took = min(max(took, fastest), slowest)
	part := math.Log(float64(took)/float64(fastest)) / math.Log(float64(slowest)/float64(fastest))
	return latencyTop + latencyHigh*(1-part)
}

// plot draws a drill.
func plot(d *drill.Result) string {
	c := &canvas{end: max(d.TimeOf(len(d.Bins)), time.Second)}
	c.put(`<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, plotWidth, plotHeight,
		html.EscapeString(fmt.Sprintf("Drill %d over time: latency, failures, holder of the virtual IP, cluster size", d.Number)))
	c.faults(d)
	c.grid(d.Limits)
	c.latency(d)
	c.failures(d)
	c.lane("virtual IP", holderTop, d.Holders, holderClass, func(v string) string { return strings.ReplaceAll(v, " ", " + ") })
	c.lane("cluster of", clusterTop, d.Cluster, func(v string) string { return "n" + v }, func(v string) string { return v })
	c.stalls(d.Stalls)
	c.seconds()
	c.put(`</svg>`)
	return c.String()
}

func (c *canvas) text(class string, x, y float64, format string, values ...any) {
	c.put(`<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, x, y, html.EscapeString(fmt.Sprintf(format, values...)))
}

func (c *canvas) faults(d *drill.Result) {
	for _, f := range drill.Faults(d.Marks, c.end) {
		c.put(`<rect class="fault" x="%.1f" y="%d" width="%.1f" height="%d"><title>%s</title></rect>`,
			c.x(f.From), latencyTop, max(c.x(f.To)-c.x(f.From), 1), axisTop-latencyTop, html.EscapeString(f.Value))
	}
	// One name beside the other: what has no room is left to the list below the plot.
	free := 0.0
	for _, m := range d.Marks {
		x := c.x(m.At)
		class := "heal"
		if m.Fault {
			class = "break"
		}
		c.put(`<path class="%s" d="M%.1f %dV%d"/>`, class, x, latencyTop-3, axisTop)
		const letter = 5.6
		width := letter * float64(len(m.Label))
		at := min(x, plotWidth-rightSpace-width)
		if at >= free {
			c.text("label "+class, at, latencyTop-7, "%s", m.Label)
			free = at + width + 2*letter
		}
	}
}

func (c *canvas) grid(limits []drill.Limit) {
	c.text("name", 0, latencyTop+9, "latency")
	for _, t := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 10 * time.Second} {
		c.put(`<path class="grid" d="M%d %.1fH%d"/>`, leftSpace, y(t), plotWidth-rightSpace)
		label := fmt.Sprintf("%d ms", t.Milliseconds())
		if t >= time.Second {
			label = fmt.Sprintf("%.0f s", t.Seconds())
		}
		c.text("tick end", leftSpace-6, y(t)+3.5, "%s", label)
	}
	for _, l := range limits {
		c.put(`<path class="limit" d="M%d %.1fH%d"/>`, leftSpace, y(l.At), plotWidth-rightSpace)
		c.text("tick end limit-name", plotWidth-rightSpace-2, y(l.At)-3, "%s ≤ %s", l.What, drill.Short(l.At))
	}
}

// latency draws p50 and p99 as lines, which break where nothing was answered, and each
// bin's slowest answer as a point.
func (c *canvas) latency(d *drill.Result) {
	var p50, p99, reads, edits strings.Builder
	open := false
	for i, b := range d.Bins {
		if b.N == 0 {
			open = false
			continue
		}
		x := c.x((d.TimeOf(i) + d.TimeOf(i+1)) / 2)
		command := "M"
		if open {
			command = "L"
		}
		open = true
		fmt.Fprintf(&p50, "%s%.1f %.1f", command, x, y(b.P50))
		fmt.Fprintf(&p99, "%s%.1f %.1f", command, x, y(b.P99))
		points := &reads
		if b.MaxWrite {
			points = &edits
		}
		fmt.Fprintf(points, "M%.1f %.1fh0", x, y(b.Max))
	}
	c.put(`<path class="max reads" d="%s"/><path class="max edits" d="%s"/>`, reads.String(), edits.String())
	c.put(`<path class="p99" d="%s"/><path class="p50" d="%s"/>`, p99.String(), p50.String())
}

func (c *canvas) failures(d *drill.Result) {
	most := 0
	for _, b := range d.Bins {
		most = max(most, b.Failed)
	}
	c.text("name", 0, failTop+failHigh-8, "failures")
	c.put(`<path class="grid" d="M%d %dH%d"/>`, leftSpace, failTop+failHigh, plotWidth-rightSpace)
	if most == 0 {
		c.text("tick end", leftSpace-6, failTop+failHigh, "none")
		return
	}
	c.text("tick end", leftSpace-6, failTop+8, "%d", most)
	wide := max(c.x(d.TimeOf(1))-c.x(0), 1.5)
	for i, b := range d.Bins {
		if b.Failed > 0 {
			high := max(float64(failHigh)*float64(b.Failed)/float64(most), 2)
			c.put(`<rect class="failed" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`,
				c.x(d.TimeOf(i)), failTop+failHigh-high, wide, high)
		}
	}
}

// lane draws spans as a band.
func (c *canvas) lane(name string, top float64, spans []watch.Span, class, label func(string) string) {
	c.text("name", 0, top+laneHigh-4, "%s", name)
	if len(spans) == 0 {
		c.text("tick", leftSpace, top+laneHigh-4, "not here")
		return
	}
	for _, s := range spans {
		from, wide := c.x(s.From), max(c.x(s.To)-c.x(s.From), 1)
		c.put(`<rect class="lane %s" x="%.1f" y="%.0f" width="%.1f" height="%d"><title>%s, %.1f–%.1f s</title></rect>`,
			class(s.Value), from, top, wide, laneHigh, html.EscapeString(label(s.Value)), s.From.Seconds(), s.To.Seconds())
		const letter = 7
		if text := label(s.Value); text != "" && wide > letter*float64(len(text))+4 {
			c.text("on-lane", from+4, top+laneHigh-4, "%s", text)
		}
	}
}

// holderClass tells the one host from the other, nobody and both.
func holderClass(holders string) string {
	switch {
	case holders == "":
		return "nobody"
	case strings.Contains(holders, " "):
		return "both"
	case strings.HasSuffix(holders, "1"):
		return "first"
	default:
		return "second"
	}
}

func (c *canvas) stalls(spans []watch.Span) {
	if len(spans) == 0 {
		return
	}
	c.text("name", 0, stallTop+stallHigh, "machine busy")
	for _, s := range spans {
		c.put(`<rect class="stall" x="%.1f" y="%d" width="%.1f" height="%d"/>`, c.x(s.From), stallTop, max(c.x(s.To)-c.x(s.From), 1), stallHigh)
	}
}

func (c *canvas) seconds() {
	step := 5 * time.Second
	for c.end/step > 16 {
		step *= 2
	}
	c.put(`<path class="axis" d="M%d %dH%d"/>`, leftSpace, axisTop, plotWidth-rightSpace)
	for t := time.Duration(0); t <= c.end; t += step {
		c.put(`<path class="axis" d="M%.1f %dv4"/>`, c.x(t), axisTop)
		c.text("tick middle", c.x(t), axisTop+15, "%.0f s", t.Seconds())
	}
}
