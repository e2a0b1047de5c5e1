package drill

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// Counted is the result of comparing the edits with the site's own history.
type Counted struct {
	Edits        int      // asked for
	Acknowledged int      // of them
	Refused      int      // because someone else's came first
	InDoubt      int      // without an answer that says which
	Lost         []string // acknowledged and not in the history
	Doubled      []string // in the history more than once, acknowledged or not
	Foreign      []string // in the history though refused, or never asked for
	Broken       []string // entries that do not begin where the one before ended
	Undone       []string // days that are not what their last entry says, as a deleted one that is back
}

// OK tells that nothing is wrong.
func (c *Counted) OK() bool {
	return len(c.Lost)+len(c.Doubled)+len(c.Foreign)+len(c.Broken)+len(c.Undone) == 0
}

// mark names what an edit leaves in the history: the note that it writes or, of one
// that clears the day, the note that it takes away. Either is there once.
func mark(from, to string) string {
	if to == "" {
		return "clears " + from
	}
	return to
}

// Count looks for each edit in the site's history: an acknowledged one must be there
// once, a refused one not at all, one in doubt at most once.
func (h *History) Count() Counted {
	var c Counted
	asked := map[string]*Event{}
	for i := range h.Events {
		e := &h.Events[i]
		if !e.Kind.IsEdit() {
			continue
		}
		c.Edits++
		switch {
		case e.Acknowledged():
			c.Acknowledged++
		case e.Refused():
			c.Refused++
		default:
			c.InDoubt++
		}
		m := e.Date + ": " + mark(e.From.Note, e.To.Note)
		// Several may try to clear the same state; one can have succeeded.
		if before := asked[m]; before == nil || !before.Acknowledged() && (e.Acknowledged() || before.Refused()) {
			asked[m] = e
		}
	}
	times := map[string]int{}
	last := map[string]string{}
	for _, entry := range h.Entries {
		if entry.Role != "" || entry.Date < firstDay {
			continue
		}
		m := entry.Date + ": " + mark(entry.NoteFrom, entry.Note)
		switch e := asked[m]; {
		case e == nil:
			c.Foreign = append(c.Foreign, m+" was never asked for")
		case e.Refused():
			c.Foreign = append(c.Foreign, m+" was refused")
		}
		times[m]++
		if times[m] == 2 {
			c.Doubled = append(c.Doubled, m)
		}
		if entry.NoteFrom != last[entry.Date] {
			c.Broken = append(c.Broken, fmt.Sprintf("%s begins at %q, not at %q", m, entry.NoteFrom, last[entry.Date]))
		}
		last[entry.Date] = entry.Note
	}
	for m, e := range asked {
		if e.Acknowledged() && times[m] == 0 {
			c.Lost = append(c.Lost, m)
		}
	}
	slices.Sort(c.Lost)
	for _, e := range h.Events {
		if e.Kind != ReadSettle || e.LastKnown {
			continue
		}
		for _, seen := range e.Saw {
			if seen.Note != last[seen.Date] {
				c.Undone = append(c.Undone, fmt.Sprintf("%s is %q, not %q", seen.Date, seen.Note, last[seen.Date]))
			}
		}
	}
	return c
}

// Stale is the result of comparing each read with the edits that were acknowledged before
// it began.
type Stale struct {
	Days  int // days that were looked at in reads
	Reads int // of them, how many were older than they may be
	// Worst is the longest time between the moment when an edit was acknowledged and
	// the beginning of a read that did not see it.
	Worst    time.Duration
	Examples []string
}

// state is one state of a day in the order of the site's history.
type state struct {
	day Day
	// The edit that made it: when it was asked for and, if it was, acknowledged.
	asked, acknowledged time.Duration
	isAcknowledged      bool
}

// states are each day's states in the order of their taking effect, the empty one
// first.
func (h *History) states() map[string][]state {
	edits := map[string]*Event{}
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind.IsEdit() && !e.Refused() {
			m := e.Date + ": " + mark(e.From.Note, e.To.Note)
			if before := edits[m]; before == nil || !before.Acknowledged() {
				edits[m] = e
			}
		}
	}
	all := map[string][]state{}
	for _, entry := range h.Entries {
		if entry.Role != "" {
			continue
		}
		if all[entry.Date] == nil {
			all[entry.Date] = []state{{}}
		}
		s := state{day: Day{Note: entry.Note}}
		if e := edits[entry.Date+": "+mark(entry.NoteFrom, entry.Note)]; e != nil {
			s = state{*e.To, e.Start, e.End, e.Acknowledged()}
		}
		all[entry.Date] = append(all[entry.Date], s)
	}
	return all
}

