package drill

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dailyroster/infra/lab/drill/watch"
)

// Result is the result of a drill.
type Result struct {
	Number int       `json:"number"`
	Title  string    `json:"title"`
	Must   string    `json:"must"` // what must hold, in the words of the design
	Begun  time.Time `json:"begun"`
	Passed bool      `json:"passed"`
	Error  string    `json:"error,omitempty"` // what kept the drill from being done
	// Remark is a person's comment, such as why a bound was not met. It is written into the
	// JSON of a report that is kept.
	Remark   string    `json:"remark,omitempty"`
	Verdicts []Verdict `json:"verdicts"`
	Figures  Figures   `json:"figures"`
	Marks    []Mark    `json:"marks"`
	watch.Watched
	Limits []Limit `json:"limits,omitempty"`
	// Bins are times of the same length: requests answered, how many of them failed, then p50,
	// p99 and max in microseconds, and 1 where the slowest was an edit.
	Bins []Bin `json:"bins"`
	// BinTime is how long each of them is, in nanoseconds; a tenth of a second if it is not there.
	BinTime time.Duration `json:"binTime,omitempty"`
}

// TimeOf is when a bin begins.
func (r *Result) TimeOf(bin int) time.Duration {
	return time.Duration(bin) * cmp.Or(r.BinTime, shortestBin)
}

// Limit is a bound on how long an answer may take.
type Limit struct {
	What string        `json:"what"`
	At   time.Duration `json:"at"`
}

// Verdict compares a measured value with its bound. Without a bound it only informs.
type Verdict struct {
	What     string   `json:"what"`
	Bound    string   `json:"bound,omitempty"`
	Measured string   `json:"measured"`
	OK       bool     `json:"ok"`
	Examples []string `json:"examples,omitempty"`
}

// Mark is something that was done in a drill.
type Mark struct {
	At    time.Duration `json:"at"`
	Label string        `json:"label"`
	Fault bool          `json:"fault"` // it broke something; else it healed
}

// Faults are the times from breaking something until all that was done to heal it is
// done.
func Faults(marks []Mark, end time.Duration) []watch.Span {
	var all []watch.Span
	open := false
	for _, m := range marks {
		switch {
		case m.Fault && !open:
			all = append(all, watch.Span{From: m.At, To: end, Value: m.Label})
			open = true
		case m.Fault:
			all[len(all)-1].Value += ", " + m.Label
		case len(all) > 0:
			all[len(all)-1].To = m.At
			open = false
		}
	}
	return all
}

// shortestBin is how long a Bin is, where a run has no more than mostBins of that length.
const (
	shortestBin = 100 * time.Millisecond
	mostBins    = 4000
)

// Bin is what happened in a short time, of the requests that were answered then.
type Bin struct {
	N, Failed     int
	P50, P99, Max time.Duration
	MaxWrite      bool // the slowest was an edit
}

// MarshalJSON writes a bin as numbers in a row, as there are many.
func (b Bin) MarshalJSON() ([]byte, error) {
	write := int64(0)
	if b.MaxWrite {
		write = 1
	}
	return json.Marshal([6]int64{int64(b.N), int64(b.Failed), b.P50.Microseconds(), b.P99.Microseconds(), b.Max.Microseconds(), write})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Bin) UnmarshalJSON(data []byte) error {
	var n [6]int64
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*b = Bin{int(n[0]), int(n[1]), time.Duration(n[2]) * time.Microsecond, time.Duration(n[3]) * time.Microsecond, time.Duration(n[4]) * time.Microsecond, n[5] == 1}
	return nil
}

// Bins divides a run into times of the same length, by the time of the answers: tenths of a second,
// or so many together that there are not too many to draw.
func (h *History) Bins() (bins []Bin, each time.Duration) {
	var end time.Duration
	for i := range h.Events {
		if h.Events[i].Kind != ReadSettle {
			end = max(end, h.Events[i].End)
		}
	}
	each = shortestBin * (end/(shortestBin*mostBins) + 1)
	var times [][]time.Duration
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind == ReadSettle {
			continue
		}
		n := int(e.End / each)
		for len(bins) <= n {
			bins = append(bins, Bin{})
			times = append(times, nil)
		}
		b := &bins[n]
		b.N++
		if e.Failed() {
			b.Failed++
		}
		if e.Took() > b.Max {
			b.Max, b.MaxWrite = e.Took(), e.Kind.IsEdit()
		}
		times[n] = append(times[n], e.Took())
	}
	for i, all := range times {
		if len(all) > 0 {
			slices.Sort(all)
			bins[i].P50, bins[i].P99 = quantile(all, 0.5), quantile(all, 0.99)
		}
	}
	return bins, each
}

// slack is a factor on promised times, for a machine with other work to do; 0 is none.
type slack int

func (s slack) of(promised time.Duration) time.Duration {
	return promised * time.Duration(max(s, 1))
}

