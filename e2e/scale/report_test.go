package scale

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"dailyroster/store/storetest/company"
)

// report collects what was measured.
type report struct {
	commit       string // as it was at the start
	small, large company.Size
	measured     []measurement
	loads        []loadRow
	notes        []string
}

type measurement struct {
	kind   string
	size   company.Size
	loaded time.Duration
	of     map[string]sample
}

func (r *report) add(kind string, size company.Size, loaded time.Duration, of map[string]sample) {
	r.measured = append(r.measured, measurement{kind, size, loaded, of})
}

func (r *report) skip(why string) { r.notes = append(r.notes, "Skipped: "+why+".") }

func (r *report) of(kind string, size company.Size) (measurement, bool) {
	for _, m := range r.measured {
		if m.kind == kind && m.size == size {
			return m, true
		}
	}
	return measurement{}, false
}

// missing are works that were not measured although the company is small.
func (r *report) missing() []string {
	var missing []string
	for _, m := range r.measured {
		for _, w := range works() {
			if s := m.of[w.name]; s.failed != "" && m.size == r.small || s == (sample{}) {
				missing = append(missing, fmt.Sprintf("%s on %s with %d people: %s", w.name, m.kind, m.size.People, s.failed))
			}
		}
	}
	return missing
}

// markdown is the report as tables.
func (r *report) markdown() string {
	var b strings.Builder
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n", args...) }
	line("Measured at commit %s on %s.", r.commit, machine())
	line("Small: %d people, %d teams. Large: %d people, %d teams, %d months each, %d absences, %d tokens.\n",
		r.small.People, r.small.Teams, r.large.People, r.large.Teams, r.large.Months, r.large.Absences, r.large.Tokens)
	for _, kind := range []string{onBolt, onNodes} {
		small, ok1 := r.of(kind, r.small)
		large, ok2 := r.of(kind, r.large)
		if !ok1 || !ok2 {
			continue
		}
		line("On %s (the large company was written in %.0f s):\n", kind, large.loaded.Seconds())
		line("| work | small, ms | large, ms | × small | × bytes | × bare | kB | allocations | round trips | bounds | held |")
		line("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---|")
		for _, w := range works() {
			line("%s", w.row(small.of[w.name], large.of[w.name], kind))
		}
		line("")
	}
	if len(r.loads) > 0 {
		line("Load with wrk, the real program over loopback, %s each; the processor time is the program's:\n", set.load)
		line("| work | store | people | 16 connections, /s | p99, ms | 1 connection, /s | processor, ms for 1,000 | failed |")
		line("|---|---|---:|---:|---:|---:|---:|---:|")
		for _, l := range r.loads {
			line("| %s | %s | %s | %.0f | %.1f | %.0f | %s | %d |", l.work, l.kind, l.people, l.many.rate, l.many.p99, l.one.rate, l.processor, l.many.failed+l.one.failed)
		}
		line("")
	}
	for _, n := range r.notes {
		line("%s\n", n)
	}
	return strings.TrimRight(b.String(), "\n")
}

// row is a line of the table.
func (w work) row(small, large sample, kind string) string {
	if small.failed != "" || large.failed != "" {
		return fmt.Sprintf("| %s | %s | %s | | | | | | | %s | no |", w.name, shown(small), shown(large), w.bounds(kind))
	}
	held := "yes"
	if !w.holds(small, large, kind) {
		held = "**no**"
	}
	if w.bounds(kind) == "" {
		held = ""
	}
	return fmt.Sprintf("| %s | %s | %s | %.2f | %s | %s | %.1f | %.0f | %s | %s | %s |", w.name, shown(small), shown(large), ratio(large.p50, small.p50),
		orNone(large.bytes > 0, "%.2f", float64(large.bytes)/float64(max(1, small.bytes))), orNone(small.bare > 0, "%.1f", ratio(small.p50, max(1, small.bare))),
		float64(large.bytes)/1000, large.allocs, orNone(kind == onNodes, "%.1f", large.trips), w.bounds(kind), held)
}

func orNone(there bool, format string, value any) string {
	if !there {
		return ""
	}
	return fmt.Sprintf(format, value)
}

func shown(s sample) string {
	if s.failed != "" {
		return s.failed
	}
	return fmt.Sprintf("%.2f", float64(s.p50.Microseconds())/1000)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// holds reports whether all bounds are kept.
func (w work) holds(small, large sample, kind string) bool {
	keeps := func(bound, got float64) bool { return bound == 0 || got <= bound }
	return keeps(w.grow, ratio(large.p50, small.p50)) && keeps(w.weigh, float64(large.bytes)/float64(max(1, small.bytes))) &&
		keeps(w.bare, ratio(small.p50, max(1, small.bare))) && keeps(w.ms, float64(large.p50.Microseconds())/1000) &&
		keeps(float64(w.bytes), float64(small.bytes)) && keeps(float64(w.allocs), small.allocs) && (kind != onNodes || keeps(w.trips, large.trips))
}

func (w work) bounds(kind string) string {
	var all []string
	add := func(there bool, format string, bound any) {
		if there {
			all = append(all, fmt.Sprintf(format, bound))
		}
	}
	add(w.grow > 0, "%.1f × small", w.grow)
	add(w.weigh > 0, "%.1f × bytes", w.weigh)
	add(w.bare > 0, "%.0f × bare", w.bare)
	add(w.ms > 0, "%.0f ms", w.ms)
	add(w.bytes > 0, "%.0f kB", float64(w.bytes)/1000)
	add(w.allocs > 0, "%d allocations", w.allocs)
	add(w.trips > 0 && kind == onNodes, "round trips: %.0f", w.trips)
	return strings.Join(all, ", ")
}

// commit is what is measured.
func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// machine is what it is measured on.
func machine() string {
	model := runtime.GOARCH
	if about, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(about)) {
			if _, name, ok := strings.Cut(line, "model name\t: "); ok {
				model = strings.TrimSpace(name)
				break
			}
		}
	}
	return fmt.Sprintf("%d × %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version())
}
