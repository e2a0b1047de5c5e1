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
	// beside says that it holds nothing to a time that a busy machine would not keep, and may run
	// beside others like it.
	beside bool
	// waits says that it spends most of its time waiting: of those that run side by side it
	// takes no place, and the others leave it the processors when it wants them.
	waits bool
}

// checks is what "all" means, in the order in which they begin: what installs a tool comes
// before what uses it, and what runs beside others before what needs the machine for itself.
func checks() []check {
	return []check{
		{name: "npm", about: "browser files and Node tools are as locked", limit: 5 * time.Minute, run: checkNpm},
		{name: "drills", about: "the lab stands the drills", limit: 40 * time.Minute, run: checkDrills, beside: true, waits: true},
		{name: "test", about: "the Go tests that hold nothing to a time pass", limit: 30 * time.Minute, run: checkTests, beside: true}, // the longest first
		{name: "generated", about: "Go generated from templ is fresh", limit: 10 * time.Minute, run: checkGenerated, beside: true},
		{name: "format", about: "Go and templ files are formatted", limit: 10 * time.Minute, run: checkFormat, beside: true},
		{name: "docs", about: "the pages are in style, spelled right, and their links lead somewhere", limit: 10 * time.Minute, run: checkDocs, beside: true},
		{name: "vet", about: "go vet finds nothing", limit: 15 * time.Minute, run: checkVet, beside: true},
		{name: "lint", about: "golangci-lint finds nothing", limit: 30 * time.Minute, run: checkLint, beside: true},
		{name: "style", about: "stylelint and ESLint find nothing", limit: 10 * time.Minute, run: checkStyle, beside: true},
		{name: "html", about: "every page is valid HTML", limit: 10 * time.Minute, run: checkHTML, beside: true},
		{name: "axe", about: "axe-core finds no barrier on any page", limit: 20 * time.Minute, run: checkAxe, beside: true},
		{name: "costs", about: "the Go tests that hold requests and parsers to what they may cost pass", limit: 20 * time.Minute, run: checkCosts},
		{name: "timed", about: "the Go tests that hold clusters, browsers and programs to times pass", limit: 40 * time.Minute, run: checkTimed},
		{name: "infra", about: "the lab stands what it promises", limit: 20 * time.Minute, run: checkInfra},
		{name: "lighthouse", about: "Lighthouse gives the roster page 95 or more for speed, and all else in full", limit: 10 * time.Minute, run: checkLighthouse},
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