// Stale finds the reads that did not see an edit which was acknowledged before they
// began. What fits several states is taken for the newest of them that it can be.
// Answers that say of themselves that they may be out of date are believed.
func (h *History) Stale() Stale {
	var s Stale
	all := h.states()
	for i := range h.Events {
		e := &h.Events[i]
		if e.LastKnown || e.Error != "" {
			continue
		}
		for _, seen := range e.Saw {
			s.Days++
			age, ok := older(all[seen.Date], seen, e)
			if !ok {
				continue
			}
			s.Reads++
			s.Worst = max(s.Worst, age)
			if len(s.Examples) < 5 {
				s.Examples = append(s.Examples, fmt.Sprintf("%s: %q was read at %s, %s after it had been replaced (%s, by %s)",
					seen.Date, seen.Note, e.Start.Round(time.Millisecond), age.Round(time.Millisecond), e.Kind, e.ServedBy))
			}
		}
	}
	return s
}

// older tells whether an answer is older than it may be, and by how much.
func older(states []state, seen Seen, e *Event) (age time.Duration, isOlder bool) {
	is := -1
	for i, s := range states {
		if s.asked <= e.End && (s.day == seen.Day || seen.NoNote && s.day.Primary == seen.Primary) {
			is = i
		}
	}
	// What was never there at all is for Linear to find.
	if is < 0 {
		return 0, false
	}
	for _, s := range states[is+1:] {
		if s.isAcknowledged && s.acknowledged < e.Start {
			age, isOlder = max(age, e.Start-s.acknowledged), true
		}
	}
	return age, isOlder
}

// Linear checks with porcupine that the answers about each day are such as one copy
// could have given, each edit and each read at one moment between its beginning and its
// end. Reads may be as of up to lag earlier; then it is not looked at which edits were
// refused, as they may be based on such a read. It gives the days that fail, and how many
// operations were looked at.
func (h *History) Linear(lag time.Duration) (bad []string, operations int) {
	const most = 20 * time.Second // for a day; a good history takes milliseconds
	for _, part := range h.operations(lag) {
		operations += len(part)
		if got := porcupine.CheckOperationsTimeout(dayModel(), part, most); got != porcupine.Ok {
			bad = append(bad, fmt.Sprintf("%s is %s%s", asked(part[0]).date, got, misfit(part, most)))
		}
	}
	slices.Sort(bad)
	return bad, operations
}

// misfit says where the order of a day's operations, as far as there is one, ends: the
// operations around the first that finds no place.
func misfit(part []porcupine.Operation, most time.Duration) string {
	_, info := porcupine.CheckOperationsVerbose(dayModel(), part, most)
	var longest []porcupine.Operation
	for _, partial := range info.PartialLinearizationsOperations()[0] {
		if len(partial) > len(longest) {
			longest = partial
		}
	}
	placed := map[int64]bool{} // no two of a day begin in the same nanosecond
	for _, op := range longest {
		placed[op.Call] = true
	}
	rest := slices.DeleteFunc(slices.Clone(part), func(op porcupine.Operation) bool { return placed[op.Call] })
	if len(rest) == 0 {
		return ""
	}
	first := slices.MinFunc(rest, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	text := ": no place for " + describe(first) + ", near"
	const near = int64(300 * time.Millisecond)
	for _, op := range part {
		if op.Call != first.Call && (asked(op).edit && op.Return > first.Call-10*near || op.Return > first.Call-near) && op.Call < first.Return+near {
			text += " · " + describe(op)
		}
	}
	return text
}

func describe(op porcupine.Operation) string {
	ask, answer := asked(op), answered(op)
	when := fmt.Sprintf("%.3f–%.3f s ", time.Duration(op.Call).Seconds(), time.Duration(op.Return).Seconds())
	switch {
	case ask.edit && answer.refused:
		return when + fmt.Sprintf("edit %q → %q refused", ask.from.Note, ask.to.Note)
	case ask.edit:
		return when + fmt.Sprintf("edit %q → %q", ask.from.Note, ask.to.Note)
	case answer.NoNote:
		return when + fmt.Sprintf("read %q on call", answer.Primary)
	default:
		return when + fmt.Sprintf("read %q", answer.Note)
	}
}

// asking is an operation on a day: an edit based on a state, or a read.
type asking struct {
	date     string
	edit     bool
	from, to Day
}

// told is the answer to it.
type told struct {
	refused bool
	Seen
}

// asked and answered are the two halves of an operation; porcupine knows no types.
func asked(op porcupine.Operation) asking {
	ask, _ := op.Input.(asking)
	return ask
}

func answered(op porcupine.Operation) told {
	answer, _ := op.Output.(told)
	return answer
}

// operations are those of each day. Of the edits in doubt the site's history tells at
// the end which were made: these may have taken effect at any time since, the others
// never did.
func (h *History) operations(lag time.Duration) [][]porcupine.Operation {
	made := map[string]bool{}
	for _, entry := range h.Entries {
		if entry.Role == "" {
			made[entry.Date+": "+mark(entry.NoteFrom, entry.Note)] = true
		}
	}
	for i := range h.Events {
		if e := &h.Events[i]; e.Acknowledged() {
			delete(made, e.Date+": "+mark(e.From.Note, e.To.Note)) // it was this one
		}
	}
	const never = 1 << 62
	byDate := map[string][]porcupine.Operation{}
	for i := range h.Events {
		e := &h.Events[i]
		switch {
		case e.Refused() && lag > 0:
		case e.Kind.IsEdit():
			op := porcupine.Operation{
				ClientId: e.Client, Input: asking{e.Date, true, *e.From, *e.To},
				Call: int64(e.Start), Output: told{refused: e.Refused()}, Return: int64(e.End),
			}
			if e.InDoubt() {
				m := e.Date + ": " + mark(e.From.Note, e.To.Note)
				if !made[m] {
					continue
				}
				delete(made, m) // of several that would have cleared the same state, the first
				op.Return = never
			}
			byDate[e.Date] = append(byDate[e.Date], op)
		case e.Error == "" && !e.LastKnown:
			for _, seen := range e.Saw {
				byDate[seen.Date] = append(byDate[seen.Date], porcupine.Operation{
					ClientId: e.Client, Input: asking{date: seen.Date},
					Call: int64(e.Start - lag), Output: told{Seen: seen}, Return: int64(e.End),
				})
			}
		}
	}
	parts := make([][]porcupine.Operation, 0, len(byDate))
	for _, part := range byDate {
		slices.SortFunc(part, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
		parts = append(parts, part)
	}
	return parts
}

// dayModel is one day as a register that is set by compare-and-set. A state is known by
// its note. Those of a cleared day look alike, so that an edit based on one of them may
// succeed or be refused at any. An edit to what the day already is succeeds anyway.
func dayModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return Day{} },
		Step: func(now, input, output any) (bool, any) {
			day, _ := now.(Day)
			op := porcupine.Operation{Input: input, Output: output}
			ask, answer := asked(op), answered(op)
			fits := day == ask.from
			switch {
			case !ask.edit:
				return day == answer.Day || answer.NoNote && day.Primary == answer.Primary, day
			case answer.refused:
				return !fits || day.Note == "", day
			default:
				return fits || day == ask.to, ask.to
			}
		},
	}
}

