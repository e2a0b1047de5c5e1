package drill

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/infra/lab/drill/watch"
)

const testDay = "2026-11-20"

// at is a time in a history made by hand.
func at(milliseconds int) time.Duration { return time.Duration(milliseconds) * time.Millisecond }

func edit(start, end int, from, to string, status int) Event {
	return Event{
		Kind: SaveAPI, Start: at(start), End: at(end), Status: status, ServedBy: "front1",
		Date: testDay, From: &Day{Note: from}, To: &Day{Note: to},
	}
}

func read(start, end int, note string) Event {
	return Event{Kind: ReadRow, Start: at(start), End: at(end), Status: 200, Saw: []Seen{{Date: testDay, Day: Day{Note: note}}}}
}

func settled(note string) Event {
	e := read(100000, 100001, note)
	e.Kind = ReadSettle
	return e
}

// entries are the site's own history of the day's notes, one after the other.
func entries(notes ...string) []Entry {
	var all []Entry
	before := ""
	for _, note := range notes {
		all = append(all, Entry{Date: testDay, NoteFrom: before, Note: note})
		before = note
	}
	return all
}

// Two edits, a read of each, and a clear: nothing is wrong with that.
func good() History {
	return History{
		Events: []Event{
			read(0, 5, ""), edit(10, 20, "", "a", 200), read(25, 30, "a"), edit(40, 50, "a", "b", 200), read(45, 48, "a"), read(60, 70, "b"),
			edit(75, 76, "a", "x", 412), edit(80, 90, "b", "", 200), read(95, 96, ""), edit(100, 110, "", "c", 200), read(120, 121, "c"), settled("c"),
		},
		Entries: entries("a", "b", "", "c"),
	}
}

func TestGoodHistory(t *testing.T) {
	h := good()
	if c := h.Count(); !c.OK() || c.Acknowledged != 4 || c.Refused != 1 {
		t.Errorf("Count: got %+v, want 4 acknowledged, 1 refused and nothing wrong", c)
	}
	if s := h.Stale(); s.Reads != 0 || s.Days != 7 {
		t.Errorf("Stale: got %+v, want none of 7", s)
	}
	if bad, n := h.Linear(0); len(bad) != 0 || n != 12 {
		t.Errorf("Linear: got %v of %d, want nothing bad of 12", bad, n)
	}
	if f := h.Figures(0, at(1000)); f.Failed != 0 || f.Requests != 11 || f.Edits != 5 || f.Writes.Max != at(10) || f.Reads.Max != at(10) {
		t.Errorf("Figures: got %+v", f)
	}
}

func TestHistoriesThatMustFail(t *testing.T) {
	for name, test := range map[string]struct {
		spoil                          func(*History)
		lost, doubled, foreign, undone int
		broken, stale                  int
		notLinear                      bool
	}{
		"an acknowledged edit is lost": {
			spoil: func(h *History) {
				h.Entries = entries("a", "b", "")
				h.Events[10], h.Events[11] = read(120, 121, ""), settled("")
			},
			lost: 1, notLinear: true,
		},
		"an edit is applied twice": {
			spoil:   func(h *History) { h.Entries = entries("a", "b", "", "c", "c") },
			doubled: 1,
		},
		"an edit that was refused is applied": {
			spoil: func(h *History) { h.Entries = entries("a", "b", "x", "", "c") },
			// And the clear that follows begins there, and not where it was asked for.
			foreign: 2, lost: 1,
		},
		"a read does not see what was acknowledged": {
			spoil: func(h *History) { h.Events[5] = read(60, 70, "a") },
			stale: 1, notLinear: true,
		},
		"who is on call is out of date": {
			spoil: func(h *History) {
				h.Events[1].To.Primary, h.Events[2].Saw[0].Primary = "Ana", "Ana"
				h.Events[3].From.Primary, h.Events[3].To.Primary = "Ana", "Bo"
				h.Events[4].Saw[0].Primary = "Ana"
				h.Events[7].From.Primary = "Bo"
				h.Events[5] = Event{Kind: ReadOnCall, Start: at(60), End: at(70), Status: 200, Saw: []Seen{{testDay, Day{Primary: "Ana"}, true}}}
			},
			stale: 1, notLinear: true,
		},
		"a cleared day comes back": {
			spoil: func(h *History) {
				h.Events = append(h.Events[:8], read(95, 96, "b"), settled("b"))
				h.Entries = entries("a", "b", "")
			},
			stale: 2, undone: 1, notLinear: true,
		},
		"a read goes back in time while the edit is under way": {
			spoil: func(h *History) {
				h.Events[3] = edit(40, 58, "a", "b", 200)
				h.Events[4] = read(42, 44, "b")
				h.Events = append(h.Events, read(46, 48, "a"))
			},
			notLinear: true,
		},
		"one clears a day that has been set again, and is told that it is cleared": {
			spoil:     func(h *History) { h.Events = append(h.Events, edit(112, 114, "b", "", 200)) },
			notLinear: true,
		},
		"an edit based on a state that was gone is acknowledged": {
			spoil:     func(h *History) { h.Events[6] = edit(75, 76, "a", "x", 200) },
			lost:      1,
			notLinear: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := good()
			test.spoil(&h)
			c, s := h.Count(), h.Stale()
			got := []int{len(c.Lost), len(c.Doubled), len(c.Foreign), len(c.Broken), len(c.Undone), s.Reads}
			want := []int{test.lost, test.doubled, test.foreign, test.broken, test.undone, test.stale}
			if !slices.Equal(got, want) {
				t.Errorf("lost, doubled, foreign, broken, undone, stale: got %v, want %v\n%+v", got, want, c)
			}
			if bad, _ := h.Linear(0); len(bad) > 0 != test.notLinear {
				t.Errorf("days that are not linearizable: got %v, want some: %t", bad, test.notLinear)
			}
		})
	}
}

