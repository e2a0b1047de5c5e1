package main

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	if got.passed != 2 || got.failed != 2 {
		t.Errorf("count: got %d passed, %d failed, want 2 and 2", got.passed, got.failed)
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
			"all kinds", []outcome{{name: "vet", status: passed}, {name: "lint", status: failed, took: took}, noChromium}, nil,
			true, "FAILED   lint              2.0s\nskipped  axe               0.0s\nSKIPPED: axe: no Chromium found\n1 passed, 1 failed, 1 skipped\n",
		},
		{
			"each Go test counts", []outcome{{name: "test", status: passed, tests: &testCounts{passed: 7, skipped: []string{"p TestD: too slow"}}}},
			[]string{"ran bolt", "skipped aerospike: no server"},
			false, "TESTED: bolt\nSKIPPED: p TestD: too slow\nSKIPPED: aerospike: no server\n7 passed, 0 failed, 1 skipped\n",
		},
		{
			"a failed test counts once", []outcome{{name: "test", status: failed, tests: &testCounts{passed: 7, failed: 1}}}, nil,
			true, "7 passed, 1 failed, 0 skipped\n",
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
func ending(err error) func(context.Context, *session) error {
	return func(context.Context, *session) error { return err }
}

func TestSkipIsNoFailure(t *testing.T) {
	s := &session{out: &strings.Builder{}}
	s.runOne(t.Context(), check{name: "a", limit: time.Minute, run: ending(skip("no %s", "tool"))})
	s.runOne(t.Context(), check{name: "b", limit: time.Minute, run: ending(errors.New("bad"))})
	got := s.summary.outcomes
	if got[0].status != skipped || got[0].reason != "no tool" {
		t.Errorf("a skip: got %+v, want skipped with its reason", got[0])
	}
	if got[1].status != failed {
		t.Errorf("an error: got %+v, want failed", got[1])
	}
}
