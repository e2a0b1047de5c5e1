package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A status is how a check ended.
type status string

const (
	passed  status = "passed"
	failed  status = "FAILED" // to be seen
	skipped status = "skipped"
)

// An outcome is a check that ended.
type outcome struct {
	name   string
	status status
	reason string // why it was skipped, or failed
	took   time.Duration
	tests  *testCounts // of the check that runs the Go tests
}

// testCounts says how the Go tests ended; failed has the name of each, skipped the name and the reason.
type testCounts struct {
	passed  int
	failed  []string
	skipped []string
}

// and gives the counts of both; of none, nil, those of the other.
func (c *testCounts) and(more *testCounts) *testCounts {
	if c == nil {
		return more
	}
	return &testCounts{c.passed + more.passed, slices.Concat(c.failed, more.failed), slices.Concat(c.skipped, more.skipped)}
}

// A summary collects how each check ended. Every Go test counts as a check of its own,
// in place of the check that ran it.
type summary struct {
	outcomes []outcome
}

func (s *summary) add(o outcome) { s.outcomes = append(s.outcomes, o) }

// addOnce adds what several checks may have to say.
func (s *summary) addOnce(o outcome) {
	if !slices.ContainsFunc(s.outcomes, func(have outcome) bool { return have.name == o.name }) {
		s.add(o)
	}
}

func (s *summary) failed() bool {
	_, failures, _ := s.count()
	return failures > 0
}

func (s *summary) count() (passes, failures, skips int) {
	for _, o := range s.outcomes {
		if o.tests != nil {
			passes += o.tests.passed
			failures += len(o.tests.failed)
			skips += len(o.tests.skipped)
			if o.status == failed && len(o.tests.failed) == 0 {
				failures++ // the run itself: a package that does not build, say
			}
			continue
		}
		switch o.status {
		case passed:
			passes++
		case failed:
			failures++
		case skipped:
			skips++
		}
	}
	return passes, failures, skips
}

// print ends the run: the checks, what the tests reported, what was skipped, what failed, and the
// count.
func (s *summary) print(out io.Writer, report []string) {
	fmt.Fprintln(out, "\n=== summary")
	var notDone, failures []string
	for _, o := range s.outcomes {
		line := fmt.Sprintf("%-8s %-13s %7.1fs", o.status, o.name, o.took.Seconds())
		if o.status == skipped {
			notDone = append(notDone, o.name+": "+o.reason)
		}
		if o.status == failed {
			for line := range strings.Lines(o.reason) {
				failures = append(failures, o.name+": "+strings.TrimSuffix(line, "\n"))
			}
		}
		if o.tests != nil {
			line += fmt.Sprintf("  Go tests: %d passed, %d failed, %d skipped", o.tests.passed, len(o.tests.failed), len(o.tests.skipped))
			failures = append(failures, o.tests.failed...)
			notDone = append(notDone, o.tests.skipped...)
		}
		fmt.Fprintln(out, line)
	}
	for _, line := range report {
		if name, ok := strings.CutPrefix(line, "ran "); ok {
			fmt.Fprintln(out, "TESTED:", name)
		} else {
			notDone = append(notDone, strings.TrimPrefix(line, "skipped "))
		}
	}
	for _, line := range notDone {
		fmt.Fprintln(out, "SKIPPED:", line)
	}
	for _, line := range failures {
		fmt.Fprintln(out, "FAILED:", line)
	}
	passes, fails, skips := s.count()
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", passes, fails, skips)
}

// What all checks together may take on a machine of two processors, with an Aerospike server
// and without.
const (
	clusterBudget = 15 * time.Minute
	smallBudget   = 8 * time.Minute
)

// budget is the time that a run should take; 0 for a run of some checks only.
func budget(all, cluster bool) time.Duration {
	switch {
	case !all:
		return 0
	case cluster:
		return clusterBudget
	default:
		return smallBudget
	}
}

// printTime says how long the run took, and warns when that is more than its budget.
func printTime(out io.Writer, took, most time.Duration) {
	fmt.Fprintln(out, "took", took.Round(time.Second))
	if most > 0 && took > most {
		fmt.Fprintf(out, "WARNING: that is more than %s; the checks above say where the time went\n", most)
	}
}
