package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// events is what go test -json says of a package where one subtest of two fails, a test
// fails by itself, one passes and one is skipped.
const events = `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:7: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestA/x"}
{"Action":"pass","Package":"p","Test":"TestA/y"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"all is well\n"}
{"Action":"pass","Package":"p","Test":"TestC"}
{"Action":"output","Package":"p","Test":"TestD","Output":"=== RUN   TestD\n"}
{"Action":"output","Package":"p","Test":"TestD","Output":"    d_test.go:12: no Chromium: set CHROMIUM\n"}
{"Action":"output","Package":"p","Test":"TestD","Output":"--- SKIP: TestD (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestD"}
{"Action":"fail","Package":"p","Elapsed":0.5}
{"Action":"skip","Package":"without/tests"}
{"ImportPath":"q","Action":"build-output","Output":"q.go:1: broken\n"}
`

func TestResults(t *testing.T) {
	var out strings.Builder
	results := newTestResults(&out)
	if err := results.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	got := results.count()
	if want := []string{"p TestA/x", "p TestB"}; got.passed != 2 || !slices.Equal(got.failed, want) {
		t.Errorf("count: got %d passed, and failed: %q, want 2 and %q", got.passed, got.failed, want)
	}
	if want := []string{"p TestD: no Chromium: set CHROMIUM"}; !slices.Equal(got.skipped, want) {
		t.Errorf("skipped: got %q, want %q", got.skipped, want)
	}
	for _, want := range []string{"got 1, want 2", "q.go:1: broken", "fail p "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output: got %q, want %q in it", out.String(), want)
		}
	}
	for _, odd := range []string{"all is well", "without/tests"} {
		if strings.Contains(out.String(), odd) {
			t.Errorf("output: got %q, want nothing of %q", out.String(), odd)
		}
	}
}