// Figures are how fast and how many.
type Figures struct {
	Requests int           `json:"requests"`
	Edits    int           `json:"edits"` // of them
	Failed   int           `json:"failed"`
	Resent   int           `json:"resent"` // of them only because the HTTP client sent them twice
	Reads    Latency       `json:"reads"`
	Writes   Latency       `json:"writes"`
	Took     time.Duration `json:"took"`
	// Failures are the first few, in words.
	Failures []string `json:"failures,omitempty"`
}

// Latency is how long answers took.
type Latency struct {
	P50 time.Duration `json:"p50"`
	P99 time.Duration `json:"p99"`
	Max time.Duration `json:"max"`
}

// Figures are those of the events that began in [from, to).
func (h *History) Figures(from, to time.Duration) Figures {
	var (
		f             Figures
		reads, writes []time.Duration
	)
	for i := range h.Events {
		e := &h.Events[i]
		if !e.begunIn(from, to) {
			continue
		}
		f.Requests++
		f.Took = max(f.Took, e.End-from)
		if e.Kind.IsEdit() {
			f.Edits++
			writes = append(writes, e.Took())
		} else {
			reads = append(reads, e.Took())
		}
		if e.Failed() {
			f.Failed++
			if len(f.Failures) < 8 {
				f.Failures = append(f.Failures, e.failure())
			}
		}
		if e.Resent && e.Error == "" {
			f.Resent++
		}
	}
	f.Reads, f.Writes = latency(reads), latency(writes)
	return f
}

// slowReads tells of the reads begun in [from, to) that took longer than a bound.
func (h *History) slowReads(from, to, bound time.Duration) []string {
	var slow []string
	for i := range h.Events {
		e := &h.Events[i]
		if e.begunIn(from, to) && !e.Kind.IsEdit() && e.Took() > bound {
			slow = append(slow, e.failure())
		}
	}
	return slow
}

// failure says what was wrong with an answer, and when.
func (e *Event) failure() string {
	what := e.Error
	switch {
	case what == "" && e.Resent:
		what = "sent twice by the HTTP client"
	case what == "":
		what = fmt.Sprint("status ", e.Status)
	}
	return fmt.Sprintf("%.3f s, after %s: %s, served by %q: %s", e.Start.Seconds(), e.Took().Round(time.Millisecond), e.Kind, e.ServedBy, what)
}

func latency(all []time.Duration) Latency {
	if len(all) == 0 {
		return Latency{}
	}
	slices.Sort(all)
	return Latency{quantile(all, 0.5), quantile(all, 0.99), all[len(all)-1]}
}

// quantile is the smallest of the sorted values that this share of them does not exceed.
func quantile(sorted []time.Duration, part float64) time.Duration {
	i := int(part*float64(len(sorted)) + 0.999999)
	return sorted[min(max(i-1, 0), len(sorted)-1)]
}