// outcome is what the checks of a drill look at.
type outcome struct {
	history *History
	marks   []Mark
	watched watch.Watched
	end     time.Duration
	slack   slack
	probes  *watch.Probes
	figures Figures
	all     []Verdict
	limits  []Limit
}

func (o *outcome) add(v Verdict) { o.all = append(o.all, v) }

func (o *outcome) tell(what, format string, values ...any) {
	o.add(Verdict{What: what, Measured: fmt.Sprintf(format, values...), OK: true})
}

func (o *outcome) none(what string, n int, examples []string) {
	o.add(Verdict{What: what, Bound: "0", Measured: fmt.Sprint(n), OK: n == 0, Examples: examples[:min(len(examples), 8)]})
}

// within wants something to take no longer than promised, but for the slack.
func (o *outcome) within(what string, bound, measured time.Duration) {
	o.atMost(what, o.slack.of(bound), measured)
	if v := &o.all[len(o.all)-1]; v.OK && measured > bound {
		v.Measured += " (promised: " + Short(bound) + ")"
	}
}

func (o *outcome) atMost(what string, bound, measured time.Duration) {
	o.add(Verdict{What: what, Bound: "≤ " + Short(bound), Measured: Short(measured), OK: measured <= bound})
}

// Short writes a time with as many digits as one wants to read.
func Short(d time.Duration) string {
	switch {
	case d >= 100*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	default:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
}

// enough refuses a run with too little load to prove anything.
func (o *outcome) enough(requests, acknowledged int, counted Counted) {
	o.add(Verdict{
		What: "requests", Bound: fmt.Sprintf("≥ %d", requests), Measured: fmt.Sprint(o.figures.Requests),
		OK: o.figures.Requests >= requests,
	})
	o.add(Verdict{
		What: "edits acknowledged", Bound: fmt.Sprintf("≥ %d", acknowledged), Measured: fmt.Sprint(counted.Acknowledged),
		OK: counted.Acknowledged >= acknowledged,
	})
}

// counted wants every edit in the site's history as often as it was acknowledged.
func (o *outcome) counted(c Counted) {
	o.none("acknowledged edits lost", len(c.Lost), c.Lost)
	o.none("edits applied twice", len(c.Doubled), c.Doubled)
	strange := slices.Concat(c.Foreign, c.Broken)
	o.none("history entries that do not fit", len(strange), strange)
	o.none("days that are not what their history says", len(c.Undone), c.Undone)
	o.tell("edits refused for someone else's", "%d", c.Refused)
	o.tell("edits in doubt", "%d", c.InDoubt)
}

func (o *outcome) noneStale() {
	s := o.history.Stale()
	o.none("stale reads", s.Reads, s.Examples)
	o.linear(0)
}

// staleWithin allows reads to be late by so much.
func (o *outcome) staleWithin(bound time.Duration) {
	s := o.history.Stale()
	o.atMost("oldest stale read", bound, s.Worst)
	o.tell("stale reads", "%d of %d days looked at", s.Reads, s.Days)
	o.linear(bound)
}

func (o *outcome) linear(lag time.Duration) {
	bad, operations := o.history.Linear(lag)
	what := fmt.Sprintf("days not linearizable (%d operations)", operations)
	if lag > 0 {
		what = fmt.Sprintf("days not linearizable with reads up to %s old (%d operations)", Short(lag), operations)
	}
	o.none(what, len(bad), bad)
}

func (o *outcome) noneFailed() { o.none("failed requests", o.figures.Failed, o.figures.Failures) }

func (o *outcome) tellFailed() {
	o.add(Verdict{What: "failed requests", Measured: fmt.Sprint(o.figures.Failed), OK: true, Examples: o.figures.Failures})
}

// asFirst is what must hold in drill 1 and those that are to be like it.
func (o *outcome) asFirst() {
	const reads, edits = 150 * time.Millisecond, 2 * time.Second
	o.noneFailed()
	o.within("slowest read", reads, o.figures.Reads.Max)
	o.within("slowest edit", edits, o.figures.Writes.Max)
	slow := o.history.slowReads(0, o.end, reads)
	o.add(Verdict{
		What: "reads that took longer than " + Short(reads), Measured: fmt.Sprintf("%d of %d", len(slow), o.figures.Requests-o.figures.Edits),
		OK: true, Examples: slow[:min(len(slow), 8)],
	})
	o.limits = []Limit{{"reads", o.slack.of(reads)}, {"edits", o.slack.of(edits)}}
}

// mark is the time of the n-th fault, or healing.
func (o *outcome) mark(fault bool, n int) time.Duration {
	for _, m := range o.marks {
		if m.Fault == fault {
			if n == 0 {
				return m.At
			}
			n--
		}
	}
	return o.end
}

// serving is how long after a moment the first edit, begun since, was acknowledged.
func (o *outcome) serving(since time.Duration) time.Duration {
	first := o.end
	for i := range o.history.Events {
		if e := &o.history.Events[i]; e.Acknowledged() && e.Start >= since {
			first = min(first, e.End)
		}
	}
	return first - since
}