func TestSummary(t *testing.T) {
	const took = 2 * time.Second
	noChromium := outcome{name: "axe", status: skipped, reason: "no Chromium found"}
	for _, c := range []struct {
		name     string
		outcomes []outcome
		report   []string
		failed   bool
		want     string // the end of what is printed
	}{
		{"nothing", nil, nil, false, "=== summary\n0 passed, 0 failed, 0 skipped\n"},
		{
			"all kinds", []outcome{{name: "vet", status: passed}, {name: "lint", status: failed, reason: "exit status 1\ntwo findings", took: took}, noChromium}, nil,
			true, "FAILED   lint              2.0s\nskipped  axe               0.0s\nSKIPPED: axe: no Chromium found\nFAILED: lint: exit status 1\nFAILED: lint: two findings\n1 passed, 1 failed, 1 skipped\n",
		},
		{
			"each Go test counts", []outcome{{name: "test", status: passed, tests: &testCounts{passed: 7, skipped: []string{"p TestD: too slow"}}}},
			[]string{"ran bolt", "skipped aerospike: no server"},
			false, "TESTED: bolt\nSKIPPED: p TestD: too slow\nSKIPPED: aerospike: no server\n7 passed, 0 failed, 1 skipped\n",
		},
		{
			"a failed test counts once", []outcome{{name: "test", status: failed, tests: &testCounts{passed: 7, failed: []string{"p TestA"}}}}, nil,
			true, "FAILED: p TestA\n7 passed, 1 failed, 0 skipped\n",
		},
		{
			"a package that does not build", []outcome{{name: "test", status: failed, tests: &testCounts{passed: 7}}}, nil,
			true, "7 passed, 1 failed, 0 skipped\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := summary{c.outcomes}
			var out strings.Builder
			s.print(&out, c.report)
			if !strings.HasSuffix(out.String(), c.want) {
				t.Errorf("print: got %q, want %q at its end", out.String(), c.want)
			}
			if s.failed() != c.failed {
				t.Errorf("failed: got %v, want %v", s.failed(), c.failed)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	got, err := choose(checks(), []string{"lint", "format"})
	if err != nil || len(got) != 2 || got[0].name != "format" || got[1].name != "lint" {
		t.Errorf("choose: got %v, %v, want format and lint in their order", got, err)
	}
	if _, err := choose(checks(), []string{"nosuch"}); err == nil || !strings.Contains(err.Error(), `"nosuch"`) {
		t.Errorf("choose: got %v, want an error that names the unknown check", err)
	}
}

// ending makes a check that ends with err.
func ending(err error) func(context.Context, *step) error {
	return func(context.Context, *step) error { return err }
}

func TestSkipIsNoFailure(t *testing.T) {
	s := &session{out: &strings.Builder{}}
	s.runAll(t.Context(), []check{
		{name: "a", limit: time.Minute, run: ending(skip("no %s", "tool"))},
		{name: "b", limit: time.Minute, run: ending(errors.New("bad"))},
	})
	got := s.summary.outcomes
	if got[0].status != skipped || got[0].reason != "no tool" {
		t.Errorf("a skip: got %+v, want skipped with its reason", got[0])
	}
	if got[1].status != failed || got[1].reason != "bad" {
		t.Errorf("an error: got %+v, want failed, and why", got[1])
	}
}

// TestSideBySide has two checks that end only when both run, between two that run alone.
func TestSideBySide(t *testing.T) {
	var running, most atomic.Int32
	both := make(chan struct{})
	alone := func(_ context.Context, s *step) error {
		most.Store(max(most.Load(), running.Add(1)))
		running.Add(-1)
		fmt.Fprintln(s.out, "alone")
		return nil
	}
	beside := func(meets func()) func(context.Context, *step) error {
		return func(ctx context.Context, s *step) error {
			running.Add(1)
			defer running.Add(-1)
			fmt.Fprintln(s.out, "first line")
			meets()
			select {
			case <-both:
			case <-ctx.Done():
				return ctx.Err()
			}
			fmt.Fprintln(s.out, "second line")
			s.leftOut = append(s.leftOut, "a part")
			s.notes = append(s.notes, outcome{name: "race detector", status: skipped})
			return nil
		}
	}
	var out strings.Builder
	s := &session{out: &out, dir: t.TempDir()}
	s.runAll(t.Context(), []check{
		{name: "a", limit: time.Minute, run: alone},
		{name: "b", limit: time.Minute, run: beside(func() { both <- struct{}{} }), beside: true},
		{name: "c", limit: time.Minute, run: beside(func() { <-both; close(both) }), beside: true},
		{name: "d", limit: time.Minute, run: alone},
	})
	var got []string
	for _, o := range s.summary.outcomes {
		got = append(got, string(o.status)+" "+o.name)
	}
	if want := []string{"passed a", "skipped race detector", "passed b", "passed c", "passed d"}; !slices.Equal(got, want) {
		t.Errorf("outcomes: got %q, want %q", got, want)
	}
	if n := most.Load(); n != 1 {
		t.Errorf("beside a check that runs alone: got %d, want none", n-1)
	}
	if n := strings.Count(out.String(), "first line\nsecond line\n"); n != 2 {
		t.Errorf("output: got %q, want what each check says in one piece", &out)
	}
	if want := []string{"skipped a part", "skipped a part"}; !slices.Equal(s.reportLines(), want) {
		t.Errorf("left out: got %q, want %q", s.reportLines(), want)
	}
}

// TestWaits has as many checks as there are places and one that waits, which end only when all
// of them run.
func TestWaits(t *testing.T) {
	var missing atomic.Int32
	missing.Store(int32(atOnce()) + 1)
	all := make(chan struct{})
	meets := func(yields bool) func(context.Context, *step) error {
		return func(ctx context.Context, s *step) error {
			if s.yields != yields {
				t.Errorf("yields: got %t, want %t", s.yields, yields)
			}
			if missing.Add(-1) == 0 {
				close(all)
			}
			select {
			case <-all:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	checks := []check{{name: "waits", limit: time.Minute, run: meets(false), beside: true, waits: true}}
	for range atOnce() {
		checks = append(checks, check{name: "works", limit: time.Minute, run: meets(true), beside: true})
	}
	s := &session{out: &strings.Builder{}, dir: t.TempDir()}
	s.runAll(t.Context(), checks)
	if s.summary.failed() {
		t.Errorf("got %+v, want all to run at once", s.summary.outcomes)
	}
}

// TestYields asks a program what its place in the queue for the processors is.
func TestYields(t *testing.T) {
	if _, err := exec.LookPath("nice"); err != nil {
		t.Skip("there is no nice, so nothing yields")
	}
	niceness := func(yields bool) int {
		var out strings.Builder
		s := &step{session: &session{}, out: &out, yields: yields}
		if err := s.command(t.Context(), "nice").Run(); err != nil { // which without a program says it
			t.Fatal(err)
		}
		n, err := strconv.Atoi(strings.TrimSpace(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	usual, yields := niceness(false), niceness(true)
	if yields <= usual && usual < 19 {
		t.Errorf("niceness: got %d of what yields, want more than the %d of what does not", yields, usual)
	}
	if _, err := exec.LookPath("setpriv"); err != nil {
		return // root cannot be kept from taking more
	}
	var out strings.Builder
	s := &step{session: &session{}, out: &out, yields: true}
	err := s.command(t.Context(), "nice", "-n", "-5", "nice").Run() // which goes on where it may not
	if lines := strings.Fields(out.String()); err != nil || lines[len(lines)-1] != strconv.Itoa(yields) {
		t.Errorf("what yields and wants more: got %q, %v, want that it stays at %d", &out, err, yields)
	}
}

func TestTime(t *testing.T) {
	for _, c := range []struct {
		all, cluster bool
		took         time.Duration
		warns        bool
	}{
		{true, true, 14 * time.Minute, false},
		{true, true, 16 * time.Minute, true},
		{true, false, 9 * time.Minute, true},
		{false, true, time.Hour, false},
	} {
		var out strings.Builder
		printTime(&out, c.took, budget(c.all, c.cluster))
		if !strings.HasPrefix(out.String(), "took "+c.took.String()+"\n") || strings.Contains(out.String(), "WARNING") != c.warns {
			t.Errorf("%+v: got %q", c, out.String())
		}
	}
}