// Of two who clear the same day at once, both are told that it is cleared.
func TestTwoThatClear(t *testing.T) {
	h := good()
	h.Events = append(h.Events, edit(82, 92, "b", "", 200))
	bad, _ := h.Linear(0)
	if c := h.Count(); !c.OK() || len(bad) > 0 {
		t.Errorf("got %+v and %v, want nothing wrong", c, bad)
	}
}

// An edit without an answer may be made at once, late, or never.
func TestEditsInDoubt(t *testing.T) {
	doubtful := edit(10, 20, "", "a", 503)
	for name, test := range map[string]struct {
		h  History
		ok bool
	}{
		"never":               {History{[]Event{doubtful, read(30, 31, ""), settled("")}, nil}, true},
		"late":                {History{[]Event{doubtful, read(30, 31, ""), read(40, 41, "a"), settled("a")}, entries("a")}, true},
		"seen, then gone":     {History{[]Event{doubtful, read(30, 31, "a"), read(40, 41, ""), settled("")}, nil}, false},
		"seen, never written": {History{[]Event{doubtful, read(30, 31, "a"), settled("")}, nil}, false},
	} {
		c := test.h.Count()
		bad, _ := test.h.Linear(0)
		if ok := c.OK() && len(bad) == 0; ok != test.ok || c.InDoubt != 1 {
			t.Errorf("%s: got ok %t with %d in doubt, want %t with 1: %+v %v", name, ok, c.InDoubt, test.ok, c, bad)
		}
		if f := test.h.Figures(0, at(1000)); f.Failed != 1 {
			t.Errorf("%s: got %d failed, want the edit", name, f.Failed)
		}
	}
}

// Reads may be late by as much as is allowed, and no more.
func TestLag(t *testing.T) {
	h := History{[]Event{edit(10, 20, "", "a", 200), read(500, 510, ""), settled("a")}, entries("a")}
	if s := h.Stale(); s.Reads != 1 || s.Worst != at(480) {
		t.Errorf("Stale: got %+v, want one read, 480 ms late", s)
	}
	for lag, want := range map[time.Duration]int{at(0): 1, at(400): 1, at(490): 0} {
		if bad, _ := h.Linear(lag); len(bad) != want {
			t.Errorf("Linear with a lag of %s: got %v, want %d", lag, bad, want)
		}
	}
	// What says of itself that it may be old, may be.
	h.Events[1].LastKnown = true
	if s := h.Stale(); s.Reads != 0 {
		t.Errorf("Stale with an answer that says so: got %+v, want none", s)
	}
}

func TestFailures(t *testing.T) {
	h := good()
	h.Events[0].Status = 502
	h.Events[1].Error = "connection reset"
	h.Events[2].Resent = true
	f := h.Figures(0, at(1000))
	if f.Failed != 3 || f.Resent != 1 || len(f.Failures) != 3 {
		t.Errorf("got %+v, want three failures, one of them sent twice", f)
	}
	o := &outcome{history: &h, figures: f, end: at(1000)}
	o.asFirst()
	if o.all[0].OK || !o.all[1].OK || !o.all[2].OK {
		t.Errorf("got %+v, want the failures refused and the times accepted", o.all)
	}
}

