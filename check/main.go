// Command check runs the checks of the project, all of them or those named, and
// says at the end what ran, what was skipped and why. It needs Go and Node.js.
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
	run   func(context.Context, *session) error
}

// checks is what "all" means, in the order in which they run: what installs a tool
// comes before what uses it, what is quick before what is slow.
func checks() []check {
	return []check{
		{"npm", "browser files and Node tools are as locked", 5 * time.Minute, checkNpm},
		{"generated", "Go generated from templ is fresh", 5 * time.Minute, checkGenerated},
		{"format", "Go and templ files are formatted", 5 * time.Minute, checkFormat},
		{"vet", "go vet finds nothing", 10 * time.Minute, checkVet},
		{"docs", "the pages are in style, spelled right, and their links lead somewhere", 10 * time.Minute, checkDocs},
		{"lint", "golangci-lint finds nothing", 20 * time.Minute, checkLint},
		{"test", "the Go tests pass, browser tests included", 45 * time.Minute, checkTests},
		{"infra", "the roles are sound, and the lab stands what it promises", 20 * time.Minute, checkInfra},
		{"drills", "the lab stands the twelve drills", 40 * time.Minute, checkDrills},
		{"html", "every page is valid HTML", 5 * time.Minute, checkHTML},
		{"axe", "axe-core finds no barrier on any page", 10 * time.Minute, checkAxe},
		{"lighthouse", "Lighthouse gives the roster page 95 or more", 10 * time.Minute, checkLighthouse},
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

	for _, c := range chosen {
		s.runOne(ctx, c)
	}
	s.summary.print(out, s.reportLines())
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
