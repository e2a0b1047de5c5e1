// Command check runs the checks of the project, all of them or those named, and says at the
// end what ran, how long it took, what was skipped and why. It needs Go and Node.js.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A check is one thing that can pass, fail or be skipped.
type check struct {
	name  string
	about string
	limit time.Duration
	run   func(context.Context, *step) error
	// beside says that it holds nothing to a time, and may run beside others like it.
	beside bool
}

// checks is what "all" means, in the order in which they begin: what installs a tool comes
// before what uses it, and what runs beside others before what needs the machine for itself.
func checks() []check {
	return []check{
		{"npm", "browser files and Node tools are as locked", 5 * time.Minute, checkNpm, false},
		{"test", "the Go tests that hold nothing to a time pass", 30 * time.Minute, checkTests, true}, // the longest first
		{"generated", "Go generated from templ is fresh", 10 * time.Minute, checkGenerated, true},
		{"format", "Go and templ files are formatted", 10 * time.Minute, checkFormat, true},
		{"docs", "the pages are in style, spelled right, and their links lead somewhere", 10 * time.Minute, checkDocs, true},
		{"vet", "go vet finds nothing", 15 * time.Minute, checkVet, true},
		{"lint", "golangci-lint finds nothing", 30 * time.Minute, checkLint, true},
		{"html", "every page is valid HTML", 10 * time.Minute, checkHTML, true},
		{"axe", "axe-core finds no barrier on any page", 20 * time.Minute, checkAxe, true},
		{"timed", "the Go tests that hold clusters, browsers and programs to times pass", 40 * time.Minute, checkTimed, false},
		{"infra", "the lab stands what it promises", 20 * time.Minute, checkInfra, false},
		{"drills", "the lab stands the drills", 40 * time.Minute, checkDrills, false},
		{"lighthouse", "Lighthouse gives the roster page 95 or more", 10 * time.Minute, checkLighthouse, false},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "check:", err)
		}
		os.Exit(1)
	}
}

// errFailed says that a check failed; the summary has already shown it.
var errFailed = errors.New("a check failed")

// run runs the named checks, or all of them, and ends with the summary. The error is
// errFailed, or says why no check could run.
func run(ctx context.Context, names []string, out io.Writer) error {
	chosen, err := choose(checks(), names)
	if err != nil {
		return err
	}
	s, err := newSession(out)
	if err != nil {
		return err
	}
	defer s.close()

	begun := time.Now()
	s.runAll(ctx, chosen)
	s.summary.print(out, s.reportLines())
	printTime(out, time.Since(begun), budget(len(names) == 0, hasCluster()))
	if s.summary.failed() {
		return errFailed
	}
	return nil
}

// choose gives the checks with these names, in the order of all; no names means all.
func choose(all []check, names []string) ([]check, error) {
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, c := range all {
		known = append(known, c.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no check is named %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(all, func(c check) bool { return !slices.Contains(names, c.name) }), nil
}