func TestTooLittleLoad(t *testing.T) {
	h := good()
	o := &outcome{history: &h, figures: h.Figures(0, at(1000))}
	o.enough(2000, 300, h.Count())
	for _, v := range o.all {
		if v.OK {
			t.Errorf("%s: got %s, accepted with the bound %s", v.What, v.Measured, v.Bound)
		}
	}
}

func TestSlow(t *testing.T) {
	h := good()
	h.Events[5].End = h.Events[5].Start + at(151)
	h.Events[1].End = h.Events[1].Start + at(2001)
	o := &outcome{history: &h, figures: h.Figures(0, at(10000)), end: at(10000)}
	o.asFirst()
	if o.all[1].OK || o.all[2].OK {
		t.Errorf("got %+v, want both times refused", o.all)
	}
	if v := o.all[3]; v.Measured != fmt.Sprintf("1 of %d", o.figures.Requests-o.figures.Edits) || len(v.Examples) != 1 || !strings.Contains(v.Examples[0], "after 151ms") {
		t.Errorf("got %+v, want the one read that was too slow", v)
	}

	brief := &outcome{history: &h, figures: o.figures, slack: (&Settings{Brief: true}).slack()}
	brief.asFirst()
	if v := brief.all[1]; !v.OK || v.Bound != "≤ 1.50 s" || v.Measured != "151 ms (promised: 150 ms)" {
		t.Errorf("got %+v, want ten times as long accepted in a brief drill, and what is promised said", v)
	}
	if v := brief.all[2]; !v.OK || v.Bound != "≤ 20.0 s" {
		t.Errorf("got %+v, want ten times as long accepted in a brief drill", v)
	}
	brief.figures.Reads.Max = at(1501)
	brief.asFirst()
	if brief.all[5].OK {
		t.Errorf("got %+v, want more than ten times as long refused in a brief drill", brief.all[5])
	}
}

// A brief drill has no slack in what is read: an old answer is as wrong there.
func TestNoSlackForStaleReads(t *testing.T) {
	h := good()
	o := &outcome{history: &h, slack: (&Settings{Brief: true}).slack()}
	o.staleWithin(time.Second)
	if o.all[0].Bound != "≤ 1.00 s" {
		t.Errorf("got the bound %s, want the one that is promised", o.all[0].Bound)
	}
}

func TestHistoryFile(t *testing.T) {
	h := good()
	var file bytes.Buffer
	if err := h.Write(&file); err != nil {
		t.Fatal(err)
	}
	got, err := ReadHistory(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&h, got); diff != "" {
		t.Errorf("what was written and what was read differ:\n%s", diff)
	}
	if _, err := ReadHistory(strings.NewReader("{}\n")); err == nil {
		t.Error("a line without meaning was accepted")
	}
}

func TestFaults(t *testing.T) {
	marks := []Mark{
		{at(10), "kill a", true}, {at(11), "kill b", true}, {at(20), "start a", false}, {at(21), "start b", false},
		{at(30), "freeze", true},
	}
	want := []watch.Span{{From: at(10), To: at(21), Value: "kill a, kill b"}, {From: at(30), To: at(99), Value: "freeze"}}
	if diff := cmp.Diff(want, Faults(marks, at(99))); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyHolds(t *testing.T) {
	o := &outcome{watched: watch.Watched{Holders: []watch.Span{{From: at(0), To: at(2000)}}}, probes: &watch.Probes{}, history: &History{}, end: at(5000),
		marks: []Mark{{at(0), "lose", true}, {at(1), "back", false}, {at(2), "stop", true}}}
	checkMoves(o)
	if i := slices.IndexFunc(o.all, func(v Verdict) bool { return v.What == "virtual IP without a holder" }); i < 0 || o.all[i].OK {
		t.Errorf("two seconds without a holder: got %+v, want it refused", o.all)
	}
}

func TestQuantile(t *testing.T) {
	var all []time.Duration
	for i := range 100 {
		all = append(all, at(i+1))
	}
	if got := latency(all); got != (Latency{at(50), at(99), at(100)}) {
		t.Errorf("got %+v, want 50, 99 and 100 ms", got)
	}
}
