package report

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"dailyroster/infra/lab/drill"
	"dailyroster/infra/lab/drill/watch"
)

// sample is a report of two drills, with every kind of thing in it.
func sample() *Report {
	second := time.Second
	bins := make([]drill.Bin, 900)
	for i := range bins {
		bins[i] = drill.Bin{
			N: 30, P50: 3 * time.Millisecond, P99: 20 * time.Millisecond,
			Max: time.Duration(21+i%40) * time.Millisecond, MaxWrite: i%3 == 0,
		}
	}
	bins[300], bins[301] = drill.Bin{}, drill.Bin{N: 4, Failed: 4, P50: second, P99: 2 * second, Max: 20 * second}
	passed := drill.Result{
		Number: 1, Title: "kill -9 one database node", Must: "0 failed requests", Passed: true, Bins: bins,
		Verdicts: []drill.Verdict{{What: "stale reads", Bound: "0", Measured: "0", OK: true}, {What: "edits in doubt", Measured: "3", OK: true}},
		Figures:  drill.Figures{Requests: 20345, Reads: drill.Latency{Max: 120 * time.Millisecond}},
		Marks:    []drill.Mark{{At: 3 * second, Label: "kill -9 asd on db1", Fault: true}, {At: 18 * second, Label: "start asd on db1"}},
		Watched: watch.Watched{
			Holders: []watch.Span{{From: 0, To: 40 * second, Value: "front1"}, {From: 40 * second, To: 41 * second}, {From: 41 * second, To: 90 * second, Value: "front2"}},
			Cluster: []watch.Span{{From: 0, To: 4 * second, Value: "3"}, {From: 4 * second, To: 90 * second, Value: "2"}},
			Stalls:  []watch.Span{{From: 50 * second, To: 51 * second}},
		},
		Limits: []drill.Limit{{What: "reads", At: 150 * time.Millisecond}},
	}
	failed := drill.Result{
		Number: 2, Title: "something <else>", Error: "no lab", Remark: "the lab had gone",
		Verdicts: []drill.Verdict{{What: "failed requests", Bound: "0", Measured: "4", Examples: []string{"status <502>"}}},
	}
	return &Report{
		Begun: time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC), Took: 3 * time.Minute, Edge: "keepalived", Machine: "2 cores",
		Versions: []Version{{"nginx", "1.22.1"}}, Drills: []drill.Result{passed, failed},
	}
}

func TestPage(t *testing.T) {
	page, err := sample().page()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]int{"svg": 1, "section": 2, "p.remark": 1, ".overview tbody tr": 2, "script": 0, "link": 0, "img": 0} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%s: got %d, want %d", selector, got, want)
		}
	}
	if text := doc.Text(); !strings.Contains(text, "1 of 2 passed") || !strings.Contains(text, "something <else>") || !strings.Contains(text, "status <502>") || !strings.Contains(text, "20\u2009345") {
		t.Error("the page does not say what it must")
	}
	const most = 600_000 / 12
	if size := len(page); size > most+30_000 {
		t.Errorf("a page with one plot of 90 s has %d bytes, want twelve of them below 600 kB", size)
	}
}

func TestPlotIsWellFormed(t *testing.T) {
	r := sample()
	svg := plot(&r.Drills[0])
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for class, want := range map[string]int{
		`class="fault"`: 1, `class="break"`: 1, `class="heal"`: 1, `class="failed"`: 1, `class="lane first"`: 1, `class="lane nobody"`: 1,
		`class="lane second"`: 1, `class="lane n2"`: 1, `class="stall"`: 1, `class="limit"`: 1,
	} {
		if got := strings.Count(svg, class); got != want {
			t.Errorf("%s: got %d times, want %d", class, got, want)
		}
	}
	// The lines break where nothing was answered.
	start := strings.Index(svg, `class="p50" d="`)
	line, _, _ := strings.Cut(svg[start+len(`class="p50" d="`):], `"`)
	if got := strings.Count(line, "M"); got != 2 {
		t.Errorf("p50 has %d parts, want 2", got)
	}
	if plot(&drill.Result{}) == "" {
		t.Error("a drill without anything: want an empty plot")
	}
}

func TestScales(t *testing.T) {
	for took, want := range map[time.Duration]float64{
		0: latencyTop + latencyHigh, fastest: latencyTop + latencyHigh, slowest: latencyTop, time.Minute: latencyTop,
		time.Duration(math.Sqrt(float64(fastest) * float64(slowest))): latencyTop + latencyHigh/2,
	} {
		if got := y(took); math.Abs(got-want) > 0.1 {
			t.Errorf("y(%s): got %.1f, want %.1f", took, got, want)
		}
	}
	c := &canvas{end: 10 * time.Second}
	if got := c.x(5 * time.Second); got != leftSpace+(plotWidth-leftSpace-rightSpace)/2 {
		t.Errorf("x of the middle: got %.1f", got)
	}
	if got := c.x(time.Hour); got != plotWidth-rightSpace {
		t.Errorf("x past the end: got %.1f, want the edge", got)
	}
}

func TestWriteAndRead(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "report")
	want := sample()
	if err := want.Write(folder); err != nil {
		t.Fatal(err)
	}
	got, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(folder, PageFile)); err != nil {
		t.Error(err)
	}
}

func TestShortVersion(t *testing.T) {
	for text, want := range map[string]string{
		"nginx version: nginx/1.22.1\n":             "1.22.1",
		"Keepalived v2.2.7 (01/16,2022)\n\nmore":    "v2.2.7",
		"Aerospike Community Edition build 8.1.0.3": "8.1.0.3",
		"8557de8-dirty\n":                           "8557de8-dirty",
		"HAProxy version 2.6.12-1+deb12u1 2023":     "2.6.12-1+deb12u1",
	} {
		if got := shortVersion(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestThousand(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1\u2009000", 1234567: "1\u2009234\u2009567"} {
		if got := thousand(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
